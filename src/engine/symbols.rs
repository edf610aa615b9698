//! Walks over what Tesseract recognised, character by character.

use std::ffi::c_int;
use std::ptr::NonNull;

use leptess::capi::{
    TessBaseAPIGetIterator, TessChoiceIterator, TessChoiceIteratorConfidence, TessChoiceIteratorDelete,
    TessChoiceIteratorGetUTF8Text, TessChoiceIteratorNext, TessDeleteText, TessPageIteratorBoundingBox,
    TessPageIteratorIsAtBeginningOf, TessPageIteratorLevel_RIL_SYMBOL as SYMBOL,
    TessPageIteratorLevel_RIL_WORD as WORD, TessResultIterator, TessResultIteratorConfidence,
    TessResultIteratorDelete, TessResultIteratorGetChoiceIterator, TessResultIteratorGetPageIteratorConst,
    TessResultIteratorGetUTF8Text, TessResultIteratorNext,
};

use super::handle::{Handle, text_at};
use crate::domain::{Alternative, CharacterReading, Confidence, text};

/// One character and the word it opens, if it does.
pub(super) struct Symbol {
    /// The character.
    pub character: CharacterReading,
    /// Confidence of the word that begins with this character.
    pub begins_word: Option<Confidence>,
}

/// How many other characters are kept at each place.
const MOST_ALTERNATIVES: usize = 4;

/// Everything recognised in the picture that `handle` holds, in reading order.
pub(super) fn symbols(handle: &mut Handle) -> Vec<Symbol> {
    let mut found = Vec::new();
    let Some(walk) = Walk::start(handle) else { return found };
    loop {
        found.extend(walk.symbol());
        if !walk.advance() {
            return found;
        }
    }
}

/// An owned result iterator; lives no longer than the handle's results.
struct Walk<'a> {
    raw: NonNull<TessResultIterator>,
    _results: std::marker::PhantomData<&'a mut Handle>,
}

impl<'a> Walk<'a> {
    fn start(handle: &'a mut Handle) -> Option<Self> {
        // SAFETY: the handle is live; null (nothing recognised) is caught by `NonNull::new`.
        let raw = unsafe { TessBaseAPIGetIterator(handle.raw()) };
        Some(Self { raw: NonNull::new(raw)?, _results: std::marker::PhantomData })
    }

    fn advance(&self) -> bool {
        // SAFETY: the iterator is live and so are the results it walks over.
        unsafe { TessResultIteratorNext(self.raw.as_ptr(), SYMBOL) != 0 }
    }

    fn symbol(&self) -> Option<Symbol> {
        let (text, confidence) = (self.text()?, self.confidence(SYMBOL));
        let alternatives = self.alternatives(&text);
        let character = CharacterReading { text, confidence, columns: self.columns(), alternatives };
        Some(Symbol { character, begins_word: self.begins_word().then(|| self.confidence(WORD)) })
    }

    fn text(&self) -> Option<String> {
        // SAFETY: the iterator is live; the text is ours and freed after it was copied.
        let text = unsafe {
            let raw = TessResultIteratorGetUTF8Text(self.raw.as_ptr(), SYMBOL);
            let copy = text_at(raw);
            if !raw.is_null() {
                TessDeleteText(raw);
            }
            copy
        };
        text.map(|t| text::clean(&t)).filter(|t| !t.is_empty())
    }

    fn confidence(&self, level: leptess::capi::TessPageIteratorLevel) -> Confidence {
        // SAFETY: the iterator is live.
        percent(unsafe { TessResultIteratorConfidence(self.raw.as_ptr(), level) })
    }

    fn begins_word(&self) -> bool {
        // SAFETY: the page iterator is a view of the live iterator, not owned.
        unsafe {
            let view = TessResultIteratorGetPageIteratorConst(self.raw.as_ptr());
            !view.is_null() && TessPageIteratorIsAtBeginningOf(view, WORD) != 0
        }
    }

    fn columns(&self) -> (i32, i32) {
        let (mut left, mut top, mut right, mut bottom): (c_int, c_int, c_int, c_int) = (0, 0, 0, 0);
        // SAFETY: the page iterator is a view of the live iterator; the four numbers are ours.
        unsafe {
            let view = TessResultIteratorGetPageIteratorConst(self.raw.as_ptr());
            if !view.is_null() {
                TessPageIteratorBoundingBox(view, SYMBOL, &mut left, &mut top, &mut right, &mut bottom);
            }
        }
        (left, right)
    }

    fn alternatives(&self, chosen: &str) -> Vec<Alternative> {
        // SAFETY: the iterator is live; null is caught.
        let raw = unsafe { TessResultIteratorGetChoiceIterator(self.raw.as_ptr()) };
        let Some(choices) = NonNull::new(raw).map(Choices) else { return Vec::new() };
        let mut others = choices.all();
        others.retain(|other| other.text != chosen);
        others.sort_by(|a, b| b.confidence.get().total_cmp(&a.confidence.get()));
        others.truncate(MOST_ALTERNATIVES);
        others
    }
}

impl Drop for Walk<'_> {
    fn drop(&mut self) {
        // SAFETY: live, owned here alone, never used again.
        unsafe { TessResultIteratorDelete(self.raw.as_ptr()) }
    }
}

/// An owned iterator over what a symbol may be.
struct Choices(NonNull<TessChoiceIterator>);

impl Choices {
    fn all(&self) -> Vec<Alternative> {
        let mut all = Vec::new();
        loop {
            // SAFETY: the iterator is live; the text belongs to it and is copied.
            let (text, confidence) = unsafe {
                (
                    text_at(TessChoiceIteratorGetUTF8Text(self.0.as_ptr())),
                    TessChoiceIteratorConfidence(self.0.as_ptr()),
                )
            };
            let text = text.map(|t| text::clean(&t)).filter(|t| !t.is_empty());
            all.extend(text.map(|text| Alternative { text, confidence: percent(confidence) }));
            // SAFETY: the iterator is live.
            if unsafe { TessChoiceIteratorNext(self.0.as_ptr()) } == 0 {
                return all;
            }
        }
    }
}

impl Drop for Choices {
    fn drop(&mut self) {
        // SAFETY: live, owned here alone, never used again.
        unsafe { TessChoiceIteratorDelete(self.0.as_ptr()) }
    }
}

/// Tesseract's 0..=100 as a confidence.
fn percent(value: f32) -> Confidence {
    Confidence::clamped(f64::from(value) / 100.0)
}
