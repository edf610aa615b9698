//! What an engine says a piece of ink reads, with how sure it is and where it saw it.

use serde::{Deserialize, Serialize};

use super::{Confidence, FieldName, Rectangle};

/// Which engine and model proposed a reading, such as `tesseract 5.3.0 vie`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EngineVersion(pub String);

/// Another text the engine held possible.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// The text.
    pub text: String,
    /// How sure the engine was of it.
    pub confidence: Confidence,
}

/// One character as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CharacterReading {
    /// The character (one letter with its marks).
    pub text: String,
    /// How sure the engine was of it.
    pub confidence: Confidence,
    /// First and last-plus-one column in the crop, in its pixels; rough for LSTM engines.
    pub columns: (i32, i32),
    /// What else the engine held possible there, best first.
    pub alternatives: Vec<Alternative>,
}

/// What one crop reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The text, NFC; empty when the engine saw none.
    pub text: String,
    /// How sure the engine was of the whole.
    pub confidence: Confidence,
    /// Character by character, spaces left out.
    pub characters: Vec<CharacterReading>,
    /// Other texts for the whole crop, best first.
    pub alternatives: Vec<Alternative>,
    /// Who says so.
    pub engine: EngineVersion,
    /// What a second engine says.
    pub second: SecondReading,
}

/// What a second engine says of a crop that a first one has read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondReading {
    /// Nothing: there is none that reads such writing.
    #[default]
    None,
    /// Nothing yet: it reads the writing of this page, and was not asked.
    Unasked,
    /// What it reads.
    Text(String),
}

impl SecondReading {
    /// What it reads, when it was asked.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::None | Self::Unasked => None,
        }
    }
}

/// One line of writing within a field, and what it reads.
#[derive(Debug, Clone, PartialEq)]
pub struct LineReading {
    /// The ink of the line, in pixels of the straightened page.
    pub ink: Rectangle,
    /// What it reads, but for what is struck through; an empty text when nothing else stands there.
    pub reading: Reading,
    /// What words that are struck through on the line read.
    pub struck: Vec<String>,
}

/// What the read stage says of one field (or of one region that several fields share).
#[derive(Debug, Clone, PartialEq)]
pub struct FieldReading {
    /// The fields written in this region, top to bottom; nearly always one.
    pub fields: Vec<FieldName>,
    /// The lines of writing, in reading order; empty when there is no ink.
    pub lines: Vec<LineReading>,
    /// How sure it is that nothing is written there: 1 on clean paper, 0 on clear writing.
    pub blank: Confidence,
    /// Where the field is on the straightened page, ink or not.
    pub place: Rectangle,
}
