//! The rows of lines to write on, in the order in which a form is read.

use super::colons::Colon;
use super::columns;
use super::ink::Ink;
use super::line::Line;
use super::rulings::Lines;

/// A line to write on.
#[derive(Debug, Clone)]
pub(super) struct Leader {
    /// The line itself.
    pub line: Line,
    /// Its row, counted from the top.
    pub row: usize,
    /// The ruling that parts its row, when one does, and whether it stands right of it.
    pub part: Option<(usize, bool)>,
    /// Whether nothing to write on stands before it in its part of the row.
    pub first: bool,
    /// Where its label can begin at the earliest: the end of the line before it, or a ruling.
    pub open_from: f64,
    /// Where its writing must end: a ruling or the edge of the page.
    pub open_to: f64,
    /// Whether it is printed; else only a colon tells where the writing begins.
    pub drawn: bool,
}

impl Leader {
    /// Whether another stands in its part of its row.
    pub fn shares_row(&self, other: &Self) -> bool {
        (self.row, self.part) == (other.row, other.part)
    }
}

/// The lines to write on, in reading order, and the distance of the rows.
pub(super) struct SlotRows {
    /// In reading order: row by row, but all of a left part before the part on its right.
    pub leaders: Vec<Leader>,
    /// Usual distance from one row to the next, in pixels.
    pub pitch: f64,
}

/// Sorts the lines of a page into rows to write on; of two facing pages the left one comes first.
pub(super) fn rows(ink: &Ink, lines: &Lines) -> SlotRows {
    let Some(gutter) = gutter(ink, lines) else { return rows_of(ink, lines) };
    let half = |right: bool| {
        let here = |line: &&Line| (line.middle_along() > gutter) == right;
        let horizontal = lines.horizontal.iter().filter(here).cloned().collect();
        rows_of(ink, &Lines { horizontal, vertical: lines.vertical.clone(), colons: Vec::new() })
    };
    let (mut left, mut right) = (half(false), half(true));
    let rows = left.leaders.iter().map(|leader| leader.row + 1).max().unwrap_or(0);
    for leader in &mut left.leaders {
        leader.part = leader.part.or(Some((FACING, false)));
        leader.open_to = leader.open_to.min(gutter);
    }
    for leader in &mut right.leaders {
        leader.row += rows;
        leader.part = leader.part.or(Some((FACING, true)));
        leader.open_from = leader.open_from.max(gutter);
    }
    left.leaders.append(&mut right.leaders);
    left
}

/// Stands for the ruling that parts facing pages.
pub(super) const FACING: usize = usize::MAX;
/// Facing pages have at least so many lines each.
const FEWEST_FACING: usize = 10;

/// Where a lying sheet shows two facing pages: no line passes its middle, and both sides have many.
fn gutter(ink: &Ink, lines: &Lines) -> Option<f64> {
    let (width, height) = (ink.width as f64, ink.height as f64);
    let middle = width / 2.0;
    let long = |line: &&Line| line.length() >= 5.0 * ink.millimetre;
    let near = 0.02 * width;
    let passes = |line: &Line| line.from < middle - near && line.to > middle + near;
    let left = lines.horizontal.iter().filter(long).filter(|line| line.to <= middle + near).count();
    let right = lines.horizontal.iter().filter(long).filter(|line| line.from >= middle - near).count();
    let facing = width > 1.1 * height
        && left.min(right) >= FEWEST_FACING
        && left.min(right) * 2 >= left.max(right)
        && !lines.horizontal.iter().filter(long).any(passes);
    facing.then_some(middle)
}

/// The rows of a form without lines: writing begins after the colon of each label.
pub(super) fn rows_without_lines(ink: &Ink, lines: &Lines) -> SlotRows {
    let mm = ink.millimetre;
    let begin =
        |colon: &Colon| Line::level(colon.right + 1.0, colon.right + 6.0 * mm, colon.bottom + 0.5 * mm);
    let horizontal = lines.colons.iter().map(begin).collect();
    let mut rows = rows_of(ink, &Lines { horizontal, vertical: Vec::new(), colons: Vec::new() });
    for leader in &mut rows.leaders {
        leader.drawn = false;
    }
    rows
}

