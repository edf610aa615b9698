//! Entries that may be about the same event, person or parents: candidates with a score and the
//! reasons, shown to people and never merged.
//!
//! The same event stands in two books where both copies were kept (until 15 September 2020), or was
//! registered again (V072, V074); a person's birth, marriage and death are three entries (V073); brothers
//! and sisters have the same parents. Pairs are compared field by field with weights after Fellegi and
//! Sunter ("A theory for record linkage", JASA 1969), names weighed by how rare they are in the store.

mod blocks;
mod compare;
mod event;
mod pairs;
mod rarity;
mod syllables;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use event::{EventReader, Events};

use rarity::Rarity;

/// How two entries may belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// The same event in two copies of a book, or registered again.
    SameEvent,
    /// The same person: born here, married or dead there.
    SamePerson,
    /// The same parents: brothers and sisters, or the parents' marriage and a child's birth.
    SameParents,
}

impl LinkKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::SameEvent, Self::SamePerson, Self::SameParents];

    /// The word used in files and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SameEvent => "same_event",
            Self::SamePerson => "same_person",
            Self::SameParents => "same_parents",
        }
    }
}

impl std::str::FromStr for LinkKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| {
            format!("\"{text}\" is no kind of link: write same_event, same_person or same_parents")
        })
    }
}

/// How much of a field two entries share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// Letter by letter.
    Exact,
    /// But for accents.
    AccentsOff,
    /// But for one letter or one figure.
    OneLetter,
    /// One gives a year, the other a day of it; or one part of a name is missing.
    Partly,
    /// Not at all.
    Differs,
}

/// One field that speaks for or against a link. Holds no value of the entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// What was compared, such as `child.name` or `mother.name`.
    pub field: String,
    /// How much of it they share.
    pub agreement: Agreement,
    /// By how many powers of two it makes the link likelier (or, below 0, less likely).
    pub weight: f32,
}

/// Two entries that may belong together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// How.
    pub kind: LinkKind,
    /// The entry with the lower number in the store.
    pub first: i64,
    /// Whom of it the link is about: `child`, `husband`, `wife`, `deceased`, `parents`, `event`.
    pub first_role: &'static str,
    /// The other entry.
    pub second: i64,
    /// Whom of it the link is about.
    pub second_role: &'static str,
    /// The probability that they belong together, 0..=1, by the weights and how many entries there are.
    pub score: f64,
    /// Why, what weighs most first.
    pub reasons: Vec<Reason>,
}

/// What is searched for.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    /// The lowest score of a candidate.
    pub least: f64,
}

impl Default for Search {
    /// The bar at which, on invented offices, nine in ten candidates and more are right.
    fn default() -> Self {
        Self { least: 0.8 }
    }
}

/// The candidates among `events`, best first by entry: the same list for any number of threads.
#[must_use]
pub fn find(events: &Events, search: Search) -> Vec<Candidate> {
    let rarity = Rarity::of(events);
    let counts = pairs::Counts::of(events);
    let mut candidates: Vec<pairs::Pair> = Vec::new();
    for family in blocks::Family::ALL {
        let blocks = blocks::of(events, family);
        let found: Vec<Vec<pairs::Pair>> = blocks
            .groups()
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|group| pairs::within(events, (&rarity, counts), family, group, search.least))
            .collect();
        candidates.extend(found.into_iter().flatten());
    }
    let kept = pairs::settle(events, candidates, search.least);
    kept.into_par_iter().map(|pair| pairs::explain(events, &rarity, &pair)).collect()
}

#[cfg(test)]
mod tests;
