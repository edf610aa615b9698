//! What stands in the ink of a field that a person has settled: its value is normalised, the ink is
//! not.

use crate::domain::{DraftField, FieldType, Fit};

use super::cleaning::{as_written, without_label};
use super::dates::YearWindow;
use super::values::{Expected, normalise};

/// The text in the ink of the verified `field`, where that can be told; to learn to read from.
///
/// - Names, places and all other values that are kept as written stand there as they are.
/// - A date in figures or words, a sex and a number stand there as they were read, if what was read
///   comes to exactly the verified value and nothing had to be made good on the way. When the person
///   corrected the value, nobody has said how the right one is written, and none is given;
/// - but of a number in plain figures, of which as many stand there as were read.
#[must_use]
pub fn as_it_stands(field: &DraftField) -> Option<String> {
    use FieldType::{Date, DateWords, Document, IdNumber, Number, Sex};
    let text = match field.field_type {
        Date | DateWords | Sex => as_read(field),
        Number | IdNumber | Document => as_read(field).or_else(|| in_figures(field)),
        _ => Some(field.value.clone()),
    };
    text.filter(|text| !text.is_empty())
}

/// What was read, when it comes to the verified value.
fn as_read(field: &DraftField) -> Option<String> {
    let year = field.value.get(..4).and_then(|year| year.parse().ok());
    let years = year.map(|year| YearWindow { earliest: year, latest: year });
    let expected = Expected { field: &field.name, field_type: field.field_type, years, usual_years: None };
    let raw = field.standing();
    let read = normalise(expected, &raw);
    let plain = match read.fit {
        // A short year is the only thing a date in figures may leave out.
        Fit::Parsed(clarity) if field.field_type == FieldType::Date => clarity > 0.8,
        Fit::Parsed(clarity) => clarity > 0.99,
        _ => false,
    };
    (plain && read.value == field.value).then(|| as_written(without_label(field.field_type, &raw)))
}

/// The value, when it and what was read are figures and nothing else, and as many.
fn in_figures(field: &DraftField) -> Option<String> {
    let figures = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let alike = figures(&field.value) && figures(&field.raw) && field.value.len() == field.raw.len();
    alike.then(|| field.value.clone())
}

#[cfg(test)]
mod tests {
    use super::as_it_stands;
    use crate::domain::{Confidence, DraftField, FieldName, FieldStatus, FieldType, Rectangle};

    fn stands(field_type: FieldType, value: &str, raw: &str) -> Option<String> {
        as_it_stands(&DraftField {
            value: value.to_owned(),
            raw: raw.to_owned(),
            confidence: Confidence::FULL,
            status: FieldStatus::Verified,
            ink: Some(Rectangle::new(0, 0, 9, 9)),
            ..DraftField::unread(FieldName::from("a.b"), field_type, Rectangle::new(0, 0, 9, 9))
        })
    }

    #[test]
    fn what_is_kept_as_written_stands_there_as_the_person_said() {
        for field_type in [FieldType::PersonName, FieldType::Place, FieldType::Occupation, FieldType::Text] {
            assert_eq!(stands(field_type, "Lê Ân", "Lc Am").as_deref(), Some("Lê Ân"));
        }
    }

    #[test]
    fn what_is_normalised_stands_there_as_read_when_it_comes_to_the_verified_value() {
        for (field_type, value, raw, text) in [
            (FieldType::Date, "1956-08-12", "12/8/1956", Some("12/8/1956")),
            (FieldType::Date, "1956-08-12", "12-8-56", Some("12-8-56")),
            (FieldType::Date, "1956-08-12", "12/8/1936", None),
            (FieldType::Date, "1956", "", None),
            (
                FieldType::DateWords,
                "1956-08-12",
                "mười hai tháng tám năm một nghìn chín trăm năm sáu",
                Some("mười hai tháng tám năm một nghìn chín trăm năm sáu"),
            ),
            (FieldType::DateWords, "1956-08-12", "mười hai tháng tấm năm một nghin chín trám năm sáu", None),
            (FieldType::Sex, "female", "Nữ", Some("Nữ")),
            (FieldType::Sex, "male", "Nữ", None),
            (FieldType::Sex, "female", "xyz", None),
        ] {
            assert_eq!(stands(field_type, value, raw).as_deref(), text, "{raw}");
        }
    }

    #[test]
    fn a_corrected_number_stands_there_in_as_many_figures_as_were_read() {
        assert_eq!(stands(FieldType::Number, "85", "Số 85").as_deref(), Some("Số 85"));
        assert_eq!(stands(FieldType::Number, "85", "35").as_deref(), Some("85"));
        assert_eq!(stands(FieldType::Number, "185", "35"), None);
        assert_eq!(stands(FieldType::Number, "85", "8S"), None);
        let spaced = stands(FieldType::IdNumber, "017316905862", "017 316 905 862");
        assert_eq!(spaced.as_deref(), Some("017 316 905 862"));
    }
}
