//! The angle of the writing itself: ink summed along slanted rows stands in the sharpest steps when
//! the rows run along the baselines (Postl, US patent 4,723,297, 1988).

use image::GrayImage;

use super::rulings::Ruling;

/// Grey values of an evened-out page that are ink.
const INK: u8 = 175;
/// Largest angle looked for, in degrees.
pub(super) const WIDEST: f64 = 16.0;
/// Distance of the angles of the first look, in degrees.
const COARSE: f64 = 0.5;
/// Distance of the angles of the second look, in degrees.
const FINE: f64 = 0.05;
/// The page is looked at in this many strips side by side, so that columns whose lines do not meet
/// do not blur each other.
const STRIPS: usize = 3;
/// Height of the slanted rows of the first look, in pixels.
const COARSE_BIN: f32 = 3.0;
/// Pixels over which sums are evened so that columns of typed letters do not look like lines.
const LETTER: usize = 12;
/// Ink that goes on for more than this share of the page's long side in a row or column is no
/// stroke of a letter but a bar, a border or a blot.
const LONGEST_STROKE: f64 = 0.025;
/// Fewer places of ink say nothing.
const LEAST_INK: usize = 400;

/// What the writing says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TextAngle {
    /// In degrees, to half a degree; positive when lines fall to the right.
    pub degrees: f64,
    /// How much sharper the steps are at that angle than at the usual one; 1 says nothing.
    pub sharpness: f64,
    /// How strongly lines of writing stand out, for comparing two directions of one page.
    pub lines: f64,
}

/// Places of ink, less those on long lines.
pub(super) struct Ink {
    width: f64,
    places: Vec<(f32, f32)>,
}

impl Ink {
    /// The ink of an evened-out `page` that lies neither on the lines `across` (places are rows) nor
    /// on those `down` (places are columns).
    pub(super) fn of(page: &GrayImage, across: &[Ruling], down: &[Ruling]) -> Self {
        let (width, height) = (page.width() as usize, page.height() as usize);
        let mut clean = page.as_raw().clone();
        for line in across {
            erase(
                line,
                |along, place| (place < height && along < width).then_some(place * width + along),
                &mut clean,
            );
        }
        for line in down {
            erase(
                line,
                |along, place| (along < height && place < width).then_some(along * width + place),
                &mut clean,
            );
        }
        let longest = ((width.max(height) as f64 * LONGEST_STROKE) as usize).max(16);
        erase_runs(&mut clean, width, longest);
        let mut places = Vec::new();
        for (y, row) in clean.chunks_exact(width.max(1)).enumerate() {
            for (x, value) in row.iter().enumerate() {
                if *value < INK {
                    places.push((x as f32, y as f32));
                }
            }
        }
        Self { width: width as f64, places }
    }

    /// The same ink, the page turned so that its columns are rows.
    pub(super) fn transposed(&self, height: u32) -> Self {
        let places = self.places.iter().map(|(x, y)| (*y, *x)).collect();
        Self { width: f64::from(height), places }
    }

    /// The part above (or below) row `middle`.
    pub(super) fn part(&self, upper: bool, middle: f32) -> Self {
        let places = self.places.iter().filter(|(_, y)| (*y < middle) == upper).copied().collect();
        Self { width: self.width, places }
    }

    /// The angle the writing lies at, to half a degree; none when there is too little ink.
    pub(super) fn rough_angle(&self) -> Option<TextAngle> {
        if self.places.len() < LEAST_INK {
            return None;
        }
        let sample = self.sample(20_000);
        let count = (2.0 * WIDEST / COARSE) as usize;
        let angles: Vec<f64> = (0..=count).map(|i| -WIDEST + i as f64 * COARSE).collect();
        let energies: Vec<f64> =
            angles.iter().map(|angle| energy(&sample.sums(*angle, COARSE_BIN))).collect();
        let best = (0..energies.len()).max_by(|a, b| energies[*a].total_cmp(&energies[*b]))?;
        let mut sorted = energies.clone();
        sorted.sort_by(f64::total_cmp);
        let usual = sorted[sorted.len() / 2].max(1e-9);
        let degrees = angles[best];
        let lines = line_energy(&sample.sums(degrees, 1.0)) / (sample.places.len() as f64).powi(2);
        Some(TextAngle { degrees, sharpness: energies[best] / usual, lines })
    }

    /// The angle near `about` with the sharpest steps.
    pub(super) fn fine_angle(&self, about: f64) -> f64 {
        let sample = self.sample(60_000);
        let reach = (COARSE / FINE) as i32 + 2;
        let angles: Vec<f64> = (-reach..=reach).map(|i| about + f64::from(i) * FINE).collect();
        let energies: Vec<f64> = angles.iter().map(|angle| energy(&sample.sums(*angle, 1.0))).collect();
        top(&angles, &energies)
    }

