//! What there is to read: books, scans under all their names, and files that could not be opened.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::{Store, StoreError, StoreWriter, search};
use crate::domain::outcome::FailureReason;
use crate::domain::{Book, BookCover, ContentHash, Scan, ScanName};

/// Pages of the search index tidied for every scan of a run; a scan fills about one.
const MERGED_PAGES_PER_SCAN: u64 = 16;

/// What came of registering scans.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registration {
    /// Scans seen for the first time.
    pub new: usize,
    /// Scans known under the same name.
    pub known: usize,
    /// Names of scans whose content is in the store under another name, which comes second.
    pub aliases: Vec<(ScanName, ScanName)>,
    /// Names that stand for another content already: a file was replaced, or two folders have the
    /// same name. Both contents are kept.
    pub same_name: Vec<ScanName>,
}

/// A moment as it is written in the store: UTC, whole seconds.
pub(super) fn written(now: Timestamp) -> String {
    now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl StoreWriter {
    /// Begins a run: everything written from now on is put down to it. `program` is the name and
    /// version of this program.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn begin_run(&mut self, program: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = "INSERT INTO runs (program, started_at) VALUES (?1, ?2)";
        self.connection.execute(sql, params![program, written(now)])?;
        self.run = Some(self.connection.last_insert_rowid());
        Ok(())
    }

    /// Ends the run, and tidies the search index in proportion to what the run has written.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn finish_run(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE runs SET finished_at = ?1 WHERE id = ?2";
        self.connection.execute(sql, params![written(now), self.run])?;
        let pages = std::mem::take(&mut self.committed) * MERGED_PAGES_PER_SCAN;
        search::index::merge(&self.connection, pages)
    }

    /// Registers books; what a cover says now replaces what it said before, what it no longer says
    /// stays.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn register_books(&mut self, books: &[Book]) -> Result<(), StoreError> {
        let sql = "INSERT INTO books (name, kind, year, office, volume, first_number, last_number, entries,
                pages)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            ON CONFLICT (name) DO UPDATE SET kind = coalesce(excluded.kind, kind),
                year = coalesce(excluded.year, year), office = coalesce(excluded.office, office),
                volume = coalesce(excluded.volume, volume),
                first_number = coalesce(excluded.first_number, first_number),
                last_number = coalesce(excluded.last_number, last_number),
                entries = coalesce(excluded.entries, entries), pages = coalesce(excluded.pages, pages)";
        let transaction = self.store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for Book { name, cover } in books {
            let kind = cover.kind.map(|kind| kind.as_str());
            let BookCover { year, office, volume, first_number, last_number, entries, pages, .. } = cover;
            let row = params![name, kind, year, office, volume, first_number, last_number, entries, pages];
            transaction.execute(sql, row)?;
        }
        Ok(transaction.commit()?)
    }

    /// Registers scans; to be called with all of a run in natural order, because records are found
    /// in the order in which their scans were registered. The identity of a scan is its content: one
    /// met under a second name stays one, and keeps its first name.
    ///
    /// # Errors
    /// [`StoreError::Unstorable`] when a book was not registered, and when the store cannot be
    /// written.
    pub fn register_scans(&mut self, scans: &[Scan]) -> Result<Registration, StoreError> {
        let mut registration = Registration::default();
        // What reads before it writes must hold the store from the start: an answer given in between would end it at
        // once, however long it may wait.
        let transaction = self.store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut contents = contents_by_name(&transaction)?;
        for scan in scans {
            register_scan(&transaction, scan, &mut contents, &mut registration)?;
        }
        transaction.commit()?;
        Ok(registration)
    }

    /// Records that the file at `path`, called `name`, of the registered `book` could not even be
    /// opened. The note goes when its scans are registered one day.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn file_failed(
        &mut self,
        (name, path, book): (&str, &Path, &str),
        (reason, message): (FailureReason, &str),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO failed_files VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7)
            ON CONFLICT (path) DO UPDATE SET failure_reason = excluded.failure_reason,
                failure_message = excluded.failure_message, attempts = attempts + 1,
                run = excluded.run, updated_at = excluded.updated_at";
        let book = book_id(&self.connection, book)?;
        let row = params![path_value(path), name, book, reason.as_str(), message, self.run, written(now)];
        self.connection.execute(sql, row)?;
        Ok(())
    }
}

