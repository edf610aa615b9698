//! The first look at a scan: where the sheet is, whether it is seen in perspective, at what angle
//! it lies.

use image::{DynamicImage, GrayImage};

use super::frame::Frame;
use super::light;
use super::perspective;
use super::quality::Quality;
use super::rulings::Lines;
use super::sheet::{self, Copy, Sheet};
use super::skew::Witnesses;
use super::tone;
use crate::domain::{PageProblem, Projection, SkewAngle};

/// Long side, in pixels, of the copy the angle is measured on.
const MEASURED_LONG_SIDE: f64 = 1300.0;
/// The outermost part of the sheet that is left out when the angle is measured, as a share of its
/// long side: shadows of its edge are no rulings.
const RIM: f64 = 0.008;
/// An angle below this, in degrees, is left in: witnesses may differ by as much, so that it is not
/// told from none and turning might do harm.
const STRAIGHT: f64 = 0.2;

/// What a first look at a scan finds.
pub(super) struct Look {
    /// The sheet.
    pub sheet: Sheet,
    /// From the flat sheet (perspective undone, not yet turned) to the scan.
    base: Projection,
    /// Whether `base` undoes a perspective.
    in_perspective: bool,
    /// The angle that remains once `base` is undone, in degrees; none when unsure.
    angle: Option<f64>,
}

impl Look {
    /// Finds the sheet and hears what its lines say about the angle.
    pub(super) fn at(pixels: &DynamicImage, grey: &GrayImage) -> Self {
        let sheet = find_sheet(pixels, grey);
        let (page, frame) = measured(grey, &sheet, &Projection::identity());
        let lines = Lines::of(&page);
        let segments = perspective::segments(&lines, &frame.to_scan);
        let seen = perspective::believed(&sheet, &segments).map(|base| {
            let (page, _) = measured(grey, &sheet, &base);
            (agreed(&page, Lines::of(&page), &sheet, &base, true), base)
        });
        match seen {
            // Where nothing agrees once a slight perspective is undone, it was no perspective but an
            // edge of something else, of the book below the page.
            Some((angle, base)) if angle.is_some() || perspective::plain(&sheet) => {
                Self { sheet, base, in_perspective: true, angle }
            }
            _ => {
                let base = Projection::identity();
                let angle = agreed(&page, lines, &sheet, &base, false);
                Self { sheet, base, in_perspective: false, angle }
            }
        }
    }

    /// The upright page, and the angle that is taken out.
    pub(super) fn upright(&self) -> (Frame, Option<SkewAngle>) {
        let angle = self.angle.filter(|angle| self.in_perspective || angle.abs() >= STRAIGHT);
        let turned = Projection::rotation_degrees(angle.unwrap_or(0.0)).then(&self.base);
        let frame = Frame::around(&self.sheet.outline, &turned);
        let skew = if self.in_perspective {
            self.angle.map(|_| perspective::turn(&frame.to_scan, frame.extent))
        } else {
            self.angle
        };
        (frame, skew.map(SkewAngle))
    }

    /// What a person should know of the page.
    pub(super) fn problems(&self, quality: Quality) -> Vec<PageProblem> {
        let unsure = self.angle.is_none().then_some(PageProblem::SkewUnsure);
        unsure.into_iter().chain(quality.problems).collect()
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

/// A small evened-out page for measuring, as it lies under `base`.
fn measured(grey: &GrayImage, sheet: &Sheet, base: &Projection) -> (GrayImage, Frame) {
    let frame = Frame::around(&sheet.outline, base).shrunk(MEASURED_LONG_SIDE);
    let outline = frame.outline(&sheet.outline);
    let mut page = frame.grey(grey, &outline, 0);
    let rim = RIM * f64::from(frame.extent.0.max(frame.extent.1));
    light::even_out(&mut page, &outline.shrunk(rim));
    (page, frame)
}

/// The angle the witnesses agree on on a page that lies under `base`.
fn agreed(
    page: &GrayImage,
    lines: Lines,
    sheet: &Sheet,
    base: &Projection,
    in_perspective: bool,
) -> Option<f64> {
    Witnesses::hear(page, lines, sheet.edge_angle(base), in_perspective).agreed()
}
