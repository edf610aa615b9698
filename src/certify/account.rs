//! Accounts for every number of every run.

use std::collections::BTreeMap;

use super::certificate::{Account, Basis, Finding, NumberRun, Numbered, Place, What};
use super::folios::Folio;
use super::numbering::{Fit, Placed};
use super::sighting::Row;
use super::totals::{Ends, per_page};
use crate::domain::text::fold;
use crate::domain::{BookContents, NumberAccount, Severity};

/// The year from which numbering by year is law (Nghị định 158/2005/NĐ-CP, in force 1 April 2006).
const NUMBERED_BY_LAW: i16 = 2006;

/// Words of a note, folded, by which an entry was struck out (TT 04/2020/TT-BTP, article 35, speaks of
/// "gạch bỏ" and "huỷ"; clerks write the others).
const VOIDING: [&str; 10] = [
    "huy bo",
    "huy so",
    "da huy",
    "bi huy",
    "bo so",
    "gach bo",
    "khong su dung",
    "viet hong",
    "ghi nham so",
    "thu hoi va huy",
];

/// The entry of a row.
pub(super) fn place(row: &Row<'_>) -> Place {
    Place { scan: row.record.scan.clone(), entry: row.record.entry }
}

/// What is known while the numbers of a book are accounted for.
struct Ledger<'a> {
    contents: &'a BookContents,
    folios: &'a [Folio<'a>],
    rows: &'a [Row<'a>],
    placed: &'a [Placed],
}

