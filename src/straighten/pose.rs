//! Quarter turns: which way up a page may stand, likeliest first.

use image::imageops::{rotate90, rotate180, rotate270};

use super::skew::runs_down;
use super::tone;
use crate::domain::{Projection, UprightPage};

/// Long side, in pixels, of the copy on which the direction of the writing is looked for.
const COPY: f64 = 1300.0;

/// A turn, clockwise as seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Left as it stands.
    None,
    /// By 90 degrees.
    Quarter,
    /// By 180 degrees.
    Half,
    /// By 270 degrees.
    ThreeQuarters,
}

/// The page in each of its four poses, likeliest first: with its lines of writing across, then the
/// same upside down, then the other two. A pose is made only when it is asked for.
pub fn poses(page: UprightPage) -> impl Iterator<Item = UprightPage> {
    let factor = (COPY / f64::from(page.ink.width().max(page.ink.height()).max(1))).min(1.0);
    let (width, height) = tone::scaled_extent(page.ink.width(), page.ink.height(), factor);
    let order = if runs_down(&tone::shrink_grey(&page.ink, width, height)) {
        [Turn::Quarter, Turn::ThreeQuarters, Turn::None, Turn::Half]
    } else {
        [Turn::None, Turn::Half, Turn::Quarter, Turn::ThreeQuarters]
    };
    order.into_iter().map(move |turn| turned(&page, turn))
}

/// The page turned; the map to the scan follows.
pub(super) fn turned(page: &UprightPage, turn: Turn) -> UprightPage {
    let (width, height) = (f64::from(page.ink.width()), f64::from(page.ink.height()));
    let (ink, colour, back) = match turn {
        Turn::None => return page.clone(),
        Turn::Quarter => (
            rotate90(&page.ink),
            rotate90(&page.colour),
            [[0.0, 1.0, 0.0], [-1.0, 0.0, height], [0.0, 0.0, 1.0]],
        ),
        Turn::Half => (
            rotate180(&page.ink),
            rotate180(&page.colour),
            [[-1.0, 0.0, width], [0.0, -1.0, height], [0.0, 0.0, 1.0]],
        ),
        Turn::ThreeQuarters => (
            rotate270(&page.ink),
            rotate270(&page.colour),
            [[0.0, -1.0, width], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
        ),
    };
    let back = Projection::from_rows(back).unwrap_or_else(Projection::identity);
    UprightPage {
        ink,
        colour,
        to_scan: back.then(&page.to_scan),
        skew: page.skew,
        problems: page.problems.clone(),
    }
}
