//! Takes red seals out of the grey in which ink is looked for, so that what is written or printed
//! under a seal stands alone. Only what is round as a seal goes: notes in red ink stay.

use image::{GrayImage, RgbImage};
use imageproc::region_labelling::{Connectivity, connected_components};

use crate::domain::Rectangle;

/// Cells of the coarse look along the long side of the scan: about a millimetre each.
const CELLS: u32 = 300;
/// A pixel is red when red is brighter than green by so many levels more than in the paper.
const RED: i32 = 26;
/// A cell is red when this share of its pixels is.
const RED_CELL: f64 = 0.08;
/// The least and the greatest width and height of a seal, in cells; it may be seen aslant.
const SIZE: std::ops::RangeInclusive<i32> = 14..=90;
const ASLANT: f64 = 1.6;
/// The rim of a seal, as shares of its half width and height.
const RIM: std::ops::Range<f64> = 0.78..1.12;
/// The rim is looked for in so many directions and must be seen in so many of them.
const DIRECTIONS: usize = 24;
const SEEN: usize = 16;
/// Shares of the red cells: more lie on the rim than this, ...
const ON_RIM: f64 = 0.25;
/// ... and no more outside it than this.
const OUTSIDE: f64 = 0.06;

/// Makes the seals on `colour` paper in `grey`, its reading grey.
pub(super) fn remove(colour: &RgbImage, grey: &mut GrayImage) {
    let cell = (colour.width().max(colour.height()) / CELLS).max(1);
    let paper = paper_redness(colour, cell);
    for place in seals(&red_cells(colour, cell, paper)) {
        lighten(colour, grey, Rectangle::from(<[i32; 4]>::from(place).map(|at| at * cell as i32)), paper);
    }
}

/// How much brighter red is than green.
fn redness(pixel: &image::Rgb<u8>) -> i32 {
    i32::from(pixel[0]) - i32::from(pixel[1])
}

/// The redness that half of the page stays below.
fn paper_redness(colour: &RgbImage, step: u32) -> i32 {
    let rows = (0..colour.height()).step_by(step as usize);
    let places = rows.flat_map(|y| (0..colour.width()).step_by(step as usize).map(move |x| (x, y)));
    let mut all: Vec<i32> = places.map(|(x, y)| redness(colour.get_pixel(x, y))).collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or(0)
}

/// The cells with red in them: 255, all others 0. Every second pixel is looked at.
fn red_cells(colour: &RgbImage, cell: u32, paper: i32) -> GrayImage {
    let (columns, rows) = (colour.width().div_ceil(cell), colour.height().div_ceil(cell));
    let mut counts = vec![(0_u32, 0_u32); (columns * rows) as usize];
    for y in (0..colour.height()).step_by(2) {
        for x in (0..colour.width()).step_by(2) {
            let (red, all) = &mut counts[(y / cell * columns + x / cell) as usize];
            *red += u32::from(redness(colour.get_pixel(x, y)) > paper + RED);
            *all += 1;
        }
    }
    let tone = |(red, all): &(u32, u32)| {
        if f64::from(*red) > RED_CELL * f64::from(*all) { 255 } else { 0 }
    };
    GrayImage::from_raw(columns, rows, counts.iter().map(tone).collect()).unwrap_or_default()
}

/// The places of the seals among the red cells, in cells. Writing across a seal parts it by no more than
/// four cells.
fn seals(red: &GrayImage) -> Vec<Rectangle> {
    let joined = imageproc::morphology::dilate(red, imageproc::distance_transform::Norm::LInf, 2);
    let pieces = connected_components(&joined, Connectivity::Eight, image::Luma([0]));
    let count = pieces.pixels().map(|piece| piece[0]).max().unwrap_or(0) as usize;
    let mut cells: Vec<Vec<(i32, i32)>> = vec![Vec::new(); count + 1];
    for (x, y, piece) in pieces.enumerate_pixels() {
        if red.get_pixel(x, y)[0] > 0 {
            cells[piece[0] as usize].push((x as i32, y as i32));
        }
    }
    cells.iter().skip(1).filter_map(|cells| seal(cells)).collect()
}

