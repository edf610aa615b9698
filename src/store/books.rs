//! A book as a whole: its pages in order, and what people say of its numbers.

use std::collections::BTreeMap;

use alphanumeric_sort::compare_str;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::fields::{self, from_word};
use super::health::cover_from;
use super::register::written;
use super::rows::rows;
use super::{Store, StoreError, StoreWriter};
use crate::domain::{
    Book, BookContents, BookCover, BookPage, BookPageFinding, Confidence, DraftRecord, FormId, NumberAccount,
    NumberStatement, ScanName,
};

impl Store {
    /// The offices that kept the books, as their covers say, in alphabetical order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn offices(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT DISTINCT office FROM books WHERE office <> '' ORDER BY office";
        let mut query = self.connection.prepare_cached(sql)?;
        Ok(query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    /// Everything that was read of the book called `name`, in page order.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such book, and when the store cannot be read.
    pub fn book_contents(&self, name: &str) -> Result<BookContents, StoreError> {
        let snapshot = self.connection.unchecked_transaction()?;
        let (id, cover) = book(&snapshot, name)?;
        let mut pages = pages(&snapshot, id)?;
        pages.extend(failed_files(&snapshot, id)?);
        pages.sort_by(|a, b| {
            compare_str(&a.scan.0, &b.scan.0).then_with(|| a.scan.cmp(&b.scan)) // stable: halves stay in order
        });
        Ok(BookContents {
            book: Book { name: name.to_owned(), cover },
            pages,
            same_content: same_content(&snapshot, id)?,
            statements: statements(&snapshot, id)?,
        })
    }
}

impl StoreWriter {
    /// Notes what a person says of numbers of the book called `book`.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such book, [`StoreError::Unstorable`] when the last
    /// number comes before the first, and when the store cannot be written.
    pub fn state_numbers(
        &mut self,
        book: &str,
        (year, first, last): (Option<i16>, u32, u32),
        (account, reason): (NumberAccount, &str),
        who: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if last < first {
            let reason = "the last number comes before the first";
            return Err(StoreError::Unstorable { subject: "a statement about numbers".to_owned(), reason });
        }
        let (id, _) = self::book(&self.connection, book)?;
        let sql = "INSERT INTO number_statements (book, year, first, last, account, reason, who, at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let row = params![id, year, first, last, account.as_str(), reason, who, written(now)];
        self.connection.execute(sql, row)?;
        Ok(())
    }

