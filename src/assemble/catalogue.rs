//! The list of fields: type, Vietnamese label, column of the national import sheet, and whether a
//! wrong value does harm. Read once from `models/lists/record_fields.csv`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::{FieldName, FieldType, Kind};

use crate::domain::lists::rows;

/// What is known of a field of one kind of register.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FieldEntry {
    /// The kind of register.
    pub kind: Kind,
    /// The field's name, such as `child.name`.
    pub field: FieldName,
    /// What kind of value it holds.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// What it is called on paper, in Vietnamese.
    #[serde(rename = "label_vi")]
    pub label: String,
    /// Its column in the Ministry's import sheet (software 158); empty when the sheet has none.
    pub hotich158_column: String,
    /// Whether an error in it changes who or what the record is about.
    #[serde(deserialize_with = "is_critical")]
    pub critical: bool,
}

static ENTRIES: LazyLock<Vec<FieldEntry>> =
    LazyLock::new(|| rows(include_str!("../../models/lists/record_fields.csv")));

/// Every field of every kind, in the order of the list.
#[must_use]
pub fn entries() -> &'static [FieldEntry] {
    &ENTRIES
}

/// What is known of `field` in a register of this `kind`.
#[must_use]
pub fn find(kind: Kind, field: &FieldName) -> Option<&'static FieldEntry> {
    ENTRIES.iter().find(|entry| entry.kind == kind && entry.field == *field)
}

/// The type of `field` in a register of this `kind`; free text when the list does not have it.
#[must_use]
pub fn field_type(kind: Kind, field: &FieldName) -> FieldType {
    find(kind, field).map_or(FieldType::Text, |entry| entry.field_type)
}

fn is_critical<'de, D: serde::Deserializer<'de>>(column: D) -> Result<bool, D::Error> {
    Ok(String::deserialize(column)? == "critical")
}

#[cfg(test)]
mod tests {
    use super::{entries, field_type, find};
    use crate::domain::{FieldType, Kind};

    #[test]
    fn the_whole_list_is_understood() {
        let lines = include_str!("../../models/lists/record_fields.csv").lines().count();
        assert_eq!(entries().len(), lines - 1);
    }

    #[test]
    fn fields_are_found_by_kind_and_name() {
        let entry = find(Kind::Birth, &"child.sex".into()).unwrap();
        assert_eq!((entry.field_type, entry.critical), (FieldType::Sex, true));
        assert_eq!(entry.hotich158_column, "nksGioiTinh");
        assert!(find(Kind::Marriage, &"child.sex".into()).is_none());
        assert_eq!(field_type(Kind::Death, &"no.such".into()), FieldType::Text);
    }
}
