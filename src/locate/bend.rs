//! Makes the rows of a page level where the sheet did not lie flat: the lines of the form tell how
//! far they sink or climb from column to column.

use image::GrayImage;
use nalgebra::{DMatrix, DVector};

use super::ink::Ink;
use super::line::Line;
use super::{rulings, traces};
use crate::domain::Bend;

/// Columns, evenly spaced, at which the slope of the rows is told.
const PLACES: usize = 14;
/// The slope of a line is taken every so many millimetres.
const SAMPLE: f64 = 5.0;
/// Lines shorter than so many millimetres tell nothing.
const SHORTEST: f64 = 15.0;
/// The lines together are at least so many times as long as the page is wide.
const LEAST_LINES: f64 = 2.5;
/// Slopes further than this from their neighbours' hardly count: they are not of lines.
const OFF: f64 = 0.012;
/// Rows that leave a straight line by fewer millimetres are straight.
const STRAIGHT: f64 = 0.7;
/// Rows that rise or fall by fewer millimetres over the lines of the page are level.
const LEVEL: f64 = 2.0;
/// How strongly the slope keeps on as it is, against one sample.
const EVEN: f64 = 6.0;
/// How strongly it is held to be the same from top to bottom.
const SAME: f64 = 20.0;
/// So many times what is left of the bend is looked for.
const ROUNDS: usize = 3;

/// The slope of a line at a place.
struct Sample {
    x: f64,
    y: f64,
    slope: f64,
}

/// The page with its rows made level, and the way back; none when they are straight and level, or when
/// too few lines tell.
pub(super) fn levelled(image: &GrayImage, ink: &Ink, lines: &[Line]) -> Option<(GrayImage, Bend)> {
    if are_level(lines, ink) {
        return None;
    }
    let mut sunk: Option<Vec<[f64; 2]>> = None;
    let mut level: Option<GrayImage> = None;
    for _ in 0..ROUNDS {
        let more = match &level {
            None => bend(image, ink, lines),
            Some(level) => {
                let ink = Ink::of(level);
                bend(level, &ink, &rulings::find(&ink).horizontal)
            }
        };
        let Some(more) = more else { break };
        let whole = match sunk.take() {
            Some(before) => before.iter().zip(&more).map(|(a, b)| [a[0] + b[0], a[1] + b[1]]).collect(),
            None => more,
        };
        level = Some(unbent(image, &Bend::new(step(image.width()), whole.clone())));
        sunk = Some(whole);
    }
    Some((level?, Bend::new(step(image.width()), sunk?)))
}

/// Lines at least so many millimetres long have a slope that can be trusted.
const TRUSTED: f64 = 25.0;
/// A line that rises or falls by less than this is level.
const LEAST_SLOPE: f64 = 0.005;
/// At most this share of the lines of a level page is not level.
const NOT_LEVEL: f64 = 0.06;

/// Whether the lines that are easily found are enough to tell that the rows are level.
fn are_level(lines: &[Line], ink: &Ink) -> bool {
    let length = |level: bool| -> f64 {
        let trusted = lines.iter().filter(|line| line.length() >= TRUSTED * ink.millimetre);
        trusted.filter(|line| level || line.slope().abs() > LEAST_SLOPE).map(Line::length).sum()
    };
    let all = length(true);
    all >= LEAST_LINES * ink.width as f64 && length(false) <= NOT_LEVEL * all
}

/// Distance of the places, in pixels.
fn step(width: u32) -> f64 {
    f64::from(width) / (PLACES - 1) as f64
}

