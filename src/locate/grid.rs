//! Ruled tables: the grid that upright and level rulings make, and its cells.

use super::ink::Ink;
use super::line::Line;
use super::rulings::Lines;
use crate::domain::Rectangle;

/// A ruling of a table, perhaps found in several pieces.
#[derive(Debug, Clone)]
struct Ruling {
    pieces: Vec<Line>,
}

impl Ruling {
    /// Where it is across its direction, at `along`: on the piece nearest to there.
    fn at(&self, along: f64) -> f64 {
        let away = |line: &Line| (line.from - along).max(along - line.to).max(0.0);
        let near = self.pieces.iter().min_by(|a, b| away(a).total_cmp(&away(b)));
        near.map_or(0.0, |line| line.at(along.clamp(line.from, line.to)))
    }

    /// The same ruling, further down by `distance`.
    fn moved(&self, distance: f64) -> Self {
        Self { pieces: self.pieces.iter().map(|line| line.moved(distance)).collect() }
    }

    fn reach(&self) -> (f64, f64) {
        let from = self.pieces.iter().map(|line| line.from).fold(f64::INFINITY, f64::min);
        let to = self.pieces.iter().map(|line| line.to).fold(f64::NEG_INFINITY, f64::max);
        (from, to)
    }

    /// How much of `from..to` it is drawn over, 0..=1.
    fn coverage(&self, from: f64, to: f64) -> f64 {
        let mut pieces: Vec<(f64, f64)> =
            self.pieces.iter().map(|line| (line.from.max(from), line.to.min(to))).collect();
        pieces.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut drawn, mut end) = (0.0, from);
        for (start, stop) in pieces {
            drawn += (stop - start.max(end)).max(0.0);
            end = end.max(stop);
        }
        drawn / (to - from).max(1.0)
    }
}

/// A table: `columns() x rows()` cells.
pub(super) struct Grid {
    upright: Vec<Ruling>,
    level: Vec<Ruling>,
    /// Level rulings that do not reach across: they part cells of the head.
    partial: Vec<Ruling>,
    inset: f64,
}

/// The fewest columns of a register table; forms of slots have a ruling or two.
const FEWEST_COLUMNS: usize = 5;

/// A row below the head that is higher than so many millimetres is several.
const HIGHEST_ROW: f64 = 45.0;

/// An upright ruling that goes further than so many millimetres below a level one runs on.
const RUNS_ON: f64 = 4.0;

impl Grid {
    /// The table on a page, when there is one.
    pub fn find(ink: &Ink, lines: &Lines) -> Option<Self> {
        let mm = ink.millimetre;
        let meet = |level: &Line, upright: &Line| {
            let (x, y) = (upright.middle(), level.at(upright.middle()));
            let across = level.from - 2.0 * mm <= x && x <= level.to + 2.0 * mm;
            across && upright.from - 2.0 * mm <= y && y <= upright.to + 2.0 * mm
        };
        let level: Vec<Line> = lines
            .horizontal
            .iter()
            .filter(|line| lines.vertical.iter().filter(|upright| meet(line, upright)).count() >= 2)
            .cloned()
            .collect();
        let upright: Vec<Line> =
            lines.vertical.iter().filter(|line| line.length() >= 15.0 * mm).cloned().collect();
        let upright = upright
            .into_iter()
            .filter(|line| level.iter().filter(|other| meet(other, line)).count() >= 3)
            .collect();
        Self::assemble(gather(level, 1.6 * mm), gather(upright, 1.6 * mm), mm)
    }

    fn assemble(level: Vec<Ruling>, upright: Vec<Ruling>, mm: f64) -> Option<Self> {
        let reach = |rulings: &[Ruling]| {
            let all = rulings.iter().map(Ruling::reach);
            all.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
        };
        let (left, right) = reach(&level)?;
        let (top, bottom) = reach(&upright)?;
        let upright: Vec<Ruling> =
            upright.into_iter().filter(|ruling| ruling.coverage(top, bottom) >= 0.5).collect();
        let (level, partial): (Vec<Ruling>, Vec<Ruling>) =
            level.into_iter().partition(|ruling| ruling.coverage(left, right) >= 0.6);
        let table = upright.len() > FEWEST_COLUMNS && level.len() >= 3;
        let level = with_unseen(level, (left + right) / 2.0);
        table.then_some(Self { upright, level, partial, inset: 0.4 * mm })
    }

