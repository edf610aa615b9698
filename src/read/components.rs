//! Connected pieces of ink.

use image::GrayImage;
use imageproc::definitions::Image;
use imageproc::region_labelling::{Connectivity, connected_components};

use crate::domain::Rectangle;

/// One connected piece of ink.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Component {
    /// Its number in the label picture.
    pub label: u32,
    /// The smallest rectangle around it.
    pub bounds: Rectangle,
    /// Its pixels.
    pub area: u32,
    /// Its darkest grey.
    pub darkest: u8,
    /// Pixels inside the region.
    pub inside: u32,
    /// Its pixels in each row, from the top of its bounds.
    pub rows: Vec<u32>,
}

impl Component {
    /// Grows its bounds to cover a pixel; pixels come row by row.
    fn cover(&mut self, x: i32, y: i32) {
        let bounds = &mut self.bounds;
        if x < bounds.left {
            bounds.left = x;
        }
        if x >= bounds.right {
            bounds.right = x + 1;
        }
        if self.area == 0 {
            bounds.top = y;
        }
        bounds.bottom = y + 1;
        self.rows.resize((bounds.bottom - bounds.top) as usize, 0);
        if let Some(row) = self.rows.last_mut() {
            *row += 1;
        }
    }

    /// The row of its centre of mass.
    pub(super) fn centre_row(&self) -> f64 {
        let sum: f64 = self.rows.iter().enumerate().map(|(row, ink)| row as f64 * f64::from(*ink)).sum();
        f64::from(self.bounds.top) + sum / f64::from(self.area.max(1))
    }

    /// The middle column of its bounds.
    pub(super) fn middle_column(&self) -> f64 {
        f64::from(self.bounds.left + self.bounds.right) / 2.0
    }

    /// The longer side of its bounds.
    pub(super) fn extent(&self) -> i32 {
        self.bounds.width().max(self.bounds.height())
    }
}

/// The pieces of a mask: a picture of their numbers (0 is paper), and what each is.
pub(super) struct Components {
    /// Which piece each pixel belongs to.
    pub labels: Image<image::Luma<u32>>,
    /// The highest number.
    pub count: u32,
    /// The pieces, by number; those that turn out to be no writing are taken out.
    pub list: Vec<Component>,
}

/// The pieces of `mask`, their darkness taken from `grey`, and how much of each lies in `region`.
pub(super) fn components(mask: &GrayImage, grey: &GrayImage, region: Rectangle) -> Components {
    let labels = connected_components(mask, Connectivity::Eight, image::Luma([0]));
    let mut list: Vec<Component> = Vec::new();
    for ((x, y, label), shade) in labels.enumerate_pixels().zip(grey.pixels()) {
        let label = label.0[0];
        if label == 0 {
            continue;
        }
        while list.len() < label as usize {
            list.push(nothing(list.len() as u32 + 1));
        }
        let (x, y) = (x as i32, y as i32);
        let piece = &mut list[label as usize - 1];
        piece.cover(x, y);
        piece.area += 1;
        piece.darkest = piece.darkest.min(shade.0[0]);
        let within = (region.left..region.right).contains(&x) && (region.top..region.bottom).contains(&y);
        piece.inside += u32::from(within);
    }
    let count = list.len() as u32;
    list.retain(|piece| piece.area > 0);
    Components { labels, count, list }
}

fn nothing(label: u32) -> Component {
    let bounds = Rectangle::new(i32::MAX, i32::MAX, i32::MIN, i32::MIN);
    Component { label, bounds, area: 0, darkest: 255, inside: 0, rows: Vec::new() }
}

/// The height that half of the ink of `pieces` reaches: about that of a letter.
pub(super) fn letter_height(pieces: &[Component]) -> i32 {
    let mut by_height: Vec<(i32, u64)> =
        pieces.iter().map(|piece| (piece.bounds.height(), u64::from(piece.area))).collect();
    by_height.sort_unstable();
    let whole: u64 = by_height.iter().map(|(_, area)| area).sum();
    let mut seen = 0;
    for (height, area) in by_height {
        seen += area;
        if 2 * seen >= whole {
            return height;
        }
    }
    0
}
