//! Cuts the ink of a region into lines of writing.

use super::components::{Component, Components, letter_height};
use crate::domain::Rectangle;

/// One line of writing: its pieces of ink, and the rows it may take of them (pieces that reach from
/// one line into the next are cut).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// The pieces.
    pub pieces: Vec<Component>,
    /// First row and row after the last.
    pub rows: (i32, i32),
    /// The columns it may take of them, left to right (a piece that is struck through in part is cut).
    pub columns: Vec<(i32, i32)>,
    /// Whether it is struck through.
    pub is_struck: bool,
}

impl Line {
    /// The smallest rectangle around the ink.
    pub(super) fn bounds(&self) -> Rectangle {
        let all =
            self.pieces.iter().filter_map(|piece| self.of_columns(piece.bounds)).reduce(|a, b| a.union(&b));
        let all = all.unwrap_or(Rectangle::new(0, 0, 0, 0));
        Rectangle::new(all.left, all.top.max(self.rows.0), all.right, all.bottom.min(self.rows.1))
    }

    /// The part of `bounds` in its columns; none when there is none.
    fn of_columns(&self, bounds: Rectangle) -> Option<Rectangle> {
        let within = self.columns.iter().filter(|(from, to)| *from < bounds.right && bounds.left < *to);
        let left = within.clone().map(|(from, _)| bounds.left.max(*from)).min()?;
        let right = within.map(|(_, to)| bounds.right.min(*to)).max()?;
        Some(Rectangle { left, right, ..bounds })
    }

    /// Whether it may take of a column.
    pub(super) fn takes(&self, column: i32) -> bool {
        self.columns.iter().any(|(from, to)| (*from..*to).contains(&column))
    }
}

/// Gaps narrower than this share of a letter are closed when the rows of writing are looked for.
const CLOSED: f64 = 0.6;
/// Lines are at least this many letters apart, ...
const LEAST_STEP: f64 = 0.9;
/// ... and the shorter one is this many letters long, unless nothing at all stands between them:
/// the loops of long tails make a band too.
const LEAST_LENGTH: f64 = 1.0;
/// Fewer letters than this are nothing.
const NOTHING: f64 = 0.03;

/// Rows emptier than this share of the emptier neighbour's are a gap between lines.
const GAP_SHARE: f64 = 0.5;

/// A letter is at most this many times as high as those of the whole entry; what is higher are
/// lines grown together.
const HIGHEST: f64 = 1.2;

/// The lines that `pieces` of `components` form, top to bottom. `usual` is how high the letters of the
/// entry are.
pub(super) fn lines(components: &Components, pieces: Vec<Component>, usual: i32) -> Vec<Line> {
    let letter = letter_height(&pieces).min((HIGHEST * f64::from(usual)) as i32).max(1);
    let height = components.labels.height() as i32;
    let cuts = cuts(components, &pieces, letter);
    let mut edges = vec![0];
    edges.extend(cuts);
    edges.push(height);
    let columns = vec![(0, components.labels.width() as i32)];
    let empty =
        |rows: (i32, i32)| Line { pieces: Vec::new(), rows, columns: columns.clone(), is_struck: false };
    let mut lines: Vec<Line> = edges.windows(2).map(|pair| empty((pair[0], pair[1]))).collect();
    let (bodies, marks): (Vec<Component>, Vec<Component>) =
        pieces.into_iter().partition(|piece| 2 * piece.bounds.height() >= letter);
    for body in bodies {
        let many = lines.iter().filter(|line| crosses(&body, line, letter)).count() > 1;
        for line in &mut lines {
            let middle = body.centre_row() as i32;
            if (many && crosses(&body, line, letter))
                || (!many && (line.rows.0..line.rows.1).contains(&middle))
            {
                line.pieces.push(body.clone());
            }
        }
    }
    let owners: Vec<usize> = marks.iter().map(|mark| owner(mark, &lines, letter)).collect();
    for (mark, owner) in marks.into_iter().zip(owners) {
        lines[owner].pieces.push(mark);
    }
    for line in &mut lines {
        line.rows = taken(line, letter);
    }
    lines.retain(|line| !line.pieces.is_empty());
    lines
}

/// A body belongs to a line when it fills half a letter or more of its rows.
fn crosses(body: &Component, line: &Line, letter: i32) -> bool {
    let rows = body.bounds.bottom.min(line.rows.1) - body.bounds.top.max(line.rows.0);
    2 * rows >= letter.min(body.bounds.height()) && 3 * body.bounds.height() > 4 * letter
}

/// The rows a line may take of its pieces: everything of those that are its own.
fn taken(line: &Line, letter: i32) -> (i32, i32) {
    let own = line.pieces.iter().filter(|piece| piece.bounds.height() <= 2 * letter);
    let top = own.clone().map(|piece| piece.bounds.top).min().unwrap_or(line.rows.0);
    let bottom = own.map(|piece| piece.bounds.bottom).max().unwrap_or(line.rows.1);
    (top.min(line.rows.0), bottom.max(line.rows.1))
}

