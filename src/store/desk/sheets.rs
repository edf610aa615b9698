//! Values that were keyed into a spreadsheet earlier, laid beside what was read: evidence, which settles nothing by itself.
//! And rows that the Ministry's software sent back: tasks for people.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::{DeskTransaction, queue};
use crate::domain::text::{clean, comparable};
use crate::domain::{FieldName, LinkedSource, LinkedValue, RecordName};
use crate::store::fields::{self, StoredField};
use crate::store::rows::rows;
use crate::store::{Store, StoreError, records};

/// What laying a keyed value beside a field came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Laid {
    /// Both say the same; the value is likelier when its book is weighed.
    Agrees,
    /// They differ: a person must look, and sees both.
    Differs,
    /// They differ, and a person has settled the field; it stays as it is.
    DiffersFromSettled,
    /// The form of the entry has no such field.
    NoField,
}

impl DeskTransaction<'_> {
    /// Lays the values of one row beside the fields of `record`. `keep` says whether somebody keyed them from the book:
    /// then they are kept as what the spreadsheet says, in place of what one said before, and weighed with the book,
    /// which is to be weighed anew.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such record, and when the store cannot be written.
    pub fn lay_beside(
        &self,
        record: &RecordName,
        values: &[(FieldName, String)],
        keep: bool,
    ) -> Result<Vec<(FieldName, Laid)>, StoreError> {
        let entry = records::to_issue(self.connection(), record)?.entry;
        let stored = fields::load(self.connection(), entry)?;
        let sql = "INSERT INTO sheet_values VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (entry, field) DO UPDATE SET value = excluded.value, at = excluded.at";
        let mut laid = Vec::new();
        for (name, value) in values {
            let field = stored.iter().find(|field| field.draft.name == *name);
            if keep && field.is_some() {
                let row = params![entry, name.as_str(), clean(value), self.at()];
                self.connection().prepare_cached(sql)?.execute(row)?;
            }
            laid.push((name.clone(), field.map_or(Laid::NoField, |field| compared(field, value))));
        }
        if keep {
            self.weigh_anew(entry)?;
            queue::refresh(self.connection(), entry)?;
        }
        Ok(laid)
    }

    /// Makes tasks of fields of `record` whose row was sent back, settled or not; `why` is what the software says.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such record, and when the store cannot be written.
    pub fn send_back(&self, record: &RecordName, named: &[FieldName], why: &str) -> Result<(), StoreError> {
        let entry = records::to_issue(self.connection(), record)?.entry;
        let sql = "INSERT INTO sheet_rejections (entry, field, why, at)
            SELECT entry, name, ?3, ?4 FROM fields WHERE entry = ?1 AND name = ?2
            ON CONFLICT (entry, field) DO UPDATE SET why = excluded.why, at = excluded.at, closed = 0";
        for name in named {
            let row = params![entry, name.as_str(), clean(why), self.at()];
            self.connection().prepare_cached(sql)?.execute(row)?;
        }
        queue::refresh(self.connection(), entry)
    }

    /// Notes that a person has looked at what was sent back.
    pub(super) fn looked_at(&self, entry: i64, field: &FieldName) -> Result<(), StoreError> {
        let sql = "UPDATE sheet_rejections SET closed = 1 WHERE entry = ?1 AND field = ?2 AND closed = 0";
        self.connection().prepare_cached(sql)?.execute(params![entry, field.as_str()])?;
        Ok(())
    }

    fn weigh_anew(&self, entry: i64) -> Result<(), StoreError> {
        let sql = "UPDATE books SET weighed = 0
            WHERE id = (SELECT s.book FROM scans AS s JOIN entries AS e ON e.scan = s.id WHERE e.id = ?1)";
        self.connection().prepare_cached(sql)?.execute([entry])?;
        Ok(())
    }
}

impl Store {
    /// What a spreadsheet says of a field, if one says anything.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn keyed_value(&self, entry: i64, field: &FieldName) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM sheet_values WHERE entry = ?1 AND field = ?2";
        let mut query = self.connection.prepare_cached(sql)?;
        Ok(query.query_row(params![entry, field.as_str()], |row| row.get(0)).optional()?)
    }

    /// Why the row of a field was sent back, while nobody has looked.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn sent_back(&self, entry: i64, field: &FieldName) -> Result<Option<String>, StoreError> {
        let sql = "SELECT why FROM sheet_rejections WHERE entry = ?1 AND field = ?2 AND closed = 0";
        let mut query = self.connection.prepare_cached(sql)?;
        Ok(query.query_row(params![entry, field.as_str()], |row| row.get(0)).optional()?)
    }
}

/// What spreadsheets say of the fields of an entry.
pub(in crate::store) fn keyed_values(
    connection: &Connection,
    entry: i64,
) -> Result<Vec<LinkedValue>, StoreError> {
    let sql = "SELECT field, value FROM sheet_values WHERE entry = ?1 ORDER BY field";
    rows(connection, sql, [entry], |row| {
        let field = FieldName::new(row.get::<_, String>(0)?);
        Ok(LinkedValue { field, value: row.get(1)?, source: LinkedSource::Spreadsheet })
    })
}

