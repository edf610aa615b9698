//! `hotich weigh`: the evidence of whole books.

use std::io::{self, Write};

use jiff::Timestamp;

use super::arguments::Weigh;
use super::exit::{Failure, Outcome};
use super::opening::existing_store;
use super::print_json;
use crate::store::Store;
use crate::trust::Contract;
use crate::weighing::{CONTRACT, Weighed, contract, weigh_books};

/// Weighs books again.
pub fn weigh(arguments: &Weigh) -> Result<Outcome, Failure> {
    let folder = existing_store(&arguments.store.store)?; // Weighing makes no store.
    let mut store = Store::create_or_open(folder).map_err(Failure::nothing)?;
    if arguments.error_limit.is_some() || arguments.critical_error_limit.is_some() {
        let before = contract(&store).map_err(Failure::nothing)?;
        let contract = Contract {
            error_limit: arguments.error_limit.unwrap_or(before.error_limit),
            critical_error_limit: arguments.critical_error_limit.unwrap_or(before.critical_error_limit),
        };
        store.set(CONTRACT, &contract, Timestamp::now()).map_err(Failure::nothing)?;
    }
    let mut books = store.books_to_weigh(false).map_err(Failure::nothing)?;
    if let Some(unknown) = arguments.books.iter().find(|book| !books.contains(book)) {
        let message = format!("the store has no book \"{unknown}\" with entries: hotich status lists them");
        return Err(Failure::Usage(message));
    }
    books.retain(|book| arguments.books.is_empty() || arguments.books.contains(book));
    let weighed = weigh_books(&mut store, &books).map_err(Failure::nothing)?;
    let mut output = io::stdout().lock();
    if arguments.json {
        print_json(&mut output, &weighed)?;
    } else {
        let Weighed { books, accepted, to_review } = weighed;
        writeln!(output, "{books} books weighed: {accepted} fields accepted, {to_review} to review")?;
    }
    Ok(Outcome::Done)
}
