//! Evidence from elsewhere: the other fields of the entry, the other entries of the book, what is known
//! of places and names.

pub(super) mod days;
pub(super) mod entry;
mod gazetteer;
pub(super) mod layout;
pub(super) mod names;
pub(super) mod places;
pub(super) mod separators;
pub(super) mod sequence;
pub(super) mod words;

use serde::Serialize;

/// A kind of evidence, apart from the reading itself. Any can be left out, to measure what it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Numbers run on and registration dates do not go back.
    Order,
    /// The other fields of the entry, and the rules it breaks.
    Entry,
    /// What the book says again and again, and its cover.
    Words,
    /// Lists of places, of names of persons, and of the words a field may hold.
    Lists,
    /// Where the field stands among the others.
    Layout,
    /// How surely the fields around it were read.
    Surroundings,
    /// What linked entries say.
    Links,
    /// Whether a second engine reads the same.
    SecondReader,
}

impl Evidence {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Order,
        Self::Entry,
        Self::Words,
        Self::Lists,
        Self::Layout,
        Self::Surroundings,
        Self::Links,
        Self::SecondReader,
    ];

    /// The kind in words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order of numbers and dates",
            Self::Entry => "other fields and rules",
            Self::Words => "words of the book",
            Self::Lists => "lists of places, names, words",
            Self::Layout => "place on the page",
            Self::Surroundings => "readings around",
            Self::Links => "linked entries",
            Self::SecondReader => "second reader",
        }
    }
}
