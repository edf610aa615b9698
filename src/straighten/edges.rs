//! The edges of the sheet: long straight steps of brightness or colour near the frame; or of roughness,
//! where paper lies on a desk of its own brightness.

use image::GrayImage;
use image::imageops::{rotate90, rotate180, rotate270};

use super::closing::{closed, roughness};
use crate::domain::Point;

/// Marks up to twice this many pixels and one are taken out before steps are looked for.
const MARK_RADIUS: usize = 3;
/// The part of the picture, from its frame inwards, in which an edge is looked for.
const DEPTH: f64 = 0.45;
/// Steepest edge: a sheet may be turned by 15 degrees, and perspective adds to it.
const STEEPEST: f64 = 0.36;
/// Steps weaker than this (grey values) are grain.
const WEAKEST_STEP: f32 = 3.0;
/// Steps stronger than this count no more than this.
const STRONGEST_STEP: f32 = 20.0;
/// The share of the frame's length an edge must be seen on.
const LEAST_SUPPORT: f64 = 0.35;
/// Rows looked at, about.
const ROWS: usize = 240;
/// Candidates kept in each row.
const CANDIDATES: usize = 5;
/// Width of a bin of the vote, and distance between neighbouring slopes at the ends, in pixels.
const BIN: f64 = 1.5;

/// How steps of one kind are looked at.
#[derive(Clone, Copy)]
struct Look {
    /// Pixels on either side whose means are compared.
    reach: usize,
    /// How far, in pixels, a step may lie from the edge it belongs to, once the edge is fitted.
    tolerance: f64,
    /// Whether the edge is drawn at last where it best divides the bands of so many pixels on its two
    /// sides, rather than through the steps.
    divides: Option<usize>,
}

/// Brightness and colour step within a pixel or two.
const LIGHT: Look = Look { reach: 4, tolerance: 1.5, divides: None };
/// Roughness varies over a desk as widely as the marks on it.
const ROUGHNESS: Look = Look { reach: 12, tolerance: 3.0, divides: Some(20) };
/// How far, in pixels, either end of the line that divides two surfaces is looked for from where steps
/// were seen.
const ABOUT: i32 = 12;
/// Rougher than this (grey values) is no rougher than this to the line that divides.
const ROUGHEST: u32 = 40;

/// One edge of the sheet, in pixels of the picture it was found in.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    /// Walking from here ...
    pub from: Point,
    /// ... to here, the sheet lies on the right-hand side as seen.
    pub to: Point,
    /// Places where the step was seen, along the edge.
    pub seen: Vec<Point>,
    /// How far brightness and colour step there on the mean, in grey values.
    pub strength: f64,
    /// Distance along the edge that each of them stands for.
    pub spacing: f64,
}

/// The left, top, right and bottom edge, those that are seen, in `planes` (one picture, several
/// channels).
pub(super) fn edges(planes: &[GrayImage]) -> [Option<Edge>; 4] {
    steps(&planes.iter().map(|plane| closed(plane, MARK_RADIUS)).collect::<Vec<_>>(), LIGHT)
}

/// The edges at which a rough surface meets a smooth one.
pub(super) fn edges_of_roughness(planes: &[GrayImage]) -> [Option<Edge>; 4] {
    let rough = |plane: &GrayImage| roughness(&closed(plane, MARK_RADIUS), MARK_RADIUS);
    steps(&planes.iter().map(rough).collect::<Vec<_>>(), ROUGHNESS)
}

/// The longest straight steps near the four sides of the frame.
fn steps(planes: &[GrayImage], look: Look) -> [Option<Edge>; 4] {
    let Some((width, height)) = planes.first().map(|p| (f64::from(p.width()), f64::from(p.height()))) else {
        return [None, None, None, None];
    };
    let turned = |turn: fn(&GrayImage) -> GrayImage| planes.iter().map(turn).collect::<Vec<_>>();
    let left = left_edge(planes, look);
    let top = left_edge(&turned(rotate270), look).map(|e| e.mapped(|p| Point { x: width - p.y, y: p.x }));
    let right =
        left_edge(&turned(rotate180), look).map(|e| e.mapped(|p| Point { x: width - p.x, y: height - p.y }));
    let bottom = left_edge(&turned(rotate90), look).map(|e| e.mapped(|p| Point { x: p.y, y: height - p.x }));
    [left, top, right, bottom]
}

impl Edge {
    /// The edge with every place carried by `map`.
    pub(super) fn mapped(self, map: impl Fn(Point) -> Point) -> Self {
        Self {
            from: map(self.from),
            to: map(self.to),
            seen: self.seen.into_iter().map(&map).collect(),
            ..self
        }
    }

