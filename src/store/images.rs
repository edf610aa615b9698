//! The pictures of straightened pages, one JPEG file each, written whole or not at all.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::{Store, StoreError, open::sync_folder};
use crate::domain::Scan;
use crate::domain::outcome::PageRead;

/// The folder of the pictures, below that of the store.
pub(super) const FOLDER: &str = "pages";
/// How unfinished files end; a writer that was killed leaves them behind.
const UNFINISHED: &str = "tmp";

/// The file name of the picture of one page of `scan`: content hash, page of the file and, for the
/// halves of a spread, which half.
pub(super) fn file_name(scan: &Scan, half: usize, halves: usize) -> String {
    match halves {
        0 | 1 => format!("{}-{}.jpg", scan.hash, scan.page),
        _ => format!("{}-{}-{}.jpg", scan.hash, scan.page, half + 1),
    }
}

impl Store {
    /// Where the picture called `name` lies.
    #[must_use]
    pub fn page_image(&self, name: &str) -> PathBuf {
        page_image(&self.folder, name)
    }
}

/// Where the picture called `name` lies in the store in `folder`.
#[must_use]
pub fn page_image(folder: &Path, name: &str) -> PathBuf {
    folder.join(FOLDER).join(name)
}

/// Writes the pictures of the `pages` of `scan` below `folder` and flushes them to the disk.
pub(super) fn write(folder: &Path, scan: &Scan, pages: &[PageRead]) -> Result<(), StoreError> {
    let folder = folder.join(FOLDER);
    let mut written = false;
    for (half, page) in pages.iter().enumerate().filter(|(_, page)| !page.image.is_empty()) {
        write_file(&folder, &file_name(scan, half, pages.len()), &page.image)?;
        written = true;
    }
    if written { sync_folder(&folder) } else { Ok(()) }
}

/// Writes under a temporary name, flushes, renames: the file is there whole or not at all.
fn write_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let unfinished = folder.join(format!("{name}.{UNFINISHED}"));
    let write = || {
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_data()?;
        fs::rename(&unfinished, folder.join(name))
    };
    write().map_err(|error| {
        let _ = fs::remove_file(&unfinished);
        StoreError::io(&unfinished, error)
    })
}

/// Removes what a killed writer left behind.
pub(super) fn remove_unfinished(folder: &Path) -> Result<(), StoreError> {
    let folder = folder.join(FOLDER);
    let io = |error| StoreError::io(&folder, error);
    for entry in fs::read_dir(&folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|ending| ending == UNFINISHED) {
            fs::remove_file(&path).map_err(|error| StoreError::io(&path, error))?;
        }
    }
    Ok(())
}
