//! Matches a sequence of printed labels, as read, against the labels of a form, in order.

use std::collections::BTreeMap;

use super::forms::Form;
use super::{strays, weave};

/// A label as found on the page, in reading order.
#[derive(Debug, Clone, Default)]
pub(super) struct FoundLabel {
    /// What it reads, folded; empty when there is no label or it cannot be read.
    pub folded: String,
    /// Whether an entry may begin here (the first label of its row).
    pub may_begin: bool,
    /// Whether it is surely print, known or not.
    pub printed: bool,
    /// Whether it heads a column of a table: the column has its place in the form, whatever its head reads.
    pub heads_column: bool,
    /// Whether it lacks a colon where the labels of the page have one, and begins no row of labels that do: it may
    /// be words of a value that runs on.
    pub may_continue: bool,
}

/// How a form fits the labels of a page.
#[derive(Debug, Clone)]
pub(super) struct Alignment {
    /// For each found label: the entry (from 0) and the slot of the form.
    pub places: Vec<Option<(usize, usize)>>,
    /// How many entries begin.
    pub entries: usize,
    /// How alike the labels are that were laid, together: the more the better.
    pub laid: f64,
    /// 0 nothing fits, 1 every label of the form is there and nothing else.
    pub score: f64,
}

impl Alignment {
    /// That of a form without labels.
    fn nothing(labels: usize) -> Self {
        Self { places: vec![None; labels], entries: 1, laid: 0.0, score: 0.0 }
    }
}

/// Below this a label does not count as the one printed.
const ALIKE: f64 = 0.6;
/// A label that is so like a slot of the form is that slot's, ...
const SURE: f64 = 0.9;
/// ... and no slot's that it is less like by this.
const CLEARLY_LESS: f64 = 0.12;
/// What a label of the form that is not on the page costs.
const SKIP_SLOT: f64 = 0.06;
/// A label of so few letters ("Số") is easily the rest of another one, ...
const SHORT: usize = 3;
/// ... and so much less worth.
const LESS_WORTH: f64 = 0.08;
/// What a label on the page that the form does not have costs.
const SKIP_LABEL: f64 = 0.08;
/// What such a label costs before the first that the form has: titles and headings stand there.
const SKIP_TITLE: f64 = 0.04;
/// What beginning another entry costs.
const NEXT_ENTRY: f64 = 0.15;

/// How alike the labels of a page and the wordings of the forms are; each pair is compared once.
pub(super) struct Likeness<'a> {
    found: &'a [FoundLabel],
    known: BTreeMap<String, Vec<f64>>,
}

impl<'a> Likeness<'a> {
    /// For these labels of a page.
    pub fn new(found: &'a [FoundLabel]) -> Self {
        Self { found, known: BTreeMap::new() }
    }

    /// How alike each found label is to the likest of `wordings`.
    fn of(&mut self, wordings: &[String]) -> Vec<f64> {
        let mut best = vec![0.0; self.found.len()];
        for wording in wordings {
            let found = self.found;
            let alike = self
                .known
                .entry(wording.clone())
                .or_insert_with(|| found.iter().map(|label| likeness(&label.folded, wording)).collect());
            for (best, alike) in best.iter_mut().zip(alike) {
                *best = f64::max(*best, *alike);
            }
        }
        best
    }
}

/// A short wording with more letters than these beside it is part of another label ("so" in "ngay
/// vao so").
const MOST_OTHER: usize = 4;

/// How alike a label is to a wording whose last words stand over the beginning of the line, ...
const CUT: f64 = 0.8;
/// ... so many letters of it at least read, and no more than so many, spaces counted, lacking.
const FEWEST_OF_CUT: usize = 4;
const MOST_OF_CUT: usize = 9;

/// Whether what a wording has more are whole words, and few.
fn is_further_words(rest: &str) -> bool {
    rest.starts_with(' ') && rest.len() <= MOST_OF_CUT
}

