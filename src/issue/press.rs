//! Makes PDF/A-2b of a layout and its data. Typst does it, behind the feature `typst`; without it no press
//! can be started.

use jiff::civil::Date;
use serde::Serialize;

use super::IssueError;

#[cfg(not(feature = "typst"))]
mod absent;
#[cfg(feature = "typst")]
mod typesetter;

#[cfg(not(feature = "typst"))]
pub use absent::Press;
#[cfg(feature = "typst")]
pub use typesetter::Press;

/// What to print.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// The paper's name, and that of its layout.
    pub paper: String,
    /// What the layout gets as `sys.inputs`: an object.
    pub data: serde_json::Value,
    /// Pictures the layout may ask for, by name.
    pub files: Vec<(String, Vec<u8>)>,
    /// What tells this document from every other; only its hash goes into the file.
    pub identity: String,
    /// The day the document is of; the file says it was made then, so that the same document is the same bytes.
    pub date: Date,
}

impl Job {
    /// A document of the `paper` with `data`, without pictures.
    ///
    /// # Errors
    /// [`IssueError::Layout`] when the data cannot be written as JSON.
    pub fn new(paper: &str, data: &impl Serialize, identity: &str, date: Date) -> Result<Self, IssueError> {
        let data = serde_json::to_value(data)
            .map_err(|error| IssueError::Layout { file: paper.into(), message: error.to_string() })?;
        Ok(Self { paper: paper.to_owned(), data, files: Vec::new(), identity: identity.to_owned(), date })
    }
}
