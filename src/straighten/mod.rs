//! Scan to upright page: the sheet found, perspective and skew taken out in one resampling, light
//! evened out, the map back to the scan kept.

mod baselines;
mod closing;
mod edges;
mod light;
mod outline;
mod pose;
mod rulings;
mod sheet;
mod skew;
mod tone;
mod warp;

use std::borrow::Cow;

use image::{DynamicImage, GrayImage, RgbImage};

use self::outline::Outline;
pub use self::pose::poses;
use self::sheet::{Copy, Sheet};
use self::skew::Witnesses;
use crate::domain::{PageProblem, Point, Projection, ScanImage, SkewAngle, UprightPage};

/// Most pixels a page keeps: an A4 at 300 dpi, an A3 at 200.
const MOST_PIXELS: f64 = 8.7e6;
/// Long side, in pixels, of the copy kept for people.
const COLOUR_LONG_SIDE: f64 = 2000.0;
/// Long side, in pixels, of the copy the angle is measured on.
const MEASURED_LONG_SIDE: f64 = 1300.0;
/// The outermost part of the sheet that is left out when the angle is measured, as a share of its
/// long side: shadows of its edge are no rulings.
const RIM: f64 = 0.008;

/// Turns a scan into an upright page: the desk becomes white, perspective and skew are taken out,
/// uneven light evened. Cannot fail: where it is unsure of the angle the page stays as it lies,
/// `skew` is none and the page says so.
#[must_use]
pub fn straighten(image: &ScanImage) -> UprightPage {
    let grey = tone::reading_grey(&image.pixels);
    if grey.width() == 0 || grey.height() == 0 {
        return nothing();
    }
    let look = Look::at(&image.pixels, &grey);
    let angle = look.witnesses.agreed();
    let turned = Projection::rotation_degrees(angle.unwrap_or(0.0)).then(&look.base);
    let (to_scan, extent) = framed(&turned, &look.sheet.outline);
    let outline = look.sheet.outline.mapped(&to_scan.inverse());
    let ink = ink(&grey, &to_scan, extent, &outline);
    let colour = colour(&image.pixels, &to_scan, extent, &outline);
    let skew = angle.map(|_| SkewAngle(direction(&to_scan, extent)));
    let problems = if skew.is_none() { vec![PageProblem::SkewUnsure] } else { Vec::new() };
    UprightPage { ink, colour, to_scan, skew, problems }
}

/// What a first look at a scan finds.
struct Look {
    sheet: Sheet,
    /// From the flat sheet (perspective undone, not yet turned) to the scan.
    base: Projection,
    witnesses: Witnesses,
}

impl Look {
    /// Finds the sheet and hears what its lines say about the angle.
    fn at(pixels: &DynamicImage, grey: &GrayImage) -> Self {
        let sheet = find_sheet(pixels, grey);
        let perspective = sheet.perspective();
        let base = perspective.clone().unwrap_or_else(Projection::identity);
        let (to_scan, extent) = framed(&base, &sheet.outline);
        let factor = (MEASURED_LONG_SIDE / f64::from(extent.0.max(extent.1))).min(1.0);
        let (width, height) = tone::scaled_extent(extent.0, extent.1, factor);
        let to_scan = Projection::scaling(
            f64::from(extent.0) / f64::from(width),
            f64::from(extent.1) / f64::from(height),
        )
        .then(&to_scan);
        let outline = sheet.outline.mapped(&to_scan.inverse());
        let mut page = resampled(grey, &to_scan, (width, height), &outline);
        let rim = RIM * f64::from(width.max(height));
        light::even_out(&mut page, &outline.shrunk(rim));
        let edges = edge_angle(&sheet, &base);
        let witnesses = Witnesses::hear(&page, edges);
        Self { sheet, base, witnesses }
    }
}

/// Looks for the sheet on a small copy of the scan.
fn find_sheet(pixels: &DynamicImage, grey: &GrayImage) -> Sheet {
    let (width, height) = (grey.width(), grey.height());
    let factor = (sheet::COPY / f64::from(width.max(height))).min(1.0);
    let small = tone::scaled_extent(width, height, factor);
    match pixels {
        DynamicImage::ImageRgb8(colour) => {
            let copy = tone::shrink_colour(colour, small.0, small.1);
            sheet::find_sheet(&Copy::Colour(&copy), width, height)
        }
        _ => {
            let copy = tone::shrink_grey(grey, small.0, small.1);
            sheet::find_sheet(&Copy::Grey(&copy), width, height)
        }
    }
}

