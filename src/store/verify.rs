//! Values settled by people.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::commit::ENTRIES_PER_SCAN;
use super::fields::{self, Author, Change, StoredField};
use super::register::written;
use super::{StoreError, StoreWriter, desk, search};
use crate::domain::{Confidence, ContentHash, DraftField, FieldName, FieldStatus, text};
use serde::{Deserialize, Serialize};

/// Which field of which entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldAddress {
    /// The content of the file.
    pub hash: ContentHash,
    /// The page of the file, from 0.
    pub page: u32,
    /// The entry, from 1.
    pub entry: u32,
    /// The field.
    pub field: FieldName,
}

/// What a person says of a field after looking at the ink.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// This is the value, normalised as the machine's are.
    Value(String),
    /// Nothing is written there.
    Blank,
    /// Nobody can read it.
    Illegible,
    /// The paper is gone where it stood.
    Torn,
}

impl Verdict {
    /// The value, empty where there is none.
    #[must_use]
    pub fn value(&self) -> &str {
        match self {
            Self::Value(value) => value,
            Self::Blank | Self::Illegible | Self::Torn => "",
        }
    }
}

impl StoreWriter {
    /// Settles the value of a field for good: no machine overwrites it, another person may. `person`
    /// is the name of an account, not of somebody in the records.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such field, and when the store cannot be written.
    pub fn verify(
        &mut self,
        address: &FieldAddress,
        verdict: &Verdict,
        person: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let at = written(now);
        let author = Author { who: person, run: self.run, at: &at };
        let transaction = self.store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        settle_at(&transaction, address, verdict, author)?;
        Ok(transaction.commit()?)
    }
}

/// Settles the field within a transaction.
fn settle_at(
    connection: &Connection,
    address: &FieldAddress,
    verdict: &Verdict,
    author: Author<'_>,
) -> Result<(), StoreError> {
    let entry = entry_id(connection, address)?;
    let fields = fields::load(connection, entry)?;
    let field = fields.into_iter().find(|field| field.draft.name == address.field);
    settle(connection, entry, field.ok_or_else(|| unknown(address))?, verdict, author)?;
    desk::queue::refresh(connection, entry)
}

/// Settles a field of an entry as `verdict` says; the line this writes in the history.
pub(super) fn settle(
    connection: &Connection,
    entry: i64,
    mut field: StoredField,
    verdict: &Verdict,
    author: Author<'_>,
) -> Result<i64, StoreError> {
    let (status, value) = (field.draft.status.as_str(), field.draft.value.clone());
    apply(&mut field.draft, verdict);
    field.settled_by = Some(author.who.to_owned());
    let offered = DraftField { engine: None, ..field.draft.clone() };
    let after = Some(field.draft.status.as_str());
    let change = Change { entry, field: &offered, before: Some(status), after, applied: true };
    fields::note(connection, author, &change)?;
    let history = connection.last_insert_rowid();
    let sql = "UPDATE books SET weighed = 0
        WHERE id = (SELECT s.book FROM scans AS s JOIN entries AS e ON e.scan = s.id WHERE e.id = ?1)";
    connection.prepare_cached(sql)?.execute([entry])?;
    // A value that stays as it was is found by the same words.
    let searched = value != field.draft.value || search::index::is_found_by_reading(status, &value);
    let before = if searched { fields::load(connection, entry)? } else { Vec::new() };
    fields::update(connection, entry, &field)?;
    if searched {
        search::index::replace(connection, entry, &before)?;
    }
    Ok(history)
}

/// The field as the verdict has it; what was read stays beside it.
fn apply(field: &mut DraftField, verdict: &Verdict) {
    field.status = match verdict {
        Verdict::Value(_) => FieldStatus::Verified,
        Verdict::Blank => FieldStatus::Blank,
        Verdict::Illegible => FieldStatus::Illegible,
        Verdict::Torn => FieldStatus::Torn,
    };
    (field.value, field.confidence) = (text::clean(verdict.value()), Confidence::FULL);
    field.reasons.clear();
}

/// The number of the entry.
fn entry_id(connection: &Connection, address: &FieldAddress) -> Result<i64, StoreError> {
    let sql = "SELECT e.id FROM scans AS s JOIN entries AS e ON e.id = s.id * ?3 + ?4
        WHERE s.hash = ?1 AND s.page = ?2";
    let row = params![address.hash.0, address.page, ENTRIES_PER_SCAN, address.entry];
    let id = connection.prepare_cached(sql)?.query_row(row, |row| row.get(0)).optional()?;
    id.ok_or_else(|| unknown(address))
}

