//! Writes what came of reading scans: everything of a scan in one transaction.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::fields::{self, Author, Change, StoredField, json, word};
use super::register::written;
use super::{StoreError, StoreWriter, desk, images, search, shaped};
use crate::domain::outcome::{PageFinding, PageRead, ScanOutcome, ScanResult};
use crate::domain::{DraftField, DraftRecord, Scan};

/// Entries a scan can have; the number of an entry is worked out with it.
pub(super) const ENTRIES_PER_SCAN: i64 = 4096;
/// Fields an entry can have, one more than their highest position.
pub(super) const FIELDS_PER_ENTRY: i64 = 256;
/// Who read a value when no person did.
const MACHINE: &str = "machine";

impl StoreWriter {
    /// Keeps what came of reading a registered scan. What was read of it before is replaced, but for
    /// values a person has settled; a failure takes nothing away.
    ///
    /// # Errors
    /// When the scan is not registered, when the result cannot be kept ([`StoreError::Unstorable`]),
    /// and when the store cannot be written. Nothing of it is kept then.
    pub fn commit(&mut self, outcome: &ScanOutcome, now: Timestamp) -> Result<(), StoreError> {
        self.commit_all(std::slice::from_ref(outcome), now)
    }

    /// The same for several scans in one transaction, which is faster in bulk.
    ///
    /// # Errors
    /// As [`StoreWriter::commit`]; nothing of any of them is kept then.
    pub fn commit_all(&mut self, outcomes: &[ScanOutcome], now: Timestamp) -> Result<(), StoreError> {
        for outcome in outcomes {
            if let ScanResult::Read(pages) = &outcome.result {
                images::write(&self.store.folder, &outcome.scan, pages)?;
            }
        }
        let at = written(now);
        let author = Author { who: MACHINE, run: self.run, at: &at };
        let transaction = self.store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for outcome in outcomes {
            write_outcome(&transaction, outcome, author)?;
        }
        transaction.commit()?;
        self.committed += outcomes.len() as u64;
        Ok(())
    }
}

/// Writes one outcome within a transaction.
pub(super) fn write_outcome(
    connection: &Connection,
    outcome: &ScanOutcome,
    author: Author<'_>,
) -> Result<(), StoreError> {
    let id = scan_id(connection, &outcome.scan)?;
    if let ScanResult::Read(pages) = &outcome.result {
        write_pages(connection, id, &outcome.scan, pages)?;
        write_entries(connection, id, &outcome.scan, pages, author)?;
        desk::refresh_pages(connection, id)?;
        let sql = "UPDATE books SET weighed = 0 WHERE id = (SELECT book FROM scans WHERE id = ?1)";
        connection.prepare_cached(sql)?.execute([id])?;
    }
    write_state(connection, id, outcome, author)
}

/// The number of a registered scan.
fn scan_id(connection: &Connection, scan: &Scan) -> Result<i64, StoreError> {
    let mut query = connection.prepare_cached("SELECT id FROM scans WHERE hash = ?1 AND page = ?2")?;
    let id = query.query_row(params![scan.hash.0, scan.page], |row| row.get(0)).optional()?;
    id.ok_or_else(|| unstorable(scan, "it was not registered"))
}

fn unstorable(scan: &Scan, reason: &'static str) -> StoreError {
    StoreError::Unstorable { subject: scan.name.0.clone(), reason }
}

/// Notes how the reading ended. A scan that was read before and fails now keeps what was read.
fn write_state(
    connection: &Connection,
    id: i64,
    outcome: &ScanOutcome,
    author: Author<'_>,
) -> Result<(), StoreError> {
    let (state, reason, message) = match &outcome.result {
        ScanResult::Read(_) => ("read", None, None),
        ScanResult::Failed { reason, message } => ("failed", Some(reason.as_str()), Some(message)),
    };
    let sql = "UPDATE scans SET state = CASE WHEN state = 'read' THEN 'read' ELSE ?2 END,
            failure_reason = ?3, failure_message = ?4, attempts = attempts + 1, timings = ?5,
            run = ?6, updated_at = ?7
        WHERE id = ?1";
    let timings = json(&outcome.timings)?;
    let row = params![id, state, reason, message, timings, author.run, author.at];
    connection.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// Replaces the pages of the scan.
fn write_pages(connection: &Connection, id: i64, scan: &Scan, pages: &[PageRead]) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM pages WHERE scan = ?1")?.execute([id])?;
    let sql = "INSERT INTO pages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let mut insert = connection.prepare_cached(sql)?;
    for (half, page) in pages.iter().enumerate() {
        let (not_a_form, form, kind, score) = match &page.finding {
            PageFinding::Records { form, kind, match_score, .. } => {
                (None, Some(form.as_str()), Some(kind.as_str()), Some(match_score))
            }
            PageFinding::NotAForm(reason) => (Some(word(reason)?), None, None, None),
        };
        let image = (!page.image.is_empty()).then(|| images::file_name(scan, half, pages.len()));
        let (half, skew) = (half as i64, page.skew.map(|skew| skew.0));
        let (problems, to_scan) = (json(&page.problems)?, json(&page.to_scan)?);
        insert.execute(params![id, half, not_a_form, form, kind, score, skew, problems, to_scan, image])?;
    }
    Ok(())
}

