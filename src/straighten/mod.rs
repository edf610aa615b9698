//! Scan to upright page: the sheet found, perspective and skew taken out in one resampling, light
//! evened out, the map back to the scan kept.

mod baselines;
mod closing;
mod edges;
mod frame;
mod gutter;
mod inspection;
mod light;
mod look;
mod outline;
mod perspective;
mod pose;
mod quality;
mod ring;
mod rulings;
mod seal;
mod sheet;
mod skew;
mod tone;
mod warp;

use image::{DynamicImage, GrayImage, RgbImage};

use self::frame::Frame;
pub use self::gutter::halves;
pub use self::inspection::{Inspection, Side, inspect};
use self::look::Look;
pub use self::pose::poses;
use self::sheet::Sheet;
use crate::domain::{PageProblem, Projection, ScanImage, UprightPage};

/// Long side, in pixels, of the copy kept for people.
const COLOUR_LONG_SIDE: f64 = 1800.0;

/// The outermost part of the sheet that becomes white with the desk, as a share of its long side
/// (0.4 mm of an A4): no edge is cut straighter, and what shows there is shadow.
const EDGE: f64 = 0.0014;

/// Turns a scan into an upright page: the desk becomes white, perspective and skew are taken out,
/// uneven light evened. Cannot fail: where it is unsure of the angle the page stays as it lies,
/// `skew` is none and the page says so. Quarter turns are left to [`poses`], spreads to [`halves`].
#[must_use]
pub fn straighten(image: &ScanImage) -> UprightPage {
    let grey = tone::reading_grey(&image.pixels);
    if grey.width() == 0 || grey.height() == 0 {
        return nothing();
    }
    let look = Look::at(&image.pixels, &grey);
    let (frame, skew) = look.upright();
    let problems = look.problems(quality::judge(image, &grey, &look.sheet));
    UprightPage {
        ink: ink(&grey, &frame, &look.sheet),
        colour: colour(&image.pixels, &frame, &look.sheet),
        to_scan: frame.to_scan,
        skew,
        problems,
    }
}

/// The page for reading.
fn ink(grey: &GrayImage, frame: &Frame, sheet: &Sheet) -> GrayImage {
    let rim = (EDGE * f64::from(frame.extent.0.max(frame.extent.1))).max(2.0);
    let outline = frame.outline(&sheet.outline).shrunk(rim);
    let mut ink = frame.grey(grey, &outline, 0);
    light::even_out(&mut ink, &outline);
    ring::remove(&mut ink);
    ink
}

/// The page for people.
fn colour(pixels: &DynamicImage, frame: &Frame, sheet: &Sheet) -> RgbImage {
    let frame = frame.shrunk(COLOUR_LONG_SIDE);
    let outline = frame.outline(&sheet.outline);
    match pixels {
        DynamicImage::ImageRgb8(colour) => frame.colour(colour, &outline),
        // Three equal channels are made once the page is small.
        DynamicImage::ImageLuma8(grey) => DynamicImage::from(frame.grey(grey, &outline, 255)).into_rgb8(),
        other => frame.colour(&other.to_rgb8(), &outline),
    }
}

/// The page of a picture without pixels.
fn nothing() -> UprightPage {
    UprightPage {
        ink: GrayImage::from_pixel(1, 1, image::Luma([255])),
        colour: RgbImage::from_pixel(1, 1, image::Rgb([255; 3])),
        to_scan: Projection::identity(),
        skew: None,
        problems: vec![PageProblem::SkewUnsure],
    }
}

#[cfg(test)]
mod tests;
