//! Tells a stamp's ring from a nought: what is written is hardly ever round.

use super::plane::Plane;

/// Parts of a full turn in which the outermost ink is looked for.
const SECTORS: usize = 36;
/// So many of them show ink at one distance from the middle of a circle, ...
const FEWEST_ALIKE: usize = 28;
/// ... give or take this share of it: an oval of 4 to 5 fails.
const UNEVEN: f64 = 0.1;
/// Fewer dark pixels than these have no shape.
const FEWEST_PIXELS: usize = 20;

/// Ink below this, of the darkest, is paper's grain.
const INK: f32 = 0.5;
/// Standard deviation, in pixels, of the blur that takes specks out.
const BLUR: f32 = 1.0;

/// Whether the outline of the ink (0..=1) of a crop is a circle.
pub(super) fn is_circle(ink: &Plane) -> bool {
    let ink = ink.blurred(BLUR);
    let darkest = ink.values.iter().copied().fold(0.0, f32::max);
    let strong = ink.pixels().filter(|(.., value)| *value >= INK * darkest);
    let places: Vec<(f64, f64)> = strong.map(|(x, y, _)| (x as f64, y as f64)).collect();
    let Some(middle) = middle(&places) else { return false };
    let mut outermost = [0.0_f64; SECTORS];
    for (x, y) in &places {
        let (dx, dy) = (x - middle.0, y - middle.1);
        let turn = dy.atan2(dx) / std::f64::consts::TAU + 0.5;
        let sector = ((turn * SECTORS as f64) as usize).min(SECTORS - 1);
        outermost[sector] = outermost[sector].max(dx.hypot(dy));
    }
    let mut sorted = outermost;
    sorted.sort_by(f64::total_cmp);
    let usual = sorted[SECTORS / 2];
    let alike = outermost.iter().filter(|far| (*far - usual).abs() <= UNEVEN * usual).count();
    places.len() >= FEWEST_PIXELS && alike >= FEWEST_ALIKE
}

/// The middle of the circle nearest to these places by squares (Kåsa, A circle fitting procedure and its
/// error analysis, 1976).
fn middle(places: &[(f64, f64)]) -> Option<(f64, f64)> {
    let count = places.len().max(1) as f64;
    let mean = places.iter().fold((0.0, 0.0), |sum, (x, y)| (sum.0 + x / count, sum.1 + y / count));
    let (mut xx, mut xy, mut yy, mut far_x, mut far_y) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (x, y) in places {
        let (x, y) = (x - mean.0, y - mean.1);
        let far = (x * x + y * y) / 2.0;
        (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y);
        (far_x, far_y) = (far_x + x * far, far_y + y * far);
    }
    let base = xx * yy - xy * xy;
    let fits = base.abs() > 1e-6 * (xx + yy).powi(2);
    fits.then(|| (mean.0 + (far_x * yy - far_y * xy) / base, mean.1 + (far_y * xx - far_x * xy) / base))
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};
    use imageproc::drawing::{draw_hollow_circle_mut, draw_hollow_ellipse_mut};

    use super::super::normalise::ink;

    fn is_circle(crop: &GrayImage) -> bool {
        super::is_circle(&ink(crop))
    }

    fn paper() -> GrayImage {
        GrayImage::from_pixel(120, 60, Luma([240]))
    }

    #[test]
    fn rings_are_circles() {
        let mut ring = paper();
        draw_hollow_circle_mut(&mut ring, (50, 30), 22, Luma([60]));
        assert!(is_circle(&ring));
        draw_hollow_circle_mut(&mut ring, (50, 30), 16, Luma([60]));
        assert!(is_circle(&ring), "a stamp of two rings");
    }

    #[test]
    fn noughts_and_bare_paper_are_none() {
        let mut nought = paper();
        draw_hollow_ellipse_mut(&mut nought, (50, 30), 16, 22, Luma([60]));
        assert!(!is_circle(&nought));
        assert!(!is_circle(&paper()));
        let mut line = paper();
        (10..110).for_each(|x| line.put_pixel(x, 30, Luma([60])));
        assert!(!is_circle(&line));
    }
}
