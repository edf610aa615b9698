//! Takes the leader that the form is known to have at a place out of a window: solid or dashed, thick
//! or worn, where it can be told from letters without counting dots.

use image::{GrayImage, Luma};

use super::components::Component;
use super::window::Window;
use crate::domain::{Rectangle, Segment};

/// How far the print may lie beside its known place, in millimetres.
const OFF_PLACE: f64 = 0.5;
/// The thickest leader, in millimetres.
const THICKEST: f64 = 0.9;
/// A leader covers at least this share of its length; dots cover a third, dashes two thirds.
const LEAST_COVER: f64 = 0.5;

/// A leader in a window.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownLeader {
    from: (f64, f64),
    slope: f64,
    to: f64,
}

impl KnownLeader {
    /// `segment`, given in pixels of the page, in pixels of `window`.
    pub(super) fn new(segment: Segment, window: &Window) -> Option<Self> {
        let (left, top) = (f64::from(window.place.left), f64::from(window.place.top));
        let length = segment.to.x - segment.from.x;
        (length > 1.0).then(|| Self {
            from: (segment.from.x - left, segment.from.y - top),
            slope: (segment.to.y - segment.from.y) / length,
            to: segment.to.x - left,
        })
    }

    /// Its row at `column`.
    pub(super) fn row(&self, column: f64) -> f64 {
        self.from.1 + self.slope * (column - self.from.0)
    }

    /// The column where it begins.
    pub(super) fn begin(&self) -> f64 {
        self.from.0
    }

    /// Takes a solid or dashed leader out of `mask`; where a letter crosses it stays whole.
    pub(super) fn remove(&self, mask: &mut GrayImage, unit: f64) {
        let runs = self.runs(mask, unit);
        let columns = (self.from.0.max(0.0), self.to.min(f64::from(mask.width())));
        if (runs.len() as f64) < LEAST_COVER * (columns.1 - columns.0).max(1.0) {
            return;
        }
        let Some(off) = median(runs.iter().map(|run| run.middle() - self.row(run.column)).collect()) else {
            return;
        };
        let usual = median(runs.iter().map(Run::length).collect()).unwrap_or(1.0);
        for run in runs {
            let beside = (run.middle() - self.row(run.column) - off).abs();
            if beside <= 1.5 && run.length() <= usual + 2.0 {
                run.rows.for_each(|row| mask.put_pixel(run.column as u32, row, Luma([0])));
            }
        }
    }

    /// The nearest thin run of ink of every column that has one on the line.
    fn runs(&self, mask: &GrayImage, unit: f64) -> Vec<Run> {
        let (width, height) = (mask.width(), mask.height());
        let reach = (OFF_PLACE * unit).max(2.0);
        let run_at = |column: u32| {
            let row = self.row(f64::from(column));
            let (low, high) = (row - reach, row + reach);
            let ink = |y: u32| mask.get_pixel(column, y).0[0] > 0;
            let near = (low.max(0.0) as u32..=(high.max(0.0) as u32).min(height - 1)).filter(|y| ink(*y));
            let seed = near.min_by_key(|y| (f64::from(*y) - row).abs() as u32)?;
            let top = (0..=seed).rev().take_while(|y| ink(*y)).last()?;
            let bottom = (seed..height).take_while(|y| ink(*y)).last()? + 1;
            let run = Run { column: f64::from(column), rows: top..bottom };
            (run.length() <= (THICKEST * unit).max(3.0)).then_some(run)
        };
        (0..if height == 0 { 0 } else { width }).filter_map(run_at).collect()
    }

    /// Whether `piece` is left of the leader: flat, lying on the line. Marks below letters are round.
    pub(super) fn left_over(&self, piece: &Component, unit: f64) -> bool {
        let (width, height) = (piece.bounds.width(), piece.bounds.height());
        let beside = (piece.centre_row() - self.row(piece.middle_column())).abs();
        f64::from(height) <= (THICKEST * unit).max(3.0)
            && width >= 2 * height
            && beside <= (OFF_PLACE * unit).max(2.0)
    }
}

/// Writing from the row above ends above this share of the way from the upper edge to the leader.
const ROW_ABOVE: f64 = 0.65;
/// Writing from the row below begins this share of that way below the leader.
const ROW_BELOW: f64 = 0.15;

impl KnownLeader {
    /// `pieces` without those that reach into `region` from the rows above and below the leader's; all
    /// of them when hardly any ink would be left, for writing may stand beside its leader.
    pub(super) fn own_row(&self, pieces: Vec<Component>, region: Rectangle) -> Vec<Component> {
        let ink = |pieces: &[Component]| pieces.iter().map(|piece| u64::from(piece.area)).sum::<u64>();
        let own: Vec<Component> =
            pieces.iter().filter(|piece| !self.intrudes(piece, region)).cloned().collect();
        if 2 * ink(&own) > ink(&pieces) { own } else { pieces }
    }

    fn intrudes(&self, piece: &Component, region: Rectangle) -> bool {
        let row = self.row(piece.middle_column());
        let above = row - f64::from(region.top);
        let (top, bottom) = (f64::from(piece.bounds.top), f64::from(piece.bounds.bottom));
        let hangs = piece.bounds.top < region.top && bottom < f64::from(region.top) + ROW_ABOVE * above;
        let rises = piece.bounds.bottom > region.bottom && top > row + ROW_BELOW * above;
        above > 0.0 && (hangs || rises || top > row + 2.0 * ROW_BELOW * above)
    }
}

/// A run of ink down one column.
struct Run {
    column: f64,
    rows: std::ops::Range<u32>,
}

impl Run {
    fn length(&self) -> f64 {
        f64::from(self.rows.end - self.rows.start)
    }

    fn middle(&self) -> f64 {
        f64::from(self.rows.start + self.rows.end - 1) / 2.0
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
