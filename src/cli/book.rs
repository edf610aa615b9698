//! `hotich book`: the books of a store, their certificates, and what people say of their numbers.

use std::io::{self, Write};

use comfy_table::Table;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use serde::Serialize;

use super::arguments::{BookCommand, CertificateFormat, CertifyBook, KeyTotals, ListBooks, StateNumbers};
use super::exit::{Failure, Outcome};
use super::issue::give;
use super::opening::existing_store;
use super::print_json;
use crate::certify::{self, Account, Certificate, Language};
use crate::counter::Counter;
use crate::domain::{BookCover, NumberAccount};
use crate::issue::CertificateLines;
use crate::store::Store;

/// One of the verbs.
pub fn book(command: BookCommand) -> Result<Outcome, Failure> {
    match command {
        BookCommand::List(arguments) => list(&arguments),
        BookCommand::Certify(arguments) => certify(&arguments),
        BookCommand::Void(arguments) => state(&arguments, NumberAccount::Voided),
        BookCommand::Lost(arguments) => state(&arguments, NumberAccount::Lost),
        BookCommand::Withdraw(arguments) => state(&arguments, NumberAccount::Withdrawn),
        BookCommand::Totals(arguments) => totals(&arguments),
    }
}

/// One line of the list of books.
#[derive(Serialize)]
struct Listed {
    book: String,
    kind: Option<crate::domain::Kind>,
    year: Option<i16>,
    pages: u32,
    entries: usize,
    missing: usize,
    unexplained: usize,
}

impl From<&Certificate> for Listed {
    fn from(certificate: &Certificate) -> Self {
        let numbers = certificate.runs.iter().flat_map(|run| &run.numbers);
        let entries = numbers.filter(|number| number.entry.is_some()).count();
        Self {
            book: certificate.book.clone(),
            kind: certificate.cover.kind,
            year: certificate.cover.year,
            pages: certificate.pages.with_entries,
            entries,
            missing: certificate.missing().len(),
            unexplained: certificate.findings.iter().filter(|finding| finding.open).count(),
        }
    }
}

/// Lists the books; 3 while any of them is unexplained.
fn list(arguments: &ListBooks) -> Result<Outcome, Failure> {
    let store = Store::open_read(&arguments.store.store).map_err(Failure::nothing)?;
    let status = store.status().map_err(Failure::nothing)?;
    let mut output = io::stdout().lock();
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    table.set_header(["book", "kind", "year", "pages", "entries", "missing", "unexplained"]);
    let mut clean = true;
    for book in &status.books {
        let listed = Listed::from(&certificate(&store, &book.name)?);
        clean &= listed.unexplained == 0;
        if arguments.json {
            print_json(&mut output, &listed)?;
        } else {
            table.add_row(row(&listed));
        }
    }
    if !arguments.json {
        writeln!(output, "{table}")?;
    }
    Ok(if clean { Outcome::Done } else { Outcome::Partly })
}

fn row(listed: &Listed) -> [String; 7] {
    let Listed { book, kind, year, pages, entries, missing, unexplained } = listed;
    let kind = kind.map(|kind| kind.to_string()).unwrap_or_default();
    let year = year.map(|year| year.to_string()).unwrap_or_default();
    let [pages, entries, missing, unexplained] =
        [*pages as usize, *entries, *missing, *unexplained].map(|number| number.to_string());
    [book.clone(), kind, year, pages, entries, missing, unexplained]
}

/// Prints the certificate of a book; 3 while something is unexplained.
fn certify(arguments: &CertifyBook) -> Result<Outcome, Failure> {
    let store = Store::open_read(&arguments.store.store).map_err(Failure::nothing)?;
    let certificate = certificate(&store, &arguments.book)?;
    let language = if arguments.vietnamese { Language::Vietnamese } else { Language::English };
    let mut output = io::stdout().lock();
    if arguments.json {
        print_json(&mut output, &certificate)?;
    } else if arguments.format == CertificateFormat::Pdf {
        drop(output);
        print(&store, &certificate, language, arguments)?;
    } else {
        certify::write(&certificate, language, &mut output)?;
    }
    Ok(if certificate.explained() { Outcome::Done } else { Outcome::Partly })
}

/// The certificate on paper.
fn print(
    store: &Store,
    certificate: &Certificate,
    language: Language,
    arguments: &CertifyBook,
) -> Result<(), Failure> {
    let certify::Lines { title, about, verdict, sections } = certify::lines(certificate, language);
    let language = match language {
        Language::English => "en",
        Language::Vietnamese => "vi",
    };
    let lines = CertificateLines { language, title, about, verdict, sections };
    let counter = Counter::open(Some(store.folder()), None).map_err(Failure::nothing)?;
    let pdf = counter.certificate(store, &lines, jiff::Zoned::now().date()).map_err(Failure::nothing)?;
    give(arguments.output.as_deref(), &pdf)
}

fn certificate(store: &Store, book: &str) -> Result<Certificate, Failure> {
    Ok(certify::certify(&store.book_contents(book).map_err(Failure::nothing)?))
}

/// Notes what a person says of numbers that have no entry.
fn state(arguments: &StateNumbers, account: NumberAccount) -> Result<Outcome, Failure> {
    let (first, last) = arguments.numbers;
    let mut store =
        Store::create_or_open(existing_store(&arguments.store.store)?).map_err(Failure::nothing)?;
    let contents = store.book_contents(&arguments.book).map_err(Failure::nothing)?;
    let held = certify::certify(&contents).runs.into_iter().flat_map(|run| run.numbers).any(|number| {
        (first..=last).contains(&number.number)
            && matches!(number.account, Account::Record | Account::RowUnreadable)
    });
    let reason = arguments.reason.as_deref().map(str::trim).unwrap_or_default();
    if reason.is_empty() && account != NumberAccount::Withdrawn {
        return Err(Failure::Usage(
            "say why with --reason: it stands beside the numbers for ever".to_owned(),
        ));
    }
    let numbers = (arguments.year, first, last);
    store
        .state_numbers(&arguments.book, numbers, (account, reason), &arguments.by, jiff::Timestamp::now())
        .map_err(Failure::nothing)?;
    if held && account != NumberAccount::Withdrawn {
        writeln!(io::stderr(), "noted; where a number has an entry the entry counts")?;
    }
    Ok(Outcome::Done)
}

/// Notes the totals of the closing statement.
fn totals(arguments: &KeyTotals) -> Result<Outcome, Failure> {
    let totals = BookCover {
        first_number: arguments.first,
        last_number: arguments.last,
        entries: arguments.entries,
        pages: arguments.pages,
        ..BookCover::default()
    };
    if totals == BookCover::default() {
        return Err(Failure::Usage("give --entries, --pages, --first or --last".to_owned()));
    }
    let mut store =
        Store::create_or_open(existing_store(&arguments.store.store)?).map_err(Failure::nothing)?;
    let now = jiff::Timestamp::now();
    store.key_totals(&arguments.book, &totals, &arguments.by, now).map_err(Failure::nothing)?;
    Ok(Outcome::Done)
}
