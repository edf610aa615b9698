//! What a page's own measures are: how long a millimetre is, how dark its ink.

use image::GrayImage;

use crate::domain::{Rectangle, UprightPage};

/// The measures of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    /// One millimetre in pixels, as if the page were an A4 sheet; an A3 sheet has one and a half.
    pub millimetre: f64,
    /// How many grey levels darker than the paper the darker quarter of the ink is.
    pub ink_depth: f64,
}

/// Less than this below the paper, in grey levels, is no ink when the page's ink is measured.
const LEAST_DEPTH: usize = 30;
/// A stroke is at its darkest at least this share of the page's ink: a worn ribbon reaches 0.6,
/// what shines through from the back 0.38.
const FAINTEST_STROKE: f64 = 0.45;
/// A mark above or below a letter is at its darkest at least this share of the page's ink: it is small, and
/// blur takes more of it than of a stroke.
const FAINTEST_MARK: f64 = 0.36;
/// The soft edge of a stroke counts as ink from this share of the page's ink; less than that, what
/// shines through from the back would join the strokes it touches.
const FAINTEST_INK: f64 = 0.25;

impl Scale {
    /// The measures of `page`, its ink taken in `area`.
    pub(super) fn of(page: &UprightPage, area: Rectangle) -> Self {
        let millimetre = f64::from(page.ink.width().max(page.ink.height())) / 297.0;
        Self { millimetre: millimetre.max(1.0), ink_depth: ink_depth(&page.ink, area) }
    }

    /// How much darker than the paper any pixel of ink is at least.
    pub(super) fn faintest_ink(self) -> f64 {
        FAINTEST_INK * self.ink_depth
    }

    /// How much darker than the paper the darkest pixel of a stroke is at least.
    pub(super) fn faintest_stroke(self) -> f64 {
        FAINTEST_STROKE * self.ink_depth
    }

    /// How much darker than the paper the darkest pixel of a letter's mark is at least.
    pub(super) fn faintest_mark(self) -> f64 {
        FAINTEST_MARK * self.ink_depth
    }
}

/// The depth that three quarters of the ink pixels in `area` stay below; every third row and column
/// is looked at.
fn ink_depth(ink: &GrayImage, area: Rectangle) -> f64 {
    let area = area.within(ink.width(), ink.height());
    let mut counts = [0usize; 256];
    for y in (area.top..area.bottom).step_by(3) {
        for x in (area.left..area.right).step_by(3) {
            counts[255 - usize::from(ink.get_pixel(x as u32, y as u32).0[0])] += 1;
        }
    }
    let inked: usize = counts[LEAST_DEPTH..].iter().sum();
    let mut seen = 0;
    let depth = counts.iter().enumerate().skip(LEAST_DEPTH).find(|(_, count)| {
        seen += **count;
        4 * seen >= 3 * inked
    });
    depth.map_or(LEAST_DEPTH, |(depth, _)| depth) as f64
}
