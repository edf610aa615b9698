//! `hotich adapt`: trains the handwriting reader further on what people have verified, and keeps the
//! new weights only when lines held back are read better and nothing else worse.

mod collect;
mod parting;
mod report;
mod training;

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::arguments::Adapt;
use super::exit::{Failure, Outcome};
use super::print_json;
use crate::handwriting;
use crate::store::Store;
use collect::{Collection, PrivateFolder};
use report::Report;
use training::Training;

/// Fewer lines than this are not tried: a fifth is held back, and on less than a dozen lines chance
/// decides which weights look better.
const FEWEST_LINES: usize = 60;

/// The folder with the crops, and the one with the weights to begin with, below that of the result.
const LINES_FOLDER: &str = "adapted-from";
const BASE_FOLDER: &str = "begun-with";

/// Adapts the reader to a store or to given lines.
pub fn adapt(arguments: &Adapt) -> Result<Outcome, Failure> {
    let training = Training::find(arguments.training.as_deref(), arguments.python.as_deref())?;
    let stop = stop_on_interrupt()?;
    match (&arguments.lines, &arguments.store) {
        (Some(lines), _) => {
            training.check()?;
            train(arguments, &training, lines, &stop)
        }
        (None, Some(store)) => match from_store(arguments, store, &training, &stop)? {
            Some(work) => train(arguments, &training, work.path(), &stop),
            None => Ok(Outcome::Interrupted),
        },
        (None, None) => Err(Failure::Usage("name a store or a folder of lines".to_owned())),
    }
}

/// A flag that Ctrl-C (or a request to terminate) raises: crops are personal data and shall be taken
/// away before this process ends. A second one ends it at once.
fn stop_on_interrupt() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if raised.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })
    .map_err(Failure::nothing)?;
    Ok(stop)
}

/// The crops of the verified fields of a store with their texts, in a private folder; none when
/// `stop` was raised.
fn from_store(
    arguments: &Adapt,
    store: &Path,
    training: &Training,
    stop: &AtomicBool,
) -> Result<Option<PrivateFolder>, Failure> {
    let store = Store::open_read(store).map_err(Failure::nothing)?;
    let scans = store.verified_scans(&arguments.books).map_err(Failure::nothing)?;
    let covers = store.covers().map_err(Failure::nothing)?;
    let told: usize = scans.iter().map(collect::with_text).sum();
    let verified: usize = scans.iter().map(|scan| scan.fields.len()).sum();
    enough(told, &format!("{verified} verified fields, {told} of them with a text to learn from"))?;
    training.check()?;
    let work = PrivateFolder::make(arguments.to.join(LINES_FOLDER), arguments.keep)?;
    let mut collection = Collection::new(work.path())?;
    collection.cut(&scans, &covers, arguments, stop)?;
    if stop.load(Ordering::Relaxed) {
        return Ok(None);
    }
    let found = collection.finish()?;
    writeln!(io::stderr(), "{found}")?;
    enough(found.lines, &found.to_string())?;
    Ok(Some(work))
}

/// Says how many lines are missing, when there are too few.
fn enough(lines: usize, found: &str) -> Result<(), Failure> {
    if lines >= FEWEST_LINES {
        return Ok(());
    }
    let missing = FEWEST_LINES - lines;
    let message = format!(
        "too little to learn from: {found}; verify at least {missing} more fields \
         ({FEWEST_LINES} are needed, 200 do well)"
    );
    Err(Failure::Nothing(message))
}

/// Has the training code go on from the present weights and tells what came of it.
fn train(
    arguments: &Adapt,
    training: &Training,
    lines: &Path,
    stop: &AtomicBool,
) -> Result<Outcome, Failure> {
    let base = PrivateFolder::make(arguments.to.join(BASE_FOLDER), false)?;
    handwriting::copy_weights(arguments.weights.folder.as_deref(), base.path()).map_err(Failure::nothing)?;
    let Some(answer) = training.run(lines, base.path(), arguments, stop)? else {
        return Ok(Outcome::Interrupted);
    };
    let report: Report = serde_json::from_str(&answer).map_err(|error| {
        Failure::Nothing(format!(
            "the training code gave no report ({error}): does it belong to this program?"
        ))
    })?;
    let mut output = io::stdout().lock();
    if arguments.json {
        print_json(&mut output, &report)?;
    } else {
        report.show(&arguments.to, &mut output)?;
    }
    Ok(if report.kept { Outcome::Done } else { Outcome::Partly })
}

#[cfg(test)]
mod tests {
    use super::{FEWEST_LINES, enough};

    #[test]
    fn too_few_lines_are_told_with_how_many_are_missing() {
        assert!(enough(FEWEST_LINES, "").is_ok());
        let message = enough(FEWEST_LINES - 7, "53 lines").unwrap_err().message().unwrap().to_owned();
        assert!(message.contains("53 lines; verify at least 7 more fields"), "{message}");
    }
}
