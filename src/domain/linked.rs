//! What other sources say of an entry: linked entries (the same event in two books, the same person in two entries), and
//! spreadsheets into which it was keyed.

use super::{DraftField, FieldName};

/// A value that another source has for the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedValue {
    /// The field of this entry that says the same thing.
    pub field: FieldName,
    /// The value that the other source has.
    pub value: String,
    /// What the other source is.
    pub source: LinkedSource,
}

/// What a value comes from that is not read from the field itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkedSource {
    /// Another entry, which people linked with this one or which is as good as surely linked.
    Entry,
    /// A spreadsheet into which this entry was keyed.
    Spreadsheet,
}

/// A book to be weighed, entry by entry.
#[derive(Debug, Default)]
pub struct LinkedValues(pub Vec<Vec<LinkedValue>>);

impl LinkedValues {
    /// What linked entries have for the fields of the record at `place`.
    #[must_use]
    pub fn of(&self, place: usize) -> &[LinkedValue] {
        self.0.get(place).map_or(&[], Vec::as_slice)
    }
}

/// What a person keeps all through life, and does not differ between the entries about them.
const KEPT: [&str; 3] = ["name", "birth_date", "sex"];

/// What another entry with the fields `other` has for the fields of an entry that it is linked with: `roles` are the people the link is
/// about, in this entry and in the other one; `event` where both are about one event.
#[must_use]
pub fn linked_values(roles: (&str, &str), other: &[DraftField]) -> Vec<LinkedValue> {
    let value = |field: FieldName, named: &FieldName| {
        let found = other.iter().find(|found| found.name == *named && !found.value.is_empty())?;
        Some(LinkedValue { field, value: found.value.clone(), source: LinkedSource::Entry })
    };
    if roles == (EVENT, EVENT) {
        let people = other.iter().filter(|field| !is_of_the_book(&field.name));
        return people.filter_map(|field| value(field.name.clone(), &field.name)).collect();
    }
    let named = |role: &str, what: &str| FieldName::new(format!("{role}.{what}"));
    KEPT.into_iter().filter_map(|what| value(named(roles.0, what), &named(roles.1, what))).collect()
}

/// The role of a link between two entries of one event.
const EVENT: &str = "event";

/// Whether a field is about the book or who wrote it, which differ where an event is registered twice, or
/// about a place, which every clerk writes in his own way.
fn is_of_the_book(name: &FieldName) -> bool {
    let place = ["residence", "place", "origin"].iter().any(|what| name.as_str().ends_with(what));
    place
        || !matches!(
            name.subject(),
            "child" | "father" | "mother" | "husband" | "wife" | "deceased" | "death"
        )
}

#[cfg(test)]
mod tests {
    use super::linked_values;
    use crate::domain::{DraftField, FieldType, Rectangle};

    fn fields(fields: &[(&str, &str)]) -> Vec<DraftField> {
        let field = |(name, value): &(&str, &str)| DraftField {
            value: (*value).to_owned(),
            ..DraftField::unread((*name).into(), FieldType::Text, Rectangle::new(0, 0, 1, 1))
        };
        fields.iter().map(field).collect()
    }

    fn linked(roles: (&str, &str), other: &[DraftField]) -> Vec<(String, String)> {
        let values = linked_values(roles, other);
        values.into_iter().map(|value| (value.field.to_string(), value.value)).collect()
    }

    #[test]
    fn what_is_the_same_thing_is_paired() {
        let birth = fields(&[
            ("entry.number", "5"),
            ("child.name", "Lê An"),
            ("child.sex", ""),
            ("child.birth_place", "Huế"),
        ]);
        let pair = |field: &str| (field.to_owned(), "Lê An".to_owned());
        assert_eq!(linked(("event", "event"), &birth), [pair("child.name")]);
        assert_eq!(linked(("husband", "child"), &birth), [pair("husband.name")]);
        assert!(linked(("parents", "parents"), &birth).is_empty());
    }
}
