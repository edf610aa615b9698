//! Takes seals out of the ink of a page where no colour tells them from it: the circles of their rim, and
//! what lies within that is paler than all writing.

use std::sync::LazyLock;

use image::{GrayImage, Luma};
use imageproc::distance_transform::Norm;
use imageproc::morphology::dilate;
use imageproc::region_labelling::{Connectivity, connected_components};

use super::tone::shrink_grey;
use crate::domain::Rectangle;

/// Pixels a millimetre of the copy on which circles are looked for.
const COPY: f64 = 1.5;
/// The least and the greatest radius of a rim, in millimetres.
const RADII: (f64, f64) = (10.0, 24.0);
/// A pixel of the copy lies on the edge of a stroke when the grey changes by so much over it.
const EDGE: f64 = 36.0;
/// So many edges of the copy point at the middle of a seal.
const POINTING: u32 = 90;
/// A page has at most so many seals.
const MOST: usize = 6;
/// A circle is drawn where there is ink in this share of its directions.
const DRAWN: f64 = 0.8;
/// Thin circles within it are, where there is in this one.
const DRAWN_WITHIN: f64 = 0.6;
/// The directions that are looked in, ...
const DIRECTIONS: usize = 120;
/// ... as steps right and down, each far from the one before it, so that a gap in a circle is met early, ...
static ALL_DIRECTIONS: LazyLock<[(f64, f64); DIRECTIONS]> = LazyLock::new(|| {
    std::array::from_fn(|n| {
        let turn = (n * 47 % DIRECTIONS) as f64 / DIRECTIONS as f64 * std::f64::consts::TAU;
        (turn.cos(), turn.sin())
    })
});
/// ... and how far, in millimetres, from the circle.
const BESIDE: f64 = 0.3;
/// How much higher than wide a circle may look on a page seen aslant.
const ASPECTS: [f64; 5] = [0.92, 0.96, 1.0, 1.04, 1.08];
/// Pixels darker than this are ink.
const INK: u8 = 236;
/// The rim is at most so many millimetres thick ...
const THICKEST: f64 = 1.3;
/// ... and leaves a circle by as many.
const OFF: f64 = 0.8;
/// Of a seal that was pressed unevenly some lies so many millimetres outside its circle.
const AROUND: f64 = 2.0;
/// A seal is paler than the writing by so many grey levels.
const PALER: f64 = 40.0;

/// The soft edge of a stroke is so many millimetres wide.
const SOFT: f64 = 0.15;
/// How high letters are, in millimetres.
const LETTER: std::ops::Range<f64> = 1.3..8.0;
/// More pale letters than these are writing.
const PALE_LETTERS: f64 = 0.05;

/// A circle, in pixels of the page.
#[derive(Debug, Clone, Copy)]
struct Circle {
    x: f64,
    y: f64,
    /// Half its width.
    radius: f64,
    /// Its width as a share of its height.
    aspect: f64,
}

impl Circle {
    /// How far a point is from the middle, as if the circle were round, and the direction away from it.
    fn away(&self, x: u32, y: u32) -> (f64, f64, f64) {
        let (dx, dy) = (f64::from(x) + 0.5 - self.x, (f64::from(y) + 0.5 - self.y) * self.aspect);
        let away = dx.hypot(dy);
        (away, dx / away.max(1.0), dy / away.max(1.0))
    }
}

/// Makes the seals of an evened-out page (paper near 255) paper: their circles, and their letters and
/// emblems where they are paler than the writing.
pub(super) fn remove(ink: &mut GrayImage) {
    let (width, height) = (f64::from(ink.width()), f64::from(ink.height()));
    let mm = if width > height { width / 420.0 } else { height / 297.0 };
    if mm < COPY {
        return;
    }
    for (x, y) in middles(ink, mm) {
        let Some(rim) = rim(ink, (x, y), mm) else { continue };
        let inner = widest(ink, &rim, (0.5 * rim.radius, rim.radius - 1.5 * mm), DRAWN_WITHIN, mm);
        let mut strokes = Strokes::of(ink, rim, mm);
        let writing = writing(ink);
        let between = (strokes.tone() + writing) / 2.0;
        if strokes.tone() - writing > PALER && !has_pale_writing(ink, rim, between, mm) {
            erase_pale(ink, rim, between, mm);
        } else {
            strokes
                .pixels
                .extend(inner.into_iter().flat_map(|(circle, _)| Strokes::of(ink, circle, mm).pixels));
            strokes.pixels.iter().for_each(|(x, y)| ink.put_pixel(*x, *y, Luma([255])));
        }
    }
}

