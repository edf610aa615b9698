//! Hands records on: as JSON lines (one record a line) or as a table (CSV).
//!
//! The bytes depend on the records alone: fields stand in the order of their form, columns in that
//! of `record_fields.csv`, text is NFC, and numbers are cut to what they can say.

mod alto;
mod bag;
mod file;
pub mod hotich158;
mod jsonl;
mod table;

use std::io;

use unicode_normalization::UnicodeNormalization;

use crate::domain::exported::ExportedRecord;
use crate::domain::{Confidence, SkewAngle};

pub use alto::alto;
pub use bag::Bag;
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
    /// A spreadsheet or archive could not be made or understood.
    #[error("the spreadsheet or archive cannot be used: {0}")]
    Sheet(String),
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

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use indexmap::IndexMap;

    use super::{ExportError, Format, read_json_lines, write, write_file};
    use crate::domain::exported::{ExportedField, ExportedRecord};
    use crate::domain::{Confidence, FieldName, FieldStatus, FormId, Kind, Rectangle, ScanName, SkewAngle};

    /// A record with the value `child` for the name of the child.
    fn record(entry: u32, child: &str) -> ExportedRecord {
        let field = |value: &str, ink| ExportedField {
            value: value.to_owned(),
            raw: value.to_owned(),
            confidence: Confidence::clamped(2.0 / 3.0),
            status: FieldStatus::Review,
            ink,
        };
        let fields = [
            (FieldName::from("child.name"), field(child, Some(Rectangle::new(1, 2, 3, 4)))),
            (FieldName::from("entry.number"), field("85", None)),
        ];
        ExportedRecord {
            scan: ScanName("ks-1/001 \"a\".jpg".to_owned()),
            entry,
            kind: Kind::Birth,
            form: FormId::new("birth-2006"),
            skew_deg: Some(SkewAngle(-0.000_04)),
            fields: IndexMap::from_iter(fields),
        }
    }

    /// The bytes of an export.
    fn exported(format: Format, records: &[ExportedRecord]) -> String {
        let mut out = Vec::new();
        let records = records.iter().cloned().map(Ok::<_, std::io::Error>);
        write(format, records, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_has_what_the_interface_says() {
        let line = exported(Format::JsonLines, &[record(1, "Le\u{0302} An")]);
        let wanted = concat!(
            r#"{"scan":"ks-1/001 \"a\".jpg","entry":1,"kind":"birth","form":"birth-2006","skew_deg":0.0,"#,
            r#""fields":{"child.name":{"value":"Lê An","raw":"Lê An","confidence":0.6667,"#,
            r#""status":"review","box":[1,2,3,4]},"entry.number":{"value":"85","raw":"85","#,
            r#""confidence":0.6667,"status":"review","box":null}}}"#,
            "\n",
        );
        assert_eq!(line, wanted);
    }

    #[test]
    fn an_export_read_and_exported_again_is_the_same_to_the_byte() {
        let first = exported(
            Format::JsonLines,
            &[record(1, "Đỗ\tThị \"Bé\""), record(2, ""), record(3, "🙂\u{2028}")],
        );
        let read: Vec<_> = read_json_lines(BufReader::new(first.as_bytes())).map(Result::unwrap).collect();
        assert_eq!(exported(Format::JsonLines, &read), first);
    }

    #[test]
    fn a_line_that_is_no_record_is_named() {
        let lines = "\n{\"scan\":1}\n";
        let errors: Vec<_> = read_json_lines(BufReader::new(lines.as_bytes())).collect();
        assert!(matches!(errors[..], [Err(ExportError::Line { line: 2, .. })]), "{errors:?}");
    }

    #[test]
    fn a_table_has_one_row_an_entry_and_no_formulas() {
        let table = exported(Format::Csv, &[record(1, "=1+1"), record(2, "a,\"b\"\nc")]);
        let mut reader = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
        let heading: Vec<_> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(heading[..6], ["scan", "entry", "kind", "form", "entry.number", "registration.book"]);
        assert_eq!(heading.iter().collect::<std::collections::HashSet<_>>().len(), heading.len());
        let child = heading.iter().position(|name| name == "child.name").unwrap();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!((&rows[0][child], &rows[1][child]), ("'=1+1", "a,\"b\"\nc"));
        assert_eq!((&rows[0][1], &rows[0][4], &rows[0][5]), ("1", "85", ""));
    }

    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.jsonl");
        let good = [Ok::<_, std::io::Error>(record(1, "Lê An"))];
        assert_eq!(write_file(Format::JsonLines, good.into_iter(), &path).unwrap(), 1);
        let before = std::fs::read(&path).unwrap();
        let bad = [Ok(record(1, "Lê Bình")), Err(std::io::Error::other("the store is damaged"))];
        let error = write_file(Format::JsonLines, bad.into_iter(), &path).unwrap_err();
        assert_eq!(error.to_string(), "the store is damaged");
        assert_eq!(std::fs::read(&path).unwrap(), before);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let nowhere = folder.path().join("no such folder/x.jsonl");
        let error =
            write_file(Format::Csv, std::iter::empty::<Result<_, std::io::Error>>(), &nowhere).unwrap_err();
        assert!(matches!(error, ExportError::File { .. }), "{error}");
    }
}