impl Store {
    /// Whether this page of this content was read before; a failed one was not.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn is_read(&self, hash: &ContentHash, page: u32) -> Result<bool, StoreError> {
        let sql = "SELECT state = 'read' FROM scans WHERE hash = ?1 AND page = ?2";
        let mut query = self.connection.prepare_cached(sql)?;
        Ok(query.query_row(params![hash.0, page], |row| row.get(0)).optional()?.unwrap_or(false))
    }

    /// Those of `scans` that are still to be read, in their order and each content once: what was
    /// read and what failed are left out ([`Store::failed_scans`] lists the latter).
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn pending(&self, scans: &[Scan]) -> Result<Vec<Scan>, StoreError> {
        let sql = "SELECT 1 FROM scans WHERE hash = ?1 AND page = ?2 AND state <> 'pending'";
        let mut settled = self.connection.prepare_cached(sql)?;
        let mut seen = HashSet::new();
        let mut pending = Vec::new();
        for scan in scans {
            let first = seen.insert((scan.hash, scan.page));
            if first && !settled.exists(params![scan.hash.0, scan.page])? {
                pending.push(scan.clone());
            }
        }
        Ok(pending)
    }
}

/// Which content the names of the store stand for.
type ContentsByName = BTreeMap<ScanName, (ContentHash, u32)>;

