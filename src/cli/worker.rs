//! `hotich worker`: one worker process of a batch.

use std::io;
#[cfg(unix)]
use std::os::unix::process::parent_id;
#[cfg(unix)]
use std::time::Duration;

use super::arguments::Worker;
use super::exit::{Failure, Outcome};
use super::opening;
use crate::batch;
use crate::domain::{ReadError, Recognizer};
use crate::engine::Tesseract;
use crate::handwriting::Handwriting;

/// How often a worker looks whether the process that started it is still there.
#[cfg(unix)]
const PARENT_CHECK: Duration = Duration::from_millis(200);

/// Serves requests until stdin ends.
pub fn worker(arguments: &Worker) -> Result<Outcome, Failure> {
    #[cfg(unix)]
    leave_with_parent();
    let models = opening::models(arguments.forms.as_deref())?;
    let start = || {
        let print: Box<dyn Recognizer> = Box::new(Tesseract::start()?);
        let hand = Handwriting::start(arguments.weights.folder.as_deref())
            .map_err(|error| ReadError::Unavailable(error.to_string()))?;
        Ok((print, Box::new(hand) as Box<dyn Recognizer>))
    };
    batch::serve(&mut io::stdin().lock(), &mut io::stdout().lock(), &models, &start)?;
    Ok(Outcome::Done)
}

/// Ends this process when the one that started it is gone: pages read for nobody would take the
/// processor from the next run.
#[cfg(unix)]
fn leave_with_parent() {
    let parent = parent_id();
    std::thread::spawn(move || {
        while parent_id() == parent {
            std::thread::sleep(PARENT_CHECK);
        }
        std::process::exit(1);
    });
}
