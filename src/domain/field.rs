//! Kinds of register, names and types of fields, and the status of a value.

use serde::{Deserialize, Serialize};

/// What a register registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Khai sinh.
    Birth,
    /// Kết hôn.
    Marriage,
    /// Khai tử.
    Death,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Birth, Self::Marriage, Self::Death];

    /// The word used in files and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Birth => "birth",
            Self::Marriage => "marriage",
            Self::Death => "death",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Kind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| format!("\"{text}\" is no kind of register: write birth, marriage or death"))
    }
}

/// The name of a field such as `child.name`; `models/lists/record_fields.csv` is the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldName(String);

impl FieldName {
    /// The field called `name`.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whom or what the field is about: the part before the dot (`child` of `child.name`).
    #[must_use]
    pub fn subject(&self) -> &str {
        self.0.split_once('.').map_or(&self.0, |(subject, _)| subject)
    }
}

impl std::fmt::Display for FieldName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for FieldName {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

/// What kind of value a field holds; decides how it is read, parsed and checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// A whole number, such as an entry number.
    Number,
    /// Free text, such as notes.
    Text,
    /// A date in figures, perhaps only a year or a month and a year.
    Date,
    /// A date written out in words.
    DateWords,
    /// An hour and perhaps minutes.
    Time,
    /// One of a short list of the form, such as an office held.
    Choice,
    /// A place as written.
    Place,
    /// A person's full name as written.
    PersonName,
    /// nam or nữ.
    Sex,
    /// An ethnic group (dân tộc).
    Ethnicity,
    /// A nationality (quốc tịch).
    Nationality,
    /// A personal identification number (số định danh cá nhân), 12 digits.
    IdNumber,
    /// An identity paper, at least its number.
    Document,
    /// An occupation (nghề nghiệp).
    Occupation,
    /// A cause of death.
    Cause,
    /// A relation to the person registered (quan hệ).
    Relation,
}

impl FieldType {
    /// Every type.
    pub const ALL: [Self; 16] = [
        Self::Number,
        Self::Text,
        Self::Date,
        Self::DateWords,
        Self::Time,
        Self::Choice,
        Self::Place,
        Self::PersonName,
        Self::Sex,
        Self::Ethnicity,
        Self::Nationality,
        Self::IdNumber,
        Self::Document,
        Self::Occupation,
        Self::Cause,
        Self::Relation,
    ];
}

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldStatus {
    /// Good enough, by a measured bound, to go to nobody.
    Accepted,
    /// A person must look.
    Review,
    /// A person has looked.
    Verified,
    /// Nothing is written there, and that is certain.
    Blank,
    /// Something is written there that nobody can read.
    Illegible,
    /// The paper is gone where it stood.
    Torn,
}

impl FieldStatus {
    /// Every status.
    pub const ALL: [Self; 6] =
        [Self::Accepted, Self::Review, Self::Verified, Self::Blank, Self::Illegible, Self::Torn];

    /// The word used in files and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Review => "review",
            Self::Verified => "verified",
            Self::Blank => "blank",
            Self::Illegible => "illegible",
            Self::Torn => "torn",
        }
    }
}

impl std::str::FromStr for FieldStatus {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| format!("\"{text}\" is no status of a field"))
    }
}
