//! The outline of the sheet: a convex polygon, and which pixels of a row lie inside.

use std::ops::Range;

use crate::domain::{Point, Projection};

/// A convex polygon, its corners in order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outline(Vec<Point>);

impl Outline {
    /// The frame of a picture of `width` x `height` pixels.
    pub(super) fn frame(width: f64, height: f64) -> Self {
        let corner = |x, y| Point { x, y };
        Self(vec![corner(0.0, 0.0), corner(width, 0.0), corner(width, height), corner(0.0, height)])
    }

    /// Its corners in order.
    pub(super) fn corners(&self) -> &[Point] {
        &self.0
    }

    /// The part on the right-hand side (as seen) of the line from `from` to `to`.
    pub(super) fn cut(&self, from: Point, to: Point) -> Self {
        let side = |p: &Point| (to.x - from.x) * (p.y - from.y) - (to.y - from.y) * (p.x - from.x);
        let mut kept = Vec::with_capacity(self.0.len() + 1);
        for (index, here) in self.0.iter().enumerate() {
            let next = &self.0[(index + 1) % self.0.len()];
            let (a, b) = (side(here), side(next));
            if a >= 0.0 {
                kept.push(*here);
            }
            if (a < 0.0) != (b < 0.0) {
                let t = a / (a - b);
                kept.push(Point { x: here.x + t * (next.x - here.x), y: here.y + t * (next.y - here.y) });
            }
        }
        Self(kept)
    }

    /// The outline as `map` carries it.
    pub(super) fn mapped(&self, map: &Projection) -> Self {
        Self(self.0.iter().map(|corner| map.apply(*corner)).collect())
    }

    /// The outline with every side moved inwards by `by`.
    pub(super) fn shrunk(&self, by: f64) -> Self {
        let sides = self.0.iter().zip(self.0.iter().cycle().skip(1));
        sides.fold(self.clone(), |rest, (from, to)| {
            let (dx, dy) = (to.x - from.x, to.y - from.y);
            let length = dx.hypot(dy);
            if length < 1e-9 {
                return rest;
            }
            let moved = |p: &Point| Point { x: p.x - dy / length * by, y: p.y + dx / length * by };
            rest.cut(moved(from), moved(to))
        })
    }

    /// Its area.
    pub(super) fn area(&self) -> f64 {
        let pairs = self.0.iter().zip(self.0.iter().cycle().skip(1));
        pairs.map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>().abs() / 2.0
    }

    /// The smallest and the largest coordinates of its corners.
    pub(super) fn extremes(&self) -> (Point, Point) {
        let start = (
            Point { x: f64::INFINITY, y: f64::INFINITY },
            Point { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY },
        );
        self.0.iter().fold(start, |(low, high), p| {
            (Point { x: low.x.min(p.x), y: low.y.min(p.y) }, Point { x: high.x.max(p.x), y: high.y.max(p.y) })
        })
    }

    /// The columns of row `y` of a picture `width` pixels wide whose centres lie inside.
    pub(super) fn columns(&self, y: u32, width: u32) -> Range<u32> {
        let level = f64::from(y) + 0.5;
        let (mut left, mut right) = (f64::INFINITY, f64::NEG_INFINITY);
        for (a, b) in self.0.iter().zip(self.0.iter().cycle().skip(1)) {
            if (a.y <= level) != (b.y <= level) {
                let x = a.x + (level - a.y) / (b.y - a.y) * (b.x - a.x);
                (left, right) = (left.min(x), right.max(x));
            }
        }
        if left >= right {
            return 0..0;
        }
        let column = |x: f64| ((x - 0.5).ceil().clamp(0.0, f64::from(width))) as u32;
        column(left)..column(right)
    }
}

#[cfg(test)]
mod tests {
    use super::Outline;
    use crate::domain::Point;

    #[test]
    fn a_cut_frame_keeps_its_right_hand_side() {
        let frame = Outline::frame(10.0, 10.0);
        // Walking down at x = 4, the right-hand side as seen is the left part.
        let left = frame.cut(Point { x: 4.0, y: 0.0 }, Point { x: 4.0, y: 10.0 });
        assert_eq!(left.area(), 40.0);
        assert_eq!(left.columns(5, 10), 0..4);
        assert_eq!(left.columns(20, 10), 0..0);
    }
}
