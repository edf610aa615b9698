//! A picture of plain numbers, with the few operations that bring a line to its normal form. They
//! round, weigh and treat borders as OpenCV does, which prepared the pictures for training.

use image::GrayImage;

/// Numbers in rows and columns.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plane {
    /// Number of columns.
    pub columns: usize,
    /// Number of rows.
    pub rows: usize,
    /// Row after row.
    pub values: Vec<f32>,
}

impl Plane {
    /// The grey values of a picture.
    pub(super) fn of(picture: &GrayImage) -> Self {
        let values = picture.as_raw().iter().map(|grey| f32::from(*grey)).collect();
        Self { columns: picture.width() as usize, rows: picture.height() as usize, values }
    }

    /// The value of `of` at each column and row.
    pub(super) fn from_fn(columns: usize, rows: usize, of: impl Fn(usize, usize) -> f32) -> Self {
        let values =
            (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y))).map(|(x, y)| of(x, y)).collect();
        Self { columns, rows, values }
    }

    /// The value at a column and row.
    pub(super) fn at(&self, x: usize, y: usize) -> f32 {
        self.values[y * self.columns + x]
    }

    /// Column, row and value of every place.
    pub(super) fn pixels(&self) -> impl Iterator<Item = (usize, usize, f32)> + '_ {
        let columns = self.columns;
        self.values.iter().enumerate().map(move |(i, value)| (i % columns, i / columns, *value))
    }

    /// The value between places, weighted by distance; 0 outside.
    pub(super) fn between(&self, x: f32, y: f32) -> f32 {
        let (left, top) = (x.floor(), y.floor());
        let (right_share, low_share) = (x - left, y - top);
        let value = |x: f32, y: f32| {
            let inside = x >= 0.0 && y >= 0.0 && x < self.columns as f32 && y < self.rows as f32;
            if inside { self.at(x as usize, y as usize) } else { 0.0 }
        };
        let above = value(left, top) * (1.0 - right_share) + value(left + 1.0, top) * right_share;
        let below = value(left, top + 1.0) * (1.0 - right_share) + value(left + 1.0, top + 1.0) * right_share;
        above * (1.0 - low_share) + below * low_share
    }

    /// Every value rounded to a whole grey, as pictures of bytes hold them.
    pub(super) fn rounded(mut self) -> Self {
        self.values.iter_mut().for_each(|value| *value = value.round().clamp(0.0, 255.0));
        self
    }

    /// The plane at another size: by the area each new place covers where it shrinks, else linearly.
    pub(super) fn resized(&self, columns: usize, rows: usize) -> Self {
        let shrinks = columns <= self.columns && rows <= self.rows;
        let across =
            if shrinks { covered(self.columns, columns) } else { nearest_two(self.columns, columns) };
        let down = if shrinks { covered(self.rows, rows) } else { nearest_two(self.rows, rows) };
        let wide = Self::from_fn(columns, self.rows, |x, y| {
            across[x].iter().map(|(from, weight)| weight * self.at(*from, y)).sum()
        });
        Self::from_fn(columns, rows, |x, y| {
            down[y].iter().map(|(from, weight)| weight * wide.at(x, *from)).sum()
        })
    }

    /// The highest value within `reach` columns and rows of each place.
    pub(super) fn brightest_around(&self, reach: usize) -> Self {
        let wide = Self::from_fn(self.columns, self.rows, |x, y| {
            let columns = x.saturating_sub(reach)..(x + reach + 1).min(self.columns);
            columns.map(|x| self.at(x, y)).fold(f32::MIN, f32::max)
        });
        Self::from_fn(self.columns, self.rows, |x, y| {
            let rows = y.saturating_sub(reach)..(y + reach + 1).min(self.rows);
            rows.map(|y| wide.at(x, y)).fold(f32::MIN, f32::max)
        })
    }

    /// The mean of the values within `reach` columns and rows of each place, mirrored at the borders.
    pub(super) fn averaged_around(&self, reach: usize) -> Self {
        let weights = vec![1.0 / (2 * reach + 1) as f32; 2 * reach + 1];
        self.convolved(&weights)
    }

    /// Blurred by a Gaussian of this standard deviation, mirrored at the borders.
    pub(super) fn blurred(&self, sigma: f32) -> Self {
        let reach = ((sigma * 8.0 + 1.0).round() as usize | 1) / 2;
        let bell = |i: usize| (-(i as f32 - reach as f32).powi(2) / (2.0 * sigma * sigma)).exp();
        let sum: f32 = (0..=2 * reach).map(bell).sum();
        let weights: Vec<f32> = (0..=2 * reach).map(|i| bell(i) / sum).collect();
        self.convolved(&weights)
    }

    /// Convolved with `weights` along the rows and then along the columns.
    fn convolved(&self, weights: &[f32]) -> Self {
        let reach = (weights.len() / 2) as isize;
        let sum = |of: &dyn Fn(isize) -> f32| (-reach..=reach).zip(weights).map(|(i, w)| w * of(i)).sum();
        let wide = Self::from_fn(self.columns, self.rows, |x, y| {
            sum(&|i| self.at(mirrored(x as isize + i, self.columns), y))
        });
        Self::from_fn(self.columns, self.rows, |x, y| {
            sum(&|i| wide.at(x, mirrored(y as isize + i, self.rows)))
        })
    }

    /// The value below which a share of all values lies.
    pub(super) fn quantile(&self, share: f32) -> f32 {
        let mut sorted = self.values.clone();
        sorted.sort_unstable_by(f32::total_cmp);
        let place = share * sorted.len().saturating_sub(1) as f32;
        let low = place.floor() as usize;
        let (Some(first), next) = (sorted.get(low), sorted.get(low + 1)) else { return 0.0 };
        first + (next.unwrap_or(first) - first) * (place - low as f32)
    }
}

/// Which old places each new one covers, with weights that sum to 1.
fn covered(old: usize, new: usize) -> Vec<Vec<(usize, f32)>> {
    let size = old as f64 / new as f64;
    let share =
        |place: usize, from: f64, to: f64| (to.min((place + 1) as f64) - from.max(place as f64)) / size;
    let one = |i: usize| {
        let (from, to) = (i as f64 * size, ((i + 1) as f64 * size).min(old as f64));
        let places = from.floor() as usize..(to.ceil() as usize).min(old);
        places
            .map(|place| (place, share(place, from, to) as f32))
            .filter(|(_, weight)| *weight > 1e-4)
            .collect()
    };
    (0..new).map(one).collect()
}

/// The two old places nearest to each new one, with weights that sum to 1.
fn nearest_two(old: usize, new: usize) -> Vec<Vec<(usize, f32)>> {
    let size = old as f32 / new as f32;
    let one = |i: usize| {
        let place = ((i as f32 + 0.5) * size - 0.5).clamp(0.0, (old - 1) as f32);
        let low = place.floor();
        let next = (low as usize + 1).min(old - 1);
        vec![(low as usize, 1.0 - (place - low)), (next, place - low)]
    };
    (0..new).map(one).collect()
}

/// A place outside mirrored at the border, which itself is not repeated.
fn mirrored(place: isize, count: usize) -> usize {
    let last = count as isize - 1;
    let mut place = place;
    while last > 0 && !(0..=last).contains(&place) {
        place = if place < 0 { -place } else { 2 * last - place };
    }
    if last == 0 { 0 } else { place as usize }
}
