//! The one guarded way to open a store, for writing or for reading.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

use super::lock::WriterLock;
use super::{StoreError, desk, images, search, weighing};

/// The name of the SQLite file in the folder of a store.
pub const DATABASE_FILE: &str = "hotich.sqlite";

/// The scripts that bring a store to this version, in order; their number is the version.
const SCRIPTS: &[M<'_>] = &[
    M::up(include_str!("schema/001_initial.sql")),
    M::up(include_str!("schema/002_books.sql")),
    M::up(include_str!("schema/003_trust.sql")),
    M::up(include_str!("schema/004_links.sql")),
    M::up(include_str!("schema/005_people.sql")),
    M::up(include_str!("schema/006_copies.sql")),
    M::up(include_str!("schema/007_counter.sql")),
    M::up(include_str!("schema/008_sheets.sql")),
    M::up(include_str!("schema/009_shaped.sql")),
    M::up(include_str!("schema/010_plain.sql")),
];
/// What the search index knows: 2 since it knows dates, sexes and other readings.
const INDEX: u32 = 2;
/// The setting that says what the index of a store knows.
const INDEX_SETTING: &str = "search_index";
/// The version that has a queue.
const QUEUE_SINCE: i32 = 5;
const VERSION: i32 = SCRIPTS.len() as i32;

/// Marks the SQLite file as a store of hotich (`PRAGMA application_id`, "hoti" in ASCII).
const APPLICATION_ID: i32 = 0x686f_7469;

/// How long to wait for another process that holds the file for a moment.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// A store opened for reading; a writer may go on beside it.
#[derive(Debug)]
pub struct Store {
    pub(super) connection: Connection,
    pub(super) folder: PathBuf,
}

/// A store opened for writing: everything a [`Store`] can, and the only one of its kind.
#[derive(Debug)]
pub struct StoreWriter {
    pub(super) store: Store,
    /// The run that writes, once it has begun.
    pub(super) run: Option<i64>,
    /// Scans written since the search index was last tidied.
    pub(super) committed: u64,
    _lock: WriterLock,
}

impl std::ops::Deref for StoreWriter {
    type Target = Store;
    fn deref(&self) -> &Store {
        &self.store
    }
}

impl Store {
    /// Opens the store in `folder` for writing; makes it when there is none, and brings one of an
    /// older version up to date.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process writes to it, [`StoreError::NewerVersion`],
    /// [`StoreError::NotAStore`], [`StoreError::ReadOnly`], [`StoreError::DiskFull`] and what else
    /// can go wrong with files.
    pub fn create_or_open(folder: &Path) -> Result<StoreWriter, StoreError> {
        let pages = folder.join(images::FOLDER);
        fs::create_dir_all(&pages).map_err(|error| StoreError::io(&pages, error))?;
        let lock = WriterLock::take(folder)?;
        let file = folder.join(DATABASE_FILE);
        let mut connection = Connection::open(&file).map_err(|error| StoreError::opening(&file, error))?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        let opening = |error| StoreError::opening(&file, error);
        if guard(&connection, &file)? == Found::Nothing {
            sync_folder(folder)?;
        }
        configure_writer(&connection).map_err(opening)?;
        migrate(&mut connection, &file)?;
        images::remove_unfinished(folder)?;
        let store = Store { connection, folder: folder.to_owned() };
        Ok(StoreWriter { store, run: None, committed: 0, _lock: lock })
    }

    /// Opens the store in `folder` for reading only.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none, [`StoreError::NewerVersion`],
    /// [`StoreError::OlderVersion`] and [`StoreError::NotAStore`].
    pub fn open_read(folder: &Path) -> Result<Store, StoreError> {
        let file = folder.join(DATABASE_FILE);
        if !file.is_file() {
            return Err(StoreError::NotFound(folder.to_owned()));
        }
        let connection = open_file_to_read(&file)?;
        match guard(&connection, &file)? {
            Found::Version(VERSION) => {}
            Found::Version(found) => return Err(StoreError::OlderVersion { found, known: VERSION }),
            Found::Nothing => return Err(StoreError::NotFound(folder.to_owned())),
        }
        connection.pragma_update(None, "cache_size", CACHE_KIBIBYTES)?;
        Ok(Store { connection, folder: folder.to_owned() })
    }

    /// Opens a store that is there and up to date for writing beside a batch.
    pub(super) fn open_beside(folder: &Path) -> Result<Self, StoreError> {
        let file = folder.join(DATABASE_FILE);
        let connection = Connection::open(&file).map_err(|error| StoreError::opening(&file, error))?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        configure_writer(&connection).map_err(|error| StoreError::opening(&file, error))?;
        Ok(Self { connection, folder: folder.to_owned() })
    }

