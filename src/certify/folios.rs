//! The pages of a book as pages: scanned twice, of another book, left out by the names of scans.

use std::collections::{BTreeMap, BTreeSet};

use super::certificate::{Finding, Mismatch, What};
use super::names;
use super::sighting::{candidates, registered};
use crate::domain::text::fold;
use crate::domain::{
    BookContents, BookPage, BookPageFinding, DraftRecord, FieldStatus, Kind, NotAForm, Severity,
};

/// A page with what was found out about it.
#[derive(Debug, Clone)]
pub(super) struct Folio<'a> {
    /// The page.
    pub page: &'a BookPage,
    /// Scans left out before it, by their names.
    pub left_out: u32,
    /// The page of which it is a second picture.
    pub twin: Option<usize>,
    /// Why it seems to be of another book.
    pub mismatches: Vec<Mismatch>,
    /// Whether that is enough to leave its entries out.
    pub foreign: bool,
}

impl Folio<'_> {
    /// Whether its entries are counted.
    pub fn counts(&self) -> bool {
        self.twin.is_none() && !self.foreign
    }

    /// Whether entries may stand on it that were not read.
    pub fn unread(&self) -> bool {
        match self.page.finding {
            BookPageFinding::Failed(_) | BookPageFinding::Pending => true,
            BookPageFinding::NotAForm(reason) => reason == NotAForm::UnknownForm,
            BookPageFinding::Form { .. } => self.page.records.is_empty(),
        }
    }
}

/// Every page of the book, judged.
pub(super) fn judge(contents: &BookContents) -> Vec<Folio<'_>> {
    let scans: Vec<_> = contents.pages.iter().map(|page| &page.scan).collect();
    let aliases: BTreeSet<_> = contents.same_content.iter().map(|(_, again)| again.0.as_str()).collect();
    let left_out = names::left_out(&scans, &aliases);
    let folio =
        |(page, left_out)| Folio { page, left_out, twin: None, mismatches: Vec::new(), foreign: false };
    let mut folios: Vec<_> = contents.pages.iter().zip(left_out).map(folio).collect();
    find_twins(&mut folios);
    find_foreign(contents, &mut folios);
    folios
}

