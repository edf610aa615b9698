//! The completeness certificate of a book: every number from the first to the last accounted for,
//! and whatever else is odd about the book as a whole.
//!
//! A pure function of what was read. From 1 April 2006 the numbers of a year run 01..N without a
//! break by law (Nghị định 158/2005/NĐ-CP, article 68; Thông tư 04/2020/TT-BTP, article 29.3); before,
//! a gap is a question. A number the machine misread is set right by its neighbours before anything
//! is called missing, and the row is listed instead.

mod account;
mod certificate;
mod folios;
mod names;
mod numbering;
mod order;
mod sighting;
mod text;
mod totals;
mod wording;

pub use certificate::{
    Account, Basis, Certificate, Finding, Mismatch, NumberRun, Numbered, PageCounts, Place, What,
};
pub use text::{Lines, lines, write};
pub use wording::Language;

use crate::domain::{BookContents, BookPageFinding, Severity};
use folios::Folio;

/// The certificate of the book.
#[must_use]
pub fn certify(contents: &BookContents) -> Certificate {
    let folios = folios::judge(contents);
    let rows = sighting::rows(&folios);
    let ends = totals::ends(contents, &folios, &rows);
    let placed = numbering::decode(&rows, ends.bounds());
    let mut findings = Vec::new();
    let runs = account::runs(contents, &folios, &rows, &placed, ends, &mut findings);
    order::findings(&rows, &placed, &mut findings);
    folios::findings(&folios, &mut findings);
    unread_pages(&folios, &runs, &mut findings);
    totals::findings(contents, &folios, &runs, &mut findings);
    for (scan, again) in &contents.same_content {
        let what = What::SameContent { scan: scan.clone(), again: again.clone() };
        findings.push(Finding::noted(Severity::Info, what));
    }
    findings.sort_by_key(|finding| (!finding.open, std::cmp::Reverse(finding.severity)));
    Certificate {
        book: contents.book.name.clone(),
        cover: contents.book.cover.clone(),
        pages: counts(&folios, contents.same_content.len()),
        runs,
        findings,
    }
}

/// Pages that could not be read. Where the numbers run on across one, nothing of the run is lost on it.
fn unread_pages(folios: &[Folio<'_>], runs: &[NumberRun], findings: &mut Vec<Finding>) {
    for (position, folio) in folios.iter().enumerate() {
        if !matches!(folio.page.finding, BookPageFinding::Failed(_) | BookPageFinding::Pending) {
            continue;
        }
        let before = folios[..position].iter().any(|folio| !folio.page.records.is_empty());
        let after = folios[position + 1..].iter().any(|folio| !folio.page.records.is_empty());
        let named = runs.iter().any(|run| {
            run.numbers.iter().any(|number| {
                number.account == Account::PageUnread && number.scan.as_ref() == Some(&folio.page.scan)
            })
        });
        let what = What::PageUnread {
            scan: folio.page.scan.clone(),
            pending: folio.page.finding == BookPageFinding::Pending,
        };
        findings.push(match before && after && !named {
            true => Finding::noted(Severity::Info, what),
            false => Finding::open(Severity::Block, what),
        });
    }
}

fn counts(folios: &[Folio<'_>], same_content: usize) -> PageCounts {
    let count = |wanted: &dyn Fn(&BookPageFinding) -> bool| {
        folios.iter().filter(|folio| wanted(&folio.page.finding)).count() as u32
    };
    PageCounts {
        with_entries: count(&|finding| matches!(finding, BookPageFinding::Form { .. })),
        other: count(&|finding| matches!(finding, BookPageFinding::NotAForm(_))),
        failed: count(&|finding| matches!(finding, BookPageFinding::Failed(_))),
        pending: count(&|finding| *finding == BookPageFinding::Pending),
        same_content: same_content as u32,
    }
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
