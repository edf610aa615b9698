//! The list of fields: type, Vietnamese label, column of the national import sheet, and whether a
//! wrong value does harm. Read once from `models/lists/record_fields.csv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::lists::rows;
use super::{FieldName, FieldType, Kind};

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
    #[serde(deserialize_with = "says_critical")]
    pub critical: bool,
}

static ENTRIES: LazyLock<Vec<FieldEntry>> =
    LazyLock::new(|| rows(include_str!("../../models/lists/record_fields.csv")));

/// Where in the list each field stands.
static PLACES: LazyLock<HashMap<(Kind, &str), usize>> = LazyLock::new(|| {
    ENTRIES.iter().enumerate().map(|(place, entry)| ((entry.kind, entry.field.as_str()), place)).collect()
});

/// Every field of every kind, in the order of the list.
#[must_use]
pub fn entries() -> &'static [FieldEntry] {
    &ENTRIES
}

/// What is known of `field` in a register of this `kind`.
#[must_use]
pub fn find(kind: Kind, field: &FieldName) -> Option<&'static FieldEntry> {
    PLACES.get(&(kind, field.as_str())).map(|place| &ENTRIES[*place])
}

/// The type of `field` in a register of this `kind`; free text when the list does not have it.
#[must_use]
pub fn field_type(kind: Kind, field: &FieldName) -> FieldType {
    find(kind, field).map_or(FieldType::Text, |entry| entry.field_type)
}

/// Whether an extract is about `field`: an error in it changes who or what the record is about.
#[must_use]
pub fn is_critical(kind: Kind, field: &FieldName) -> bool {
    find(kind, field).is_some_and(|entry| entry.critical)
}

/// The names without which an entry registers no one (Law on Civil Status 2014, articles 14, 18, 34).
pub const REGISTERED: [&str; 4] = ["child.name", "husband.name", "wife.name", "deceased.name"];

/// Fields that no entry leaves blank, beside those names: one that seems blank was not found.
const NEVER_BLANK: [&str; 2] = ["entry.number", "registration.date"];

/// Whether no entry leaves `field` blank.
#[must_use]
pub fn is_in_every_entry(field: &FieldName) -> bool {
    REGISTERED.iter().chain(&NEVER_BLANK).any(|name| field.as_str() == *name)
}

/// The fields that no entry of this `kind` leaves blank.
pub fn in_every_entry(kind: Kind) -> impl Iterator<Item = FieldName> {
    let names = NEVER_BLANK.iter().chain(&REGISTERED).map(|name| FieldName::from(*name));
    names.filter(move |name| find(kind, name).is_some())
}

fn says_critical<'de, D: serde::Deserializer<'de>>(column: D) -> Result<bool, D::Error> {
    Ok(String::deserialize(column)? == "critical")
}

#[cfg(test)]
mod tests {
    use super::{FieldType, Kind};
    use super::{entries, field_type, find, is_critical};

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
        assert!(is_critical(Kind::Birth, &"child.name".into()));
        assert!(!is_critical(Kind::Birth, &"registration.page".into()));
    }
}
