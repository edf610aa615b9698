//! What the program asks about a store as a whole: covers, time spent, and whether it is sound.

use std::collections::BTreeMap;

use rusqlite::Row;

use super::{Store, StoreError};
use crate::domain::{BookCover, Kind};

impl Store {
    /// The covers of all books, by the name of the book.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn covers(&self) -> Result<BTreeMap<String, BookCover>, StoreError> {
        let mut query = self.connection.prepare(
            "SELECT name, kind, year, office, volume, first_number, last_number,
                entries, pages FROM books",
        )?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, cover_from(row)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Milliseconds spent in each stage on all scans together, in the order of the stages.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn milliseconds_by_stage(&self) -> Result<Vec<(String, f64)>, StoreError> {
        let sql = "SELECT t.value ->> 0, sum(t.value ->> 1) FROM scans, json_each(scans.timings) AS t
            GROUP BY 1 ORDER BY min(t.key)";
        let mut query = self.connection.prepare(sql)?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What is wrong with the store: damage in the database and page pictures that are gone. Empty
    /// when it is sound.
    ///
    /// # Errors
    /// When the store cannot be read at all.
    pub fn damage(&self) -> Result<Vec<String>, StoreError> {
        let mut query = self.connection.prepare("PRAGMA integrity_check(5)")?;
        let mut damage: Vec<String> =
            query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        damage.retain(|line| line != "ok");
        let mut query =
            self.connection.prepare("SELECT image FROM pages WHERE image IS NOT NULL ORDER BY 1")?;
        for image in query.query_map([], |row| row.get::<_, String>(0))? {
            let path = self.page_image(&image?);
            if !path.is_file() {
                damage.push(format!("{} is missing: run `hotich digitize` into a new store", path.display()));
            }
        }
        Ok(damage)
    }
}
/// The cover in a row of `books` that begins with its name.
pub(super) fn cover_from(row: &Row<'_>) -> rusqlite::Result<BookCover> {
    let kind: Option<String> = row.get(1)?;
    Ok(BookCover {
        kind: kind.and_then(|kind| kind.parse::<Kind>().ok()),
        year: row.get(2)?,
        office: row.get(3)?,
        volume: row.get(4)?,
        first_number: row.get(5)?,
        last_number: row.get(6)?,
        entries: row.get(7)?,
        pages: row.get(8)?,
    })
}
