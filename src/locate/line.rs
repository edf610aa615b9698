//! One line of a page, and how it is fitted to the marks it was found by.

/// A line, straight or nearly so. For a horizontal line `along` is x and `across` is y; for a vertical one the
/// other way round. In pixels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// Where it begins along its direction.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Drawn through, not a row of dots.
    pub solid: bool,
    /// Where nothing is drawn within it, `(from, to)` along it.
    breaks: Vec<(f64, f64)>,
    slope: f64,
    offset: f64,
    /// A bent line's course, `(along, across)` from its beginning to its end; else empty.
    course: Vec<(f64, f64)>,
}

impl Line {
    /// A level line nobody drew, from `from` to `to` at the height `across`.
    pub fn level(from: f64, to: f64, across: f64) -> Self {
        Self { from, to, solid: false, breaks: Vec::new(), slope: 0.0, offset: across, course: Vec::new() }
    }

    /// A bent line through the points of `course` (at least two), which run along it.
    pub fn bent(course: Vec<(f64, f64)>, solid: bool) -> Self {
        let first = course.first().copied().unwrap_or_default();
        let last = course.last().copied().unwrap_or_default();
        let (slope, offset) = chord(first, last);
        Self { from: first.0, to: last.0, solid, breaks: Vec::new(), slope, offset, course }
    }

    /// Whether it is kept point by point: faint or bent.
    pub fn is_traced(&self) -> bool {
        !self.course.is_empty()
    }

    /// How far it leaves the straight line between its ends, in pixels.
    pub fn bend(&self) -> f64 {
        let off = self.course.iter().map(|(along, across)| (self.offset + self.slope * along - across).abs());
        off.fold(0.0, f64::max)
    }

    /// Where the line is across its direction, at `along`; beyond the ends of a bent line it goes on as it runs on
    /// the whole.
    pub fn at(&self, along: f64) -> f64 {
        let next = self.course.partition_point(|point| point.0 <= along);
        let before = next.checked_sub(1).and_then(|before| self.course.get(before));
        match (before, self.course.get(next)) {
            (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (along - a.0) / (b.0 - a.0).max(1.0),
            (Some(end), None) | (None, Some(end)) => end.1 + self.slope * (along - end.0),
            (None, None) => self.offset + self.slope * along,
        }
    }

    /// This line and one that follows it as one.
    pub fn joined(&self, next: &Self) -> Self {
        let points = |line: &Self| {
            let [from, to] = [line.from, line.to].map(|along| (along, line.at(along)));
            let within = line.course.iter().copied().filter(|point| from.0 < point.0 && point.0 < to.0);
            std::iter::once(from).chain(within).chain([to]).collect::<Vec<_>>()
        };
        let mut whole = Self::bent([points(self), points(next)].concat(), self.solid && next.solid);
        if !self.is_traced() && !next.is_traced() {
            whole.course.clear();
        }
        let between = (self.to, next.from);
        whole.breaks = [self.breaks.as_slice(), &[between], &next.breaks].concat();
        whole
    }

    /// The same line, `distance` further across.
    pub fn moved(&self, distance: f64) -> Self {
        let course = self.course.iter().map(|(along, across)| (*along, across + distance)).collect();
        Self { offset: self.offset + distance, course, ..self.clone() }
    }

    /// The same course, from one column to another.
    pub fn between(&self, from: f64, to: f64) -> Self {
        Self { from, to, ..self.clone() }
    }

    /// Across, in its middle.
    pub fn middle(&self) -> f64 {
        self.at((self.from + self.to) / 2.0)
    }

    /// Along, in its middle.
    pub fn middle_along(&self) -> f64 {
        (self.from + self.to) / 2.0
    }

    /// Length in pixels.
    pub fn length(&self) -> f64 {
        self.to - self.from
    }

    /// The line in two, when `along` lies where nothing is drawn (with `slack` on either side).
    pub fn cut(&self, along: f64, slack: f64) -> Option<[Self; 2]> {
        let (end, start) =
            *self.breaks.iter().find(|(from, to)| from - slack <= along && along <= to + slack)?;
        let part = |from: f64, to: f64| {
            let inside = |b: &&(f64, f64)| b.0 >= from && b.1 <= to;
            let breaks = self.breaks.iter().filter(inside).copied().collect();
            Self { from, to, breaks, ..self.clone() }
        };
        Some([part(self.from, end), part(start, self.to)])
    }

    /// How far it drifts across per pixel along.
    pub fn slope(&self) -> f64 {
        self.slope
    }
}

/// The slope of the straight line through two points, and where it is at 0.
fn chord(first: (f64, f64), last: (f64, f64)) -> (f64, f64) {
    let slope = (last.1 - first.1) / (last.0 - first.0).max(1.0);
    (slope, first.1 - slope * first.0)
}

/// One mark that may belong to a line: a short solid stretch or a dot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub from: f64,
    pub to: f64,
    pub across: f64,
}

/// The straight line through the marks of a chain, by least squares weighted by length.
pub(super) fn fit(marks: &[Mark], (from, to): (f64, f64), solid: bool) -> Line {
    let (mut w, mut x, mut y, mut xx, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for mark in marks {
        let (weight, along) = (mark.to - mark.from, (mark.from + mark.to) / 2.0 - from);
        w += weight;
        x += weight * along;
        y += weight * mark.across;
        // A long mark is a stretch of points, not one in its middle.
        xx += weight * (along * along + weight * weight / 12.0);
        xy += weight * along * mark.across;
    }
    let spread = w * xx - x * x;
    let slope = if spread > 1e-6 { (w * xy - x * y) / spread } else { 0.0 };
    let offset = (y - slope * x) / w.max(1e-9) - slope * from;
    Line { from, to, solid, breaks: breaks(marks), slope, offset, course: Vec::new() }
}

/// The stretches without a mark.
fn breaks(marks: &[Mark]) -> Vec<(f64, f64)> {
    let mut end = f64::INFINITY;
    let mut breaks = Vec::new();
    for mark in marks {
        if mark.from > end {
            breaks.push((end, mark.from));
        }
        end = if end.is_finite() { end.max(mark.to) } else { mark.to };
    }
    breaks
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn a_bent_line_goes_on_as_it_runs_on_the_whole() {
        let line = Line::bent(vec![(100.0, 50.0), (200.0, 50.0), (210.0, 51.1)], false);
        assert!((line.at(205.0) - 50.55).abs() < 1e-9);
        assert!((line.at(310.0) - 52.1).abs() < 1e-9 && (line.at(0.0) - 49.0).abs() < 1e-9);
    }

    #[test]
    fn lines_that_follow_each_other_are_joined_where_each_runs() {
        let (one, next) = (Line::level(100.0, 200.0, 50.0), Line::level(300.0, 400.0, 54.0));
        let whole = one.joined(&next);
        assert_eq!((whole.from, whole.to, whole.is_traced()), (100.0, 400.0, false));
        assert!((whole.at(100.0) - 50.0).abs() < 1e-9 && (whole.at(400.0) - 54.0).abs() < 1e-9);
        let bent = Line::bent(vec![(300.0, 54.0), (350.0, 55.0), (400.0, 54.0)], false);
        let whole = one.joined(&bent);
        assert!((whole.at(350.0) - 55.0).abs() < 1e-9 && (whole.at(150.0) - 50.0).abs() < 1e-9);
    }
}