    /// Notes the totals a person keyed from the closing statement of the book called `book`; what
    /// `totals` leaves out stays as it was keyed before.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such book, and when the store cannot be written.
    pub fn key_totals(
        &mut self,
        book: &str,
        totals: &BookCover,
        who: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (id, _) = self::book(&self.connection, book)?;
        let BookCover { first_number, last_number, entries, pages, .. } = totals;
        let sql = "INSERT INTO closing_totals (book, first_number, last_number, entries, pages, who, at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let row = params![id, first_number, last_number, entries, pages, who, written(now)];
        self.connection.execute(sql, row)?;
        Ok(())
    }
}

/// The number and the cover of a book, with the totals that were keyed in place of the cover's.
fn book(connection: &Connection, name: &str) -> Result<(i64, BookCover), StoreError> {
    let sql = "SELECT name, kind, year, office, volume, first_number, last_number, entries, pages, id
        FROM books WHERE name = ?1";
    let found =
        connection.query_row(sql, [name], |row| Ok((row.get::<_, i64>(9)?, cover_from(row)?))).optional()?;
    let (id, mut cover) = found.ok_or_else(|| StoreError::Unknown(format!("the book \"{name}\"")))?;
    let sql =
        "SELECT first_number, last_number, entries, pages FROM closing_totals WHERE book = ?1 ORDER BY id";
    let mut query = connection.prepare_cached(sql)?;
    let mut rows = query.query([id])?;
    while let Some(row) = rows.next()? {
        cover.first_number = row.get::<_, Option<u32>>(0)?.or(cover.first_number);
        cover.last_number = row.get::<_, Option<u32>>(1)?.or(cover.last_number);
        cover.entries = row.get::<_, Option<u32>>(2)?.or(cover.entries);
        cover.pages = row.get::<_, Option<u32>>(3)?.or(cover.pages);
    }
    Ok((id, cover))
}

/// The pages of the book's scans with their entries; scans not read yet are one page each.
fn pages(connection: &Connection, book: i64) -> Result<Vec<BookPage>, StoreError> {
    let mut records = records(connection, book)?;
    let sql = "SELECT s.id, s.name, s.state, s.failure_reason, p.half, p.not_a_form, p.form, p.kind
        FROM scans AS s LEFT JOIN pages AS p ON p.scan = s.id WHERE s.book = ?1 ORDER BY s.id, p.half";
    let mut query = connection.prepare_cached(sql)?;
    let mut rows = query.query([book])?;
    let mut pages = Vec::new();
    while let Some(row) = rows.next()? {
        let half: Option<i64> = row.get(4)?;
        let records = half.and_then(|half| records.remove(&(row.get(0).ok()?, half)));
        pages.push(BookPage {
            scan: ScanName(row.get(1)?),
            finding: finding(row)?,
            records: records.unwrap_or_default(),
        });
    }
    Ok(pages)
}

fn finding(row: &Row<'_>) -> rusqlite::Result<BookPageFinding> {
    if row.get::<_, Option<String>>(6)?.is_some() {
        return Ok(BookPageFinding::Form {
            form: FormId::new(row.get::<_, String>(6)?),
            kind: from_word(row, 7)?,
        });
    }
    if row.get::<_, Option<String>>(5)?.is_some() {
        return Ok(BookPageFinding::NotAForm(from_word(row, 5)?));
    }
    match row.get::<_, String>(2)?.as_str() {
        "failed" => Ok(BookPageFinding::Failed(from_word(row, 3)?)),
        _ => Ok(BookPageFinding::Pending),
    }
}

/// The entries of the book by scan and half, in their order; only the fields that identify an entry.
fn records(connection: &Connection, book: i64) -> Result<BTreeMap<(i64, i64), Vec<DraftRecord>>, StoreError> {
    let sql = "SELECT e.id, e.scan, e.half, s.name, e.number, e.kind, e.form, p.match_score
        FROM entries AS e JOIN scans AS s ON s.id = e.scan
            LEFT JOIN pages AS p ON p.scan = e.scan AND p.half = e.half
        WHERE s.book = ?1 ORDER BY e.id";
    let mut query = connection.prepare_cached(sql)?;
    let mut rows = query.query([book])?;
    let mut records: BTreeMap<_, Vec<DraftRecord>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let record = DraftRecord {
            scan: ScanName(row.get(3)?),
            entry: row.get(4)?,
            kind: from_word(row, 5)?,
            form: FormId::new(row.get::<_, String>(6)?),
            form_match: Confidence::clamped(row.get::<_, Option<f64>>(7)?.unwrap_or_default()),
            fields: fields::load(connection, row.get(0)?)?.into_iter().map(|field| field.draft).collect(),
            rules: Vec::new(),
        };
        records.entry((row.get(1)?, row.get(2)?)).or_default().push(record);
    }
    Ok(records)
}

