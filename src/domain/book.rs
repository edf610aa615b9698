//! A register volume of an office.

use serde::{Deserialize, Serialize};

use super::Kind;

/// What stands on the cover of a book, as far as it is known (`book.toml`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookCover {
    /// What the book registers.
    pub kind: Option<Kind>,
    /// The year the book was opened.
    pub year: Option<i16>,
    /// The office that kept it, as written.
    pub office: Option<String>,
    /// Its volume number, as written.
    pub volume: Option<String>,
    /// The number of its first entry.
    pub first_number: Option<u32>,
    /// The number of its last entry.
    pub last_number: Option<u32>,
    /// How many entries its closing statement counts (Luật Hộ tịch 60/2014, article 58).
    pub entries: Option<u32>,
    /// How many pages its closing statement counts.
    pub pages: Option<u32>,
}

/// One register volume: a folder of scans and its cover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// The folder's name below the ingested folder; unique in a store.
    pub name: String,
    /// What stands on the cover.
    pub cover: BookCover,
}
