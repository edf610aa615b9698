//! Labels within what seems one value: where its line seems to run on below the next label, nothing but the wording
//! of that label tells where the value ends.

use std::cmp::Reverse;

use image::GrayImage;

use super::align::Alignment;
use super::forms::Form;
use super::ink::Ink;
use super::labels;
use super::line::Line;
use super::read_once::{LabelText, ReadOnce};
use super::rulings::Lines;
use super::slot_page::{LabelledSlot, SlotPage};
use super::slots::Leader;
use crate::domain::{ReadError, Rectangle, Segmentation};

/// Words must be so like the wording of a label, 0..=1.
const ALIKE: f64 = 0.8;
/// Words so alike are surely a label.
const SURE: f64 = 0.9;
/// The wording has at least so many letters.
const FEWEST_LETTERS: usize = 5;

/// A label found within a value.
pub(super) struct Within {
    pub folded: String,
    /// Columns of the page, the last one left out.
    pub left: i32,
    pub right: i32,
}

impl Within {
    /// The slot of this label, which ends at the height `y` of its line.
    pub fn slot(self, leader: Leader, (y, pitch): (f64, f64)) -> LabelledSlot {
        let area = Rectangle::new(self.left, (y - 0.7 * pitch) as i32, self.right, y as i32);
        LabelledSlot {
            leader,
            label: Some(area),
            folded: self.folded,
            printed: true,
            ends: Vec::new(),
            end: self.right,
        }
    }
}

impl SlotPage {
    /// Parts the lines that run on below labels of `form` that were not found; whether there were any.
    ///
    /// # Errors
    /// When the recognizer fails.
    pub fn part_at_labels(
        &mut self,
        image: &GrayImage,
        (ink, lines): (&Ink, &Lines),
        (form, alignment): (&Form, &Alignment),
        once: &mut ReadOnce<'_>,
    ) -> Result<bool, ReadError> {
        let mut found = Vec::new();
        for slot in 0..self.slots.len() {
            let [before, after] = missing_beside(form, alignment, slot);
            let wordings = [after, before].concat();
            if wordings.is_empty() {
                continue;
            }
            let area = self.region(ink, slot, form, alignment).area;
            let line = &self.slots[slot].leader.line;
            let Some((text, left)) = self.text_on(image, (ink, lines), (line, area), once)? else { continue };
            if let Some(within) = label_in(&text, left, &wordings) {
                found.push((slot, within));
            }
        }
        let any = !found.is_empty();
        for (slot, within) in found.into_iter().rev() {
            self.part(slot, within);
        }
        Ok(any)
    }

    /// What stands on a line within `area`, and the column of the page where its picture begins.
    pub(super) fn text_on(
        &self,
        image: &GrayImage,
        (ink, lines): (&Ink, &Lines),
        (line, area): (&Line, Rectangle),
        once: &mut ReadOnce<'_>,
    ) -> Result<Option<(LabelText, i32)>, ReadError> {
        let y = line.at(f64::from(area.left));
        let top = line.at(f64::from(area.right)).min(y) - 0.75 * self.pitch;
        let zone = Rectangle { top: top as i32, ..area };
        let near = lines.horizontal.iter().chain([line]).filter(|other| {
            let beside = f64::from(area.left) < other.to && other.from < f64::from(area.right);
            beside && (other.middle() - line.middle()).abs() < self.pitch
        });
        let Some(label) = labels::label_in(image, ink, zone, &near.collect::<Vec<_>>()) else {
            return Ok(None);
        };
        let text = once.read(&label, Segmentation::Line)?;
        Ok(Some((text, label.crop_left)))
    }

    /// Ends the value of a slot where a label begins, and lets the next begin after it.
    fn part(&mut self, slot: usize, within: Within) {
        let (left, right) = (f64::from(within.left), f64::from(within.right));
        let leader = |n: usize| &self.slots[n].leader;
        let own = (slot..self.slots.len()).take_while(|n| leader(*n).shares_row(leader(slot)));
        // Lines within the value have labels that were not read as such.
        let last = own.filter(|n| self.slots[*n].leader.line.from < right).last().unwrap_or(slot);
        let mut leader = self.slots[last].leader.clone();
        let y = leader.line.at(left);
        let is_its_label = last > slot && leader.line.from > left;
        if !is_its_label {
            self.slots[last].leader.line.to = left;
            leader.open_from = left;
            leader.line.from = right + 1.0;
            leader.line.to = leader.line.to.max(right + self.pitch);
        }
        leader.first = false;
        let labelled = within.slot(leader, (y, self.pitch));
        if is_its_label {
            self.slots[last] = labelled;
        } else {
            self.slots.insert(last + 1, labelled);
        }
    }
}

