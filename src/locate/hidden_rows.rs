//! Rows whose line the writing on it hides from end to end: where a form has a label between two that were found and
//! the rows leave room for one, nothing but its wording shows the row. The same for the first label of a row.

use image::GrayImage;

use super::align::Alignment;
use super::forms::Form;
use super::ink::Ink;
use super::line::Line;
use super::read_once::ReadOnce;
use super::rulings::Lines;
use super::slot_page::{LabelledSlot, SlotPage};
use super::slots::Leader;
use super::within::{Within, label_in, missing_beside};
use crate::domain::{ReadError, Rectangle};

/// Two rows leave room for a third when they lie at least so many rows apart.
const ROOM: f64 = 1.6;
/// A label with what is written after it takes at least so many millimetres, ...
const SHORTEST_SLOT: f64 = 25.0;
/// ... and ends so many before the next label.
const CLEAR: f64 = 0.8;
/// Labels in a column begin within so many millimetres of each other.
const MARGIN: f64 = 3.0;

/// A row or the beginning of one that was found, and the slot it stands before.
struct HiddenRow {
    before: usize,
    slot: LabelledSlot,
}

impl SlotPage {
    /// Adds the rows next to those found that have the label which `form` has there; whether there were any.
    ///
    /// # Errors
    /// When the recognizer fails.
    pub fn add_hidden_rows(
        &mut self,
        image: &GrayImage,
        (ink, lines): (&Ink, &Lines),
        (form, alignment): (&Form, &Alignment),
        once: &mut ReadOnce<'_>,
    ) -> Result<bool, ReadError> {
        let mut found: Vec<HiddenRow> = Vec::new();
        for slot in 0..self.slots.len() {
            if !self.slots[slot].leader.first {
                continue;
            }
            let next = self.next_row(slot);
            // A line without a label of the form continues a value, or has its label in the row above.
            let Some(of) = self.last_label(alignment, slot) else { continue };
            let below = missing_beside(form, alignment, of).concat();
            let above = self.missing_above(form, alignment, slot);
            for (before, wordings, step) in [(slot, above, -1.0), (next, below, 1.0)] {
                let Some(distance) = self.room(slot, step).filter(|_| !wordings.is_empty()) else { continue };
                let line = self.slots[slot].leader.line.moved(step * distance);
                let is_known = |row: &HiddenRow| {
                    let other = &row.slot.leader;
                    other.part == self.slots[slot].leader.part
                        && (other.line.at(line.from) - line.at(line.from)).abs() < 0.5 * self.pitch
                };
                if found.iter().any(is_known) {
                    continue;
                }
                let area = self.row_area(ink, slot, &line);
                let Some((text, left)) = self.text_on(image, (ink, lines), (&line, area), once)? else {
                    continue;
                };
                let begins = |within: &Within| {
                    let first = text.columns.first().map_or(0, |(first, _)| left + first);
                    f64::from(within.left - first) < MARGIN * ink.millimetre
                };
                if let Some(within) = label_in(&text, left, &wordings).filter(begins) {
                    found.push(HiddenRow { before, slot: self.hidden(slot, line, within) });
                }
            }
        }
        found.extend(self.hidden_before(image, (ink, lines), (form, alignment), once)?);
        let any = !found.is_empty();
        found.sort_by_key(|row| std::cmp::Reverse(row.before));
        for row in found {
            if let Some(next) =
                self.slots.get_mut(row.before).filter(|next| next.leader.row == row.slot.leader.row)
            {
                (next.leader.first, next.leader.open_from) = (false, row.slot.leader.line.to);
            }
            self.slots.insert(row.before, row.slot);
        }
        Ok(any)
    }

