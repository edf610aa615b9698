//! The nouns of the field: what every stage hands to the next. Imports nothing from the crate.

pub mod bend;
pub mod book;
pub mod catalogue;
pub mod confidence;
pub mod contents;
pub mod copies;
pub mod date;
pub mod date_in_words;
pub mod exported;
pub mod field;
pub mod form;
pub mod geometry;
pub mod hour;
pub mod linked;
pub(crate) mod lists;
pub mod outcome;
pub mod page;
pub mod person;
pub mod reading;
pub mod recognizer;
pub mod record;
pub mod scan;
pub mod task;
pub mod text;
pub mod text_page;
pub mod verified;

pub use bend::Bend;
pub use book::{Book, BookCover};
pub use confidence::Confidence;
pub use contents::{BookContents, BookPage, BookPageFinding, NumberAccount, NumberStatement};
pub use copies::{
    CopyNumber, CopyRequest, EntryPicture, IssuedCopy, LoggedPaper, MadeCopy, NumberSeries, RecordToIssue,
    Voided,
};
pub use date::PartialDate;
pub use exported::{ExportedField, ExportedRecord};
pub use field::{FieldName, FieldStatus, FieldType, Kind};
pub use form::FormId;
pub use geometry::{Point, Projection, Rectangle, Segment};
pub use linked::{LinkedSource, LinkedValue, LinkedValues};
pub use outcome::{FailureReason, PageFinding, PageRead, ScanOutcome, ScanResult};
pub use page::{
    LocatedEntry, LocatedField, LocatedPage, NotAForm, PageContent, PageProblem, Region, SkewAngle,
    UprightPage,
};
pub use person::{Mark, Role};
pub use reading::{
    Alternative, CharacterReading, EngineVersion, FieldReading, LineReading, Reading, SecondReading,
};
pub use recognizer::{Engines, ReadError, ReadRequest, Recognizer, Segmentation};
pub use record::{Candidate, DraftField, DraftRecord, FiredRule, Fit, Reason, Seconded, Severity, is_plain};
pub use scan::{ContentHash, RecordName, Scan, ScanImage, ScanName};
pub use verified::{Missing, VerifiedRecord, VerifiedValue, WhyMissing};
