//! From a map of the plane to a page of so many pixels, and pictures brought onto it.

use std::borrow::Cow;

use image::{GrayImage, RgbImage};

use super::outline::Outline;
use super::{tone, warp};
use crate::domain::{Point, Projection};

/// Most pixels a page keeps: an A4 at 300 dpi, an A3 at 200.
const MOST_PIXELS: f64 = 8.7e6;
/// A scan with more than this many pixels to one of the page is shrunk before it is resampled, so
/// that every pixel counts.
const COARSE: f64 = 1.35;

/// A page: how many pixels, and where they come from.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// From its pixels to those of the scan.
    pub to_scan: Projection,
    /// Columns and rows.
    pub extent: (u32, u32),
}

impl Frame {
    /// The page that lies under `map` (to the scan, at the scan's scale), moved and scaled so that
    /// it holds all of `outline` (in pixels of the scan) and not too many pixels.
    pub(super) fn around(outline: &Outline, map: &Projection) -> Self {
        let (low, high) = outline.mapped(&map.inverse()).extremes();
        let (width, height) = ((high.x - low.x).max(1.0), (high.y - low.y).max(1.0));
        let factor = (MOST_PIXELS / (width * height)).sqrt().min(1.0);
        let extent = tone::scaled_extent(width.round() as u32, height.round() as u32, factor);
        let to_scan = Projection::scaling(width / f64::from(extent.0), height / f64::from(extent.1))
            .then(&Projection::translation(low.x, low.y))
            .then(map);
        Self { to_scan, extent }
    }

    /// The same page, its long side brought down to `long_side` pixels.
    pub(super) fn shrunk(&self, long_side: f64) -> Self {
        let factor = (long_side / f64::from(self.extent.0.max(self.extent.1))).min(1.0);
        let extent = tone::scaled_extent(self.extent.0, self.extent.1, factor);
        Self { to_scan: rescaling(extent, self.extent).then(&self.to_scan), extent }
    }

    /// Where `outline` (in pixels of the scan) lies on the page.
    pub(super) fn outline(&self, outline: &Outline) -> Outline {
        outline.mapped(&self.to_scan.inverse())
    }

    /// The grey page; what lies beyond `outline` (in pixels of the page) is `outside`.
    pub(super) fn grey(&self, scan: &GrayImage, outline: &Outline, outside: u8) -> GrayImage {
        let from = (scan.width(), scan.height());
        let source = match self.shrink_first(from) {
            Some((width, height)) => Cow::Owned(tone::shrink_grey(scan, width, height)),
            None => Cow::Borrowed(scan),
        };
        let to_source = self.to_scan.then(&rescaling(from, (source.width(), source.height())));
        warp::warp_grey(&source, &to_source, self.extent, outline, outside)
    }

    /// The page in colour; what lies outside `outline` (in pixels of the page) is white.
    pub(super) fn colour(&self, scan: &RgbImage, outline: &Outline) -> RgbImage {
        let from = (scan.width(), scan.height());
        let source = match self.shrink_first(from) {
            Some((width, height)) => Cow::Owned(tone::shrink_colour(scan, width, height)),
            None => Cow::Borrowed(scan),
        };
        let to_source = self.to_scan.then(&rescaling(from, (source.width(), source.height())));
        warp::warp_colour(&source, &to_source, self.extent, outline, 255)
    }

    /// The extent the scan is shrunk to first, when it has many pixels to one of the page.
    fn shrink_first(&self, scan: (u32, u32)) -> Option<(u32, u32)> {
        let (x, y) = (f64::from(self.extent.0) / 2.0, f64::from(self.extent.1) / 2.0);
        let (a, b) = (self.to_scan.apply(Point { x, y }), self.to_scan.apply(Point { x: x + 1.0, y }));
        let coarseness = (a.x - b.x).hypot(a.y - b.y);
        (coarseness > COARSE).then(|| tone::scaled_extent(scan.0, scan.1, 1.0 / coarseness))
    }
}

/// The map from a picture of extent `from` to its copy of extent `to`.
fn rescaling(from: (u32, u32), to: (u32, u32)) -> Projection {
    Projection::scaling(f64::from(to.0) / f64::from(from.0), f64::from(to.1) / f64::from(from.1))
}
