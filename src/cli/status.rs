//! `hotich status`: books, pages, entries, fields and what failed.

use std::io::{self, Write};

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, Table};
use indexmap::IndexMap;
use serde::Serialize;

use super::arguments::Status;
use super::exit::{Failure, Outcome};
use super::print_json;
use crate::domain::FailureReason;
use crate::store::{BookStatus, FailedScan, FieldCounts, ScanCounts, Store, StoreStatus};

#[derive(Serialize)]
struct Answer<'a> {
    books: &'a [BookStatus],
    pages: ScanCounts,
    entries: u64,
    fields: FieldCounts,
    failed: Vec<Failed<'a>>,
    milliseconds_by_stage: IndexMap<String, f64>,
}

#[derive(Serialize)]
struct Failed<'a> {
    scan: &'a str,
    reason: FailureReason,
    message: &'a str,
    attempts: u32,
}

/// Shows the store as a table, or as JSON.
pub fn status(arguments: &Status) -> Result<Outcome, Failure> {
    let store = Store::open_read(&arguments.store.store).map_err(Failure::nothing)?;
    let status = store.status().map_err(Failure::nothing)?;
    let mut output = io::stdout().lock();
    if arguments.json {
        let answer = Answer {
            books: &status.books,
            pages: status.scans,
            entries: status.entries,
            fields: status.fields,
            failed: status.failed.iter().map(failed).collect(),
            milliseconds_by_stage: store
                .milliseconds_by_stage()
                .map_err(Failure::nothing)?
                .into_iter()
                .collect(),
        };
        print_json(&mut output, &answer)?;
    } else {
        show(&status, &mut output)?;
    }
    Ok(Outcome::Done)
}

fn failed(failed: &FailedScan) -> Failed<'_> {
    Failed { scan: &failed.name, reason: failed.reason, message: &failed.message, attempts: failed.attempts }
}

fn show(status: &StoreStatus, output: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    table.set_header(["book", "pages read", "other pages", "to read", "failed", "entries"]);
    for book in &status.books {
        table.add_row(row(&book.name, &book.scans, book.entries));
    }
    if status.books.len() > 1 {
        table.add_row(row("all", &status.scans, status.entries));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    writeln!(output, "{table}")?;
    let FieldCounts { accepted, review, verified, blank, illegible, torn } = status.fields;
    writeln!(
        output,
        "fields: {accepted} accepted, {blank} blank, {verified} verified, {illegible} illegible, {torn} torn off, {review} to review"
    )?;
    for failed in &status.failed {
        let (name, reason) = (&failed.name, failed.reason.as_str());
        writeln!(output, "failed: {name} ({reason}, tried {} times): {}", failed.attempts, failed.message)?;
    }
    Ok(())
}

fn row(name: &str, scans: &ScanCounts, entries: u64) -> Vec<String> {
    let ScanCounts { pending, read, not_a_form, failed } = scans;
    let numbers = [read, not_a_form, pending, failed, &entries].map(ToString::to_string);
    std::iter::once(name.to_owned()).chain(numbers).collect()
}