/// Replaces the entries of the scan; those of which a person has said anything stay even when they were
/// not found again, and those withdrawn stay away.
fn write_entries(
    connection: &Connection,
    scan_id: i64,
    scan: &Scan,
    pages: &[PageRead],
    author: Author<'_>,
) -> Result<(), StoreError> {
    let mut found = BTreeSet::new();
    for page in pages {
        let PageFinding::Records { records, .. } = &page.finding else { continue };
        for record in records {
            let number = i64::from(record.entry);
            if !(1..ENTRIES_PER_SCAN).contains(&number) || !found.insert(number) {
                return Err(unstorable(scan, "the number of an entry is out of bounds or comes twice"));
            }
            check_fields(scan, record)?;
        }
    }
    let numbers = shaped::numbers(connection, scan_id, pages)?;
    for (half, page) in (0_i64..).zip(pages) {
        let PageFinding::Records { records, .. } = &page.finding else { continue };
        for record in records {
            if let Some(number) = numbers.get(&record.entry) {
                write_entry(connection, (scan_id, half, *number), record, author)?;
            }
        }
    }
    let found = numbers.values().copied().map(i64::from).collect();
    withdraw_missing(connection, scan_id, &found, author)
}

/// Refuses an entry with more fields than there are positions, or with a field twice.
fn check_fields(scan: &Scan, record: &DraftRecord) -> Result<(), StoreError> {
    let names: BTreeSet<_> = record.fields.iter().map(|field| &field.name).collect();
    if names.len() != record.fields.len() {
        return Err(unstorable(scan, "an entry has a field twice"));
    }
    if 2 * names.len() as i64 >= FIELDS_PER_ENTRY {
        return Err(unstorable(scan, "an entry has too many fields"));
    }
    Ok(())
}

/// Writes one entry under its number, its fields with their history, its rules and its words.
fn write_entry(
    connection: &Connection,
    (scan_id, half, number): (i64, i64, u32),
    record: &DraftRecord,
    author: Author<'_>,
) -> Result<(), StoreError> {
    let entry = scan_id * ENTRIES_PER_SCAN + i64::from(number);
    let sql = "INSERT INTO all_entries (id, scan, half, number, kind, form) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (id) DO UPDATE SET half = excluded.half, kind = excluded.kind, form = excluded.form
        WHERE shaped = 0";
    let row = params![entry, scan_id, half, number, record.kind.as_str(), record.form.as_str()];
    connection.prepare_cached(sql)?.execute(row)?;
    let before = fields::load(connection, entry)?;
    let after = if shaped::is_shaped(connection, entry)? {
        shaped::merge(connection, entry, &before, &record.fields, author)?
    } else {
        merge(connection, entry, &before, &record.fields, author)?
    };
    fields::replace(connection, entry, &after)?;
    write_rules(connection, entry, record)?;
    desk::queue::refresh(connection, entry)?;
    search::index::replace(connection, entry, &before)
}

/// The fields after a new reading of the machine: a settled one stays as it is, every other is
/// replaced; whatever changes is noted.
fn merge(
    connection: &Connection,
    entry: i64,
    before: &[StoredField],
    offered: &[DraftField],
    author: Author<'_>,
) -> Result<Vec<StoredField>, StoreError> {
    let mut after = Vec::with_capacity(offered.len());
    for field in offered {
        let known = before.iter().find(|known| known.draft.name == field.name);
        after.push(merge_field(connection, entry, known, field, author)?);
    }
    for known in before.iter().filter(|known| offered.iter().all(|field| field.name != known.draft.name)) {
        match known.is_of_people() {
            true => after.push(known.clone()),
            false => note_withdrawn(connection, entry, &known.draft, author)?,
        }
    }
    Ok(after)
}

