//! The records of a store in their natural order: book, scan, entry.

use std::cmp::Ordering;
use std::collections::VecDeque;

use alphanumeric_sort::compare_str;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::commit::ENTRIES_PER_SCAN;
use super::fields::{self, from_json, from_word};
use super::rows::rows;
use super::{Store, StoreError};
use crate::domain::exported::ExportedRecord;
use crate::domain::{
    Confidence, DraftField, DraftRecord, EntryPicture, FiredRule, FormId, Projection, RecordName,
    RecordToIssue, ScanName, SkewAngle,
};

/// The records of a store, one after the other, as they stood when the walk began.
#[derive(Debug)]
pub struct Records<'store> {
    snapshot: Transaction<'store>,
    scans: std::vec::IntoIter<ScanWithEntries>,
    ready: VecDeque<ExportedRecord>,
}

/// A scan that has entries.
#[derive(Debug, PartialEq, Eq)]
struct ScanWithEntries {
    id: i64,
    book: String,
    name: String,
    hash: [u8; 32],
}

impl ScanWithEntries {
    fn natural_order(&self, other: &Self) -> Ordering {
        compare_str(&self.book, &other.book)
            .then_with(|| self.book.cmp(&other.book))
            .then_with(|| compare_str(&self.name, &other.name))
            .then_with(|| self.name.cmp(&other.name))
            .then_with(|| self.hash.cmp(&other.hash))
    }
}

impl Store {
    /// Every record, in natural order of book and scan, then by entry: the same order whatever the
    /// order in which scans were read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn records(&self) -> Result<Records<'_>, StoreError> {
        let snapshot = self.connection.unchecked_transaction()?;
        let scans = scans_with_entries(&snapshot, None)?;
        Ok(Records { snapshot, scans: scans.into_iter(), ready: VecDeque::new() })
    }
}

/// The scans that have entries, of one book or of all, in natural order.
fn scans_with_entries(
    connection: &Connection,
    book: Option<&str>,
) -> Result<Vec<ScanWithEntries>, StoreError> {
    let sql = "SELECT s.id, b.name, s.name, s.hash FROM scans AS s JOIN books AS b ON b.id = s.book
        WHERE (?1 IS NULL OR b.name = ?1) AND EXISTS
            (SELECT 1 FROM entries WHERE id BETWEEN s.id * 4096 AND s.id * 4096 + 4095)";
    let mut query = connection.prepare(sql)?;
    let rows = query.query_map([book], |row| {
        Ok(ScanWithEntries { id: row.get(0)?, book: row.get(1)?, name: row.get(2)?, hash: row.get(3)? })
    })?;
    let mut scans = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    scans.sort_by(ScanWithEntries::natural_order);
    Ok(scans)
}

/// An entry with its number in the store and the skew of its page; rules are not part of it.
type StoredRecord = (i64, Option<SkewAngle>, DraftRecord);

/// The records of one scan.
fn records_of(connection: &Connection, scan: &ScanWithEntries) -> Result<Vec<StoredRecord>, StoreError> {
    let sql = "SELECT e.id, e.number, e.kind, e.form, p.skew_deg, p.match_score
        FROM entries AS e LEFT JOIN pages AS p ON p.scan = e.scan AND p.half = e.half
        WHERE e.id BETWEEN ?1 AND ?2 ORDER BY e.id";
    let mut query = connection.prepare_cached(sql)?;
    let first = scan.id * ENTRIES_PER_SCAN;
    let mut rows = query.query([first, first + ENTRIES_PER_SCAN - 1])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        let skew = row.get::<_, Option<f64>>(4)?.map(SkewAngle);
        records.push((row.get(0)?, skew, record(connection, scan, row)?));
    }
    Ok(records)
}

fn record(connection: &Connection, scan: &ScanWithEntries, row: &Row<'_>) -> Result<DraftRecord, StoreError> {
    let fields = fields::load(connection, row.get(0)?)?;
    Ok(DraftRecord {
        scan: ScanName(scan.name.clone()),
        entry: row.get(1)?,
        kind: from_word(row, 2)?,
        form: FormId::new(row.get::<_, String>(3)?),
        form_match: Confidence::clamped(row.get::<_, Option<f64>>(5)?.unwrap_or_default()),
        fields: fields.into_iter().map(|field| field.draft).collect::<Vec<DraftField>>(),
        rules: Vec::new(),
    })
}

/// Every record of one book with its number in the store, in natural order.
pub(super) fn of_book(connection: &Connection, book: &str) -> Result<Vec<(i64, DraftRecord)>, StoreError> {
    let mut all = Vec::new();
    for scan in scans_with_entries(connection, Some(book))? {
        all.extend(records_of(connection, &scan)?.into_iter().map(|(entry, _, record)| (entry, record)));
    }
    Ok(all)
}

/// The entry called `name`, with what a copy of it needs beside its fields.
pub(super) fn to_issue(connection: &Connection, name: &RecordName) -> Result<RecordToIssue, StoreError> {
    let (scan, registered_at) = scan_of(connection, name)?;
    let unknown = || StoreError::Unknown(format!("the record {name}"));
    let mut records = records_of(connection, &scan)?.into_iter();
    let (entry, _, record) = records.find(|(_, _, record)| record.entry == name.entry).ok_or_else(unknown)?;
    let record = DraftRecord { rules: rules_of(connection, entry)?, ..record };
    Ok(RecordToIssue { entry, record, registered_at, picture: picture_of(connection, entry)? })
}

