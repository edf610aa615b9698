//! What a person types: the same normalisation as what is read, but nothing is guessed or made good.

use crate::domain::{BookCover, FieldName, FieldType, Fit, text};

use super::values::{Expected, normalise};
use super::years;

/// What a text that a person typed comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// This value.
    Value(String),
    /// It is nothing a field of this type can hold; the person may say that the book really says so.
    NotUnderstood,
}

/// The value that `text`, typed by a person into `field` of a book with this cover, stands for.
///
/// Dates may be typed in figures or words and become ISO, sexes become `male`, `female` or `unknown`,
/// numbers lose what stands around them; everything else stays as typed, NFC, with single spaces.
#[must_use]
pub fn typed(field: &FieldName, field_type: FieldType, cover: &BookCover, text: &str) -> Typed {
    let as_typed = text::clean(text);
    if !matches!(field_type, FieldType::Date | FieldType::DateWords | FieldType::Sex | FieldType::Number) {
        return Typed::Value(as_typed);
    }
    let year = years::registration_year(cover, None);
    let window = match field.as_str() {
        "registration.date" => years::of_registration(cover),
        _ => year.map(|year| years::of_field(field, year)),
    };
    let expected = Expected { field, field_type, years: window, usual_years: None };
    let normalised = normalise(expected, &as_typed);
    match normalised.fit {
        Fit::Parsed(_) | Fit::Listed => Typed::Value(normalised.value),
        _ => Typed::NotUnderstood,
    }
}

#[cfg(test)]
mod tests {
    use super::{Typed, typed};
    use crate::domain::{BookCover, FieldName, FieldType};

    fn of(field_type: FieldType, text: &str) -> Option<String> {
        let cover = BookCover { year: Some(1956), ..BookCover::default() };
        match typed(&FieldName::from("child.birth_date"), field_type, &cover, text) {
            Typed::Value(value) => Some(value),
            Typed::NotUnderstood => None,
        }
    }

    #[test]
    fn what_is_typed_is_normalised_as_what_is_read() {
        for (field_type, text, value) in [
            (FieldType::Date, "12/8/1956", Some("1956-08-12")),
            (FieldType::Date, "12.8.56", Some("1956-08-12")),
            (FieldType::Date, "8/1956", Some("1956-08")),
            (FieldType::Date, "31/2/1956", None),
            (
                FieldType::DateWords,
                "mười hai tháng tám năm một nghìn chín trăm năm mươi sáu",
                Some("1956-08-12"),
            ),
            (FieldType::Sex, "nữ", Some("female")),
            (FieldType::Sex, "x", None),
            (FieldType::Number, "045", Some("045")),
            (FieldType::PersonName, " Nguyễn  Thị Hoa", Some("Nguyễn Thị Hoa")),
            (FieldType::Place, "xã Hoà An", Some("xã Hoà An")),
        ] {
            assert_eq!(of(field_type, text).as_deref(), value, "{text}");
        }
    }
}
