//! Fields that were read alike, to be looked at together.

use rusqlite::params;

use super::queue::Purpose;
use super::{DeskTransaction, LEASE, Ticket};
use crate::domain::FieldName;
use crate::store::rows::rows;
use crate::store::{Store, StoreError};

/// Fields of one name in one book that read the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The book.
    pub book: String,
    /// The field.
    pub field: FieldName,
    /// What they read; empty where nothing was read.
    pub value: String,
    /// How many there are.
    pub count: usize,
}

/// One of a group, in the words of [`Ticket`].
pub type GroupMember = Ticket;

/// The fewest that are worth a screen of their own.
const FEWEST: i64 = 4;

impl Store {
    /// The groups there are, the largest first, at most `limit`; of one book when it is named.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn groups(&self, book: Option<&str>, limit: usize) -> Result<Vec<Group>, StoreError> {
        let sql = "SELECT b.name, q.field, q.likeness, count(*) AS number
            FROM queue AS q JOIN books AS b ON b.id = q.book
            WHERE q.purpose = 'review' AND (?1 IS NULL OR b.name = ?1)
            GROUP BY q.book, q.field, q.likeness HAVING number >= ?2
            ORDER BY number DESC, b.name, q.field, q.likeness LIMIT ?3";
        rows(&self.connection, sql, params![book, FEWEST, limit as i64], |row| {
            let (field, count) = (FieldName::new(row.get::<_, String>(1)?), row.get::<_, i64>(3)?);
            Ok(Group { book: row.get(0)?, field, value: row.get(2)?, count: count as usize })
        })
    }

    /// How people did where they confirmed many at once: how many fields were confirmed so, looked at
    /// once more, and then found wrong.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn group_misses(&self) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT count(*), coalesce(sum(later.value <> a.value), 0) FROM answers AS a
            JOIN answers AS later ON later.entry = a.entry AND later.field = a.field
                AND later.rowid > a.rowid AND later.outcome = 'settled' AND later.account <> a.account
            WHERE a.action = 'grouped' AND a.outcome = 'settled'";
        let row =
            self.connection.query_row(sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
        Ok((row.0 as u64, row.1 as u64))
    }
}

impl DeskTransaction<'_> {
    /// Hands out up to `count` fields of a group; in the order of the book.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn lease_group(
        &self,
        group: &Group,
        (account, lease): (i64, &str),
        count: usize,
    ) -> Result<Vec<GroupMember>, StoreError> {
        let sql = "SELECT q.entry, q.worth FROM queue AS q JOIN books AS b ON b.id = q.book
            WHERE b.name = ?1 AND q.field = ?2 AND q.likeness = ?3 AND q.purpose = 'review'
                AND (q.leased_until < ?4 OR q.lease = ?5)
            ORDER BY q.entry LIMIT ?6";
        let now = self.milliseconds();
        let field = group.field.as_str();
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query
            .query_map(params![group.book, field, group.value, now, lease, count as i64], |row| {
                Ok(Ticket {
                    entry: row.get(0)?,
                    field: group.field.clone(),
                    purpose: Purpose::Review,
                    worth: row.get(1)?,
                })
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let hold =
            "UPDATE queue SET lease = ?3, holder = ?4, leased_until = ?5 WHERE entry = ?1 AND field = ?2";
        let mut hold = self.connection().prepare_cached(hold)?;
        for member in &rows {
            hold.execute(params![member.entry, field, lease, account, now + LEASE.as_millis() as i64])?;
        }
        Ok(rows)
    }
}