/// Sorts lines into rows to write on.
fn rows_of(ink: &Ink, lines: &Lines) -> SlotRows {
    let mm = ink.millimetre;
    let sag = Sag::of(&lines.horizontal, ink.width as f64, 25.0 * mm);
    let height = |line: &Line| line.middle() - sag.at(line.middle_along());
    let mut written: Vec<&Line> = lines
        .horizontal
        .iter()
        .filter(|line| line.length() >= 5.0 * mm && !crosses(line, &lines.vertical, mm))
        .filter(|line| (line.slope() - sag.slope(line)).abs() < 0.03)
        .collect();
    written.sort_by(|a, b| height(a).total_cmp(&height(b)));
    let pitch_of =
        |rows: &[Vec<&Line>]| pitch(&rows.iter().map(|row| height(row[0])).collect::<Vec<_>>(), mm);
    let with_strokes = in_rows(&written, height, 2.0 * mm);
    let written = without_strokes(&written, (NEAR_LINE * pitch_of(&with_strokes)).max(2.0 * mm));
    let rows = in_rows(&written, height, 2.0 * mm);
    let pitch = pitch_of(&rows);
    let mut lines = lines.clone();
    lines.vertical.extend(columns::unruled(&rows, &lines.vertical, pitch, mm));
    SlotRows { leaders: in_reading_order(ink, &rows, &lines, pitch), pitch }
}

/// Lines, from top to bottom, in rows no higher than `high`.
fn in_rows<'l>(lines: &[&'l Line], height: impl Fn(&Line) -> f64, high: f64) -> Vec<Vec<&'l Line>> {
    let mut rows: Vec<Vec<&Line>> = Vec::new();
    for line in lines {
        match rows.last_mut() {
            Some(row) if height(line) - height(row[0]) <= high => row.push(line),
            _ => rows.push(vec![line]),
        }
    }
    rows
}

/// Nothing is written between two lines that are nearer to each other than this share of a row.
const NEAR_LINE: f64 = 0.4;
/// The feet of letters in a row look like a line; the one they stand on is longer by this.
const LONGER: f64 = 1.6;

/// The lines without those that strokes of the writing on a line make, right above it.
fn without_strokes<'l>(lines: &[&'l Line], near: f64) -> Vec<&'l Line> {
    // What hides a piece of a line parts it in two.
    let goes_on_to = |line: &Line| {
        let next = lines.iter().filter(|next| (0.0..2.5 * near).contains(&(next.from - line.to)));
        let level = next.filter(|next| (next.at(next.from) - line.at(line.to)).abs() < 0.2 * near);
        level.map(|next| next.to).fold(line.to, f64::max)
    };
    // A frame begins where the labels do, further left than what is written on.
    let left = lines.iter().map(|line| line.from).fold(f64::INFINITY, f64::min);
    let is_frame = |line: &Line| line.from < left + near;
    let stands_on = |stroke: &Line, line: &Line| {
        let shared = stroke.to.min(goes_on_to(line)) - stroke.from.max(line.from);
        let above = line.at(stroke.middle_along()) - stroke.middle();
        let longer = line.length() > LONGER * stroke.length() && !is_frame(line);
        let apart = (0.2 * near..near).contains(&above.abs());
        longer && shared > 0.8 * stroke.length() && apart
    };
    let is_stroke = |stroke: &Line| lines.iter().any(|line| stands_on(stroke, line));
    lines.iter().copied().filter(|line| !is_stroke(line)).collect()
}

/// How far the rows of a page sink from its left edge on: evenly on a page that leans, unevenly on
/// one that is bent.
struct Sag {
    /// Width of the parts of the page, in pixels.
    part: f64,
    /// How far the rows have sunk where each part begins, and where the last one ends.
    sunk: Vec<f64>,
}

impl Sag {
    /// As most lines of at least `long` pixels have it.
    fn of(lines: &[Line], width: f64, long: f64) -> Self {
        let part = (width / PARTS as f64).max(1.0);
        let slopes: Vec<Option<f64>> =
            (0..PARTS).map(|n| usual_slope(lines, n as f64 * part, part, long)).collect();
        let nearest = |n: usize| {
            let known = (0..PARTS).filter(|other| slopes[*other].is_some());
            known.min_by_key(|other| other.abs_diff(n)).and_then(|other| slopes[other]).unwrap_or(0.0)
        };
        let mut sunk = vec![0.0];
        for n in 0..PARTS {
            sunk.push(sunk[n] + part * nearest(n));
        }
        Self { part, sunk }
    }

    /// How far the rows have sunk at column `x`.
    fn at(&self, x: f64) -> f64 {
        let place = (x / self.part).clamp(0.0, PARTS as f64);
        let n = (place as usize).min(PARTS - 1);
        self.sunk[n] + (place - n as f64) * (self.sunk[n + 1] - self.sunk[n])
    }

