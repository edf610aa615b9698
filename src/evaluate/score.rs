//! Counts of what is right among fields, and the shares made of them.

use indexmap::IndexMap;
use serde::Serialize;

use crate::domain::{ExportedField, FieldStatus, text::comparable};

use super::TruthField;

/// Errors among the values taken for which [`coverage`] is worked out.
const ERRORS: [f64; 4] = [0.005, 0.01, 0.02, 0.05];
/// Overlap (shared over joint area) from which a box counts as found.
const BOX_FOUND: f64 = 0.5;

/// How well some fields agree with the truth. Shares are 0..=1, none when there is nothing to take
/// a share of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// Fields in the truth.
    pub fields: usize,
    /// Share of them that is right.
    pub right: Option<f64>,
    /// Share that is right of those that are not blank.
    pub filled_right: Option<f64>,
    /// Character error rate of those that are not blank; a value is at most wholly wrong.
    pub cer: Option<f64>,
    /// Share that goes to nobody: accepted, blank or verified.
    pub accepted: Option<f64>,
    /// Share of those that is wrong.
    pub accepted_wrong: Option<f64>,
    /// Share of the values with a known place whose box overlaps it by half or more.
    pub boxes: Option<f64>,
}

/// What [`Score`] is made of.
#[derive(Debug, Clone, Default)]
pub(super) struct Count {
    pub fields: usize,
    pub right: usize,
    pub filled: usize,
    filled_right: usize,
    letters: usize,
    edits: usize,
    accepted: usize,
    accepted_wrong: usize,
    boxes: usize,
    boxes_found: usize,
}

/// `part` of `whole`; none of nothing.
pub(super) fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Count {
    /// The count of one field.
    pub(super) fn of(truth: &TruthField, read: Option<&ExportedField>) -> Self {
        let wanted = comparable(&truth.value);
        let value = read.map(|read| comparable(&read.value));
        let right = usize::from(value.as_ref() == Some(&wanted));
        let filled = usize::from(!wanted.is_empty());
        let letters = wanted.chars().count();
        let edits = strsim::levenshtein(value.as_deref().unwrap_or(""), &wanted).min(letters);
        let goes_to_nobody =
            |status| matches!(status, FieldStatus::Accepted | FieldStatus::Blank | FieldStatus::Verified);
        let accepted = usize::from(read.is_some_and(|read| goes_to_nobody(read.status)));
        let place = truth.place.filter(|_| filled > 0);
        let ink = read.and_then(|read| read.ink);
        let overlap = place.zip(ink).map_or(0.0, |(place, ink)| place.intersection_over_union(&ink));
        Self {
            fields: 1,
            right,
            filled,
            filled_right: right * filled,
            letters,
            edits,
            accepted,
            accepted_wrong: accepted * (1 - right),
            boxes: usize::from(place.is_some()),
            boxes_found: usize::from(overlap >= BOX_FOUND),
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.fields += other.fields;
        self.right += other.right;
        self.filled += other.filled;
        self.filled_right += other.filled_right;
        self.letters += other.letters;
        self.edits += other.edits;
        self.accepted += other.accepted;
        self.accepted_wrong += other.accepted_wrong;
        self.boxes += other.boxes;
        self.boxes_found += other.boxes_found;
    }

    pub(super) fn score(&self) -> Score {
        Score {
            fields: self.fields,
            right: share(self.right, self.fields),
            filled_right: share(self.filled_right, self.filled),
            cer: share(self.edits, self.letters),
            accepted: share(self.accepted, self.fields),
            accepted_wrong: share(self.accepted_wrong, self.accepted),
            boxes: share(self.boxes_found, self.boxes),
        }
    }
}

/// For each error, the share of values that can be taken, most confident first, before more than
/// that share of them is wrong. Values of one confidence stay in the order given.
pub(super) fn coverage(mut curve: Vec<(f64, bool)>) -> IndexMap<String, f64> {
    curve.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = |error: f64| {
        let mut wrong = 0_usize;
        let mut best = 0;
        for (taken, (_, right)) in (1_usize..).zip(&curve) {
            wrong += usize::from(!right);
            if wrong as f64 <= error * taken as f64 {
                best = taken;
            }
        }
        best as f64 / curve.len().max(1) as f64
    };
    ERRORS.map(|error| (error.to_string(), best(error))).into_iter().collect()
}