fn unknown(address: &FieldAddress) -> StoreError {
    let FieldAddress { hash, page, entry, field } = address;
    StoreError::Unknown(format!("{field} of entry {entry} of page {} of {hash}", page + 1))
}

#[cfg(test)]
mod tests {
    use super::{FieldAddress, Verdict};
    use crate::domain::{FieldName, FieldStatus, Scan};
    use crate::store::search::Query;
    use crate::store::testing::{birth, children, cover, moment, read, scan, store};
    use crate::store::{StoreError, StoreWriter};

    fn address(scan: &Scan, entry: u32, field: &str) -> FieldAddress {
        FieldAddress { hash: scan.hash, page: scan.page, entry, field: FieldName::from(field) }
    }

    fn read_store() -> (tempfile::TempDir, StoreWriter, Scan) {
        let (folder, mut store) = store();
        let scan = scan("a-1/1.jpg", 1);
        store.register_scans(std::slice::from_ref(&scan)).unwrap();
        let records = vec![birth(&scan, 1, "Lê Am"), birth(&scan, 2, "Lê Bình")];
        store.commit(&read(&scan, records), moment()).unwrap();
        (folder, store, scan)
    }

    fn found(store: &StoreWriter, text: &str) -> usize {
        let query = Query { text: text.to_owned(), role: Some("child".to_owned()), ..Query::default() };
        store
            .search(&query)
            .unwrap()
            .hits
            .iter()
            .filter(|hit| hit.closeness < super::search::Closeness::OneWrongLetter)
            .count()
    }

    #[test]
    fn what_a_person_settled_survives_every_reading() {
        let (_folder, mut store, scan) = read_store();
        let child = address(&scan, 1, "child.name");
        store.verify(&child, &Verdict::Value("Lê  Ân".to_owned()), "lan", moment()).unwrap();
        assert_eq!((found(&store, "le an"), found(&store, "le am")), (1, 0));
        store.commit(&read(&scan, vec![birth(&scan, 1, "Lê Om")]), moment()).unwrap();
        assert_eq!(children(&store), [("a-1/1.jpg".to_owned(), 1, "Lê Ân".to_owned())]);
        store.commit(&cover(&scan), moment()).unwrap();
        let record = store.records().unwrap().next().unwrap().unwrap();
        let field = &record.fields[&FieldName::from("child.name")];
        assert_eq!((field.value.as_str(), field.status), ("Lê Ân", FieldStatus::Verified));
        assert_eq!((found(&store, "le an"), found(&store, "binh")), (1, 0));
        let sql = "SELECT group_concat(who || ' ' || value || ' ' || coalesce(status_before, '-') || ' '
                || status_after || ' ' || applied, '; ' ORDER BY id)
            FROM field_history WHERE field = 'child.name' AND entry % 4096 = 1";
        let history: String = store.connection.query_row(sql, [], |row| row.get(0)).unwrap();
        let wanted =
            "machine Lê Am - review 1; lan Lê Ân review verified 1; machine Lê Om verified verified 0";
        assert_eq!(history, wanted);
    }

    #[test]
    fn blank_and_illegible_are_verdicts_too() {
        let (_folder, mut store, scan) = read_store();
        store.verify(&address(&scan, 1, "child.name"), &Verdict::Illegible, "lan", moment()).unwrap();
        store.verify(&address(&scan, 2, "child.name"), &Verdict::Blank, "lan", moment()).unwrap();
        let again = vec![birth(&scan, 1, "Lê Am"), birth(&scan, 2, "Lê Bình")];
        store.commit(&read(&scan, again), moment()).unwrap();
        assert!(children(&store).iter().all(|(_, _, name)| name.is_empty()));
        let fields = store.status().unwrap().fields;
        assert_eq!((fields.illegible, fields.blank), (1, 1));
    }

    #[test]
    fn only_what_is_there_can_be_settled() {
        let (_folder, mut store, scan) = read_store();
        for wrong in [address(&scan, 3, "child.name"), address(&scan, 1, "wife.name")] {
            let error = store.verify(&wrong, &Verdict::Blank, "lan", moment()).unwrap_err();
            assert!(matches!(error, StoreError::Unknown(_)), "{error}");
        }
    }
}