/// The runs of the book with every number accounted for; what is odd goes to `findings`.
pub(super) fn runs(
    contents: &BookContents,
    folios: &[Folio<'_>],
    rows: &[Row<'_>],
    placed: &[Placed],
    ends: Ends,
    findings: &mut Vec<Finding>,
) -> Vec<NumberRun> {
    if placed.is_empty() {
        if !rows.is_empty() {
            findings.push(Finding::open(Severity::Block, What::NoNumbers));
        }
        return Vec::new();
    }
    let ledger = Ledger { contents, folios, rows, placed };
    let count = placed.iter().map(|placed| placed.run).max().unwrap_or(0) + 1;
    (0..count)
        .map(|run| {
            let ends = Ends {
                first: if run == 0 { ends.first } else { Some((1, Basis::Rule)) },
                last: if run + 1 == count { ends.last } else { None },
            };
            ledger.run(run, ends, findings)
        })
        .collect()
}

impl Ledger<'_> {
    /// One run of numbers.
    fn run(&self, run: usize, ends: Ends, findings: &mut Vec<Finding>) -> NumberRun {
        let holders = self.holders(run, findings);
        let year = self.year(run);
        let (lowest, highest) =
            (holders.keys().next().copied().unwrap_or(1), holders.keys().next_back().copied().unwrap_or(1));
        let (first, first_known) = ends.first.unwrap_or((lowest, Basis::Found));
        let (last, last_known) = ends.last.unwrap_or((highest, Basis::Found));
        self.outside(&holders, (first, last), findings);
        let mut numbers = Vec::new();
        for number in first.min(lowest)..=last.max(highest) {
            numbers.push(self.numbered(number, year, holders.get(&number).copied(), &holders));
        }
        self.missing(year, &numbers, &holders, findings);
        self.rows_in_doubt(run, ends, (lowest, highest), findings);
        NumberRun {
            year,
            first: first.min(lowest),
            first_known,
            last: last.max(highest),
            last_known,
            numbers,
        }
    }

    /// The row that holds each number of the run. A number on two rows belongs to the one that reads it.
    fn holders(&self, run: usize, findings: &mut Vec<Finding>) -> BTreeMap<u32, usize> {
        let mut all: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (row, placed) in self.placed.iter().enumerate().filter(|(_, placed)| placed.run == run) {
            all.entry(placed.number).or_default().push(row);
        }
        let mut holders = BTreeMap::new();
        for (number, rows) in all {
            let reading: Vec<_> =
                rows.iter().copied().filter(|row| self.placed[*row].fit == Fit::Read).collect();
            let holder = reading.first().or(rows.first()).copied();
            holders.extend(holder.map(|holder| (number, holder)));
            if reading.len() > 1 {
                let places = reading.iter().map(|row| place(&self.rows[*row])).collect();
                findings.push(Finding::open(Severity::Block, What::NumberTwice { number, places }));
            }
            for row in rows.iter().filter(|row| Some(**row) != holder && !reading.contains(row)) {
                let what = What::RowWithoutNumber { place: place(&self.rows[*row]) };
                findings.push(Finding::noted(Severity::Query, what));
            }
        }
        holders
    }

    /// The year of most rows of the run that have one; else that of the cover.
    fn year(&self, run: usize) -> Option<i16> {
        let mut years: BTreeMap<i16, usize> = BTreeMap::new();
        let rows = self.rows.iter().zip(self.placed).filter(|(_, placed)| placed.run == run);
        rows.filter_map(|(row, _)| row.year).for_each(|year| *years.entry(year).or_default() += 1);
        let most = years.into_iter().max_by_key(|(_, count)| *count).map(|(year, _)| year);
        most.or(self.contents.book.cover.year)
    }

    /// Numbers beyond what is stated.
    fn outside(
        &self,
        holders: &BTreeMap<u32, usize>,
        (first, last): (u32, u32),
        findings: &mut Vec<Finding>,
    ) {
        for (number, row) in holders.iter().filter(|(number, _)| !(first..=last).contains(number)) {
            let what = What::OutsideStated { place: place(&self.rows[*row]), number: *number };
            findings.push(Finding::open(Severity::Query, what));
        }
    }

    /// One number.
    fn numbered(
        &self,
        number: u32,
        year: Option<i16>,
        holder: Option<usize>,
        holders: &BTreeMap<u32, usize>,
    ) -> Numbered {
        if let Some(row) = holder {
            let account = match self.placed[row].fit {
                _ if self.voided_by_note(row) => Account::Voided,
                Fit::Read => Account::Record,
                Fit::Misread | Fit::Unread => Account::RowUnreadable,
            };
            let Place { scan, entry } = place(&self.rows[row]);
            return Numbered { number, account, scan: Some(scan), entry: Some(entry) };
        }
        if let Some(account) = self.stated(number, year) {
            return Numbered { number, account, scan: None, entry: None };
        }
        let (account, folio) = self.gap(number, holders);
        let scan = folio.map(|folio| self.folios[folio].page.scan.clone());
        Numbered { number, account, scan, entry: None }
    }

    fn voided_by_note(&self, row: usize) -> bool {
        let note = self.rows[row].record.field("notes").map(|field| fold(&field.value)).unwrap_or_default();
        VOIDING.iter().any(|words| note.contains(words))
    }

    /// What a person says of the number.
    fn stated(&self, number: u32, year: Option<i16>) -> Option<Account> {
        let mut about = self.contents.statements.iter().filter(|statement| {
            (statement.first..=statement.last).contains(&number)
                && (statement.year.is_none() || statement.year == year)
        });
        match about.next_back()?.account {
            NumberAccount::Voided => Some(Account::Voided),
            NumberAccount::Lost => Some(Account::Lost),
            NumberAccount::Withdrawn => None,
        }
    }

    /// Why a number without entry is not there, as far as the pages around its gap say it, and a page to
    /// look at.
    fn gap(&self, number: u32, holders: &BTreeMap<u32, usize>) -> (Account, Option<usize>) {
        let before = holders.range(..number).next_back();
        let after = holders.range(number..).next();
        let from = before.map_or(0, |(_, row)| self.rows[*row].folio);
        let to = after.map_or(self.folios.len(), |(_, row)| self.rows[*row].folio);
        if before.is_some() && from == to {
            return (Account::NotExplained, Some(from));
        }
        let start = if before.is_some() { from + 1 } else { 0 };
        let between = start..to.max(start);
        if let Some(unread) = between.clone().find(|folio| self.folios[*folio].unread()) {
            return (Account::PageUnread, Some(unread));
        }
        let reach = start..(to + 1).min(self.folios.len()).max(start);
        let by_name = self.folios[reach].iter().any(|folio| folio.left_out > 0);
        let lowest = before.map_or(0, |(number, _)| *number);
        let length = after.map(|(number, _)| number - lowest - 1);
        let whole_pages = match (per_page(self.folios), before, length) {
            (Some(entries), Some(_), Some(length)) => {
                length % entries == 0 && self.ends_page(before) && self.starts_page(after)
            }
            (Some(_), _, _) => self.ends_page(before) && self.starts_page(after),
            (None, ..) => false,
        };
        (if by_name || whole_pages { Account::PageMissing } else { Account::NotExplained }, None)
    }

    /// Whether the row is the last of its page (true where there is none).
    fn ends_page(&self, held: Option<(&u32, &usize)>) -> bool {
        held.is_none_or(|(_, row)| {
            self.rows.get(row + 1).is_none_or(|next| next.folio != self.rows[*row].folio)
        })
    }

    /// Whether the row is the first of its page (true where there is none).
    fn starts_page(&self, held: Option<(&u32, &usize)>) -> bool {
        held.is_none_or(|(_, row)| self.rows[*row].starts_page)
    }

    /// The missing numbers as runs, each with the entries around it.
    fn missing(
        &self,
        year: Option<i16>,
        numbers: &[Numbered],
        holders: &BTreeMap<u32, usize>,
        findings: &mut Vec<Finding>,
    ) {
        let by_law = year.is_some_and(|year| year >= NUMBERED_BY_LAW);
        let severity = if by_law { Severity::Query } else { Severity::Info };
        let around = |held: Option<(&u32, &usize)>| held.map(|(_, row)| place(&self.rows[*row]));
        for group in numbers.chunk_by(|a, b| {
            a.account == b.account && a.scan == b.scan && a.entry.is_none() && b.entry.is_none()
        }) {
            let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
            if !first.account.is_missing() {
                continue;
            }
            findings.push(Finding::open(
                severity,
                What::Missing {
                    year,
                    first: first.number,
                    last: last.number,
                    account: first.account,
                    after: around(holders.range(..first.number).next_back()),
                    before: around(holders.range(last.number..).next()),
                },
            ));
        }
    }

    /// Rows whose number is what the neighbours say. At an end that nothing states only one side says it,
    /// and a number that reads otherwise, more likely than not, may be right: that is open.
    fn rows_in_doubt(
        &self,
        run: usize,
        ends: Ends,
        (lowest, highest): (u32, u32),
        findings: &mut Vec<Finding>,
    ) {
        for (row, placed) in self.rows.iter().zip(self.placed).filter(|(_, placed)| placed.run == run) {
            if placed.fit == Fit::Read {
                continue;
            }
            let at_end = placed.number == lowest && ends.first.is_none()
                || placed.number == highest && ends.last.is_none();
            let what = What::RowUnreadable { place: place(row), reads: row.reads(), would_be: placed.number };
            let believed = row.candidates.first().is_some_and(|(_, probability)| *probability >= 0.5);
            findings.push(match at_end && believed {
                true => Finding::open(Severity::Query, what),
                false => Finding::noted(Severity::Info, what),
            });
        }
    }
}