    /// The folder the store lies in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Statements kept ready for people's answers.
const STATEMENTS: usize = 128;

/// Memory SQLite may use to keep parts of the file (negative: KiB).
const CACHE_KIBIBYTES: i32 = -32_768;

/// What an SQLite file turned out to be.
#[derive(Debug, PartialEq)]
enum Found {
    /// Empty: new, or a store whose making was cut off.
    Nothing,
    /// A store of a version known here.
    Version(i32),
}

/// Refuses what is no store, or one of a newer version, before anything is changed in it.
fn guard(connection: &Connection, file: &Path) -> Result<Found, StoreError> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i32>(0));
    let read = || -> rusqlite::Result<_> {
        let tables = number("SELECT count(*) FROM sqlite_schema")?;
        Ok((tables, number("PRAGMA application_id")?, number("PRAGMA user_version")?))
    };
    match read().map_err(|error| StoreError::opening(file, error))? {
        (0, _, 0) => Ok(Found::Nothing),
        (_, APPLICATION_ID, found) if found > VERSION => {
            Err(StoreError::NewerVersion { found, known: VERSION })
        }
        (_, APPLICATION_ID, found) => Ok(Found::Version(found)),
        _ => Err(StoreError::NotAStore(file.to_owned())),
    }
}

/// The settings of the writer. WAL lets readers go on beside it. `synchronous = FULL` flushes the
/// log at every commit: a commit then survives not only SIGKILL but also a power cut. `NORMAL` would
/// lose the last commits of a power cut; pages would be read again, but not what people have typed.
fn configure_writer(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", CACHE_KIBIBYTES)
}

/// Applies the scripts the store lacks.
fn migrate(connection: &mut Connection, file: &Path) -> Result<(), StoreError> {
    let before: i32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    Migrations::from_slice(SCRIPTS).to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => StoreError::opening(file, err),
        other => StoreError::Damaged(other.to_string()),
    })?;
    if (1..QUEUE_SINCE).contains(&before) {
        desk::fill_queue(connection)?;
    }
    bring_index_up_to_date(connection)
}

