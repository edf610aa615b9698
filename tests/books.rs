//! Takes every page in turn out of every book and asks what the certificate says.

#![allow(clippy::unwrap_used)] // A test that cannot go on shall stop.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hotich::certify::{Account, What, certify};
use hotich::domain::{
    Book, BookContents, BookCover, BookPage, BookPageFinding, Confidence, DraftField, DraftRecord, FieldName,
    FieldStatus, FieldType, FormId, Kind, Rectangle, ScanName,
};
use serde_json::Value;

#[test]
fn the_certificate_names_what_is_on_the_page_taken_out_and_nothing_when_none_is() {
    for era in &ERAS {
        let whole = invented(era);
        each_page_in_turn(&whole);
    }
}

#[test]
fn the_certificate_of_a_long_book_comes_at_once() {
    let whole = invented(&Era { pages: 150, entries: &[1], ..ERAS[3] });
    let begin = std::time::Instant::now();
    let wide = invented(&Era { pages: 30, entries: &[5], ..ERAS[3] });
    assert!(certify(&whole).explained() && certify(&wide).explained());
    let seconds = begin.elapsed().as_secs_f64();
    assert!(seconds < 2.0, "two books of 150 entries took {seconds} s");
}

/// Books with truth beside the repository, or in the folder `HOTICH_BOOKS` names; where there are
/// none there is nothing to do.
#[test]
fn books_with_truth_come_out_as_they_are() {
    let folder = std::env::var_os("HOTICH_BOOKS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/registers"), PathBuf::from);
    let Ok(truth) = std::fs::read_to_string(folder.join("truth.jsonl")) else { return };
    let ends = ends(&folder.join("truth-books.jsonl"));
    let books = from_truth(&truth, &ends);
    assert!(!books.is_empty());
    for book in books.values() {
        each_page_in_turn(book);
    }
}

/// Takes out each page, once under names of scans that tell nothing and once under those it has.
fn each_page_in_turn(whole: &BookContents) {
    let nameless = |mut contents: BookContents| {
        for (position, page) in contents.pages.iter_mut().enumerate() {
            page.scan =
                ScanName(format!("{}/{}", contents.book.name, char::from(b'a' + (position * 7 % 26) as u8)));
        }
        contents
    };
    let absent: Vec<u32> = missing(whole);
    let held: Vec<u32> = whole.pages.iter().flat_map(numbers).collect();
    let (lowest, highest) = (*held.iter().min().unwrap(), *held.iter().max().unwrap());
    let really: Vec<u32> = (lowest..=highest).filter(|number| !held.contains(number)).collect();
    assert_eq!(absent, really, "{}: nothing was taken out", whole.book.name);
    for position in 0..whole.pages.len() {
        let mut contents = whole.clone();
        let page = contents.pages.remove(position);
        let mut wanted = [really.clone(), numbers(&page)].concat();
        wanted.sort_unstable();
        for contents in [contents.clone(), nameless(contents.clone())] {
            assert_eq!(missing(&contents), wanted, "{} without its page {}", whole.book.name, position + 1);
        }
        let certificate = certify(&contents);
        assert!(!certificate.explained());
        let taken = numbers(&page);
        let accounts = certificate.runs.iter().flat_map(|run| &run.numbers);
        let mut accounts = accounts.filter(|number| taken.contains(&number.number));
        assert!(
            accounts
                .all(|number| number.account == Account::PageMissing
                    || number.account == Account::NotExplained)
        );
        let told = certificate.findings.iter().filter(|finding| matches!(finding.what, What::Missing { .. }));
        assert!(told.count() >= 1);
    }
}

fn missing(contents: &BookContents) -> Vec<u32> {
    certify(contents).missing().into_iter().map(|(_, number)| number).collect()
}

fn numbers(page: &BookPage) -> Vec<u32> {
    let number = |record: &DraftRecord| record.field("entry.number").unwrap().value.parse().unwrap();
    page.records.iter().map(number).collect()
}

/// A way in which books were kept.
struct Era {
    name: &'static str,
    kind: Kind,
    year: i16,
    first: u32,
    pages: u32,
    /// Entries on its pages, over and over.
    entries: &'static [u32],
}

