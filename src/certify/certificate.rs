//! What a certificate says.

use serde::Serialize;

use crate::domain::{BookCover, Kind, ScanName, Severity};

/// The completeness certificate of one book.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Certificate {
    /// The book's name in the store.
    pub book: String,
    /// What stands on its cover, with the totals that were keyed.
    pub cover: BookCover,
    /// Its pages.
    pub pages: PageCounts,
    /// Its runs of numbers, in their order; one a year where numbers begin again.
    pub runs: Vec<NumberRun>,
    /// Everything a person should know; what is open first.
    pub findings: Vec<Finding>,
}

impl Certificate {
    /// Whether nothing is unexplained.
    #[must_use]
    pub fn explained(&self) -> bool {
        self.findings.iter().all(|finding| !finding.open)
    }

    /// Every number of the book with no entry, and not voided, by the year of its run.
    #[must_use]
    pub fn missing(&self) -> Vec<(Option<i16>, u32)> {
        let missing = |run: &NumberRun| {
            let numbers = run.numbers.iter().filter(|number| number.account.is_missing());
            numbers.map(|number| (run.year, number.number)).collect::<Vec<_>>()
        };
        self.runs.iter().flat_map(missing).collect()
    }
}

/// How many pages came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct PageCounts {
    /// Pages of a known form.
    pub with_entries: u32,
    /// Covers, blank pages, pages of no known form.
    pub other: u32,
    /// Pages that could not be read.
    pub failed: u32,
    /// Pages not read yet.
    pub pending: u32,
    /// Scans whose content came twice and was read once.
    pub same_content: u32,
}

/// How an end of a run of numbers is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// It stands on the cover or was keyed from the closing statement.
    Stated,
    /// It follows from the number of entries the closing statement counts.
    Totals,
    /// The numbers of a year begin with 1.
    Rule,
    /// The scans before the first one are missing by their names.
    ScanNames,
    /// It is the first or last number that was found; nothing says that there are no others.
    Found,
}

/// One run of numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NumberRun {
    /// The year of its registrations, when it is known.
    pub year: Option<i16>,
    /// Its first number.
    pub first: u32,
    /// How the first number is known.
    pub first_known: Basis,
    /// Its last number.
    pub last: u32,
    /// How the last number is known.
    pub last_known: Basis,
    /// Every number from the first to the last.
    pub numbers: Vec<Numbered>,
}

/// One number and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Numbered {
    /// The number.
    pub number: u32,
    /// What became of it.
    pub account: Account,
    /// The scan it stands on, or on which it must be looked for.
    pub scan: Option<ScanName>,
    /// The entry of the scan, from 1.
    pub entry: Option<u32>,
}

/// What became of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// There is an entry with it.
    Record,
    /// There is an entry in its place whose number could not be read.
    RowUnreadable,
    /// It was voided, as a note of the entry or a person says.
    Voided,
    /// Its page is lost from the book, as a person says.
    Lost,
    /// A page that could not be read lies in its place.
    PageUnread,
    /// Its page is missing among the scans.
    PageMissing,
    /// Nothing says why it is not there.
    NotExplained,
}

impl Account {
    /// Every account, in the order in which they are counted up.
    pub const ALL: [Self; 7] = [
        Self::Record,
        Self::RowUnreadable,
        Self::Voided,
        Self::Lost,
        Self::PageUnread,
        Self::PageMissing,
        Self::NotExplained,
    ];

    /// Whether the entry is not there and nobody has said why.
    #[must_use]
    pub fn is_missing(self) -> bool {
        matches!(self, Self::PageUnread | Self::PageMissing | Self::NotExplained)
    }
}

/// An entry of a scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The scan.
    pub scan: ScanName,
    /// The entry, from 1.
    pub entry: u32,
}

/// Why a page seems to be of another book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mismatch {
    /// It registers something else.
    Kind {
        /// What the book registers.
        book: Kind,
        /// What the page registers.
        page: Kind,
    },
    /// Another office registered there.
    Office,
    /// Its registrations are of another time.
    Year {
        /// The year of its neighbours.
        book: i16,
        /// The year of the page.
        page: i16,
    },
    /// Its numbers do not fit.
    Numbers,
}

/// Something a person should know about the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whether it is unexplained: the certificate is not clean while it stands.
    pub open: bool,
    /// How grave it is.
    pub severity: Severity,
    /// What it is.
    #[serde(flatten)]
    pub what: What,
}

impl Finding {
    /// A finding somebody has to explain.
    pub(super) fn open(severity: Severity, what: What) -> Self {
        Self { open: true, severity, what }
    }

    /// A finding that explains itself.
    pub(super) fn noted(severity: Severity, what: What) -> Self {
        Self { open: false, severity, what }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum What {
    /// Numbers without an entry (V002, V003).
    Missing {
        /// The year of the run.
        year: Option<i16>,
        /// The first of them.
        first: u32,
        /// The last of them.
        last: u32,
        /// What became of them.
        account: Account,
        /// The entry before; none at the beginning.
        after: Option<Place>,
        /// The entry after; none at the end.
        before: Option<Place>,
    },
    /// An entry whose number could not be read, or reads as another; its neighbours say which it is.
    RowUnreadable {
        /// The entry.
        place: Place,
        /// What its number reads as; none when nothing was read.
        reads: Option<u32>,
        /// The number it would have.
        would_be: u32,
    },
    /// An entry whose number is not known, and whose neighbours do not say it.
    RowWithoutNumber {
        /// The entry.
        place: Place,
    },
    /// One number on several entries (V004).
    NumberTwice {
        /// The number.
        number: u32,
        /// The entries.
        places: Vec<Place>,
    },
    /// A page that was photographed or scanned again; its entries count once.
    PageTwice {
        /// The first picture.
        scan: ScanName,
        /// The second.
        again: ScanName,
    },
    /// A file that came twice and was read once.
    SameContent {
        /// Its first name.
        scan: ScanName,
        /// Its second name.
        again: ScanName,
    },
    /// A page that seems to be of another book; its entries are not counted (V066).
    WrongBook {
        /// The page.
        scan: ScanName,
        /// Why.
        because: Vec<Mismatch>,
    },
    /// A page that does not quite fit the book, but whose entries are counted.
    DoubtfulPage {
        /// The page.
        scan: ScanName,
        /// Why.
        because: Vec<Mismatch>,
    },
    /// Entries out of their order (V005).
    WrongOrder {
        /// The first of them.
        place: Place,
        /// Its number.
        first: u32,
        /// The number of the last.
        last: u32,
    },
    /// A registration date earlier than one before it (V006).
    DateOrder {
        /// The entry.
        place: Place,
    },
    /// A number outside of what the cover or the closing statement says.
    OutsideStated {
        /// The entry.
        place: Place,
        /// Its number.
        number: u32,
    },
    /// A page that could not be read, or was not read yet.
    PageUnread {
        /// The page.
        scan: ScanName,
        /// Whether it was not read yet.
        pending: bool,
    },
    /// The entries do not come to what the closing statement counts (V011).
    EntriesDiffer {
        /// What the closing statement counts.
        stated: u32,
        /// What is here.
        found: u32,
    },
    /// The pages do not come to what the closing statement counts.
    PagesDiffer {
        /// What the closing statement counts.
        stated: u32,
        /// What is here.
        found: u32,
    },
    /// Nothing says with which number the book begins, or ends.
    EndNotStated {
        /// Whether it is the last number.
        last: bool,
        /// The number that was found there.
        number: u32,
    },
    /// No number of the book could be read.
    NoNumbers,
}
