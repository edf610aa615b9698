//! An export written to a file: whole or not at all.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use super::{ExportError, Format, write};
use crate::domain::exported::ExportedRecord;

/// Writes `records` to the file at `path`, under a temporary name until all of them are on the
/// disk, and returns how many they were. An older file stays as it was when this fails.
///
/// # Errors
/// When a record cannot be had or the file cannot be written.
pub fn write_file<E>(
    format: Format,
    records: impl Iterator<Item = Result<ExportedRecord, E>>,
    path: &Path,
) -> Result<usize, ExportError>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let unfinished = path.with_file_name(name);
    let written = write_unfinished(format, records, &unfinished)
        .and_then(|written| fs::rename(&unfinished, path).map(|()| written).map_err(ExportError::Write));
    written.map_err(|error| {
        let _ = fs::remove_file(&unfinished);
        match error {
            ExportError::Write(source) => ExportError::File { path: path.to_owned(), source },
            other => other,
        }
    })
}

/// Writes and flushes the file under its temporary name.
fn write_unfinished<E>(
    format: Format,
    records: impl Iterator<Item = Result<ExportedRecord, E>>,
    path: &Path,
) -> Result<usize, ExportError>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut out = BufWriter::new(File::create(path)?);
    let written = write(format, records, &mut out)?;
    out.flush()?;
    out.get_ref().sync_all()?;
    Ok(written)
}
