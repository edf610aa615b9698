//! `hotich issue --batch`: a copy for each line of a list.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::arguments::Issue;
use super::super::exit::{Failure, Outcome};
use super::super::opening::outcome;
use super::super::print_json;
use super::{counter, output, request, text_of};
use crate::counter::Order;
use crate::domain::{CopyRequest, RecordName};
use crate::store::Store;

/// A line of the list.
#[derive(Debug, Deserialize)]
struct Line {
    record: String,
    requester: String,
    #[serde(default)]
    relation: String,
    #[serde(default)]
    identity_paper: String,
    copies: Option<u32>,
    fee: Option<u32>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    paper: String,
}

/// What became of a line.
#[derive(Debug, Serialize)]
struct Done {
    /// The line of the file; its head is line 1.
    line: usize,
    record: String,
    number: Option<String>,
    file: Option<String>,
    failed: Option<String>,
}

/// Issues line after line; a line that fails uses up no number and stops no other.
pub fn issue_many(folder: &Path, arguments: &Issue, file: &Path) -> Result<Outcome, Failure> {
    let to = arguments.output.as_deref();
    let to =
        to.ok_or_else(|| Failure::Usage("say which folder the documents go to with -o DIR".to_owned()))?;
    let lines = lines(file)?;
    fs::create_dir_all(to).map_err(|error| Failure::Nothing(format!("{}: {error}", to.display())))?;
    let counter = counter(folder, arguments)?;
    let mut desk = Store::open_desk(folder).map_err(Failure::nothing)?;
    let (mut failed, mut out) = (0, io::stdout().lock());
    for (index, line) in lines.iter().enumerate() {
        let issued = order(line, arguments, &desk).and_then(|order| {
            let now = Timestamp::now();
            let (copy, pdf) = counter.issue(&mut desk, &order, now).map_err(|error| error.to_string())?;
            let name = format!("{}.pdf", copy.number_text().replace('/', "-"));
            let written = output::write_new(&to.join(&name), &pdf);
            super::kept_under(&copy, written).map_err(|f| f.message().unwrap_or_default().to_owned())?;
            Ok((copy.number_text(), name))
        });
        let mut done =
            Done { line: index + 2, record: line.record.clone(), number: None, file: None, failed: None };
        match issued {
            Ok((number, name)) => (done.number, done.file) = (Some(number), Some(name)),
            Err(why) => done.failed = Some(why),
        }
        failed += usize::from(done.failed.is_some());
        tell(&mut out, &done, arguments.json)?;
    }
    Ok(outcome(lines.len(), failed))
}

fn tell(out: &mut dyn Write, done: &Done, json: bool) -> Result<(), Failure> {
    match (json, &done.number, &done.failed) {
        (true, ..) => print_json(out, done)?,
        (false, Some(number), _) => writeln!(out, "{number}")?,
        (false, None, why) => {
            writeln!(io::stderr(), "line {}: {}", done.line, why.as_deref().unwrap_or_default())?;
        }
    }
    Ok(())
}

fn lines(file: &Path) -> Result<Vec<Line>, Failure> {
    let text = text_of(file)?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let lines = reader.deserialize().enumerate().map(|(index, line)| {
        // The message of the reader would quote what stands in the line.
        line.map_err(|_| {
            let place = format!("{}, line {}", file.display(), index + 2);
            Failure::Usage(format!(
                "{place}: not understood; the head must name record and requester, copies and fee are numbers"
            ))
        })
    });
    lines.collect()
}

fn order(line: &Line, arguments: &Issue, store: &Store) -> Result<Order, String> {
    let record: RecordName = line.record.parse()?;
    let usual = request(arguments, store);
    let copies = line.copies.unwrap_or(1);
    let each = usual.fee / usual.copies.max(1);
    let request = CopyRequest {
        requester: line.requester.clone(),
        relation: line.relation.clone(),
        identity_paper: line.identity_paper.clone(),
        copies,
        fee: line.fee.unwrap_or(each * copies),
        note: line.note.clone(),
        ..usual
    };
    let paper = Some(line.paper.clone()).filter(|paper| !paper.is_empty());
    Ok(Order { record, paper: paper.or_else(|| arguments.paper.clone()), request, proof: arguments.proof })
}