    /// The slots at the beginning of rows of which only a later label was found: those of the label that `form` has
    /// there.
    fn hidden_before(
        &self,
        image: &GrayImage,
        (ink, lines): (&Ink, &Lines),
        (form, alignment): (&Form, &Alignment),
        once: &mut ReadOnce<'_>,
    ) -> Result<Vec<HiddenRow>, ReadError> {
        let mm = ink.millimetre;
        let mut found = Vec::new();
        for before in 1..self.slots.len() {
            let LabelledSlot { leader, label, .. } = &self.slots[before];
            let Some(label) = label.filter(|_| leader.first && alignment.places[before].is_some()) else {
                continue;
            };
            let margins =
                self.slots.iter().filter(|other| other.leader.first && other.leader.part == leader.part);
            let margin = margins.filter_map(|other| Some(other.label?.left)).min().unwrap_or(label.left);
            let left = (f64::from(margin) - MARGIN * mm).max(leader.open_from + 1.0);
            let right = f64::from(label.left) - CLEAR * mm;
            let placed = (0..before).rev().find(|other| alignment.places[*other].is_some());
            let wordings = placed.map_or_else(Vec::new, |placed| {
                let [wordings, _] = missing_beside(form, alignment, placed);
                wordings
            });
            if right - left < SHORTEST_SLOT * mm || wordings.is_empty() {
                continue;
            }
            let area = self.around(ink, &leader.line, (left, right));
            let Some((text, from)) = self.text_on(image, (ink, lines), (&leader.line, area), once)? else {
                continue;
            };
            let begins = |within: &Within| f64::from(within.left - margin) < MARGIN * mm;
            if let Some(within) = label_in(&text, from, &wordings).filter(begins) {
                let line = leader.line.between(f64::from(within.right) + 1.0, right);
                let height = (line.at(line.from), self.pitch);
                found
                    .push(HiddenRow { before, slot: within.slot(Leader { line, ..leader.clone() }, height) });
            }
        }
        Ok(found)
    }

    /// The wordings of the labels that `form` has right before that of the first slot of an entry or a part, where
    /// they are missing.
    fn missing_above<'f>(&self, form: &'f Form, alignment: &Alignment, slot: usize) -> Vec<&'f str> {
        let placed = (0..slot).rev().find(|before| alignment.places[*before].is_some());
        placed.map_or_else(Vec::new, |before| {
            let [before_next, _] = missing_beside(form, alignment, before);
            let same_part = self.slots[before].leader.part == self.slots[slot].leader.part;
            if same_part { Vec::new() } else { before_next }
        })
    }

    /// The last slot with a label of the form, this one or before it in its part of the page.
    fn last_label(&self, alignment: &Alignment, slot: usize) -> Option<usize> {
        let part = self.slots[slot].leader.part;
        let mut before = (0..=slot).rev().take_while(|other| self.slots[*other].leader.part == part);
        before.find(|other| alignment.places[*other].is_some())
    }

    /// The first slot after those in the row of a slot.
    fn next_row(&self, slot: usize) -> usize {
        let leader = |n: usize| &self.slots[n].leader;
        (slot..self.slots.len()).find(|n| !leader(*n).shares_row(leader(slot))).unwrap_or(self.slots.len())
    }

    /// How far the row below (`step` 1) or above (-1) lies from that of a slot, when there is room for one before the
    /// next row that was found.
    fn room(&self, slot: usize, step: f64) -> Option<f64> {
        let here = &self.slots[slot].leader;
        let distance = |other: &Leader| step * (other.line.at(here.line.from) - here.line.at(here.line.from));
        let same_part = |other: &&LabelledSlot| other.leader.part == here.part;
        let distances = self.slots.iter().filter(same_part).map(|other| distance(&other.leader));
        let next = distances.filter(|distance| *distance > 0.3 * self.pitch).fold(f64::INFINITY, f64::min);
        let rows = next / self.pitch;
        match rows {
            _ if rows < ROOM => None,
            _ if rows < 3.5 => Some(next / rows.round()),
            _ => Some(self.pitch),
        }
    }

    /// The whole row of `line`, from the margin of the labels on.
    fn row_area(&self, ink: &Ink, slot: usize, line: &Line) -> Rectangle {
        let leader = &self.slots[slot].leader;
        let margin = self.slots[slot].label.map_or(line.from, |label| f64::from(label.left));
        let left = (margin - MARGIN * ink.millimetre).max(leader.open_from + 1.0);
        let right = leader.open_to.min(line.to + self.pitch);
        self.around(ink, line, (left, right))
    }

    /// The slot of a row like that of `slot`.
    fn hidden(&self, slot: usize, mut line: Line, within: Within) -> LabelledSlot {
        let row = self.slots.iter().map(|slot| slot.leader.row).max().unwrap_or(0) + 1;
        let (left, right) = (f64::from(within.left), f64::from(within.right));
        let y = line.at(left);
        line = line.between(right + 1.0, line.to.max(right + self.pitch));
        let leader = Leader { line, row: row + slot, ..self.slots[slot].leader.clone() };
        within.slot(leader, (y, self.pitch))
    }
}
