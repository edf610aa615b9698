//! Rulings and dotted leaders: thin dark lines followed from end to end, and the angle they lie at.

use image::GrayImage;

use crate::domain::{Point, Segment};

/// Rows above and below a thin line that must be lighter than it.
const THIN: usize = 3;
/// How much lighter, in grey values of an evened-out page.
const CONTRAST: i16 = 12;
/// Steepest line followed: 15 degrees of skew and a little more.
const STEEPEST: f64 = 0.3;
/// Columns that may be missing between two dots or where writing crosses.
const LONGEST_GAP: usize = 14;
/// The same while too few places are known to trust the direction.
const FIRST_GAP: usize = 6;
/// Places from which on the direction is trusted.
const KNOWN: usize = 6;
/// A line shorter than this share of the page's width may be a stroke of a letter.
const SHORTEST: f64 = 0.05;
/// Places seen per column of a dotted line, at least.
const DENSITY: f64 = 0.25;
/// A straight line's places lie nearer to it than this (root mean square, pixels).
const STRAIGHT: f64 = 0.7;

/// A thin straight line followed across the page, in pixels of the picture it was found in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ruling {
    /// First column (row, when it runs downwards).
    pub start: f64,
    /// Last column.
    pub end: f64,
    /// Its place at column 0.
    pub offset: f64,
    /// How far it moves per column.
    pub slope: f64,
}

impl Ruling {
    /// Its extent in columns.
    pub(super) fn length(&self) -> f64 {
        self.end - self.start
    }

    /// Its place at column `at`.
    pub(super) fn place(&self, at: f64) -> f64 {
        self.offset + self.slope * at
    }

    /// The line as it lies on a page it runs across.
    pub(super) fn across(&self) -> Segment {
        let at = |along: f64| Point { x: along + 0.5, y: self.place(along) };
        Segment { from: at(self.start), to: at(self.end) }
    }

    /// The line as it lies on a page it runs down.
    pub(super) fn down(&self) -> Segment {
        let at = |along: f64| Point { x: self.place(along), y: along + 0.5 };
        Segment { from: at(self.start), to: at(self.end) }
    }

    /// Its angle against the picture's axis in degrees.
    pub(super) fn angle(&self) -> f64 {
        self.slope.atan().to_degrees()
    }
}

/// The thin straight lines of a page, both ways.
pub(super) struct Lines {
    /// Those that run across (along the rows).
    pub across: Vec<Ruling>,
    /// Those that run down (along the columns).
    pub down: Vec<Ruling>,
}

impl Lines {
    /// The lines of an evened-out page.
    pub(super) fn of(page: &GrayImage) -> Self {
        Self { across: downward_lines(&transposed(page)), down: downward_lines(page) }
    }
}

/// The page with rows and columns exchanged.
fn transposed(page: &GrayImage) -> GrayImage {
    const TILE: usize = 32;
    let (width, height) = (page.width() as usize, page.height() as usize);
    let from = page.as_raw();
    let mut to = vec![0; width * height];
    for top in (0..height).step_by(TILE) {
        for left in (0..width).step_by(TILE) {
            for y in top..(top + TILE).min(height) {
                for x in left..(left + TILE).min(width) {
                    to[x * height + y] = from[y * width + x];
                }
            }
        }
    }
    GrayImage::from_raw(page.height(), page.width(), to).unwrap_or_default()
}

/// The lines that run downwards in `page`: places are columns, the way along is rows. (Lines that
/// run across are those of the transposed page.)
fn downward_lines(page: &GrayImage) -> Vec<Ruling> {
    let (width, height) = (page.width() as usize, page.height() as usize);
    if width < 4 * THIN || height < 4 * THIN {
        return Vec::new();
    }
    let shortest = (height as f64 * SHORTEST).max(24.0);
    let mut lines = Vec::new();
    let mut open: Vec<Trail> = Vec::new();
    let mut at_column: Vec<Option<f64>> = vec![None; width];
    for (y, row) in page.as_raw().chunks_exact(width).enumerate() {
        let seen = thin_places(row);
        for place in &seen {
            at_column[*place as usize] = Some(*place);
        }
        open.iter_mut().for_each(|trail| trail.follow(y, &mut at_column));
        open.retain(|trail| {
            let alive = y - trail.last_row <= trail.patience();
            if !alive {
                lines.extend(trail.ruling(shortest));
            }
            alive
        });
        for place in &seen {
            if at_column[*place as usize].take().is_some() {
                open.push(Trail::new(y, *place));
            }
        }
    }
    lines.extend(open.iter().filter_map(|trail| trail.ruling(shortest)));
    lines
}

