//! Cuts the ink of a region into lines of writing.

use super::components::{Component, letter_height};
use crate::domain::Rectangle;

/// One line of writing: its pieces of ink, and the rows it may take of them (pieces that reach from
/// one line into the next are cut).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// The pieces.
    pub pieces: Vec<Component>,
    /// First row and row after the last.
    pub rows: (i32, i32),
}

impl Line {
    /// The smallest rectangle around the ink.
    pub(super) fn bounds(&self) -> Rectangle {
        let all = self.pieces.iter().map(|piece| piece.bounds).reduce(|a, b| a.union(&b));
        let all = all.unwrap_or(Rectangle::new(0, 0, 0, 0));
        Rectangle::new(all.left, all.top.max(self.rows.0), all.right, all.bottom.min(self.rows.1))
    }
}

/// A piece this many times as wide as it is high is a word of joined letters.
const JOINED: i32 = 2;

/// Rows emptier than this share of the fuller neighbour's are a gap between lines.
const GAP_SHARE: f64 = 0.35;

/// The lines that `pieces` form, top to bottom, in a window of `height` rows.
pub(super) fn lines(pieces: Vec<Component>, height: i32) -> Vec<Line> {
    let letter = letter_height(&pieces).max(1);
    let cuts = cuts(&pieces, letter, height);
    let mut edges = vec![0];
    edges.extend(cuts);
    edges.push(height);
    let mut lines: Vec<Line> =
        edges.windows(2).map(|pair| Line { pieces: Vec::new(), rows: (pair[0], pair[1]) }).collect();
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
fn cuts(pieces: &[Component], letter: i32, height: i32) -> Vec<i32> {
    let profile = smooth(&profile(pieces, letter, height), (letter / 6).max(1) as usize);
    let bands = bands(&profile, letter);
    bands.windows(2).map(|pair| lowest_between(&profile, pair[0], pair[1])).collect()
}

/// Ink columns per row, of the bodies only: marks would fill the gaps. The ink of a letter is spread
/// evenly over its height, as the bars of capitals would pass for lines; a word of joined letters,
/// whose tails reach into the next line, counts where its ink is.
fn profile(pieces: &[Component], letter: i32, height: i32) -> Vec<f64> {
    let mut rows = vec![0.0; height.max(0) as usize];
    for piece in pieces.iter().filter(|piece| 2 * piece.bounds.height() >= letter) {
        let even = f64::from(piece.area) / f64::from(piece.bounds.height().max(1));
        let joined = piece.bounds.width() >= JOINED * piece.bounds.height();
        for row in piece.bounds.top.max(0)..piece.bounds.bottom.min(height) {
            let own = piece.rows.get((row - piece.bounds.top) as usize).map_or(0.0, |ink| f64::from(*ink));
            rows[row as usize] += if joined { own } else { even };
        }
    }
    rows
}

fn smooth(rows: &[f64], reach: usize) -> Vec<f64> {
    (0..rows.len())
        .map(|row| {
            let part = &rows[row.saturating_sub(reach)..(row + reach + 1).min(rows.len())];
            part.iter().sum::<f64>() / part.len() as f64
        })
        .collect()
}

/// The fullest row of every band of ink, top to bottom.
fn bands(profile: &[f64], letter: i32) -> Vec<usize> {
    let fullest = profile.iter().copied().fold(0.0, f64::max);
    let mut peaks: Vec<usize> = Vec::new();
    let order = {
        let mut order: Vec<usize> = (0..profile.len()).filter(|row| profile[*row] > 0.12 * fullest).collect();
        order.sort_by(|a, b| profile[*b].total_cmp(&profile[*a]).then(a.cmp(b)));
        order
    };
    for row in order {
        let apart = |peak: usize| {
            let low = profile[lowest_between(profile, row.min(peak), row.max(peak)) as usize];
            row.abs_diff(peak) as i32 > letter * 5 / 8 && low <= GAP_SHARE * profile[row].min(profile[peak])
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
