//! One reading to one normalised value, by the type of the field.

use crate::domain::{FieldName, FieldType, Fit, PartialDate, hour, text};

use super::cleaning::{as_written, without_label};
use super::dates::YearWindow;
use super::ditto::is_ditto;
use super::letters::in_case_of;
use super::lexicon::{Lexicon, Match, lexicon};
use super::mending::mended;
use super::{date_words, dates, names, numbers, sex};

/// What is known of a field before it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'f> {
    pub field: &'f FieldName,
    pub field_type: FieldType,
    /// The years its date can lie in.
    pub years: Option<YearWindow>,
    /// The years its date nearly always lies in.
    pub usual_years: Option<YearWindow>,
}

/// A value and how the text it came from fits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Normalised {
    pub value: String,
    pub fit: Fit,
}

/// How plain a number is that stood with others.
const ONE_OF_SEVERAL: f64 = 0.4;

/// Whether the grammar or list of the field has nothing to say against the text.
pub(super) fn is_good(fit: Fit) -> bool {
    match fit {
        Fit::Parsed(clarity) => clarity >= 0.5,
        fit => fit == Fit::Listed,
    }
}

/// The value that `text` stands for in the field `expected`.
pub(super) fn normalise(expected: Expected<'_>, text: &str) -> Normalised {
    let text = without_label(expected.field_type, text);
    let written = mended(expected.field_type, as_written(text));
    if is_ditto(text) {
        return Normalised { value: text::clean(text), fit: Fit::Ditto };
    }
    match expected.field_type {
        FieldType::Date => dated(expected, dates::parse(text, expected.years).map(|d| (d.date, d.clarity))),
        FieldType::DateWords => dated(expected, in_words(text, expected.years)),
        FieldType::Sex => {
            parsed(sex::sex(text).map(|(sex, clarity)| (sex.to_owned(), clarity)), String::new())
        }
        FieldType::Number => {
            let whole = numbers::number(text).map(|number| (number, 1.0));
            parsed(whole.or_else(|| Some((numbers::first_of_several(text)?, ONE_OF_SEVERAL))), written)
        }
        FieldType::IdNumber | FieldType::Document => identity(text),
        FieldType::Time => timed(written),
        FieldType::PersonName => Normalised { fit: name_fit(&written), value: written },
        _ => match lexicon(expected.field, expected.field_type) {
            Some(lexicon) => listed(lexicon, expected.field_type, written),
            None => Normalised { value: written, fit: Fit::Free },
        },
    }
}

/// A date in words; some clerks put figures into the place for words.
fn in_words(text: &str, years: Option<YearWindow>) -> Option<(PartialDate, f64)> {
    let words = date_words::parse(text).map(|words| (words.date, words.clarity));
    words.or_else(|| dates::parse(text, years).map(|date| (date.date, date.clarity)))
}

/// A date as ISO; one that does not parse has no value, so that no export holds a false date. A year
/// that the book does not allow is mostly a misread figure, and so is one that is not usual.
fn dated(expected: Expected<'_>, date: Option<(PartialDate, f64)>) -> Normalised {
    let outside = |window: Option<YearWindow>, date: PartialDate| {
        window.is_some_and(|window| !window.holds(date.year()))
    };
    let doubted = date.map(|(date, clarity)| {
        let impossible = if outside(expected.years, date) { 0.2 } else { 1.0 };
        let unusual = if outside(expected.usual_years, date) { 0.4 } else { 1.0 };
        (date.to_string(), clarity * f64::min(impossible, unusual))
    });
    parsed(doubted, String::new())
}

fn parsed(result: Option<(String, f64)>, otherwise: String) -> Normalised {
    match result {
        Some((value, clarity)) => Normalised { value, fit: Fit::Parsed(clarity) },
        None => Normalised { value: otherwise, fit: Fit::Unread },
    }
}

/// An hour as written; the colon that no engine saw is put back.
fn timed(written: String) -> Normalised {
    const WITHOUT_COLON: f64 = 0.7;
    if hour::is_hour(&written) {
        return Normalised { value: written, fit: Fit::Parsed(1.0) };
    }
    let value = hour::of_figures(&written).map(|hour| (hour, WITHOUT_COLON));
    parsed(value, written)
}

fn identity(text: &str) -> Normalised {
    let value = numbers::identity(text);
    let fit = if numbers::has_identity_shape(&value) { Fit::Parsed(1.0) } else { Fit::Unlisted };
    Normalised { value, fit }
}

/// A name made of syllables that names are made of is more likely read right than another.
fn name_fit(written: &str) -> Fit {
    if names::is_usual(written) { Fit::Free } else { Fit::Unlisted }
}

fn listed(lexicon: &Lexicon, field_type: FieldType, written: String) -> Normalised {
    match lexicon.look_up(&written) {
        Match::Exact => Normalised { value: written, fit: Fit::Listed },
        Match::Mistakable => Normalised { value: written, fit: Fit::Parsed(0.9) },
        Match::Near(word) => Normalised { value: in_case_of(word, &written), fit: Fit::Mended },
        Match::Unknown => match listed_within(lexicon, field_type, &written) {
            Some(value) => Normalised { value, fit: Fit::Parsed(0.9) },
            None => Normalised { value: written, fit: Fit::Unlisted },
        },
    }
}