/// One field after a new reading.
pub(super) fn merge_field(
    connection: &Connection,
    entry: i64,
    known: Option<&StoredField>,
    field: &DraftField,
    author: Author<'_>,
) -> Result<StoredField, StoreError> {
    let kept = known.filter(|known| known.is_of_people());
    if known.is_none_or(|known| differs(&known.draft, field)) {
        let before = known.map(|known| known.draft.status.as_str());
        let after = Some(kept.map_or(field.status, |known| known.draft.status).as_str());
        fields::note(connection, author, &Change { entry, field, before, after, applied: kept.is_none() })?;
    }
    Ok(kept.cloned().unwrap_or_else(|| StoredField::of_machine(field.clone())))
}

/// Whether a new reading says something else than the field holds.
pub(super) fn differs(known: &DraftField, offered: &DraftField) -> bool {
    (&known.value, &known.raw, known.status) != (&offered.value, &offered.raw, offered.status)
}

/// Notes that a field is gone.
pub(super) fn note_withdrawn(
    connection: &Connection,
    entry: i64,
    field: &DraftField,
    author: Author<'_>,
) -> Result<(), StoreError> {
    let change = Change { entry, field, before: Some(field.status.as_str()), after: None, applied: true };
    fields::note(connection, author, &change)
}

/// Replaces the rules the entry breaks.
pub(super) fn write_rules(
    connection: &Connection,
    entry: i64,
    record: &DraftRecord,
) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM fired_rules WHERE entry = ?1")?.execute([entry])?;
    let mut insert = connection.prepare_cached("INSERT INTO fired_rules VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (position, rule) in (0_i64..).zip(&record.rules) {
        let (severity, fields) = (word(&rule.severity)?, json(&rule.fields)?);
        insert.execute(params![entry, position, rule.rule, severity, fields, rule.message])?;
    }
    Ok(())
}

