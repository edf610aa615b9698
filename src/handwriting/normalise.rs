//! Brings a crop of a line to what the network takes: ink on nothing, level, [`ROWS`] pixels high.
//!
//! The same steps as `models/handwriting/train/normalise.py`, which made the pictures the network
//! was trained on: the paper is divided away, the slope of the ink taken out, and the line scaled by
//! the spread of its ink about its middle row. A test holds both to the same result.

use image::GrayImage;

use super::plane::Plane;

/// Rows of a line as the network takes it.
pub(super) const ROWS: usize = 40;
/// Columns of a line for each step of the network's answer.
pub(super) const COLUMNS_PER_STEP: usize = 4;

/// Rows of ink kept above and below the middle row, in standard deviations of the ink's rows.
const ABOVE: f32 = 3.1;
const BELOW: f32 = 2.7;
/// The steepest slope that is taken out, in rows per column.
const STEEPEST: f32 = 0.12;
/// Crops are first brought to this many rows, so that the work does not grow with the scan.
const WORKING_ROWS: usize = 64;
/// Fewest and most columns of a line; longer ones are squeezed.
const NARROWEST: f32 = 16.0;
const WIDEST: f32 = 2400.0;
/// Crops longer than this, in heights, are squeezed before anything else is done with them.
const LONGEST: f64 = 120.0;
/// Ink above this counts when the line is measured.
const STRONG: f32 = 0.35;
/// Less ink than this (the sum of a picture's ink) is no writing to measure.
const LEAST_INK: f32 = 5.0;

/// A line as the network takes it, and the way back to the crop.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Ink 0..=1, [`ROWS`] rows.
    pub ink: Plane,
    /// Columns of the crop per column of the line.
    pub crop_per_column: f32,
}

/// The line in `crop` (dark ink on light paper); a crop without ink or of fewer than 2 x 2 pixels
/// has none.
pub(super) fn normalise(crop: &GrayImage) -> Option<Line> {
    if crop.width() < 2 || crop.height() < 2 {
        return None;
    }
    let ink = ink(crop);
    if strong(&ink).map(|(_, _, value)| value).sum::<f32>() < LEAST_INK {
        return None;
    }
    let slope = slope_of(&ink);
    let (top, rows) = band_of(&ink, slope);
    let size = ROWS as f32 / rows;
    let width = (ink.columns as f32 * size).round().clamp(NARROWEST, WIDEST);
    let across = width / ink.columns as f32;
    let ink = if size < 0.8 { ink.blurred(0.4 / size) } else { ink };
    let line = Plane::from_fn(width as usize, ROWS, |x, y| {
        let (x, y) = (x as f32, y as f32);
        let column = (x + 0.5) / across - 0.5;
        ink.between(column, slope / across * x + (y + 0.5) / size + top - 0.5)
    });
    let crop_per_column = crop.width() as f32 / width;
    Some(Line { ink: line, crop_per_column })
}

/// The ink 0..=1 of a crop, brought to [`WORKING_ROWS`].
pub(super) fn ink(crop: &GrayImage) -> Plane {
    let scale = WORKING_ROWS as f64 / f64::from(crop.height());
    let columns = (f64::from(crop.width()) * scale).round().min(LONGEST * WORKING_ROWS as f64).max(8.0);
    ink_of(&Plane::of(crop).resized(columns as usize, WORKING_ROWS).rounded())
}

/// Ink 0..=1 of a grey picture: darkness against the paper around it.
fn ink_of(grey: &Plane) -> Plane {
    let small = grey.resized((grey.columns / 8).max(1), (grey.rows / 8).max(1)).rounded();
    let paper = small.brightest_around(4).averaged_around(2).rounded();
    let paper = paper.resized(grey.columns, grey.rows).rounded();
    let mut ink =
        Plane::from_fn(grey.columns, grey.rows, |x, y| 1.0 - grey.at(x, y) / paper.at(x, y).max(1.0));
    let dark = ink.quantile(0.985).max(0.15);
    ink.values.iter_mut().for_each(|value| *value = (*value / dark).clamp(0.0, 1.0));
    ink
}

/// The ink that counts when the line is measured.
fn strong(ink: &Plane) -> impl Iterator<Item = (usize, usize, f32)> + '_ {
    ink.pixels().filter(|(_, _, value)| *value > STRONG)
}

/// Rows the writing falls per column, from the middle of the ink in each column.
fn slope_of(ink: &Plane) -> f32 {
    let mut mass = vec![0.0_f32; ink.columns];
    let mut moment = vec![0.0_f32; ink.columns];
    for (x, y, value) in strong(ink) {
        mass[x] += value;
        moment[x] += value * y as f32;
    }
    let total: f32 = mass.iter().sum();
    if total < 20.0 || ink.columns < 3 * ink.rows {
        return 0.0;
    }
    let middle: Vec<f32> = moment.iter().zip(&mass).map(|(moment, mass)| moment / mass.max(1e-6)).collect();
    let mean = |of: &dyn Fn(usize) -> f32| (0..ink.columns).map(|x| mass[x] * of(x)).sum::<f32>() / total;
    let (centre_x, centre_y) = (mean(&|x| x as f32), mean(&|x| middle[x]));
    let lean = mean(&|x| (x as f32 - centre_x) * (middle[x] - centre_y));
    let spread = mean(&|x| (x as f32 - centre_x).powi(2));
    (lean / spread.max(1e-6)).clamp(-STEEPEST, STEEPEST)
}

/// First row of the writing at column 0, and the number of rows to keep.
fn band_of(ink: &Plane, slope: f32) -> (f32, f32) {
    let level = |x: usize, y: usize| y as f32 - slope * x as f32;
    let total: f32 = strong(ink).map(|(_, _, value)| value).sum();
    if total < LEAST_INK {
        return (0.0, ink.rows as f32);
    }
    let middle = strong(ink).map(|(x, y, value)| value * level(x, y)).sum::<f32>() / total;
    let variance =
        strong(ink).map(|(x, y, value)| value * (level(x, y) - middle).powi(2)).sum::<f32>() / total;
    let spread = variance.sqrt().max(2.0);
    (middle - ABOVE * spread, (ABOVE + BELOW) * spread)
}

#[cfg(test)]
mod tests;
