//! Papers an office issues: extracts of verified records, their log, and other documents as PDF/A.
//!
//! A paper is a head and a layout, files under `models/extracts/` that an office may replace
//! ([`Papers`]). What an extract says is worked out here ([`Extract`]) from a
//! [`VerifiedRecord`](crate::domain::VerifiedRecord); the layout only sets it. A [`Press`] makes PDF/A-2b of
//! layout and data: the same bytes for the same data and date.

mod code;
mod error;
mod extract;
mod log;
mod papers;
mod picture;
mod press;
mod report;
mod searchable;
mod specimen;
mod typeface;
mod wording;

pub use code::ProofCode;
pub use error::IssueError;
pub use extract::{Extract, Office, Signer};
pub use log::{COLUMNS as LOG_COLUMNS, log_job, log_sheet, row as log_row};
pub use papers::{Paper, Papers};
pub use picture::{PictureSize, cut};
pub use press::{Job, Press};
pub use report::{CertificateLines, certificate_job, entry_page_job};
pub use searchable::searchable_book_job;
pub use specimen::specimen;
pub use typeface::Typeface;

#[cfg(test)]
mod tests;