/// Files of the book that could not even be opened.
fn failed_files(connection: &Connection, book: i64) -> Result<Vec<BookPage>, StoreError> {
    let mut query =
        connection.prepare_cached("SELECT name, failure_reason FROM failed_files WHERE book = ?1")?;
    let rows = query.query_map([book], |row| {
        Ok(BookPage {
            scan: ScanName(row.get(0)?),
            finding: BookPageFinding::Failed(from_word(row, 1)?),
            records: Vec::new(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Second names of the book's scans, after the first.
fn same_content(connection: &Connection, book: i64) -> Result<Vec<(ScanName, ScanName)>, StoreError> {
    let sql = "SELECT s.name, a.name FROM scan_aliases AS a JOIN scans AS s ON s.id = a.scan
        WHERE s.book = ?1 ORDER BY s.name, a.name";
    rows(connection, sql, [book], |row| Ok((ScanName(row.get(0)?), ScanName(row.get(1)?))))
}

fn statements(connection: &Connection, book: i64) -> Result<Vec<NumberStatement>, StoreError> {
    let sql = "SELECT year, first, last, account, reason, who, at FROM number_statements
        WHERE book = ?1 ORDER BY id";
    rows(connection, sql, [book], |row| {
        Ok(NumberStatement {
            year: row.get(0)?,
            first: row.get(1)?,
            last: row.get(2)?,
            account: from_word(row, 3)?,
            reason: row.get(4)?,
            who: row.get(5)?,
            at: row.get(6)?,
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::{BookCover, BookPageFinding, NumberAccount};
    use crate::store::StoreError;
    use crate::store::testing::{birth, cover, failure, moment, read, scan, store};

    #[test]
    fn a_book_comes_back_in_page_order_whatever_the_order_of_reading() {
        let (_folder, mut store) = store();
        let scans = [scan("a-1/10.jpg", 3), scan("a-1/2.jpg", 2), scan("a-1/1.jpg", 1)];
        store.register_scans(&scans).unwrap();
        store
            .commit(
                &read(&scans[0], vec![birth(&scans[0], 1, "Lê An"), birth(&scans[0], 2, "Lê Bình")]),
                moment(),
            )
            .unwrap();
        store.commit(&failure(&scans[1]), moment()).unwrap();
        store.commit(&cover(&scans[2]), moment()).unwrap();
        let contents = store.book_contents("a-1").unwrap();
        let names: Vec<_> = contents.pages.iter().map(|page| page.scan.0.as_str()).collect();
        assert_eq!(names, ["a-1/1.jpg", "a-1/2.jpg", "a-1/10.jpg"]);
        assert_eq!(contents.pages.iter().map(|page| page.records.len()).collect::<Vec<_>>(), [0, 0, 2]);
        assert!(matches!(contents.pages[1].finding, BookPageFinding::Failed(_)));
        assert!(matches!(store.book_contents("z-9").unwrap_err(), StoreError::Unknown(_)));
    }

    #[test]
    fn what_people_say_of_numbers_is_kept_and_never_changed() {
        let (_folder, mut store) = store();
        let say = |store: &mut crate::store::StoreWriter, account| {
            store.state_numbers("a-1", (None, 4, 5), (account, "struck out"), "lan", moment())
        };
        say(&mut store, NumberAccount::Voided).unwrap();
        say(&mut store, NumberAccount::Withdrawn).unwrap();
        let statements = store.book_contents("a-1").unwrap().statements;
        assert_eq!(statements.len(), 2);
        assert_eq!(
            (statements[0].account, statements[1].account),
            (NumberAccount::Voided, NumberAccount::Withdrawn)
        );
        assert!(
            store.state_numbers("a-1", (None, 5, 4), (NumberAccount::Lost, ""), "lan", moment()).is_err()
        );
        assert!(store.connection.execute("DELETE FROM number_statements", []).is_err());
        assert!(store.connection.execute("UPDATE number_statements SET first = 1", []).is_err());
    }

    #[test]
    fn keyed_totals_go_before_the_cover_and_add_up() {
        let (_folder, mut store) = store();
        let totals = |first, entries| BookCover { first_number: first, entries, ..BookCover::default() };
        store.key_totals("a-1", &totals(Some(3), None), "lan", moment()).unwrap();
        store.key_totals("a-1", &totals(None, Some(40)), "lan", moment()).unwrap();
        let cover = store.book_contents("a-1").unwrap().book.cover;
        assert_eq!((cover.first_number, cover.entries, cover.last_number), (Some(3), Some(40), None));
    }
}
