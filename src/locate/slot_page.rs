//! Pages of slots: reads the labels before the lines, and lays out entries and regions from them.

use image::GrayImage;

use super::align::{Alignment, FoundLabel, Likeness, align};
use super::forms::{Form, Slot};
use super::ink::Ink;
use super::labels::{self, LabelInk};
use super::line::Line;
use super::read_once::{LabelText, ReadOnce};
use super::rulings::Lines;
use super::sides;
use super::slots::{Leader, SlotRows};
use crate::domain::{
    Confidence, LocatedEntry, LocatedField, Point, ReadError, Rectangle, Region, Segment, Segmentation,
};

/// A line to write on with the label before it.
pub(super) struct LabelledSlot {
    /// The line.
    pub leader: Leader,
    /// Where the label stands, when there is one.
    pub label: Option<Rectangle>,
    /// The label as read, folded.
    pub folded: String,
    /// Whether the label is surely print (or very clear writing), known or not.
    pub printed: bool,
    /// Where each letter of the label ends, in columns of the page.
    pub ends: Vec<i32>,
    /// Where the label ends, its colon included.
    pub end: i32,
}

impl LabelledSlot {
    /// Whether a colon stands after the label.
    pub fn ends_with_colon(&self) -> bool {
        self.label.is_some_and(|label| self.end > label.right)
    }
}

/// Labels end with a colon where of so many no more than one lacks it.
const MOST_HAVE_COLONS: usize = 4;
/// Words printed between the numbers of one date, folded.
const PARTS_OF_DATE: [&str; 3] = ["thang", "nam", "phut"];

/// The slots of a page, in reading order.
pub(super) struct SlotPage {
    /// The slots.
    pub slots: Vec<LabelledSlot>,
    /// Usual distance of the rows, in pixels.
    pub pitch: f64,
}

impl SlotPage {
    /// Reads every label of the page.
    ///
    /// # Errors
    /// When the recognizer fails.
    pub fn read(
        image: &GrayImage,
        ink: &Ink,
        lines: &Lines,
        rows: SlotRows,
        once: &mut ReadOnce<'_>,
    ) -> Result<Self, ReadError> {
        let mut slots = Vec::new();
        for leader in rows.leaders {
            let found = find_label(image, ink, lines, &leader, rows.pitch);
            let Some(label) = found else {
                slots.push(LabelledSlot {
                    leader,
                    label: None,
                    folded: String::new(),
                    printed: false,
                    ends: Vec::new(),
                    end: 0,
                });
                continue;
            };
            let LabelText { folded, confidence, columns } = once.read(&label, Segmentation::Line)?;
            let surely_printed = folded.len() >= 4 && confidence > 0.8;
            // "18. Ghi chú": the wordings are without the number that some printings give each label.
            let number = folded.bytes().take_while(u8::is_ascii_digit).count();
            let folded = folded[number..].trim_start().to_owned();
            let ends = columns.into_iter().skip(number).map(|(_, end)| end + label.crop_left).collect();
            // "... tháng ... năm ..." parts the numbers of one date.
            let folded = if PARTS_OF_DATE.contains(&folded.as_str()) { String::new() } else { folded };
            let printed = surely_printed && !folded.is_empty();
            let end = label.end;
            let label = Some(label.area);
            slots.push(LabelledSlot { leader, label, folded, printed, ends, end });
        }
        Ok(Self { slots, pitch: rows.pitch })
    }

    /// Whether those labels end with a colon that `count`, by their slot.
    pub(super) fn have_colons(&self, count: impl Fn(usize) -> bool) -> bool {
        let labels = || self.slots.iter().enumerate().filter(|(n, slot)| slot.label.is_some() && count(*n));
        let plain = labels().filter(|(_, slot)| !slot.ends_with_colon()).count();
        MOST_HAVE_COLONS * plain < labels().count()
    }

