//! Takes solid printed lines out of a window, leaders and cell borders, without cutting the letters
//! that cross them.

use image::{GrayImage, Luma, imageops};

/// A straight line across a window, nearly level: row = `start` + `slope` x column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Level {
    start: f64,
    slope: f64,
}

impl Level {
    /// Its row at `column`.
    pub(super) fn row(self, column: f64) -> f64 {
        self.start + self.slope * column
    }
}

/// A straightened page leaves rulings at most this steep.
const STEEPEST: f64 = 0.02;
/// Steps of slope tried on each side of level.
const SLOPE_STEPS: i32 = 10;
/// A ruling covers at least this share of the window it crosses.
const LEAST_COVER: f64 = 0.7;

/// Takes solid level and upright lines out of `mask`; `thickest` is the most rows a line can fill.
/// Where a letter crosses a line it stays whole.
pub(super) fn remove_solid(mask: &mut GrayImage, thickest: u32) {
    remove_level(mask, thickest);
    let mut turned = imageops::rotate90(mask);
    if remove_level(&mut turned, thickest) {
        *mask = imageops::rotate270(&turned);
    }
}

/// Takes level lines out; says whether there was one.
fn remove_level(mask: &mut GrayImage, thickest: u32) -> bool {
    let mut thin = thin_runs(mask, thickest);
    let mut any = false;
    // A window has a border above and one below at most, and a leader.
    for _ in 0..4 {
        let Some(line) = solid_line(&thin, mask.dimensions()) else { break };
        any = true;
        // What lies close beside a line and not on it is the foot of a letter or a mark under it.
        let reach = (usual_length(&thin, line) / 2.0 + 1.5).min(f64::from(thickest) / 2.0 + 1.0);
        thin.retain(|run| {
            let of_line = run.near(line, reach);
            if of_line {
                (run.top..run.bottom).for_each(|row| mask.put_pixel(run.column, row, Luma([0])));
            }
            !of_line
        });
    }
    any
}

/// A run of ink down one column.
#[derive(Debug, Clone, Copy)]
struct Run {
    column: u32,
    top: u32,
    bottom: u32,
}

impl Run {
    fn middle(self) -> f64 {
        f64::from(self.top + self.bottom - 1) / 2.0
    }

    fn near(self, line: Level, distance: f64) -> bool {
        (self.middle() - line.row(f64::from(self.column))).abs() <= distance
    }
}

/// How long the runs on a line are that most of it is made of.
fn usual_length(runs: &[Run], line: Level) -> f64 {
    let near = runs.iter().filter(|run| run.near(line, 1.5));
    let mut lengths: Vec<u32> = near.map(|run| run.bottom - run.top).collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().map_or(0.0, f64::from)
}

/// Every run of ink down a column that is at most `thickest` rows long.
fn thin_runs(mask: &GrayImage, thickest: u32) -> Vec<Run> {
    let (width, height) = mask.dimensions();
    let mut runs = Vec::new();
    for column in 0..width {
        let mut top = 0;
        while top < height {
            if mask.get_pixel(column, top).0[0] == 0 {
                top += 1;
                continue;
            }
            let bottom = (top..height).find(|row| mask.get_pixel(column, *row).0[0] == 0).unwrap_or(height);
            if bottom - top <= thickest {
                runs.push(Run { column, top, bottom });
            }
            top = bottom;
        }
    }
    runs
}

/// The line that most runs lie on, when they cover enough of the window.
fn solid_line(runs: &[Run], (width, height): (u32, u32)) -> Option<Level> {
    if (runs.len() as f64) < LEAST_COVER * f64::from(width) {
        return None;
    }
    let points: Vec<(f64, f64)> = runs.iter().map(|run| (f64::from(run.column), run.middle())).collect();
    let (line, votes) = best_line(&points, height, 1)?;
    (votes as f64 >= LEAST_COVER * f64::from(width)).then_some(line)
}

/// The nearly level line that most `points` lie within `reach` rows of, and how many.
pub(super) fn best_line(points: &[(f64, f64)], height: u32, reach: i32) -> Option<(Level, usize)> {
    let mut best: Option<(Level, usize)> = None;
    for step in -SLOPE_STEPS..=SLOPE_STEPS {
        let slope = f64::from(step) / f64::from(SLOPE_STEPS) * STEEPEST;
        let mut votes = vec![0usize; height as usize + 1];
        for (x, y) in points {
            let start = (y - slope * x).round() as i32;
            for row in start - reach..=start + reach {
                if let Some(vote) = usize::try_from(row).ok().and_then(|row| votes.get_mut(row)) {
                    *vote += 1;
                }
            }
        }
        let most = votes.iter().copied().enumerate().max_by_key(|(row, vote)| (*vote, usize::MAX - row));
        let (row, vote) = most?;
        if best.is_none_or(|(_, seen)| vote > seen) {
            best = Some((Level { start: row as f64, slope }, vote));
        }
    }
    best
}
