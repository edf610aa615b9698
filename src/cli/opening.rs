//! Opening what commands work on: models, pictures, stores.

use std::path::{Path, PathBuf};

use image::DynamicImage;

use super::exit::{Failure, Outcome};
use crate::ingest::{self, FoundFile, Limits};
use crate::locate::FormSet;
use crate::pipeline::Models;
use crate::store::{DATABASE_FILE, StoreError};

/// The forms that are built in, with those of `folder` beside them.
pub fn models(folder: Option<&Path>) -> Result<Models, Failure> {
    let forms = FormSet::shipped_with(folder).map_err(Failure::nothing)?;
    Ok(Models { forms, limits: Limits::default() })
}

/// A file named on the command line, as ingest knows files.
pub fn file(path: &Path) -> FoundFile {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    FoundFile { path: PathBuf::from(path), name, book: String::new() }
}

/// The first page of a file as a picture.
pub fn picture(path: &Path) -> Result<DynamicImage, String> {
    let limits = Limits::default();
    let scans = ingest::open(&file(path), &limits).map_err(|error| error.to_string())?;
    let scan = scans.first().ok_or_else(|| format!("{}: no page in it", path.display()))?;
    ingest::load(scan, &limits).map(|image| image.pixels).map_err(|error| error.to_string())
}

/// The folder of a store, when there is one in it: most commands make none.
pub fn existing_store(folder: &Path) -> Result<&Path, Failure> {
    match folder.join(DATABASE_FILE).is_file() {
        true => Ok(folder),
        false => Err(Failure::nothing(StoreError::NotFound(folder.to_owned()))),
    }
}

/// How it ended when `failed` of `all` went wrong.
pub fn outcome(all: usize, failed: usize) -> Outcome {
    match failed {
        0 => Outcome::Done,
        _ if failed == all => Outcome::Nothing,
        _ => Outcome::Partly,
    }
}
