//! What a value needs to be accepted without a person: the one place to turn.

use crate::domain::{FieldType, Severity};

/// How sure the read stage must be that nothing is written before a blank goes to nobody.
pub const BLANK: f64 = 0.9;

/// The confidence a value needs to be accepted. On two sets of books with known truth none of the
/// 2392 values at or above it was wrong (one-sided 95 % bound of Clopper and Pearson: 0.13 %), on a
/// third, harder one 3 of 574, all of them cut out of the page at a wrong place.
const SURE: f64 = 0.95;

/// What a field of some type needs to be accepted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Needed {
    /// This confidence.
    AtLeast(f64),
    /// A person, always.
    Person,
}

/// What a value of this type needs. Free notes are too few to have measured, and of the number of a
/// paper a piece reads as well as the whole.
#[must_use]
pub fn needed(field_type: FieldType) -> Needed {
    match field_type {
        FieldType::Text | FieldType::Document | FieldType::Time => Needed::Person,
        FieldType::Sex
        | FieldType::Nationality
        | FieldType::Ethnicity
        | FieldType::Relation
        | FieldType::Choice
        | FieldType::Date
        | FieldType::DateWords
        | FieldType::Number
        | FieldType::Place
        | FieldType::PersonName
        | FieldType::IdNumber
        | FieldType::Occupation
        | FieldType::Cause => Needed::AtLeast(SURE),
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
