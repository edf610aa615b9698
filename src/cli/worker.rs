//! `hotich worker`: one worker process of a batch.

use std::io;

use super::arguments::Worker;
use super::exit::{Failure, Outcome};
use super::opening;
use crate::batch;
use crate::domain::Recognizer;
use crate::engine::Tesseract;

/// Serves requests until stdin ends.
pub fn worker(arguments: &Worker) -> Result<Outcome, Failure> {
    let models = opening::models(arguments.forms.as_deref())?;
    let start = || Tesseract::start().map(|engine| Box::new(engine) as Box<dyn Recognizer>);
    batch::serve(&mut io::stdin().lock(), &mut io::stdout().lock(), &models, &start)?;
    Ok(Outcome::Done)
}