/// The picture of the page that the entry stands on, when there is one.
fn picture_of(connection: &Connection, entry: i64) -> Result<Option<EntryPicture>, StoreError> {
    let sql = "SELECT p.image, p.to_scan,
            (SELECT count(*) FROM entries AS o WHERE o.scan = e.scan AND o.half = e.half)
        FROM pages AS p JOIN entries AS e ON e.scan = p.scan AND e.half = p.half
        WHERE e.id = ?1 AND p.image IS NOT NULL";
    let picture = |row: &Row<'_>| {
        let to_scan = Projection::from_rows(from_json(row, 1)?).unwrap_or_else(Projection::identity);
        Ok(EntryPicture { image: row.get(0)?, to_scan, alone: row.get::<_, i64>(2)? == 1 })
    };
    Ok(connection.prepare_cached(sql)?.query_row([entry], picture).optional()?)
}

/// The one scan that the record called `name` stands on, and the office that kept its book.
fn scan_of(connection: &Connection, name: &RecordName) -> Result<(ScanWithEntries, String), StoreError> {
    let sql = "SELECT s.id, b.name, s.name, s.hash, coalesce(b.office, '')
        FROM scans AS s JOIN books AS b ON b.id = s.book
        WHERE s.name = ?1 AND EXISTS (SELECT 1 FROM entries WHERE id = s.id * ?2 + ?3)";
    let mut found: Vec<_> =
        rows(connection, sql, params![name.scan.0, ENTRIES_PER_SCAN, name.entry], |row| {
            let scan =
                ScanWithEntries { id: row.get(0)?, book: row.get(1)?, name: row.get(2)?, hash: row.get(3)? };
            Ok((scan, row.get::<_, String>(4)?))
        })?;
    let Some((scan, registered_at)) = found.pop() else {
        return Err(StoreError::Unknown(format!("the record {name}")));
    };
    if !found.is_empty() {
        let reason = "two different files were taken in under this name; give one of them another name";
        return Err(StoreError::Unstorable { subject: name.to_string(), reason });
    }
    Ok((scan, registered_at))
}

impl Iterator for Records<'_> {
    type Item = Result<ExportedRecord, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() {
            let scan = self.scans.next()?;
            match records_of(&self.snapshot, &scan) {
                Ok(records) => {
                    let handed_on = records.iter().map(|(_, skew, r)| ExportedRecord::from_draft(r, *skew));
                    self.ready = handed_on.collect();
                }
                Err(error) => return Some(Err(error)),
            }
        }
        self.ready.pop_front().map(Ok)
    }
}

impl Store {
    /// The record called `name` as it stands, with what a copy of it needs beside its fields.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is none, and when the store cannot be read.
    pub fn record_to_issue(&self, name: &RecordName) -> Result<RecordToIssue, StoreError> {
        let snapshot = self.connection.unchecked_transaction()?;
        to_issue(&snapshot, name)
    }

    /// Every record of the book called `name` in natural order, with what handing it over needs beside its fields.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn records_to_hand_over(&self, name: &str) -> Result<Vec<RecordToIssue>, StoreError> {
        let snapshot = self.connection.unchecked_transaction()?;
        let sql = "SELECT coalesce(office, '') FROM books WHERE name = ?1";
        let office = snapshot.query_row(sql, [name], |row| row.get(0)).optional()?;
        let registered_at: String =
            office.ok_or_else(|| StoreError::Unknown(format!("the book \"{name}\"")))?;
        let with_picture = |(entry, record): (i64, DraftRecord)| {
            let record = DraftRecord { rules: rules_of(&snapshot, entry)?, ..record };
            let picture = picture_of(&snapshot, entry)?;
            Ok(RecordToIssue { entry, record, registered_at: registered_at.clone(), picture })
        };
        of_book(&snapshot, name)?.into_iter().map(with_picture).collect()
    }

    /// The rules an entry breaks, in the order of the form.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn fired_rules(&self, scan: &ScanName, entry: u32) -> Result<Vec<FiredRule>, StoreError> {
        let sql = "SELECT e.id FROM entries AS e JOIN scans AS s ON s.id = e.scan
            WHERE s.name = ?1 AND e.number = ?2 ORDER BY e.id";
        let mut query = self.connection.prepare_cached(sql)?;
        let entries = query.query_map(rusqlite::params![scan.0, entry], |row| row.get(0))?;
        let mut rules = Vec::new();
        for id in entries {
            rules.extend(rules_of(&self.connection, id?)?);
        }
        Ok(rules)
    }
}

/// The rules the entry breaks, in the order of the form.
pub(super) fn rules_of(connection: &Connection, entry: i64) -> Result<Vec<FiredRule>, StoreError> {
    let sql = "SELECT rule, severity, fields, message FROM fired_rules WHERE entry = ?1 ORDER BY position";
    rows(connection, sql, [entry], |row| {
        Ok(FiredRule {
            rule: row.get(0)?,
            severity: from_word(row, 1)?,
            fields: from_json(row, 2)?,
            message: row.get(3)?,
        })
    })
}