/// The points at which many edges of the page point from the distance of a rim, in pixels of the page.
fn middles(ink: &GrayImage, mm: f64) -> Vec<(f64, f64)> {
    let factor = COPY / mm;
    let side = |pixels: u32| ((f64::from(pixels) * factor) as u32).max(3);
    let copy = shrink_grey(ink, side(ink.width()), side(ink.height()));
    let (width, height) = copy.dimensions();
    let mut votes = vec![0_u32; (width * height) as usize];
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let grey = |dx: u32, dy: u32| f64::from(copy.get_pixel(x + dx - 1, y + dy - 1)[0]);
            let (right, down) = (grey(2, 1) - grey(0, 1), grey(1, 2) - grey(1, 0));
            let slope = right.hypot(down);
            if slope < EDGE {
                continue;
            }
            for step in (RADII.0 * COPY) as i32..=(RADII.1 * COPY) as i32 {
                for way in [-1.0, 1.0] {
                    let along = way * f64::from(step) / slope;
                    let (at_x, at_y) = (f64::from(x) + along * right, f64::from(y) + along * down);
                    if at_x >= 0.0 && at_y >= 0.0 && at_x < f64::from(width) && at_y < f64::from(height) {
                        votes[(at_y as u32 * width + at_x as u32) as usize] += 1;
                    }
                }
            }
        }
    }
    peaks(&votes, (width as usize, height as usize))
        .into_iter()
        .map(|(x, y)| ((x as f64 + 0.5) / factor, (y as f64 + 0.5) / factor))
        .collect()
}

/// The places with the most votes around them, far from each other, the best first.
fn peaks(votes: &[u32], (width, height): (usize, usize)) -> Vec<(usize, usize)> {
    let around = |x: usize, y: usize| -> u32 {
        (y - 1..=y + 1).map(|row| votes[row * width + x - 1..=row * width + x + 1].iter().sum::<u32>()).sum()
    };
    let inner = (1..height.saturating_sub(1)).flat_map(|y| (1..width - 1).map(move |x| (x, y)));
    let mut voted: Vec<(u32, (usize, usize))> = inner
        .filter(|(x, y)| votes[y * width + x] * 18 >= POINTING)
        .map(|(x, y)| (around(x, y), (x, y)))
        .filter(|(votes, _)| *votes >= POINTING)
        .collect();
    voted.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut peaks: Vec<(usize, usize)> = Vec::new();
    for (_, (x, y)) in voted {
        let far = |peak: &(usize, usize)| {
            (x.abs_diff(peak.0) as f64).hypot(y.abs_diff(peak.1) as f64) > RADII.0 * COPY
        };
        if peaks.len() < MOST && peaks.iter().all(far) {
            peaks.push((x, y));
        }
    }
    peaks
}

/// The outermost circle that is drawn around a point or near it.
fn rim(ink: &GrayImage, (x, y): (f64, f64), mm: f64) -> Option<Circle> {
    let shifts = (-3..=3).map(|step| f64::from(step) * 0.5 * mm);
    let places = shifts.clone().flat_map(|dx| shifts.clone().map(move |dy| (x + dx, y + dy)));
    let around =
        places.flat_map(|(x, y)| ASPECTS.map(|aspect| Circle { x, y, radius: RADII.0 * mm, aspect }));
    let range = (RADII.0 * mm, RADII.1 * mm);
    let found = around.filter_map(|circle| widest(ink, &circle, range, DRAWN, mm));
    let (best, _) = found.max_by(|a, b| a.1.total_cmp(&b.1))?;
    let outer = widest(ink, &best, (best.radius + 1.5 * mm, RADII.1 * mm), DRAWN, mm);
    Some(outer.map_or(best, |(circle, _)| circle))
}

/// The circle around the middle of another with a radius in a range that most ink lies on, and the share of
/// its directions that have ink; none when that is less than `least`.
fn widest(
    ink: &GrayImage,
    like: &Circle,
    (from, to): (f64, f64),
    least: f64,
    mm: f64,
) -> Option<(Circle, f64)> {
    let step = (BESIDE * mm).max(0.7);
    let radii = (0..).map(|n| from + f64::from(n) * step).take_while(|radius| *radius <= to);
    let circles = radii.filter_map(|radius| {
        let circle = Circle { radius, ..*like };
        Some((circle, drawn(ink, circle, least, mm)?))
    });
    circles.max_by(|a, b| a.1.total_cmp(&b.1))
}

