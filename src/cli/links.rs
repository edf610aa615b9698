//! `hotich links`: entries that may be about the same event, person or parents.

use std::io::{self, Write};

use super::arguments::{FindLinks, LinksCommand, ListLinks, SettleLink};
use super::exit::{Failure, Outcome};
use super::opening::existing_store;
use super::print_json;
use crate::link::{self, Agreement, Candidate, EventReader, Reason, Search};
use crate::store::{ProposedLink, Store, StoredLink};

/// One of the verbs.
pub fn links(command: LinksCommand) -> Result<Outcome, Failure> {
    match command {
        LinksCommand::Find(arguments) => find(&arguments),
        LinksCommand::List(arguments) => list(&arguments),
        LinksCommand::Settle(arguments) => settle(&arguments),
    }
}

/// Searches the whole store and notes what was found.
fn find(arguments: &FindLinks) -> Result<Outcome, Failure> {
    let mut store =
        Store::create_or_open(existing_store(&arguments.store.store)?).map_err(Failure::nothing)?;
    let book = arguments
        .book
        .as_deref()
        .map(|book| store.book_number(book))
        .transpose()
        .map_err(Failure::nothing)?;
    let mut reader = EventReader::default();
    let mut books = std::collections::HashMap::new();
    let mut last = None;
    store
        .link_fields(&EventReader::FIELDS, |field| {
            if last != Some(field.entry) {
                reader.begin(field.entry, field.book, field.kind);
                if book.is_some() {
                    books.insert(field.entry, field.book);
                }
                last = Some(field.entry);
            }
            reader.field(field.name, field.value, field.status, field.confidence);
        })
        .map_err(Failure::nothing)?;
    let mut found = link::find(&reader.finish(), Search { least: arguments.least });
    if book.is_some() {
        let of_book = |entry| books.get(&entry).copied() == book;
        found.retain(|link| of_book(link.first) || of_book(link.second));
    }
    let proposed: Vec<_> = found.iter().map(proposed).collect::<Result<_, _>>()?;
    store.propose_links(&proposed, book, jiff::Timestamp::now()).map_err(Failure::nothing)?;
    writeln!(io::stderr(), "{} candidates found; `hotich links list` shows them", proposed.len())?;
    Ok(Outcome::Done)
}

fn proposed(candidate: &Candidate) -> Result<ProposedLink, Failure> {
    Ok(ProposedLink {
        kind: candidate.kind.as_str(),
        ends: [(candidate.first, candidate.first_role), (candidate.second, candidate.second_role)],
        score: candidate.score,
        reasons: serde_json::to_string(&candidate.reasons).map_err(Failure::nothing)?,
    })
}

/// Lists the links, likeliest first.
fn list(arguments: &ListLinks) -> Result<Outcome, Failure> {
    let store = Store::open_read(&arguments.store.store).map_err(Failure::nothing)?;
    let mut output = io::stdout().lock();
    for link in store.links().map_err(Failure::nothing)? {
        if arguments.json {
            print_json(&mut output, &link)?;
        } else {
            show(&link, &mut output)?;
        }
    }
    Ok(Outcome::Done)
}

fn show(link: &StoredLink, output: &mut dyn Write) -> Result<(), Failure> {
    let [a, b] = &link.ends;
    let state = serde_json::to_value(link.state).map_err(Failure::nothing)?;
    let kind = link.kind.replace('_', " ");
    writeln!(output, "{} {kind} {:.3} {}", link.id, link.score, state.as_str().unwrap_or_default())?;
    for end in [a, b] {
        writeln!(output, "  {} entry {}: {} ({})", end.scan, end.entry, end.role, end.registers)?;
    }
    let reasons: Vec<Reason> = serde_json::from_value(link.reasons.clone()).unwrap_or_default();
    writeln!(output, "  {}", reasons.iter().map(sentence).collect::<Vec<_>>().join("; "))?;
    Ok(())
}

/// A reason in words.
fn sentence(reason: &Reason) -> String {
    let how = match reason.agreement {
        Agreement::Exact => "the same",
        Agreement::AccentsOff => "the same but for accents",
        Agreement::OneLetter => "one letter or figure apart",
        Agreement::Partly => "partly the same",
        Agreement::Differs => "different",
    };
    let field = reason.field.replace(['.', '_'], " ");
    format!("{field} {how} ({:+.1})", reason.weight)
}

/// Notes what a person says of a link.
fn settle(arguments: &SettleLink) -> Result<Outcome, Failure> {
    let mut store =
        Store::create_or_open(existing_store(&arguments.store.store)?).map_err(Failure::nothing)?;
    let same = arguments.verdict == super::arguments::LinkVerdict::Same;
    store.settle_link(arguments.id, same, &arguments.by, jiff::Timestamp::now()).map_err(Failure::nothing)?;
    Ok(Outcome::Done)
}