/// How alike a label as read and a wording are, 0..=1. Other ink read before or after the label
/// takes little away.
pub(super) fn likeness(read: &str, wording: &str) -> f64 {
    if read.is_empty() || wording.is_empty() {
        return 0.0;
    }
    if read == wording {
        return 1.0;
    }
    let length = wording.chars().count();
    let letters: Vec<char> = read.chars().collect();
    let whole = strsim::normalized_levenshtein(read, wording);
    if letters.len() >= FEWEST_OF_CUT && wording.strip_prefix(read).is_some_and(is_further_words) {
        return whole.max(CUT);
    }
    if letters.len() <= length {
        return whole;
    }
    if length < 5 {
        let first = read.split(' ').next() == Some(wording) || read.split(' ').next_back() == Some(wording);
        let others = letters.iter().filter(|letter| letter.is_alphabetic()).count().saturating_sub(length);
        return if first && others <= MOST_OTHER { whole.max(0.75) } else { whole };
    }
    let head: String = letters[..length].iter().collect();
    let tail: String = letters[letters.len() - length..].iter().collect();
    let part =
        strsim::normalized_levenshtein(&head, wording).max(strsim::normalized_levenshtein(&tail, wording));
    whole.max(0.88 * part)
}

/// The best way to lay the labels of `form` over those found: most keep their order, either side
/// may have more; with `repeats` the form may begin again for the next entry. Of the orders in which
/// the form is printed it is the one that most labels keep.
pub(super) fn align(likeness: &mut Likeness<'_>, form: &Form, repeats: bool) -> Alignment {
    let alike = alike(likeness, form);
    let found = likeness.found;
    let mut best: Option<(f64, Alignment)> = None;
    for order in weave::orders(form) {
        let alike: Vec<Vec<f64>> = order.iter().map(|slot| alike[*slot].clone()).collect();
        let (kept, mut laid) = align_in_order(found, &alike, repeats);
        for (_, slot) in laid.places.iter_mut().flatten() {
            *slot = order[*slot];
        }
        if best.as_ref().is_none_or(|(other, _)| kept > *other) {
            best = Some((kept, laid));
        }
    }
    best.map_or_else(|| Alignment::nothing(found.len()), |(_, alignment)| alignment)
}

/// The best way to lay labels that are printed in this order, and how well it fits without those
/// that did not keep it.
fn align_in_order(found: &[FoundLabel], alike: &[Vec<f64>], repeats: bool) -> (f64, Alignment) {
    let placed = |repeats: bool| {
        let laid = lay(found, alike, repeats);
        (laid.score, strays::place(laid, found, alike))
    };
    let best = placed(repeats);
    if best.1.entries == 1 {
        return best;
    }
    // Another entry must pay for itself: labels out of order alone do not make one.
    let single = placed(false);
    if single.1.score >= best.1.score { single } else { best }
}

/// How alike each slot of a form (first) and each label found are. What is far more like another
/// slot is not like this one.
fn alike(likeness: &mut Likeness<'_>, form: &Form) -> Vec<Vec<f64>> {
    let mut alike: Vec<Vec<f64>> = form.slots.iter().map(|slot| likeness.of(&slot.folded)).collect();
    for label in 0..likeness.found.len() {
        let best = alike.iter().map(|slot| slot[label]).fold(0.0, f64::max);
        for slot in &mut alike {
            if best >= SURE && slot[label] < best - CLEARLY_LESS {
                slot[label] = 0.0;
            }
        }
    }
    alike
}

/// The best single path over the labels.
fn lay(found: &[FoundLabel], alike: &[Vec<f64>], repeats: bool) -> Alignment {
    let slots = alike.len();
    // State: 0 before anything, k + 1 when slot k was the last one matched.
    let mut best = vec![f64::NEG_INFINITY; slots + 1];
    best[0] = 0.0;
    let mut steps: Vec<Vec<Step>> = Vec::with_capacity(found.len());
    for (i, label) in found.iter().enumerate() {
        let cost = if label.folded.is_empty() { 0.0 } else { SKIP_LABEL };
        let mut next: Vec<f64> = best.iter().map(|score| score - cost).collect();
        next[0] = best[0] - cost.min(SKIP_TITLE);
        let mut step: Vec<Step> = vec![Step::Pass; slots + 1];
        let begin = (repeats && label.may_begin).then(|| restart(&best)).flatten();
        for slot in (0..slots).filter(|slot| alike[*slot][i] >= ALIKE) {
            let worth = if label.folded.len() <= SHORT { LESS_WORTH } else { 0.0 };
            let gain = alike[slot][i] - 0.45 - worth;
            for (before, reached) in best.iter().enumerate().take(slot + 1) {
                let score = reached + gain - SKIP_SLOT * (slot - before) as f64;
                if score > next[slot + 1] {
                    (next[slot + 1], step[slot + 1]) = (score, Step::After(before));
                }
            }
            if let Some((from, score)) = begin {
                let score = score + gain - SKIP_SLOT * slot as f64 - NEXT_ENTRY;
                if score > next[slot + 1] {
                    (next[slot + 1], step[slot + 1]) = (score, Step::Begin(from));
                }
            }
        }
        best = next;
        steps.push(step);
    }
    trace(&best, &steps, alike, found)
}

