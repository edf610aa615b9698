//! The evidence of whole books weighed as their store has it: at the end of a batch, on command, and beside
//! people's work.

use jiff::Timestamp;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::Serialize;

use crate::domain::{BookCover, FieldStatus, LinkedValues};
use crate::pipeline;
use crate::store::{Audit, BookRecords, Reweighed, Store, StoreError, StoreWriter};
use crate::trust::{self, AuditsByStratum, Calibration, Contract, Lines, ValueKind};

/// Names under which a store keeps what its office has set.
pub const CONTRACT: &str = "contract";
/// See [`CONTRACT`].
pub const CALIBRATION: &str = "calibration";

/// See [`CONTRACT`]: the strata whose bound was broken when books were last weighed.
const BROKEN: &str = "broken_strata";

/// Books weighed at a time: bounds the memory, keeps the cores busy.
const BOOKS_AT_A_TIME: usize = 16;

/// What weighing left, in fields.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub struct Weighed {
    /// Books weighed.
    pub books: usize,
    /// Fields that go to nobody, blanks among them.
    pub accepted: u64,
    /// Fields a person must look at.
    pub to_review: u64,
}

/// Weighs one book.
///
/// # Errors
/// When the store cannot be read or written.
pub fn weigh_book(store: &mut StoreWriter, book: &str) -> Result<Weighed, StoreError> {
    weigh_books(store, &[book.to_owned()])
}

/// Weighs the books whose pages were read since they were last weighed.
///
/// Where audits have broken a bound since then, or hold again, every book is weighed: what was accepted
/// is queued again.
///
/// # Errors
/// When the store cannot be read or written.
pub fn weigh_what_is_new(store: &mut StoreWriter) -> Result<Weighed, StoreError> {
    let broken = lines(store)?.broken();
    let before: Vec<String> = store.setting(BROKEN)?.unwrap_or_default();
    if broken != before {
        tracing::warn!("audits have changed what may be accepted: every book is weighed again");
        store.set(BROKEN, &broken, Timestamp::now())?;
    }
    let books = store.books_to_weigh(broken == before)?;
    weigh_books(store, &books)
}

/// Where the lines of acceptance run in a store.
fn lines(store: &Store) -> Result<Lines, StoreError> {
    let mut audits = AuditsByStratum::new();
    for Audit { field_type, critical, plain, right } in store.audits()? {
        trust::add_audit(&mut audits, ValueKind { field_type, plain, critical }, right);
    }
    Ok(Lines::draw(&calibration(store)?, &contract(store)?, &audits))
}

/// The contract of a store, the usual one when its office has set none.
///
/// # Errors
/// When the store cannot be read.
pub fn contract(store: &Store) -> Result<Contract, StoreError> {
    Ok(store.setting(CONTRACT)?.unwrap_or_default())
}

/// The calibration of a store, the shipped one when its office has made none.
///
/// # Errors
/// When the store cannot be read, or its calibration is damaged.
pub fn calibration(store: &Store) -> Result<Calibration, StoreError> {
    let own: Option<String> = store.setting(CALIBRATION)?;
    let known = own.map_or_else(Calibration::shipped, |own| Calibration::parse(&own));
    known.map_err(|error| StoreError::Damaged(error.to_string()))
}

/// What weighing makes of the book now, entry by entry, for [`crate::store::DeskTransaction::keep_reweighed`]:
/// beside people's work, which may go on meanwhile.
///
/// # Errors
/// When the store cannot be read.
pub fn reweigh(store: &Store, book: &str) -> Result<Vec<Reweighed>, StoreError> {
    let (calibration, lines) = (calibration(store)?, lines(store)?);
    let before = store.records_of_book(book)?;
    let linked = store.linked_values(&before)?;
    let cover: BookCover = store.covers()?.remove(book).unwrap_or_default();
    let mut after = before.records.clone();
    pipeline::weigh_book(&mut after, &cover, &linked, (&calibration, &lines));
    store.reweighed(before, after)
}

/// Weighs books.
///
/// # Errors
/// When the store cannot be read or written.
pub fn weigh_books(store: &mut StoreWriter, books: &[String]) -> Result<Weighed, StoreError> {
    let (calibration, lines) = (calibration(store)?, lines(store)?);
    let covers = store.covers()?;
    let mut total = Weighed { books: books.len(), ..Weighed::default() };
    for books in books.chunks(BOOKS_AT_A_TIME) {
        let mut loaded = Vec::with_capacity(books.len());
        for book in books {
            let records = store.records_of_book(book)?;
            let linked = store.linked_values(&records)?;
            loaded.push((book.as_str(), records, linked));
        }
        let weigh = |(book, mut all, linked): (&str, BookRecords, LinkedValues)| {
            let cover = covers.get(book).cloned().unwrap_or_default();
            pipeline::weigh_book(&mut all.records, &cover, &linked, (&calibration, &lines));
            (book.to_owned(), all)
        };
        let weighed: Vec<(String, BookRecords)> = loaded.into_par_iter().map(weigh).collect();
        for (book, all) in weighed {
            store.keep_weighed(&book, &all, Timestamp::now())?;
            for field in all.records.iter().flat_map(|record| &record.fields) {
                match field.status {
                    FieldStatus::Review => total.to_review += 1,
                    _ => total.accepted += 1,
                }
            }
        }
    }
    Ok(total)
}
