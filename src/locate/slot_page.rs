//! Pages of slots: reads the labels before the lines, and lays out entries and regions from them.

use image::GrayImage;

use super::align::{Alignment, FoundLabel, Likeness, align};
use super::feet;
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
    /// Whether the line shows between its letters, so that it is no label: writing hides the beginning of the line.
    pub written: bool,
}

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
                    written: false,
                });
                continue;
            };
            let LabelText { folded, confidence, ends } = once.read(&label, Segmentation::Line)?;
            let ends = ends.into_iter().map(|end| end + label.crop_left).collect();
            // "... tháng ... năm ..." parts the numbers of one date.
            let folded = if PARTS_OF_DATE.contains(&folded.as_str()) { String::new() } else { folded };
            let printed = folded.len() >= 4 && confidence > 0.8;
            let end = label.end;
            let before = (f64::from(label.area.left), f64::from(label.area.right).min(leader.line.from));
            let written = end <= label.area.right
                && feet::shows_between(image, ink, &leader.line, before)
                    .is_some_and(|shown| shown > AS_DARK * feet::shows(image, ink, &leader.line));
            let label = Some(label.area);
            slots.push(LabelledSlot { leader, label, folded, printed, ends, end, written });
        }
        Ok(Self { slots, pitch: rows.pitch })
    }

    /// The labels as the forms are matched against them.
    pub fn labels(&self) -> Vec<FoundLabel> {
        let label = |slot: &LabelledSlot| FoundLabel {
            folded: slot.folded.clone(),
            may_begin: slot.leader.first,
            printed: slot.printed,
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
        alignment
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
        let mut located = Vec::new();
        for (mut fields, _) in written {
            fields.sort_by_key(|(slot, _)| *slot);
            let fields: Vec<LocatedField> = fields.into_iter().map(|(_, field)| field).collect();
            let areas = fields.iter().flat_map(|field| field.regions.iter().map(|region| region.area));
            let Some(area) = areas.reduce(|a, b| a.union(&b)) else { continue };
            located.push(LocatedEntry { number: located.len() as u32 + 1, area, fields });
        }
        located
    }

    /// The slot's own region, then those of the lines that continue it.
    fn regions(&self, ink: &Ink, slot: usize, form: &Form, alignment: &Alignment) -> Vec<Region> {
        let mut regions = vec![self.region(ink, slot, form, alignment)];
        let mut last = slot;
        for next in self.following(slot) {
            let (here, before) = (&self.slots[next].leader, &self.slots[last].leader);
            if alignment.places[next].is_some() {
                break;
            }
            if here.row == before.row {
                continue;
            }
            let written_before = self.slots[next].written;
            let labelled = self.slots[next].label.is_some() && !written_before;
            if !here.first || labelled || !self.continues(before, here) {
                break;
            }
            let mut region = self.region(ink, next, form, alignment);
            if let Some(writing) = self.slots[next].label.filter(|_| written_before) {
                region.area.left = writing.left - (WORD_GAP * ink.millimetre) as i32;
                region.area = region.area.within(ink.width as u32, ink.height as u32);
            }
            regions.push(region);
            last = next;
        }
        regions
    }

    /// The slots after this one in reading order, within its part of the page.
    fn following(&self, slot: usize) -> impl Iterator<Item = usize> + '_ {
        let part = self.slots[slot].leader.part;
        (slot + 1..self.slots.len()).take_while(move |next| self.slots[*next].leader.part == part)
    }

    /// Whether a line without a label lies where the next row of writing would.
    fn continues(&self, before: &Leader, here: &Leader) -> bool {
        let step = here.line.at(here.line.from) - before.line.at(before.line.from);
        let margin = self.margin(here.part);
        // The letters of a heading stand on no line from edge to edge.
        let at_an_edge =
            here.line.to > before.line.to - 2.0 * self.pitch || here.line.from < margin + 2.0 * self.pitch;
        at_an_edge
            && (0.6 * self.pitch..1.6 * self.pitch).contains(&step)
            && here.line.from > margin - 0.2 * self.pitch
    }

    /// Where the first labels of the rows begin, in this part of the page.
    fn margin(&self, part: Option<(usize, bool)>) -> f64 {
        let of_part = self.slots.iter().filter(|slot| slot.leader.first && slot.leader.part == part);
        let mut lefts: Vec<i32> = of_part.filter_map(|slot| slot.label.map(|label| label.left)).collect();
        lefts.sort_unstable();
        lefts.get(lefts.len() / 2).copied().map_or(0.0, f64::from)
    }

    /// Where the writing on one line can stand.
    fn region(&self, ink: &Ink, slot: usize, form: &Form, alignment: &Alignment) -> Region {
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
            .find(|n| alignment.places[*n].is_some() || (self.slots[*n].printed && self.is_apart(ink, *n)));
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
        let (start, finish) = (line.at(line.from), line.at(to));
        let area = Rectangle::new(
            left as i32,
            (start.min(finish) - 0.9 * self.pitch) as i32,
            right as i32,
            (start.max(finish) + 0.4 * self.pitch) as i32,
        );
        let point = |x: f64| Point { x, y: line.at(x) };
        Region {
            area: area.within(ink.width as u32, ink.height as u32),
            leader: Some(Segment { from: point(line.from), to: point(to) }),
        }
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

    /// Where the label ends. When the start of its line is hidden by writing, the writing has been
    /// read as part of the label; the letters of the known wording tell where that ends.
    fn label_end(&self, ink: &Ink, slot: usize, form: &Form, alignment: &Alignment) -> i32 {
        let LabelledSlot { label, folded, ends, end: right, .. } = &self.slots[slot];
        let right = *right;
        if label.is_some_and(|label| label.right < right) {
            return right;
        }
        let Some((_, place)) = alignment.places[slot] else { return right };
        if let Some(rest) = missing_end(folded, &form.slots[place].folded) {
            return self.end_of_rest(ink, slot, rest).unwrap_or(right);
        }
        let read: Vec<char> = folded.chars().filter(|c| *c != ' ').collect();
        let fits = form.slots[place].folded.iter().filter_map(|wording| {
            let wording: String = wording.chars().filter(|c| *c != ' ').collect();
            let length = wording.chars().count();
            let head: String = read.get(..length)?.iter().collect();
            Some((strsim::normalized_levenshtein(&head, &wording), length))
        });
        let best = fits.max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        match best {
            Some((alike, length)) if alike > 0.75 && read.len() >= length + 2 && ends.len() == read.len() => {
                let end = ends.get(length - 1).map_or(right, |end| right.min(*end));
                // The rest may as well be print that the form file does not know.
                if self.runs_below(ink, slot, (end, right)) { end } else { right }
            }
            _ => right,
        }
    }

    /// Where a label ends of whose wording the `rest` stands over the beginning of the line: letters of its
    /// last word, further words; none when what stands there is none of it.
    fn end_of_rest(&self, ink: &Ink, slot: usize, rest: &str) -> Option<i32> {
        let (letters, letter) = self.letters(ink, slot)?;
        let (near, far) = ((0.4 * ink.millimetre).max(2.0) as i32, (1.3 * letter) as i32);
        let start = letters.area.right;
        let mut end = start;
        for (nth, word) in rest.split(' ').enumerate() {
            let width = letter * word.chars().count() as f64;
            let begin = if nth == 0 { end } else { (end..end + far).find(|x| letters.inked(ink, *x))? };
            end = begin;
            let farthest = begin + (1.5 * width + letter) as i32;
            while let Some(next) = (end..farthest.min(end + near)).find(|x| letters.inked(ink, *x)) {
                end = next + 1;
            }
            // A word of the writing is hardly as long as that of the label.
            if nth > 0 && !(0.7 * width..1.4 * width).contains(&f64::from(end - begin)) {
                return None;
            }
        }
        (end > start).then_some(end)
    }

    /// Where a label begins of whose first word the first letters stand over the end of the line before it.
    fn label_start(&self, ink: &Ink, slot: usize, form: &Form, alignment: &Alignment) -> Option<i32> {
        let left = self.slots[slot].label?.left;
        let missing = alignment.places[slot]
            .and_then(|(_, place)| missing_start(&self.slots[slot].folded, &form.slots[place].folded));
        let (Some(missing), Some((letters, letter))) = (missing, self.letters(ink, slot)) else {
            return Some(left);
        };
        let near = (0.4 * ink.millimetre).max(2.0) as i32;
        let farthest = left - (1.5 * letter * missing as f64 + letter) as i32;
        let mut start = left;
        while let Some(next) = (farthest.max(start - near)..start).rev().find(|x| letters.inked(ink, *x)) {
            start = next;
        }
        Some(start)
    }

    /// The rows in which a label's letters stand, above its line, and how wide a letter is.
    fn letters(&self, ink: &Ink, slot: usize) -> Option<(LetterRows, f64)> {
        let LabelledSlot { leader, label, folded, .. } = &self.slots[slot];
        let area = (*label)?;
        let foot = leader.line.at(f64::from(area.right)) - 0.4 * ink.millimetre;
        let letter = f64::from(area.width()) / folded.chars().count().max(1) as f64;
        Some((LetterRows { area, bottom: area.bottom.min(foot as i32) }, letter))
    }

    /// Whether the line of a slot shows below what stands between two columns before it.
    fn runs_below(&self, ink: &Ink, slot: usize, (from, to): (i32, i32)) -> bool {
        let line = &self.slots[slot].leader.line;
        let inked = (from..to).filter(|x| {
            let y = line.at(f64::from(*x)) as i32;
            (y - 1..=y + 1).any(|y| y >= 0 && *x >= 0 && ink.faint(*x as usize, y as usize))
        });
        inked.count() as f64 > RUNS_BELOW * f64::from((to - from).max(1))
    }

    /// Whether white paper parts a label from the line before it and from its own line; writing
    /// that only hides a piece of one line goes on over both ends.
    fn is_apart(&self, ink: &Ink, slot: usize) -> bool {
        let leader = &self.slots[slot].leader;
        let mm = ink.millimetre;
        self.ends_clear(ink, slot) && self.is_clear(ink, leader, (leader.open_from + 0.1 * mm, 0.7 * mm))
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
    fn is_written(&self, ink: &Ink, region: &Region) -> bool {
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

/// The rows in which the letters of a label stand.
struct LetterRows {
    area: Rectangle,
    bottom: i32,
}

impl LetterRows {
    /// Whether there is ink in column `x`.
    fn inked(&self, ink: &Ink, x: i32) -> bool {
        ink.count(x, self.area.top, x + 1, self.bottom) > 0
    }
}

/// The end that a label lacks that is the beginning of a wording and of no wording the whole: letters of
/// its last word, further words after a space.
fn missing_end<'w>(read: &str, wordings: &'w [String]) -> Option<&'w str> {
    let missing = wordings.iter().filter_map(|wording| wording.strip_prefix(read));
    let rest = missing.min_by_key(|rest| rest.chars().count())?;
    let hidden = match rest.split_once(' ') {
        Some((letters, words)) => letters.len() <= MOST_MISSING && words.len() <= MOST_MISSING_WORDS,
        None => (1..=MOST_MISSING).contains(&rest.len()),
    };
    (read.len() >= 4 && hidden).then_some(rest)
}

/// How many letters of its first word a label lacks that is the end of a wording and of no wording the
/// whole.
fn missing_start(read: &str, wordings: &[String]) -> Option<usize> {
    let missing = wordings.iter().filter_map(|wording| wording.strip_suffix(read));
    let rest = missing.min_by_key(|rest| rest.chars().count())?;
    let hidden = (1..=MOST_MISSING).contains(&rest.len()) && !rest.contains(' ');
    (read.len() >= 4 && hidden).then_some(rest.len())
}

/// More letters of a word than these are not hidden by the beginning or the end of a line, ...
const MOST_MISSING: usize = 3;
/// ... nor more letters of further words.
const MOST_MISSING_WORDS: usize = 8;

/// A line shows between the letters of writing at least with this share of its darkness elsewhere.
const AS_DARK: f64 = 0.5;

/// Words of one value stand no further apart than so many millimetres.
const WORD_GAP: f64 = 3.5;

/// A line shows where there is ink over this share of its length: dots cover a fourth of it, the
/// tails of letters less.
const RUNS_BELOW: f64 = 0.15;

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
    let (names, types) = (slot.names.clone(), slot.types.clone());
    (!names.is_empty()).then_some(LocatedField { names, types, regions, cell: false, label })
}

