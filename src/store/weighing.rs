//! Books as a whole: their records for weighing, and what came of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::commit::{differs, write_rules};
use super::fields::{self, Author, Change, StoredField, json};
use super::records;
use super::register::written;
use super::{Store, StoreError, StoreWriter, desk, search};
use crate::domain::catalogue::is_critical;
use crate::domain::{
    Candidate, DraftField, DraftRecord, FieldStatus, FieldType, Reason, is_plain, text::comparable,
};

/// Who settled a value when the evidence of the book did.
pub(super) const EVIDENCE: &str = "machine";

/// The records of one book, in natural order of scans, then by entry.
#[derive(Debug, Default)]
pub struct BookRecords {
    /// The number of each entry in the store.
    pub(super) entries: Vec<i64>,
    /// The records.
    pub records: Vec<DraftRecord>,
}

/// What a person found where a value had been accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audit {
    /// The type of the field.
    pub field_type: FieldType,
    /// Whether an extract is about it.
    pub critical: bool,
    /// Whether its writing is plain.
    pub plain: bool,
    /// Whether the person agreed.
    pub right: bool,
}

impl Store {
    /// Books with entries, in natural order; only those whose pages were read since they were last weighed
    /// when `unweighed`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn books_to_weigh(&self, unweighed: bool) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT b.name FROM books AS b WHERE (b.weighed = 0 OR NOT ?1) AND EXISTS
            (SELECT 1 FROM scans AS s JOIN entries AS e ON e.id BETWEEN s.id * 4096 AND s.id * 4096 + 4095
                WHERE s.book = b.id)";
        let mut query = self.connection.prepare(sql)?;
        let mut names =
            query.query_map([unweighed], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
        names.sort_by(|a, b| alphanumeric_sort::compare_str(a, b).then_with(|| a.cmp(b)));
        Ok(names)
    }

