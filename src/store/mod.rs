//! Keeps what was read: one folder for an office, with one SQLite file and the pictures of its pages.
//!
//! A scan is the unit of commit: one transaction holds everything that was read of it, and the
//! pictures of its pages are in place before. A value a person has settled is never overwritten by a
//! machine, and every value a field ever had stays in its history. There is one writer
//! ([`StoreWriter`], held by a lock file) and any number of readers ([`Store`]) beside it.

mod archived;
mod books;
mod commit;
pub mod desk;
mod error;
mod fields;
mod health;
mod images;
mod links;
mod lock;
mod open;
mod records;
mod register;
mod reweighing;
mod rows;
pub mod search;
mod shaped;
mod status;
#[cfg(test)]
pub(crate) mod testing;
mod verified;
mod verify;
mod weighing;

pub use archived::ArchivedPage;
pub use desk::{Desk, DeskTransaction, Laid};
pub use error::StoreError;
pub use images::page_image;
pub use links::{LinkEnd, LinkField, LinkState, ProposedLink, StoredLink};
pub use open::{DATABASE_FILE, Store, StoreWriter};
pub use records::Records;
pub use register::Registration;
pub use reweighing::{BookStamp, Reweighed};
pub use status::{BookStatus, FailedScan, FieldCounts, ScanCounts, StoreStatus};
pub use verified::VerifiedScan;
pub use verify::{FieldAddress, Verdict};
pub use weighing::{Audit, BookRecords};