/// Which line a mark belongs to: the one in whose letters it stands (a dash, a stop), else that of
/// the nearest body above or below it (an accent).
fn owner(mark: &Component, lines: &[Line], letter: i32) -> usize {
    if let Some(among) = lines.iter().position(|line| stands_among(mark, line)) {
        return among;
    }
    let distance = |line: &Line| -> i32 {
        let near = line.pieces.iter().filter(|body| {
            body.bounds.left - letter / 2 < mark.bounds.right
                && mark.bounds.left < body.bounds.right + letter / 2
        });
        let gap = |body: &Component| {
            (body.bounds.top - mark.bounds.bottom).max(mark.bounds.top - body.bounds.bottom).max(0)
        };
        let rows = (line.rows.0 - mark.bounds.bottom).max(mark.bounds.top - line.rows.1).max(0);
        near.map(gap).min().unwrap_or(2 * letter + rows)
    };
    let nearest = lines.iter().enumerate().min_by_key(|(_, line)| distance(line));
    nearest.map_or(0, |(index, _)| index)
}

fn stands_among(mark: &Component, line: &Line) -> bool {
    let mut tops: Vec<i32> = line.pieces.iter().map(|body| body.bounds.top).collect();
    let mut bottoms: Vec<i32> = line.pieces.iter().map(|body| body.bounds.bottom).collect();
    tops.sort_unstable();
    bottoms.sort_unstable();
    let middle = mark.centre_row() as i32;
    match (tops.get(tops.len() / 2), bottoms.get(bottoms.len() / 2)) {
        (Some(top), Some(bottom)) => (*top..*bottom).contains(&middle),
        _ => false,
    }
}

/// The rows to cut at: the middle of every gap between fuller bands.
fn cuts(components: &Components, pieces: &[Component], letter: i32) -> Vec<i32> {
    let profile = smooth(&coverage(components, pieces, letter), (letter / 6).max(1) as usize);
    let bands = bands(&profile, f64::from(letter));
    bands.windows(2).map(|pair| lowest_between(&profile, pair[0], pair[1])).collect()
}

/// The columns that each row covers once narrow gaps are closed: at the height of the small letters
/// a word is one stretch, while stems, tails and accents stand apart. Marks do not count, for they
/// would fill the gaps between lines.
fn coverage(components: &Components, pieces: &[Component], letter: i32) -> Vec<f64> {
    let mut body = vec![false; components.count as usize + 1];
    let bodies = pieces.iter().filter(|piece| 2 * piece.bounds.height() >= letter);
    bodies.for_each(|piece| body[piece.label as usize] = true);
    let closed = (CLOSED * f64::from(letter)) as usize;
    let covered = |row: &[u32]| {
        let mut last: Option<usize> = None;
        let inked = (0..row.len()).filter(|x| body[row[*x] as usize]);
        let steps = inked.map(|x| match last.replace(x).map(|before| x - before) {
            Some(step) if step <= closed => step,
            _ => 1,
        });
        steps.sum::<usize>() as f64
    };
    components.labels.as_raw().chunks(components.labels.width().max(1) as usize).map(covered).collect()
}

fn smooth(rows: &[f64], reach: usize) -> Vec<f64> {
    (0..rows.len())
        .map(|row| {
            let part = &rows[row.saturating_sub(reach)..(row + reach + 1).min(rows.len())];
            part.iter().sum::<f64>() / part.len() as f64
        })
        .collect()
}

/// A line may be a single figure beside a full one: a row of it covers at least this share of a letter's height.
const SHORTEST_WORD: f64 = 0.3;

/// The fullest row of every band of ink, top to bottom.
fn bands(profile: &[f64], letter: f64) -> Vec<usize> {
    let fullest = profile.iter().copied().fold(0.0, f64::max);
    let weak = 0.08 * fullest;
    let faintest = weak.min(SHORTEST_WORD * letter);
    let mut order: Vec<usize> = (0..profile.len()).filter(|row| profile[*row] > faintest).collect();
    order.sort_by(|a, b| profile[*b].total_cmp(&profile[*a]).then(a.cmp(b)));
    let mut peaks: Vec<usize> = Vec::new();
    for row in order {
        let apart = |peak: usize| {
            let low = profile[lowest_between(profile, row.min(peak), row.max(peak)) as usize];
            let emptier = profile[row].min(profile[peak]);
            let clear = low <= NOTHING * letter;
            let long = (emptier >= LEAST_LENGTH * letter && emptier > weak) || clear;
            row.abs_diff(peak) as f64 > LEAST_STEP * letter && low <= GAP_SHARE * emptier && long
        };
        if peaks.iter().all(|peak| apart(*peak)) {
            peaks.push(row);
        }
    }
    peaks.sort_unstable();
    peaks
}

/// The middle of the emptiest rows between two.
fn lowest_between(profile: &[f64], from: usize, to: usize) -> i32 {
    let lowest = (from..to).map(|row| profile[row]).fold(f64::INFINITY, f64::min);
    let empty: Vec<usize> = (from..to).filter(|row| profile[*row] <= lowest + 1e-9).collect();
    empty.get(empty.len() / 2).copied().unwrap_or(from) as i32
}
