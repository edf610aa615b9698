//! What is wrong with a picture, judged before anything is read from it.

use image::{DynamicImage, GrayImage};

use super::outline::Outline;
use super::sheet::Sheet;
use super::tone;
use crate::domain::{PageProblem, ScanImage};

/// Side of the squares the picture is judged by, in pixels.
const TILE: usize = 24;
/// About this many squares are looked at.
const TILES: usize = 6000;
/// A square whose darkest and lightest pixel differ by less is paper, in grey values.
const LEAST_CONTRAST: u8 = 30;
/// Share of a square's contrast its steepest edge gains within one pixel: sharp at and above.
const SHARP: f64 = 0.45;
/// The same share at which nothing can be read any more.
const HOPELESS: f64 = 0.12;
/// Blur from which on a page should be photographed again.
const BLURRED: f64 = 0.6;
/// Grey value from which on light has burnt out what was written.
const BURNT: u8 = 252;
/// Share of the sheet that may be burnt out.
const MOST_BURNT: f64 = 0.01;
/// Paper at least this bright may be burnt out by nature: a scanner's white.
const WHITE_PAPER: u8 = 235;
/// Ink weaker than this share of the paper is too faint to read well.
const FAINT: f64 = 0.16;
/// Contrast below this share of the paper is its grain: the sheet is blank.
const GRAIN: f64 = 0.08;
/// Paper darker than this grey value is too dark to read from.
const DARK_PAPER: u8 = 50;
/// Fewer pixels along the sheet's long side than an A4 page has at 120 dpi.
const LEAST_LONG_SIDE: f64 = 1400.0;
/// A stated resolution from which on a small sheet is small, not coarse.
const ENOUGH_DOTS: f64 = 150.0;

/// What a picture is like.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Quality {
    /// 0 sharp .. 1 hopeless.
    pub blur: f64,
    /// What is wrong.
    pub problems: Vec<PageProblem>,
}

/// One square of the sheet.
struct Tile {
    contrast: u8,
    lightest: u8,
    sharpness: f64,
}

/// Judges the picture of a sheet; `grey` is its reading grey.
pub(super) fn judge(image: &ScanImage, grey: &GrayImage, sheet: &Sheet) -> Quality {
    let tiles = tiles(grey, &sheet.outline);
    let paper = middle(tiles.iter().map(|tile| tile.lightest).collect()).unwrap_or(255);
    let blur = blur(&tiles);
    let (low, high) = sheet.outline.extremes();
    let small = (high.x - low.x).max(high.y - low.y) < LEAST_LONG_SIDE;
    let coarse = image.dots_per_inch.is_none_or(|dots| dots < ENOUGH_DOTS);
    let found = [
        (PageProblem::Blurred, blur > BLURRED),
        (PageProblem::Glare, paper < WHITE_PAPER && burnt(&image.pixels, &sheet.outline) > MOST_BURNT),
        (PageProblem::LowContrast, paper < DARK_PAPER || is_faint(&tiles, paper)),
        (PageProblem::LowResolution, small && coarse),
    ];
    let problems = found.into_iter().filter(|(_, is)| *is).map(|(problem, _)| problem).collect();
    Quality { blur, problems }
}

/// Squares spread evenly over the sheet.
fn tiles(grey: &GrayImage, sheet: &Outline) -> Vec<Tile> {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let rim = 0.01 * width.max(height) as f64;
    let inner = sheet.shrunk(rim);
    let step = ((width * height) as f64 / TILES as f64).sqrt().max(TILE as f64) as usize;
    let mut tiles = Vec::new();
    for top in (0..height.saturating_sub(TILE)).step_by(step) {
        let (upper, lower) =
            (inner.columns(top as u32, grey.width()), inner.columns((top + TILE) as u32, grey.width()));
        let (left, right) = (upper.start.max(lower.start) as usize, upper.end.min(lower.end) as usize);
        let mut x = left;
        while x + TILE < right {
            tiles.push(tile(grey.as_raw(), width, x, top));
            x += step;
        }
    }
    tiles
}

/// Contrast and steepest edge of the square at (`left`, `top`).
fn tile(pixels: &[u8], width: usize, left: usize, top: usize) -> Tile {
    let (mut darkest, mut lightest, mut steepest) = (255_u8, 0_u8, 0_u8);
    for y in top..top + TILE {
        let row = &pixels[y * width + left..y * width + left + TILE];
        let below = &pixels[(y + 1) * width + left..(y + 1) * width + left + TILE];
        for (pair, below) in row.windows(2).zip(below) {
            darkest = darkest.min(pair[0]);
            lightest = lightest.max(pair[0]);
            steepest = steepest.max(pair[0].abs_diff(pair[1])).max(pair[0].abs_diff(*below));
        }
    }
    let contrast = lightest.saturating_sub(darkest);
    Tile { contrast, lightest, sharpness: f64::from(steepest) / f64::from(contrast.max(1)) }
}

/// 0 when the edges of ink are as steep as a lens and a scanner make them, 1 when nothing can be
/// read: the share of the contrast between ink and paper that the steepest edge of a square gains
/// within one pixel, in the middle of the squares with the most contrast.
fn blur(tiles: &[Tile]) -> f64 {
    let strongest = tiles.iter().map(|tile| tile.contrast).max().unwrap_or(0);
    let least = LEAST_CONTRAST.max(strongest / 2);
    let mut sharpness: Vec<f64> =
        tiles.iter().filter(|tile| tile.contrast >= least).map(|tile| tile.sharpness).collect();
    sharpness.sort_by(f64::total_cmp);
    match sharpness.get(sharpness.len() / 2) {
        Some(middle) => ((SHARP - middle) / (SHARP - HOPELESS)).clamp(0.0, 1.0),
        None => 0.0,
    }
}

/// Whether there is ink, but hardly darker than the paper.
fn is_faint(tiles: &[Tile], paper: u8) -> bool {
    let mut contrasts: Vec<u8> = tiles.iter().map(|tile| tile.contrast).collect();
    contrasts.sort_unstable();
    let strong = contrasts.get(contrasts.len() * 97 / 100).copied().unwrap_or(0);
    let share = f64::from(strong) / f64::from(paper.max(1));
    (GRAIN..FAINT).contains(&share)
}

/// The share of the sheet's pixels in which every channel is burnt out.
fn burnt(pixels: &DynamicImage, sheet: &Outline) -> f64 {
    let (width, height) = (pixels.width(), pixels.height());
    let step = ((f64::from(width) * f64::from(height) / 200_000.0).sqrt() as usize).max(1);
    let (mut count, mut total) = (0_u32, 0_u32);
    for y in (0..height).step_by(step) {
        for x in sheet.columns(y, width).step_by(step) {
            count += u32::from(tone::darkest_channel(pixels, x, y) >= BURNT);
            total += 1;
        }
    }
    f64::from(count) / f64::from(total.max(1))
}

/// The middle one of some values.
fn middle(mut values: Vec<u8>) -> Option<u8> {
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}
