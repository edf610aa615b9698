//! Books weighed beside people's work, without the store's lock: what weighing made of an entry is kept only
//! where nothing of it has changed meanwhile.

use jiff::Timestamp;
use rusqlite::params;

use super::fields::{self, Author};
use super::register::written;
use super::rows::rows;
use super::weighing::{EVIDENCE, keep_entry};
use super::{BookRecords, DeskTransaction, Store, StoreError, lock, records};
use crate::domain::{DraftField, DraftRecord};

/// How far people's and machines' work on a book has come; it grows with every answer, event and reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookStamp {
    answers: i64,
    events: i64,
    readings: i64,
}

/// An entry of which weighing makes something else than the store has.
#[derive(Debug, Clone)]
pub struct Reweighed {
    entry: i64,
    before: Vec<DraftField>,
    after: DraftRecord,
}

impl Store {
    /// Whether a batch is writing to the store.
    #[must_use]
    pub fn is_held_by_a_batch(&self) -> bool {
        lock::is_held(&self.folder)
    }

    /// Books that people have worked on since they were last weighed, but not after `until`, and whose scans
    /// have all been read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn books_to_reweigh(&self, until: Timestamp) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT b.name, max(
                coalesce((SELECT at FROM answers WHERE rowid =
                    (SELECT max(rowid) FROM answers WHERE book = b.id)), ''),
                coalesce((SELECT at FROM entry_events WHERE number =
                    (SELECT max(number) FROM entry_events WHERE book = b.id)), '')) AS last
            FROM books AS b
            WHERE b.weighed = 0 AND last <> '' AND last <= ?1
                AND NOT EXISTS (SELECT 1 FROM scans WHERE book = b.id AND state = 'pending')
            ORDER BY last";
        rows(&self.connection, sql, [written(until)], |row| row.get(0))
    }

    /// How far the work on a book has come.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn book_stamp(&self, book: &str) -> Result<BookStamp, StoreError> {
        stamp(&self.connection, book)
    }

    /// The entries of which weighing makes something else than the store has; `after` are the records of
    /// `before`, weighed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn reweighed(
        &self,
        before: BookRecords,
        after: Vec<DraftRecord>,
    ) -> Result<Vec<Reweighed>, StoreError> {
        let mut changed = Vec::new();
        for ((entry, before), after) in before.entries.into_iter().zip(before.records).zip(after) {
            let rules = records::rules_of(&self.connection, entry)?;
            if before.fields != after.fields || rules != after.rules {
                changed.push(Reweighed { entry, before: before.fields, after });
            }
        }
        Ok(changed)
    }
}

fn stamp(connection: &rusqlite::Connection, book: &str) -> Result<BookStamp, StoreError> {
    let sql = "SELECT coalesce((SELECT max(rowid) FROM answers WHERE book = b.id), 0),
            coalesce((SELECT max(number) FROM entry_events WHERE book = b.id), 0),
            coalesce((SELECT sum(attempts) FROM scans WHERE book = b.id), 0)
        FROM books AS b WHERE b.name = ?1";
    let mut query = connection.prepare_cached(sql)?;
    let stamp = query.query_row([book], |row| {
        Ok(BookStamp { answers: row.get(0)?, events: row.get(1)?, readings: row.get(2)? })
    });
    Ok(stamp?)
}

impl DeskTransaction<'_> {
    /// Keeps what weighing made of entries, but of those that have changed since; how many were kept.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn keep_reweighed(&self, entries: &[Reweighed]) -> Result<usize, StoreError> {
        let at = self.at();
        let author = Author { who: EVIDENCE, run: None, at: &at };
        let mut kept = 0;
        for Reweighed { entry, before, after } in entries {
            let now = fields::load(self.connection(), *entry)?;
            if now.iter().map(|field| &field.draft).eq(before) {
                keep_entry(self.connection(), *entry, after, author)?;
                kept += 1;
            }
        }
        Ok(kept)
    }

    /// Notes that a book has been weighed, unless the work on it has gone on since `then`.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn note_reweighed(&self, book: &str, then: BookStamp) -> Result<bool, StoreError> {
        if stamp(self.connection(), book)? != then {
            return Ok(false);
        }
        let sql = "UPDATE books SET weighed = 1 WHERE name = ?1";
        self.connection().prepare_cached(sql)?.execute(params![book])?;
        Ok(true)
    }
}
