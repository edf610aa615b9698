//! The look at a picture while the book still lies on the table: take it again or go on?

use std::borrow::Cow;

use image::GrayImage;
use serde::{Deserialize, Serialize};

use super::light;
use super::look::Look;
use super::quality;
use super::sheet::Sheet;
use super::tone;
use crate::domain::{PageProblem, Projection, ScanImage, SkewAngle};

/// Long side, in pixels, of the copy on which the frame is looked at.
const COPY: f64 = 1300.0;
/// Marks along the frame that are writing cut through, at least.
const LEAST_MARKS: usize = 4;
/// A mark along the frame longer than this share of it is a shadow, not writing.
const LONGEST_MARK: f64 = 0.03;
/// Grey values of an evened-out page that are ink.
const INK: u8 = 150;
/// Three edges stepping by this many grey values show the sheet on a desk.
const PLAIN_EDGE: f64 = 25.0;
/// Paper runs on to the frame when it differs by less than this many grey values from the middle.
const SAME_PAPER: f64 = 12.0;

/// A side of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Left.
    Left,
    /// Top.
    Top,
    /// Right.
    Right,
    /// Bottom.
    Bottom,
}

impl Side {
    /// Every side, in the order edges are kept.
    const ALL: [Self; 4] = [Self::Left, Self::Top, Self::Right, Self::Bottom];
}

/// What a picture is like, for the person who took it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// The angle the page lies at; none when unsure.
    pub skew: Option<SkewAngle>,
    /// 0 sharp .. 1 hopeless: how little of the contrast between ink and paper the steepest edges
    /// gain within one pixel (0 at 45 % and more, 1 at 12 % and less).
    pub blur: f64,
    /// Sides on which the sheet runs out of the picture or writing is cut through by its frame.
    pub cut_edges: Vec<Side>,
    /// What is wrong.
    pub problems: Vec<PageProblem>,
}

/// Looks at a picture without straightening it. Cannot fail.
#[must_use]
pub fn inspect(image: &ScanImage) -> Inspection {
    let grey = tone::reading_grey(&image.pixels);
    if grey.width() == 0 || grey.height() == 0 {
        let problems = vec![PageProblem::LowResolution];
        return Inspection { skew: None, blur: 0.0, cut_edges: Vec::new(), problems };
    }
    let look = Look::at(&image.pixels, &grey);
    let (_, skew) = look.upright();
    let quality = quality::judge(image, &grey, &look.sheet);
    let cut_edges = cut_edges(&grey, &look.sheet);
    let blur = quality.blur;
    let mut problems = look.problems(quality);
    if !cut_edges.is_empty() {
        problems.push(PageProblem::CutEdges);
    }
    Inspection { skew, blur, cut_edges, problems }
}

/// The sides on which something is cut off.
fn cut_edges(grey: &GrayImage, sheet: &Sheet) -> Vec<Side> {
    let factor = (COPY / f64::from(grey.width().max(grey.height()))).min(1.0);
    let (width, height) = tone::scaled_extent(grey.width(), grey.height(), factor);
    let small =
        if factor < 1.0 { Cow::Owned(tone::shrink_grey(grey, width, height)) } else { Cow::Borrowed(grey) };
    let to_small = Projection::scaling(
        f64::from(width) / f64::from(grey.width()),
        f64::from(height) / f64::from(grey.height()),
    );
    let mut even = small.clone().into_owned();
    light::even_out(&mut even, &sheet.outline.mapped(&to_small));
    let sides = Side::ALL.into_iter().enumerate();
    let cut = |(index, side): &(usize, Side)| {
        sheet.sides[*index].is_none()
            && (marks(&frame_line(&even, *side)) >= LEAST_MARKS || runs_out(&small, sheet, *side))
    };
    sides.filter(cut).map(|(_, side)| side).collect()
}

/// The pixels along a side, just inside the frame.
fn frame_line(picture: &GrayImage, side: Side) -> Vec<u8> {
    const INSIDE: u32 = 2;
    let (width, height) = (picture.width(), picture.height());
    let (x, y) = (INSIDE.min(width - 1), INSIDE.min(height - 1));
    let at = |x: u32, y: u32| picture.get_pixel(x, y).0[0];
    match side {
        Side::Left => (0..height).map(|row| at(x, row)).collect(),
        Side::Right => (0..height).map(|row| at(width - 1 - x, row)).collect(),
        Side::Top => (0..width).map(|column| at(column, y)).collect(),
        Side::Bottom => (0..width).map(|column| at(column, height - 1 - y)).collect(),
    }
}

/// Short dark marks along a line of pixels.
fn marks(line: &[u8]) -> usize {
    let longest = (line.len() as f64 * LONGEST_MARK).max(4.0) as usize;
    line.split(|value| *value >= INK).filter(|run| (1..=longest).contains(&run.len())).count()
}

/// Whether the sheet lies on a desk, seen on the three other sides, and its paper goes on to the
/// frame on this one.
fn runs_out(picture: &GrayImage, sheet: &Sheet, side: Side) -> bool {
    let mut others = Side::ALL.into_iter().enumerate().filter(|(_, other)| *other != side);
    let plain = |(index, _): (usize, Side)| sheet.sides[index].is_some_and(|step| step >= PLAIN_EDGE);
    let usual = |mut line: Vec<u8>| {
        line.sort_unstable();
        f64::from(line[line.len() / 2])
    };
    let inside = usual(picture.as_raw().clone());
    others.all(plain) && (usual(frame_line(picture, side)) - inside).abs() < SAME_PAPER
}
