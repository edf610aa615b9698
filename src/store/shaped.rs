//! What people have said of the entries of a scan, which a later reading of the scan must not undo.
//!
//! A reading numbers the entries it finds from top to bottom. Once people have added entries to a scan or
//! withdrawn some, a number says no longer which entry is meant; then the place on the page does.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};

use super::StoreError;
use super::commit::{ENTRIES_PER_SCAN, merge_field};
use super::fields::{self, Author, StoredField};
use crate::domain::outcome::{PageFinding, PageRead};
use crate::domain::{DraftField, DraftRecord, Rectangle};

/// So much of the smaller of two entries lies on the other when they are the same.
const SAME_PLACE: f64 = 0.5;

/// Whether a person drew the entry or said what it registers.
pub(super) fn is_shaped(connection: &Connection, entry: i64) -> Result<bool, StoreError> {
    flag(connection, "SELECT shaped FROM all_entries WHERE id = ?1", entry)
}

/// Whether a person has withdrawn the entry.
pub(super) fn is_withdrawn(connection: &Connection, entry: i64) -> Result<bool, StoreError> {
    flag(connection, "SELECT withdrawn FROM all_entries WHERE id = ?1", entry)
}

fn flag(connection: &Connection, sql: &str, entry: i64) -> Result<bool, StoreError> {
    let found = connection.prepare_cached(sql)?.query_row([entry], |row| row.get(0)).optional()?;
    Ok(found.unwrap_or(false))
}

/// The fields of a shaped entry after a new reading: it may read them anew, but adds none and takes none away.
pub(super) fn merge(
    connection: &Connection,
    entry: i64,
    before: &[StoredField],
    offered: &[DraftField],
    author: Author<'_>,
) -> Result<Vec<StoredField>, StoreError> {
    let after = before.iter().map(|known| {
        let alike = |field: &&DraftField| {
            (&field.name, field.field_type) == (&known.draft.name, known.draft.field_type)
        };
        match offered.iter().find(alike) {
            Some(field) => merge_field(connection, entry, Some(known), field, author),
            None => Ok(known.clone()),
        }
    });
    after.collect()
}

/// An entry that the store has of a scan.
struct Known {
    number: u32,
    half: i64,
    withdrawn: bool,
    area: Option<Rectangle>,
}

/// The number in the store of every entry that was read of a scan, by the number it was read under; what a
/// person has withdrawn has none.
pub(super) fn numbers(
    connection: &Connection,
    scan: i64,
    pages: &[PageRead],
) -> Result<BTreeMap<u32, u32>, StoreError> {
    let records = (0_i64..).zip(pages).flat_map(|(half, page)| match &page.finding {
        PageFinding::Records { records, .. } => records.iter().map(|record| (half, record)).collect(),
        PageFinding::NotAForm(_) => Vec::new(),
    });
    let records: Vec<(i64, &DraftRecord)> = records.collect();
    if !is_touched(connection, scan)? {
        return Ok(records.iter().map(|(_, record)| (record.entry, record.entry)).collect());
    }
    let known = known(connection, scan)?;
    Ok(matched(&known, &records))
}

/// Whether people have added entries to the scan or withdrawn some.
fn is_touched(connection: &Connection, scan: i64) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM all_entries
        WHERE id BETWEEN ?1 * 4096 AND ?1 * 4096 + 4095 AND (withdrawn = 1 OR shaped = 1))";
    Ok(connection.prepare_cached(sql)?.query_row([scan], |row| row.get(0))?)
}

fn known(connection: &Connection, scan: i64) -> Result<Vec<Known>, StoreError> {
    let sql = "SELECT number, half, withdrawn FROM all_entries
        WHERE id BETWEEN ?1 * 4096 AND ?1 * 4096 + 4095 ORDER BY id";
    let mut query = connection.prepare_cached(sql)?;
    let rows = query.query_map([scan], |row| {
        Ok(Known { number: row.get(0)?, half: row.get(1)?, withdrawn: row.get(2)?, area: None })
    })?;
    let mut known = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    for entry in &mut known {
        let fields = fields::load(connection, scan * ENTRIES_PER_SCAN + i64::from(entry.number))?;
        entry.area = area(fields.iter().map(|field| &field.draft));
    }
    Ok(known)
}

/// Where an entry with these fields stands, in pixels of the scan.
pub(super) fn area<'f>(fields: impl Iterator<Item = &'f DraftField>) -> Option<Rectangle> {
    fields.map(|field| field.place).filter(|place| !place.is_empty()).reduce(|all, place| all.union(&place))
}

fn matched(known: &[Known], records: &[(i64, &DraftRecord)]) -> BTreeMap<u32, u32> {
    let mut taken: BTreeSet<u32> = known.iter().map(|entry| entry.number).collect();
    let mut met = BTreeSet::new();
    let (mut numbers, mut new) = (BTreeMap::new(), Vec::new());
    for (half, record) in records {
        let Some(area) = area(record.fields.iter()) else {
            new.push(record.entry);
            continue;
        };
        let here = known.iter().filter(|entry| entry.half == *half && !met.contains(&entry.number));
        let likeness = |entry: &Known| entry.area.map_or(0.0, |known| overlap(known, area));
        let rank = |entry: &Known| (likeness(entry), entry.number == record.entry);
        let best = here.max_by(|a, b| {
            let ((a, a_same), (b, b_same)) = (rank(a), rank(b));
            a.total_cmp(&b).then(a_same.cmp(&b_same))
        });
        match best.filter(|entry| likeness(entry) > SAME_PLACE) {
            None => new.push(record.entry),
            Some(entry) => {
                met.insert(entry.number);
                if !entry.withdrawn {
                    numbers.insert(record.entry, entry.number);
                }
            }
        }
    }
    for entry in new {
        let free = std::iter::once(entry).chain(1..).find(|number| !taken.contains(number)).unwrap_or(entry);
        taken.insert(free);
        numbers.insert(entry, free);
    }
    numbers
}

/// How much of the smaller of the two lies on the other, 0..=1.
fn overlap(a: Rectangle, b: Rectangle) -> f64 {
    a.intersection(&b).area() as f64 / a.area().min(b.area()).max(1) as f64
}
