//! How far and how good the work is, in figures; of nobody in particular.

use std::collections::BTreeMap;

use rusqlite::params;
use serde::Serialize;

use crate::domain::FieldName;
use crate::store::rows::rows;
use crate::store::{Store, StoreError};

/// One field of one book.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FieldQuality {
    /// Fields that were read.
    pub fields: u64,
    /// Accepted by the machine, certain blanks among them, and not looked at.
    pub accepted: u64,
    /// Settled by people.
    pub settled: u64,
    /// In the queue.
    pub to_do: u64,
    /// Accepted values that people have looked at.
    pub audited: u64,
    /// Of these, wrong.
    pub audited_wrong: u64,
    /// Fields two people have keyed.
    pub keyed_twice: u64,
    /// Of these, keyed differently.
    pub differed: u64,
    /// Answers of today.
    pub today: u64,
}

/// One book.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct BookQuality {
    /// Its name.
    pub book: String,
    /// Its fields by name.
    pub fields: BTreeMap<FieldName, FieldQuality>,
}

/// The work of a day.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Progress {
    /// The day.
    pub day: String,
    /// Answers that hold.
    pub answers: u64,
}

impl Store {
    /// Every book, field by field; answers on or after `today` count as of today.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn quality(&self, today: &str) -> Result<Vec<BookQuality>, StoreError> {
        let mut books: BTreeMap<String, BookQuality> = BTreeMap::new();
        self.count_fields(&mut books)?;
        self.count_answers(today, &mut books)?;
        Ok(books.into_values().collect())
    }

    fn count_fields(&self, books: &mut BTreeMap<String, BookQuality>) -> Result<(), StoreError> {
        let sql = "SELECT b.name, f.name, count(*),
                sum(f.settled_by IS NULL AND f.status IN ('accepted', 'blank')),
                sum(f.settled_by IS NOT NULL), sum(q.entry IS NOT NULL)
            FROM fields AS f JOIN entries AS e ON e.id = f.entry JOIN scans AS s ON s.id = e.scan
            JOIN books AS b ON b.id = s.book
            LEFT JOIN queue AS q ON q.entry = f.entry AND q.field = f.name
            GROUP BY b.name, f.name";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let quality = entry(books, row.get(0)?, row.get(1)?);
            let number = |column| row.get::<_, i64>(column).map(|number| number as u64);
            (quality.fields, quality.accepted) = (number(2)?, number(3)?);
            (quality.settled, quality.to_do) = (number(4)?, number(5)?);
        }
        Ok(())
    }

    fn count_answers(
        &self,
        today: &str,
        books: &mut BTreeMap<String, BookQuality>,
    ) -> Result<(), StoreError> {
        let sql = "SELECT b.name, a.field, a.purpose, a.outcome,
                a.value <> coalesce(a.before ->> 'value', ''), a.at >= ?1, count(*)
            FROM answers AS a JOIN books AS b ON b.id = a.book
            WHERE a.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM answers AS u WHERE u.undoes = a.id)
            GROUP BY 1, 2, 3, 4, 5, 6";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query([today])?;
        while let Some(row) = rows.next()? {
            let (purpose, outcome): (String, String) = (row.get(2)?, row.get(3)?);
            let (changed, now): (bool, bool) = (row.get(4)?, row.get(5)?);
            let count = row.get::<_, i64>(6)? as u64;
            let quality = entry(books, row.get(0)?, row.get(1)?);
            quality.today += if now { count } else { 0 };
            if purpose == "audit" && outcome == "settled" {
                quality.audited += count;
                quality.audited_wrong += if changed { count } else { 0 };
            }
            if purpose == "second" && matches!(outcome.as_str(), "settled" | "differs") {
                quality.keyed_twice += count;
                quality.differed += if outcome == "differs" { count } else { 0 };
            }
        }
        Ok(())
    }

    /// Answers that hold, by day, since `first`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn progress(&self, first: &str) -> Result<Vec<Progress>, StoreError> {
        let sql = "SELECT substr(a.at, 1, 10) AS day, count(*) FROM answers AS a
            WHERE a.at >= ?1 AND a.undoes IS NULL
                AND NOT EXISTS (SELECT 1 FROM answers AS u WHERE u.undoes = a.id)
            GROUP BY day ORDER BY day";
        rows(&self.connection, sql, [first], |row| {
            Ok(Progress { day: row.get(0)?, answers: row.get::<_, i64>(1)? as u64 })
        })
    }

    /// Seconds a field takes, by how it was answered: how many answers, and the mean of their seconds (each
    /// counted as at most two minutes, for people are called away).
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn pace(&self) -> Result<BTreeMap<String, (u64, f64)>, StoreError> {
        let sql = "SELECT action, count(*), avg(min(seconds, 120.0)) FROM answers
            WHERE seconds IS NOT NULL GROUP BY action";
        let mut query = self.connection.prepare_cached(sql)?;
        let rows = query
            .query_map([], |row| Ok((row.get(0)?, (row.get::<_, i64>(1)? as u64, row.get::<_, f64>(2)?))))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How people answered where the answer was known: how many such tasks, and how many were wrong.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn seeded(&self) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT count(*), coalesce(sum(value <> (before ->> 'value')), 0) FROM answers
            WHERE outcome = 'seeded'";
        let counts = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
        let (all, wrong) = self.connection.query_row(sql, [], counts)?;
        Ok((all as u64, wrong as u64))
    }

    /// How many fields wait in the queue; counts them all.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn waiting(&self) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM queue";
        Ok(self.connection.query_row(sql, [], |row| row.get::<_, i64>(0))? as u64)
    }

    /// How many answers `account` gave since `today` that hold.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn done(&self, account: i64, today: &str) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM answers AS a WHERE a.account = ?1 AND a.at >= ?2
            AND a.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM answers AS u WHERE u.undoes = a.id)";
        let mut query = self.connection.prepare_cached(sql)?;
        Ok(query.query_row(params![account, today], |row| row.get::<_, i64>(0))? as u64)
    }
}

fn entry(books: &mut BTreeMap<String, BookQuality>, book: String, field: String) -> &mut FieldQuality {
    let book = books.entry(book.clone()).or_insert_with(|| BookQuality { book, ..BookQuality::default() });
    book.fields.entry(FieldName::new(field)).or_default()
}
