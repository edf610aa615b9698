//! Entries that are known to be right, one JSON object a line.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::Deserialize;

use crate::domain::{FieldName, FormId, Kind, Rectangle, ScanName};

/// One entry and what it really says.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TruthEntry {
    /// The scan it stands on.
    pub scan: ScanName,
    /// Which entry of the scan, from 1, top to bottom.
    pub entry: u32,
    /// What it registers.
    pub kind: Kind,
    /// The form it stands on.
    pub form: Option<FormId>,
    /// The book it stands in.
    pub book: Option<String>,
    /// How it was written: `hand`, `typed` or `print`.
    pub writing: Option<String>,
    /// Whether the scan is a photo by a phone.
    pub photo: Option<bool>,
    /// The angle of the scan in degrees, counter-clockwise seen on the picture negative.
    pub skew_deg: Option<f64>,
    /// Its fields.
    pub fields: IndexMap<FieldName, TruthField>,
}

/// What one field really says.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TruthField {
    /// The normalised value; empty when nothing is written there.
    pub value: String,
    /// The ink, in pixels of the scan; none when nothing is written there or the place is not known.
    #[serde(rename = "box", default)]
    pub place: Option<Rectangle>,
}

/// The truth could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TruthError {
    /// The file cannot be opened or read.
    #[error("cannot read the truth in {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A line is no entry.
    #[error("line {line} of {} is no entry of a truth: {source}; write one JSON object a line with scan, entry, kind and fields", path.display())]
    NoEntry {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// Reads the entries of the file at `path`; empty lines count for nothing.
///
/// # Errors
/// When the file cannot be read, or a line of it is no entry.
pub fn read_truth(path: &Path) -> Result<Vec<TruthEntry>, TruthError> {
    let unreadable = |source| TruthError::Unreadable { path: path.to_owned(), source };
    let file = BufReader::new(File::open(path).map_err(unreadable)?);
    let mut entries = Vec::new();
    for (line, text) in (1..).zip(file.lines()) {
        let text = text.map_err(unreadable)?;
        if !text.trim().is_empty() {
            let no_entry = |source| TruthError::NoEntry { path: path.to_owned(), line, source };
            entries.push(serde_json::from_str(&text).map_err(no_entry)?);
        }
    }
    Ok(entries)
}
