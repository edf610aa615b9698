//! `hotich issue` and `hotich office`: copies for citizens, their log, and how papers look.

mod batch;
mod output;
mod verify;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use jiff::{Timestamp, Zoned};

use super::arguments::{Issue, LogFormat, SetOffice};
use super::exit::{Failure, Outcome};
use super::opening::existing_store;
use super::print_json;
use crate::counter::{self, Counter, CounterError, Order};
use crate::domain::{CopyNumber, CopyRequest, IssuedCopy, NumberSeries, RecordName};
use crate::issue::{IssueError, Office, log_sheet};
use crate::store::{Desk, Store, StoreError};
pub use output::{give, write_new};

/// Does what is asked for.
pub fn issue(arguments: &Issue) -> Result<Outcome, Failure> {
    if let Some(paper) = &arguments.preview {
        return preview(arguments, paper);
    }
    let folder = existing_store(arguments.store.as_deref().unwrap_or(Path::new("")))?;
    if let Some(what) = &arguments.verify {
        return verify::verify(&Store::open_read(folder).map_err(Failure::nothing)?, what, arguments.json);
    }
    if let Some(copy) = &arguments.reprint {
        return reprint(folder, arguments, copy);
    }
    if let Some(copy) = &arguments.void {
        return void(folder, arguments, copy);
    }
    if arguments.log {
        return log(folder, arguments);
    }
    match (&arguments.record, &arguments.batch) {
        (Some(record), _) => issue_one(folder, arguments, record),
        (None, Some(file)) => batch::issue_many(folder, arguments, file),
        (None, None) => Err(Failure::Usage("name a record".to_owned())),
    }
}

/// A paper with invented data.
fn preview(arguments: &Issue, paper: &str) -> Result<Outcome, Failure> {
    let counter =
        Counter::open(arguments.store.as_deref(), arguments.templates.as_deref()).map_err(refused_paper)?;
    let pdf = counter.specimen(paper, Zoned::now().date()).map_err(refused_paper)?;
    give(arguments.output.as_deref(), &pdf)?;
    Ok(Outcome::Done)
}

/// One copy of one record.
fn issue_one(folder: &Path, arguments: &Issue, record: &RecordName) -> Result<Outcome, Failure> {
    let output = arguments.output.as_deref();
    let output =
        output.ok_or_else(|| Failure::Usage("say where the document goes with -o FILE".to_owned()))?;
    let counter = counter(folder, arguments)?;
    let mut desk = Store::open_desk(folder).map_err(Failure::nothing)?;
    let request = request(arguments, &desk);
    let order =
        Order { record: record.clone(), paper: arguments.paper.clone(), request, proof: arguments.proof };
    match counter.issue(&mut desk, &order, Timestamp::now()) {
        Ok((copy, pdf)) => {
            kept_under(&copy, write_new(output, &pdf))?;
            tell(&copy, arguments.json)
        }
        Err(CounterError::Paper(IssueError::Unverified(missing))) => {
            if arguments.json {
                print_json(&mut io::stdout().lock(), &serde_json::json!({ "missing": missing }))?;
            }
            Err(refused(CounterError::Paper(IssueError::Unverified(missing))))
        }
        Err(error) => Err(refused(error)),
    }
}

/// The counter of the store, with its layouts.
fn counter(folder: &Path, arguments: &Issue) -> Result<Counter, Failure> {
    Counter::open(Some(folder), arguments.templates.as_deref()).map_err(refused_paper)
}

/// What the log is to keep, with the office's fee where none is named.
fn request(arguments: &Issue, store: &Store) -> CopyRequest {
    let given = &arguments.request;
    let fee = || counter::office(store).map(|office| office.fee).unwrap_or_default() * given.copies;
    CopyRequest {
        requester: given.requester.clone().unwrap_or_default(),
        relation: given.relation.clone(),
        identity_paper: given.identity_paper.clone(),
        copies: given.copies,
        fee: given.fee.unwrap_or_else(fee),
        signer: given.signer.clone(),
        signer_title: given.signer_title.clone(),
        note: given.note.clone(),
        issued_by: given.by.clone(),
        on: Zoned::now().date(),
    }
}

/// A copy that is in the log but could not be written is given out again by its number.
fn kept_under(copy: &IssuedCopy, written: Result<(), Failure>) -> Result<(), Failure> {
    written.map_err(|failure| {
        let why = failure.message().unwrap_or_default();
        let number = copy.number_text();
        Failure::Partly(format!("{why}; copy {number} is issued: get it with --reprint {number}"))
    })
}

/// Says what was issued.
fn tell(copy: &IssuedCopy, json: bool) -> Result<Outcome, Failure> {
    if json {
        print_json(&mut io::stdout().lock(), copy)?;
    } else {
        writeln!(io::stdout(), "{}", copy.number_text())?;
    }
    Ok(Outcome::Done)
}

