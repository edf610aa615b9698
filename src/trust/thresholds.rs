//! What a value needs to be accepted without a person: the one place to turn.

use crate::domain::{FieldType, Severity};

/// How sure the read stage must be that nothing is written before a blank goes to nobody.
pub const BLANK: f64 = 0.9;

/// What a field of some type needs to be accepted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Needed {
    /// This confidence.
    AtLeast(f64),
    /// This confidence and a second writing of the same value in the entry.
    Vouched(f64),
    /// A person, always.
    Person,
}

/// What a value of this type needs. Types with a short list or a strict grammar can be trusted at
/// high confidence; dates only where the entry says them twice; free writing not before its
/// confidence is calibrated.
#[must_use]
pub fn needed(field_type: FieldType) -> Needed {
    match field_type {
        FieldType::Sex | FieldType::Nationality | FieldType::Ethnicity => Needed::AtLeast(0.97),
        FieldType::Relation | FieldType::Choice => Needed::AtLeast(0.97),
        FieldType::Date | FieldType::DateWords => Needed::Vouched(0.95),
        FieldType::Number
        | FieldType::Text
        | FieldType::Time
        | FieldType::Place
        | FieldType::PersonName
        | FieldType::IdNumber
        | FieldType::Document
        | FieldType::Occupation
        | FieldType::Cause => Needed::Person,
    }
}

/// By how much a broken rule lowers the confidence of the fields it compares.
pub(super) fn doubt(severity: Severity) -> f64 {
    match severity {
        Severity::Info => 0.95,
        Severity::Query => 0.7,
        Severity::Block => 0.5,
    }
}
