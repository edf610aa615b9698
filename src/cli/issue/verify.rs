//! `hotich issue --verify`: is this paper one of ours?

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

use super::super::exit::{Failure, Outcome};
use super::super::print_json;
use crate::counter::{self, Verification};
use crate::domain::IssuedCopy;
use crate::issue::ProofCode;
use crate::store::Store;

/// Looks the document or code up in the log; 0 when it holds, 3 when it was voided, 2 when it is not one of
/// ours.
pub fn verify(store: &Store, what: &str, json: bool) -> Result<Outcome, Failure> {
    let found = match fs::read(Path::new(what)) {
        Ok(document) => counter::verify_document(store, &document).map_err(Failure::nothing)?,
        Err(_) => {
            let code: ProofCode = what.parse().map_err(|error: String| {
                Failure::Usage(format!("\"{what}\" is no file that can be read, and {error}"))
            })?;
            counter::verify_code(store, &code).map_err(Failure::nothing)?
        }
    };
    let (outcome, word, copy) = match &found {
        Verification::Holds(copy) => (Outcome::Done, "holds", Some(copy)),
        Verification::Voided(copy) => (Outcome::Partly, "voided", Some(copy)),
        Verification::Differs(copy) => (Outcome::Nothing, "differs", Some(copy)),
        Verification::Unknown => (Outcome::Nothing, "unknown", None),
    };
    let mut output = io::stdout().lock();
    if json {
        print_json(&mut output, &json!({ "verdict": word, "copy": copy }))?;
    } else {
        writeln!(output, "{}", sentence(&found, copy.map(|copy| &**copy)))?;
    }
    Ok(outcome)
}

/// The verdict in words; names nobody.
fn sentence(found: &Verification, copy: Option<&IssuedCopy>) -> String {
    let what = copy.map(|copy| format!("{} of {}", copy.number_text(), copy.on)).unwrap_or_default();
    match found {
        Verification::Holds(_) => format!("holds: it is copy {what}"),
        Verification::Voided(_) => format!("voided: copy {what} was spoiled and must not be used"),
        Verification::Differs(_) => format!("differs: copy {what} says something else; it is not this paper"),
        Verification::Unknown => {
            "unknown: this office's log has no such copy, or the file was changed".to_owned()
        }
    }
}
