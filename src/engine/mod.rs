//! The only door to the C libraries: Tesseract (and with it Leptonica) behind a safe [`Recognizer`].
//!
//! Everything `unsafe` of the crate lives below this module. It goes through `leptess::capi`, the
//! raw bindings, because the safe interface of that crate has no result iterator and unwraps what
//! the C side may leave out.
//!
//! [`Recognizer`]: crate::domain::Recognizer

// Tesseract has a C interface only; each block says why it is sound.
#![allow(unsafe_code)]

mod handle;
mod symbols;
mod tesseract;
mod threads;

pub use tesseract::Tesseract;
pub use threads::limit_threads;
