//! Pages of ruled tables: reads the head, finds the rows that are written in.

use image::GrayImage;

use super::align::{Alignment, FoundLabel, Likeness, align};
use super::forms::{Form, FormSet};
use super::grid::Grid;
use super::ink::Ink;
use super::labels;
use super::read_once::ReadOnce;
use crate::domain::{Confidence, LocatedEntry, LocatedField, ReadError, Rectangle, Region, Segmentation};

/// A table whose head has been read.
pub(super) struct TablePage {
    grid: Grid,
    /// The label of each column.
    labels: Vec<FoundLabel>,
    /// Rows that belong to the head.
    head: usize,
}

impl TablePage {
    /// Reads the head of the table: its first row, and the second too when that fits a form better.
    ///
    /// # Errors
    /// When the recognizer fails.
    pub fn read(
        image: &GrayImage,
        ink: &Ink,
        grid: Grid,
        forms: &FormSet,
        once: &mut ReadOnce<'_>,
    ) -> Result<Self, ReadError> {
        let first = read_row(image, ink, &grid, 0, once)?;
        let fit = best_score(&first, forms);
        let mut page = Self { labels: found(&first), head: 1, grid };
        if fit < 0.8 && page.grid.rows() > 2 {
            let second = read_row(image, ink, &page.grid, 1, once)?;
            let joined: Vec<String> = first.iter().zip(&second).map(|(a, b)| format!("{a} {b}")).collect();
            let below = best_score(&second, forms);
            let both = best_score(&joined, forms);
            if both.max(below) > fit + 0.1 {
                page.labels = found(if both >= below { &joined } else { &second });
                page.head = 2;
            }
        }
        Ok(page)
    }

    /// The labels of the columns, left to right.
    pub fn labels(&self) -> &[FoundLabel] {
        &self.labels
    }

    /// The rows that are written in, as entries of `form`.
    pub fn entries(&self, ink: &Ink, form: &Form, alignment: &Alignment) -> Vec<LocatedEntry> {
        let mut entries = Vec::new();
        let raised = self.raised(ink);
        for row in self.head..self.grid.rows() {
            let cells: Vec<Rectangle> =
                (0..self.grid.columns()).map(|column| self.grid.cell(row, column, false)).collect();
            let written = cells.iter().filter(|cell| is_written(ink, cell)).count();
            if written < 2 || self.numbers_columns(ink, row, &cells, written) {
                continue;
            }
            let Some(area) = cells.iter().copied().reduce(|a, b| a.union(&b)) else { continue };
            let number = entries.len() as u32 + 1;
            let up = |cell: &Rectangle| (raised * f64::from(cell.height())) as i32;
            let cells: Vec<Rectangle> = cells.iter().map(|cell| moved_up(*cell, up(cell))).collect();
            let fields = fields(form, alignment, &cells);
            entries.push(LocatedEntry { number, area, fields, labels: Vec::new() });
        }
        entries
    }

    /// By what share of a row the writing stands above its row: 0 unless it goes across the rulings.
    fn raised(&self, ink: &Ink) -> f64 {
        let rows = self.head + 1..self.grid.rows();
        let cells = rows.flat_map(|row| (0..self.grid.columns()).map(move |column| (row, column)));
        let cells: Vec<Rectangle> = cells.map(|(row, column)| self.grid.cell(row, column, false)).collect();
        let crossed = |share: f64| -> f64 {
            cells.iter().map(|cell| crossed(ink, cell, share)).sum::<f64>() / cells.len().max(1) as f64
        };
        let on_rulings = crossed(0.0);
        if on_rulings < ACROSS {
            return 0.0;
        }
        let least =
            RAISED.map(|share| (crossed(share), share)).into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
        least.filter(|(ink, _)| on_rulings > CLEARER * ink).map_or(0.0, |(_, share)| share)
    }

    /// Whether a row only counts the columns ("1 2 3 ..." right under the head): it is far lower than
    /// the others, and every cell is written in or none holds more than a number in small print.
    fn numbers_columns(&self, ink: &Ink, row: usize, cells: &[Rectangle], written: usize) -> bool {
        let height = |row: usize| self.grid.cell(row, 0, false).height();
        let rest: Vec<i32> = (self.head..self.grid.rows()).filter(|r| *r != row).map(height).collect();
        let usual = rest.iter().sum::<i32>() / rest.len().max(1) as i32;
        let small = || cells.iter().all(|cell| inked(ink, cell) < SMALL_NUMBER);
        row == self.head && 2 * height(row) < usual && (written + 1 >= cells.len() || small())
    }
}

