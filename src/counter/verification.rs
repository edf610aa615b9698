//! Whether a paper is one of ours: by its very bytes, or by the code on its proof page.

use crate::domain::{CopyNumber, IssuedCopy, NumberSeries};
use crate::issue::ProofCode;
use crate::store::{Store, StoreError};

/// What a document or a code turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Verification {
    /// It is a copy of the log, and holds.
    Holds(Box<IssuedCopy>),
    /// It is a copy of the log that was voided.
    Voided(Box<IssuedCopy>),
    /// Its number is in the log, but what the log has under it is about something else: it is forged or of
    /// another office.
    Differs(Box<IssuedCopy>),
    /// The log knows nothing of it.
    Unknown,
}

/// What the log says of a document, by its very bytes.
///
/// # Errors
/// When the store cannot be read.
pub fn verify_document(store: &Store, document: &[u8]) -> Result<Verification, StoreError> {
    Ok(store.copy_of_document(document)?.map_or(Verification::Unknown, standing))
}

/// What the log says of a code: its number must be there, with the same record and the same content.
///
/// # Errors
/// When the store cannot be read.
pub fn verify_code(store: &Store, code: &ProofCode) -> Result<Verification, StoreError> {
    let series = NumberSeries { symbol: code.symbol.clone(), year: code.year };
    let copy = match store.issued_copy(&CopyNumber { series, number: code.number }) {
        Ok(copy) => copy,
        Err(StoreError::Unknown(_)) => return Ok(Verification::Unknown),
        Err(error) => return Err(error),
    };
    let logged = ProofCode { hash: copy.content, record: copy.record.clone(), ..code.clone() };
    Ok(match logged.to_string() == code.to_string() {
        true => standing(copy),
        false => Verification::Differs(Box::new(copy)),
    })
}

fn standing(copy: IssuedCopy) -> Verification {
    match copy.voided {
        None => Verification::Holds(Box::new(copy)),
        Some(_) => Verification::Voided(Box::new(copy)),
    }
}
