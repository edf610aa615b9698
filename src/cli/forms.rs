//! `hotich forms`: which forms are known, and whether form files are sound.

use std::io::{self, Write};
use std::path::Path;

use super::arguments::FormsCommand;
use super::exit::{Failure, Outcome};
use super::opening;
use crate::locate::{FormSet, forms as form_files};

/// Performs one of the verbs.
pub fn forms(command: FormsCommand) -> Result<Outcome, Failure> {
    match command {
        FormsCommand::List => list(),
        FormsCommand::Check { files } => {
            let mut failed = 0;
            for file in &files {
                failed += usize::from(!check(file)?);
            }
            Ok(opening::outcome(files.len(), failed))
        }
    }
}

fn list() -> Result<Outcome, Failure> {
    let mut output = io::stdout().lock();
    for form in FormSet::shipped().forms() {
        writeln!(output, "{}\t{}", form.id, form.kind)?;
    }
    Ok(Outcome::Done)
}

/// Says what is wrong with a form file, line by line; true when nothing is.
fn check(file: &Path) -> Result<bool, Failure> {
    let mut output = io::stdout().lock();
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            writeln!(output, "{}: cannot be read: {error}", file.display())?;
            return Ok(false);
        }
    };
    match form_files::check(&text) {
        Ok(form) => {
            writeln!(output, "{}: {} is sound", file.display(), form.id)?;
            Ok(true)
        }
        Err(errors) => {
            for error in &errors {
                writeln!(output, "{}: {error}", file.display())?;
            }
            Ok(false)
        }
    }
}
