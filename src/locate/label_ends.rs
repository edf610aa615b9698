//! Where a printed label begins and ends, when a line or writing hides some of its letters.

use super::align::Alignment;
use super::forms::Form;
use super::ink::Ink;
use super::slot_page::{LabelledSlot, SlotPage};
use crate::domain::Rectangle;

impl SlotPage {
    /// Where the label ends. When the start of its line is hidden by writing, the writing has been
    /// read as part of the label; the letters of the known wording tell where that ends.
    pub(super) fn label_end(&self, ink: &Ink, slot: usize, form: &Form, alignment: &Alignment) -> i32 {
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
        let (near, far) = (letter_gap(ink), (1.3 * letter) as i32);
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
    pub(super) fn label_start(
        &self,
        ink: &Ink,
        slot: usize,
        form: &Form,
        alignment: &Alignment,
    ) -> Option<i32> {
        let left = self.slots[slot].label?.left;
        if let Some(begin) = self.begin_of_wording(slot, form, alignment) {
            return Some(begin);
        }
        let missing = alignment.places[slot]
            .and_then(|(_, place)| missing_start(&self.slots[slot].folded, &form.slots[place].folded));
        let (Some(missing), Some((letters, letter))) = (missing, self.letters(ink, slot)) else {
            return Some(left);
        };
        let near = letter_gap(ink);
        let farthest = left - (1.5 * letter * missing as f64 + letter) as i32;
        let mut start = left;
        while let Some(next) = (farthest.max(start - near)..start).rev().find(|x| letters.inked(ink, *x)) {
            start = next;
        }
        Some(start)
    }

    /// Where the label begins within what was read as one: writing before it that hides the line it stands on ("432. dân
    /// tộc").
    fn begin_of_wording(&self, slot: usize, form: &Form, alignment: &Alignment) -> Option<i32> {
        let LabelledSlot { folded, ends, .. } = &self.slots[slot];
        let (_, place) = alignment.places[slot]?;
        let letters = folded.chars().filter(|c| *c != ' ').count();
        let before = letters_before(folded, &form.slots[place].folded)?;
        (ends.len() == letters).then(|| ends[before - 1] + 1)
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
}

/// A label of at least so many letters is told within what was read as one, ...
const FEWEST_AT_END: usize = 5;
/// ... when at least so many letters of writing stand before it: a label may have a word more ("tuổi, năm sinh").
const FEWEST_BEFORE: usize = 10;

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

/// The letters of a printed word stand no further apart than so many millimetres, ...
const LETTER_GAP: f64 = 0.6;
/// ... or pixels.
const LEAST_LETTER_GAP: f64 = 3.0;

/// How far apart the letters of a printed word stand at most, in pixels.
fn letter_gap(ink: &Ink) -> i32 {
    (LETTER_GAP * ink.millimetre).max(LEAST_LETTER_GAP) as i32
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

/// How many letters stand before the longest of the wordings that what was read ends with, when they are more than
/// another word of the label.
fn letters_before(read: &str, wordings: &[String]) -> Option<usize> {
    let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
    let read = letters(read);
    let before = wordings.iter().map(|wording| letters(wording)).filter_map(|wording| {
        let fits = wording.chars().count() >= FEWEST_AT_END;
        Some(read.strip_suffix(&wording)?.chars().count()).filter(|_| fits)
    });
    before.min().filter(|before| *before >= FEWEST_BEFORE)
}

/// More letters of a word than these are not hidden by the beginning or the end of a line, ...
const MOST_MISSING: usize = 3;
/// ... nor more letters of further words.
const MOST_MISSING_WORDS: usize = 8;

/// A line shows where there is ink over this share of its length: dots cover a fourth of it, the
/// tails of letters less.
const RUNS_BELOW: f64 = 0.15;

#[cfg(test)]
mod tests {
    use super::{letters_before, missing_end, missing_start};

    #[test]
    fn a_label_is_told_from_the_writing_before_it() {
        let wordings = ["dan toc".to_owned(), "thuoc dan toc".to_owned(), "noi o".to_owned()];
        assert_eq!(letters_before("ngau 28 thang 10 dan toc", &wordings), Some(13));
        assert_eq!(letters_before("28 thang 10 thuoc dan toc", &wordings), None);
        assert_eq!(letters_before("thanh phan dan toc", &wordings), None);
        assert_eq!(letters_before("dan toc", &wordings), None);
        assert_eq!(letters_before("ngau 28 dan toe", &wordings), None);
    }

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
