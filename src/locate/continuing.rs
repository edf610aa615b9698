//! The further lines of a value that takes more than one: lines without a label, and lines whose beginning the
//! value itself hides.

use super::align::{Alignment, likeness};
use super::forms::{Form, Slot};
use super::ink::Ink;
use super::line::Line;
use super::slot_page::SlotPage;
use super::slots::Leader;
use crate::domain::{FieldType, Point, Region, Segment};

/// A value goes on in the next row when its line has no more room than so many millimetres: no word that stands
/// in a place is longer.
const LAST_ROOM: f64 = 32.0;
/// What is less like every label of the form than this is no label.
const NO_LABEL: f64 = 0.55;
/// The same where labels end with a colon and what stands there does not.
const LABEL_WITHOUT_COLON: f64 = 0.8;
/// A further line begins no more than so many millimetres right of the labels.
const INDENTED: f64 = 14.0;
/// The next row lies so many rows below.
const NEXT_ROW: std::ops::Range<f64> = 0.6..1.6;

impl SlotPage {
    /// The slot's own region, then those of the lines that continue it.
    pub(super) fn regions(&self, ink: &Ink, slot: usize, form: &Form, alignment: &Alignment) -> Vec<Region> {
        let mut regions = vec![self.region(ink, slot, form, alignment)];
        let is_long = alignment.places[slot].is_some_and(|(_, place)| takes_lines(&form.slots[place]));
        let mut last = slot;
        let mut next_row = None;
        for next in self.following(slot) {
            let (here, before) = (&self.slots[next].leader, &self.slots[last].leader);
            if here.row == before.row && alignment.places[next].is_none() {
                continue;
            }
            let full = is_long && regions.last().is_some_and(|region| self.is_full(ink, region));
            let hidden = full && self.slots[next].label.is_some() && self.is_no_label(next, form, alignment);
            let unlabelled = self.slots[next].label.is_none() || hidden;
            let goes_on = alignment.places[next].is_none() && here.first && unlabelled;
            if !goes_on || !self.continues(before, here, hidden) {
                next_row = Some(next);
                break;
            }
            let region = self.region(ink, next, form, alignment);
            regions.push(if full { self.begun_at_margin(ink, region, here.part) } else { region });
            last = next;
        }
        if is_long && regions.last().is_some_and(|region| self.is_full(ink, region)) {
            regions.extend(self.between_rows(ink, last, next_row));
        }
        regions
    }