    /// The labels as the forms are matched against them.
    pub fn labels(&self) -> Vec<FoundLabel> {
        let have_colons = self.have_colons(|_| true);
        let may_continue = |slot: &LabelledSlot| {
            let mut with_colons = self.slots.iter().filter(|other| other.ends_with_colon());
            let mut begins_labels = || with_colons.any(|other| other.leader.shares_row(&slot.leader));
            have_colons && !slot.ends_with_colon() && !(slot.leader.first && begins_labels())
        };
        let label = |slot: &LabelledSlot| FoundLabel {
            folded: slot.folded.clone(),
            may_begin: slot.leader.first,
            printed: slot.printed,
            heads_column: false,
            may_continue: may_continue(slot),
        };
        self.slots.iter().map(label).collect()
    }

    /// How `form` fits.
    pub fn align(&self, likeness: &mut Likeness<'_>, form: &Form) -> Alignment {
        let mut alignment = align(likeness, form, true);
        let left =
            |slot: &LabelledSlot| slot.label.map_or(slot.leader.line.from, |label| f64::from(label.left));
        let lefts: Vec<f64> = self.slots.iter().map(left).collect();
        sides::settle(&mut alignment, form, &lefts);
        self.number_by_place(&mut alignment, form);
        alignment
    }

    /// Takes a short label that nothing on the form fits for that of the number of an entry when it begins the row of
    /// the entry's first label: "STT" is easily misread.
    fn number_by_place(&self, alignment: &mut Alignment, form: &Form) {
        let is_number = |slot: &Slot| slot.names.iter().any(|name| name.as_str() == "entry.number");
        let Some(number) = form.slots.iter().position(is_number) else { return };
        for entry in 0..alignment.entries {
            let first = alignment.places.iter().position(|place| place.is_some_and(|(of, _)| of == entry));
            let Some(first) = first.filter(|_| !alignment.places.contains(&Some((entry, number)))) else {
                continue;
            };
            let follows = alignment.places[first].is_some_and(|(_, slot)| slot == number + 1);
            let Some(before) = first.checked_sub(1).filter(|_| follows) else { continue };
            let (slot, next) = (&self.slots[before], &self.slots[first].leader);
            let same_row = slot.leader.shares_row(next);
            let short = slot.label.is_some() && slot.folded.len() <= SHORT;
            if alignment.places[before].is_none() && slot.leader.first && same_row && short {
                alignment.places[before] = Some((entry, number));
            }
        }
    }

    /// The entries of the page under `form`, those with nothing written in them left out.
    pub fn entries(&self, ink: &Ink, form: &Form, alignment: &Alignment) -> Vec<LocatedEntry> {
        let mut entries: Vec<Vec<(usize, LocatedField)>> = vec![Vec::new(); alignment.entries];
        let mut inked = vec![0_usize; alignment.entries];
        for (i, place) in alignment.places.iter().enumerate() {
            let Some((entry, slot)) = *place else { continue };
            let regions = self.regions(ink, i, form, alignment);
            inked[entry] += usize::from(regions.iter().any(|region| self.is_written(ink, region)));
            if let Some(field) = field(&form.slots[slot], &self.slots[i].folded, regions) {
                entries[entry].push((slot, field));
            }
        }
        let written = entries.into_iter().zip(inked).filter(|(_, inked)| *inked >= 2);
        let labels: Vec<String> = form.slots.iter().flat_map(|slot| slot.folded.iter().cloned()).collect();
        let mut located = Vec::new();
        for (mut fields, _) in written {
            fields.sort_by_key(|(slot, _)| *slot);
            let fields: Vec<LocatedField> = fields.into_iter().map(|(_, field)| field).collect();
            let areas = fields.iter().flat_map(|field| field.regions.iter().map(|region| region.area));
            let Some(area) = areas.reduce(|a, b| a.union(&b)) else { continue };
            located.push(LocatedEntry {
                number: located.len() as u32 + 1,
                area,
                fields,
                labels: labels.clone(),
            });
        }
        located
    }

