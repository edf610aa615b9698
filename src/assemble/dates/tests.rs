//! Dates in every style, and texts that are none.

use proptest::prelude::*;

use super::{YearWindow, parse};

const WINDOW: YearWindow = YearWindow { earliest: 1870, latest: 1985 };

#[test]
fn cases() {
    for line in include_str!("../../../tests/cases/dates.tsv").lines().filter(|line| !line.starts_with('#')) {
        let (text, expected) = line.split_once('\t').unwrap();
        let date = parse(text, Some(WINDOW)).map_or("-".to_owned(), |parsed| parsed.date.to_string());
        assert_eq!(date, expected, "{text}");
    }
}

#[test]
fn two_figures_need_a_window_to_be_a_year() {
    assert_eq!(parse("12/8/56", None), None);
    assert_eq!(parse("56", None), None);
    let parsed = parse("12/8/56", Some(WINDOW)).unwrap();
    assert!(parsed.short_year && parsed.clarity < 1.0);
}

#[test]
fn what_had_to_be_made_good_is_less_clear() {
    let clarity = |text| parse(text, Some(WINDOW)).map(|parsed| parsed.clarity).unwrap();
    assert_eq!(clarity("12/8/1956"), 1.0);
    for slip in ["l2/8/1956", "1281956", "12 8 1956", "Nqày 12 tháng 8 năm 1956"] {
        assert!(clarity(slip) < 1.0, "{slip}");
    }
}

#[test]
fn a_date_among_other_words_is_less_clear() {
    for (text, date) in [
        ("Ngày 11 tháng 3 năm 1983 9 mang", Some("1983-03-11")),
        ("61 26/12/2005", Some("2005-12-26")),
        ("1/3/1961 Th Pl", Some("1961-03-01")),
        ("1/3/1961 và 2/3/1961", None),
        ("31/2/1961 Th", None),
        ("Th Pl 1961", None),
        ("12/8/1956 âm lịch", None),
    ] {
        let parsed = parse(text, Some(WINDOW));
        assert_eq!(parsed.map(|parsed| parsed.date.to_string()).as_deref(), date, "{text}");
        assert!(parsed.is_none_or(|parsed| parsed.clarity < 0.5), "{text}");
    }
}

/// The styles of clerks for a whole date.
fn styles(year: i16, month: i8, day: i8) -> Vec<String> {
    vec![
        format!("{day}/{month}/{year}"),
        format!("{day:02}-{month:02}-{year}"),
        format!("{day}.{month}.{year}"),
        format!("{day} / {month} / {year}"),
        format!("{day} {month:02} {year}"),
        format!("ngày {day} tháng {month} năm {year}"),
        format!("{day:02} tháng {month:02} năm {year}"),
        format!("Ngày {day} th {month} n {year}"),
        format!("ngày...{day}..tháng...{month:02}....năm..{year}..."),
        format!("xã Yên Phú, ngày {day} tháng {month} năm {year}"),
        format!("{day:02}{month:02}{year}"),
    ]
}

proptest! {
    #[test]
    fn every_style_is_read_back(year in 1850_i16..=2100, month in 1_i8..=12, day in 1_i8..=28) {
        for text in styles(year, month, day) {
            let date = parse(&text, None).map(|parsed| parsed.date.to_string());
            prop_assert_eq!(date, Some(format!("{year}-{month:02}-{day:02}")), "{}", text);
        }
    }

    #[test]
    fn a_short_year_is_the_latest_the_window_holds(back in 0_i16..100, latest in 1900_i16..=2030) {
        let window = YearWindow { earliest: latest - 99, latest };
        let year = latest - back;
        let text = format!("12/8/{:02}", year % 100);
        prop_assert_eq!(parse(&text, Some(window)).map(|parsed| parsed.date.year()), Some(year));
    }

    #[test]
    fn no_text_stops_it(text in "\\PC*", figures in "[0-9lIO/. -]{0,30}") {
        for text in [text, figures] {
            if let Some(parsed) = parse(&text, Some(WINDOW)) {
                prop_assert!((0.0..=1.0).contains(&parsed.clarity));
            }
        }
    }
}