/// Makes the search index anew where it was made by an older program, whole or not at all: when the program is killed
/// meanwhile it is made when the store is opened the next time.
fn bring_index_up_to_date(connection: &mut Connection) -> Result<(), StoreError> {
    if weighing::setting(connection, INDEX_SETTING)? == Some(INDEX) {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    search::index::rebuild(&transaction)?;
    weighing::set(&transaction, INDEX_SETTING, &INDEX, "when the store was opened")?;
    Ok(transaction.commit()?)
}

/// Opens `file` for reading. On a medium that cannot be written to SQLite cannot make the files it
/// needs beside a log; where there is no log nobody writes, and the file is read as it stands.
fn open_file_to_read(file: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = |name: &Path, flags| -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(name, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    };
    open(file, flags)
        .or_else(|error| match unlogged(file) {
            Some(name) => open(&name, flags | OpenFlags::SQLITE_OPEN_URI).map_err(|_| error),
            None => Err(error),
        })
        .map_err(|error| StoreError::opening(file, error))
}

/// The name under which SQLite reads `file` without touching anything beside it; none while there
/// is a log.
fn unlogged(file: &Path) -> Option<PathBuf> {
    let text = file.to_str()?;
    let logged = PathBuf::from(format!("{text}-wal")).exists();
    let escaped = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    (!logged).then(|| format!("file:{escaped}?immutable=1").into())
}

/// Makes new names in `folder` survive a power cut.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    let sync = || fs::File::open(folder)?.sync_all();
    sync().map_err(|error| StoreError::io(folder, error))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rusqlite::Connection;

    use super::{DATABASE_FILE, SCRIPTS, Store, VERSION, unlogged};
    use crate::store::StoreError;
    use crate::store::testing::{birth, children, moment, read, scan, store};

    #[test]
    fn the_scripts_make_a_sound_schema() {
        rusqlite_migration::Migrations::from_slice(SCRIPTS).validate().unwrap();
        let (_folder, store) = store();
        let version: i32 = store.connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(version, VERSION);
        let sound: String =
            store.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
    }

    #[test]
    fn an_index_of_an_older_program_is_made_anew() {
        let (folder, mut store) = store();
        let scan = scan("a-1/1.jpg", 1);
        store.register_scans(std::slice::from_ref(&scan)).unwrap();
        store.commit(&read(&scan, vec![birth(&scan, 1, "Lê An")]), moment()).unwrap();
        let empty = "INSERT INTO search_text (search_text) VALUES ('delete-all');
            DELETE FROM search_words; DELETE FROM search_variants;";
        store.connection.execute_batch(empty).unwrap();
        let found = |store: &Store| {
            let query = crate::store::search::Query { text: "le an".to_owned(), ..Default::default() };
            store.search(&query).unwrap().hits.len()
        };
        drop(store);
        assert_eq!(found(&Store::create_or_open(folder.path()).unwrap()), 0, "it is known to be up to date");
        let store = Store::create_or_open(folder.path()).unwrap();
        store.connection.execute("DELETE FROM settings WHERE name = 'search_index'", []).unwrap();
        drop(store);
        assert_eq!(found(&Store::create_or_open(folder.path()).unwrap()), 1);
    }

    #[test]
    fn a_second_writer_is_refused_and_told_who_writes() {
        let (folder, first) = store();
        let error = Store::create_or_open(folder.path()).unwrap_err();
        assert!(
            matches!(error, StoreError::InUse { process: Some(id) } if id == std::process::id()),
            "{error}"
        );
        assert!(error.to_string().starts_with("another hotich is writing to this store (process "));
        drop(first);
        Store::create_or_open(folder.path()).unwrap();
    }

    #[test]
    fn a_newer_store_is_refused_and_left_alone() {
        let (folder, store) = store();
        store.connection.pragma_update(None, "user_version", 99).unwrap();
        drop(store);
        for error in
            [Store::create_or_open(folder.path()).unwrap_err(), Store::open_read(folder.path()).unwrap_err()]
        {
            assert!(matches!(error, StoreError::NewerVersion { found: 99, known: VERSION }), "{error}");
            assert!(error.to_string().ends_with("update the program"));
        }
    }

    #[test]
    fn what_is_no_store_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Store::open_read(folder.path()).unwrap_err(), StoreError::NotFound(_)));
        let file = folder.path().join(DATABASE_FILE);
        let text =
            "this is a letter to the district office, not a database; it goes on for a while".repeat(20);
        fs::write(&file, &text).unwrap();
        assert!(matches!(Store::create_or_open(folder.path()).unwrap_err(), StoreError::NotAStore(_)));
        assert!(matches!(Store::open_read(folder.path()).unwrap_err(), StoreError::NotAStore(_)));
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
        fs::remove_file(&file).unwrap();
        Connection::open(&file).unwrap().execute("CREATE TABLE letters (text)", []).unwrap();
        assert!(matches!(Store::create_or_open(folder.path()).unwrap_err(), StoreError::NotAStore(_)));
        assert!(matches!(Store::open_read(folder.path()).unwrap_err(), StoreError::NotAStore(_)));
    }

    #[test]
    fn a_store_whose_making_was_cut_off_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(DATABASE_FILE), b"").unwrap();
        assert!(matches!(Store::open_read(folder.path()).unwrap_err(), StoreError::NotFound(_)));
        Store::create_or_open(folder.path()).unwrap();
        Store::open_read(folder.path()).unwrap();
    }

    #[test]
    fn a_place_that_cannot_be_written_to_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a file, not a folder");
        fs::write(&file, b"").unwrap();
        let error = Store::create_or_open(&file).unwrap_err();
        assert!(error.to_string().contains("a file, not a folder"), "{error}");
        let refused = StoreError::io(&file, std::io::ErrorKind::ReadOnlyFilesystem.into());
        assert!(matches!(refused, StoreError::ReadOnly(_)), "{refused}");
    }

    #[test]
    fn a_reader_sees_what_is_committed_while_a_writer_goes_on() {
        let (folder, mut store) = store();
        let scans = [scan("a-1/1.jpg", 1), scan("a-1/2.jpg", 2)];
        store.register_scans(&scans).unwrap();
        let reader = Store::open_read(folder.path()).unwrap();
        assert!(children(&reader).is_empty());
        for (scan, name) in scans.iter().zip(["Lê An", "Lê Bình"]) {
            store.commit(&read(scan, vec![birth(scan, 1, name)]), moment()).unwrap();
        }
        assert_eq!(children(&reader).len(), 2);
        assert!(reader.connection.execute("DELETE FROM scans", []).is_err());
    }

    #[test]
    fn a_store_on_a_medium_that_cannot_be_written_to_is_read_as_it_stands() {
        let (folder, mut store) = store();
        let scan = scan("a-1/1.jpg", 1);
        store.register_scans(std::slice::from_ref(&scan)).unwrap();
        store.commit(&read(&scan, vec![birth(&scan, 1, "Lê An")]), moment()).unwrap();
        let file = folder.path().join(DATABASE_FILE);
        assert!(unlogged(&file).is_none());
        drop(store);
        let connection = Connection::open(unlogged(&file).unwrap()).unwrap();
        let entries: i64 =
            connection.query_row("SELECT count(*) FROM entries", [], |row| row.get(0)).unwrap();
        assert_eq!(entries, 1);
    }
}
