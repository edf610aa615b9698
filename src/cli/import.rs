//! `hotich import`: a spreadsheet in the Ministry's columns laid beside what was read, or one that the Ministry's
//! software sent back.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use super::arguments::Import;
use super::exit::{Failure, Outcome};
use super::opening::existing_store;
use super::print_json;

use crate::domain::{DraftRecord, FieldName, Kind, PartialDate, RecordName};
use crate::export::hotich158::{KeyedRow, is_own_sheet, keyed, read_sheet};
use crate::store::{Laid, Store, StoreError};
use crate::weighing::weigh_book;

/// What came of a row.
#[derive(Debug, Serialize)]
struct Row {
    /// Which row of the sheet, from 1 below the head.
    row: usize,
    /// The record it is about; none when none was found, or several.
    record: Option<String>,
    /// What came of its values.
    fields: BTreeMap<FieldName, Laid>,
    /// Why the Ministry's software sent it back.
    rejected: Option<String>,
}

/// What tells an entry of a book: kind, number, year of registration.
type Key = (Kind, String, Option<i16>);

/// Lays row after row beside its record; 3 when a row found none or was sent back, 2 when no row found one.
pub fn import(arguments: &Import) -> Result<Outcome, Failure> {
    let folder = existing_store(&arguments.store.store)?;
    let file = &arguments.file;
    let bytes = fs::read(file).map_err(|error| Failure::Nothing(format!("{}: {error}", file.display())))?;
    let no_sheet = |error| Failure::Nothing(format!("{}: {error}", file.display()));
    let rows: Vec<_> = read_sheet(&bytes).map_err(no_sheet)?.iter().map(|row| keyed(row)).collect();
    let sent_back = rows.iter().flatten().any(|row| row.rejected.is_some());
    // What was taken from the records says nothing new of them.
    let keyed_here = !sent_back && !is_own_sheet(&bytes);
    let mut desk = Store::open_desk(folder).map_err(Failure::nothing)?;
    let records = desk.records_to_hand_over(&arguments.book).map_err(Failure::nothing)?;
    let mut known: BTreeMap<Key, Vec<RecordName>> = BTreeMap::new();
    for record in &records {
        known.entry(key(&record.record)).or_default().push(record.record.record_name());
    }
    let transaction = desk.begin(Timestamp::now()).map_err(Failure::nothing)?;
    let mut done = Vec::new();
    for (index, row) in rows.into_iter().enumerate() {
        let record = row.as_ref().and_then(|row| only(&known, row));
        let laid = match (&row, record) {
            (Some(row), Some(record)) => {
                if let Some(why) = &row.rejected {
                    transaction.send_back(record, &row.rejected_fields, why).map_err(Failure::nothing)?;
                }
                transaction.lay_beside(record, &row.values, keyed_here).map_err(Failure::nothing)?
            }
            _ => Vec::new(),
        };
        done.push(Row {
            row: index + 1,
            record: record.map(RecordName::to_string),
            fields: laid.into_iter().collect(),
            rejected: row.and_then(|row| row.rejected),
        });
    }
    transaction.commit().map_err(Failure::nothing)?;
    drop(desk);
    weigh(folder, &arguments.book)?;
    tell(&done, arguments.json)
}

/// Lets the values that were keyed count; while a batch is running they count when it weighs the book.
fn weigh(folder: &Path, book: &str) -> Result<(), Failure> {
    match Store::create_or_open(folder) {
        Ok(mut store) => weigh_book(&mut store, book).map(|_| ()).map_err(Failure::nothing),
        Err(StoreError::InUse { .. }) => {
            writeln!(
                io::stderr(),
                "another process writes to this store: run `hotich weigh` when it has ended"
            )?;
            Ok(())
        }
        Err(error) => Err(Failure::nothing(error)),
    }
}

fn key(record: &DraftRecord) -> Key {
    let value = |field: &str| record.field(field).map_or("", |field| field.value.as_str());
    let registered = value("registration.date").parse().ok().map(PartialDate::year);
    (record.kind, value("entry.number").trim_start_matches('0').to_owned(), registered)
}

/// The one record a row is about.
fn only<'a>(known: &'a BTreeMap<Key, Vec<RecordName>>, row: &KeyedRow) -> Option<&'a RecordName> {
    match known.get(&(row.kind, row.number.clone(), row.year))?.as_slice() {
        [record] => Some(record),
        _ => None,
    }
}

fn tell(rows: &[Row], json: bool) -> Result<Outcome, Failure> {
    let mut output = io::stdout().lock();
    let found = rows.iter().filter(|row| row.record.is_some()).count();
    let rejected = rows.iter().filter(|row| row.rejected.is_some()).count();
    let mut counts: BTreeMap<Laid, usize> = BTreeMap::new();
    for row in rows {
        row.fields.values().for_each(|laid| *counts.entry(*laid).or_default() += 1);
        match (&row.record, json) {
            (_, true) => print_json(&mut output, row)?,
            (None, false) => {
                writeln!(output, "row {}: no record, or several, with its number and year", row.row)?
            }
            (Some(record), false) if row.rejected.is_some() => {
                writeln!(output, "row {}: sent back, see {record}", row.row)?;
            }
            _ => {}
        }
    }
    let count = |laid| counts.get(&laid).copied().unwrap_or_default();
    writeln!(
        io::stderr(),
        "{found} of {} rows found their records: {} values agree, {} differ and wait for a person, {} differ from what people settled; {rejected} rows were sent back",
        rows.len(),
        count(Laid::Agrees),
        count(Laid::Differs),
        count(Laid::DiffersFromSettled)
    )?;
    Ok(match (found, rows.len(), rejected) {
        (0, ..) => Outcome::Nothing,
        (found, rows, 0) if found == rows => Outcome::Done,
        _ => Outcome::Partly,
    })
}