/// How far the rows have sunk at each place, as for [`Bend::new`], when they are bent. Of `lines`
/// those that are faint or bent are looked for here.
fn bend(image: &GrayImage, ink: &Ink, lines: &[Line]) -> Option<Vec<[f64; 2]>> {
    let mm = ink.millimetre;
    let traces = traces::find(image, ink);
    let long: Vec<&Line> =
        lines.iter().chain(&traces).filter(|line| line.length() >= SHORTEST * mm).collect();
    let length: f64 = long.iter().map(|line| line.length()).sum();
    if length < LEAST_LINES * ink.width as f64 {
        return None;
    }
    let samples: Vec<Sample> = long.iter().flat_map(|line| samples(line, SAMPLE * mm)).collect();
    let slopes = slopes(&samples, ink)?;
    let step = step(ink.width as u32);
    let mut sunk = vec![[0.0; 2]];
    for pair in slopes.windows(2) {
        let last = sunk[sunk.len() - 1];
        let rise = |n: usize| last[n] + step * (pair[0][n] + pair[1][n]) / 2.0;
        sunk.push([rise(0), rise(1)]);
    }
    let middle = sunk[PLACES / 2];
    sunk.iter_mut().for_each(|place| *place = [place[0] - middle[0], place[1] - middle[1]]);
    let from = long.iter().map(|line| line.from).fold(f64::INFINITY, f64::min);
    let to = long.iter().map(|line| line.to).fold(f64::NEG_INFINITY, f64::max);
    let bend = Bend::new(step, sunk.clone());
    let at = |x: f64, y: f64| bend.at(x)[0] + bend.at(x)[1] * y;
    let leaves = |y: f64| {
        let (begin, rise) = (at(from, y), at(to, y) - at(from, y));
        let chord = |x: f64| begin + rise * (x - from) / (to - from).max(1.0);
        let places = (0..=20).map(|n| from + (to - from) * f64::from(n) / 20.0);
        let bent = places.map(|x| (at(x, y) - chord(x)).abs()).fold(0.0, f64::max);
        bent > STRAIGHT * mm || rise.abs() > LEVEL * mm
    };
    [0.2, 0.5, 0.8].iter().any(|share| leaves(share * ink.height as f64)).then_some(sunk)
}

/// The slopes of a line, every `step` pixels along it.
fn samples(line: &Line, step: f64) -> impl Iterator<Item = Sample> + '_ {
    let count = (line.length() / step) as usize;
    (0..count).map(move |n| {
        let (from, to) = (line.from + n as f64 * step, line.from + (n + 1) as f64 * step);
        let (a, b) = (line.at(from), line.at(to));
        Sample { x: (from + to) / 2.0, y: (a + b) / 2.0, slope: (b - a) / step }
    })
}

/// The slope of the rows at each place, and by how much it grows for each pixel further down: what
/// fits most samples, no more uneven than they ask for.
fn slopes(samples: &[Sample], ink: &Ink) -> Option<Vec<[f64; 2]>> {
    let (step, half) = (step(ink.width as u32), ink.height as f64 / 2.0);
    let row = |sample: &Sample| -> [(usize, f64); 4] {
        let place = (sample.x / step).clamp(0.0, (PLACES - 1) as f64);
        let left = (place as usize).min(PLACES - 2);
        let (right, down) = (place - left as f64, sample.y / half - 1.0);
        [
            (left, 1.0 - right),
            (left + 1, right),
            (PLACES + left, (1.0 - right) * down),
            (PLACES + left + 1, right * down),
        ]
    };
    let mut best = DVector::<f64>::zeros(2 * PLACES);
    let mut middle: Vec<f64> = samples.iter().map(|sample| sample.slope).collect();
    middle.sort_by(f64::total_cmp);
    best.rows_mut(0, PLACES).fill(*middle.get(middle.len() / 2)?);
    for round in 0..6 {
        let mut sums = evenness();
        let mut right = DVector::<f64>::zeros(2 * PLACES);
        for sample in samples {
            let row = row(sample);
            let off = row.iter().map(|(n, share)| share * best[*n]).sum::<f64>() - sample.slope;
            // At first the whole bend is still off.
            let reach = if round == 0 { 8.0 } else { 1.0 } * OFF;
            let weight = 1.0 / (1.0 + (off / reach).powi(2)).powi(2);
            for (n, a) in row {
                right[n] += weight * a * sample.slope;
                row.iter().for_each(|(m, b)| sums[(n, *m)] += weight * a * b);
            }
        }
        best = sums.cholesky()?.solve(&right);
    }
    let at = |n: usize| [best[n] - best[PLACES + n], best[PLACES + n] / half];
    Some((0..PLACES).map(at).collect())
}