    /// The slots after this one in reading order, within its part of the page.
    fn following(&self, slot: usize) -> impl Iterator<Item = usize> + '_ {
        let part = self.slots[slot].leader.part;
        (slot + 1..self.slots.len()).take_while(move |next| self.slots[*next].leader.part == part)
    }

    /// Whether a line without a label lies where the next row of writing would; `hidden` when writing hides its
    /// beginning.
    fn continues(&self, before: &Leader, here: &Leader, hidden: bool) -> bool {
        let at = here.line.from.max(before.line.from);
        let step = here.line.at(at) - before.line.at(at);
        let margin = self.margin(here.part);
        // The letters of a heading stand on no line from edge to edge.
        let at_an_edge = hidden
            || here.line.to > before.line.to - 2.0 * self.pitch
            || here.line.from < margin + 2.0 * self.pitch;
        at_an_edge && NEXT_ROW.contains(&(step / self.pitch)) && here.line.from > margin - 0.2 * self.pitch
    }

    /// Where the first labels of the rows begin, in this part of the page.
    fn margin(&self, part: Option<(usize, bool)>) -> f64 {
        let of_part = self.slots.iter().filter(|slot| slot.leader.first && slot.leader.part == part);
        let mut lefts: Vec<i32> = of_part.filter_map(|slot| slot.label.map(|label| label.left)).collect();
        lefts.sort_unstable();
        lefts.get(lefts.len() / 2).copied().map_or(0.0, f64::from)
    }

    /// Whether the writing of a region leaves no room for another word on its line.
    fn is_full(&self, ink: &Ink, region: &Region) -> bool {
        let Some(leader) = region.leader else { return false };
        let columns = region.area.left..(leader.to.x as i32).max(region.area.left);
        let written = columns.rev().find(|x| self.is_inked(ink, *x, leader.from.y.min(leader.to.y)));
        written.is_some_and(|end| leader.to.x - f64::from(end) < LAST_ROOM * ink.millimetre)
    }

    /// Whether letters stand in column `x` on a line at the height `y`.
    fn is_inked(&self, ink: &Ink, x: i32, y: f64) -> bool {
        ink.count(x, (y - 0.5 * self.pitch) as i32, x + 1, (y - 0.12 * self.pitch) as i32) > 0
    }

    /// Whether what stands before a line is no label: it ends without a colon where labels have one, or is like
    /// none of the form.
    fn is_no_label(&self, slot: usize, form: &Form, alignment: &Alignment) -> bool {
        let have_colons = self.have_colons(|label| alignment.places[label].is_some());
        let unlike = if have_colons { LABEL_WITHOUT_COLON } else { NO_LABEL };
        let read = &self.slots[slot].folded;
        let wordings = || form.slots.iter().flat_map(|slot| &slot.folded);
        !self.slots[slot].ends_with_colon() && wordings().all(|wording| likeness(read, wording) < unlike)
    }

    /// A region that begins where the labels of its part do, its line as well.
    fn begun_at_margin(&self, ink: &Ink, mut region: Region, part: Option<(usize, bool)>) -> Region {
        let left = self.margin(part) - 2.0 * ink.millimetre;
        region.area.left = region.area.left.min(left as i32).max(0);
        if let Some(leader) = &mut region.leader {
            let slope = (leader.to.y - leader.from.y) / (leader.to.x - leader.from.x).max(1.0);
            let from = left.min(leader.from.x).max(0.0);
            leader.from = Point { x: from, y: leader.from.y - slope * (leader.from.x - from) };
        }
        region
    }

    /// The nearest line below another, in whatever part of the page.
    fn line_below(&self, line: &Line) -> Option<&Line> {
        let distance = |other: &Line| other.at(line.to) - line.at(line.to);
        let lines = self.slots.iter().map(|slot| &slot.leader.line);
        let below =
            lines.filter(|other| other.from < line.to && line.from < other.to && distance(other) > 0.0);
        below.min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }

    /// The row below a slot whose line is hidden from end to end: the next line, if there is one, lies two rows
    /// below, and writing begins near the margin between them.
    fn between_rows(&self, ink: &Ink, slot: usize, next: Option<usize>) -> Option<Region> {
        let before = &self.slots[slot].leader;
        let (margin, mm) = (self.margin(before.part), ink.millimetre);
        let line = before.line.moved(self.pitch).between(margin, before.line.to);
        let next = next.map(|next| &self.slots[next].leader.line).or_else(|| self.line_below(&line))?;
        let below = next.at(line.to) - before.line.at(line.to);
        let begins = (margin as i32 - mm as i32..(margin + INDENTED * mm) as i32)
            .any(|x| self.is_inked(ink, x, line.at(f64::from(x))));
        let point = |x: f64| Point { x, y: line.at(x) };
        let region = Region {
            area: self.around(ink, &line, (margin - 2.0 * mm, line.to.min(before.open_to))),
            leader: Some(Segment { from: point(margin), to: point(line.to) }),
        };
        let room = (1.0 + NEXT_ROW.start..1.0 + NEXT_ROW.end).contains(&(below / self.pitch));
        (room && begins && self.is_written(ink, &region)).then_some(region)
    }
}

/// Whether the values of a slot may take several lines.
fn takes_lines(slot: &Slot) -> bool {
    slot.types.iter().any(|known| matches!(known, FieldType::Place | FieldType::Text))
}