/// The angle of the sheet's edges once `base` is undone: of its top and bottom against the rows, of
/// its sides against the columns, when they agree.
fn edge_angle(sheet: &Sheet, base: &Projection) -> Option<f64> {
    let back = base.inverse();
    let corners = sheet.corners?.map(|corner| back.apply(corner));
    let way = |a: usize, b: usize| (corners[b].x - corners[a].x, corners[b].y - corners[a].y);
    let across = [way(0, 1), way(3, 2)].map(|(x, y)| y.atan2(x).to_degrees());
    let down = [way(0, 3), way(1, 2)].map(|(x, y)| (-x).atan2(y).to_degrees());
    let all = [across[0], across[1], down[0], down[1]];
    let mean = all.iter().sum::<f64>() / 4.0;
    all.iter().all(|angle| (angle - mean).abs() < 0.5).then_some(mean)
}

/// `map` moved and scaled so that the page starts at its first pixel, holds all of `outline` (in
/// pixels of the scan) and not too many pixels; and the extent of the page.
fn framed(map: &Projection, outline: &Outline) -> (Projection, (u32, u32)) {
    let (low, high) = outline.mapped(&map.inverse()).extremes();
    let (width, height) = ((high.x - low.x).max(1.0), (high.y - low.y).max(1.0));
    let factor = (MOST_PIXELS / (width * height)).sqrt().min(1.0);
    let extent = tone::scaled_extent(width.round() as u32, height.round() as u32, factor);
    let framed = Projection::scaling(width / f64::from(extent.0), height / f64::from(extent.1))
        .then(&Projection::translation(low.x, low.y))
        .then(map);
    (framed, extent)
}

/// How many pixels of the scan lie under one of the page, along its middle.
fn coarseness(to_scan: &Projection, extent: (u32, u32)) -> f64 {
    let (x, y) = (f64::from(extent.0) / 2.0, f64::from(extent.1) / 2.0);
    let (a, b) = (to_scan.apply(Point { x, y }), to_scan.apply(Point { x: x + 1.0, y }));
    (a.x - b.x).hypot(a.y - b.y)
}

/// The direction of the page's rows on the scan, at its middle, in degrees.
fn direction(to_scan: &Projection, extent: (u32, u32)) -> f64 {
    let (x, y) = (f64::from(extent.0) / 2.0, f64::from(extent.1) / 2.0);
    let (a, b) = (to_scan.apply(Point { x, y }), to_scan.apply(Point { x: x + 1.0, y }));
    (b.y - a.y).atan2(b.x - a.x).to_degrees()
}

/// The grey page as it lies under `to_scan`, light not yet evened.
fn resampled(grey: &GrayImage, to_scan: &Projection, extent: (u32, u32), outline: &Outline) -> GrayImage {
    let shrunk = shrink_to(grey.width(), grey.height(), coarseness(to_scan, extent));
    let source = match shrunk {
        Some((width, height)) => Cow::Owned(tone::shrink_grey(grey, width, height)),
        None => Cow::Borrowed(grey),
    };
    let to_source =
        to_scan.then(&rescaling((grey.width(), grey.height()), (source.width(), source.height())));
    warp::warp_grey(&source, &to_source, extent, outline, 0)
}

/// The extent a scan is shrunk to before resampling, when a page pixel covers many of its pixels.
fn shrink_to(width: u32, height: u32, coarseness: f64) -> Option<(u32, u32)> {
    (coarseness > 1.35).then(|| tone::scaled_extent(width, height, 1.0 / coarseness))
}

/// The map from a picture of extent `from` to its copy of extent `to`.
fn rescaling(from: (u32, u32), to: (u32, u32)) -> Projection {
    Projection::scaling(f64::from(to.0) / f64::from(from.0), f64::from(to.1) / f64::from(from.1))
}

/// The page for reading.
fn ink(grey: &GrayImage, to_scan: &Projection, extent: (u32, u32), outline: &Outline) -> GrayImage {
    let mut ink = resampled(grey, to_scan, extent, outline);
    light::even_out(&mut ink, outline);
    ink
}

/// The page for people.
fn colour(pixels: &DynamicImage, to_scan: &Projection, extent: (u32, u32), outline: &Outline) -> RgbImage {
    let factor = (COLOUR_LONG_SIDE / f64::from(extent.0.max(extent.1))).min(1.0);
    let small = tone::scaled_extent(extent.0, extent.1, factor);
    let to_page = rescaling(small, extent);
    let outline = outline.mapped(&to_page.inverse());
    let to_scan = to_page.then(to_scan);
    let colour = match pixels {
        DynamicImage::ImageRgb8(colour) => Cow::Borrowed(colour),
        other => Cow::Owned(other.to_rgb8()),
    };
    let shrunk = shrink_to(colour.width(), colour.height(), coarseness(&to_scan, small));
    let source = match shrunk {
        Some((width, height)) => Cow::Owned(tone::shrink_colour(&colour, width, height)),
        None => Cow::Borrowed(colour.as_ref()),
    };
    let extents = ((colour.width(), colour.height()), (source.width(), source.height()));
    warp::warp_colour(&source, &to_scan.then(&rescaling(extents.0, extents.1)), small, &outline, 255)
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