/// Where, to a fraction of a pixel, a row is darker than on both sides a little away.
fn thin_places(row: &[u8]) -> Vec<f64> {
    let depth: Vec<i16> = (0..row.len())
        .map(|x| {
            if x < THIN || x + THIN >= row.len() {
                return 0;
            }
            i16::from(row[x - THIN].min(row[x + THIN])) - i16::from(row[x])
        })
        .collect();
    let peak = |x: &usize| depth[*x] >= CONTRAST && depth[*x] >= depth[x - 1] && depth[*x] > depth[x + 1];
    (THIN..row.len().saturating_sub(THIN))
        .filter(peak)
        .map(|x| {
            let weight = |at: usize| f64::from(depth[at].max(0));
            let (before, here, after) = (weight(x - 1), weight(x), weight(x + 1));
            x as f64 + 0.5 + (after - before) / (before + here + after)
        })
        .collect()
}

/// A line being followed.
struct Trail {
    first_row: usize,
    last_row: usize,
    last_place: f64,
    count: f64,
    sum_y: f64,
    sum_x: f64,
    sum_yy: f64,
    sum_xy: f64,
    sum_xx: f64,
}

impl Trail {
    /// A trail of one place. Rows count from its first, so that the sums stay small.
    fn new(row: usize, place: f64) -> Self {
        let mut trail = Self {
            first_row: row,
            last_row: row,
            last_place: place,
            count: 0.0,
            sum_y: 0.0,
            sum_x: 0.0,
            sum_yy: 0.0,
            sum_xy: 0.0,
            sum_xx: 0.0,
        };
        trail.add(row, place);
        trail
    }

    /// Takes a place in.
    fn add(&mut self, row: usize, place: f64) {
        let y = (row - self.first_row) as f64;
        self.count += 1.0;
        self.sum_y += y;
        self.sum_x += place;
        self.sum_yy += y * y;
        self.sum_xy += y * place;
        self.sum_xx += place * place;
        (self.last_row, self.last_place) = (row, place);
    }

    /// Rows it may stay unseen.
    fn patience(&self) -> usize {
        if self.count as usize >= KNOWN { LONGEST_GAP } else { FIRST_GAP }
    }

    /// Place at the first row and gain per row.
    fn fit(&self) -> (f64, f64) {
        let spread = self.count * self.sum_yy - self.sum_y * self.sum_y;
        if spread <= 0.0 {
            return (self.last_place, 0.0);
        }
        let slope = (self.count * self.sum_xy - self.sum_x * self.sum_y) / spread;
        ((self.sum_x - slope * self.sum_y) / self.count, slope)
    }

    /// Takes the nearest place of this row, when one lies where the trail leads.
    fn follow(&mut self, row: usize, at_column: &mut [Option<f64>]) {
        let (expected, tolerance) = if self.count as usize >= KNOWN {
            let (start, slope) = self.fit();
            (start + slope * (row - self.first_row) as f64, 1.3)
        } else {
            (self.last_place, 1.0 + STEEPEST * (row - self.last_row) as f64)
        };
        let from = (expected - tolerance).max(0.0) as usize;
        let to = ((expected + tolerance).max(0.0) as usize + 1).min(at_column.len());
        let distance = |place: f64| (place - expected).abs();
        let nearest = (from..to)
            .filter_map(|column| at_column[column])
            .filter(|place| distance(*place) <= tolerance)
            .min_by(|a, b| distance(*a).total_cmp(&distance(*b)));
        if let Some(place) = nearest {
            at_column[place as usize] = None;
            self.add(row, place);
        }
    }

    /// The line, when it is long, dense and straight enough.
    fn ruling(&self, shortest: f64) -> Option<Ruling> {
        let length = (self.last_row - self.first_row) as f64;
        if length < shortest || self.count < DENSITY * length {
            return None;
        }
        let (start, slope) = self.fit();
        let mean = self.sum_x / self.count;
        let variance = self.sum_xx / self.count - mean * mean;
        let explained = slope * (self.sum_xy / self.count - mean * self.sum_y / self.count);
        let straight = (variance - explained).max(0.0).sqrt() <= STRAIGHT;
        (straight && slope.abs() <= STEEPEST).then_some(Ruling {
            start: self.first_row as f64,
            end: self.last_row as f64,
            offset: start - slope * self.first_row as f64,
            slope,
        })
    }
}
