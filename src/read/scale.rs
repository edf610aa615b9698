//! What a page's own measures are: how long a millimetre is, how dark its ink.

use image::GrayImage;

use crate::domain::{LocatedEntry, Rectangle, UprightPage};

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
/// At least this share of what cells hold inside is ink where they are written in.
const LEAST_WRITTEN: f64 = 0.006;
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
    /// The measures of `page`, its ink taken in the area of `entry`, or inside its cells where that is paler:
    /// the rulings of a table may be far darker than worn type.
    pub(super) fn of(page: &UprightPage, entry: &LocatedEntry) -> Self {
        let millimetre = (f64::from(page.ink.width().max(page.ink.height())) / 297.0).max(1.0);
        let depth = Depths::of(&page.ink, [entry.area].into_iter());
        let cells = entry.fields.iter().filter(|field| field.cell).flat_map(|field| &field.regions);
        let inside = Depths::of(&page.ink, cells.map(|cell| cell.area.grown(-millimetre as i32)));
        let ink_depth = if inside.are_written() { depth.ink().min(inside.ink()) } else { depth.ink() };
        Self { millimetre, ink_depth }
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

/// How many pixels are how much darker than white; every third row and column is looked at.
struct Depths {
    counts: [usize; 256],
}

impl Depths {
    /// Those in `areas` of `ink`.
    fn of(ink: &GrayImage, areas: impl Iterator<Item = Rectangle>) -> Self {
        let mut counts = [0; 256];
        for area in areas.map(|area| area.within(ink.width(), ink.height())) {
            for y in (area.top..area.bottom).step_by(3) {
                for x in (area.left..area.right).step_by(3) {
                    counts[255 - usize::from(ink.get_pixel(x as u32, y as u32).0[0])] += 1;
                }
            }
        }
        Self { counts }
    }

    /// How many pixels are ink.
    fn inked(&self) -> usize {
        self.counts[LEAST_DEPTH..].iter().sum()
    }

    /// Whether so many pixels are ink as where there is writing.
    fn are_written(&self) -> bool {
        self.inked() as f64 >= LEAST_WRITTEN * self.counts.iter().sum::<usize>().max(1) as f64
    }

    /// The depth that three quarters of the ink stays below.
    fn ink(&self) -> f64 {
        let inked = self.inked();
        let mut seen = 0;
        let depth = self.counts.iter().enumerate().skip(LEAST_DEPTH).find(|(_, count)| {
            seen += **count;
            4 * seen >= 3 * inked
        });
        depth.map_or(LEAST_DEPTH, |(depth, _)| depth) as f64
    }
}
