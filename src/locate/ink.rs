//! The page as dark and light pixels, and how many pixels a millimetre has.

use image::GrayImage;

/// A page in two tones, row by row.
pub(super) struct Ink {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Pixels a millimetre, roughly: sheets are A4 standing or A3 lying.
    pub millimetre: f64,
    /// Grey values below this are ink.
    pub threshold: u8,
    dark: Vec<bool>,
    faint: Vec<bool>,
}

/// A stretch of dark pixels in one row (or column): `from..to` at `at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// The row (or column).
    pub at: usize,
    /// First pixel.
    pub from: usize,
    /// Pixel after the last.
    pub to: usize,
}

impl Ink {
    /// The ink of an evened-out picture (paper near 255).
    pub fn of(image: &GrayImage) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let threshold = threshold(image);
        let below = |limit: u8| image.as_raw().iter().map(|value| *value < limit).collect();
        let (dark, faint) = (below(threshold), below(threshold.saturating_add(14)));
        let millimetre = if width > height { width as f64 / 420.0 } else { height as f64 / 297.0 };
        Self { width, height, millimetre: millimetre.max(1.0), threshold, dark, faint }
    }

    /// Whether the pixel is ink; outside the page there is none.
    pub fn dark(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.dark[y * self.width + x]
    }

    /// Whether the pixel is ink or nearly so.
    pub fn faint(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.faint[y * self.width + x]
    }

    /// Ink pixels in `left..right` by `top..bottom`, cut to the page.
    pub fn count(&self, left: i32, top: i32, right: i32, bottom: i32) -> usize {
        let columns = clip(left, self.width)..clip(right, self.width);
        if columns.is_empty() {
            return 0;
        }
        (clip(top, self.height)..clip(bottom, self.height))
            .map(|y| self.dark[y * self.width..][columns.clone()].iter().filter(|d| **d).count())
            .sum()
    }

    /// Every stretch of ink along the rows, in reading order.
    pub fn row_runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        for (at, row) in self.dark.chunks(self.width.max(1)).enumerate() {
            let mut x = 0;
            while let Some(from) = row[x..].iter().position(|d| *d).map(|n| x + n) {
                let to = row[from..].iter().position(|d| !*d).map_or(self.width, |n| from + n);
                runs.push(Run { at, from, to });
                x = to;
            }
        }
        runs
    }

    /// Every stretch of ink, faint ink too, along the columns that is at least `shortest` pixels long.
    pub fn column_runs(&self, shortest: usize) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut length = vec![0_usize; self.width];
        for (y, row) in self.faint.chunks(self.width.max(1)).enumerate() {
            for ((at, length), dark) in length.iter_mut().enumerate().zip(row) {
                if *dark {
                    *length += 1;
                } else {
                    if *length >= shortest {
                        runs.push(Run { at, from: y - *length, to: y });
                    }
                    *length = 0;
                }
            }
        }
        for (at, length) in length.into_iter().enumerate() {
            if length >= shortest {
                runs.push(Run { at, from: self.height - length, to: self.height });
            }
        }
        runs
    }
}

/// `at` as an index, held within `0..=size`.
fn clip(at: i32, size: usize) -> usize {
    usize::try_from(at).unwrap_or(0).min(size)
}

/// The grey value that parts ink from paper: the paper's own tone less a margin that its grain
/// hardly ever reaches. More than half of any page is paper.
fn threshold(image: &GrayImage) -> u8 {
    let mut histogram = [0_u64; 256];
    for value in image.as_raw() {
        histogram[usize::from(*value)] += 1;
    }
    let all: u64 = histogram.iter().sum();
    let tone = |share: f64| {
        let mut seen = 0;
        let reached = |count: &u64| {
            seen += count;
            seen as f64 >= share * all as f64
        };
        histogram.iter().position(reached).unwrap_or(255) as f64
    };
    let paper = tone(0.5);
    // For an even grain the lower quartile lies 0.67 deviations below the middle.
    let grain = (paper - tone(0.25)) / 0.67;
    (paper - (4.5 * grain).clamp(34.0, 60.0)) as u8
}