/// A word of the list without the spaces an engine puts around hyphens, without the end of a printed label before it
/// (`ch Việt Nam`), or without what comes of the next one (see [`before_label`]).
fn listed_within(lexicon: &Lexicon, field_type: FieldType, written: &str) -> Option<String> {
    const LONGEST_REMAINDER: usize = 3;
    let tight = written.replace(" -", "-").replace("- ", "-");
    // The end of a label is written small; a capital begins the value (`Lâm bệnh`, `Phó Chủ tịch`).
    let is_remainder =
        |label: &str| label.chars().count() <= LONGEST_REMAINDER && !label.contains(char::is_uppercase);
    let after_label = tight.split_once(' ').filter(|(label, _)| is_remainder(label));
    let candidates =
        [Some(tight.as_str()), after_label.map(|(_, rest)| rest), before_label(field_type, &tight)];
    candidates.into_iter().flatten().find(|text| lexicon.look_up(text) == Match::Exact).map(str::to_owned)
}

/// What stands before the number of the next label (`Sét đánh 11`), or, in fields that hold one name alone, before its
/// first capital (`Hoa Kỳ Chứng minh nhân dân`).
fn before_label(field_type: FieldType, text: &str) -> Option<&str> {
    match (text.rsplit_once(' '), field_type) {
        (Some((value, number)), _) if text::is_number_of_label(number) => Some(value),
        (_, FieldType::Nationality | FieldType::Ethnicity) => {
            let mut capitals = text.match_indices(' ').map(|(at, _)| at);
            let label = capitals.rfind(|at| text[at + 1..].starts_with(char::is_uppercase))?;
            Some(&text[..label])
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Expected, normalise};
    use crate::assemble::dates::YearWindow;
    use crate::domain::{FieldType, Fit};

    fn read(field_type: FieldType, text: &str) -> (String, Fit) {
        let years = Some(YearWindow { earliest: 1880, latest: 1979 });
        let normalised =
            normalise(Expected { field: &"a.b".into(), field_type, years, usual_years: None }, text);
        (normalised.value, normalised.fit)
    }

    #[test]
    fn every_type_has_its_own_way() {
        for (field_type, text, value, fit) in [
            (FieldType::Date, "12-8-56.", "1956-08-12", Fit::Parsed(0.85)),
            (FieldType::Date, "31/2/1956", "", Fit::Unread),
            (
                FieldType::DateWords,
                "mười hai tháng tám năm một nghìn chín trăm năm sáu",
                "1956-08-12",
                Fit::Parsed(1.0),
            ),
            (FieldType::DateWords, "12/8/1956", "1956-08-12", Fit::Parsed(1.0)),
            (FieldType::Sex, "Nữ", "female", Fit::Parsed(1.0)),
            (FieldType::Sex, "Kinh", "", Fit::Unread),
            (FieldType::Number, "Số 85", "85", Fit::Parsed(1.0)),
            (FieldType::Number, "tám lăm", "tám lăm", Fit::Unread),
            (FieldType::Place, "Số 57 141 phố Kỳ Đồng", "Số 57/41 phố Kỳ Đồng", Fit::Free),
            (FieldType::Time, "1050", "10:50", Fit::Parsed(0.7)),
            (FieldType::Time, "50", "50", Fit::Unread),
            (FieldType::IdNumber, "017 316 905 862", "017316905862", Fit::Parsed(1.0)),
            (FieldType::Ethnicity, "Kinh...", "Kinh", Fit::Listed),
            (FieldType::Occupation, "LẢM RUỘNG", "LÀM RUỘNG", Fit::Mended),
            (FieldType::Occupation, "Thợ thuyền", "Thợ thuyền", Fit::Unlisted),
            (FieldType::Ethnicity, "Cơ- ho", "Cơ-ho", Fit::Parsed(0.9)),
            (FieldType::Ethnicity, "c: Kinh", "Kinh", Fit::Listed),
            (FieldType::Nationality, "ch Việt Nam", "Việt Nam", Fit::Parsed(0.9)),
            (FieldType::Nationality, "Hoa Kỳ Chững minh nhân dân", "Hoa Kỳ", Fit::Parsed(0.9)),
            (FieldType::Occupation, "Làm ruộng 11", "Làm ruộng", Fit::Parsed(0.9)),
            (FieldType::Cause, "Lâm bệnh", "Lâm bệnh", Fit::Unlisted),
            (FieldType::Date, "12/8/1856", "1856-08-12", Fit::Parsed(0.2)),
            (FieldType::Ethnicity, "-nt-", "-nt-", Fit::Ditto),
            (FieldType::PersonName, "..Nguyễn Văn An.", "Nguyễn Văn An", Fit::Free),
            (FieldType::PersonName, "Nquyẽn Vãm", "Nquyẽn Vãm", Fit::Unlisted),
            (FieldType::Place, "xã A - huyện B -", "xã A - huyện B", Fit::Free),
            (FieldType::Time, "15 giờ 45 phút", "15 giờ 45 phút", Fit::Parsed(1.0)),
        ] {
            assert_eq!(read(field_type, text), (value.to_owned(), fit), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_stops_it(text in "\\PC*") {
            for field_type in [FieldType::Text, FieldType::Date, FieldType::Occupation, FieldType::PersonName, FieldType::Document] {
                let _ = read(field_type, &text);
            }
        }
    }
}
