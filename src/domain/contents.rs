//! A whole book as it was read, page by page, with what people have said of its numbers.

use serde::{Deserialize, Serialize};

use super::{Book, DraftRecord, FailureReason, FormId, Kind, NotAForm, ScanName};

/// What became of one page of a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookPageFinding {
    /// A page of a known form.
    Form {
        /// The form.
        form: FormId,
        /// What it registers.
        kind: Kind,
    },
    /// No page of records.
    NotAForm(NotAForm),
    /// It could not be read.
    Failed(FailureReason),
    /// It was not read yet.
    Pending,
}

/// One page of a book: a scan, or half of a spread.
#[derive(Debug, Clone, PartialEq)]
pub struct BookPage {
    /// The scan.
    pub scan: ScanName,
    /// What became of it.
    pub finding: BookPageFinding,
    /// Its entries, top to bottom.
    pub records: Vec<DraftRecord>,
}

/// What a person says of a number that has no entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NumberAccount {
    /// It was given and struck out, or never given: nothing is missing.
    Voided,
    /// Its page is lost from the book itself.
    Lost,
    /// An earlier statement about it is taken back.
    Withdrawn,
}

impl NumberAccount {
    /// The word used in files and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Voided => "voided",
            Self::Lost => "lost",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A statement about a run of numbers; the latest about a number holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberStatement {
    /// The year whose numbers are meant; none in a book with a single run of numbers.
    pub year: Option<i16>,
    /// The first number.
    pub first: u32,
    /// The last number.
    pub last: u32,
    /// What is said of them.
    pub account: NumberAccount,
    /// Why, in the person's words.
    pub reason: String,
    /// The account of the person.
    pub who: String,
    /// When, as written in the store.
    pub at: String,
}

/// A book with everything that was read of it, in page order.
#[derive(Debug, Clone, PartialEq)]
pub struct BookContents {
    /// Its name and cover.
    pub book: Book,
    /// Its pages.
    pub pages: Vec<BookPage>,
    /// Second names of scans whose content came twice, after the first names.
    pub same_content: Vec<(ScanName, ScanName)>,
    /// What people have said of its numbers, oldest first.
    pub statements: Vec<NumberStatement>,
}
