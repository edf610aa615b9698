//! The fields that people have settled with a value, scan by scan: what the reader can learn from.

use alphanumeric_sort::compare_str;

use super::commit::ENTRIES_PER_SCAN;
use super::register::{SCAN_COLUMNS, scan_from};
use super::{Store, StoreError, fields};
use crate::domain::{DraftField, FieldStatus, Scan};

/// A scan with the fields on it that people have settled with a value.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedScan {
    /// The scan.
    pub scan: Scan,
    /// The number of the entry, and its field.
    pub fields: Vec<(u32, DraftField)>,
}

impl Store {
    /// The scans of `books` (of all books when none is named) that hold verified fields, in natural
    /// order.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such book, and when the store cannot be read.
    pub fn verified_scans(&self, books: &[String]) -> Result<Vec<VerifiedScan>, StoreError> {
        let snapshot = self.connection.unchecked_transaction()?;
        let known: Vec<String> = snapshot
            .prepare("SELECT name FROM books")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        if let Some(book) = books.iter().find(|book| !known.contains(book)) {
            return Err(StoreError::Unknown(format!("the book {book}")));
        }
        let mut scans = Vec::new();
        for (id, scan) in self.scans_with_verified()? {
            if books.is_empty() || books.contains(&scan.book) {
                scans.push(VerifiedScan { fields: self.verified_fields(id)?, scan });
            }
        }
        scans.sort_by(|a, b| {
            compare_str(&a.scan.name.0, &b.scan.name.0).then_with(|| a.scan.hash.cmp(&b.scan.hash))
        });
        Ok(scans)
    }

    fn scans_with_verified(&self) -> Result<Vec<(i64, Scan)>, StoreError> {
        let sql = format!(
            "SELECT {SCAN_COLUMNS}, s.id FROM scans AS s JOIN books AS b ON b.id = s.book
            WHERE EXISTS (SELECT 1 FROM fields AS f WHERE f.status = 'verified'
                AND f.entry BETWEEN s.id * {ENTRIES_PER_SCAN} AND (s.id + 1) * {ENTRIES_PER_SCAN} - 1)"
        );
        let mut query = self.connection.prepare(&sql)?;
        let rows = query.query_map([], |row| Ok((row.get(6)?, scan_from(row)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn verified_fields(&self, scan: i64) -> Result<Vec<(u32, DraftField)>, StoreError> {
        let sql = "SELECT id, number FROM entries WHERE scan = ?1 ORDER BY number";
        let mut query = self.connection.prepare_cached(sql)?;
        let entries: Vec<(i64, u32)> = query
            .query_map([scan], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut verified = Vec::new();
        for (id, number) in entries {
            let stored = fields::load(&self.connection, id)?.into_iter();
            let settled = stored.filter(|field| {
                field.settled_by.is_some()
                    && field.draft.status == FieldStatus::Verified
                    && !field.draft.value.is_empty()
            });
            verified.extend(settled.map(|field| (number, field.draft)));
        }
        Ok(verified)
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::FieldName;
    use crate::store::testing::{birth, moment, read, scan, store};
    use crate::store::{FieldAddress, StoreError, Verdict};

    #[test]
    fn only_values_that_a_person_settled_are_found_and_only_in_the_books_asked_for() {
        let (_folder, mut store) = store();
        let scans = [scan("a-1/10.jpg", 1), scan("a-1/2.jpg", 2), scan("b-10/1.jpg", 3)];
        store.register_scans(&scans).unwrap();
        for scan in &scans {
            store
                .commit(&read(scan, vec![birth(scan, 1, "Lê Am"), birth(scan, 2, "Lê Bo")]), moment())
                .unwrap();
        }
        assert!(store.verified_scans(&[]).unwrap().is_empty(), "the machine verifies nothing");
        let verdicts = [
            (0, 2, "child.name", Verdict::Value("Lê Bơ".to_owned())),
            (1, 1, "child.name", Verdict::Illegible),
            (1, 1, "child.birth_place", Verdict::Value("xã Hòa An".to_owned())),
            (1, 2, "child.name", Verdict::Blank),
            (2, 1, "child.name", Verdict::Value("Lê Ấm".to_owned())),
        ];
        for (index, entry, field, verdict) in verdicts {
            let scan: &crate::domain::Scan = &scans[index];
            let address =
                FieldAddress { hash: scan.hash, page: scan.page, entry, field: FieldName::from(field) };
            store.verify(&address, &verdict, "lan", moment()).unwrap();
        }
        let found = |books: &[&str]| -> Vec<(String, u32, String)> {
            let books: Vec<String> = books.iter().map(|&book| book.to_owned()).collect();
            let scans = store.verified_scans(&books).unwrap();
            let fields = scans.iter().flat_map(|of| of.fields.iter().map(|field| (&of.scan, field)));
            fields.map(|(scan, (entry, field))| (scan.name.0.clone(), *entry, field.value.clone())).collect()
        };
        let both = [("a-1/2.jpg", 1, "xã Hòa An"), ("a-1/10.jpg", 2, "Lê Bơ")];
        let wanted = both.map(|(name, entry, value)| (name.to_owned(), entry, value.to_owned()));
        assert_eq!(found(&["a-1"]), wanted);
        assert_eq!(found(&[]).len(), 3);
        let error = store.verified_scans(&["c-2".to_owned()]).unwrap_err();
        assert!(matches!(error, StoreError::Unknown(_)), "{error}");
        assert_eq!(error.to_string(), "the book c-2 is not in this store");
    }
}
