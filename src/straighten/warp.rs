//! The one resampling: pixels of the scan to pixels of the page, row by row.

use image::{GrayImage, RgbImage};

use super::outline::Outline;
use crate::domain::{Point, Projection};

/// Pixels between two places where the projection is worked out exactly; in between it is taken as
/// straight, which is off by far less than a hundredth of a pixel on a photographed page.
const SPAN: u32 = 16;

/// Fixed-point places hold this many bits below the pixel.
const BITS: u32 = 12;

/// A page of `width` x `height` pixels out of `scan`: each pixel is where `to_scan` leads, blended
/// from four, and what lies outside `sheet` (in pixels of the page) is `outside`.
pub(super) fn warp_grey(
    scan: &GrayImage,
    to_scan: &Projection,
    (width, height): (u32, u32),
    sheet: &Outline,
    outside: u8,
) -> GrayImage {
    let mut page = GrayImage::from_pixel(width, height, image::Luma([outside]));
    let extent = (scan.width(), scan.height());
    for y in 0..height {
        let row = page.as_mut();
        let row = &mut row[(y * width) as usize..((y + 1) * width) as usize];
        for_places(to_scan, y, sheet.columns(y, width), extent, |x, place| {
            [row[x as usize]] = place.blend::<1>(scan.as_raw());
        });
    }
    page
}

/// The same in colour.
pub(super) fn warp_colour(
    scan: &RgbImage,
    to_scan: &Projection,
    (width, height): (u32, u32),
    sheet: &Outline,
    outside: u8,
) -> RgbImage {
    let mut page = RgbImage::from_pixel(width, height, image::Rgb([outside; 3]));
    let extent = (scan.width(), scan.height());
    for y in 0..height {
        let row = page.as_mut();
        let row = &mut row[(y * width * 3) as usize..((y + 1) * width * 3) as usize];
        for_places(to_scan, y, sheet.columns(y, width), extent, |x, place| {
            row[x as usize * 3..x as usize * 3 + 3].copy_from_slice(&place.blend::<3>(scan.as_raw()));
        });
    }
    page
}

/// Where a pixel comes from: the upper left of four neighbours, and the weights of the others.
struct Place {
    index: usize,
    stride: usize,
    right: u32,
    down: u32,
}

impl Place {
    /// The four neighbours blended, in a picture of `CHANNELS` bytes a pixel.
    #[inline(always)]
    fn blend<const CHANNELS: usize>(&self, pixels: &[u8]) -> [u8; CHANNELS] {
        let pair = |start: usize| pixels.get(start..start + 2 * CHANNELS);
        let above = self.index * CHANNELS;
        let (Some(above), Some(below)) = (pair(above), pair(above + self.stride * CHANNELS)) else {
            // Only a picture one pixel wide has places without a right-hand neighbour.
            return std::array::from_fn(|channel| pixels.get(above + channel).copied().unwrap_or(0));
        };
        std::array::from_fn(|channel| {
            let mixed = |pair: &[u8]| {
                u32::from(pair[channel]) * (256 - self.right)
                    + u32::from(pair[CHANNELS + channel]) * self.right
            };
            ((mixed(above) * (256 - self.down) + mixed(below) * self.down + (1 << 15)) >> 16) as u8
        })
    }
}

/// Calls `with` for every column of `columns` in row `y` of the page with its place on a scan of
/// `extent` pixels; places beyond the frame are moved to its border.
#[inline(always)]
fn for_places(
    to_scan: &Projection,
    y: u32,
    columns: std::ops::Range<u32>,
    (width, height): (u32, u32),
    mut with: impl FnMut(u32, Place),
) {
    if width == 0 || height == 0 {
        return;
    }
    let fixed = |value: f64| ((value - 0.5) * f64::from(1 << BITS)).clamp(-1e12, 1e12) as i64;
    let exact = |x: u32| {
        let place = to_scan.apply(Point { x: f64::from(x) + 0.5, y: f64::from(y) + 0.5 });
        (fixed(place.x), fixed(place.y))
    };
    // The last neighbour must exist: the lowest and rightmost places are a hair inside the frame.
    let limit = |length: u32| (((i64::from(length) - 1) << BITS) - 1).max(0);
    let (right_limit, low_limit) = (limit(width), limit(height));
    let stride = if height > 1 { width as usize } else { 0 };
    let mut start = columns.start;
    let mut from = exact(start);
    while start < columns.end {
        let end = (start + SPAN).min(columns.end);
        let to = exact(end);
        let length = i64::from(end - start);
        let step = (((to.0 - from.0) << 3) / length, ((to.1 - from.1) << 3) / length);
        for offset in 0..length {
            let u = (from.0 + ((step.0 * offset) >> 3)).clamp(0, right_limit);
            let v = (from.1 + ((step.1 * offset) >> 3)).clamp(0, low_limit);
            let index = (v >> BITS) as usize * width as usize + (u >> BITS) as usize;
            let weight = |place: i64| ((place & ((1 << BITS) - 1)) >> (BITS - 8)) as u32;
            with(start + offset as u32, Place { index, stride, right: weight(u), down: weight(v) });
        }
        (start, from) = (end, to);
    }
}
