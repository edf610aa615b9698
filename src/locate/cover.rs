//! Pages that are no form: blank ones and covers.

use image::GrayImage;

use super::ink::Ink;
use crate::domain::{Alphabet, ReadError, ReadRequest, Recognizer, Segmentation, text};

/// A page with a smaller share of ink is blank; the sparsest cover has several times as much.
const BLANK: f64 = 0.0012;
/// A page with a larger share of ink is no cover.
const SPARSE: f64 = 0.06;
/// What stands on the covers and title pages of registers, folded.
const TITLES: [&str; 8] = [
    "so dang ky",
    "so ho tich",
    "dang ky khai sinh",
    "dang ky ket hon",
    "dang ky khai tu",
    "so bo khai sinh",
    "quyen so",
    "so goc",
];

/// Share of the page that is ink, its outer twentieth left out (edges of the sheet, holes).
fn share(ink: &Ink) -> f64 {
    let (width, height) = (ink.width as i32, ink.height as i32);
    let (dx, dy) = (width / 20, height / 20);
    let inner = f64::from(width - 2 * dx) * f64::from(height - 2 * dy);
    ink.count(dx, dy, width - dx, height - dy) as f64 / inner.max(1.0)
}

/// Whether nothing is printed or written on the page.
pub(super) fn is_blank(ink: &Ink) -> bool {
    share(ink) < BLANK
}

/// Whether the page, which is no form, is the cover or title page of a book.
pub(super) fn is_cover(
    image: &GrayImage,
    ink: &Ink,
    recognizer: &mut dyn Recognizer,
) -> Result<bool, ReadError> {
    if share(ink) > SPARSE {
        return Ok(false);
    }
    let request = ReadRequest { image, segmentation: Segmentation::Block, alphabet: Alphabet::Any };
    let folded = text::fold(&recognizer.read(request)?.text);
    Ok(TITLES.iter().any(|title| folded.contains(title)))
}
