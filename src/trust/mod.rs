//! Draft to statuses: which values may go to nobody. The bar is where no value was wrong among 2392
//! on books with known truth (`thresholds`); free notes and numbers of papers go to a person always.

mod thresholds;

use crate::domain::{Confidence, DraftField, DraftRecord, FieldStatus, Severity};

pub use thresholds::{BLANK, Needed, needed};

/// Pairs of fields that say the same, once in figures and once in words (TT 04/2020, articles 31
/// and 34).
const TWICE: [(&str, &str); 2] =
    [("child.birth_date", "child.birth_date_words"), ("death.date", "death.date_words")];

/// The names without which an entry registers no one (Law on Civil Status 2014, articles 14, 18, 34).
const REGISTERED: [&str; 4] = ["child.name", "husband.name", "wife.name", "deceased.name"];

/// Settles the status of every field that no person has looked at. Evidence across the record is
/// weighed first: figures and words that agree vouch for each other, a broken rule speaks against
/// every field it compares. No value changes.
pub fn settle(record: &mut DraftRecord) {
    vouch_for_dates_written_twice(record);
    doubt_broken_rules(record);
    for index in 0..record.fields.len() {
        let name = record.fields[index].name.as_str();
        let questioned = record.rules.iter().any(|rule| {
            rule.severity >= Severity::Query && rule.fields.iter().any(|field| field.as_str() == name)
        });
        let status = status(&record.fields[index], questioned);
        record.fields[index].status = status;
    }
    if nobody_is_registered(record) {
        send_to_a_person(record);
    }
}

/// Whether the name of someone the entry is about is left blank: nobody registers no one, so the
/// entry was understood wrongly or is no entry.
fn nobody_is_registered(record: &DraftRecord) -> bool {
    REGISTERED.iter().any(|name| record.field(name).is_some_and(|field| field.value.is_empty()))
}

/// Nothing of `record` goes to nobody.
fn send_to_a_person(record: &mut DraftRecord) {
    for field in &mut record.fields {
        if matches!(field.status, FieldStatus::Accepted | FieldStatus::Blank) {
            field.status = FieldStatus::Review;
        }
    }
}

/// The status of one field.
fn status(field: &DraftField, questioned: bool) -> FieldStatus {
    if matches!(field.status, FieldStatus::Verified | FieldStatus::Illegible) {
        return field.status;
    }
    let sure = field.confidence.get();
    let enough = match (field.status == FieldStatus::Blank, needed(field.field_type)) {
        (true, _) => return if sure >= BLANK { FieldStatus::Blank } else { FieldStatus::Review },
        (false, Needed::AtLeast(threshold)) => sure >= threshold,
        (false, Needed::Person) => false,
    };
    if enough && !questioned && !field.value.is_empty() { FieldStatus::Accepted } else { FieldStatus::Review }
}

/// Raises the confidence of dates in figures and in words that agree: two misreadings rarely give
/// the same date, so the doubts multiply.
fn vouch_for_dates_written_twice(record: &mut DraftRecord) {
    for (figures, words) in TWICE {
        let (Some(a), Some(b)) = (record.field(figures), record.field(words)) else { continue };
        if a.value.is_empty() || a.value != b.value {
            continue;
        }
        let together = Confidence::clamped(1.0 - (1.0 - a.confidence.get()) * (1.0 - b.confidence.get()));
        for field in record.fields.iter_mut().filter(|field| [figures, words].contains(&field.name.as_str()))
        {
            field.confidence = together;
        }
    }
}

/// Lowers the confidence of every field that a broken rule compares.
fn doubt_broken_rules(record: &mut DraftRecord) {
    for field in &mut record.fields {
        let factor: f64 = record
            .rules
            .iter()
            .filter(|rule| rule.fields.contains(&field.name))
            .map(|rule| thresholds::doubt(rule.severity))
            .product();
        field.confidence = Confidence::clamped(field.confidence.get() * factor);
    }
}

#[cfg(test)]
mod tests;
