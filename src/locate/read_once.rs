//! Reads each printed label once: the same print at another place is recognised by its picture.

use image::GrayImage;

use super::labels::{self, LabelInk};
use crate::domain::{CharacterReading, ReadError, Recognizer, Segmentation, text};

/// What a label reads.
#[derive(Debug, Clone)]
pub(super) struct LabelText {
    /// Folded.
    pub folded: String,
    /// How sure the engine was, 0..=1.
    pub confidence: f64,
    /// First and last-plus-one column of each letter and figure in the label's picture.
    pub columns: Vec<(i32, i32)>,
}

/// An engine, and the labels of a page that it has read so far.
pub(super) struct ReadOnce<'e> {
    recognizer: &'e mut dyn Recognizer,
    known: Vec<(GrayImage, LabelText)>,
}

/// Two pictures of the same print agree at least this well (normalised correlation); different
/// words of the same width stay below 0.6.
const SAME_PRINT: f64 = 0.84;

/// What was read less surely is read again.
const WORTH_KEEPING: f64 = 0.6;

impl<'e> ReadOnce<'e> {
    /// With nothing read.
    pub fn new(recognizer: &'e mut dyn Recognizer) -> Self {
        Self { recognizer, known: Vec::new() }
    }

    /// What `label` reads: what the same print read before, else what the engine says.
    ///
    /// # Errors
    /// When the recognizer fails.
    pub fn read(&mut self, label: &LabelInk, layout: Segmentation) -> Result<LabelText, ReadError> {
        if let Some((_, text)) = self.known.iter().find(|(seen, _)| is_same_print(seen, &label.crop)) {
            return Ok(text.clone());
        }
        let reading = labels::read(label, layout, self.recognizer)?;
        let letter = |c: &&CharacterReading| c.text.chars().any(char::is_alphanumeric);
        let columns = reading.characters.iter().filter(letter).map(|c| c.columns).collect();
        let text =
            LabelText { folded: text::fold(&reading.text), confidence: reading.confidence.get(), columns };
        if text.confidence > WORTH_KEEPING {
            self.known.push((label.crop.clone(), text.clone()));
        }
        Ok(text)
    }
}

/// Whether two crops of nearly the same size show the same, a pixel of shift allowed.
fn is_same_print(a: &GrayImage, b: &GrayImage) -> bool {
    if a.width().abs_diff(b.width()) > 3 || a.height().abs_diff(b.height()) > 3 {
        return false;
    }
    let shifts = (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dx, dy)));
    shifts.into_iter().any(|(dx, dy)| correlation(a, b, dx, dy) >= SAME_PRINT)
}

/// The correlation of the ink of two pictures, the second shifted, -1..=1.
fn correlation(a: &GrayImage, b: &GrayImage, dx: i32, dy: i32) -> f64 {
    let (mut n, mut sa, mut sb, mut saa, mut sbb, mut sab) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for (x, y, pixel) in a.enumerate_pixels() {
        let (x, y) = (x as i32 + dx, y as i32 + dy);
        if x < 0 || y < 0 {
            continue;
        }
        let Some(other) = b.get_pixel_checked(x as u32, y as u32) else { continue };
        let (p, q) = (255.0 - f64::from(pixel.0[0]), 255.0 - f64::from(other.0[0]));
        n += 1.0;
        sa += p;
        sb += q;
        saa += p * p;
        sbb += q * q;
        sab += p * q;
    }
    let spread = (n * saa - sa * sa) * (n * sbb - sb * sb);
    if spread > 0.0 { (n * sab - sa * sb) / spread.sqrt() } else { 0.0 }
}
