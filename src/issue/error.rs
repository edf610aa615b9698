//! What can keep a paper from being made, one variant for each thing the caller can act on.

use std::path::PathBuf;

use crate::domain::{Kind, Missing};

/// A paper could not be made. No message holds a value of a record.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The program was built without the typesetter.
    #[error("this build cannot make papers: build hotich with its feature `typst`, which is on by default")]
    NoTypesetter,
    /// The typeface of the papers is not installed.
    #[error(
        "the typeface Liberation Serif is not on this machine: install it with `apt install fonts-liberation2` \
         (or fonts-liberation), or name its folder in HOTICH_FONTS"
    )]
    NoTypeface,
    /// There is no such paper.
    #[error("there is no paper called \"{name}\": there are {}", known.join(", "))]
    UnknownPaper {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The paper is about another kind of register.
    #[error("{paper} is made of entries of the kind {paper_kind}, this one is of the kind {record}")]
    OtherKind {
        /// The paper.
        paper: String,
        /// What it is about.
        paper_kind: Kind,
        /// What the record registers.
        record: Kind,
    },
    /// The paper may not be issued on this day.
    #[error("{paper} follows a decree that is not in force on {date}: lay a layout that is into templates/")]
    NotInForce {
        /// The paper.
        paper: String,
        /// The day.
        date: jiff::civil::Date,
    },
    /// Values no person stands behind.
    #[error("{} fields must be settled by people first: {}", .0.len(), fields(.0))]
    Unverified(Vec<Missing>),
    /// A head or a layout an administrator wrote is wrong.
    #[error("{}: {message}", file.display())]
    Layout {
        /// The file.
        file: PathBuf,
        /// What is wrong with it, and where.
        message: String,
    },
    /// The picture of a page could not be read or made smaller.
    #[error("the picture of the page cannot be used: {0}")]
    Picture(String),
    /// The sheet could not be made.
    #[error("the spreadsheet cannot be made: {0}")]
    Sheet(String),
    /// A file could not be read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

fn fields(missing: &[Missing]) -> String {
    let names: Vec<_> = missing.iter().map(|missing| missing.field.as_str()).collect();
    names.join(", ")
}