    /// The slope of the rows where `line` is.
    fn slope(&self, line: &Line) -> f64 {
        (self.at(line.to) - self.at(line.from)) / line.length().max(1.0)
    }
}

/// Parts of a page, side by side, that have a slope of their own.
const PARTS: usize = 16;

/// The middle one of the slopes that the lines of at least `long` pixels have between `from` and
/// `from + width`.
fn usual_slope(lines: &[Line], from: f64, width: f64, long: f64) -> Option<f64> {
    let passing = lines.iter().filter(|line| line.length() >= long);
    let passing = passing.filter(|line| line.from <= from + 0.25 * width && line.to >= from + 0.75 * width);
    let mut slopes: Vec<f64> = passing.map(|line| (line.at(from + width) - line.at(from)) / width).collect();
    slopes.sort_by(f64::total_cmp);
    slopes.get(slopes.len() / 2).copied()
}

/// Whether a line passes over an upright ruling, as the frame of a part does and a line to write
/// on never does: a drawn one, or dots of letters on both its sides.
fn crosses(line: &Line, upright: &[Line], mm: f64) -> bool {
    let short = line.length() < SHORT_DOTS * mm;
    let beyond = if line.solid { 2.0 * mm } else { 0.5 * mm };
    (line.solid || short)
        && upright.iter().any(|ruling| {
            let (x, y) = (ruling.middle(), line.middle());
            let passes = line.from < x - beyond && line.to > x + beyond;
            passes && ruling.from - 2.0 * mm < y && y < ruling.to + 2.0 * mm
        })
}

/// A line of dots that passes over a ruling and has fewer millimetres is none.
const SHORT_DOTS: f64 = 10.0;

/// The usual distance between rows.
fn pitch(heights: &[f64], mm: f64) -> f64 {
    let steps = heights.windows(2).map(|pair| pair[1] - pair[0]);
    let mut steps: Vec<f64> = steps.filter(|step| (4.0 * mm..22.0 * mm).contains(step)).collect();
    steps.sort_by(f64::total_cmp);
    // The lower middle one: headings between rows make some steps longer, nothing makes them shorter.
    steps.get(steps.len().saturating_sub(1) / 2).copied().unwrap_or(10.0 * mm)
}

/// The upright ruling that parts a row, when there is one with lines on both its sides. A ruling
/// may be worn off at its ends: it also parts the next rows, as far as no frame and no line to
/// write on passes over it.
fn divider(row: &[&Line], lines: &Lines, pitch: f64) -> Option<usize> {
    let y = row.first()?.middle();
    let parts = |(_, ruling): &(usize, &Line)| {
        let x = ruling.at(y.clamp(ruling.from, ruling.to));
        let (left, right) = (row.iter().any(|line| line.to < x), row.iter().any(|line| line.from > x));
        let free = row.iter().all(|line| line.to < x || line.from > x);
        let near = ruling.from - 2.5 * pitch < y && y < ruling.to + 2.5 * pitch;
        let end = y.clamp(ruling.from, ruling.to);
        let (high, low) = (y.min(end) - 0.2 * pitch, y.max(end) + 0.2 * pitch);
        let framed = end != y
            && lines.horizontal.iter().any(|line| {
                let passes = line.solid && line.from < x - 0.3 * pitch && line.to > x + 0.3 * pitch;
                passes && high < line.at(x) && line.at(x) < low
            });
        ruling.length() > 2.5 * pitch && left && right && free && near && !framed
    };
    lines.vertical.iter().enumerate().find(parts).map(|(index, _)| index)
}

/// The upright ruling that parts each row. One that parts other rows also parts those it passes that have lines on
/// one of its sides only, for writing hides those on the other.
fn dividers(rows: &[Vec<&Line>], lines: &Lines, pitch: f64) -> Vec<Option<usize>> {
    let both: Vec<Option<usize>> = rows.iter().map(|row| divider(row, lines, pitch)).collect();
    let one_sided = |row: &Vec<&Line>| {
        both.iter().copied().flatten().find(|index| {
            let ruling = &lines.vertical[*index];
            let y = row[0].middle();
            let (x, passes) = (ruling.at(y), ruling.from < y && y < ruling.to);
            passes && (row.iter().all(|line| line.to < x) || row.iter().all(|line| line.from > x))
        })
    };
    rows.iter().zip(&both).map(|(row, parted)| parted.or_else(|| one_sided(row))).collect()
}