/// The place of a seal that these cells are, when they are one.
fn seal(cells: &[(i32, i32)]) -> Option<Rectangle> {
    let dots = cells.iter().map(|(x, y)| Rectangle::new(*x, *y, x + 1, y + 1));
    let place = dots.reduce(|a, b| a.union(&b))?;
    let (width, height) = (place.width(), place.height());
    let aslant = f64::from(width.max(height)) / f64::from(width.min(height).max(1));
    if !SIZE.contains(&width) || !SIZE.contains(&height) || aslant > ASLANT {
        return None;
    }
    let mut seen = [false; DIRECTIONS];
    let (mut on_rim, mut outside) = (0, 0);
    for cell in cells {
        let (x, y) = from_middle(place, f64::from(cell.0) + 0.5, f64::from(cell.1) + 0.5);
        let away = x.hypot(y);
        if RIM.contains(&away) {
            let turn = (y.atan2(x) / std::f64::consts::TAU + 0.5) * DIRECTIONS as f64;
            seen[(turn as usize).min(DIRECTIONS - 1)] = true;
            on_rim += 1;
        }
        outside += usize::from(away >= RIM.end);
    }
    let share = |count: usize| count as f64 / cells.len() as f64;
    let round = seen.iter().filter(|seen| **seen).count() >= SEEN;
    (round && share(on_rim) >= ON_RIM && share(outside) <= OUTSIDE).then_some(place)
}

/// A place against the middle of a rectangle, in halves of its width and height.
fn from_middle(place: Rectangle, x: f64, y: f64) -> (f64, f64) {
    let middle = |from: i32, to: i32| f64::from(from + to) / 2.0;
    let half = |length: i32| f64::from(length.max(1)) / 2.0;
    (
        (x - middle(place.left, place.right)) / half(place.width()),
        (y - middle(place.top, place.bottom)) / half(place.height()),
    )
}

/// Takes out of `grey` what is red under a seal: as much as most of the seal needs to be paper.
fn lighten(colour: &RgbImage, grey: &mut GrayImage, place: Rectangle, paper: i32) {
    let place = place.within(grey.width(), grey.height());
    let rows = place.top as u32..place.bottom as u32;
    let under: Vec<(u32, u32)> = rows
        .flat_map(|y| (place.left as u32..place.right as u32).map(move |x| (x, y)))
        .filter(|(x, y)| {
            let (across, down) = from_middle(place, f64::from(*x), f64::from(*y));
            across.hypot(down) < RIM.end
        })
        .collect();
    let red = |place: &(u32, u32)| redness(colour.get_pixel(place.0, place.1)) - paper;
    let mut plain: Vec<u8> =
        under.iter().filter(|at| red(at) < RED / 2).map(|at| grey.get_pixel(at.0, at.1)[0]).collect();
    plain.sort_unstable();
    let Some(white) = plain.get(plain.len() * 2 / 3).copied().map(f64::from) else { return };
    let lacks = |at: &(u32, u32)| (white - f64::from(grey.get_pixel(at.0, at.1)[0])) / f64::from(red(at));
    let mut shares: Vec<f64> = under.iter().filter(|at| red(at) > RED).map(lacks).collect();
    shares.sort_by(f64::total_cmp);
    let Some(share) = shares.get(shares.len() / 2).copied() else { return };
    for at in under.iter().filter(|at| red(at) > RED / 4) {
        let pixel = &mut grey.get_pixel_mut(at.0, at.1)[0];
        *pixel =
            (f64::from(*pixel) + share.max(0.0) * f64::from(red(at))).min(white.max(f64::from(*pixel))) as u8;
    }
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Rgb, RgbImage};

    use super::super::tone::mix;
    use super::remove;

    const PAPER: Rgb<u8> = Rgb([236, 228, 210]);
    const RED: Rgb<u8> = Rgb([214, 120, 112]);
    const INK: Rgb<u8> = Rgb([60, 60, 110]);

    /// A sheet with a ring (and a word in ink across it) or a block of red writing.
    fn sheet(ring: bool) -> RgbImage {
        RgbImage::from_fn(420, 600, |x, y| {
            let away = (f64::from(x) - 200.0).hypot(f64::from(y) - 300.0);
            let written = (296..302).contains(&y) && (150..250).contains(&x);
            let block = (280..330).contains(&y) && (120..300).contains(&x) && y % 16 < 4;
            match ring {
                true if written => INK,
                true if (34.0..40.0).contains(&away) || away < 10.0 => RED,
                false if block => RED,
                _ => PAPER,
            }
        })
    }

    fn read(ring: bool) -> (GrayImage, GrayImage) {
        let colour = sheet(ring);
        let before = mix(&colour);
        let mut after = before.clone();
        remove(&colour, &mut after);
        (before, after)
    }

    #[test]
    fn a_seal_goes_and_the_ink_under_it_stays() {
        let (before, after) = read(true);
        assert!(before.get_pixel(200, 337)[0] < 180);
        assert!(after.get_pixel(200, 337)[0] > 220);
        assert_eq!(after.get_pixel(200, 299), before.get_pixel(200, 299));
    }

    #[test]
    fn red_writing_stays() {
        let (before, after) = read(false);
        assert_eq!(before, after);
    }
}
