//! How far the rows of a sheet sink where it does not lie flat, as near the back of a book.

use super::{Point, Projection, Rectangle};

/// The way from a page whose rows were made level to the same page as it was pictured: `sunk` rows
/// further down, more or less from column to column and from the top to the bottom of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Bend {
    step: f64,
    sunk: Vec<[f64; 2]>,
}

impl Bend {
    /// Every `step` pixels from the left edge the rows have sunk by the first of two numbers, in
    /// pixels, and by the second for each pixel from the top edge; evenly in between. `sunk` holds
    /// at least two places.
    #[must_use]
    pub fn new(step: f64, sunk: Vec<[f64; 2]>) -> Self {
        Self { step: step.max(1.0), sunk }
    }

    /// The two numbers of [`Self::new`] at column `x`.
    #[must_use]
    pub fn at(&self, x: f64) -> [f64; 2] {
        let last = self.sunk.len().saturating_sub(1);
        let place = (x / self.step).clamp(0.0, last as f64);
        let left = (place as usize).min(last.saturating_sub(1));
        let (Some(a), Some(b)) = (self.sunk.get(left), self.sunk.get((left + 1).min(last))) else {
            return [0.0; 2];
        };
        let share = place - left as f64;
        [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
    }

    /// Where a place of the level page is on the page as pictured.
    #[must_use]
    pub fn apply(&self, point: Point) -> Point {
        let [sunk, more] = self.at(point.x);
        Point { x: point.x, y: point.y + sunk + more * point.y }
    }

    /// The smallest upright rectangle on the scan around what `rectangle` holds of the level page.
    #[must_use]
    pub fn bounds(&self, rectangle: Rectangle, to_scan: &Projection) -> Rectangle {
        let (left, right) = (f64::from(rectangle.left), f64::from(rectangle.right));
        let columns = (0..self.sunk.len()).map(|n| n as f64 * self.step);
        let columns = columns.filter(|x| left < *x && *x < right).chain([left, right]);
        let edges = [f64::from(rectangle.top), f64::from(rectangle.bottom)];
        let points = columns.flat_map(|x| edges.map(|y| to_scan.apply(self.apply(Point { x, y }))));
        Rectangle::around(points)
    }
}

#[cfg(test)]
mod tests {
    use super::Bend;
    use crate::domain::{Point, Projection, Rectangle};

    #[test]
    fn rows_sink_between_the_places_that_are_known() {
        let bend = Bend::new(100.0, vec![[0.0, 0.0], [0.0, 0.0], [20.0, 0.1]]);
        assert_eq!(bend.apply(Point { x: 50.0, y: 40.0 }).y, 40.0);
        assert_eq!(bend.apply(Point { x: 150.0, y: 40.0 }).y, 52.0);
        assert_eq!(bend.apply(Point { x: 900.0, y: 40.0 }).y, 64.0);
    }

    #[test]
    fn a_bent_line_has_a_box_of_its_own() {
        let bend = Bend::new(100.0, vec![[0.0, 0.0], [10.0, 0.0], [0.0, 0.0]]);
        let bounds = bend.bounds(Rectangle::new(20, 40, 180, 60), &Projection::identity());
        assert_eq!(bounds, Rectangle::new(20, 42, 180, 70));
    }
}