/// Every name of the store with its content.
fn contents_by_name(connection: &Connection) -> Result<ContentsByName, StoreError> {
    let mut query = connection.prepare("SELECT name, hash, page FROM scans")?;
    let rows =
        query.query_map([], |row| Ok((ScanName(row.get(0)?), (ContentHash(row.get(1)?), row.get(2)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Registers one scan and notes in `registration` what came of it.
fn register_scan(
    connection: &Connection,
    scan: &Scan,
    contents: &mut ContentsByName,
    registration: &mut Registration,
) -> Result<(), StoreError> {
    connection.execute("DELETE FROM failed_files WHERE path = ?1", [path_value(&scan.path)])?;
    let known = "SELECT id, name FROM scans WHERE hash = ?1 AND page = ?2";
    let found = connection
        .prepare_cached(known)?
        .query_row(params![scan.hash.0, scan.page], |row| Ok((row.get::<_, i64>(0)?, ScanName(row.get(1)?))))
        .optional()?;
    match found {
        Some((id, name)) if name == scan.name => {
            registration.known += 1;
            let moved = "UPDATE scans SET path = ?1 WHERE id = ?2 AND path <> ?1";
            connection.prepare_cached(moved)?.execute(params![path_value(&scan.path), id])?;
        }
        Some((id, name)) => {
            let alias = "INSERT OR IGNORE INTO scan_aliases VALUES (?1, ?2, ?3)";
            connection.prepare_cached(alias)?.execute(params![id, scan.name.0, path_value(&scan.path)])?;
            registration.aliases.push((name, scan.name.clone()));
        }
        None => {
            insert_scan(connection, scan)?;
            registration.new += 1;
            if contents.insert(scan.name.clone(), (scan.hash, scan.page)).is_some() {
                registration.same_name.push(scan.name.clone());
            }
        }
    }
    Ok(())
}

/// Writes a scan that is new.
fn insert_scan(connection: &Connection, scan: &Scan) -> Result<(), StoreError> {
    let book = book_id(connection, &scan.book)?;
    let sql = "INSERT INTO scans (hash, page, page_count, name, path, book) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let path = path_value(&scan.path);
    let row = params![scan.hash.0, scan.page, scan.page_count, scan.name.0, path, book];
    connection.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// The number of the book called `name`.
fn book_id(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    let mut query = connection.prepare_cached("SELECT id FROM books WHERE name = ?1")?;
    let unknown =
        || StoreError::Unstorable { subject: name.to_owned(), reason: "its book is not registered" };
    query.query_row([name], |row| row.get(0)).optional()?.ok_or_else(unknown)
}

/// A path as a column: text, or its bytes where it is not UTF-8.
pub(super) fn path_value(path: &Path) -> Value {
    match path.to_str() {
        Some(text) => Value::Text(text.to_owned()),
        None => Value::Blob(path.as_os_str().as_encoded_bytes().to_owned()),
    }
}

/// The path in a column written by [`path_value`].
pub(super) fn path_from(value: Value) -> PathBuf {
    match value {
        Value::Text(text) => text.into(),
        #[cfg(unix)]
        Value::Blob(bytes) => {
            use std::os::unix::ffi::OsStringExt;
            std::ffi::OsString::from_vec(bytes).into()
        }
        _ => PathBuf::new(),
    }
}

/// The columns [`scan_from`] reads, of `scans AS s` joined with `books AS b`.
pub(super) const SCAN_COLUMNS: &str = "s.hash, s.page, s.page_count, s.name, s.path, b.name";

/// The scan in a row that begins with [`SCAN_COLUMNS`].
pub(super) fn scan_from(row: &Row<'_>) -> rusqlite::Result<Scan> {
    Ok(Scan {
        hash: ContentHash(row.get(0)?),
        page: row.get(1)?,
        page_count: row.get(2)?,
        name: ScanName(row.get(3)?),
        path: path_from(row.get(4)?),
        book: row.get(5)?,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{path_from, path_value};
    use crate::domain::outcome::FailureReason;
    use crate::domain::{Book, BookCover, Kind, Scan};
    use crate::store::StoreError;
    use crate::store::testing::{birth, children, failure, moment, read, scan, store};

    #[test]
    fn the_same_content_is_one_scan_under_any_name() {
        let (_folder, mut store) = store();
        let first = scan("a-1/1.jpg", 1);
        let second = scan("b-10/copy of 1.jpg", 1);
        let registration = store.register_scans(&[first.clone(), second.clone(), first.clone()]).unwrap();
        assert_eq!((registration.new, registration.known), (1, 1));
        assert_eq!(registration.aliases, [(first.name.clone(), second.name.clone())]);
        store.commit(&read(&second, vec![birth(&second, 1, "Lê An")]), moment()).unwrap();
        assert!(store.is_read(&first.hash, 0).unwrap());
        assert!(store.pending(&[first, second]).unwrap().is_empty());
        assert_eq!(children(&store), [("a-1/1.jpg".to_owned(), 1, "Lê An".to_owned())]);
        let aliases: i64 =
            store.connection.query_row("SELECT count(*) FROM scan_aliases", [], |row| row.get(0)).unwrap();
        assert_eq!(aliases, 1);
    }

    #[test]
    fn pages_of_one_file_are_scans_of_their_own() {
        let (_folder, mut store) = store();
        let page = |page| Scan { page, page_count: 2, ..scan(&format!("a-1/x.tif#page={}", page + 1), 1) };
        assert_eq!(store.register_scans(&[page(0), page(1)]).unwrap().new, 2);
        store.commit(&failure(&page(0)), moment()).unwrap();
        assert_eq!(store.pending(&[page(0), page(1), page(1)]).unwrap(), [page(1)]);
        assert!(!store.is_read(&page(0).hash, 0).unwrap());
    }

    #[test]
    fn a_name_with_another_content_is_told() {
        let (_folder, mut store) = store();
        store.register_scans(&[scan("a-1/1.jpg", 1)]).unwrap();
        let registration = store.register_scans(&[scan("a-1/1.jpg", 2)]).unwrap();
        assert_eq!(registration.same_name, [scan("a-1/1.jpg", 2).name]);
        assert_eq!(registration.new, 1);
    }

    #[test]
    fn a_book_must_be_registered_and_its_cover_is_kept() {
        let (_folder, mut store) = store();
        let error = store.register_scans(&[scan("z-9/1.jpg", 1)]).unwrap_err();
        assert!(matches!(error, StoreError::Unstorable { .. }), "{error}");
        let cover = BookCover { kind: Some(Kind::Death), year: Some(1983), ..BookCover::default() };
        let book = |cover| Book { name: "a-1".to_owned(), cover };
        store.register_books(&[book(cover), book(BookCover::default())]).unwrap();
        let sql = "SELECT kind || year FROM books WHERE name = 'a-1'";
        let kept: String = store.connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(kept, "death1983");
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_listed_until_it_can() {
        let (_folder, mut store) = store();
        let file = ("a-1/1.jpg", Path::new("/scans/a-1/1.jpg"), "a-1");
        for _ in 0..2 {
            store.file_failed(file, (FailureReason::BadFile, "it is empty"), moment()).unwrap();
        }
        let status = store.status().unwrap();
        assert_eq!(status.scans.failed, 1);
        assert_eq!((status.failed[0].attempts, status.failed[0].scan.as_ref()), (2, None));
        store.register_scans(&[scan("a-1/1.jpg", 1)]).unwrap();
        let status = store.status().unwrap();
        assert_eq!((status.failed.len(), status.scans.pending), (0, 1));
    }

    #[cfg(unix)]
    #[test]
    fn paths_that_are_no_text_come_back() {
        use std::os::unix::ffi::OsStrExt;
        for bytes in [b"/scans/\xff\xfe.jpg".as_slice(), "/scans/sổ \"1\"'.jpg".as_bytes()] {
            let path = Path::new(std::ffi::OsStr::from_bytes(bytes));
            assert_eq!(path_from(path_value(path)), path);
        }
    }
}