    /// The share of the way from `start` to `end` on which the step is seen.
    pub(super) fn support(&self, start: Point, end: Point) -> f64 {
        let (dx, dy) = (end.x - start.x, end.y - start.y);
        let length = dx.hypot(dy);
        if length <= 0.0 {
            return 0.0;
        }
        let along = |p: &&Point| {
            let way = ((p.x - start.x) * dx + (p.y - start.y) * dy) / length;
            (0.0..=length).contains(&way)
        };
        (self.seen.iter().filter(along).count() as f64 * self.spacing / length).min(1.0)
    }
}

/// A step seen in one row.
#[derive(Clone, Copy)]
struct Step {
    x: f64,
    strength: f32,
}

/// A step and the row it was seen in.
type PlacedStep = (f64, Step);

/// The steps of one row.
struct Row {
    y: f64,
    steps: Vec<Step>,
}

/// The longest straight step in the left part of the picture.
fn left_edge(planes: &[GrayImage], look: Look) -> Option<Edge> {
    let (width, height) = (planes[0].width() as usize, planes[0].height() as usize);
    if width < 8 * look.reach || height < 8 * look.reach {
        return None;
    }
    let spacing = height.div_ceil(ROWS);
    let rows: Vec<Row> =
        (spacing / 2..height).step_by(spacing).map(|y| row_of_steps(planes, y, width, look.reach)).collect();
    let (offset, slope) = most_voted(&rows, width as f64 * DEPTH, height as f64)?;
    let (offset, slope, steps) = refined(&rows, offset, slope, look.tolerance)?;
    let seen: Vec<Point> = steps.iter().map(|(y, step)| Point { x: step.x, y: *y }).collect();
    let strength = steps.iter().map(|(_, step)| f64::from(step.strength)).sum::<f64>() / steps.len() as f64;
    let support = seen.len() as f64 / rows.len() as f64;
    let (offset, slope) = match look.divides {
        Some(band) => dividing(planes, offset, slope, band),
        None => (offset, slope),
    };
    (support >= LEAST_SUPPORT).then_some(Edge {
        // Walking upwards, the picture's inside lies to the right.
        from: Point { x: offset + slope * height as f64, y: height as f64 },
        to: Point { x: offset, y: 0.0 },
        seen,
        strength,
        spacing: spacing as f64,
    })
}

/// The strongest steps of row `y`.
fn row_of_steps(planes: &[GrayImage], y: usize, width: usize, reach: usize) -> Row {
    let depth = (width as f64 * DEPTH) as usize;
    let mut strength = vec![0.0_f32; depth];
    for plane in planes {
        add_steps(plane, y, reach, &mut strength);
    }
    let mut steps: Vec<Step> = (0..depth)
        .filter(|x| is_peak(&strength, *x))
        .map(|x| Step { x: x as f64 + peak_offset(&strength, x), strength: strength[x] })
        .collect();
    steps.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    steps.truncate(CANDIDATES);
    Row { y: y as f64 + 0.5, steps }
}

/// Adds, for every boundary left of pixel `x`, how far the means on its two sides differ.
fn add_steps(plane: &GrayImage, y: usize, reach: usize, strength: &mut [f32]) {
    let width = plane.width() as usize;
    let row = &plane.as_raw()[y * width..(y + 1) * width];
    let at = |x: isize| i32::from(row[x.clamp(0, width as isize - 1) as usize]);
    let (many, reach) = (reach as f32, reach as isize);
    let mut difference: i32 = (0..reach).map(|i| at(i) - at(-1 - i)).sum();
    for (x, strength) in strength.iter_mut().enumerate() {
        *strength += difference.abs() as f32 / many;
        let x = x as isize;
        difference += at(x + reach) - 2 * at(x) + at(x - reach);
    }
}

/// Whether the step at `x` is a local maximum and more than grain.
fn is_peak(strength: &[f32], x: usize) -> bool {
    let here = strength[x];
    let around = &strength[x.saturating_sub(2)..(x + 3).min(strength.len())];
    here >= WEAKEST_STEP && around.iter().all(|other| *other <= here)
}

/// Where, between -0.5 and 0.5 of a pixel, the top of the parabola through three strengths lies.
fn peak_offset(strength: &[f32], x: usize) -> f64 {
    if x == 0 || x + 1 >= strength.len() {
        return 0.0;
    }
    let (before, here, after) = (strength[x - 1], strength[x], strength[x + 1]);
    let bend = before - 2.0 * here + after;
    if bend >= 0.0 { 0.0 } else { f64::from((0.5 * (before - after) / bend).clamp(-0.5, 0.5)) }
}