/// The share of the directions of a circle that have ink on it or right beside it; none as soon as it is
/// known to be less than `least`.
fn drawn(ink: &GrayImage, circle: Circle, least: f64, mm: f64) -> Option<f64> {
    let mut may_miss = ((1.0 - least) * DIRECTIONS as f64 + 1e-9) as usize;
    let spare = may_miss;
    for (right, down) in ALL_DIRECTIONS.iter() {
        let inked = [0.0, BESIDE, -BESIDE].iter().any(|off| {
            let radius = circle.radius + off * mm;
            grey(ink, circle.x + radius * right, circle.y + radius * down / circle.aspect) < INK
        });
        if !inked {
            may_miss = may_miss.checked_sub(1)?;
        }
    }
    Some(1.0 - (spare - may_miss) as f64 / DIRECTIONS as f64)
}

/// The grey at a point; outside the page it is paper.
fn grey(ink: &GrayImage, x: f64, y: f64) -> u8 {
    if x < 0.0 || y < 0.0 {
        return 255;
    }
    ink.get_pixel_checked(x as u32, y as u32).map_or(255, |pixel| pixel[0])
}

/// The pixels of a circle where no stroke of writing crosses it.
struct Strokes {
    pixels: Vec<(u32, u32)>,
    /// The darkest grey across the stroke at each of them.
    tones: Vec<u8>,
}

impl Strokes {
    fn of(ink: &GrayImage, circle: Circle, mm: f64) -> Self {
        let (mut pixels, mut tones) = (Vec::new(), Vec::new());
        for (x, y) in square(ink, circle.x, circle.y, 1.1 * circle.radius + OFF * mm) {
            let (away, out_x, out_y) = circle.away(x, y);
            if (away - circle.radius).abs() > OFF * mm || ink.get_pixel(x, y)[0] >= INK {
                continue;
            }
            let mut darkest = ink.get_pixel(x, y)[0];
            let mut reach = |way: f64| {
                let steps = (1..=(2.0 * THICKEST * mm) as i32).map(|n| way * f64::from(n));
                let inked = steps.take_while(|step| {
                    let tone =
                        grey(ink, f64::from(x) + 0.5 + step * out_x, f64::from(y) + 0.5 + step * out_y);
                    darkest = darkest.min(tone);
                    tone < INK
                });
                inked.count()
            };
            if (reach(1.0) + reach(-1.0) + 1) as f64 <= (THICKEST * mm).max(3.0) {
                pixels.push((x, y));
                tones.push(darkest);
            }
        }
        Self { pixels, tones }
    }

    /// How dark the stroke is, in the middle; not a number when there is none.
    fn tone(&mut self) -> f64 {
        self.tones.sort_unstable();
        self.tones.get(self.tones.len() / 2).map_or(f64::NAN, |tone| f64::from(*tone))
    }
}

/// The pixels of the page in the square around a point.
fn square(ink: &GrayImage, x: f64, y: f64, half: f64) -> impl Iterator<Item = (u32, u32)> + use<> {
    let range = |middle: f64, end: u32| {
        let (from, to) = ((middle - half).max(0.0) as u32, (middle + half).max(0.0) as u32 + 1);
        from.min(end)..to.min(end)
    };
    let columns = range(x, ink.width());
    range(y, ink.height()).flat_map(move |y| columns.clone().map(move |x| (x, y)))
}

/// How dark the writing of a page is: a fourth of its ink is darker.
fn writing(ink: &GrayImage) -> f64 {
    let mut counts = [0_usize; 256];
    ink.as_raw().iter().for_each(|value| counts[usize::from(*value)] += 1);
    let all: usize = counts[..200].iter().sum();
    let mut seen = 0;
    let reached = |count: &usize| {
        seen += count;
        4 * seen >= all
    };
    counts[..200].iter().position(reached).unwrap_or(200) as f64
}

