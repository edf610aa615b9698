//! The bundle a book is handed over in to the Ministry's civil-status software ("158"): one spreadsheet with a
//! row an entry, in the exact columns of `models/lists/hotich158_columns.csv`, and one ZIP with a PDF an entry.
//! Before anything is written a preflight says what stands in the way.

mod bundle;
mod columns;
mod keyed;
mod names;
mod preflight;
mod row;
mod sheet;
#[cfg(test)]
mod tests;

use crate::domain::{BookCover, DraftRecord, Kind};

pub use bundle::write_pictures;
pub use columns::{Column, columns};
pub use keyed::{KeyedRow, keyed};
pub use names::NamePattern;
pub use preflight::{Obstacle, Preflight, What, preflight};
pub use row::{Cell, row};
pub use sheet::{is_own_sheet, read_sheet, sheet};

/// An entry as it is handed over.
#[derive(Debug, Clone, Copy)]
pub struct HandedOver<'a> {
    /// The entry.
    pub record: &'a DraftRecord,
    /// What stands on the cover of its book.
    pub cover: &'a BookCover,
    /// Which page of the book it stands on, from 1, in the order of the scans.
    pub page: u32,
    /// Whether there is a picture of its page.
    pub pictured: bool,
}

impl HandedOver<'_> {
    /// The value of a field; empty when the form does not have it.
    fn value(&self, field: &str) -> &str {
        self.record.field(field).map_or("", |field| &field.value)
    }

    /// The day, month or year of registration.
    fn registered(&self) -> Option<crate::domain::PartialDate> {
        self.value("registration.date").parse().ok()
    }

    /// The volume as the software wants it, `01/2017`: what the entry says, else the cover.
    fn volume(&self) -> String {
        let written = self.value("registration.book");
        if written.contains('/') {
            return written.to_owned();
        }
        let volume =
            if written.is_empty() { self.cover.volume.as_deref().unwrap_or_default() } else { written };
        let year = self.cover.year.or_else(|| self.registered().map(|date| date.year()));
        match (volume, year) {
            ("", _) | (_, None) => String::new(),
            (volume, _) if volume.contains('/') => volume.to_owned(),
            (volume, Some(year)) => format!("{volume:0>2}/{year}"),
        }
    }
}

/// What the software calls the registers of a kind.
fn form_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Birth => "KS",
        Kind::Marriage => "KH",
        Kind::Death => "KT",
    }
}
