//! The records of a store in their natural order: book, scan, entry.

use std::cmp::Ordering;
use std::collections::VecDeque;

use alphanumeric_sort::compare_str;
use rusqlite::{Row, Transaction};

use super::commit::ENTRIES_PER_SCAN;
use super::fields::{self, from_json, from_word};
use super::{Store, StoreError};
use crate::domain::exported::ExportedRecord;
use crate::domain::{DraftField, DraftRecord, FiredRule, FormId, ScanName, SkewAngle};

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
        let sql = "SELECT s.id, b.name, s.name, s.hash FROM scans AS s JOIN books AS b ON b.id = s.book
            WHERE EXISTS (SELECT 1 FROM entries WHERE id BETWEEN s.id * 4096 AND s.id * 4096 + 4095)";
        let mut scans = snapshot
            .prepare(sql)?
            .query_map([], |row| {
                Ok(ScanWithEntries {
                    id: row.get(0)?,
                    book: row.get(1)?,
                    name: row.get(2)?,
                    hash: row.get(3)?,
                })
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        scans.sort_by(ScanWithEntries::natural_order);
        Ok(Records { snapshot, scans: scans.into_iter(), ready: VecDeque::new() })
    }
}

impl Records<'_> {
    /// The records of one scan.
    fn records_of(&self, scan: &ScanWithEntries) -> Result<VecDeque<ExportedRecord>, StoreError> {
        let sql = "SELECT e.id, e.number, e.kind, e.form, p.skew_deg
            FROM entries AS e LEFT JOIN pages AS p ON p.scan = e.scan AND p.half = e.half
            WHERE e.id BETWEEN ?1 AND ?2 ORDER BY e.id";
        let mut query = self.snapshot.prepare_cached(sql)?;
        let first = scan.id * ENTRIES_PER_SCAN;
        let mut rows = query.query([first, first + ENTRIES_PER_SCAN - 1])?;
        let mut records = VecDeque::new();
        while let Some(row) = rows.next()? {
            let record = self.record(scan, row)?;
            let skew = row.get::<_, Option<f64>>(4)?.map(SkewAngle);
            records.push_back(ExportedRecord::from_draft(&record, skew));
        }
        Ok(records)
    }

    /// The record of one entry; rules are not part of what is handed on.
    fn record(&self, scan: &ScanWithEntries, row: &Row<'_>) -> Result<DraftRecord, StoreError> {
        let fields = fields::load(&self.snapshot, row.get(0)?)?;
        Ok(DraftRecord {
            scan: ScanName(scan.name.clone()),
            entry: row.get(1)?,
            kind: from_word(row, 2)?,
            form: FormId::new(row.get::<_, String>(3)?),
            fields: fields.into_iter().map(|field| field.draft).collect::<Vec<DraftField>>(),
            rules: Vec::new(),
        })
    }
}

impl Iterator for Records<'_> {
    type Item = Result<ExportedRecord, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() {
            let scan = self.scans.next()?;
            match self.records_of(&scan) {
                Ok(records) => self.ready = records,
                Err(error) => return Some(Err(error)),
            }
        }
        self.ready.pop_front().map(Ok)
    }
}

impl Store {
    /// The rules an entry breaks, in the order of the form.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn fired_rules(&self, scan: &ScanName, entry: u32) -> Result<Vec<FiredRule>, StoreError> {
        let sql = "SELECT r.rule, r.severity, r.fields, r.message FROM fired_rules AS r
            JOIN entries AS e ON e.id = r.entry JOIN scans AS s ON s.id = e.scan
            WHERE s.name = ?1 AND e.number = ?2 ORDER BY r.entry, r.position";
        let mut query = self.connection.prepare_cached(sql)?;
        let rows = query.query_map(rusqlite::params![scan.0, entry], |row| {
            Ok(FiredRule {
                rule: row.get(0)?,
                severity: from_word(row, 1)?,
                fields: from_json(row, 2)?,
                message: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
