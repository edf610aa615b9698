//! What an office has set about its papers: its name, who signs, the fee.

use jiff::Timestamp;

use super::CounterError;
use crate::issue::Office;
use crate::store::{Desk, DeskTransaction, Store, StoreError};

/// The setting that holds what an office is called on its papers.
const OFFICE: &str = "office";

/// What the office of the store is called on its papers.
///
/// # Errors
/// [`CounterError::NoOffice`] when it has not been said, and when the store cannot be read.
pub fn office(store: &Store) -> Result<Office, CounterError> {
    let office: Option<Office> = store.setting(OFFICE)?;
    office.filter(|office| !office.name.is_empty()).ok_or(CounterError::NoOffice)
}

/// Says what the office of the store is called on its papers from now on.
///
/// # Errors
/// When the store cannot be written.
pub fn set_office(desk: &mut Desk, office: &Office, now: Timestamp) -> Result<(), StoreError> {
    let transaction = desk.begin(now)?;
    put_office(&transaction, office)?;
    transaction.commit()
}

/// The same within a transaction.
///
/// # Errors
/// When the store cannot be written.
pub fn put_office(transaction: &DeskTransaction<'_>, office: &Office) -> Result<(), StoreError> {
    transaction.set(OFFICE, office)
}
