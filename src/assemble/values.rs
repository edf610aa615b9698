//! One reading to one normalised value, by the type of the field.

use crate::domain::{FieldName, FieldType, Fit, PartialDate, hour, text};

use super::cleaning::{as_written, without_label};
use super::dates::YearWindow;
use super::ditto::is_ditto;
use super::lexicon::{Lexicon, Match, lexicon};
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
    let written = match expected.field_type {
        FieldType::Place => with_office(with_slash(as_written(text))),
        FieldType::Text => with_slash_in_date(as_written(text)),
        FieldType::PersonName => without_next_label(as_written(text)),
        _ => as_written(text),
    };
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
            Some(lexicon) => listed(lexicon, written),
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

/// A house in a lane ("12/45 Nguyễn Du") whose slash was read as a figure 1: no address begins with two numbers. ("12 18"
/// may as well be "12/18".)
fn with_slash(written: String) -> String {
    let (before, numbers) = match written.strip_prefix("Số ") {
        Some(numbers) => ("Số ", numbers),
        None => ("", written.as_str()),
    };
    let figures = |text: &str| text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut words = numbers.splitn(3, ' ');
    let slash = (words.next(), words.next().and_then(|word| word.strip_prefix('1')), words.next());
    let (Some(house), Some(inner), Some(street)) = slash else { return written };
    let of_house = inner.trim_end_matches(|c: char| c.is_ascii_uppercase());
    if house.is_empty() || of_house.len() < 2 || !figures(house) || !figures(of_house) {
        return written;
    }
    format!("{before}{house}/{inner} {street}")
}

/// A date within a remark ("ngày 21/6/1963") whose first slash was read as a figure 1. ("21 12/1963" may be of December.)
fn with_slash_in_date(written: String) -> String {
    let words: Vec<&str> = written.split(' ').collect();
    let is_day = |text: &str, last: u32| {
        text.len() <= 2 && text.parse().is_ok_and(|day: u32| (1..=last).contains(&day))
    };
    let month = |word: &str| {
        let (month, year) = word.strip_prefix('1')?.split_once('/')?;
        let of_two = ["0", "1", "2"].contains(&month);
        (!of_two && is_day(month, 12) && year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| format!("{month}/{year}"))
    };
    let dates = words.windows(2).enumerate().filter(|(_, pair)| is_day(pair[0], 31));
    match dates.filter_map(|(at, pair)| Some((at, month(pair[1])?))).next() {
        Some((at, month)) => {
            let date = format!("{}/{month}", words[at]);
            [&words[..at], &[date.as_str()], &words[at + 2..]].concat().join(" ")
        }
        None => written,
    }
}

/// A name without the first letters of the label after it ("Lê Văn Sĩ Q", before "Quan hệ"): no syllable is made of them.
fn without_next_label(written: String) -> String {
    match written.rsplit_once(' ') {
        Some((name, end)) if ["q", "qu"].contains(&end.to_lowercase().as_str()) => name.to_owned(),
        _ => written,
    }
}

/// A place that begins with the office ("Ủy ban nhân dân xã Lộc Hòa"), a misread letter or tone of it made good.
fn with_office(written: String) -> String {
    const OFFICE: &str = "Ủy ban nhân dân";
    let Some((end, _)) = written.match_indices(' ').nth(3) else { return written };
    let (office, rest) = written.split_at(end);
    match strsim::levenshtein(&text::fold(office), &text::fold(OFFICE)) {
        0 | 1 => in_case_of(OFFICE, office) + rest,
        _ => written,
    }
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

fn listed(lexicon: &Lexicon, written: String) -> Normalised {
    match lexicon.look_up(&written) {
        Match::Exact => Normalised { value: written, fit: Fit::Listed },
        Match::Mistakable => Normalised { value: written, fit: Fit::Parsed(0.9) },
        Match::Near(word) => Normalised { value: in_case_of(word, &written), fit: Fit::Mended },
        Match::Unknown => match listed_within(lexicon, &written) {
            Some(value) => Normalised { value, fit: Fit::Parsed(0.9) },
            None => Normalised { value: written, fit: Fit::Unlisted },
        },
    }
}

/// A word of the list without the spaces an engine puts around hyphens, or without the end of a
/// printed label before it (`ch Việt Nam`).
fn listed_within(lexicon: &Lexicon, written: &str) -> Option<String> {
    const LONGEST_REMAINDER: usize = 3;
    let tight = written.replace(" -", "-").replace("- ", "-");
    // The end of a label is written small; a capital begins the value (`Lâm bệnh`, `Phó Chủ tịch`).
    let is_remainder =
        |label: &str| label.chars().count() <= LONGEST_REMAINDER && !label.contains(char::is_uppercase);
    let after_label = tight.split_once(' ').filter(|(label, _)| is_remainder(label));
    let candidates = [Some(tight.as_str()), after_label.map(|(_, rest)| rest)];
    candidates.into_iter().flatten().find(|text| lexicon.look_up(text) == Match::Exact).map(str::to_owned)
}

/// `word` with capitals where `written` has them: at the beginning, or throughout.
fn in_case_of(word: &str, written: &str) -> String {
    if written.chars().all(|c| !c.is_lowercase()) {
        return word.to_uppercase();
    }
    let mut letters = word.chars();
    match letters.next() {
        Some(first) if written.starts_with(char::is_uppercase) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => word.to_owned(),
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
            (FieldType::Place, "205 146B Sầm Sơn", "205/46B Sầm Sơn", Fit::Free),
            (FieldType::Place, "12 Nguyễn Du", "12 Nguyễn Du", Fit::Free),
            (FieldType::Place, "205 1", "205 1", Fit::Free),
            (FieldType::Place, "Uỷ bạn nhân dân xã Bố", "Ủy ban nhân dân xã Bố", Fit::Free),
            (FieldType::Place, "ỦY HAN NHÂN DÂN XÃ BỐ", "ỦY BAN NHÂN DÂN XÃ BỐ", Fit::Free),
            (FieldType::Place, "Ủy thác nhân dân xã Bố", "Ủy thác nhân dân xã Bố", Fit::Free),
            (FieldType::Text, "Đã cấp bản sao ngày 21 16/1963", "Đã cấp bản sao ngày 21/6/1963", Fit::Free),
            (FieldType::Text, "ngày 21 12/1963", "ngày 21 12/1963", Fit::Free),
            (FieldType::Text, "Quyết định số 21 16/KH", "Quyết định số 21 16/KH", Fit::Free),
            (FieldType::PersonName, "Lê Văn Sĩ Q", "Lê Văn Sĩ", Fit::Free),
            (FieldType::PersonName, "Lê Văn Ý", "Lê Văn Ý", Fit::Free),
            (FieldType::Time, "1050", "10:50", Fit::Parsed(0.7)),
            (FieldType::Time, "50", "50", Fit::Unread),
            (FieldType::IdNumber, "017 316 905 862", "017316905862", Fit::Parsed(1.0)),
            (FieldType::Ethnicity, "Kinh...", "Kinh", Fit::Listed),
            (FieldType::Occupation, "LẢM RUỘNG", "LÀM RUỘNG", Fit::Mended),
            (FieldType::Occupation, "Thợ thuyền", "Thợ thuyền", Fit::Unlisted),
            (FieldType::Ethnicity, "Cơ- ho", "Cơ-ho", Fit::Parsed(0.9)),
            (FieldType::Ethnicity, "c: Kinh", "Kinh", Fit::Listed),
            (FieldType::Nationality, "ch Việt Nam", "Việt Nam", Fit::Parsed(0.9)),
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
