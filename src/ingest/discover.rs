//! Walks the given paths: which books there are, which files they hold, and what was passed over.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use thiserror::Error;
use walkdir::{DirEntry, WalkDir};

use super::{IngestError, cover, name};
use crate::domain::{Book, BookCover};

/// The endings of files that may be scans, in lower case.
const ENDINGS: [&str; 6] = ["jpg", "jpeg", "png", "tif", "tiff", "pdf"];

/// A folder of this name beside a file of that one belongs to a store: it holds copies of pages that
/// were read, and reading them again would double every record.
const STORED_PAGES: (&str, &str) = ("pages", "hotich.sqlite");

/// A file that may hold scans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// Where it lies, as an absolute path without links.
    pub path: PathBuf,
    /// Its path below the parent of the ingested folder, with `/` between the parts; a file given by
    /// itself is called as if its folder had been given.
    pub name: String,
    /// The book it belongs to ([`Book::name`]).
    pub book: String,
}

/// Why something below a given path was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PassedOverReason {
    /// Its name begins with a dot.
    #[error("hidden; rename it if it belongs to the book")]
    Hidden,
    /// A symbolic link.
    #[error("a symbolic link, not followed; give the path it leads to, or put the file itself here")]
    SymbolicLink,
    /// A pipe, a socket or a device.
    #[error("not an ordinary file")]
    SpecialFile,
    /// The page images of a store.
    #[error("the page images of a store, which are no scans")]
    Store,
    /// Its name does not end as that of a picture.
    #[error("not named as a picture (jpg, jpeg, png, tif, tiff, pdf)")]
    NotAPicture,
    /// It may not be read.
    #[error("cannot be read ({0}); check its permissions")]
    Unreadable(String),
    /// A `book.toml` that is wrong; the book was taken without a cover.
    #[error("{0}; the book was taken without a cover")]
    BadCover(String),
}

/// Something below a given path that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// Where it lies.
    pub path: PathBuf,
    /// Why it was not taken.
    pub reason: PassedOverReason,
}

/// What lies below the given paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovery {
    /// The books, in the order they are read.
    pub books: Vec<Book>,
    /// Their files: book by book, in each book page 2 before page 10.
    pub files: Vec<FoundFile>,
    /// What was not taken, and why.
    pub passed_over: Vec<PassedOver>,
}

/// Finds the books and files at `paths`: book folders, folders of book folders (at any depth), or
/// single files. Every folder that holds pictures is a book; paths that overlap give each file once.
///
/// # Errors
/// When a path does not exist, or two different folders would be the same book.
pub fn discover(paths: &[PathBuf]) -> Result<Discovery, IngestError> {
    let mut walk = Walk::default();
    for root in roots(paths)? {
        walk.take_root(&root)?;
    }
    Ok(walk.finish())
}

/// The given paths without links, those that lie inside another left out.
fn roots(paths: &[PathBuf]) -> Result<Vec<PathBuf>, IngestError> {
    let mut given = Vec::new();
    for path in paths {
        let root = fs::canonicalize(path).map_err(IngestError::no_such_path(path))?;
        if !given.contains(&root) {
            given.push(root);
        }
    }
    let inside_another = |path: &PathBuf| given.iter().any(|other| other != path && path.starts_with(other));
    Ok(given.iter().filter(|path| !inside_another(path)).cloned().collect())
}

/// The walk so far.
#[derive(Default)]
struct Walk {
    /// The folder of each book and its place in `found.books`, by the book's name.
    folders: BTreeMap<String, (PathBuf, usize)>,
    /// The files, with the place of their book.
    files: Vec<(usize, FoundFile)>,
    found: Discovery,
}

