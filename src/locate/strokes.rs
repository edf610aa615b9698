//! Solid lines from thin strokes: strokes that touch are one piece, pieces in line are one line.

use super::ink::Run;
use super::line::{Line, Mark, fit};

/// Lines of an upright page lean less than this.
const STEEPEST: f64 = 0.035;

/// The solid lines that long thin stretches of ink make. `gap`: the widest break bridged;
/// `shortest`: the shortest line; both in pixels.
pub(super) fn lines(strokes: &[Run], gap: f64, shortest: f64) -> Vec<Line> {
    let mut pieces: Vec<Stroke> = touching(strokes).into_iter().map(Stroke::of).collect();
    pieces.sort_by(|a, b| b.line.length().total_cmp(&a.line.length()));
    let mut joined: Vec<Stroke> = Vec::new();
    for piece in pieces {
        match joined.iter_mut().find(|line| line.runs_on(&piece, gap)) {
            Some(line) => line.take(piece),
            None => joined.push(piece),
        }
    }
    let mut lines: Vec<Stroke> = Vec::new();
    // What lay between two long parts has been added by now, so that they meet.
    for part in joined.into_iter().filter(|part| part.line.length() >= 0.4 * shortest) {
        match lines.iter_mut().find(|line| line.runs_on(&part, gap)) {
            Some(line) => line.take(part),
            None => lines.push(part),
        }
    }
    // Bars and dashes of writing in a row are no line: a line runs on somewhere.
    let long = |stroke: &Stroke| {
        stroke.marks.iter().any(|mark| 2.0 * (mark.to - mark.from) >= shortest.min(2.5 * gap))
            && stroke.line.length() >= shortest
            && stroke.drawn() >= 0.62
            && stroke.line.slope().abs() < STEEPEST
    };
    lines.into_iter().filter(long).map(|stroke| stroke.line).collect()
}

/// Strokes in line with each other, and the line through them.
struct Stroke {
    marks: Vec<Mark>,
    line: Line,
}

impl Stroke {
    fn of(mut marks: Vec<Mark>) -> Self {
        marks.sort_by(|a, b| a.from.total_cmp(&b.from));
        let from = marks.iter().map(|mark| mark.from).fold(f64::INFINITY, f64::min);
        let to = marks.iter().map(|mark| mark.to).fold(f64::NEG_INFINITY, f64::max);
        let line = fit(&marks, (from, to), true);
        Self { marks, line }
    }

    /// Whether a shorter piece carries this line on (or fills it).
    fn runs_on(&self, piece: &Self, gap: f64) -> bool {
        let apart = f64::max(self.line.from - piece.line.to, piece.line.from - self.line.to);
        let off = self.line.at((piece.line.from + piece.line.to) / 2.0) - piece.line.middle();
        apart <= gap && off.abs() <= 2.0
    }

    fn take(&mut self, piece: Self) {
        let mut marks = std::mem::take(&mut self.marks);
        marks.extend(piece.marks);
        *self = Self::of(marks);
    }

    /// The share of its length that is ink, 0..=1.
    fn drawn(&self) -> f64 {
        let (mut drawn, mut end) = (0.0, self.line.from);
        for mark in &self.marks {
            drawn += (mark.to - mark.from.max(end)).max(0.0);
            end = end.max(mark.to);
        }
        drawn / self.line.length().max(1.0)
    }
}

/// Groups of stretches that touch: in neighbouring rows, over common columns.
fn touching(strokes: &[Run]) -> Vec<Vec<Mark>> {
    let mut order: Vec<&Run> = strokes.iter().collect();
    order.sort_by_key(|run| (run.at, run.from));
    let mut group: Vec<usize> = (0..order.len()).collect();
    let mut above = 0;
    for (i, run) in order.iter().enumerate() {
        while order[above].at + 1 < run.at {
            above += 1;
        }
        for (j, other) in order.iter().enumerate().take(i).skip(above) {
            if other.at + 1 == run.at && other.from <= run.to && run.from <= other.to {
                let (a, b) = (root(&mut group, i), root(&mut group, j));
                group[a.max(b)] = a.min(b);
            }
        }
    }
    let mut groups: std::collections::BTreeMap<usize, Vec<Mark>> = std::collections::BTreeMap::new();
    for (i, run) in order.iter().enumerate() {
        let mark = Mark { from: run.from as f64, to: run.to as f64, across: run.at as f64 };
        groups.entry(root(&mut group, i)).or_default().push(mark);
    }
    groups.into_values().collect()
}

/// The first member of the group of `of`.
fn root(group: &mut [usize], of: usize) -> usize {
    let mut at = of;
    while group[at] != at {
        group[at] = group[group[at]];
        at = group[at];
    }
    at
}
