//! Values that were keyed into a spreadsheet earlier, laid beside what was read: one keying more, which settles
//! nothing by itself.

use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use super::{DeskTransaction, queue};
use crate::domain::text::comparable;
use crate::domain::{FieldName, FieldStatus, RecordName};
use crate::store::fields::{self, StoredField};
use crate::store::{StoreError, records};

/// The account that stands for spreadsheets; nobody can sign in with it.
const SHEET: &str = "spreadsheet";

/// What laying a keyed value beside a field came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Laid {
    /// Both say the same; where the machine was in doubt the value has a vote more.
    Agrees,
    /// They differ: a person must look, and sees both.
    Differs,
    /// They differ, and a person has settled the field; it stays as it is.
    DiffersFromSettled,
    /// The form of the entry has no such field.
    NoField,
}

impl DeskTransaction<'_> {
    /// Lays the values of one row beside the fields of `record`. The same row laid twice counts once.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such record, and when the store cannot be written.
    pub fn lay_beside(
        &self,
        record: &RecordName,
        values: &[(FieldName, String)],
    ) -> Result<Vec<(FieldName, Laid)>, StoreError> {
        let (entry, _) = records::to_issue(self.connection(), record)?;
        let stored = fields::load(self.connection(), entry)?;
        let account = self.spreadsheet()?;
        let mut laid = Vec::new();
        for (name, value) in values {
            let field = stored.iter().find(|field| field.draft.name == *name);
            let what = field.map_or(Laid::NoField, |field| compared(field, value));
            let in_doubt = field.is_some_and(|field| field.draft.status == FieldStatus::Review);
            let unsettled = field.is_some_and(|field| field.settled_by.is_none());
            if unsettled && (what == Laid::Differs || in_doubt) {
                self.vote((entry, name), account, value)?;
            }
            laid.push((name.clone(), what));
        }
        queue::refresh(self.connection(), entry)?;
        Ok(laid)
    }

    /// Keeps the value as what the spreadsheet says of the field, in place of what it said before.
    fn vote(&self, (entry, field): (i64, &FieldName), account: i64, value: &str) -> Result<(), StoreError> {
        let former = "UPDATE keyings SET current = 0
            WHERE entry = ?1 AND field = ?2 AND account = ?3 AND current = 1";
        self.connection().prepare_cached(former)?.execute(params![entry, field.as_str(), account])?;
        let sql = "INSERT INTO keyings (entry, field, account, verdict, value, marks, answer)
            VALUES (?1, ?2, ?3, 'value', ?4, '[]', 'spreadsheet')";
        let row = params![entry, field.as_str(), account, value];
        self.connection().prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// The number of the account that stands for spreadsheets.
    fn spreadsheet(&self) -> Result<i64, StoreError> {
        let find = "SELECT id FROM accounts WHERE name = ?1";
        let known =
            self.connection().prepare_cached(find)?.query_row([SHEET], |row| row.get(0)).optional()?;
        if let Some(id) = known {
            return Ok(id);
        }
        let sql = "INSERT INTO accounts (name, full_name, roles, active, created_at)
            VALUES (?1, 'Values keyed into spreadsheets', '[]', 0, ?2)";
        self.connection().execute(sql, params![SHEET, self.at()])?;
        Ok(self.connection().last_insert_rowid())
    }
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
    use crate::domain::{FieldName, RecordName};
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
        for _ in 0..2 {
            let transaction = desk.begin(moment()).unwrap();
            let laid = transaction.lay_beside(&name, &row).unwrap();
            transaction.commit().unwrap();
            let wanted = values.map(|(field, _, what)| (FieldName::from(field), what));
            assert_eq!(laid, wanted);
        }
        let sql = "SELECT group_concat(field || ' ' || purpose, ', ' ORDER BY field) FROM queue";
        let tasks: String = desk.connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(tasks, "child.birth_place second, child.name second, entry.number second");
        let entry: i64 = desk.connection.query_row("SELECT id FROM entries", [], |row| row.get(0)).unwrap();
        let seen = desk.keyings(entry, &"child.name".into()).unwrap();
        assert_eq!(seen, [("value".to_owned(), "Lê Ấm".to_owned())], "laid twice, counted once");
    }
}
