//! Files to scans: finds the books, names every page, and gives its pixels.
//!
//! [`discover`] walks the folders, [`open`] makes one [`Scan`] of every page of a file, [`load`]
//! decodes one of them. Originals are only ever read.

mod cover;
mod discover;
mod error;
mod exif;
mod flatten;
mod format;
#[cfg(test)]
mod hostile;
mod jpeg;
mod limits;
mod name;
mod open;
mod pdf;
mod pdf_opened;
mod pdf_paint;
mod pdf_picture;
mod pdf_survey;
mod png;
mod resolution;
#[cfg(test)]
mod samples;
mod tiff;
mod tiff_fax;
mod tiff_pixels;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::domain::{Scan, ScanImage};

pub use discover::{Discovery, FoundFile, PassedOver, PassedOverReason, discover};
pub use error::IngestError;
pub use limits::Limits;
pub use open::open;

use format::Format;

/// Decodes one scan: turned as its camera said, as 8-bit grey or colour, with the resolution the
/// file states.
///
/// # Errors
/// When the file has gone or cannot be read, is damaged or cut short, holds something that cannot be
/// decoded, or has more pixels than `limits` allow (told by its header, before anything is decoded).
pub fn load(scan: &Scan, limits: &Limits) -> Result<ScanImage, IngestError> {
    guarded(&scan.name.0, || match Format::of_file(&scan.path, &scan.name.0)? {
        Format::Jpeg => jpeg::load(scan, limits),
        Format::Png => png::load(scan, limits),
        Format::Tiff => tiff::load(scan, limits),
        Format::Pdf => pdf::load(scan, limits),
    })
}

/// Runs a decoder; should it panic on bytes its authors never saw, that is a damaged file and not
/// the end of the batch.
fn guarded<T>(name: &str, decode: impl FnOnce() -> Result<T, IngestError>) -> Result<T, IngestError> {
    catch_unwind(AssertUnwindSafe(decode))
        .unwrap_or_else(|_| Err(IngestError::damaged(name, "its decoder gave up on it")))
}
