//! Whether undoing the perspective of the sheet's outline makes the printed lines straighter.

use super::rulings::Lines;
use super::sheet::Sheet;
use crate::domain::{Projection, Segment};

/// The lines must lie nearer to one angle than before: at most this share of the scatter.
const LEAST_GAIN: f64 = 0.8;
/// A line that is further off than this (degrees) is a wrong find and counts no more than this.
const FARTHEST: f64 = 1.5;
/// Lines together shorter than this many long sides of the sheet prove nothing.
const LEAST_LENGTH: f64 = 1.5;
/// Without lines to prove it, perspective is believed when a corner of the sheet is off a right
/// angle by more than this, in degrees.
const UNPROVEN_CORNER: f64 = 1.5;

/// The map from the flat sheet to the scan, when the scan shows the sheet in perspective and the
/// lines printed on it (in pixels of the scan) agree.
pub(super) fn believed(sheet: &Sheet, lines: &[Segment]) -> Option<Projection> {
    let flat = sheet.perspective()?;
    let (low, high) = sheet.outline.extremes();
    let long_side = (high.x - low.x).max(high.y - low.y);
    let length: f64 = lines.iter().map(length).sum();
    if length < LEAST_LENGTH * long_side {
        return plain(sheet).then_some(flat);
    }
    let before = scatter(&Projection::identity(), lines);
    (scatter(&flat.inverse(), lines) <= LEAST_GAIN * before).then_some(flat)
}

/// Whether the corners of a sheet are so far from right angles that it was photographed aslant.
pub(super) fn plain(sheet: &Sheet) -> bool {
    sheet.crookedness() > UNPROVEN_CORNER
}

/// The lines of a picture, carried by `map`.
pub(super) fn segments(lines: &Lines, map: &Projection) -> Vec<Segment> {
    let across = lines.across.iter().map(|line| line.across());
    let down = lines.down.iter().map(|line| line.down());
    let carried = |s: Segment| Segment { from: map.apply(s.from), to: map.apply(s.to) };
    across.chain(down).map(carried).collect()
}

/// How far, in degrees, lines carried by `map` lie from one common angle (lines down the page from
/// the right angle to it), on the mean.
fn scatter(map: &Projection, lines: &[Segment]) -> f64 {
    let mut angles: Vec<(f64, f64)> = lines
        .iter()
        .map(|line| {
            let (from, to) = (map.apply(line.from), map.apply(line.to));
            let angle = (to.y - from.y).atan2(to.x - from.x).to_degrees();
            (angle - 90.0 * (angle / 90.0).round(), length(line).powi(2))
        })
        .collect();
    angles.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = angles.iter().map(|(_, weight)| weight).sum();
    let mut passed = 0.0;
    let middle = angles.iter().find(|(_, weight)| {
        passed += weight;
        passed >= total / 2.0
    });
    let middle = middle.map_or(0.0, |(angle, _)| *angle);
    let off = |(angle, weight): &(f64, f64)| weight * (angle - middle).abs().min(FARTHEST);
    angles.iter().map(off).sum::<f64>() / total.max(1e-9)
}

/// The length of a segment.
fn length(line: &Segment) -> f64 {
    (line.to.x - line.from.x).hypot(line.to.y - line.from.y)
}

/// The turn, in degrees, that is part of `to_scan` at the middle of a page of `extent`: the rotation
/// of the polar decomposition of its derivative there. For a page that was only turned this is the
/// angle of its rows; under perspective it is the mean of what happens to rows and columns.
pub(super) fn turn(to_scan: &Projection, extent: (u32, u32)) -> f64 {
    let (x, y) = (f64::from(extent.0) / 2.0, f64::from(extent.1) / 2.0);
    let at = |dx: f64, dy: f64| to_scan.apply(crate::domain::Point { x: x + dx, y: y + dy });
    let (left, right, above, below) = (at(-0.5, 0.0), at(0.5, 0.0), at(0.0, -0.5), at(0.0, 0.5));
    let (a, c) = (right.x - left.x, right.y - left.y);
    let (b, d) = (below.x - above.x, below.y - above.y);
    (c - b).atan2(a + d).to_degrees()
}

#[cfg(test)]
mod tests {
    use super::{scatter, turn};
    use crate::domain::{Point, Projection, Segment};

    #[test]
    fn parallel_and_crossing_lines_lie_at_one_angle() {
        let line = |x0, y0, x1, y1| Segment { from: Point { x: x0, y: y0 }, to: Point { x: x1, y: y1 } };
        let square = [line(0.0, 0.0, 100.0, 1.0), line(50.0, 0.0, 49.0, 100.0)];
        assert!(scatter(&Projection::identity(), &square) < 1e-9);
        let crooked = [line(0.0, 0.0, 100.0, 1.0), line(50.0, 0.0, 50.0, 100.0)];
        assert!(scatter(&Projection::identity(), &crooked) > 0.2);
    }

    #[test]
    fn the_turn_of_a_rotation_is_its_angle() {
        let map = Projection::rotation_degrees(3.25).then(&Projection::translation(40.0, 7.0));
        assert!((turn(&map, (800, 600)) - 3.25).abs() < 1e-9);
    }
}
