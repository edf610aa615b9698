//! People who work with the program: what they may do.

use serde::{Deserialize, Serialize};

/// What an account may do; it may have several roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Makes accounts, sets what holds for the office.
    Administrator,
    /// Looks after books and pages: forms, entries missed or false.
    Archive,
    /// Looks at the ink and says what is written.
    Verifier,
    /// Finds entries and issues extracts.
    Clerk,
    /// Sees how far and how good the work is, and settles what two verifiers differ on.
    Supervisor,
    /// Reads the logs, changes nothing.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] =
        [Self::Administrator, Self::Archive, Self::Verifier, Self::Clerk, Self::Supervisor, Self::Auditor];

    /// The word used in files and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Archive => "archive",
            Self::Verifier => "verifier",
            Self::Clerk => "clerk",
            Self::Supervisor => "supervisor",
            Self::Auditor => "auditor",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| {
            let roles = Self::ALL.map(Self::as_str).join(", ");
            format!("\"{text}\" is no role: write one of {roles}")
        })
    }
}

/// What a person finds beside the value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// *đúng như sổ*: odd as it is, the book really says so.
    AsWritten,
    /// It is struck through in the book.
    Struck,
}
