//! Which types of fields are calibrated alike, and which are accepted together.

use crate::domain::FieldType;

/// The stratum of blanks.
pub const BLANKS: &str = "blank";

/// Every stratum.
pub const STRATA: [&str; 8] =
    ["numbers", "figures", "names", "plain names", "places", "plain places", "lists", BLANKS];

/// Types whose numbers mean the same to a calibration.
struct Group {
    types: &'static [FieldType],
    /// The values that share a line of acceptance with theirs: those whose confidence means the same, so
    /// that few verified values do for many types.
    stratum: &'static str,
    /// The same for plain writing.
    plain: &'static str,
}

/// Every group; each type stands in one.
const GROUPS: [Group; 9] = [
    Group { types: &[FieldType::Number], stratum: "numbers", plain: "numbers" },
    Group { types: &[FieldType::Date], stratum: "figures", plain: "figures" },
    Group { types: &[FieldType::DateWords], stratum: "figures", plain: "figures" },
    Group { types: &[FieldType::Time], stratum: "figures", plain: "figures" },
    Group { types: &[FieldType::IdNumber, FieldType::Document], stratum: "figures", plain: "figures" },
    Group { types: &[FieldType::PersonName], stratum: "names", plain: "plain names" },
    Group { types: &[FieldType::Place], stratum: "places", plain: "plain places" },
    Group { types: &[FieldType::Text], stratum: "places", plain: "plain places" },
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
        plain: "lists",
    },
];

/// How many groups there are.
pub(super) const COUNT: usize = GROUPS.len();

/// The group of a type, from 0.
pub(super) fn place(field_type: FieldType) -> usize {
    GROUPS.iter().position(|group| group.types.contains(&field_type)).unwrap_or_default()
}

/// The stratum of a value of this type, in plain writing or not ([`DraftField::is_plain`](crate::domain::DraftField::is_plain)).
#[must_use]
pub fn stratum(field_type: FieldType, plain: bool) -> &'static str {
    let group = &GROUPS[place(field_type)];
    if plain { group.plain } else { group.stratum }
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
        let strata = GROUPS.iter().flat_map(|group| [group.stratum, group.plain]);
        assert!(strata.into_iter().all(|stratum| STRATA.contains(&stratum)));
    }
}
