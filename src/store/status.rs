//! How far the office is: books, scans, entries, fields, and what failed.

use std::path::PathBuf;

use alphanumeric_sort::compare_str;
use rusqlite::Row;

use super::fields::from_word;
use super::register::{SCAN_COLUMNS, path_from, scan_from};
use super::{Store, StoreError};
use crate::domain::outcome::FailureReason;
use crate::domain::{FieldStatus, Scan};

/// How many scans are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct ScanCounts {
    /// Registered and not read yet.
    pub pending: u64,
    /// Read, and entries found.
    pub read: u64,
    /// Read, and found to be no page of records (cover, blank page, letter ...).
    pub not_a_form: u64,
    /// Failed.
    pub failed: u64,
}

/// How many fields have which status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct FieldCounts {
    /// Good enough to go to nobody.
    pub accepted: u64,
    /// A person must look.
    pub review: u64,
    /// A person has looked.
    pub verified: u64,
    /// Nothing is written there.
    pub blank: u64,
    /// Nobody can read it.
    pub illegible: u64,
    /// The paper is gone.
    pub torn: u64,
}

/// One book.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct BookStatus {
    /// Its name.
    pub name: String,
    /// Its scans.
    pub scans: ScanCounts,
    /// Its entries.
    pub entries: u64,
}

/// Something that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedScan {
    /// How it is called.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// Its book.
    pub book: String,
    /// The scan; none when the file could not even be opened.
    pub scan: Option<Scan>,
    /// The kind of failure.
    pub reason: FailureReason,
    /// What failed and what to do.
    pub message: String,
    /// How often it was tried.
    pub attempts: u32,
}

/// The whole store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoreStatus {
    /// Its books, in natural order.
    pub books: Vec<BookStatus>,
    /// Its scans.
    pub scans: ScanCounts,
    /// Its entries.
    pub entries: u64,
    /// Its fields.
    pub fields: FieldCounts,
    /// What failed, in natural order; also scans that were read before and failed when they were
    /// read again.
    pub failed: Vec<FailedScan>,
}

impl Store {
    /// How far the office is.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn status(&self) -> Result<StoreStatus, StoreError> {
        let snapshot = self.connection.unchecked_transaction()?;
        let books = self.book_statuses()?;
        let mut status =
            StoreStatus { fields: self.field_counts()?, failed: self.failed_scans()?, ..<_>::default() };
        for book in &books {
            status.entries += book.entries;
            status.scans.pending += book.scans.pending;
            status.scans.read += book.scans.read;
            status.scans.not_a_form += book.scans.not_a_form;
            status.scans.failed += book.scans.failed;
        }
        drop(snapshot);
        Ok(StoreStatus { books, ..status })
    }

    /// Every book with its counts.
    fn book_statuses(&self) -> Result<Vec<BookStatus>, StoreError> {
        let sql = "SELECT b.name,
                coalesce(sum(s.state = 'pending'), 0),
                coalesce(sum(s.state = 'read' AND s.a_form), 0),
                coalesce(sum(s.state = 'read' AND NOT s.a_form), 0),
                coalesce(sum(s.state = 'failed'), 0)
                    + (SELECT count(*) FROM failed_files AS f WHERE f.book = b.id),
                (SELECT count(*) FROM entries AS e JOIN scans AS t ON t.id = e.scan WHERE t.book = b.id)
            FROM books AS b LEFT JOIN (
                SELECT book, state, EXISTS (
                    SELECT 1 FROM pages AS p WHERE p.scan = scans.id AND p.not_a_form IS NULL
                ) AS a_form FROM scans
            ) AS s ON s.book = b.id
            GROUP BY b.id";
        let mut query = self.connection.prepare_cached(sql)?;
        let rows = query.query_map([], book_status)?;
        let mut books = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        books.sort_by(|a, b| compare_str(&a.name, &b.name).then_with(|| a.name.cmp(&b.name)));
        Ok(books)
    }

    /// Every field by its status.
    fn field_counts(&self) -> Result<FieldCounts, StoreError> {
        let mut counts = FieldCounts::default();
        let mut query = self.connection.prepare_cached(
            "SELECT status, count(*) FROM fields
            WHERE entry NOT IN (SELECT id FROM all_entries WHERE withdrawn = 1) GROUP BY status",
        )?;
        let rows = query.query_map([], |row| Ok((from_word::<FieldStatus>(row, 0)?, count(row, 1)?)))?;
        for row in rows {
            let (status, number) = row?;
            *match status {
                FieldStatus::Accepted => &mut counts.accepted,
                FieldStatus::Review => &mut counts.review,
                FieldStatus::Verified => &mut counts.verified,
                FieldStatus::Blank => &mut counts.blank,
                FieldStatus::Illegible => &mut counts.illegible,
                FieldStatus::Torn => &mut counts.torn,
            } = number;
        }
        Ok(counts)
    }

    /// What failed, in natural order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn failed_scans(&self) -> Result<Vec<FailedScan>, StoreError> {
        let sql = format!(
            "SELECT {SCAN_COLUMNS}, s.failure_reason, s.failure_message, s.attempts
            FROM scans AS s JOIN books AS b ON b.id = s.book WHERE s.failure_reason IS NOT NULL"
        );
        let mut query = self.connection.prepare_cached(&sql)?;
        let rows = query.query_map([], failed_scan)?;
        let mut failed = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        let sql = "SELECT f.name, f.path, b.name, f.failure_reason, f.failure_message, f.attempts
            FROM failed_files AS f JOIN books AS b ON b.id = f.book";
        let mut query = self.connection.prepare_cached(sql)?;
        for row in query.query_map([], failed_file)? {
            failed.push(row?);
        }
        failed.sort_by(|a, b| {
            compare_str(&a.name, &b.name).then_with(|| a.name.cmp(&b.name)).then_with(|| a.path.cmp(&b.path))
        });
        Ok(failed)
    }
}

/// A number of rows in `column`.
fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::unsigned_abs)
}

fn book_status(row: &Row<'_>) -> rusqlite::Result<BookStatus> {
    let scans = ScanCounts {
        pending: count(row, 1)?,
        read: count(row, 2)?,
        not_a_form: count(row, 3)?,
        failed: count(row, 4)?,
    };
    Ok(BookStatus { name: row.get(0)?, scans, entries: count(row, 5)? })
}

fn failed_scan(row: &Row<'_>) -> rusqlite::Result<FailedScan> {
    let scan = scan_from(row)?;
    Ok(FailedScan {
        name: scan.name.0.clone(),
        path: scan.path.clone(),
        book: scan.book.clone(),
        scan: Some(scan),
        reason: from_word(row, 6)?,
        message: row.get(7)?,
        attempts: row.get(8)?,
    })
}

fn failed_file(row: &Row<'_>) -> rusqlite::Result<FailedScan> {
    Ok(FailedScan {
        name: row.get(0)?,
        path: path_from(row.get(1)?),
        book: row.get(2)?,
        scan: None,
        reason: from_word(row, 3)?,
        message: row.get(4)?,
        attempts: row.get(5)?,
    })
}
