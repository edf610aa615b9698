//! The raw Tesseract handle with an owner: every call into C for starting an engine and setting it.

use std::ffi::{CStr, c_int};
use std::ptr::NonNull;

use image::GrayImage;
use leptess::capi::{
    L_SEVERITY_NONE, TessBaseAPI, TessBaseAPIClear, TessBaseAPICreate, TessBaseAPIDelete, TessBaseAPIInit2,
    TessBaseAPIRecognize, TessBaseAPISetImage, TessBaseAPISetPageSegMode, TessBaseAPISetSourceResolution,
    TessBaseAPISetVariable, TessOcrEngineMode_OEM_LSTM_ONLY, TessPageSegMode, TessVersion, setMsgSeverity,
};

/// An owned `TessBaseAPI`.
pub(super) struct Handle(NonNull<TessBaseAPI>);

// SAFETY: a TessBaseAPI keeps no tie to the thread that made it; it only must not be used from two
// threads at once, which `&mut` (and the absence of `Sync`) rules out.
unsafe impl Send for Handle {}

impl Handle {
    /// An engine that knows no language yet. None when C has no memory for it.
    pub(super) fn new() -> Option<Self> {
        // SAFETY: both calls take no pointers; a null handle is caught by `NonNull::new`.
        let raw = unsafe {
            setMsgSeverity(L_SEVERITY_NONE as c_int);
            TessBaseAPICreate()
        };
        NonNull::new(raw).map(Self)
    }

    /// Loads `language` from `folder`, else from `TESSDATA_PREFIX` or the system's folder; LSTM only.
    /// False when that is not possible.
    pub(super) fn load(&mut self, folder: Option<&CStr>, language: &CStr) -> bool {
        let folder = folder.map_or(std::ptr::null(), CStr::as_ptr);
        // SAFETY: the handle is live, `folder` is null or ends in NUL, `language` ends in NUL; both
        // are copied.
        let failed = unsafe {
            TessBaseAPIInit2(self.raw(), folder, language.as_ptr(), TessOcrEngineMode_OEM_LSTM_ONLY)
        };
        failed == 0
    }

    /// Sets one of Tesseract's own settings. False when it knows no such setting.
    pub(super) fn set(&mut self, name: &CStr, value: &CStr) -> bool {
        // SAFETY: the handle is live and both texts end in NUL; they are copied.
        unsafe { TessBaseAPISetVariable(self.raw(), name.as_ptr(), value.as_ptr()) != 0 }
    }

    /// Sets how the next picture is laid out.
    pub(super) fn set_layout(&mut self, mode: TessPageSegMode) {
        // SAFETY: the handle is live.
        unsafe { TessBaseAPISetPageSegMode(self.raw(), mode) }
    }

    /// Recognises `image`; false when the engine refuses it.
    pub(super) fn recognize(&mut self, image: &GrayImage, dots_per_inch: c_int) -> bool {
        let (Ok(width), Ok(height)) = (c_int::try_from(image.width()), c_int::try_from(image.height()))
        else {
            return false;
        };
        // SAFETY: the buffer holds `height` rows of `width` bytes and outlives the call, which
        // copies it; the handle is live; a null monitor is allowed.
        unsafe {
            TessBaseAPISetImage(self.raw(), image.as_raw().as_ptr(), width, height, 1, width);
            TessBaseAPISetSourceResolution(self.raw(), dots_per_inch);
            TessBaseAPIRecognize(self.raw(), std::ptr::null_mut()) == 0
        }
    }

    /// Forgets the last picture. An LSTM learns nothing from it.
    pub(super) fn forget(&mut self) {
        // SAFETY: the handle is live.
        unsafe { TessBaseAPIClear(self.raw()) }
    }

    /// The raw pointer, for the result iterator.
    pub(super) fn raw(&self) -> *mut TessBaseAPI {
        self.0.as_ptr()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the handle is live, owned here alone, and never used again.
        unsafe { TessBaseAPIDelete(self.raw()) }
    }
}

/// The version of the Tesseract library, such as `5.3.0`.
pub(super) fn library_version() -> String {
    // SAFETY: the text is a constant of the library.
    unsafe { text_at(TessVersion()) }.unwrap_or_default()
}

/// The text behind a C pointer as a copy; none when there is none.
///
/// # Safety
/// `text` is null or points at a text that ends in NUL.
pub(super) unsafe fn text_at(text: *const std::ffi::c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: the caller vouches for the text.
    Some(unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}
