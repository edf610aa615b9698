//! The desk: where people's answers are written, beside a batch that may be running on the same store.
//!
//! A batch holds the store's lock from beginning to end; the desk does not ask for it. Both write in
//! short transactions, and SQLite lets one through at a time. What is answered at the same moment goes
//! into one transaction ([`DeskTransaction::part`] keeps each answer whole), so that it is flushed once.

mod accounts;
mod answers;
mod copies;
mod entries;
#[cfg(test)]
mod entry_tests;
mod entry_undo;
mod groups;
mod leases;
mod lookups;
mod pages;
mod policy;
mod quality;
pub(super) mod queue;
mod sessions;
mod sheets;
#[cfg(test)]
mod tests;
mod undo;
mod view;

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::register::written;
use super::{Store, StoreError, lock};

pub use accounts::{Account, AccountEvent};
pub use answers::{Action, Answer, Answered, Said, Stale};
pub use entries::{EntryChange, NewEntry, Signed};
pub use entry_undo::{EntryEvent, WithdrawnEntry};
pub use groups::{Group, GroupMember};
pub use leases::{LEASE, Ticket, Wanted};
pub use lookups::{Lookup, LookupFilter, LookupPurpose};
pub(super) use pages::refresh_pages;
pub use pages::{PageAnswer, PageId, PageTask};
pub use policy::Policy;
pub use quality::{BookQuality, FieldQuality, Progress};
pub use queue::Purpose;
pub use sessions::SESSION;
pub use sheets::Laid;
pub(super) use sheets::keyed_values;
pub use view::{EntryView, FieldEvent, FieldView, PageView, QueueCounts, QueueFilter};

/// A store opened for people's answers.
#[derive(Debug)]
pub struct Desk {
    store: Store,
}

impl std::ops::Deref for Desk {
    type Target = Store;
    fn deref(&self) -> &Store {
        &self.store
    }
}

/// One transaction at the desk; nothing of it holds unless it is committed.
#[derive(Debug)]
pub struct DeskTransaction<'desk> {
    transaction: Transaction<'desk>,
    folder: &'desk Path,
    now: Timestamp,
}

/// Fills the queue of a store that had none, in one transaction.
pub(super) fn fill_queue(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    queue::refresh_all(&transaction)?;
    let scans = {
        let mut query = transaction.prepare("SELECT DISTINCT scan FROM pages")?;
        query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?
    };
    scans.into_iter().try_for_each(|scan| refresh_pages(&transaction, scan))?;
    Ok(transaction.commit()?)
}

impl Store {
    /// Opens the store in `folder` for people's answers; makes it when there is none and brings one of an
    /// older version up to date, for which no batch may be running.
    ///
    /// # Errors
    /// As [`Store::create_or_open`].
    pub fn open_desk(folder: &Path) -> Result<Desk, StoreError> {
        match Self::open_read(folder) {
            Ok(_) => {}
            Err(StoreError::NotFound(_) | StoreError::OlderVersion { .. }) => {
                Self::create_or_open(folder)?;
            }
            Err(error) => return Err(error),
        }
        Ok(Desk { store: Self::open_beside(folder)? })
    }
}

impl Desk {
    /// Begins a transaction; whatever is put down in it happens `now`.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another process writes for too long.
    pub fn begin(&mut self, now: Timestamp) -> Result<DeskTransaction<'_>, StoreError> {
        let transaction = self.store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok(DeskTransaction { transaction, folder: &self.store.folder, now })
    }
}

impl DeskTransaction<'_> {
    /// Does `work` whole or not at all, whatever becomes of the rest of the transaction.
    ///
    /// # Errors
    /// Those of `work`; nothing of it holds then.
    pub fn part<T>(&self, work: impl FnOnce(&Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.transaction.execute_batch("SAVEPOINT part")?;
        let result = work(self);
        let end = if result.is_ok() { "RELEASE part" } else { "ROLLBACK TO part; RELEASE part" };
        self.transaction.execute_batch(end)?;
        result
    }

    /// Whether a batch is writing to the store.
    #[must_use]
    pub fn is_held_by_a_batch(&self) -> bool {
        lock::is_held(self.folder)
    }

    /// Makes everything hold, through a power cut too.
    ///
    /// # Errors
    /// When the store cannot be written; nothing holds then.
    pub fn commit(self) -> Result<(), StoreError> {
        Ok(self.transaction.commit()?)
    }

    /// The transaction as a connection.
    pub(super) fn connection(&self) -> &Connection {
        &self.transaction
    }

    /// The moment, as written in the store.
    pub(super) fn at(&self) -> String {
        written(self.now)
    }

    /// The moment in milliseconds since 1970.
    fn milliseconds(&self) -> i64 {
        self.now.as_millisecond()
    }
}
