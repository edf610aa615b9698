//! Evening out: every pixel against the paper around it, so that paper is white wherever the light
//! fell and ink keeps its depth.

use image::GrayImage;

use super::closing::closed;
use super::outline::Outline;
use super::tone::shrink_grey;

/// Long side, in pixels, of the copy on which the paper is looked for.
const PAPER_COPY: f64 = 640.0;

/// Pixels of that copy: marks narrower than twice this and one are no paper (2 mm on an A4 page).
const MARK_RADIUS: usize = 4;

/// Cells of the paper map along the long side.
const CELLS: f64 = 80.0;

/// This share of the local paper and above counts as white: the grain of the paper.
const WHITE: f64 = 0.96;

/// Paper is never taken to be darker than this share of the page's usual paper: beyond it, it is a
/// hole, a desk or a black cover, not a shadow.
const DARKEST: f64 = 0.35;

/// How bright the paper is, on a coarse grid over the page.
pub(super) struct PaperMap {
    columns: usize,
    rows: usize,
    brightness: Vec<f32>,
}

impl PaperMap {
    /// The paper of `page` inside `sheet`. What lies outside does not count.
    pub(super) fn of(page: &GrayImage, sheet: &Outline) -> Self {
        let (width, height) = (f64::from(page.width()), f64::from(page.height()));
        let long = width.max(height);
        let shrunk =
            |longest: f64| super::tone::scaled_extent(page.width(), page.height(), (longest / long).min(1.0));
        let copy = shrunk(PAPER_COPY);
        let paper = closed(&shrink_grey(page, copy.0, copy.1), MARK_RADIUS);
        let (columns, rows) = shrunk(CELLS);
        let cells = shrink_grey(&paper, columns, rows);
        let to_cells =
            crate::domain::Projection::scaling(f64::from(columns) / width, f64::from(rows) / height);
        let inside = inner_cells(&sheet.mapped(&to_cells), columns, rows);
        let brightness = smooth(&cells, &inside);
        Self { columns: columns as usize, rows: rows as usize, brightness }
    }

    /// What a pixel of each cell is multiplied with to make paper white, every row of cells spread
    /// over `width` columns.
    fn gains(&self, width: u32) -> Vec<f32> {
        let places: Vec<(usize, usize, f32)> = (0..width).map(|x| between(x, width, self.columns)).collect();
        let mut gains = Vec::with_capacity(self.rows * places.len());
        for cells in self.brightness.chunks_exact(self.columns) {
            let gain: Vec<f32> = cells.iter().map(|paper| 255.0 / (paper * WHITE as f32).max(1.0)).collect();
            gains.extend(
                places
                    .iter()
                    .map(|(left, right, across)| gain[*left] + (gain[*right] - gain[*left]) * across),
            );
        }
        gains
    }
}

/// The two of `cells` whose centres lie around pixel `at` of `length`, and how far it is from the
/// first to the second.
#[inline]
fn between(at: u32, length: u32, cells: usize) -> (usize, usize, f32) {
    let place = (at as f32 + 0.5) * cells as f32 / length as f32 - 0.5;
    let place = place.clamp(0.0, (cells - 1) as f32);
    let first = place as usize;
    (first, (first + 1).min(cells - 1), place - first as f32)
}

/// Which cells lie wholly inside `sheet`; all of them when none does.
fn inner_cells(sheet: &Outline, columns: u32, rows: u32) -> Vec<bool> {
    let mut inside = vec![false; columns as usize * rows as usize];
    for y in 1..rows.saturating_sub(1) {
        let range = sheet.columns(y - 1, columns);
        let (above, here, below) = (range, sheet.columns(y, columns), sheet.columns(y + 1, columns));
        let left = above.start.max(here.start).max(below.start) + 1;
        let right = above.end.min(here.end).min(below.end).saturating_sub(1);
        for x in left..right.max(left) {
            inside[y as usize * columns as usize + x as usize] = true;
        }
    }
    if inside.iter().any(|cell| *cell) { inside } else { vec![true; inside.len()] }
}

/// The cells that count, smoothed; the others take the value of the nearest ones.
fn smooth(cells: &GrayImage, inside: &[bool]) -> Vec<f32> {
    let columns = cells.width() as usize;
    let mut counted: Vec<u8> =
        cells.as_raw().iter().zip(inside).filter(|(_, inside)| **inside).map(|(value, _)| *value).collect();
    counted.sort_unstable();
    let usual = f32::from(counted.get(counted.len() / 2).copied().unwrap_or(255)).max(1.0);
    let floor = usual * DARKEST as f32;
    let mut sum: Vec<f32> = cells
        .as_raw()
        .iter()
        .zip(inside)
        .map(|(value, inside)| if *inside { f32::from(*value).max(floor) } else { 0.0 })
        .collect();
    let mut weight: Vec<f32> = inside.iter().map(|inside| f32::from(u8::from(*inside))).collect();
    for _ in 0..2 {
        sum = blurred(&sum, columns);
        weight = blurred(&weight, columns);
    }
    spread(&mut sum, &mut weight, columns);
    sum.iter().zip(&weight).map(|(sum, weight)| if *weight > 0.0 { sum / weight } else { usual }).collect()
}

/// Lets cells without weight take over their neighbours until none is left.
fn spread(sum: &mut [f32], weight: &mut [f32], columns: usize) {
    let rounds = columns.max(sum.len() / columns.max(1));
    for _ in 0..rounds {
        if weight.iter().all(|weight| *weight > 0.0) {
            return;
        }
        let (wider_sum, wider_weight) = (blurred(sum, columns), blurred(weight, columns));
        for index in 0..sum.len() {
            if weight[index] <= 0.0 {
                (sum[index], weight[index]) = (wider_sum[index], wider_weight[index]);
            }
        }
    }
}

/// The mean of three by three cells; beyond the border nothing.
fn blurred(cells: &[f32], columns: usize) -> Vec<f32> {
    let rows = cells.len() / columns.max(1);
    let mut out = vec![0.0; cells.len()];
    for y in 0..rows {
        for x in 0..columns {
            let around = (y.saturating_sub(1)..(y + 2).min(rows))
                .flat_map(|row| (x.saturating_sub(1)..(x + 2).min(columns)).map(move |column| (row, column)));
            out[y * columns + x] =
                around.map(|(row, column)| cells[row * columns + column]).sum::<f32>() / 9.0;
        }
    }
    out
}

/// Evens `page` out in place: paper 255, ink as dark against it as it was; outside `sheet` 255.
pub(super) fn even_out(page: &mut GrayImage, sheet: &Outline) {
    let (width, height) = (page.width(), page.height());
    if width == 0 || height == 0 {
        return;
    }
    let paper = PaperMap::of(page, sheet);
    let gains = paper.gains(width);
    let gain = |row: usize| &gains[row * width as usize..(row + 1) * width as usize];
    for (y, row) in page.as_mut().chunks_exact_mut(width as usize).enumerate() {
        let (upper, lower, down) = between(y as u32, height, paper.rows);
        let inside = sheet.columns(y as u32, width);
        let (start, end) = (inside.start as usize, inside.end as usize);
        row[..start].fill(255);
        row[end..].fill(255);
        let gains = gain(upper)[start..end].iter().zip(&gain(lower)[start..end]);
        for (value, (upper, lower)) in row[start..end].iter_mut().zip(gains) {
            let white = f32::from(*value) * (upper + (lower - upper) * down);
            *value = (white + 0.5).min(255.0) as u8;
        }
    }
}
