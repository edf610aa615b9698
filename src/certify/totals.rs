//! The ends of a book's numbers, and the totals of its closing statement.

use super::certificate::{Account, Basis, Finding, NumberRun, What};
use super::folios::Folio;
use super::numbering::Bounds;
use super::sighting::Row;
use crate::domain::{BookContents, Severity};

/// The first and last number of the book with how they are known.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ends {
    /// The first number of the first run.
    pub first: Option<(u32, Basis)>,
    /// The last number of the last run.
    pub last: Option<(u32, Basis)>,
}

impl Ends {
    /// What the sequence of numbers must begin and end with.
    pub fn bounds(self) -> Bounds {
        Bounds { first: self.first.map(|end| end.0), last: self.last.map(|end| end.0) }
    }
}

/// The ends, as they are stated, or follow from the number of entries when one is stated and the book
/// has a single run of numbers.
pub(super) fn ends(contents: &BookContents, folios: &[Folio<'_>], rows: &[Row<'_>]) -> Ends {
    let cover = &contents.book.cover;
    let stated = |number: Option<u32>| number.map(|number| (number, Basis::Stated));
    let mut ends = Ends { first: stated(cover.first_number), last: stated(cover.last_number) };
    let years: std::collections::BTreeSet<_> = rows.iter().filter_map(|row| row.year).collect();
    if let Some(entries) = cover.entries.filter(|entries| *entries > 0 && years.len() <= 1) {
        match (ends.first, ends.last) {
            (Some((first, _)), None) => ends.last = Some((first.saturating_add(entries - 1), Basis::Totals)),
            (None, Some((last, _))) if last >= entries => {
                ends.first = Some((last - entries + 1, Basis::Totals))
            }
            _ => {}
        }
    }
    if ends.first.is_none() {
        ends.first = first_by_names(folios, rows).map(|first| (first, Basis::ScanNames));
    }
    ends
}

/// The first number where the names of scans leave the first ones out and every page that is there has
/// the same number of entries.
fn first_by_names(folios: &[Folio<'_>], rows: &[Row<'_>]) -> Option<u32> {
    let left_out = folios.first()?.left_out;
    let entries = per_page(folios)?;
    let first = rows.iter().find_map(super::sighting::Row::reads)?;
    let begins = rows.first().is_some_and(|row| row.reads() == Some(first) && row.folio == 0);
    (left_out > 0 && begins && first > 1).then(|| first.saturating_sub(left_out * entries).max(1))
}

/// How many entries a page has, where all pages but the last that count have the same.
pub(super) fn per_page(folios: &[Folio<'_>]) -> Option<u32> {
    let counts: Vec<_> = folios
        .iter()
        .filter(|folio| folio.counts() && !folio.page.records.is_empty())
        .map(|folio| folio.page.records.len())
        .collect();
    let (first, last) = (*counts.first()?, *counts.last()?);
    let same = counts[..counts.len() - 1].iter().all(|count| *count == first) && last <= first;
    same.then_some(first as u32)
}

/// Whether entries and pages come to what is stated, and which ends nothing vouches for.
pub(super) fn findings(
    contents: &BookContents,
    folios: &[Folio<'_>],
    runs: &[NumberRun],
    findings: &mut Vec<Finding>,
) {
    let cover = &contents.book.cover;
    let count = |wanted: &[Account]| {
        let numbers = runs.iter().flat_map(|run| &run.numbers);
        numbers.filter(|number| wanted.contains(&number.account)).count() as u32
    };
    let entries = count(&[Account::Record, Account::RowUnreadable]);
    let with_voided = entries + count(&[Account::Voided, Account::Lost]);
    if let Some(stated) = cover.entries.filter(|stated| !(entries..=with_voided).contains(stated)) {
        findings.push(Finding::open(Severity::Block, What::EntriesDiffer { stated, found: entries }));
    }
    let pages = folios.iter().filter(|folio| folio.counts() && !folio.page.records.is_empty()).count() as u32;
    if let Some(stated) = cover.pages.filter(|stated| *stated != pages) {
        findings.push(Finding::open(Severity::Query, What::PagesDiffer { stated, found: pages }));
    }
    let mut unstated = |last, number| {
        findings.push(Finding::noted(Severity::Info, What::EndNotStated { last, number }));
    };
    if let Some(run) = runs.first().filter(|run| run.first_known == Basis::Found && run.first > 1) {
        unstated(false, run.first);
    }
    if let Some(run) = runs.last().filter(|run| run.last_known == Basis::Found) {
        unstated(true, run.last);
    }
}