    /// The records of a book.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn records_of_book(&self, book: &str) -> Result<BookRecords, StoreError> {
        let (entries, records) = records::of_book(&self.connection, book)?.into_iter().unzip();
        Ok(BookRecords { entries, records })
    }

    /// What people found where they looked at values that had been accepted. The first look at each field counts.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn audits(&self) -> Result<Vec<Audit>, StoreError> {
        let sql = "WITH undone AS (SELECT a.history FROM answers AS a WHERE a.history IS NOT NULL
                AND (a.undoes IS NOT NULL OR EXISTS (SELECT 1 FROM answers AS u WHERE u.undoes = a.id)))
            SELECT p.value, m.value, f.type, f.name, e.kind, f.candidates, b.plain
            FROM field_history AS p
            JOIN fields AS f ON f.entry = p.entry AND f.name = p.field
            JOIN entries AS e ON e.id = p.entry
            JOIN scans AS s ON s.id = e.scan
            JOIN books AS b ON b.id = s.book
            JOIN field_history AS m ON m.id = (SELECT max(id) FROM field_history AS b
                WHERE b.entry = p.entry AND b.field = p.field AND b.id < p.id AND b.applied = 1
                    AND b.id NOT IN (SELECT history FROM undone))
            WHERE p.who <> 'machine' AND m.who = 'machine' AND p.status_before IN ('accepted', 'blank')
                AND p.id NOT IN (SELECT history FROM undone)";
        let mut query = self.connection.prepare(sql)?;
        let rows = query.query_map([], |row| {
            let (person, machine): (String, String) = (row.get(0)?, row.get(1)?);
            let right = comparable(&person) == comparable(&machine);
            let (kind, name): (_, String) = (fields::from_word(row, 4)?, row.get(3)?);
            let (candidates, plain): (Vec<Candidate>, bool) = (fields::from_json(row, 5)?, row.get(6)?);
            Ok(Audit {
                field_type: fields::from_word(row, 2)?,
                critical: is_critical(kind, &name.as_str().into()),
                plain: plain && Candidate::seem_plain(&candidates),
                right,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What the office has set for this store under `name`; none when it has set nothing.
    ///
    /// # Errors
    /// When the store cannot be read, or holds something else there.
    pub fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        setting(&self.connection, name)
    }
}

/// What the office has set under `name`; none when it has set nothing.
pub(super) fn setting<T: DeserializeOwned>(
    connection: &Connection,
    name: &str,
) -> Result<Option<T>, StoreError> {
    let mut query = connection.prepare_cached("SELECT value FROM settings WHERE name = ?1")?;
    let text: Option<String> = query.query_row([name], |row| row.get(0)).optional()?;
    let parse = |text: String| serde_json::from_str(&text);
    text.map(parse).transpose().map_err(|error| StoreError::Damaged(error.to_string()))
}

/// Sets something; `at` as written in the store.
pub(super) fn set(
    connection: &Connection,
    name: &str,
    value: &impl Serialize,
    at: &str,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO settings VALUES (?1, ?2, ?3)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value, set_at = excluded.set_at";
    connection.execute(sql, params![name, json(value)?, at])?;
    Ok(())
}

impl StoreWriter {
    /// Sets something for this store.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set(&mut self, name: &str, value: &impl Serialize, now: Timestamp) -> Result<(), StoreError> {
        set(&self.connection, name, value, &written(now))
    }

    /// Keeps what weighing made of the records of a book, in one transaction: values, confidences,
    /// statuses and reasons of fields that no person has settled, and the rules they break.
    ///
    /// # Errors
    /// When the store cannot be written; nothing of the book is kept then.
    pub fn keep_weighed(
        &mut self,
        book: &str,
        weighed: &BookRecords,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let at = written(now);
        let author = Author { who: EVIDENCE, run: self.run, at: &at };
        let transaction = self.store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (entry, record) in weighed.entries.iter().zip(&weighed.records) {
            keep_entry(&transaction, *entry, record, author)?;
        }
        let plain = is_plain(&weighed.records);
        transaction
            .execute("UPDATE books SET weighed = 1, plain = ?2 WHERE name = ?1", params![book, plain])?;
        Ok(transaction.commit()?)
    }
}

pub(super) fn keep_entry(
    connection: &Connection,
    entry: i64,
    record: &DraftRecord,
    author: Author<'_>,
) -> Result<(), StoreError> {
    let before = fields::load(connection, entry)?;
    let offered: BTreeMap<_, _> = record.fields.iter().map(|field| (&field.name, field)).collect();
    let mut values_changed = false;
    for StoredField { draft: known, settled_by, placed_by } in &before {
        let Some(field) = offered.get(&known.name).filter(|_| settled_by.is_none()) else { continue };
        values_changed |= known.value != field.value;
        let field = if placed_by.is_some() { &for_people(field) } else { *field };
        keep_field(connection, entry, known, field, author)?;
    }
    write_rules(connection, entry, record)?;
    desk::queue::refresh(connection, entry)?;
    if values_changed { search::index::replace(connection, entry, &before) } else { Ok(()) }
}

/// The field to be looked at whatever speaks for it: the bound on errors was measured on fields that the
/// machine found itself, not on boxes that people drew.
fn for_people(field: &DraftField) -> DraftField {
    let reasons = if field.reasons.is_empty() { vec![Reason::NotSure] } else { field.reasons.clone() };
    DraftField { status: FieldStatus::Review, reasons, ..field.clone() }
}

fn keep_field(
    connection: &Connection,
    entry: i64,
    known: &DraftField,
    field: &DraftField,
    author: Author<'_>,
) -> Result<(), StoreError> {
    if differs(known, field) {
        let (before, after) = (Some(known.status.as_str()), Some(field.status.as_str()));
        fields::note(connection, author, &Change { entry, field, before, after, applied: true })?;
    }
    let sql = "UPDATE fields SET value = ?3, confidence = ?4, status = ?5, reasons = ?6
        WHERE entry = ?1 AND name = ?2";
    let reasons = json(&field.reasons)?;
    let row = params![
        entry,
        field.name.as_str(),
        field.value,
        field.confidence.get(),
        field.status.as_str(),
        reasons
    ];
    connection.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Audit;
    use crate::domain::{Confidence, FieldStatus, FieldType, Reason};
    use crate::store::testing::{birth, children, moment, read, scan, store};
    use crate::store::{FieldAddress, Verdict};

    #[test]
    fn what_weighing_says_is_kept_and_what_a_person_said_stays() {
        let (_folder, mut store) = store();
        let scan = scan("a-1/1.jpg", 1);
        store.register_scans(std::slice::from_ref(&scan)).unwrap();
        let records = vec![birth(&scan, 1, "Lê An"), birth(&scan, 2, "Lê Bình")];
        store.commit(&read(&scan, records), moment()).unwrap();
        let address = FieldAddress { hash: scan.hash, page: 0, entry: 2, field: "child.name".into() };
        store.verify(&address, &Verdict::Value("Lê Bính".to_owned()), "lan", moment()).unwrap();
        assert_eq!(store.books_to_weigh(true).unwrap(), ["a-1"]);

        let mut book = store.records_of_book("a-1").unwrap();
        assert!(book.records[1].field("child.name").unwrap().settled);
        for record in &mut book.records {
            let name = record.fields.iter_mut().find(|field| field.name.as_str() == "child.name").unwrap();
            (name.value, name.status) = ("Lê Ân".to_owned(), FieldStatus::Accepted);
            (name.confidence, name.reasons) = (Confidence::clamped(0.99), vec![Reason::NotSure]);
            record.rules.clear();
        }
        store.keep_weighed("a-1", &book, moment()).unwrap();
        let names: Vec<String> = children(&store).into_iter().map(|(_, _, name)| name).collect();
        assert_eq!(names, ["Lê Ân", "Lê Bính"]);
        assert!(store.books_to_weigh(true).unwrap().is_empty());
        assert_eq!(store.books_to_weigh(false).unwrap(), ["a-1"]);
        let again = store.records_of_book("a-1").unwrap();
        assert_eq!(again.records[0].field("child.name").unwrap().reasons, [Reason::NotSure]);
        assert!(store.fired_rules(&scan.name, 1).unwrap().is_empty());

        let history = "SELECT count(*) FROM field_history WHERE field = 'child.name' AND value = 'Lê Ân'";
        let count = |store: &crate::store::Store| -> i64 {
            store.connection.query_row(history, [], |row| row.get(0)).unwrap()
        };
        assert_eq!(count(&store), 1);
        store.keep_weighed("a-1", &again, moment()).unwrap();
        assert_eq!(count(&store), 1);
        store.commit(&read(&scan, vec![birth(&scan, 1, "Lê An")]), moment()).unwrap();
        assert_eq!(store.books_to_weigh(true).unwrap(), ["a-1"]);
    }

    #[test]
    fn looks_at_accepted_values_are_audits_and_others_are_not() {
        let (_folder, mut store) = store();
        let scan = scan("a-1/1.jpg", 1);
        store.register_scans(std::slice::from_ref(&scan)).unwrap();
        let records = (1..=3).map(|entry| birth(&scan, entry, "Lê An")).collect();
        store.commit(&read(&scan, records), moment()).unwrap();
        let mut book = store.records_of_book("a-1").unwrap();
        for record in &mut book.records[..2] {
            record.fields[2].status = FieldStatus::Accepted;
        }
        store.keep_weighed("a-1", &book, moment()).unwrap();
        let mut say = |entry, name: &str| {
            let address = FieldAddress { hash: scan.hash, page: 0, entry, field: "child.name".into() };
            store.verify(&address, &Verdict::Value(name.to_owned()), "lan", moment()).unwrap();
        };
        say(1, "Lê An");
        say(2, "Lê Ân");
        say(2, "Lê An"); // A second look is no audit of the machine.
        say(3, "Lê Bình"); // It had not been accepted.
        let audit = |right| Audit { field_type: FieldType::PersonName, critical: true, plain: false, right };
        assert_eq!(store.audits().unwrap(), [audit(true), audit(false)]);
    }

    #[test]
    fn settings_are_kept() {
        let (_folder, mut store) = store();
        assert_eq!(store.setting::<u32>("a").unwrap(), None);
        store.set("a", &7, moment()).unwrap();
        store.set("a", &8, moment()).unwrap();
        assert_eq!(store.setting::<u32>("a").unwrap(), Some(8));
        assert!(store.setting::<String>("a").is_err());
    }
}