/// The very document that was issued.
fn reprint(folder: &Path, arguments: &Issue, copy: &CopyNumber) -> Result<Outcome, Failure> {
    let store = Store::open_read(folder).map_err(Failure::nothing)?;
    let pdf = store.copy_document(copy).map_err(Failure::nothing)?;
    give(arguments.output.as_deref(), &pdf)?;
    if store.issued_copy(copy).map_err(Failure::nothing)?.voided.is_some() {
        writeln!(io::stderr(), "this copy has been voided: do not hand it out")?;
    }
    Ok(Outcome::Done)
}

fn void(folder: &Path, arguments: &Issue, copy: &CopyNumber) -> Result<Outcome, Failure> {
    let mut desk: Desk = Store::open_desk(folder).map_err(Failure::nothing)?;
    let transaction = desk.begin(Timestamp::now()).map_err(Failure::nothing)?;
    let reason = arguments.reason.as_deref().unwrap_or_default();
    transaction.void_copy(copy, reason, &arguments.request.by).map_err(Failure::nothing)?;
    transaction.commit().map_err(Failure::nothing)?;
    Ok(Outcome::Done)
}

/// The log on paper, as a spreadsheet or as lines.
fn log(folder: &Path, arguments: &Issue) -> Result<Outcome, Failure> {
    let store = Store::open_read(folder).map_err(Failure::nothing)?;
    let copies = || store.issued_copies(arguments.year).map_err(Failure::nothing);
    let bytes = match arguments.format {
        LogFormat::Pdf => {
            let counter = counter(folder, arguments)?;
            counter.log(&store, (&copies()?, arguments.year), Zoned::now().date()).map_err(refused)?
        }
        LogFormat::Xlsx => log_sheet(&copies()?).map_err(refused_paper)?,
        LogFormat::Jsonl => {
            let mut lines = Vec::new();
            copies()?.iter().try_for_each(|copy| print_json(&mut lines, copy))?;
            lines
        }
    };
    give(arguments.output.as_deref(), &bytes)?;
    Ok(Outcome::Done)
}

/// Shows what the office is called on its papers, after changing what is given.
pub fn office(arguments: &SetOffice) -> Result<Outcome, Failure> {
    let folder = existing_store(&arguments.store.store)?;
    let mut desk = Store::open_desk(folder).map_err(Failure::nothing)?;
    let before = counter::office(&desk).unwrap_or_default();
    let mut office = before.clone();
    let set = |to: &mut String, text: &Option<String>| {
        if let Some(text) = text {
            *to = crate::domain::text::clean(text);
        }
    };
    set(&mut office.superior, &arguments.superior);
    set(&mut office.name, &arguments.name);
    set(&mut office.place, &arguments.place);
    set(&mut office.signer.name, &arguments.signer);
    set(&mut office.signer.title, &arguments.signer_title);
    office.fee = arguments.fee.unwrap_or(office.fee);
    if office.name.is_empty() && office != Office::default() {
        return Err(Failure::Usage("give the office a name with --name".to_owned()));
    }
    if office != before {
        counter::set_office(&mut desk, &office, Timestamp::now()).map_err(Failure::nothing)?;
    }
    set_first_numbers(&mut desk, &arguments.first_number)?;
    print_json(&mut io::stdout().lock(), &office)?;
    Ok(Outcome::Done)
}

/// Says with which numbers the series begin this year, all of them or none.
fn set_first_numbers(desk: &mut Desk, numbers: &[(String, u32)]) -> Result<(), Failure> {
    let year = Zoned::now().year();
    let who = std::env::var("USER").unwrap_or_else(|_| "unknown".to_owned());
    let transaction = desk.begin(Timestamp::now()).map_err(Failure::nothing)?;
    for (symbol, first) in numbers {
        let series = NumberSeries { symbol: symbol.clone(), year };
        transaction.set_first_number(&series, *first, &who).map_err(Failure::nothing)?;
    }
    transaction.commit().map_err(Failure::nothing)
}

/// What is asked for wrongly is wrong use, everything else nothing done.
fn refused(error: CounterError) -> Failure {
    match error {
        CounterError::Paper(error) => refused_paper(error),
        CounterError::NoOffice | CounterError::NoSigner | CounterError::NoRequester => {
            Failure::Usage(error.to_string())
        }
        CounterError::Store(StoreError::Unknown(what)) => {
            Failure::Usage(StoreError::Unknown(what).to_string())
        }
        CounterError::Store(other) => Failure::nothing(other),
    }
}

fn refused_paper(error: IssueError) -> Failure {
    match error {
        IssueError::UnknownPaper { .. } | IssueError::OtherKind { .. } => Failure::Usage(error.to_string()),
        other => Failure::nothing(other),
    }
}

/// A whole file as text.
fn text_of(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::Nothing(format!("{}: {error}", path.display())))
}
