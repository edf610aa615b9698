//! The log of look-ups: who opened which record, when and what for. Only ever added to.

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};
use serde::{Deserialize, Serialize};

use super::DeskTransaction;
use crate::domain::text;
use crate::store::fields::{from_word, word};
use crate::store::register::written;
use crate::store::rows::rows;
use crate::store::{Store, StoreError};

/// What a record is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LookupPurpose {
    /// A copy shall be issued.
    Issue,
    /// What was read is to be verified.
    Verify,
    /// The entry is to be corrected or added to.
    Correct,
    /// Something else, said in the remark.
    Other,
}

/// A record that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lookup {
    /// Its number in the log.
    pub id: i64,
    /// When (UTC).
    pub at: String,
    /// The account that opened it.
    pub who: String,
    /// The number of the entry.
    pub entry: i64,
    /// The record, by its name.
    pub record: String,
    /// What for.
    pub purpose: LookupPurpose,
    /// What for, in the words of whoever opened it.
    pub remark: String,
}

/// Which look-ups are meant; everything that is given must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookupFilter {
    /// By this account.
    pub who: Option<String>,
    /// Of this record, or of the records of this scan or book: its name, or how it begins.
    pub record: Option<String>,
    /// On this day (UTC), as `2026-11-22`; also a month or a year.
    pub day: Option<String>,
    /// Earlier ones than the one with this number.
    pub before: Option<i64>,
}

impl DeskTransaction<'_> {
    /// Notes that `account`, whose name is `who`, opens an entry.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such entry, and when the store cannot be written.
    pub fn note_lookup(
        &self,
        entry: i64,
        (account, who): (i64, &str),
        (purpose, remark): (LookupPurpose, &str),
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO lookups (at, account, who, entry, record, purpose, remark)
            SELECT ?1, ?2, ?3, e.id, s.name || ':' || e.number, ?5, ?6
            FROM entries AS e JOIN scans AS s ON s.id = e.scan WHERE e.id = ?4";
        let row = params![self.at(), account, who, entry, word(&purpose)?, text::clean(remark)];
        match self.connection().prepare_cached(sql)?.execute(row)? {
            0 => Err(StoreError::Unknown(format!("entry {entry}"))),
            _ => Ok(()),
        }
    }
}

impl Store {
    /// Whether the account called `who` has opened this entry since the moment `since`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn has_looked_up(&self, who: &str, entry: i64, since: Timestamp) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM lookups WHERE who = ?1 AND at >= ?3 AND record =
            (SELECT s.name || ':' || e.number FROM entries AS e JOIN scans AS s ON s.id = e.scan WHERE e.id = ?2)";
        Ok(self.connection.prepare_cached(sql)?.exists(params![who, entry, written(since)])?)
    }

    /// Look-ups, the latest first, `most` at the most.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn lookups(&self, filter: &LookupFilter, most: usize) -> Result<Vec<Lookup>, StoreError> {
        let mut values: Vec<Value> = Vec::new();
        let mut conditions = String::from("1");
        let mut add = |condition: &str, value: Option<Value>| {
            if let Some(value) = value {
                values.push(value);
                conditions += &condition.replace('?', &format!("?{}", values.len()));
            }
        };
        let text = |text: &Option<String>| text.clone().map(Value::from);
        add(" AND who = ?", text(&filter.who));
        add(" AND record >= ? AND record < ? || char(1114111)", text(&filter.record));
        add(" AND at >= ? AND at < ? || '~'", text(&filter.day));
        add(" AND id < ?", filter.before.map(Value::from));
        let sql = format!(
            "SELECT id, at, who, entry, record, purpose, remark FROM lookups WHERE {conditions}
            ORDER BY id DESC LIMIT {most}"
        );
        rows(&self.connection, &sql, params_from_iter(values), lookup)
    }
}

fn lookup(row: &Row<'_>) -> rusqlite::Result<Lookup> {
    Ok(Lookup {
        id: row.get(0)?,
        at: row.get(1)?,
        who: row.get(2)?,
        entry: row.get(3)?,
        record: row.get(4)?,
        purpose: from_word(row, 5)?,
        remark: row.get(6)?,
    })
}

#[cfg(test)]
mod tests {
    use super::{LookupFilter, LookupPurpose};
    use crate::domain::Role;
    use crate::store::testing::{birth, moment, read, scan, store};
    use crate::store::{Store, StoreError};

    #[test]
    fn who_opened_what_stands_in_the_log_for_ever() {
        let (folder, mut store) = store();
        let scans = [scan("a-1/1.jpg", 1), scan("b-10/1.jpg", 2)];
        store.register_scans(&scans).unwrap();
        for scan in &scans {
            store.commit(&read(scan, vec![birth(scan, 1, "Lê An")]), moment()).unwrap();
        }
        drop(store);
        let mut desk = Store::open_desk(folder.path()).unwrap();
        let transaction = desk.begin(moment()).unwrap();
        let lan = transaction.add_account("lan", "Lan", &[Role::Clerk], "test").unwrap();
        let note =
            |entry, who, purpose, remark| transaction.note_lookup(entry, (lan, who), (purpose, remark));
        note(4097, "lan", LookupPurpose::Issue, "").unwrap();
        note(8193, "lan", LookupPurpose::Other, "thừa kế").unwrap();
        note(4097, "minh", LookupPurpose::Verify, "").unwrap();
        assert!(matches!(note(9, "lan", LookupPurpose::Issue, ""), Err(StoreError::Unknown(_))));
        assert!(note(4097, "lan", LookupPurpose::Other, " ").is_err(), "what other purpose?");
        transaction.commit().unwrap();
        let ids = |filter: LookupFilter, most| {
            let found = desk.lookups(&filter, most).unwrap();
            found.into_iter().map(|lookup| lookup.id).collect::<Vec<_>>()
        };
        let all = LookupFilter::default;
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(ids(all(), 2), [3, 2]);
        let later = moment() + jiff::SignedDuration::from_secs(1);
        let known = |who, entry, since| desk.has_looked_up(who, entry, since).unwrap();
        assert!(known("lan", 4097, moment()) && known("lan", 8193, moment()));
        assert!(!known("minh", 8193, moment()) && !known("lan", 4097, later) && !known("lan", 9, moment()));
        assert_eq!(ids(LookupFilter { before: Some(2), ..all() }, 9), [1]);
        assert_eq!(ids(LookupFilter { who: some("lan"), ..all() }, 9), [2, 1]);
        assert_eq!(ids(LookupFilter { record: some("a-1/"), ..all() }, 9), [3, 1]);
        assert_eq!(
            ids(LookupFilter { record: some("b-10/1.jpg:1"), day: some("2026-11-22"), ..all() }, 9),
            [2]
        );
        assert!(ids(LookupFilter { day: some("2026-11-21"), ..all() }, 9).is_empty());
        for meddling in ["DELETE FROM lookups", "UPDATE lookups SET who = 'minh'"] {
            assert!(desk.connection.execute(meddling, []).is_err(), "{meddling}");
        }
    }
}
