//! Finds people and places in the records, however they were typed.
//!
//! Every name of a person and every place of an entry is a row of its own in a full-text index, with
//! the role of its bearer, next to one row for the entry as a whole. A row holds its words folded
//! (no accents, no case), its words with accents spelt out, the folded words of all places of the
//! entry, and kind, role, years, book and number as words, so that a filter is one more word to look
//! up and never a walk through the hits. What is rare is looked up first, and the next only where all
//! rarer ones stand ([`expression::all`]). The numbers of rows are worked out from scan, entry and
//! field, so hits of one closeness come in the order of the books without being sorted.

pub(super) mod index;

mod expression;
mod find;
mod near;
mod understood;
mod words;

#[cfg(test)]
mod tests;

use serde::Serialize;

pub use understood::understood;

use crate::domain::{FieldName, FieldStatus, FormId, Kind, PartialDate, ScanName};

/// What to look for. Everything that is given must fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Words of one name or one place, in any order; the last may be only begun. Accents and case
    /// do not matter, but what fits with its accents comes first. Words beyond the sixteenth are
    /// left out of account. Without words every entry that fits the rest is found.
    pub text: String,
    /// What was registered.
    pub kind: Option<Kind>,
    /// First and last year: of the registration, of the birth or of the death; of the book when an
    /// entry says none of them.
    pub years: Option<(i16, i16)>,
    /// The number of the entry.
    pub number: Option<String>,
    /// The name or the volume number of the book.
    pub book: Option<String>,
    /// Words of the places of the entry, in any order.
    pub place: Option<String>,
    /// The role of the person or place searched for: `child`, `mother`, `father`, `husband`,
    /// `wife`, `deceased`, `declarant`, `signer` ... (the part of a field's name before the dot).
    pub role: Option<String>,
    /// A day or a year of the entry; of a date without a day only the year is looked at.
    pub date: Option<WantedDate>,
    /// The sex of the person searched for, or, without words, of one the entry is about: `male`, `female`.
    pub sex: Option<String>,
    /// The office that kept the book, as its cover says.
    pub office: Option<String>,
    /// How many entries to find at most.
    pub limit: usize,
}

/// What happened on a date of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOf {
    /// Somebody was born.
    Birth,
    /// Somebody died.
    Death,
    /// The entry was registered.
    Registration,
}

/// A date to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct WantedDate {
    /// What happened then; anything when it is not said.
    pub of: Option<DateOf>,
    /// When.
    pub date: PartialDate,
}

impl Default for Query {
    fn default() -> Self {
        let text = String::new();
        Self {
            text,
            kind: None,
            years: None,
            number: None,
            book: None,
            place: None,
            role: None,
            date: None,
            sex: None,
            office: None,
            limit: 20,
        }
    }
}

/// How close a hit is to what was typed, closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Closeness {
    /// Every word as typed, accents and all (old and new places of the tone are the same).
    Exact,
    /// The words typed with accents fit with them, the others without.
    AccentsKept,
    /// Every word fits when accents are forgotten.
    Folded,
    /// The last word goes on.
    Begun,
    /// Some words fit only another reading of a field that no person has settled.
    OtherReading,
    /// Every word fits when accents are forgotten, some a name and some the places of the entry.
    Parted,
    /// One word has one letter wrong: another, one missing, one too many, or two swapped.
    OneWrongLetter,
    /// Several words have one letter wrong each.
    WrongLetters,
}

/// A field of a hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HitField {
    /// Which field.
    pub name: FieldName,
    /// Its value, or what was read where it could not be parsed.
    pub value: String,
    /// Where it stands: `verified` when a person has looked, everything else is the machine's.
    pub status: FieldStatus,
    /// The other reading that fits, where the value does not; no person has settled the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_reading: Option<String>,
}

/// An entry that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Its number in the store.
    #[serde(skip)]
    pub id: i64,
    /// The scan it stands on.
    pub scan: ScanName,
    /// Which entry of the scan, from 1, top to bottom.
    pub entry: u32,
    /// Its book.
    pub book: String,
    /// What it registers.
    pub kind: Kind,
    /// Its form.
    pub form: FormId,
    /// How close it is.
    pub closeness: Closeness,
    /// How many fields that an extract is about no person has settled.
    pub unsettled: u32,
    /// The names and places that fit; empty when no words were searched for.
    pub matched: Vec<HitField>,
    /// All its fields that hold something, in the order of the form.
    pub fields: Vec<HitField>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The hits, closest first; those equally close in the order of the books.
    pub hits: Vec<Hit>,
    /// Whether there are more than were asked for.
    pub more: bool,
}