impl Walk {
    fn take_root(&mut self, root: &Path) -> Result<(), IngestError> {
        // A file given by itself belongs to the book that its folder is.
        let base = if root.is_dir() { root } else { root.parent().unwrap_or(root) };
        let mut entries = WalkDir::new(root).sort_by(natural_order).into_iter();
        while let Some(entry) = entries.next() {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {
                    if let Some(reason) = reason_against_folder(&entry) {
                        entries.skip_current_dir();
                        self.pass_over(entry.into_path(), reason);
                    }
                }
                Ok(entry) => self.take_entry(&entry, base)?,
                Err(error) => self.pass_over_unreadable(&error, root),
            }
        }
        Ok(())
    }

    fn take_entry(&mut self, entry: &DirEntry, base: &Path) -> Result<(), IngestError> {
        if entry.file_name() == cover::FILE_NAME {
            return Ok(());
        }
        match reason_against(entry) {
            None => self.take_file(entry.path(), base)?,
            Some(reason) => self.pass_over(entry.path().into(), reason),
        }
        Ok(())
    }

    fn take_file(&mut self, path: &Path, base: &Path) -> Result<(), IngestError> {
        let folder = path.parent().unwrap_or(base);
        let above = base.parent().unwrap_or(base);
        let book = match folder.strip_prefix(base) {
            Ok(below) if !below.as_os_str().is_empty() => name::of_path(below),
            _ => name::of_path(folder.strip_prefix(above).unwrap_or(folder)),
        };
        let place = self.book(&book, folder)?;
        let name = name::of_path(path.strip_prefix(above).unwrap_or(path));
        self.files.push((place, FoundFile { path: path.into(), name, book }));
        Ok(())
    }

    /// The place of the book called `book`, which is read from `folder` when it is new.
    fn book(&mut self, book: &str, folder: &Path) -> Result<usize, IngestError> {
        if let Some((first, place)) = self.folders.get(book) {
            let clash = || IngestError::SameBookName {
                book: book.into(),
                first: first.clone(),
                second: folder.into(),
            };
            return if first == folder { Ok(*place) } else { Err(clash()) };
        }
        let cover = cover::read(folder).unwrap_or_else(|wrong| {
            self.pass_over(folder.join(cover::FILE_NAME), PassedOverReason::BadCover(wrong));
            BookCover::default()
        });
        let place = self.found.books.len();
        self.folders.insert(book.into(), (folder.into(), place));
        self.found.books.push(Book { name: book.into(), cover });
        Ok(place)
    }

    fn pass_over_unreadable(&mut self, error: &walkdir::Error, root: &Path) {
        let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
        let path = error.path().unwrap_or(root).to_path_buf();
        self.pass_over(path, PassedOverReason::Unreadable(reason));
    }

    fn pass_over(&mut self, path: PathBuf, reason: PassedOverReason) {
        self.found.passed_over.push(PassedOver { path, reason });
    }

    fn finish(mut self) -> Discovery {
        // Stable: within a book the files stay in natural order.
        self.files.sort_by_key(|(place, _)| *place);
        self.found.files = self.files.into_iter().map(|(_, file)| file).collect();
        self.found
    }
}

/// Why `entry`, which is no folder, is not taken.
fn reason_against(entry: &DirEntry) -> Option<PassedOverReason> {
    let kind = entry.file_type();
    if kind.is_symlink() {
        Some(PassedOverReason::SymbolicLink)
    } else if !kind.is_file() {
        Some(PassedOverReason::SpecialFile)
    } else if is_hidden(entry) {
        Some(PassedOverReason::Hidden)
    } else if !is_named_as_picture(entry.path()) {
        Some(PassedOverReason::NotAPicture)
    } else {
        None
    }
}

/// Why the folder `entry` is not entered.
fn reason_against_folder(entry: &DirEntry) -> Option<PassedOverReason> {
    let (pages, database) = STORED_PAGES;
    if is_hidden(entry) {
        Some(PassedOverReason::Hidden)
    } else if entry.file_name() == pages && entry.path().with_file_name(database).is_file() {
        Some(PassedOverReason::Store)
    } else {
        None
    }
}

/// Whether its name begins with a dot; what was given by name is never hidden.
fn is_hidden(entry: &DirEntry) -> bool {
    entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_named_as_picture(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    ENDINGS.iter().any(|known| ending == *known)
}

/// Page 2 before page 10; names that compare equal by their bytes, so that the order is the same on
/// every machine.
fn natural_order(a: &DirEntry, b: &DirEntry) -> std::cmp::Ordering {
    let text = |entry: &DirEntry| name::of_path(Path::new(entry.file_name()));
    alphanumeric_sort::compare_str(text(a), text(b)).then_with(|| a.file_name().cmp(b.file_name()))
}

#[cfg(test)]
mod tests;