/// Whether letters outside a rim are no darker than `darkest` either: then what is pale within may be
/// writing.
fn has_pale_writing(ink: &GrayImage, rim: Circle, darkest: f64, mm: f64) -> bool {
    let mask = GrayImage::from_fn(ink.width(), ink.height(), |x, y| {
        let outside = rim.away(x, y).0 > rim.radius;
        Luma([if outside && ink.get_pixel(x, y)[0] < INK { 255 } else { 0 }])
    });
    let pieces = connected_components(&mask, Connectivity::Eight, Luma([0]));
    let count = pieces.pixels().map(|piece| piece[0]).max().unwrap_or(0) as usize;
    let mut tops = vec![u32::MAX; count + 1];
    let mut bottoms = vec![0; count + 1];
    let mut tones = vec![255; count + 1];
    for (x, y, piece) in pieces.enumerate_pixels() {
        let piece = piece[0] as usize;
        tops[piece] = tops[piece].min(y);
        bottoms[piece] = bottoms[piece].max(y + 1);
        tones[piece] = tones[piece].min(ink.get_pixel(x, y)[0]);
    }
    let height = |piece: usize| f64::from(bottoms[piece].saturating_sub(tops[piece])) / mm;
    let letters: Vec<usize> = (1..=count).filter(|piece| LETTER.contains(&height(*piece))).collect();
    let pale = letters.iter().filter(|piece| f64::from(tones[**piece]) >= darkest).count();
    pale as f64 > PALE_LETTERS * letters.len() as f64
}

/// Makes all paper within a rim that is paler than `darkest` and not the soft edge of something darker.
fn erase_pale(ink: &mut GrayImage, rim: Circle, darkest: f64, mm: f64) {
    let half = (1.1 * rim.radius) as i32;
    let place = Rectangle::new(rim.x as i32, rim.y as i32, rim.x as i32, rim.y as i32).grown(half);
    let place = place.within(ink.width(), ink.height());
    let (left, top) = (place.left as u32, place.top as u32);
    let mask = GrayImage::from_fn(place.width() as u32, place.height() as u32, |x, y| {
        Luma([if f64::from(ink.get_pixel(x + left, y + top)[0]) < darkest { 255 } else { 0 }])
    });
    let soft = ((SOFT * mm).round() as u8).max(1);
    let kept = dilate(&mask, Norm::LInf, soft);
    for (x, y, kept) in kept.enumerate_pixels() {
        let (x, y) = (x + left, y + top);
        if kept[0] == 0 && rim.away(x, y).0 <= rim.radius + AROUND * mm {
            ink.put_pixel(x, y, Luma([255]));
        }
    }
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::remove;

    const WRITING: u8 = 70;
    const SEAL: u8 = 170;
    /// The middle of the seal and the radius of its rim.
    const MIDDLE: (f64, f64) = (500.0, 600.0);
    const RIM: f64 = 68.0;

    /// A sheet of 4 pixels a millimetre with words in `tone`, one row of them across a seal with an emblem.
    fn sheet(tone: u8) -> GrayImage {
        GrayImage::from_fn(840, 1188, |x, y| {
            let away = (f64::from(x) + 0.5 - MIDDLE.0).hypot(f64::from(y) + 0.5 - MIDDLE.1);
            let letter = x % 12 < 3 && x % 60 < 48 && (y + 6) % 40 < 12 && (100..740).contains(&x);
            match away {
                _ if letter && (100..1000).contains(&y) => Luma([tone]),
                away if (RIM - 2.0..RIM).contains(&away) || away < 12.0 => Luma([SEAL]),
                _ => Luma([255]),
            }
        })
    }

    /// The grey of the rim at its lowest point, of the emblem beside a letter, and whether all writing stayed.
    fn left(tone: u8) -> (u8, u8, bool) {
        let before = sheet(tone);
        let mut after = before.clone();
        remove(&mut after);
        let stayed = before.pixels().zip(after.pixels()).all(|(a, b)| a[0] != tone || b[0] == tone);
        let at = |x: f64, y: f64| after.get_pixel(x as u32, y as u32)[0];
        (at(MIDDLE.0, MIDDLE.1 + RIM - 1.0), at(MIDDLE.0 - 3.0, MIDDLE.1 + 10.0), stayed)
    }

    #[test]
    fn a_pale_seal_goes_and_the_writing_under_it_stays() {
        assert_eq!(left(WRITING), (255, 255, true));
    }

    #[test]
    fn of_a_seal_as_dark_as_the_writing_only_the_rim_goes() {
        let (rim, emblem, _) = left(SEAL);
        assert_eq!((rim, emblem), (255, SEAL));
    }

    #[test]
    fn a_page_without_a_seal_stays_as_it_is() {
        let page =
            GrayImage::from_fn(840, 1188, |x, y| Luma([if x % 9 < 3 && y % 30 < 14 { 60 } else { 255 }]));
        let mut after = page.clone();
        remove(&mut after);
        assert_eq!(page, after);
    }
}