    /// Where the writing on one line can stand.
    pub(super) fn region(&self, ink: &Ink, slot: usize, form: &Form, alignment: &Alignment) -> Region {
        let LabelledSlot { leader, label, .. } = &self.slots[slot];
        let line = &leader.line;
        let beside = (slot + 1..self.slots.len())
            .take_while(|n| {
                self.slots[*n].leader.row == leader.row && self.slots[*n].leader.part == leader.part
            })
            .collect::<Vec<_>>();
        let stop = beside
            .iter()
            .copied()
            .find(|n| alignment.places[*n].is_some() || (self.slots[*n].printed && self.is_label(ink, *n)));
        let end = beside.iter().copied().rfind(|n| stop.is_none_or(|s| *n < s));
        let last = end.map_or(leader, |n| &self.slots[n].leader);
        let to = last.line.to;
        let limit = stop
            .and_then(|n| self.label_start(ink, n, form, alignment))
            .map_or(leader.open_to - 2.0, |next| f64::from(next) - 1.0);
        let left = label.map_or(line.from - 0.25 * self.pitch, |_| {
            f64::from(self.label_end(ink, slot, form, alignment)) + 1.0
        });
        let limit = limit.min(last.open_to);
        let reach = if last.drawn { to + 1.6 * self.pitch } else { limit };
        let right = limit.min(reach).max(line.from + 1.0);
        let right = self.end_of_writing(ink, &last.line, (right, limit));
        let point = |x: f64| Point { x, y: line.at(x) };
        Region {
            area: self.around(ink, &line.between(line.from, to), (left, right)),
            leader: Some(Segment { from: point(line.from), to: point(to) }),
        }
    }

    /// Where writing on a line can stand between two columns.
    pub(super) fn around(&self, ink: &Ink, line: &Line, (left, right): (f64, f64)) -> Rectangle {
        let (start, finish) = (line.at(line.from), line.at(line.to));
        let area = Rectangle::new(
            left as i32,
            (start.min(finish) - 0.9 * self.pitch) as i32,
            right as i32,
            (start.max(finish) + 0.4 * self.pitch) as i32,
        );
        area.within(ink.width as u32, ink.height as u32)
    }

    /// Where writing ends that goes on from the column `right` without a wide gap, at `limit` at the latest.
    fn end_of_writing(&self, ink: &Ink, line: &Line, (right, limit): (f64, f64)) -> f64 {
        let gap = (WORD_GAP * ink.millimetre) as i32;
        let inked = |x: &i32| {
            let y = line.at(f64::from(*x));
            let (top, bottom) = (y - 0.5 * self.pitch, y - 0.1 * self.pitch);
            ink.count(*x, top as i32, *x + 1, bottom as i32) > 0
        };
        let limit = limit.min(ink.width as f64) as i32;
        let mut end = right as i32;
        while let Some(next) = (end..limit.min(end + gap)).rev().find(inked) {
            end = next + 1;
        }
        if end > right as i32 { f64::from((end + gap).min(limit)) } else { right }
    }

    /// Whether white paper parts a label from the line before it and from its own line; writing
    /// that only hides a piece of one line goes on over both ends.
    fn is_apart(&self, ink: &Ink, slot: usize) -> bool {
        let leader = &self.slots[slot].leader;
        let mm = ink.millimetre;
        self.ends_clear(ink, slot) && self.is_clear(ink, leader, (leader.open_from + 0.1 * mm, 0.7 * mm))
    }

    /// Whether what was read before a line that no label of the form fits is a label all the same, and not a part of a
    /// value that goes on over the end of what shows of its line.
    fn is_label(&self, ink: &Ink, slot: usize) -> bool {
        self.is_apart(ink, slot) && !self.is_written_up_to(ink, slot)
    }