/// Rows top to bottom; rows parted by the same ruling are read left part first.
fn in_reading_order(ink: &Ink, rows: &[Vec<&Line>], lines: &Lines, pitch: f64) -> Vec<Leader> {
    let mut order: Vec<Leader> = Vec::new();
    let mut waiting: Vec<Leader> = Vec::new();
    let mut open: Option<usize> = None;
    for (number, (row, parted)) in rows.iter().zip(dividers(rows, lines, pitch)).enumerate() {
        if parted != open {
            order.append(&mut waiting);
            open = parted;
        }
        let ruling = parted.map(|index| (index, lines.vertical[index].at(row[0].middle())));
        for mut leader in leaders_of(ink, number, row, ruling) {
            leader.open_to = leader.open_to.min(frame(&leader.line, &lines.vertical, pitch));
            if leader.part.is_some_and(|(_, right)| right) {
                waiting.push(leader);
            } else {
                order.push(leader);
            }
        }
    }
    order.append(&mut waiting);
    order
}

/// Where the upright ruling stands that a line ends before; far away when none does.
fn frame(line: &Line, upright: &[Line], pitch: f64) -> f64 {
    let y = line.at(line.to);
    let beside = upright.iter().filter(|ruling| ruling.from < y && y < ruling.to + pitch);
    let right = beside.map(|ruling| ruling.at(y) - 0.08 * pitch).filter(|x| *x > line.to - 0.1 * pitch);
    right.fold(f64::INFINITY, f64::min)
}

/// The lines of one row from left to right.
fn leaders_of(ink: &Ink, number: usize, row: &[&Line], ruling: Option<(usize, f64)>) -> Vec<Leader> {
    let mut row: Vec<&Line> = row.to_vec();
    row.sort_by(|a, b| a.from.total_cmp(&b.from));
    let edge = ink.width as f64;
    let mut leaders: Vec<Leader> = Vec::new();
    for line in row {
        let part = ruling.map(|(index, x)| (index, (line.from + line.to) / 2.0 > x));
        let right = part.is_some_and(|(_, right)| right);
        let before = leaders.last().filter(|leader: &&Leader| leader.part == part);
        let (left, end) = match ruling {
            Some((_, x)) if right => (x, edge),
            Some((_, x)) => (0.0, x),
            None => (0.0, edge),
        };
        let first = before.is_none();
        let open_from = before.map_or(left, |leader| leader.line.to);
        leaders.push(Leader {
            line: line.clone(),
            row: number,
            part,
            first,
            open_from,
            open_to: end,
            drawn: true,
        });
    }
    leaders
}

#[cfg(test)]
mod tests {
    use super::super::line::Line;
    use super::super::rulings::Lines;
    use super::{dividers, without_strokes};

    #[test]
    fn a_ruling_parts_the_rows_it_passes_that_show_one_side_only() {
        let left = |y: f64| Line::level(100.0, 380.0, y);
        let right = |y: f64| Line::level(420.0, 700.0, y);
        let all = [left(100.0), right(100.0), right(140.0), left(180.0), right(180.0), left(300.0)];
        let rows: Vec<Vec<&Line>> = [0..2, 2..3, 3..5, 5..6].map(|row| all[row].iter().collect()).to_vec();
        let upright = |x: f64| Line::level(80.0, 240.0, x);
        // A frame at the edge parts nothing.
        let lines = Lines {
            horizontal: Vec::new(),
            vertical: vec![upright(80.0), upright(400.0)],
            colons: Vec::new(),
        };
        assert_eq!(dividers(&rows, &lines, 40.0), [Some(1), Some(1), Some(1), None]);
    }

    #[test]
    fn the_feet_of_letters_on_a_line_are_no_line() {
        let (line, other) = (Line::level(300.0, 900.0, 330.0), Line::level(950.0, 1000.0, 318.0));
        let (feet, frame) = (Line::level(350.0, 400.0, 318.0), Line::level(100.0, 900.0, 345.0));
        let kept = without_strokes(&[&feet, &other, &line, &frame], 20.0);
        assert_eq!(kept, [&other, &line, &frame]);
        // Pieces of one line all stay.
        let (piece, next) = (Line::level(300.0, 700.0, 330.0), Line::level(720.0, 900.0, 330.0));
        assert_eq!(without_strokes(&[&frame, &piece, &next], 20.0), [&frame, &piece, &next]);
        // Half of the feet stand where a seal hides the line.
        let (left, right) = (Line::level(200.0, 380.0, 330.0), Line::level(420.0, 900.0, 330.0));
        assert_eq!(without_strokes(&[&feet, &left, &right, &frame], 20.0), [&left, &right, &frame]);
    }
}
