//! `hotich doctor`: is everything there and sound?

use std::io::{self, Write};
use std::path::Path;

use super::arguments::Doctor;
use super::exit::{Failure, Outcome};
use super::opening;
use crate::domain::Recognizer;
use crate::engine::Tesseract;
use crate::handwriting::Handwriting;
use crate::issue::{Press, Typeface};
use crate::store::Store;

/// One line a finding; 2 when anything is missing.
pub fn doctor(arguments: &Doctor) -> Result<Outcome, Failure> {
    let mut findings = vec![engine(), handwriting(arguments.weights.folder.as_deref()), forms(), papers()];
    findings.extend(arguments.store.as_deref().map(store));
    let mut output = io::stdout().lock();
    let mut sound = true;
    for finding in findings {
        match finding {
            Ok(line) => writeln!(output, "ok       {line}")?,
            Err(line) => {
                sound = false;
                writeln!(output, "missing  {line}")?;
            }
        }
    }
    Ok(if sound { Outcome::Done } else { Outcome::Nothing })
}

fn engine() -> Result<String, String> {
    Tesseract::start().map(|engine| engine.version().0).map_err(|error| error.to_string())
}

fn handwriting(weights: Option<&Path>) -> Result<String, String> {
    Handwriting::start(weights).map(|reader| reader.version().0).map_err(|error| error.to_string())
}

fn forms() -> Result<String, String> {
    let models = opening::models(None).map_err(|failure| failure.message().unwrap_or_default().to_owned())?;
    Ok(format!("{} forms", models.forms.forms().len()))
}

/// Papers can be issued: the build has a press, and the machine the typeface.
fn papers() -> Result<String, String> {
    let typeface = Typeface::find().map_err(|error| error.to_string())?;
    let folder = typeface.folder.display().to_string();
    Press::start(typeface).map_err(|error| error.to_string())?;
    Ok(format!("papers: Liberation Serif in {folder}"))
}

fn store(folder: &Path) -> Result<String, String> {
    let store = Store::open_read(folder).map_err(|error| error.to_string())?;
    let damage = store.damage().map_err(|error| error.to_string())?;
    match damage.as_slice() {
        [] => Ok(format!("{}: database and page images are sound", folder.display())),
        damage => Err(format!("{}: {}", folder.display(), damage.join("; "))),
    }
}
