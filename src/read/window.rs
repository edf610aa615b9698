//! The piece of a page around a region, and which of its pixels are ink.

use image::{GrayImage, Luma, imageops};

use super::scale::Scale;
use crate::domain::{Rectangle, UprightPage};

/// How the paper and the ink of a window look, in grey levels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tone {
    /// The paper.
    pub paper: f64,
    /// Standard deviation of the paper.
    pub noise: f64,
    /// The darkest hundredth of the window: its ink, when it has any.
    pub dark: f64,
}

/// Ink is darker than the paper by at least this many grey levels, however clean the paper.
const LEAST_DEPTH: f64 = 16.0;
/// ... and by this many standard deviations of the paper,
const NOISE_DEPTH: f64 = 4.5;
/// ... and by this share of the depth of the darkest ink: below the half, because a typewriter's
/// ribbon and a pen vary within a word.
const INK_DEPTH: f64 = 0.24;

impl Tone {
    /// Measured on `grey`.
    fn of(grey: &GrayImage) -> Self {
        let mut counts = [0usize; 256];
        for pixel in grey.as_raw() {
            counts[usize::from(*pixel)] += 1;
        }
        let paper = quantile(&counts, 0.6);
        let mut distances = [0usize; 256];
        for (grey, count) in counts.iter().enumerate() {
            distances[(grey as f64 - paper).abs() as usize] += count;
        }
        // 1.48 times the median distance is the standard deviation of a normal distribution.
        Self { paper, noise: 1.48 * quantile(&distances, 0.4), dark: quantile(&counts, 0.01) }
    }

    /// The lightest grey that is darker than rough paper.
    fn rough_threshold(&self) -> f64 {
        self.paper - (NOISE_DEPTH * self.noise).max(LEAST_DEPTH)
    }

    /// The lightest grey that counts as ink.
    pub(super) fn threshold(&self) -> f64 {
        self.rough_threshold().min(self.paper - (self.paper - self.dark) * INK_DEPTH)
    }
}

/// Width, in millimetres, of the strips of a window that are looked at for themselves.
const STRIP: f64 = 4.0;
/// A strip is at most so many grey levels darker than the whole: what is darker still is writing.
const DARKEST_STRIP: f64 = 70.0;

/// The lightest grey that counts as ink, for each column of `place` around `area`: `usual`, or less
/// where a fold or a shadow left the paper darker or rougher than in the rest.
fn limits(page: &UprightPage, area: Rectangle, place: Rectangle, strip: i32, usual: f64) -> Vec<f64> {
    let strip = strip.max(8);
    let limit = |n: i32| {
        let left = area.left.max(place.left + n * strip - strip / 2);
        let strip = Rectangle { left, right: (left + 2 * strip).min(area.right), ..area };
        let tone = (strip.width() >= 8).then(|| Tone::of(&crop(&page.ink, strip)));
        let own = tone.map(|tone| tone.rough_threshold());
        own.filter(|own| *own > usual - DARKEST_STRIP).map_or(usual, |own| own.min(usual))
    };
    let limits: Vec<f64> = (0..=place.width() / strip).map(limit).collect();
    (0..place.width()).map(|x| limits[(x / strip) as usize]).collect()
}

/// The grey level below which `share` of the pixels lie.
fn quantile(counts: &[usize; 256], share: f64) -> f64 {
    let wanted = share * counts.iter().sum::<usize>() as f64;
    let mut seen = 0;
    for (grey, count) in counts.iter().enumerate() {
        seen += count;
        if seen as f64 >= wanted && seen > 0 {
            return grey as f64;
        }
    }
    255.0
}

/// A region of the page with some surroundings.
pub(super) struct Window {
    /// The grey pixels.
    pub grey: GrayImage,
    /// Ink 255, paper 0; the stages of cleaning take ink away.
    pub mask: GrayImage,
    /// The region proper, in pixels of the window.
    pub region: Rectangle,
    /// The window on the page.
    pub place: Rectangle,
    /// How paper and ink look here.
    pub tone: Tone,
}

impl Window {
    /// The window around `area` with `margin` pixels (columns, rows) more on each side; none when
    /// `area` covers no pixel of the page.
    pub(super) fn cut(page: &UprightPage, area: Rectangle, margin: (i32, i32), scale: Scale) -> Option<Self> {
        let (width, height) = page.ink.dimensions();
        let area = area.within(width, height);
        if area.is_empty() {
            return None;
        }
        let place = Rectangle::new(
            area.left - margin.0,
            area.top - margin.1,
            area.right + margin.0,
            area.bottom + margin.1,
        )
        .within(width, height);
        let grey = crop(&page.ink, place);
        let tone = Tone::of(&crop(&page.ink, area));
        let threshold = tone.threshold().min(tone.paper - scale.faintest_ink());
        let limits = limits(page, area, place, (STRIP * scale.millimetre) as i32, threshold);
        let mask = GrayImage::from_fn(grey.width(), grey.height(), |x, y| {
            Luma([if f64::from(grey.get_pixel(x, y).0[0]) < limits[x as usize] { 255 } else { 0 }])
        });
        let region = moved(area, -place.left, -place.top);
        Some(Self { grey, mask, region, place, tone })
    }

    /// `rectangle`, given in pixels of the window, in pixels of the page.
    pub(super) fn on_page(&self, rectangle: Rectangle) -> Rectangle {
        moved(rectangle, self.place.left, self.place.top)
    }
}

fn moved(r: Rectangle, dx: i32, dy: i32) -> Rectangle {
    Rectangle::new(r.left + dx, r.top + dy, r.right + dx, r.bottom + dy)
}

/// The part of `image` under `place`, which must lie within it.
fn crop(image: &GrayImage, place: Rectangle) -> GrayImage {
    let (left, top) = (place.left.max(0) as u32, place.top.max(0) as u32);
    imageops::crop_imm(image, left, top, place.width() as u32, place.height() as u32).to_image()
}