/// What was done with a label on the way to a state.
#[derive(Clone, Copy)]
enum Step {
    /// Not matched.
    Pass,
    /// Matched, coming from this state.
    After(usize),
    /// Matched as part of a new entry, coming from this state.
    Begin(usize),
}

/// The best state to end an entry in, and its score with what is still missing paid for.
fn restart(best: &[f64]) -> Option<(usize, f64)> {
    let last = best.len() - 1;
    (1..=last)
        .map(|state| (state, best[state] - SKIP_SLOT * (last - state) as f64))
        .filter(|(_, score)| score.is_finite())
        .max_by(|a, b| a.1.total_cmp(&b.1))
}

/// Walks the best path back.
fn trace(best: &[f64], steps: &[Vec<Step>], alike: &[Vec<f64>], found: &[FoundLabel]) -> Alignment {
    let slots = best.len() - 1;
    let paid = |state: usize| best[state] - SKIP_SLOT * (slots - state) as f64;
    let mut state = (0..=slots).max_by(|a, b| paid(*a).total_cmp(&paid(*b))).unwrap_or(0);
    let mut places = vec![None; steps.len()];
    let mut entry = 0;
    let mut total = 0.0;
    for (i, step) in steps.iter().enumerate().rev() {
        let (before, began) = match step[state] {
            Step::Pass => continue,
            Step::After(before) => (before, false),
            Step::Begin(before) => (before, true),
        };
        places[i] = Some((entry, state - 1));
        total += alike[state - 1][i];
        entry += usize::from(began);
        state = before;
    }
    for (counted, _) in places.iter_mut().flatten() {
        *counted = entry - *counted;
    }
    let score = score(total, found, slots * (entry + 1));
    Alignment { places, entries: entry + 1, laid: total, score }
}

/// How well a form fits whose labels, `wanted` of them, are on the page with this likeness together.
pub(super) fn score(total: f64, found: &[FoundLabel], wanted: usize) -> f64 {
    let labels = found.iter().filter(|label| !label.folded.is_empty()).count();
    (2.0 * total / (labels + wanted).max(1) as f64).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::super::forms::FormSet;
    use super::{FoundLabel, Likeness, align, likeness};

    #[test]
    fn a_label_of_two_letters_does_not_take_the_place_of_a_whole_one() {
        let forms = FormSet::shipped();
        let form = forms.forms().iter().find(|form| form.id.as_str() == "marriage-2006").unwrap();
        let read = ["so thu tu", "so", "noi dang ky", "dang ky ngay", "nguoi chong", "sinh ngay", "dan toc"];
        let labels: Vec<FoundLabel> =
            read.map(|folded| FoundLabel { folded: folded.to_owned(), ..FoundLabel::default() }).into();
        let places = align(&mut Likeness::new(&labels), form, false).places;
        assert_eq!((places[0], places[1]), (Some((0, 0)), None), "{places:?}");
    }

    #[test]
    fn a_short_wording_is_no_word_of_another_label() {
        assert!(likeness("so 1", "so") > 0.7 && likeness("li so", "so") > 0.7);
        assert!(
            likeness("1 2 3", "so") < 0.3
                && likeness("ngay ghi so", "so") < 0.3
                && likeness("quyen so", "so") < 0.5
        );
    }
}