#[cfg(test)]
mod tests {
    use super::{missing_end, missing_start};

    #[test]
    fn a_label_lacks_the_end_that_its_wording_has_more() {
        let wordings = ["noi dang ky".to_owned(), "dang ky tai".to_owned(), "noi dang ky ho khau".to_owned()];
        assert_eq!(missing_end("noi dang k", &wordings), Some("y"));
        assert_eq!(missing_end("dang ky t", &wordings), Some("ai"));
        assert_eq!(missing_end("noi dang", &wordings), Some(" ky"));
        assert_eq!(missing_end("dang k", &wordings), Some("y tai"));
        assert_eq!(missing_end("noi dang ky", &wordings), None);
        assert_eq!(missing_end("noi dang ky ho", &wordings), Some(" khau"));
        assert_eq!(missing_end("noi", &wordings), None);
    }

    #[test]
    fn a_label_lacks_the_beginning_that_its_wording_has_more() {
        let wordings = ["quoc tich".to_owned(), "ngay dang ky".to_owned(), "dang ky".to_owned()];
        assert_eq!(missing_start("oc tich", &wordings), Some(2));
        assert_eq!(missing_start("y dang ky", &wordings), Some(3));
        assert_eq!(missing_start("dang ky", &wordings), None);
        assert_eq!(missing_start("tich", &wordings), None);
    }
}
