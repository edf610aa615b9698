//! Dates in words: every wording of every day, and texts that are none.

use proptest::prelude::*;

use super::{WordStyle, parse, words};
use crate::domain::PartialDate;

#[test]
fn cases() {
    for line in
        include_str!("../../../tests/cases/date_words.tsv").lines().filter(|line| !line.starts_with('#'))
    {
        let (text, expected) = line.split_once('\t').unwrap();
        let date = parse(text).map_or("-".to_owned(), |parsed| parsed.date.to_string());
        assert_eq!(date, expected, "{text}");
    }
}

#[test]
fn every_year_of_the_list_is_understood() {
    let list = include_str!("../../../models/lists/date_words.csv");
    let mut seen = 0;
    for row in list.lines().filter_map(|line| line.strip_prefix("year_example,")) {
        let columns: Vec<&str> = row.split(',').collect();
        for wording in columns[2].split('|').chain([columns[1]]) {
            let text = format!("mồng hai tháng chín năm {wording}");
            let expected = format!("{}-09-02", columns[0]);
            assert_eq!(parse(&text).map(|p| p.date.to_string()), Some(expected), "{text}");
            seen += 1;
        }
    }
    assert!(seen > 100);
}

fn styles() -> Vec<WordStyle> {
    (0_u8..32)
        .map(|bits| WordStyle {
            southern_thousand: bits & 1 != 0,
            southern_zero: bits & 2 != 0,
            first_ten: bits & 4 != 0,
            fourth: bits & 8 != 0,
            starts_with_day: bits & 16 != 0,
        })
        .collect()
}

/// Every seventh day of 1900 to 2100 (every day takes a minute), all styles in turn.
#[test]
fn every_week_is_read_back() {
    let styles = styles();
    let start = jiff::civil::Date::constant(1900, 1, 1);
    let days = start.series(jiff::Span::new().days(7)).take_while(|day| day.year() <= 2100);
    for (day, style) in days.zip(styles.iter().cycle()) {
        let date = PartialDate::from_day(day.year(), day.month(), day.day()).unwrap();
        let text = words(date, *style);
        let parsed = parse(&text).map(|parsed| (parsed.date, parsed.clarity));
        assert_eq!(parsed, Some((date, 1.0)), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn every_style_is_read_back(year in 1900_i16..=2100, month in 1_i8..=12, day in 1_i8..=28) {
        let date = PartialDate::from_day(year, month, day).unwrap();
        for style in styles() {
            let text = words(date, style);
            prop_assert_eq!(parse(&text).map(|parsed| parsed.date), Some(date), "{}", text);
        }
    }

    #[test]
    fn a_wrong_letter_never_gives_another_date_clearly(year in 1900_i16..=2100, month in 1_i8..=12, day in 1_i8..=28, at in 0_usize..60, wrong in "[a-y]") {
        let date = PartialDate::from_day(year, month, day).unwrap();
        let mut letters: Vec<char> = words(date, WordStyle::default()).chars().collect();
        let at = at % letters.len();
        if letters[at] != ' ' {
            letters[at] = wrong.chars().next().unwrap();
        }
        let text: String = letters.into_iter().collect();
        if let Some(parsed) = parse(&text).filter(|parsed| parsed.clarity > 0.5) {
            prop_assert_eq!(parsed.date, date, "{}", text);
        }
    }

    #[test]
    fn no_text_stops_it(text in "\\PC*") {
        if let Some(parsed) = parse(&text) {
            prop_assert!((0.0..=1.0).contains(&parsed.clarity));
        }
    }
}
