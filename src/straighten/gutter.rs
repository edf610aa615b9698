//! Two-page spreads: the fold of an open book, or the empty band between its pages.

use image::GrayImage;
use image::imageops::crop_imm;

use super::closing::closed;
use super::tone::{mix, scaled_extent, shrink_grey};
use crate::domain::{Projection, UprightPage};

/// A page narrower than this many heights is no spread.
const LEAST_RATIO: f64 = 1.15;
/// The gutter lies in this part of the width.
const MIDDLE: std::ops::Range<f64> = 0.4..0.6;
/// Columns of the copy the gutter is looked for on.
const COPY: u32 = 960;
/// Marks narrower than twice this and one are writing and rulings, not shadow.
const MARK_RADIUS: usize = 3;
/// The page is looked at in this many bands, one above the other.
const BANDS: usize = 8;
/// Bands that must show the fold in one place.
const AGREEING_BANDS: usize = 6;
/// How far, as a share of the width, the fold may wander from band to band.
const WANDER: f64 = 0.015;
/// The shadow of a fold is compared with the paper this share of the width away.
const SHADOW: f64 = 0.05;
/// How much darker the fold is than the paper on both sides, as a share of it.
const DEPTH: f64 = 0.04;
/// Half the distance, in pixels of the copy, over which the shadow's flanks are measured.
const STEP: usize = 3;
/// A flank this many times as steep as the other is the edge of a page.
const STEEPER: f64 = 1.5;
/// An empty band between pages is at least this share of the width.
const LEAST_BAND: f64 = 0.025;
/// On either side of an empty band, this share of the columns must hold writing.
const LEAST_WRITING: f64 = 0.3;

/// The two pages of a spread, left and right, when a gutter is seen: the shadow of a fold near the
/// middle of a landscape page, else an empty band there with writing on both sides.
#[must_use]
pub fn halves(page: &UprightPage) -> Option<[UprightPage; 2]> {
    let (width, height) = (f64::from(page.ink.width()), f64::from(page.ink.height()));
    if width < LEAST_RATIO * height {
        return None;
    }
    let gutter = fold(&mix(&page.colour)).or_else(|| empty_band(&page.ink))?;
    Some([part(page, 0.0, gutter), part(page, gutter, 1.0)])
}

/// The part of a page between two shares of its width.
fn part(page: &UprightPage, from: f64, to: f64) -> UprightPage {
    let columns = |width: u32| {
        let at = |share: f64| (f64::from(width) * share).round() as u32;
        (at(from), (at(to) - at(from)).max(1))
    };
    let (left, width) = columns(page.ink.width());
    let (colour_left, colour_width) = columns(page.colour.width());
    UprightPage {
        ink: crop_imm(&page.ink, left, 0, width, page.ink.height()).to_image(),
        colour: crop_imm(&page.colour, colour_left, 0, colour_width, page.colour.height()).to_image(),
        to_scan: Projection::translation(f64::from(left), 0.0).then(&page.to_scan),
        skew: page.skew,
        problems: page.problems.clone(),
    }
}

/// Where, as a share of the width, a dark fold runs down the picture.
fn fold(picture: &GrayImage) -> Option<f64> {
    let (width, height) = (picture.width().min(COPY), picture.height());
    let factor = f64::from(width) / f64::from(picture.width().max(1));
    let small = shrink_grey(picture, width, scaled_extent(width, height, factor).1);
    let paper = closed(&small, MARK_RADIUS);
    let band = paper.height() as usize / BANDS;
    if band == 0 {
        return None;
    }
    let mut places: Vec<f64> = (0..BANDS).filter_map(|index| valley(&paper, index * band, band)).collect();
    places.sort_by(f64::total_cmp);
    let middle = *places.get(places.len() / 2)?;
    let agreeing: Vec<f64> = places.into_iter().filter(|place| (place - middle).abs() <= WANDER).collect();
    (agreeing.len() >= AGREEING_BANDS).then(|| agreeing.iter().sum::<f64>() / agreeing.len() as f64)
}

/// Where, as a share of the width, the deepest shadow of the rows from `top` on lies.
fn valley(paper: &GrayImage, top: usize, rows: usize) -> Option<f64> {
    let width = paper.width() as usize;
    let lines = &paper.as_raw()[top * width..(top + rows) * width];
    let mean =
        |x: usize| lines.iter().skip(x).step_by(width).map(|v| f64::from(*v)).sum::<f64>() / rows as f64;
    let profile: Vec<f64> = (0..width).map(mean).collect();
    let away = (SHADOW * width as f64) as usize;
    let at = |share: f64| (share * width as f64) as usize;
    let depth = |x: usize| {
        let beside = profile.get(x.checked_sub(away)?)?.min(*profile.get(x + away)?);
        Some((beside - profile[x]) / beside.max(1.0))
    };
    let deepest = (at(MIDDLE.start)..at(MIDDLE.end)).filter_map(|x| Some((x, depth(x)?)));
    let (x, depth) = deepest.max_by(|a, b| a.1.total_cmp(&b.1))?;
    (depth >= DEPTH).then(|| fold_line(&profile, x, away / 2) / width as f64)
}

/// Where the fold lies in the shadow deepest at `x`: there, when it fades alike to both sides; when
/// one page turns into the dark and the other begins bright, at the step between them.
fn fold_line(profile: &[f64], x: usize, reach: usize) -> f64 {
    let steepest = |range: std::ops::Range<usize>| {
        let rise = |at: usize| {
            (profile[(at + STEP).min(profile.len() - 1)] - profile[at.saturating_sub(STEP)]).abs()
        };
        range.map(|at| (at, rise(at))).max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((x, 0.0))
    };
    let (left, right) =
        (steepest(x.saturating_sub(reach)..x), steepest(x + 1..(x + reach).min(profile.len())));
    match (left, right) {
        ((_, left), (at, right)) if right > STEEPER * left => at as f64 + 0.5,
        ((at, left), (_, right)) if left > STEEPER * right => at as f64 + 0.5,
        _ => x as f64 + 0.5,
    }
}

/// Where, as a share of the width, an empty band separates two blocks of writing.
fn empty_band(ink: &GrayImage) -> Option<f64> {
    let factor = (f64::from(COPY) / f64::from(ink.width().max(1))).min(1.0);
    let (width, height) = scaled_extent(ink.width(), ink.height(), factor);
    let small = shrink_grey(ink, width, height);
    let mut dark = vec![0_u32; width as usize];
    for row in small.as_raw().chunks_exact(width as usize) {
        dark.iter_mut().zip(row).for_each(|(count, value)| *count += u32::from(*value < 200));
    }
    let empty = |x: usize| dark[x] == 0;
    let middle = (MIDDLE.start * f64::from(width)) as usize..(MIDDLE.end * f64::from(width)) as usize;
    let (mut best, mut start) = (0..0, middle.start);
    for x in middle.clone() {
        if !empty(x) {
            start = x + 1;
        } else if x + 1 - start > best.len() {
            best = start..x + 1;
        }
    }
    let written = |columns: std::ops::Range<usize>| {
        let total = columns.len().max(1);
        columns.filter(|x| dark[*x] > 1).count() as f64 / total as f64
    };
    let believable = best.len() as f64 >= LEAST_BAND * f64::from(width)
        && written(0..best.start) >= LEAST_WRITING
        && written(best.end..width as usize) >= LEAST_WRITING;
    believable.then(|| (best.start + best.end) as f64 / 2.0 / f64::from(width))
}
