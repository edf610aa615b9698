//! Parts of a form that stand side by side: where no ruling parts them, and whose part is whose.

use image::GrayImage;

use super::align::likeness;
use super::forms::Form;
use super::ink::Ink;
use super::labels;
use super::line::Line;
use super::read_once::ReadOnce;
use super::slot_page::{LabelledSlot, SlotPage};
use super::slots::FACING;
use crate::domain::{ReadError, Rectangle, Segmentation, text};

/// Lines that end at one column in so many rows running make that column the end of a part: items
/// that follow each other in a row seldom end alike in two rows.
const FEWEST_ROWS: usize = 5;

/// The ruling that a printer left out: where, in many rows running, a line ends at one column and
/// another one follows. `rows` are from top to bottom.
pub(super) fn unruled(rows: &[Vec<&Line>], upright: &[Line], pitch: f64, mm: f64) -> Option<Line> {
    let ends = |row: &[&Line]| -> Vec<f64> {
        let followed = |line: &&&Line| row.iter().any(|next| next.from > line.to + 3.0 * mm);
        row.iter().filter(followed).map(|line| line.to).collect()
    };
    let ends: Vec<Vec<f64>> = rows.iter().map(|row| ends(row)).collect();
    let candidates = ends.iter().enumerate().flat_map(|(row, ends)| ends.iter().map(move |end| (row, *end)));
    let runs = candidates.map(|(first, end)| {
        let has = |row: &&Vec<f64>| row.iter().any(|other| (other - end).abs() < 1.5 * mm);
        (ends[first..].iter().take_while(has).count(), first, end)
    });
    let (count, first, end) = runs.max_by_key(|(count, first, _)| (*count, usize::MAX - first))?;
    let (top, bottom) = (rows[first][0].middle(), rows[first + count.max(1) - 1][0].middle());
    let ruled = upright
        .iter()
        .any(|ruling| (ruling.middle() - end).abs() < 8.0 * mm && ruling.from < bottom && ruling.to > top);
    let found = count >= FEWEST_ROWS && !ruled;
    found.then(|| Line::level(top - 0.5 * pitch, bottom + 0.2 * pitch, end + mm))
}

/// Puts the part whose heading names the first section of a form first.
///
/// # Errors
/// When the recognizer fails.
pub(super) fn order(
    page: &mut SlotPage,
    image: &GrayImage,
    ink: &Ink,
    forms: &[Form],
    once: &mut ReadOnce<'_>,
) -> Result<(), ReadError> {
    let mut parts: Vec<usize> = page.slots.iter().filter_map(|slot| Some(slot.leader.part?.0)).collect();
    parts.dedup();
    for part in parts.into_iter().filter(|part| *part != FACING) {
        let left = heading(page, (part, false), image, ink, once)?;
        let right = heading(page, (part, true), image, ink, once)?;
        if forms.iter().any(|form| is_swapped(form, &left, &right)) {
            swap(&mut page.slots, part);
        }
    }
    Ok(())
}

/// What is printed above a part, folded; empty when nothing is.
fn heading(
    page: &SlotPage,
    part: (usize, bool),
    image: &GrayImage,
    ink: &Ink,
    once: &mut ReadOnce<'_>,
) -> Result<String, ReadError> {
    let own: Vec<&LabelledSlot> = page.slots.iter().filter(|slot| slot.leader.part == Some(part)).collect();
    let top = own.iter().map(|slot| slot.leader.line.middle()).fold(f64::INFINITY, f64::min);
    let left = own.iter().map(|slot| slot.label.map_or(slot.leader.line.from, |label| f64::from(label.left)));
    let (left, right) = (
        left.fold(f64::INFINITY, f64::min),
        own.iter().map(|slot| slot.leader.line.to).fold(f64::NEG_INFINITY, f64::max),
    );
    let zone = Rectangle::new(
        left as i32,
        (top - 1.9 * page.pitch) as i32,
        right as i32,
        (top - 0.8 * page.pitch) as i32,
    );
    match labels::label_in(image, ink, zone, &[]) {
        Some(label) => Ok(once.read(&label, Segmentation::Line)?.folded),
        None => Ok(String::new()),
    }
}

/// A heading is one of a section when it is this like it.
const HEADING: f64 = 0.75;

/// Whether the headings say that the part on the left is the second section of `form`.
fn is_swapped(form: &Form, left: &str, right: &str) -> bool {
    let [first, second] = &form.sections[..] else { return false };
    let like = |heading: &str, wordings: &[String]| {
        wordings.iter().map(|wording| likeness(heading, &text::fold(wording))).fold(0.0, f64::max)
    };
    let as_printed = like(left, &first.headings).max(like(right, &second.headings));
    let swapped = like(left, &second.headings).max(like(right, &first.headings));
    swapped >= HEADING && swapped > as_printed
}

/// Moves the slots right of a ruling before those left of it.
fn swap(slots: &mut Vec<LabelledSlot>, part: usize) {
    let Some(at) = slots.iter().position(|slot| slot.leader.part == Some((part, false))) else { return };
    let (right, others): (Vec<_>, Vec<_>) =
        std::mem::take(slots).into_iter().partition(|slot| slot.leader.part == Some((part, true)));
    *slots = others;
    slots.splice(at..at, right);
}

#[cfg(test)]
mod tests {
    use super::super::line::Line;
    use super::unruled;

    /// The column parting rows whose left lines end at `ends`, the right ones following.
    fn column(ends: &[f64], upright: &[Line]) -> Option<f64> {
        let line = |from: f64, to: f64, row: usize| Line::level(from, to, 100.0 + 40.0 * row as f64);
        let lines: Vec<[Line; 2]> = ends
            .iter()
            .enumerate()
            .map(|(row, end)| [line(20.0, *end, row), line(end + 60.0, 800.0, row)])
            .collect();
        let rows: Vec<Vec<&Line>> = lines.iter().map(|row| row.iter().collect()).collect();
        unruled(&rows, upright, 40.0, 4.0).map(|ruling| ruling.middle())
    }

    #[test]
    fn lines_that_end_alike_in_many_rows_end_a_part() {
        assert_eq!(column(&[300.0, 401.0, 400.0, 399.0, 400.0, 402.0], &[]), Some(405.0));
    }

    #[test]
    fn items_of_uneven_length_are_no_parts_and_a_ruling_is_enough() {
        assert_eq!(column(&[300.0, 401.0, 400.0, 350.0, 400.0, 402.0], &[]), None);
        let ruling = Line::level(0.0, 900.0, 410.0);
        assert_eq!(column(&[400.0; 6], &[ruling]), None);
    }
}
