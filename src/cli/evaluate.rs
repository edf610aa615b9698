//! `hotich evaluate`: the records of a store against truth.

use std::io::{self, Write};

use super::arguments::Evaluate;
use super::exit::{Failure, Outcome};
use super::print_json;
use crate::evaluate;
use crate::store::Store;

/// Prints the figures as tables, or as JSON.
pub fn evaluate(arguments: &Evaluate) -> Result<Outcome, Failure> {
    let truth = evaluate::read_truth(&arguments.truth).map_err(Failure::nothing)?;
    let store = Store::open_read(&arguments.store.store).map_err(Failure::nothing)?;
    let records = store.records().map_err(Failure::nothing)?;
    let records = records.collect::<Result<Vec<_>, _>>().map_err(Failure::nothing)?;
    let evaluation = evaluate::evaluate(&truth, records);
    let mut output = io::stdout().lock();
    if arguments.json {
        print_json(&mut output, &evaluation)?;
    } else {
        write!(output, "{evaluation}")?;
    }
    Ok(Outcome::Done)
}