    /// Whether words stand before the label of a slot that reach it and the end of the line before it.
    fn is_written_up_to(&self, ink: &Ink, slot: usize) -> bool {
        let (leader, mm) = (&self.slots[slot].leader, ink.millimetre);
        let Some(label) = self.slots[slot].label.filter(|_| !leader.first) else { return false };
        let left = (leader.open_from - AT_END * mm).max(f64::from(label.left) - WORD_GAP * mm);
        !self.is_clear(ink, leader, (left, f64::from(label.left) - 1.0 - left))
    }

    /// Whether white paper lies right before the line of a slot.
    fn ends_clear(&self, ink: &Ink, slot: usize) -> bool {
        let leader = &self.slots[slot].leader;
        self.is_clear(ink, leader, (leader.line.from - 0.8 * ink.millimetre, 0.7 * ink.millimetre))
    }

    /// Whether no ink stands above the height of a line, from `left` on over `width` pixels.
    fn is_clear(&self, ink: &Ink, leader: &Leader, (left, width): (f64, f64)) -> bool {
        let y = leader.line.at(leader.line.from);
        let (top, bottom) = (y - 0.5 * self.pitch, y - 0.08 * self.pitch);
        ink.count(left as i32, top as i32, (left + width) as i32, bottom as i32) <= 2
    }

    /// Whether there is writing on the line: ink above it, short of the row above.
    pub(super) fn is_written(&self, ink: &Ink, region: &Region) -> bool {
        let Some(leader) = region.leader else { return false };
        let y = leader.from.y.min(leader.to.y);
        let top = (y - 0.55 * self.pitch) as i32;
        let bottom = (y - 0.1 * self.pitch) as i32;
        // A label's last stroke may reach in on the left, a neighbour's first on the right.
        let inset = (0.6 * ink.millimetre) as i32;
        // Past the line a frame may stand.
        let right = region.area.right.min(leader.to.x as i32) - inset;
        let count = ink.count(region.area.left + inset, top, right, bottom);
        count as f64 > WRITTEN * ink.millimetre * ink.millimetre
    }
}

/// Words of one value stand no further apart than so many millimetres.
const WORD_GAP: f64 = 3.5;

/// The label of a number has at most so many letters where it is short.
const SHORT: usize = 4;

/// Words that end no further than so many millimetres before the end of what shows of a line may go on after it.
const AT_END: f64 = 1.5;

/// Square millimetres of ink that the shortest writing (a figure 1) has at least.
const WRITTEN: f64 = 0.6;

/// No letter of a label begins so many millimetres below the line after it.
const FOOT: f64 = 0.3;

/// The label before a line to write on.
fn find_label(image: &GrayImage, ink: &Ink, lines: &Lines, leader: &Leader, pitch: f64) -> Option<LabelInk> {
    let line = &leader.line;
    let y = line.at(line.from);
    let clear = if leader.first { 0.8 } else { 0.3 } * ink.millimetre;
    let left = if leader.open_from > 0.0 { leader.open_from + clear } else { 0.0 };
    let zone =
        Rectangle::new(left as i32, (y - 0.75 * pitch) as i32, line.from as i32, (y + 0.32 * pitch) as i32);
    let near: Vec<&Line> = lines
        .horizontal
        .iter()
        .filter(|other| (other.at(line.from.clamp(other.from, other.to)) - y).abs() < pitch)
        .collect();
    labels::label_before(
        image,
        ink,
        (zone, (y + FOOT * ink.millimetre) as i32, !line.solid || line.is_traced()),
        &near,
        &lines.colons,
    )
}

/// The field of a slot, when the form keeps what stands there; `label` is what was read before it, folded.
fn field(slot: &Slot, label: &str, regions: Vec<Region>) -> Option<LocatedField> {
    let like = slot.folded.iter().map(|wording| strsim::normalized_levenshtein(label, wording));
    let label = Confidence::clamped(like.fold(0.0, f64::max));
    let (names, types, wordings) = (slot.names.clone(), slot.types.clone(), slot.folded.clone());
    (!names.is_empty()).then_some(LocatedField { names, types, regions, cell: false, wordings, label })
}