const ERAS: [Era; 6] = [
    Era { name: "table-1957", kind: Kind::Birth, year: 1957, first: 101, pages: 9, entries: &[12] },
    Era { name: "table-1979", kind: Kind::Death, year: 1979, first: 1, pages: 14, entries: &[8, 8, 7] },
    Era { name: "boxes-1986", kind: Kind::Marriage, year: 1986, first: 122, pages: 11, entries: &[3] },
    Era { name: "pages-2009", kind: Kind::Birth, year: 2009, first: 1, pages: 24, entries: &[1] },
    Era { name: "pages-2017", kind: Kind::Death, year: 2017, first: 95, pages: 13, entries: &[1] },
    Era { name: "spread-1991", kind: Kind::Birth, year: 1991, first: 996, pages: 7, entries: &[5, 10] },
];

fn invented(era: &Era) -> BookContents {
    let mut number = era.first;
    let mut pages = Vec::new();
    for position in 0..era.pages {
        let entries = era.entries[position as usize % era.entries.len()];
        let scan = ScanName(format!("{}/{:03}.jpg", era.name, position + 1));
        let mut records = Vec::new();
        for entry in 1..=entries {
            let day = 1 + (position * 300 / era.pages) % 28;
            let date = format!("{}-{:02}-{day:02}", era.year, 1 + position * 12 / era.pages);
            records.push(record(
                &scan,
                entry,
                era.kind,
                &[("entry.number", &number.to_string()), ("registration.date", &date)],
            ));
            number += 1;
        }
        pages.push(page(scan, era.kind, records));
    }
    contents(
        era.name,
        BookCover {
            kind: Some(era.kind),
            year: Some(era.year),
            first_number: Some(era.first),
            last_number: Some(number - 1),
            ..BookCover::default()
        },
        pages,
    )
}

fn contents(name: &str, cover: BookCover, pages: Vec<BookPage>) -> BookContents {
    let book = Book { name: name.to_owned(), cover };
    BookContents { book, pages, same_content: Vec::new(), statements: Vec::new() }
}

fn page(scan: ScanName, kind: Kind, records: Vec<DraftRecord>) -> BookPage {
    let finding = BookPageFinding::Form { form: FormId::new("a form"), kind };
    BookPage { scan, finding, records }
}

fn record(scan: &ScanName, entry: u32, kind: Kind, fields: &[(&str, &str)]) -> DraftRecord {
    let field = |(name, value): &(&str, &str)| DraftField {
        value: (*value).to_owned(),
        raw: (*value).to_owned(),
        confidence: Confidence::clamped(0.995),
        status: FieldStatus::Accepted,
        ..DraftField::unread(FieldName::from(*name), FieldType::Text, Rectangle::new(0, 0, 1, 1))
    };
    DraftRecord {
        scan: scan.clone(),
        entry,
        kind,
        form: FormId::new("a form"),
        form_match: Confidence::FULL,
        fields: fields.iter().map(field).collect(),
        rules: Vec::new(),
    }
}

/// First and last number by book.
fn ends(file: &Path) -> BTreeMap<String, (u32, u32)> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let books = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let number = |book: &Value, name: &str| book[name].as_u64().unwrap() as u32;
    let ends = |book: Value| {
        (
            book["book"].as_str().unwrap().to_owned(),
            (number(&book, "first_number"), number(&book, "last_number")),
        )
    };
    books.map(ends).collect()
}

/// The books of a truth file.
fn from_truth(truth: &str, ends: &BTreeMap<String, (u32, u32)>) -> BTreeMap<String, BookContents> {
    let mut books: BTreeMap<String, BookContents> = BTreeMap::new();
    for line in truth.lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let name = entry["book"].as_str().unwrap().to_owned();
        let kind: Kind = entry["kind"].as_str().unwrap().parse().unwrap();
        let scan = ScanName(entry["scan"].as_str().unwrap().to_owned());
        let values = entry["fields"].as_object().unwrap().iter();
        let values: Vec<_> =
            values.map(|(name, field)| (name.as_str(), field["value"].as_str().unwrap())).collect();
        let record = record(&scan, entry["entry"].as_u64().unwrap() as u32, kind, &values);
        let (first, last) = ends[&name];
        let cover = BookCover {
            kind: Some(kind),
            first_number: Some(first),
            last_number: Some(last),
            ..BookCover::default()
        };
        let book = books.entry(name.clone()).or_insert_with(|| contents(&name, cover, Vec::new()));
        match book.pages.iter_mut().find(|page| page.scan == scan) {
            Some(page) => page.records.push(record),
            None => book.pages.push(page(scan, kind, vec![record])),
        }
    }
    books.values_mut().for_each(|book| book.pages.sort_by(|a, b| a.scan.cmp(&b.scan)));
    books
}
