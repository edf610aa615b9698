//! What can go wrong with a store, one variant for each thing the caller can act on.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// The store could not do what was asked. Nothing is half written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is none.
    #[error("there is no store in {}: run `hotich digitize` first, or name another folder", .0.display())]
    NotFound(PathBuf),
    /// A newer program wrote it.
    #[error(
        "this store was written by a newer hotich (its version is {found}, this program knows {known}): \
         update the program"
    )]
    NewerVersion {
        /// The version of the store.
        found: i32,
        /// The newest version this program knows.
        known: i32,
    },
    /// An older program wrote it, and a reader may not change it.
    #[error(
        "this store was written by an older hotich (its version is {found}, this program needs {known}): \
         run `hotich digitize` on it once, which brings it up to date"
    )]
    OlderVersion {
        /// The version of the store.
        found: i32,
        /// The version this program needs.
        known: i32,
    },
    /// The file is no SQLite file, or one of another program.
    #[error("{} is no hotich store: name another folder", .0.display())]
    NotAStore(PathBuf),
    /// It may not be written to.
    #[error("{} may not be written to: change its permissions or name another folder", .0.display())]
    ReadOnly(PathBuf),
    /// Another process writes to it.
    #[error(
        "another hotich is writing to this store{}: wait until it is done or stop it",
        .process.map(|id| format!(" (process {id})")).unwrap_or_default()
    )]
    InUse {
        /// The process that writes, when it is known.
        process: Option<u32>,
    },
    /// Another process held it for longer than the waiting time.
    #[error("the store was busy for too long: try again")]
    Busy,
    /// No room is left.
    #[error("the disk is full: make room and run again, what is done is kept")]
    DiskFull,
    /// The file is broken.
    #[error("the store is damaged ({0}): restore it from a backup")]
    Damaged(String),
    /// A result that cannot be kept: more entries or fields than there are numbers for, a field or
    /// an entry twice, a book that was never registered.
    #[error("{subject} cannot be stored: {reason}")]
    Unstorable {
        /// The scan or book.
        subject: String,
        /// What is wrong with it; holds no value of a record.
        reason: &'static str,
    },
    /// No such entry or field.
    #[error("{0} is not in this store")]
    Unknown(String),
    /// A file of the store could not be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// SQLite failed in another way.
    #[error("the store failed: {0}")]
    Sqlite(rusqlite::Error),
}

impl StoreError {
    /// What the system said about `path`.
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly(path.to_owned())
            }
            _ => Self::Io { path: path.to_owned(), source },
        }
    }

    /// The same for another who waited for the same thing.
    pub(crate) fn told_again(&self) -> Self {
        match self {
            Self::DiskFull => Self::DiskFull,
            Self::Busy => Self::Busy,
            Self::ReadOnly(path) => Self::ReadOnly(path.clone()),
            other => Self::Damaged(other.to_string()),
        }
    }

    /// What SQLite said while opening `file`.
    pub(super) fn opening(file: &Path, error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotAStore(file.to_owned()),
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly(file.to_owned())
            }
            _ => error.into(),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Sqlite(error),
        }
    }
}
