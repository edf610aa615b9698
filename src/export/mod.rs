//! Hands records on: as JSON lines (one record a line) or as a table (CSV).
//!
//! The bytes depend on the records alone: fields stand in the order of their form, columns in that
//! of `record_fields.csv`, text is NFC, and numbers are cut to what they can say.

mod file;
mod jsonl;
mod table;

use std::io;

use unicode_normalization::UnicodeNormalization;

use crate::domain::exported::ExportedRecord;
use crate::domain::{Confidence, SkewAngle};

pub use file::write_file;
pub use jsonl::read_json_lines;

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line, with confidence, status and box of every field.
    JsonLines,
    /// One row an entry, values only; UTF-8 with a byte order mark, as spreadsheets expect it.
    Csv,
}

impl std::str::FromStr for Format {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "jsonl" => Ok(Self::JsonLines),
            "csv" => Ok(Self::Csv),
            _ => Err(format!("\"{text}\" is no format of an export: write jsonl or csv")),
        }
    }
}

/// The export could not be finished.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The records could not be had; says why.
    #[error("{0}")]
    Records(Box<dyn std::error::Error + Send + Sync>),
    /// It could not be written.
    #[error("the export could not be written: {0}")]
    Write(#[from] io::Error),
    /// It could not be written to a file.
    #[error("{}: {source}: make room, or name another file", .path.display())]
    File {
        /// The file.
        path: std::path::PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A line is no record.
    #[error("line {line} is no record: {reason}")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// Writes `records` to `out` and returns how many they were.
///
/// # Errors
/// When a record cannot be had or `out` cannot be written.
pub fn write<E>(
    format: Format,
    records: impl Iterator<Item = Result<ExportedRecord, E>>,
    out: &mut dyn io::Write,
) -> Result<usize, ExportError>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let records =
        records.map(|record| record.map(settled).map_err(|error| ExportError::Records(error.into())));
    match format {
        Format::JsonLines => jsonl::write(records, out),
        Format::Csv => table::write(records, out),
    }
}

/// The record as it is written: text in NFC, a confidence with four digits, an angle with three.
fn settled(mut record: ExportedRecord) -> ExportedRecord {
    record.skew_deg = record.skew_deg.map(|SkewAngle(angle)| SkewAngle(rounded(angle, 1e3)));
    for field in record.fields.values_mut() {
        field.value = field.value.nfc().collect();
        field.raw = field.raw.nfc().collect();
        field.confidence = Confidence::clamped(rounded(field.confidence.get(), 1e4));
    }
    record
}

/// `number` to the nearest part of `parts`, and never minus nought.
fn rounded(number: f64, parts: f64) -> f64 {
    (number * parts).round() / parts + 0.0
}
