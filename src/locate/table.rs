//! Pages of ruled tables: reads the head, finds the rows that are written in.

use image::GrayImage;

use super::align::{Alignment, FoundLabel, Likeness, align};
use super::forms::{Form, FormSet};
use super::grid::Grid;
use super::ink::Ink;
use super::labels;
use super::read_once::ReadOnce;
use crate::domain::{LocatedEntry, LocatedField, ReadError, Rectangle, Region, Segmentation};

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
        for row in self.head..self.grid.rows() {
            let cells: Vec<Rectangle> =
                (0..self.grid.columns()).map(|column| self.grid.cell(row, column, false)).collect();
            let written = cells.iter().filter(|cell| is_written(ink, cell)).count();
            if written < 2 || self.numbers_columns(ink, row, &cells, written) {
                continue;
            }
            let Some(area) = cells.iter().copied().reduce(|a, b| a.union(&b)) else { continue };
            let number = entries.len() as u32 + 1;
            entries.push(LocatedEntry { number, area, fields: fields(form, alignment, &cells) });
        }
        entries
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
        fields.push((slot, LocatedField { names, types, regions, cell: true }));
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
        let Some(label) = labels::label_in(image, ink, grid.cell(row, column, true)) else {
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
    texts
        .iter()
        .map(|folded| FoundLabel { folded: folded.clone(), may_begin: false, printed: true })
        .collect()
}

/// How well the best of the table forms fits.
fn best_score(texts: &[String], forms: &FormSet) -> f64 {
    let labels = found(texts);
    let mut likeness = Likeness::new(&labels);
    forms.tables().map(|form| align(&mut likeness, form, false).score).fold(0.0, f64::max)
}