/// Pages scanned twice and pages of another book.
pub(super) fn findings(folios: &[Folio<'_>], findings: &mut Vec<Finding>) {
    for folio in folios {
        let scan = folio.page.scan.clone();
        if let Some(twin) = folio.twin {
            let what = What::PageTwice { scan: folios[twin].page.scan.clone(), again: scan };
            findings.push(Finding::noted(Severity::Query, what));
        } else if folio.foreign {
            let what = What::WrongBook { scan, because: folio.mismatches.clone() };
            findings.push(Finding::open(Severity::Block, what));
        } else if doubt(&folio.mismatches) >= DOUBTFUL {
            let what = What::DoubtfulPage { scan, because: folio.mismatches.clone() };
            findings.push(Finding::noted(Severity::Query, what));
        }
    }
}

/// How alike two names must be for entries with the same number to be one entry pictured twice, and
/// how alike where the dates of registration differ.
const SAME_NAME: f64 = 0.8;
const SAME_NAME_OTHER_DATE: f64 = 0.95;

/// Marks pages whose entries have the numbers and the names of an earlier page.
fn find_twins(folios: &mut [Folio<'_>]) {
    let mut by_number: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for position in 0..folios.len() {
        let records = &folios[position].page.records;
        let numbers: Vec<_> = records.iter().filter_map(number_read).collect();
        let earlier: BTreeSet<usize> =
            numbers.iter().filter_map(|number| by_number.get(number)).flatten().copied().collect();
        let twin = earlier.into_iter().find(|earlier| same_entries(&folios[*earlier].page.records, records));
        folios[position].twin = twin;
        if twin.is_none() {
            numbers.iter().for_each(|number| by_number.entry(*number).or_default().push(position));
        }
    }
}

fn number_read(record: &DraftRecord) -> Option<u32> {
    candidates(record.field("entry.number")).0.first().map(|(number, _)| *number)
}

/// Whether two pages hold the same entries: as many, more than half of which are alike, with at least
/// half of the numbers alike.
fn same_entries(a: &[DraftRecord], b: &[DraftRecord]) -> bool {
    let pairs = || a.iter().zip(b);
    let numbers =
        pairs().filter(|(a, b)| number_read(a).is_some() && number_read(a) == number_read(b)).count();
    let alike = pairs().filter(|(a, b)| same_entry(a, b)).count();
    a.len() == b.len() && 2 * numbers >= a.len() && 2 * alike > a.len()
}

/// Whether two entries are about the same person or persons, registered on the same day.
fn same_entry(a: &DraftRecord, b: &DraftRecord) -> bool {
    let (name_a, name_b) = (who(a), who(b));
    let wanted = match (registered(a), registered(b)) {
        (Some(a), Some(b)) if a != b => SAME_NAME_OTHER_DATE,
        _ => SAME_NAME,
    };
    !name_a.is_empty() && !name_b.is_empty() && strsim::normalized_levenshtein(&name_a, &name_b) >= wanted
}

/// Whom an entry is about, folded.
fn who(record: &DraftRecord) -> String {
    let names = ["child.name", "deceased.name", "husband.name", "wife.name"];
    let names = names.iter().filter_map(|name| record.field(name));
    fold(&names.map(|field| field.value.as_str()).collect::<Vec<_>>().join(" "))
}

/// From which weight of evidence a page is of another book, and from which it is doubtful.
const FOREIGN: f64 = 2.0;
const DOUBTFUL: f64 = 1.5;

/// How much the mismatches weigh. Another kind of register settles it; place, time and numbers may each
/// be misread and settle it together.
fn doubt(mismatches: &[Mismatch]) -> f64 {
    let weight = |mismatch: &Mismatch| match mismatch {
        Mismatch::Kind { .. } => 2.0,
        Mismatch::Office => 1.5,
        Mismatch::Year { .. } => 1.5,
        Mismatch::Numbers => 0.5,
    };
    mismatches.iter().map(weight).sum()
}

/// Marks pages that do not belong to the book.
fn find_foreign(contents: &BookContents, folios: &mut [Folio<'_>]) {
    let kind = contents.book.cover.kind.or_else(|| usual_kind(folios));
    let office = office_words(contents, folios);
    let fits: Vec<_> = folios.iter().map(|folio| office_fit(&office, folio)).collect();
    let usually_fits = usual(fits.iter().flatten().copied()).is_some_and(|fit| fit >= OFFICE_FITS);
    let years: Vec<_> = folios.iter().map(year).collect();
    let numbers: Vec<_> = folios.iter().map(first_number).collect();
    for position in 0..folios.len() {
        let mut mismatches = Vec::new();
        if let (Some(book), BookPageFinding::Form { kind: page, .. }) = (kind, &folios[position].page.finding)
            && book != *page
        {
            mismatches.push(Mismatch::Kind { book, page: *page });
        }
        if usually_fits && fits[position].is_some_and(|fit| fit <= OFFICE_DIFFERS) {
            mismatches.push(Mismatch::Office);
        }
        if let (Some(page), Some(book)) = (years[position], usual_near(&years, position))
            && page.abs_diff(book) >= 2
        {
            mismatches.push(Mismatch::Year { book, page });
        }
        if let (Some(page), Some((before, after))) = (numbers[position], around(&numbers, position))
            && !(before.min(after)..=before.max(after)).contains(&page)
        {
            mismatches.push(Mismatch::Numbers);
        }
        folios[position].foreign = doubt(&mismatches) >= FOREIGN;
        folios[position].mismatches = mismatches;
    }
}

/// The kind of more than half of the pages.
fn usual_kind(folios: &[Folio<'_>]) -> Option<Kind> {
    let kinds = folios.iter().filter_map(|folio| match &folio.page.finding {
        BookPageFinding::Form { kind, .. } => Some(*kind),
        _ => None,
    });
    let kinds: Vec<_> = kinds.collect();
    let most =
        Kind::ALL.into_iter().max_by_key(|kind| kinds.iter().filter(|other| *other == kind).count())?;
    (2 * kinds.iter().filter(|kind| **kind == most).count() > kinds.len()).then_some(most)
}

/// Share of the office's words that must be, and that may be at most, on a page.
const OFFICE_FITS: f64 = 0.66;
const OFFICE_DIFFERS: f64 = 0.34;

/// The proper names in the office on the cover, or in the place of registration of most entries.
fn office_words(contents: &BookContents, folios: &[Folio<'_>]) -> Vec<String> {
    let words = |text: &str| -> Vec<String> {
        let folded = fold(text);
        let proper = folded.split(' ').filter(|word| !COMMON.contains(word) && !word.is_empty());
        proper.map(str::to_owned).collect()
    };
    if let Some(office) = &contents.book.cover.office {
        return words(office);
    }
    let mut places: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let fields = folios
        .iter()
        .flat_map(|folio| &folio.page.records)
        .filter_map(|record| record.field("registration.place"));
    fields.for_each(|field| *places.entry(words(&field.value)).or_default() += 1);
    let most = places
        .into_iter()
        .filter(|(words, count)| !words.is_empty() && *count >= 3)
        .max_by_key(|(_, count)| *count);
    most.map(|(words, _)| words).unwrap_or_default()
}

/// Words of offices that are no names.
const COMMON: [&str; 16] = [
    "xa", "phuong", "thi", "tran", "huyen", "quan", "thanh", "pho", "tinh", "uy", "ban", "nhan", "dan",
    "ubnd", "tx", "tp",
];

/// The share of the office's words found in the places of registration of the page; none where no
/// entry says it clearly.
fn office_fit(office: &[String], folio: &Folio<'_>) -> Option<f64> {
    let places = folio.page.records.iter().filter_map(|record| record.field("registration.place"));
    let sure = places.filter(|field| {
        !field.value.is_empty()
            && (matches!(field.status, FieldStatus::Accepted | FieldStatus::Verified)
                || field.confidence.get() >= 0.5)
    });
    let text = sure.map(|field| fold(&field.value)).collect::<Vec<_>>().join(" ");
    let written: Vec<_> = text.split(' ').filter(|word| !COMMON.contains(word)).collect();
    if office.is_empty() || written.len() < 2 {
        return None;
    }
    let found =
        office.iter().filter(|word| written.iter().any(|other| strsim::levenshtein(word, other) <= 1));
    Some(found.count() as f64 / office.len() as f64)
}

/// The middle value.
fn usual(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// The year of all registrations of a page whose dates are sure enough, or which agree.
fn year(folio: &Folio<'_>) -> Option<i16> {
    let dated = folio.page.records.iter().filter_map(|record| Some((registered(record)?.year(), record)));
    let dated: Vec<_> = dated.collect();
    let (year, _) = *dated.first()?;
    let sure = |record: &DraftRecord| {
        let field = record.field("registration.date");
        field.is_some_and(|field| matches!(field.status, FieldStatus::Accepted | FieldStatus::Verified))
    };
    let agree = dated.iter().all(|(other, _)| *other == year);
    (agree && (dated.len() > 1 || sure(dated[0].1))).then_some(year)
}

/// The middle year of the three pages before and the three after that have one.
fn usual_near(years: &[Option<i16>], position: usize) -> Option<i16> {
    let before = years[..position].iter().rev().flatten().take(3);
    let after = years[position + 1..].iter().flatten().take(3);
    let mut near: Vec<_> = before.chain(after).copied().collect();
    near.sort_unstable();
    (near.len() >= 2).then(|| near[near.len() / 2])
}

/// The number of the first entry of a page.
fn first_number(folio: &Folio<'_>) -> Option<u32> {
    folio.page.records.iter().find_map(number_read)
}

/// The numbers of the nearest pages before and after.
fn around(numbers: &[Option<u32>], position: usize) -> Option<(u32, u32)> {
    let before = numbers[..position].iter().rev().flatten().next();
    let after = numbers[position + 1..].iter().flatten().next();
    Some((*before?, *after?))
}
