//! Which types of fields are calibrated alike, and which are accepted together.

use crate::domain::FieldType;

/// The stratum of blanks.
pub const BLANKS: &str = "blank";

/// Every stratum.
pub const STRATA: [&str; 5] = ["numbers", "figures", "words", "lists", BLANKS];

/// Types whose numbers mean the same to a calibration.
struct Group {
    types: &'static [FieldType],
    /// The values that share a line of acceptance with theirs: those whose confidence means the same, so
    /// that few verified values do for many types.
    stratum: &'static str,
}

/// Every group; each type stands in one.
const GROUPS: [Group; 9] = [
    Group { types: &[FieldType::Number], stratum: "numbers" },
    Group { types: &[FieldType::Date], stratum: "figures" },
    Group { types: &[FieldType::DateWords], stratum: "figures" },
    Group { types: &[FieldType::Time], stratum: "figures" },
    Group { types: &[FieldType::IdNumber, FieldType::Document], stratum: "figures" },
    Group { types: &[FieldType::PersonName], stratum: "words" },
    Group { types: &[FieldType::Place], stratum: "words" },
    Group { types: &[FieldType::Text], stratum: "words" },
    Group {
        types: &[
            FieldType::Sex,
            FieldType::Ethnicity,
            FieldType::Nationality,
            FieldType::Occupation,
            FieldType::Cause,
            FieldType::Relation,
            FieldType::Choice,
        ],
        stratum: "lists",
    },
];

/// How many groups there are.
pub(super) const COUNT: usize = GROUPS.len();

/// The group of a type, from 0.
pub(super) fn place(field_type: FieldType) -> usize {
    GROUPS.iter().position(|group| group.types.contains(&field_type)).unwrap_or_default()
}

/// The stratum of a value of this type.
#[must_use]
pub fn stratum(field_type: FieldType) -> &'static str {
    GROUPS[place(field_type)].stratum
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, STRATA};
    use crate::domain::FieldType;

    #[test]
    fn every_type_stands_in_one_group_and_every_stratum_is_listed() {
        for field_type in FieldType::ALL {
            let groups = GROUPS.iter().filter(|group| group.types.contains(&field_type));
            assert_eq!(groups.count(), 1, "{field_type:?}");
        }
        assert!(GROUPS.iter().all(|group| STRATA.contains(&group.stratum)));
    }
}
