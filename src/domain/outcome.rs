//! How the reading of one scan ended; what the pipeline hands to the store.

use serde::{Deserialize, Serialize};

use super::{DraftRecord, FormId, Kind, NotAForm, PageProblem, Scan, SkewAngle};

/// Why a page could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureReason {
    /// The file is missing, damaged, of a wrong type or over a limit.
    BadFile,
    /// The page took longer than its time budget.
    OutOfTime,
    /// The engine failed, or the program panicked or died on this page.
    Crashed,
}

impl FailureReason {
    /// The word used in files and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadFile => "bad_file",
            Self::OutOfTime => "out_of_time",
            Self::Crashed => "crashed",
        }
    }
}

/// What a straightened page turned out to hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageFinding {
    /// A page of a known form, with its entries.
    Records {
        /// The form.
        form: FormId,
        /// What it registers.
        kind: Kind,
        /// How well its labels matched, 0..=1.
        match_score: f64,
        /// Its entries, top to bottom.
        records: Vec<DraftRecord>,
    },
    /// No page of records.
    NotAForm(NotAForm),
}

/// One straightened page: the whole scan, or one half of a two-page spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageRead {
    /// What it holds.
    pub finding: PageFinding,
    /// The angle taken out, in degrees; none when straightening abstained.
    pub skew: Option<SkewAngle>,
    /// What a person should know about the picture.
    pub problems: Vec<PageProblem>,
    /// From pixels of `image` to pixels of the scan: the nine numbers of the projection, row by row.
    pub to_scan: [[f64; 3]; 3],
    /// The web-ready picture of the straightened page, a JPEG; left out of JSON.
    #[serde(skip)]
    pub image: Vec<u8>,
}

/// How the reading of one scan ended.
#[derive(Debug, Clone, PartialEq)]
pub enum ScanResult {
    /// It was read: one page, or the two halves of a spread.
    Read(Vec<PageRead>),
    /// It could not be read.
    Failed {
        /// The kind of failure.
        reason: FailureReason,
        /// What failed and what to do, in one line without personal data.
        message: String,
    },
}

/// How the reading of one scan ended, and what it took.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanOutcome {
    /// The scan.
    pub scan: Scan,
    /// How it ended.
    pub result: ScanResult,
    /// Milliseconds spent in each stage, in the order of the stages.
    pub timings: Vec<(String, f64)>,
}
