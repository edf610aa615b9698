//! Which types of fields are calibrated alike, and which are accepted together.

use crate::domain::FieldType;

/// Every stratum: values by hand and in plain writing, blanks among them, those that an extract is about apart, because
/// errors among them are limited more strictly; and the numbers of entries, of which their neighbours say more than the
/// writing.
pub const STRATA: [&str; 5] = ["numbers", "hand", "hand, critical", "plain", "plain, critical"];

/// What a stratum is told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueKind {
    /// The type of the field.
    pub field_type: FieldType,
    /// Whether its writing is plain.
    pub plain: bool,
    /// Whether an extract is about it.
    pub critical: bool,
}

impl ValueKind {
    /// The stratum of such a value. The number that is critical is that of the entry.
    #[must_use]
    pub fn stratum(self) -> &'static str {
        match (self.field_type, self.plain, self.critical) {
            (FieldType::Number, _, true) => "numbers",
            (_, false, false) => "hand",
            (_, false, true) => "hand, critical",
            (_, true, false) => "plain",
            (_, true, true) => "plain, critical",
        }
    }
}

/// Types whose numbers mean the same to a calibration; each type stands in one group.
const GROUPS: [&[FieldType]; 9] = [
    &[FieldType::Number],
    &[FieldType::Date],
    &[FieldType::DateWords],
    &[FieldType::Time],
    &[FieldType::IdNumber, FieldType::Document],
    &[FieldType::PersonName],
    &[FieldType::Place],
    &[FieldType::Text],
    &[
        FieldType::Sex,
        FieldType::Ethnicity,
        FieldType::Nationality,
        FieldType::Occupation,
        FieldType::Cause,
        FieldType::Relation,
        FieldType::Choice,
    ],
];

/// How many groups there are.
pub(super) const COUNT: usize = GROUPS.len();

/// The group of a type, from 0.
pub(super) fn place(field_type: FieldType) -> usize {
    GROUPS.iter().position(|types| types.contains(&field_type)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, STRATA, ValueKind};
    use crate::domain::FieldType;

    #[test]
    fn every_type_stands_in_one_group_and_every_stratum_is_listed() {
        for field_type in FieldType::ALL {
            let groups = GROUPS.iter().filter(|types| types.contains(&field_type));
            assert_eq!(groups.count(), 1, "{field_type:?}");
            for (plain, critical) in [(false, false), (false, true), (true, false), (true, true)] {
                let stratum = ValueKind { field_type, plain, critical }.stratum();
                assert!(STRATA.contains(&stratum), "{stratum}");
            }
        }
    }
}