/// What holds the slopes even where no line tells more.
fn evenness() -> DMatrix<f64> {
    let mut sums = DMatrix::<f64>::identity(2 * PLACES, 2 * PLACES) * 1e-3;
    for (first, even) in [(0, EVEN), (PLACES, SAME)] {
        for n in first + 1..first + PLACES - 1 {
            for (a, x) in [(n - 1, 1.0), (n, -2.0), (n + 1, 1.0)] {
                for (b, y) in [(n - 1, 1.0), (n, -2.0), (n + 1, 1.0)] {
                    sums[(a, b)] += even * x * y;
                }
            }
        }
    }
    for n in PLACES..2 * PLACES {
        sums[(n, n)] += SAME;
    }
    sums
}

/// The page with every column moved up by what the rows have sunk there.
fn unbent(image: &GrayImage, bend: &Bend) -> GrayImage {
    let columns: Vec<[f64; 2]> = (0..image.width()).map(|x| bend.at(f64::from(x))).collect();
    GrayImage::from_fn(image.width(), image.height(), |x, y| {
        let [sunk, more] = columns[x as usize];
        let place = f64::from(y) + sunk + more * f64::from(y);
        let grey = |row: f64| {
            let inside = row >= 0.0 && row < f64::from(image.height());
            if inside { f64::from(image.get_pixel(x, row as u32).0[0]) } else { 255.0 }
        };
        let (upper, share) = (place.floor(), place - place.floor());
        image::Luma([(grey(upper) * (1.0 - share) + grey(upper + 1.0) * share).round() as u8])
    })
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::super::ink::Ink;
    use super::levelled;
    use crate::domain::Point;

    /// A sheet of 4 pixels a millimetre whose lines sink by `depth` pixels at their right ends.
    fn sheet(depth: f64) -> GrayImage {
        let mut image = GrayImage::from_pixel(840, 1188, Luma([250]));
        for line in 0..20 {
            for x in 80..780_u32 {
                let y = f64::from(150 + 45 * line) + sunk(x, depth);
                [0.0, 1.0].into_iter().for_each(|down| image.put_pixel(x, (y + down) as u32, Luma([90])));
            }
        }
        image
    }

    fn sunk(x: u32, depth: f64) -> f64 {
        depth * (f64::from(x.saturating_sub(400)) / 380.0).powi(2)
    }

    #[test]
    fn bent_rows_are_made_level_and_lead_back() {
        let image = sheet(40.0);
        let (level, bend) = levelled(&image, &Ink::of(&image), &[]).unwrap();
        let height = |x: u32| (560..660).find(|y| level.get_pixel(x, *y)[0] < 180).unwrap();
        let rows: Vec<u32> = [100, 300, 500, 650, 760].map(height).to_vec();
        let (low, high) = (rows.iter().min().unwrap(), rows.iter().max().unwrap());
        assert!(high - low <= 3, "{rows:?}");
        let back = bend.apply(Point { x: 760.0, y: f64::from(rows[4]) });
        assert!((back.y - (f64::from(150 + 45 * 10) + sunk(760, 40.0))).abs() < 50.0, "{back:?}");
        let pictured =
            image.get_pixel(760, back.y.round() as u32)[0].min(image.get_pixel(760, back.y as u32 + 1)[0]);
        assert!(pictured < 180, "{back:?}");
    }

    #[test]
    fn straight_rows_stay_as_they_are() {
        let image = sheet(1.0);
        assert!(levelled(&image, &Ink::of(&image), &[]).is_none());
    }
}
