//! Points, rectangles and the map between the straightened page and the scan.

use nalgebra::{Matrix3, Vector3};
use serde::{Deserialize, Serialize};

/// A place in a picture, in pixels from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Pixels from the left.
    pub x: f64,
    /// Pixels from the top.
    pub y: f64,
}

/// A straight piece of line, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// One end.
    pub from: Point,
    /// The other end.
    pub to: Point,
}

/// An upright rectangle in pixels: `left..right` by `top..bottom`, the ends not included.
/// Written as `[left, top, right, bottom]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[i32; 4]", into = "[i32; 4]")]
pub struct Rectangle {
    /// First column.
    pub left: i32,
    /// First row.
    pub top: i32,
    /// Column after the last.
    pub right: i32,
    /// Row after the last.
    pub bottom: i32,
}

impl From<[i32; 4]> for Rectangle {
    fn from([left, top, right, bottom]: [i32; 4]) -> Self {
        Self { left, top, right, bottom }
    }
}

impl From<Rectangle> for [i32; 4] {
    fn from(r: Rectangle) -> Self {
        [r.left, r.top, r.right, r.bottom]
    }
}

impl Rectangle {
    /// The rectangle with these edges.
    #[must_use]
    pub fn new(left: i32, top: i32, right: i32, bottom: i32) -> Self {
        Self { left, top, right, bottom }
    }

    /// Columns covered, 0 when empty.
    #[must_use]
    pub fn width(&self) -> i32 {
        (self.right - self.left).max(0)
    }

    /// Rows covered, 0 when empty.
    #[must_use]
    pub fn height(&self) -> i32 {
        (self.bottom - self.top).max(0)
    }

    /// Pixels covered.
    #[must_use]
    pub fn area(&self) -> i64 {
        i64::from(self.width()) * i64::from(self.height())
    }

    /// Whether it covers no pixel.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.area() == 0
    }

    /// The part both cover (may be empty).
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    /// The smallest rectangle that covers both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Shared area over joint area, 0..=1.
    #[must_use]
    pub fn intersection_over_union(&self, other: &Self) -> f64 {
        let shared = self.intersection(other).area();
        let joint = self.area() + other.area() - shared;
        if joint == 0 { 0.0 } else { shared as f64 / joint as f64 }
    }

    /// The same rectangle grown by `by` pixels on every side (shrunk when negative).
    #[must_use]
    pub fn grown(&self, by: i32) -> Self {
        Self::new(self.left - by, self.top - by, self.right + by, self.bottom + by)
    }

    /// The smallest rectangle around `points`, which are at least one.
    #[must_use]
    pub fn around(points: impl IntoIterator<Item = Point>) -> Self {
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for Point { x, y } in points {
            low = [low[0].min(x), low[1].min(y)];
            high = [high[0].max(x), high[1].max(y)];
        }
        let [[left, top], [right, bottom]] =
            [low.map(|at| at.floor() as i32), high.map(|at| at.ceil() as i32)];
        Self { left, top, right, bottom }
    }

    /// The part inside a picture of `width` x `height` pixels.
    #[must_use]
    pub fn within(&self, width: u32, height: u32) -> Self {
        let (width, height) =
            (i32::try_from(width).unwrap_or(i32::MAX), i32::try_from(height).unwrap_or(i32::MAX));
        self.intersection(&Self::new(0, 0, width, height))
    }
}

/// A projective map of the plane. On a page it maps pixels of the straightened page to pixels of
/// the scan, so that every value leads back to its ink.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection(Matrix3<f64>);

impl Projection {
    /// The map that leaves everything where it is.
    #[must_use]
    pub fn identity() -> Self {
        Self(Matrix3::identity())
    }

    /// The map with these nine numbers, row by row; none when it cannot be undone.
    #[must_use]
    pub fn from_rows(rows: [[f64; 3]; 3]) -> Option<Self> {
        let matrix = Matrix3::from_fn(|row, column| rows[row][column]);
        matrix.try_inverse().map(|_| Self(matrix))
    }

    /// The nine numbers, row by row.
    #[must_use]
    pub fn rows(&self) -> [[f64; 3]; 3] {
        std::array::from_fn(|row| std::array::from_fn(|column| self.0[(row, column)]))
    }

    /// The map that moves everything by (`dx`, `dy`).
    #[must_use]
    pub fn translation(dx: f64, dy: f64) -> Self {
        Self(Matrix3::new(1.0, 0.0, dx, 0.0, 1.0, dy, 0.0, 0.0, 1.0))
    }

    /// The map that scales about the origin.
    #[must_use]
    pub fn scaling(sx: f64, sy: f64) -> Self {
        Self(Matrix3::new(sx, 0.0, 0.0, 0.0, sy, 0.0, 0.0, 0.0, 1.0))
    }

    /// The map that turns about the origin; positive angles turn x towards y (clockwise as seen).
    #[must_use]
    pub fn rotation_degrees(angle: f64) -> Self {
        let (s, c) = angle.to_radians().sin_cos();
        Self(Matrix3::new(c, -s, 0.0, s, c, 0.0, 0.0, 0.0, 1.0))
    }

    /// First `self`, then `next`.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        Self(next.0 * self.0)
    }

    /// The map back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self(self.0.try_inverse().unwrap_or_else(Matrix3::identity))
    }

    /// Where `point` goes.
    #[must_use]
    pub fn apply(&self, point: Point) -> Point {
        let v = self.0 * Vector3::new(point.x, point.y, 1.0);
        Point { x: v.x / v.z, y: v.y / v.z }
    }

    /// The smallest upright rectangle around where the corners of `rectangle` go.
    #[must_use]
    pub fn bounds(&self, rectangle: Rectangle) -> Rectangle {
        let corners = [
            (rectangle.left, rectangle.top),
            (rectangle.right, rectangle.top),
            (rectangle.left, rectangle.bottom),
            (rectangle.right, rectangle.bottom),
        ]
        .map(|(x, y)| self.apply(Point { x: f64::from(x), y: f64::from(y) }));
        Rectangle::around(corners)
    }
}

#[cfg(test)]
mod tests {
    use super::{Point, Projection, Rectangle};

    #[test]
    fn overlap_is_measured() {
        let a = Rectangle::new(0, 0, 10, 10);
        assert_eq!(a.intersection_over_union(&Rectangle::new(5, 0, 15, 10)), 1.0 / 3.0);
        assert_eq!(a.intersection_over_union(&Rectangle::new(20, 0, 30, 10)), 0.0);
    }

    #[test]
    fn there_and_back_again() {
        let map = Projection::rotation_degrees(3.0).then(&Projection::translation(5.0, -2.0));
        let back = map.inverse().apply(map.apply(Point { x: 12.0, y: 34.0 }));
        assert!((back.x - 12.0).abs() < 1e-9 && (back.y - 34.0).abs() < 1e-9);
    }
}
