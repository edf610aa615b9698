//! `hotich export`: the records of a store as JSON lines or CSV.

use std::io::{self, BufWriter, Write};

use super::archive;
use super::arguments::{Export, ExportFormat};
use super::exit::{Failure, Outcome};
use super::handover;
use crate::export::{self, Format};
use crate::store::Store;

/// Writes every record to stdout or to a file.
pub fn export(arguments: &Export) -> Result<Outcome, Failure> {
    let store = Store::open_read(&arguments.store.store).map_err(Failure::nothing)?;
    let format = match arguments.format {
        ExportFormat::Jsonl => Format::JsonLines,
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Bag => return archive::archive(&store, arguments),
        ExportFormat::Hotich158 => return handover::hand_over(&store, arguments),
    };
    let records = store.records().map_err(Failure::nothing)?;
    let Some(path) = &arguments.output else {
        let mut output = BufWriter::new(io::stdout().lock());
        export::write(format, records, &mut output).map_err(broken_pipe)?;
        output.flush()?;
        return Ok(Outcome::Done);
    };
    let count = export::write_file(format, records, path).map_err(Failure::nothing)?;
    writeln!(io::stderr(), "{count} records written to {}", path.display())?;
    Ok(Outcome::Done)
}

/// A reader that has seen enough is no failure.
fn broken_pipe(error: export::ExportError) -> Failure {
    match error {
        export::ExportError::Write(error) => error.into(),
        other => Failure::nothing(other),
    }
}