/// The wordings of the labels of `form` that the entry of a slot lacks: those right before its next one, and right
/// after its own.
pub(super) fn missing_beside<'f>(form: &'f Form, alignment: &Alignment, slot: usize) -> [Vec<&'f str>; 2] {
    let Some((entry, place)) = alignment.places[slot] else { return [Vec::new(), Vec::new()] };
    let placed: Vec<usize> =
        alignment.places.iter().flatten().filter(|(of, _)| *of == entry).map(|(_, place)| *place).collect();
    let is_missing = |place: &usize| !placed.contains(place);
    let after = (place + 1..form.slots.len()).take_while(is_missing);
    let next = alignment.places[slot + 1..].iter().flatten().next().filter(|(of, _)| *of == entry);
    let before = next.into_iter().flat_map(|(_, next)| (0..*next).rev().take_while(is_missing));
    [before.collect(), after.collect()].map(|places: Vec<usize>| {
        let wordings = places.into_iter().flat_map(|place| form.slots[place].folded.iter());
        wordings.map(String::as_str).filter(|wording| wording.len() >= FEWEST_LETTERS).collect()
    })
}

/// The words of a line, the column of whose picture is `left`, that are likest one of the `wordings`, when they are.
pub(super) fn label_in(text: &LabelText, left: i32, wordings: &[&str]) -> Option<Within> {
    // Columns are known of letters and figures; what else is read are dots of the line.
    let letters = |word: &str| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let words: Vec<String> = text.folded.split(' ').map(letters).filter(|word| !word.is_empty()).collect();
    if words.iter().map(|word| word.chars().count()).sum::<usize>() != text.columns.len() {
        return None;
    }
    let spans = (0..words.len()).flat_map(|from| (from + 1..=words.len()).map(move |to| (from, to)));
    // The first of those that are surely labels, else the likest; a longer wording holds shorter ones, so what counts
    // is the letters of it less those that differ.
    let fit = |(from, to): (usize, usize)| {
        let read = words[from..to].join(" ");
        let fits = wordings.iter().filter_map(|wording| {
            let alike = strsim::normalized_levenshtein(&read, wording);
            let letters = wording.len() as i32 - 2 * strsim::levenshtein(&read, wording) as i32;
            let first = if alike >= SURE { from } else { words.len() };
            (alike >= ALIKE).then_some((Reverse(first), letters))
        });
        fits.max()
    };
    let best = spans.filter_map(|span| Some((fit(span)?, Reverse(span))));
    let (_, Reverse((from, to))) = best.max()?;
    let before = |word: usize| words[..word].iter().map(|word| word.chars().count()).sum::<usize>();
    let (first, last) = (text.columns.get(before(from))?, text.columns.get(before(to).checked_sub(1)?)?);
    Some(Within { folded: words[from..to].join(" "), left: left + first.0, right: left + last.1 })
}

#[cfg(test)]
mod tests {
    use super::super::read_once::LabelText;
    use super::label_in;

    /// A line whose letters are ten columns wide each, spaces too.
    fn line(folded: &str) -> LabelText {
        let letters = folded.char_indices().filter(|(_, c)| c.is_alphanumeric());
        let columns = letters.map(|(at, _)| (10 * at as i32, 10 * at as i32 + 10)).collect();
        LabelText { folded: folded.to_owned(), confidence: 0.9, columns }
    }

    #[test]
    fn a_label_is_found_among_the_words_of_a_value() {
        let wordings = ["quoc tich", "noi cu tru", "noi thuong tru"];
        let found = label_in(&line("kinh quoc tlch viet nam"), 100, &wordings).unwrap();
        assert_eq!((found.folded.as_str(), found.left, found.right), ("quoc tlch", 150, 240));
        assert!(label_in(&line("kinh viet nam"), 100, &wordings).is_none());
        assert!(label_in(&line("to quoc"), 100, &wordings).is_none());
        let found = label_in(&line("quoc tich .. viet"), 100, &wordings).unwrap();
        assert_eq!((found.folded.as_str(), found.left, found.right), ("quoc tich", 100, 190));
        let wordings = ["so giay cmnd", "so giay cmnd ho chieu giay to hop le thay the"];
        let read = "so giay cmnd ho chieu giay to hop le thay thé 238227387";
        let found = label_in(&line(read), 0, &wordings).unwrap();
        assert_eq!(found.folded, "so giay cmnd ho chieu giay to hop le thay thé");
        let overlapping = ["sinh ngay", "nam sinh"];
        assert_eq!(label_in(&line("nam sinh ngay 15"), 0, &overlapping).unwrap().folded, "nam sinh");
        assert_eq!(label_in(&line("so giay cmnd 238227387"), 0, &wordings).unwrap().folded, "so giay cmnd");
    }
}