    /// Whether level rulings were not seen: a row is too high for one, or most of the upright rulings run on below
    /// the last level one.
    pub fn lacks_rows(&self, ink: &Ink) -> bool {
        let rows = (1..self.rows()).map(|row| self.cell(row, self.columns() / 2, false).height());
        let highest = rows.max().unwrap_or_default();
        f64::from(highest) > HIGHEST_ROW * ink.millimetre || self.runs_on(ink)
    }

    /// Whether most of the upright rulings run on below the last level one that was seen.
    fn runs_on(&self, ink: &Ink) -> bool {
        let Some(last) = self.level.last() else { return false };
        let on = |upright: &&Ruling| {
            let end = upright.reach().1;
            end - last.at(upright.at(end)) > RUNS_ON * ink.millimetre
        };
        2 * self.upright.iter().filter(on).count() > self.upright.len()
    }

    /// Columns of the table.
    pub fn columns(&self) -> usize {
        self.upright.len() - 1
    }

    /// Rows of the table, those of its head included.
    pub fn rows(&self) -> usize {
        self.level.len() - 1
    }

    /// The inside of a cell. With `below_parts`, only what lies under the last ruling that parts it.
    pub fn cell(&self, row: usize, column: usize, below_parts: bool) -> Rectangle {
        let (left, right) = (&self.upright[column], &self.upright[column + 1]);
        let (top, bottom) = (&self.level[row], &self.level[row + 1]);
        let tall = left.reach();
        let half = (tall.0 + tall.1) / 2.0;
        let x = (left.at(half) + right.at(half)) / 2.0;
        let (above, below) = (top.at(x), bottom.at(x));
        let parting =
            self.partial.iter().filter(|ruling| below_parts && ruling.reach().0 < x && x < ruling.reach().1);
        let parting =
            parting.map(|ruling| ruling.at(x)).filter(|y| *y > above && *y < below - self.inset * 5.0);
        let above = parting.fold(above, f64::max);
        let middle = (above + below) / 2.0;
        let (left, right) = (left.at(middle), right.at(middle));
        Rectangle::new(
            (left + self.inset).ceil() as i32,
            (above + self.inset).ceil() as i32,
            (right - self.inset).floor() as i32,
            (below - self.inset).floor() as i32,
        )
    }
}

/// Rows are of one height when this share of the rows below the head are, ...
const ALIKE_ROWS: f64 = 0.6;
/// ... give or take this share of it.
const UNEVEN: f64 = 0.06;

/// The level rulings with those too faint to be seen: where all rows are of one height, one that is
/// twice as high (or more) is as many rows. `middle` is a column all rulings cross.
fn with_unseen(level: Vec<Ruling>, middle: f64) -> Vec<Ruling> {
    let heights: Vec<f64> = level.windows(2).map(|pair| pair[1].at(middle) - pair[0].at(middle)).collect();
    // The first row is the head.
    let mut rows: Vec<f64> = heights.iter().skip(1).copied().collect();
    rows.sort_by(f64::total_cmp);
    let Some(usual) = rows.get(rows.len() / 3).copied() else { return level };
    let alike = rows.iter().filter(|height| (*height - usual).abs() <= UNEVEN * usual).count();
    if (alike as f64) < ALIKE_ROWS * rows.len() as f64 || alike < 3 {
        return level;
    }
    let mut whole: Vec<Ruling> = Vec::new();
    for (n, ruling) in level.iter().enumerate() {
        let height = if n >= 2 { heights[n - 1] } else { 0.0 };
        let times = (height / usual).round();
        if times >= 2.0 && (height - times * usual).abs() <= UNEVEN * height {
            whole.extend((1..times as usize).map(|row| level[n - 1].moved(row as f64 * height / times)));
        }
        whole.push(ruling.clone());
    }
    whole
}

/// Puts pieces of one ruling together, in order across the page.
fn gather(lines: Vec<Line>, near: f64) -> Vec<Ruling> {
    let mut rulings: Vec<Ruling> = Vec::new();
    let mut lines = lines;
    lines.sort_by(|a, b| b.length().total_cmp(&a.length()));
    for line in lines {
        let middle = (line.from + line.to) / 2.0;
        let same = rulings.iter_mut().find(|ruling| {
            let long = &ruling.pieces[0];
            (long.at(middle) - line.middle()).abs() < near
        });
        match same {
            Some(ruling) => ruling.pieces.push(line),
            None => rulings.push(Ruling { pieces: vec![line] }),
        }
    }
    rulings.sort_by(|a, b| a.pieces[0].middle().total_cmp(&b.pieces[0].middle()));
    rulings
}