/// Square millimetres of ink that a number of two figures in small print stays below.
const SMALL_NUMBER: f64 = 2.5;

/// Writing crosses the ruling over a cell on so many millimetres of its length, in the mean, where that of a
/// table stands on its rulings; ...
const ACROSS: f64 = 0.5;
/// ... and on so many times fewer a share of a row further up.
const CLEARER: f64 = 6.0;
/// The shares of a row that are tried.
const RAISED: [f64; 4] = [0.15, 0.25, 0.35, 0.45];

/// Over how many millimetres ink stands both above and below where the ruling over a cell would be, `share` of
/// the row further up.
fn crossed(ink: &Ink, cell: &Rectangle, share: f64) -> f64 {
    let mm = ink.millimetre;
    let (inset, y) = ((0.8 * mm) as i32, f64::from(cell.top) - share * f64::from(cell.height()));
    let inked =
        |x: i32, from: f64, to: f64| ink.count(x, (y + from * mm) as i32, x + 1, (y + to * mm) as i32) > 0;
    let both =
        (cell.left + inset..cell.right - inset).filter(|x| inked(*x, -1.7, -1.0) && inked(*x, 0.5, 1.2));
    both.count() as f64 / mm
}

fn moved_up(cell: Rectangle, rows: i32) -> Rectangle {
    Rectangle { top: cell.top - rows, bottom: cell.bottom - rows, ..cell }
}

/// The fields of one row.
fn fields(form: &Form, alignment: &Alignment, cells: &[Rectangle]) -> Vec<LocatedField> {
    let mut fields: Vec<(usize, LocatedField)> = Vec::new();
    for (cell, place) in cells.iter().zip(&alignment.places) {
        let Some((_, slot)) = *place else { continue };
        let Some(printed) = form.slots.get(slot).filter(|printed| !printed.names.is_empty()) else {
            continue;
        };
        let regions = vec![Region { area: *cell, leader: None }];
        let (names, types) = (printed.names.clone(), printed.types.clone());
        let (wordings, label) = (Vec::new(), Confidence::FULL);
        fields.push((slot, LocatedField { names, types, regions, cell: true, wordings, label }));
    }
    fields.sort_by_key(|(slot, _)| *slot);
    fields.into_iter().map(|(_, field)| field).collect()
}

/// Whether there is writing in a cell, its edges left out.
fn is_written(ink: &Ink, cell: &Rectangle) -> bool {
    inked(ink, cell) > 0.7
}

/// The ink in a cell, its edges left out, in square millimetres.
fn inked(ink: &Ink, cell: &Rectangle) -> f64 {
    let inner = cell.grown(-(0.5 * ink.millimetre) as i32);
    let count = ink.count(inner.left, inner.top, inner.right, inner.bottom);
    count as f64 / (ink.millimetre * ink.millimetre)
}

/// What the cells of a row of the head read, folded.
fn read_row(
    image: &GrayImage,
    ink: &Ink,
    grid: &Grid,
    row: usize,
    once: &mut ReadOnce<'_>,
) -> Result<Vec<String>, ReadError> {
    let mut texts = Vec::with_capacity(grid.columns());
    for column in 0..grid.columns() {
        let Some(label) = labels::label_in(image, ink, grid.cell(row, column, true), &[]) else {
            texts.push(String::new());
            continue;
        };
        let one_line = f64::from(label.area.height()) < 4.2 * ink.millimetre;
        let layout = if one_line { Segmentation::Line } else { Segmentation::Block };
        texts.push(once.read(&label, layout)?.folded);
    }
    Ok(texts)
}

fn found(texts: &[String]) -> Vec<FoundLabel> {
    let column = |folded: &String| FoundLabel {
        folded: folded.clone(),
        may_begin: false,
        printed: true,
        heads_column: true,
        may_continue: false,
    };
    texts.iter().map(column).collect()
}

/// How well the best of the table forms fits.
fn best_score(texts: &[String], forms: &FormSet) -> f64 {
    let labels = found(texts);
    let mut likeness = Likeness::new(&labels);
    forms.tables().map(|form| align(&mut likeness, form, false).score).fold(0.0, f64::max)
}
