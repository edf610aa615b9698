//! Pages that are no form: blank ones and covers.

use image::imageops::FilterType;
use image::{GrayImage, Luma};
use imageproc::region_labelling::{Connectivity, connected_components};

use super::ink::Ink;
use crate::domain::{FieldType, ReadError, ReadRequest, Recognizer, Segmentation, text};

/// A page with a smaller share of ink is blank; the sparsest cover has several times as much.
const BLANK: f64 = 0.0012;
/// A page with a larger share of ink is no cover.
const SPARSE: f64 = 0.06;
/// Long side, in pixels, of the copy on which a title is looked for.
const COPY: u32 = 1300;
/// Grey below which a pixel of the copy is ink.
const DARK: u8 = 160;
/// Height of the letters of a title, as a share of the long side of the page (4 to 40 mm on A4),
/// and how much wider than high a piece of it can be.
const LETTERS: (f64, f64) = (0.012, 0.14);
const WIDEST: f64 = 6.0;
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
    let large = large_letters(image);
    let request =
        ReadRequest { image: &large, segmentation: Segmentation::Block, field_type: FieldType::Text };
    let folded = text::fold(&recognizer.read(request)?.text);
    Ok(TITLES.iter().any(|title| folded.contains(title)))
}

/// A small copy of the page with nothing left on it but pieces as large as the letters of a title:
/// the grain of a desk or a page of small print would keep the engine busy for minutes.
fn large_letters(image: &GrayImage) -> GrayImage {
    let factor = f64::from(COPY) / f64::from(image.width().max(image.height()).max(1));
    let side = |pixels: u32| ((f64::from(pixels) * factor.min(1.0)) as u32).max(1);
    let copy =
        image::imageops::resize(image, side(image.width()), side(image.height()), FilterType::Triangle);
    let binary = GrayImage::from_fn(copy.width(), copy.height(), |x, y| {
        Luma([u8::from(copy.get_pixel(x, y)[0] < DARK)])
    });
    let pieces = connected_components(&binary, Connectivity::Eight, Luma([0]));
    let keep = kept(&pieces, f64::from(copy.width().max(copy.height())));
    GrayImage::from_fn(copy.width(), copy.height(), |x, y| {
        let of_title = keep[pieces.get_pixel(x, y)[0] as usize];
        if of_title { *copy.get_pixel(x, y) } else { Luma([255]) }
    })
}

/// Which pieces can be letters of a title, by the number of the piece.
fn kept(pieces: &image::ImageBuffer<Luma<u32>, Vec<u32>>, long_side: f64) -> Vec<bool> {
    let count = pieces.pixels().map(|piece| piece[0] as usize).max().unwrap_or(0) + 1;
    let mut bounds = vec![(u32::MAX, u32::MAX, 0, 0); count];
    for (x, y, piece) in pieces.enumerate_pixels() {
        let (left, top, right, bottom) = &mut bounds[piece[0] as usize];
        (*left, *top) = ((*left).min(x), (*top).min(y));
        (*right, *bottom) = ((*right).max(x + 1), (*bottom).max(y + 1));
    }
    let letter = |(left, top, right, bottom): (u32, u32, u32, u32)| {
        let (width, height) = (f64::from(right.saturating_sub(left)), f64::from(bottom.saturating_sub(top)));
        (LETTERS.0 * long_side..=LETTERS.1 * long_side).contains(&height) && width <= WIDEST * height
    };
    let mut keep: Vec<bool> = bounds.into_iter().map(letter).collect();
    keep[0] = false;
    keep
}
