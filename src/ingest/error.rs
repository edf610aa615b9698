//! What can go wrong between a path and its pixels, one variant for each thing a person can do.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a path could not be walked, or a file or page not be read. Every message says what failed,
/// on which file or page, and what to do. A `name` is that of the file or scan.
#[derive(Debug, Error)]
pub enum IngestError {
    /// A path that was given does not exist or may not be entered.
    #[error("{path}: cannot be opened ({source}); check the path and its permissions", path = .path.display())]
    NoSuchPath {
        /// As given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Two different folders would become the same book.
    #[error(
        "{first} and {second} would both be the book \"{book}\"; give the folder that holds both, or rename one",
        first = .first.display(), second = .second.display()
    )]
    SameBookName {
        /// The name both would have.
        book: String,
        /// One folder.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// The file could not be read.
    #[error("{name}: cannot be read ({source}); check that it is there and may be read, then retry")]
    Unreadable {
        /// The file or scan.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// The file has no bytes.
    #[error("{name}: the file is empty; scan or copy it again")]
    Empty {
        /// The file.
        name: String,
    },
    /// The file is no picture, whatever its name says.
    #[error("{name}: is {found}, not a JPEG, PNG, TIFF or PDF; remove it or scan the page again")]
    NotAPicture {
        /// The file.
        name: String,
        /// What its bytes look like.
        found: &'static str,
    },
    /// The file is larger than allowed.
    #[error("{name}: has {bytes} bytes, more than the {limit} allowed; split it or raise the limit")]
    FileTooLarge {
        /// The file.
        name: String,
        /// Its size.
        bytes: u64,
        /// The most allowed.
        limit: u64,
    },
    /// The file has more pages than allowed.
    #[error("{name}: has {pages} pages, more than the {limit} allowed; split it into smaller files")]
    TooManyPages {
        /// The file.
        name: String,
        /// How many there are (at least).
        pages: usize,
        /// The most allowed.
        limit: u32,
    },
    /// The page is larger than allowed.
    #[error("{name}: has {width} x {height} pixels, more than the {limit} allowed; scan it again at 300 dpi")]
    TooManyPixels {
        /// The scan.
        name: String,
        /// Columns declared.
        width: u32,
        /// Rows declared.
        height: u32,
        /// The most pixels allowed.
        limit: u64,
    },
    /// The page is too small to hold a line of writing.
    #[error("{name}: has only {width} x {height} pixels, too few for a page; scan it again at 300 dpi")]
    TooSmall {
        /// The scan.
        name: String,
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The bytes are wrong or end too early.
    #[error("{name}: is damaged or cut short ({reason}); scan or copy it again")]
    Damaged {
        /// The file or scan.
        name: String,
        /// What the decoder said.
        reason: String,
    },
    /// The bytes are right but of a kind that is not read here.
    #[error(
        "{name}: cannot be decoded ({reason}); save it as JPEG, PNG, or TIFF with LZW or Group 4 compression"
    )]
    Unsupported {
        /// The file or scan.
        name: String,
        /// What is not supported.
        reason: String,
    },
    /// The PDF asks for a password.
    #[error("{name}: is encrypted; remove the password and try again")]
    Encrypted {
        /// The file.
        name: String,
    },
    /// A page of a PDF holds no picture.
    #[error("{name}: the PDF page holds no scanned picture; give the scans themselves")]
    NoPicture {
        /// The scan.
        name: String,
    },
}

impl IngestError {
    /// The file or scan called `name` is damaged.
    pub(super) fn damaged(name: &str, reason: impl ToString) -> Self {
        Self::Damaged { name: name.into(), reason: reason.to_string() }
    }

    /// The file or scan called `name` is of a kind that is not read here.
    pub(super) fn unsupported(name: &str, reason: impl ToString) -> Self {
        Self::Unsupported { name: name.into(), reason: reason.to_string() }
    }

    /// For `map_err`: the file called `name` could not be read.
    pub(super) fn unreadable(name: &str) -> impl FnOnce(io::Error) -> Self + use<'_> {
        move |source| Self::Unreadable { name: name.into(), source }
    }

    /// For `map_err`: `path` could not be entered.
    pub(super) fn no_such_path(path: &Path) -> impl FnOnce(io::Error) -> Self + use<'_> {
        move |source| Self::NoSuchPath { path: path.into(), source }
    }
}
