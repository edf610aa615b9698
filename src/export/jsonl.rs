//! Records as JSON lines, and back.

use std::io::{BufRead, Write};

use super::ExportError;
use crate::domain::exported::ExportedRecord;

/// Writes one line for each record.
pub(super) fn write(
    records: impl Iterator<Item = Result<ExportedRecord, ExportError>>,
    out: &mut dyn Write,
) -> Result<usize, ExportError> {
    let mut written = 0;
    for record in records {
        serde_json::to_writer(&mut *out, &record?).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        written += 1;
    }
    out.flush()?;
    Ok(written)
}

/// The records in `lines`; empty lines are passed over.
pub fn read_json_lines(lines: impl BufRead) -> impl Iterator<Item = Result<ExportedRecord, ExportError>> {
    let parse = |(index, line): (usize, std::io::Result<String>)| match line {
        Ok(line) if line.trim().is_empty() => None,
        Ok(line) => Some(
            serde_json::from_str(&line)
                .map_err(|error| ExportError::Line { line: index + 1, reason: error.to_string() }),
        ),
        Err(error) => Some(Err(error.into())),
    };
    lines.lines().enumerate().filter_map(parse)
}