    /// About `count` places of ink.
    fn sample(&self, count: usize) -> Sample {
        let every = (self.places.len() / count).max(1);
        let places: Vec<_> = self.places.iter().step_by(every).copied().collect();
        let widest = places.iter().fold(0.0, |most: f32, (x, _)| most.max(*x));
        let heights = places
            .iter()
            .fold((f32::INFINITY, 0.0), |(low, high): (f32, f32), (_, y)| (low.min(*y), high.max(*y)));
        Sample { places, width: self.width as f32, widest, heights }
    }
}

/// Some places of ink, and how far they reach.
struct Sample {
    places: Vec<(f32, f32)>,
    width: f32,
    widest: f32,
    heights: (f32, f32),
}

impl Sample {
    /// The ink summed along rows slanted by `angle` degrees and `bin` pixels high, strip by strip.
    fn sums(&self, angle: f64, bin: f32) -> Vec<Vec<u32>> {
        let slope = angle.to_radians().tan() as f32;
        let lowest = self.heights.0 - (self.widest * slope).max(0.0);
        let highest = self.heights.1 - (self.widest * slope).min(0.0);
        let bins = ((highest - lowest) / bin).max(0.0) as usize + 2;
        let mut sums = vec![vec![0_u32; bins]; STRIPS];
        let strips = STRIPS as f32 / self.width.max(1.0);
        for (x, y) in &self.places {
            let strip = ((x * strips) as usize).min(STRIPS - 1);
            let row = ((y - x * slope - lowest) / bin) as usize;
            sums[strip][row.min(bins - 1)] += 1;
        }
        sums
    }
}

/// The top of the parabola fitted to the energies around their largest.
fn top(angles: &[f64], energies: &[f64]) -> f64 {
    let Some(best) = (0..energies.len()).max_by(|a, b| energies[*a].total_cmp(&energies[*b])) else {
        return 0.0;
    };
    let around = best.saturating_sub(3)..(best + 4).min(energies.len());
    let (mut s, mut t) = ([0.0; 5], [0.0; 3]);
    for index in around {
        let x = angles[index] - angles[best];
        for (power, sum) in s.iter_mut().enumerate() {
            *sum += x.powi(power as i32);
        }
        for (power, sum) in t.iter_mut().enumerate() {
            *sum += energies[index] * x.powi(power as i32);
        }
    }
    let matrix = nalgebra::Matrix3::new(s[4], s[3], s[2], s[3], s[2], s[1], s[2], s[1], s[0]);
    let solved = matrix.try_inverse().map(|inverse| inverse * nalgebra::Vector3::new(t[2], t[1], t[0]));
    match solved {
        Some(curve) if curve[0] < 0.0 => angles[best] + (-curve[1] / (2.0 * curve[0])).clamp(-0.15, 0.15),
        _ => angles[best],
    }
}

/// How sharply the sums rise and fall from row to row.
fn energy(sums: &[Vec<u32>]) -> f64 {
    let step = |pair: &[u32]| (f64::from(pair[0]) - f64::from(pair[1])).powi(2);
    sums.iter().flat_map(|strip| strip.windows(2)).map(step).sum()
}

/// How strongly the sums rise and fall at the distance of lines of writing, letters evened out.
fn line_energy(sums: &[Vec<u32>]) -> f64 {
    let mut total = 0.0;
    for strip in sums {
        let evened: Vec<f64> = strip
            .windows(LETTER)
            .map(|window| f64::from(window.iter().sum::<u32>()) / LETTER as f64)
            .collect();
        total += evened.iter().zip(evened.iter().skip(LETTER)).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
    }
    total
}

/// Whitens ink that goes on for more than `longest` pixels along a row or a column.
fn erase_runs(pixels: &mut [u8], width: usize, longest: usize) {
    let width = width.max(1);
    let mut doomed = Vec::new();
    for (y, row) in pixels.chunks_exact(width).enumerate() {
        let mut start = 0;
        let marks = row.iter().map(|value| *value < INK).chain([false]);
        for (x, marked) in marks.enumerate() {
            if !marked {
                if x - start > longest {
                    doomed.extend(y * width + start..y * width + x);
                }
                start = x + 1;
            }
        }
    }
    let mut run = vec![0_usize; width];
    for (y, row) in pixels.chunks_exact(width).enumerate() {
        for (x, value) in row.iter().enumerate() {
            run[x] = if *value < INK { run[x] + 1 } else { 0 };
            match run[x] {
                length if length == longest + 1 => {
                    doomed.extend((y - longest..=y).map(|above| above * width + x));
                }
                length if length > longest => doomed.push(y * width + x),
                _ => {}
            }
        }
    }
    doomed.into_iter().for_each(|index| pixels[index] = 255);
}

/// Whitens a line and the rows of pixels beside it.
fn erase(line: &Ruling, index: impl Fn(usize, usize) -> Option<usize>, pixels: &mut [u8]) {
    for along in line.start as usize..=line.end as usize {
        let place = line.place(along as f64) as i64;
        for beside in (place - 2).max(0)..=(place + 2).max(0) {
            if let Some(index) = index(along, beside as usize) {
                pixels[index] = 255;
            }
        }
    }
}
