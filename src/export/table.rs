//! Records as a table for spreadsheets: one row an entry, one column a field of
//! `record_fields.csv` (fields a form has beyond that list are in the JSON lines only).

use std::io::Write;

use super::ExportError;
use crate::domain::exported::ExportedRecord;
use crate::domain::{FieldName, catalogue};

/// Marks the file as UTF-8; without it spreadsheets take it for the code page of the machine.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Writes the heading and one row for each record.
pub(super) fn write(
    records: impl Iterator<Item = Result<ExportedRecord, ExportError>>,
    out: &mut dyn Write,
) -> Result<usize, ExportError> {
    let columns = columns();
    out.write_all(BYTE_ORDER_MARK.as_bytes())?;
    let mut table = csv::Writer::from_writer(out);
    let heading = ["scan", "entry", "kind", "form"].into_iter().chain(columns.iter().map(String::as_str));
    table.write_record(heading).map_err(io_error)?;
    let mut written = 0;
    for record in records {
        table.write_record(row(&record?, &columns)).map_err(io_error)?;
        written += 1;
    }
    table.flush()?;
    Ok(written)
}

/// The names of all fields, each once, in the order of the list.
fn columns() -> Vec<String> {
    let mut columns = Vec::new();
    for entry in catalogue::entries() {
        if !columns.iter().any(|column| column == entry.field.as_str()) {
            columns.push(entry.field.as_str().to_owned());
        }
    }
    columns
}

/// The cells of one record.
fn row(record: &ExportedRecord, columns: &[String]) -> Vec<String> {
    let head = [
        guarded(&record.scan.0),
        record.entry.to_string(),
        record.kind.to_string(),
        guarded(record.form.as_str()),
    ];
    let value = |name: &String| {
        record
            .fields
            .get(&FieldName::from(name.as_str()))
            .map(|field| guarded(&field.value))
            .unwrap_or_default()
    };
    head.into_iter().chain(columns.iter().map(value)).collect()
}

/// A cell that no spreadsheet takes for a formula: an apostrophe is put before what could begin one
/// (OWASP, "CSV Injection").
fn guarded(cell: &str) -> String {
    match cell.chars().next() {
        Some(
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}',
        ) => {
            format!("'{cell}")
        }
        _ => cell.to_owned(),
    }
}

/// The table writer's error as one of writing.
fn io_error(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    }
}
