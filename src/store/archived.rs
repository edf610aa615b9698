//! The pages of a book as they are kept for the long term.

use std::collections::BTreeMap;

use alphanumeric_sort::compare_str;
use rusqlite::params;

use super::fields::from_json;
use super::{Store, StoreError, records};
use crate::domain::{DraftRecord, Projection, SkewAngle};

/// A page that has a picture, with the records that stand on it.
#[derive(Debug, Clone, PartialEq)]
pub struct ArchivedPage {
    /// The name of its scan.
    pub scan: String,
    /// The file name of its picture.
    pub image: String,
    /// From pixels of the picture to pixels of the scan.
    pub to_scan: Projection,
    /// The skew of the scan, when it was sure enough to say.
    pub skew: Option<SkewAngle>,
    /// Its records, top to bottom.
    pub records: Vec<DraftRecord>,
}

impl Store {
    /// The pages of the book called `name` that have a picture, in natural order of their scans.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such book, and when the store cannot be read.
    pub fn pages_to_archive(&self, name: &str) -> Result<Vec<ArchivedPage>, StoreError> {
        let snapshot = self.connection.unchecked_transaction()?;
        let sql = "SELECT s.id, s.name, p.half, p.image, p.to_scan, p.skew_deg
            FROM pages AS p JOIN scans AS s ON s.id = p.scan
            WHERE s.book = (SELECT id FROM books WHERE name = ?1) AND p.image IS NOT NULL";
        let mut query = snapshot.prepare(sql)?;
        let rows = query.query_map([name], |row| {
            let page = ArchivedPage {
                scan: row.get(1)?,
                image: row.get(3)?,
                to_scan: Projection::from_rows(from_json(row, 4)?).unwrap_or_else(Projection::identity),
                skew: row.get::<_, Option<f64>>(5)?.map(SkewAngle),
                records: Vec::new(),
            };
            Ok(((row.get::<_, i64>(0)?, row.get::<_, i64>(2)?), page))
        })?;
        let mut pages = rows.collect::<rusqlite::Result<BTreeMap<_, _>>>()?;
        if pages.is_empty() {
            return Err(StoreError::Unknown(format!("a page of the book \"{name}\" with a picture")));
        }
        let mut place = snapshot.prepare_cached("SELECT scan, half FROM entries WHERE id = ?1")?;
        for (id, record) in records::of_book(&snapshot, name)? {
            let key = place.query_row(params![id], |row| Ok((row.get(0)?, row.get(1)?)))?;
            if let Some(page) = pages.get_mut(&key) {
                page.records.push(record);
            }
        }
        let mut pages: Vec<_> = pages.into_values().collect();
        pages.sort_by(|a, b| compare_str(&a.scan, &b.scan).then_with(|| a.scan.cmp(&b.scan)));
        Ok(pages)
    }
}