/// The line (x at y = 0, and x gained per row) on which most steps lie.
fn most_voted(rows: &[Row], depth: f64, height: f64) -> Option<(f64, f64)> {
    let slopes = (2.0 * STEEPEST * height / BIN).ceil() as usize;
    let bins = (depth / BIN).ceil() as usize + 2;
    let middle = height / 2.0;
    let mut best: Option<(f32, f64, f64)> = None;
    let mut votes = vec![0.0_f32; bins];
    for index in 0..=slopes {
        let slope = STEEPEST * (2.0 * index as f64 / slopes as f64 - 1.0);
        votes.fill(0.0);
        for row in rows {
            let shift = slope * (row.y - middle);
            for step in &row.steps {
                let bin = (step.x - shift) / BIN;
                if bin >= 0.0 && (bin as usize) < bins {
                    votes[bin as usize] += step.strength.min(STRONGEST_STEP);
                }
            }
        }
        for (bin, pair) in votes.windows(2).enumerate() {
            let (sum, offset) = (pair[0] + pair[1], (bin + 1) as f64 * BIN - slope * middle);
            if best.is_none_or(|(most, ..)| sum > most) && sum > 0.0 {
                best = Some((sum, offset, slope));
            }
        }
    }
    best.map(|(_, offset, slope)| (offset, slope))
}

/// The line fitted to the steps that lie on it, and these.
fn refined(
    rows: &[Row],
    mut offset: f64,
    mut slope: f64,
    tolerance: f64,
) -> Option<(f64, f64, Vec<PlacedStep>)> {
    let mut seen = Vec::new();
    for wider in [2.0, 4.0 / 3.0, 1.0, 1.0] {
        let near = |row: &Row| nearest(row, offset + slope * row.y, wider * tolerance);
        seen = rows.iter().filter_map(near).collect();
        (offset, slope) = fitted(&seen)?;
    }
    Some((offset, slope, seen))
}

/// The line near the given one (x at y = 0, and x gained per row) on whose left `planes` are highest and on
/// whose right lowest, within `band` pixels; what a window sees from beyond an edge is taken off again.
fn dividing(planes: &[GrayImage], offset: f64, slope: f64, band: usize) -> (f64, f64) {
    let (width, height) = (planes[0].width() as usize, planes[0].height() as usize);
    let spacing = height.div_ceil(ROWS);
    let sums: Vec<(usize, Vec<u32>)> =
        (spacing / 2..height).step_by(spacing).map(|y| (y, running_sums(planes, y, width))).collect();
    let over = |sums: &[u32], from: f64, to: f64| {
        let at = |x: f64| sums[x.round().clamp(0.0, width as f64) as usize];
        f64::from(at(to)) - f64::from(at(from))
    };
    let last = offset + slope * height as f64;
    let band = band as f64;
    let ends = (-ABOUT..=ABOUT).flat_map(|a| (-ABOUT..=ABOUT).map(move |b| (f64::from(a), f64::from(b))));
    let divided = |(a, b): &(f64, f64)| {
        let slope = (last + b - offset - a) / height as f64;
        let at = |y: usize| offset + a + slope * y as f64;
        let gain = |(y, sums): &(usize, Vec<u32>)| {
            over(sums, at(*y) - band, at(*y)) - over(sums, at(*y), at(*y) + band)
        };
        sums.iter().map(gain).sum::<f64>()
    };
    let best = ends.map(|ends| (divided(&ends), ends)).max_by(|one, other| one.0.total_cmp(&other.0));
    let (a, b) = best.map(|(_, ends)| ends).unwrap_or_default();
    (offset + a - MARK_RADIUS as f64, (last + b - offset - a) / height as f64)
}

/// The sums of the first pixels of row `y` over all planes, none to all.
fn running_sums(planes: &[GrayImage], y: usize, width: usize) -> Vec<u32> {
    let mut sums = vec![0; width + 1];
    for plane in planes {
        let row = &plane.as_raw()[y * width..(y + 1) * width];
        let mut sum = 0;
        for (value, out) in row.iter().zip(&mut sums[1..]) {
            sum += u32::from(*value).min(ROUGHEST);
            *out += sum;
        }
    }
    sums
}

/// The step of `row` nearest to `x`, when it is near enough.
fn nearest(row: &Row, x: f64, tolerance: f64) -> Option<PlacedStep> {
    let distance = |step: &Step| (step.x - x).abs();
    let step = row.steps.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    (distance(step) <= tolerance).then_some((row.y, *step))
}

/// Least squares of x over y.
fn fitted(points: &[PlacedStep]) -> Option<(f64, f64)> {
    if points.len() < 8 {
        return None;
    }
    let count = points.len() as f64;
    let mean_x = points.iter().map(|(_, step)| step.x).sum::<f64>() / count;
    let mean_y = points.iter().map(|(y, _)| y).sum::<f64>() / count;
    let spread = points.iter().map(|(y, _)| (y - mean_y).powi(2)).sum::<f64>();
    let slope =
        points.iter().map(|(y, step)| (y - mean_y) * (step.x - mean_x)).sum::<f64>() / spread.max(1e-9);
    Some((mean_x - slope * mean_y, slope))
}