/// Removes the entries of the scan that were not found again, unless a person has said anything of them.
fn withdraw_missing(
    connection: &Connection,
    scan_id: i64,
    found: &BTreeSet<i64>,
    author: Author<'_>,
) -> Result<(), StoreError> {
    let mut query = connection.prepare_cached("SELECT id, number FROM entries WHERE id BETWEEN ?1 AND ?2")?;
    let first = scan_id * ENTRIES_PER_SCAN;
    let rows = query.query_map([first, first + ENTRIES_PER_SCAN - 1], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
    })?;
    for (entry, _) in rows.collect::<rusqlite::Result<Vec<_>>>()?.iter().filter(|row| !found.contains(&row.1))
    {
        let before = fields::load(connection, *entry)?;
        if before.iter().any(StoredField::is_of_people) || shaped::is_shaped(connection, *entry)? {
            continue;
        }
        for field in &before {
            note_withdrawn(connection, *entry, &field.draft, author)?;
        }
        search::index::remove(connection, *entry, &before)?;
        connection.execute("DELETE FROM all_entries WHERE id = ?1", [entry])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rusqlite::TransactionBehavior;

    use super::{Author, write_outcome};
    use crate::domain::FieldType;
    use crate::store::testing::{birth, children, cover, failure, field, moment, read, scan, store};
    use crate::store::{Store, StoreError};

    #[test]
    fn what_was_read_comes_out_in_natural_order_whatever_the_order_of_work() {
        let scans = [scan("a-1/2.jpg", 1), scan("a-1/10.jpg", 2), scan("b-10/1.jpg", 3)];
        let mut exports = Vec::new();
        for order in [[0, 1, 2], [2, 1, 0]] {
            let (_folder, mut store) = store();
            store.register_scans(&scans).unwrap();
            for index in order {
                let scan = &scans[index];
                let records = vec![birth(scan, 1, "Lê An"), birth(scan, 2, "Đỗ Bình")];
                store.commit(&read(scan, records), moment()).unwrap();
            }
            exports.push(children(&store));
        }
        let scans: Vec<_> = exports[0].iter().map(|(scan, entry, _)| (scan.as_str(), *entry)).collect();
        let wanted = [("a-1/2.jpg", 1), ("a-1/2.jpg", 2), ("a-1/10.jpg", 1), ("a-1/10.jpg", 2)];
        assert_eq!(scans[..4], wanted);
        assert_eq!(exports[0], exports[1]);
    }

    #[test]
    fn reading_a_scan_again_replaces_what_was_read() {
        let (folder, mut store) = store();
        let scan = scan("a-1/1.jpg", 1);
        store.register_scans(std::slice::from_ref(&scan)).unwrap();
        let twice = vec![birth(&scan, 1, "Lê An"), birth(&scan, 2, "Lê Bình")];
        store.commit(&read(&scan, twice), moment()).unwrap();
        store.commit(&read(&scan, vec![birth(&scan, 1, "Lê Ân")]), moment()).unwrap();
        assert_eq!(children(&store), [("a-1/1.jpg".to_owned(), 1, "Lê Ân".to_owned())]);
        assert_eq!(fs::read_dir(folder.path().join("pages")).unwrap().count(), 1);
        let sql = "SELECT group_concat(value || coalesce(status_after, '-'), ' ' ORDER BY id)
            FROM field_history WHERE field = 'child.name'";
        let history: String = store.connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(history, "Lê Anreview Lê Bìnhreview Lê Ânreview Lê Bình-");
        assert!(store.connection.execute("DELETE FROM field_history", []).is_err());
        assert!(store.connection.execute("UPDATE field_history SET value = ''", []).is_err());
        store.commit(&cover(&scan), moment()).unwrap();
        assert!(children(&store).is_empty());
    }

    #[test]
    fn a_failure_takes_nothing_away() {
        let (_folder, mut store) = store();
        let scan = scan("a-1/1.jpg", 1);
        store.register_scans(std::slice::from_ref(&scan)).unwrap();
        store.commit(&read(&scan, vec![birth(&scan, 1, "Lê An")]), moment()).unwrap();
        store.commit(&failure(&scan), moment()).unwrap();
        assert_eq!(children(&store).len(), 1);
        assert_eq!(store.failed_scans().unwrap().len(), 1);
        assert!(store.is_read(&scan.hash, 0).unwrap());
        store.commit(&read(&scan, vec![birth(&scan, 1, "Lê An")]), moment()).unwrap();
        assert!(store.failed_scans().unwrap().is_empty());
    }

    #[test]
    fn a_result_that_cannot_be_kept_leaves_nothing_behind() {
        let (_folder, mut store) = store();
        let scan = scan("a-1/1.jpg", 1);
        let outcome = read(&scan, vec![birth(&scan, 1, "Lê An")]);
        assert!(matches!(store.commit(&outcome, moment()), Err(StoreError::Unstorable { .. })));
        store.register_scans(std::slice::from_ref(&scan)).unwrap();
        let mut doubled = birth(&scan, 2, "Lê Bình");
        doubled.fields.push(field("child.name", FieldType::PersonName, "Lê Cúc"));
        let mut crowded = birth(&scan, 2, "Lê Bình");
        crowded.fields.extend((0..200).map(|i| field(&format!("x.{i}"), FieldType::Text, "x")));
        for second in
            [doubled, crowded, birth(&scan, 1, "Lê Bình"), birth(&scan, 4096, "x"), birth(&scan, 0, "x")]
        {
            let outcome = read(&scan, vec![birth(&scan, 1, "Lê An"), second]);
            assert!(matches!(store.commit(&outcome, moment()), Err(StoreError::Unstorable { .. })));
            assert!(children(&store).is_empty());
            assert!(!store.is_read(&scan.hash, 0).unwrap());
        }
    }

    #[test]
    fn a_process_that_dies_within_a_commit_leaves_the_scan_unread() {
        let (folder, mut store) = store();
        let scans = [scan("a-1/1.jpg", 1), scan("a-1/2.jpg", 2)];
        store.register_scans(&scans).unwrap();
        store.commit(&read(&scans[0], vec![birth(&scans[0], 1, "Lê An")]), moment()).unwrap();
        let transaction =
            store.store.connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        let author = Author { who: "machine", run: None, at: "2026-11-22T08:00:00Z" };
        let outcome = read(&scans[1], vec![birth(&scans[1], 1, "Lê Bình")]);
        write_outcome(&transaction, &outcome, author).unwrap();
        // What a killed process leaves on the disk at this moment.
        let left = tempfile::tempdir().unwrap();
        for name in ["hotich.sqlite", "hotich.sqlite-wal"] {
            fs::copy(folder.path().join(name), left.path().join(name)).unwrap();
        }
        fs::create_dir(left.path().join("pages")).unwrap();
        fs::write(left.path().join("pages/x.jpg.tmp"), b"half a pict").unwrap();
        let revived = Store::create_or_open(left.path()).unwrap();
        assert_eq!(children(&revived), [("a-1/1.jpg".to_owned(), 1, "Lê An".to_owned())]);
        assert_eq!(revived.pending(&scans).unwrap(), [scans[1].clone()]);
        assert_eq!(fs::read_dir(left.path().join("pages")).unwrap().count(), 0);
    }
}
