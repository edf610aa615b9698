//! `hotich export --format hotich158`: a book handed over to the Ministry's software.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Cursor, Write};
use std::path::Path;

use jiff::civil::Date;
use serde::Serialize;

use super::arguments::Export;
use super::exit::{Failure, Outcome};
use super::issue::write_new;
use super::print_json;
use crate::counter::Counter;
use crate::domain::{BookCover, Kind, PartialDate, RecordToIssue};
use crate::export::hotich158::{
    HandedOver, NamePattern, Obstacle, Preflight, What, preflight, sheet, write_pictures,
};
use crate::store::Store;

/// The day of a sheet whose entry names none.
const UNKNOWN_DAY: Date = Date::constant(1970, 1, 1);

/// Says what stands in the way, and writes the bundle of what is ready: 0 when that is every entry, 3 when it is part
/// of them, 2 when nothing was written.
pub fn hand_over(store: &Store, arguments: &Export) -> Result<Outcome, Failure> {
    let book = arguments.book.as_deref();
    let book = book.ok_or_else(|| Failure::Usage("say which book with --book ID".to_owned()))?;
    let cover = store.book_contents(book).map_err(Failure::nothing)?.book.cover;
    let records = store.records_to_hand_over(book).map_err(Failure::nothing)?;
    let entries = entries(&records, &cover);
    let pattern = arguments.names.clone().unwrap_or_default();
    let found = preflight(&entries, &pattern);
    tell(&found, &records, arguments)?;
    let whole = found.ready.len() == entries.len();
    if arguments.preflight {
        return Ok(if whole { Outcome::Done } else { Outcome::Partly });
    }
    if found.ready.is_empty() || !(whole || arguments.partial) {
        writeln!(
            io::stderr(),
            "nothing was written{}",
            if whole { "" } else { "; --partial hands over what is ready" }
        )?;
        return Ok(Outcome::Nothing);
    }
    let ready: Vec<_> = found.ready.iter().map(|index| (&records[*index], entries[*index])).collect();
    write(store, arguments, (book, &pattern), &ready)?;
    Ok(if whole { Outcome::Done } else { Outcome::Partly })
}

/// The records with their covers and the pages they stand on.
fn entries<'a>(records: &'a [RecordToIssue], cover: &'a BookCover) -> Vec<HandedOver<'a>> {
    let mut pages = BTreeMap::new();
    let mut entries = Vec::new();
    for RecordToIssue { record, picture, .. } in records {
        let page = picture.as_ref().map_or(record.scan.0.as_str(), |picture| picture.image.as_str());
        let next = pages.len() as u32 + 1;
        let page = *pages.entry(page.to_owned()).or_insert(next);
        entries.push(HandedOver { record, cover, page, pictured: picture.is_some() });
    }
    entries
}

/// What stands in the way, and the page on which it is mended.
#[derive(Serialize)]
struct Linked<'f> {
    #[serde(flatten)]
    obstacle: &'f Obstacle,
    link: String,
}

/// What the preflight found, as JSON.
#[derive(Serialize)]
struct Told<'f> {
    obstacles: Vec<Linked<'f>>,
    entries: usize,
    ready: usize,
}

/// Lists what was found: the record, the field, what is wrong, the page to go to.
fn tell(found: &Preflight, records: &[RecordToIssue], arguments: &Export) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    let entries: BTreeMap<String, i64> =
        records.iter().map(|known| (known.record.record_name().to_string(), known.entry)).collect();
    let linked = |obstacle| Linked { obstacle, link: link(&arguments.pages, &entries, obstacle) };
    let obstacles: Vec<Linked<'_>> = found.obstacles.iter().map(linked).collect();
    if arguments.json {
        let told = Told { obstacles, entries: found.entries, ready: found.ready.len() };
        return print_json(&mut output, &told);
    }
    for Linked { obstacle: Obstacle { record, field, what }, link } in &obstacles {
        let field = field.as_ref().map(|field| format!("{field}: ")).unwrap_or_default();
        writeln!(output, "{record}  {field}{}  {link}", in_words(what))?;
    }
    writeln!(io::stderr(), "{} of {} entries are ready", found.ready.len(), found.entries)?;
    Ok(())
}

/// The page of the record, opened at the field.
fn link(pages: &str, entries: &BTreeMap<String, i64>, obstacle: &Obstacle) -> String {
    let entry = entries.get(&obstacle.record).copied().unwrap_or_default();
    let field = obstacle.field.as_ref().map(|field| format!("#{field}")).unwrap_or_default();
    format!("{}/records/{entry}{field}", pages.trim_end_matches('/'))
}

fn in_words(what: &What) -> &'static str {
    match what {
        What::Blank => "must not be blank",
        What::Open => "people have yet to look at it",
        What::Malformed => "not in the form the sheet takes",
        What::Twice => "another entry of the year has this number",
        What::OtherKind => "registers something else than its book",
        What::Name => "the name of its picture does not read back",
        What::SameName => "another entry's picture would have the same name",
        What::NoPicture => "there is no picture of its page",
        What::MonthCut => "only the year is handed over, for the day is not known",
    }
}

/// Writes `BOOK.xlsx` and `BOOK.zip` into the folder of the output.
fn write(
    store: &Store,
    arguments: &Export,
    (book, pattern): (&str, &NamePattern),
    ready: &[(&RecordToIssue, HandedOver<'_>)],
) -> Result<(), Failure> {
    let folder = arguments.output.as_deref().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| Failure::Nothing(format!("{}: {error}", folder.display())))?;
    let counter = Counter::open(Some(store.folder()), None).map_err(Failure::nothing)?;
    let pictures = ready.iter().map(|(record, entry)| {
        let date = entry.record.field("registration.date").and_then(|field| field.value.parse().ok());
        let page =
            counter.entry_page(store.folder(), record, date.map_or(UNKNOWN_DAY, PartialDate::earliest));
        page.map(|page| (pattern.name(entry).0, page.unwrap_or_default()))
    });
    let mut zip = Cursor::new(Vec::new());
    write_pictures(pictures, &mut zip).map_err(Failure::nothing)?;
    let name = book.replace(['/', '\\'], "-");
    let kind = ready.first().map_or(Kind::Birth, |(_, entry)| entry.record.kind);
    let entries: Vec<_> = ready.iter().map(|(_, entry)| *entry).collect();
    write_new(&folder.join(format!("{name}.zip")), zip.get_ref())?;
    write_new(&folder.join(format!("{name}.xlsx")), &sheet(kind, &entries).map_err(Failure::nothing)?)?;
    writeln!(io::stderr(), "{} entries written to {name}.xlsx and {name}.zip", entries.len())?;
    Ok(())
}