fn compared(field: &StoredField, value: &str) -> Laid {
    match (comparable(&field.draft.value) == comparable(value), &field.settled_by) {
        (true, _) => Laid::Agrees,
        (false, None) => Laid::Differs,
        (false, Some(_)) => Laid::DiffersFromSettled,
    }
}

#[cfg(test)]
mod tests {
    use super::Laid;
    use crate::domain::{FieldName, LinkedSource, RecordName};
    use crate::store::testing::{birth, moment, read, scan, store};
    use crate::store::{FieldAddress, Store, Verdict};

    #[test]
    fn what_differs_becomes_a_task_and_what_is_settled_stays() {
        let (folder, mut store) = store();
        let scan = scan("a-1/1.jpg", 1);
        store.register_scans(std::slice::from_ref(&scan)).unwrap();
        let mut record = birth(&scan, 1, "Lê Am");
        record.fields[3].status = crate::domain::FieldStatus::Accepted;
        store.commit(&read(&scan, vec![record]), moment()).unwrap();
        let address =
            |field: &str| FieldAddress { hash: scan.hash, page: 0, entry: 1, field: FieldName::from(field) };
        store
            .verify(&address("registration.date"), &Verdict::Value("1975-03-02".to_owned()), "lan", moment())
            .unwrap();
        drop(store);
        let name: RecordName = "a-1/1.jpg:1".parse().unwrap();
        let values = [
            ("entry.number", "1", Laid::Agrees),
            ("registration.date", "1975-03-20", Laid::DiffersFromSettled),
            ("child.name", "Lê Ấm", Laid::Differs),
            ("child.birth_place", "xã Hoà An", Laid::Differs),
            ("mother.name", "Lê Bơ", Laid::NoField),
        ];
        let row: Vec<_> =
            values.iter().map(|(field, value, _)| (FieldName::from(*field), (*value).to_owned())).collect();
        let mut desk = Store::open_desk(folder.path()).unwrap();
        let transaction = desk.begin(moment()).unwrap();
        assert_eq!(transaction.lay_beside(&name, &row, false).unwrap().len(), 5);
        transaction.commit().unwrap();
        let entry: i64 = desk.connection.query_row("SELECT id FROM entries", [], |row| row.get(0)).unwrap();
        assert_eq!(desk.keyed_value(entry, &"child.name".into()).unwrap(), None, "compared only");
        for _ in 0..2 {
            let transaction = desk.begin(moment()).unwrap();
            let laid = transaction.lay_beside(&name, &row, true).unwrap();
            transaction.commit().unwrap();
            let wanted = values.map(|(field, _, what)| (FieldName::from(field), what));
            assert_eq!(laid, wanted);
        }
        let tasks = |desk: &Store| -> String {
            let sql = "SELECT group_concat(field || ' ' || purpose || ' ' || reason, ', ' ORDER BY field) FROM queue";
            desk.connection.query_row(sql, [], |row| row.get(0)).unwrap()
        };
        let before = "child.birth_place review unlike_keyed, child.name review unlike_keyed, entry.number review not_sure";
        assert_eq!(tasks(&desk), before);
        assert_eq!(desk.books_to_weigh(true).unwrap(), ["a-1"]);
        assert_eq!(desk.keyed_value(entry, &"child.name".into()).unwrap().as_deref(), Some("Lê Ấm"));
        let book = desk.records_of_book("a-1").unwrap();
        let evidence = desk.linked_values(&book).unwrap();
        assert!(evidence.of(0).iter().all(|value| value.source == LinkedSource::Spreadsheet));
        assert_eq!(evidence.of(0).len(), 4);

        let settled = FieldName::from("registration.date");
        let transaction = desk.begin(moment()).unwrap();
        transaction.send_back(&name, &[settled.clone(), "no.such".into()], "ngày sai").unwrap();
        transaction.commit().unwrap();
        assert_eq!(tasks(&desk), format!("{before}, registration.date review sent_back"));
        assert_eq!(desk.sent_back(entry, &settled).unwrap().as_deref(), Some("ngày sai"));
        let transaction = desk.begin(moment()).unwrap();
        let minh = transaction.add_account("minh", "Minh", &[crate::domain::Role::Verifier], "test").unwrap();
        let answer = crate::store::desk::Answer {
            id: "1".to_owned(),
            account: minh,
            person: "minh".to_owned(),
            lease: Some("window".to_owned()),
            entry,
            field: settled.clone(),
            action: crate::store::desk::Action::Typed,
            said: crate::store::desk::Said::Verdict(Verdict::Value("1975-03-20".to_owned())),
            marks: Vec::new(),
            remark: String::new(),
            seconds: None,
            shown: None,
        };
        assert_eq!(transaction.answer(&answer).unwrap(), Ok(crate::store::desk::Answered::Settled));
        transaction.commit().unwrap();
        assert_eq!(tasks(&desk), before, "somebody has looked");
    }
}
