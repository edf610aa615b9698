//! Every wording of a day, a month and a year, from `models/lists/date_words.csv` and the rules of
//! Vietnamese numerals.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::nearest::{Letter, Phrase};
use super::{DAY, MONTH, letters, writing};
use crate::assemble::dates::YEARS;
use crate::domain::lists::{rows, variants};

/// The wordings, sorted by letters; all but the days backwards, because they are read from the end.
pub(super) struct Phrases {
    pub days: Vec<Phrase>,
    pub months: Vec<Phrase>,
    /// `năm một nghìn chín trăm`.
    pub centuries: Vec<Phrase>,
    /// `năm mươi sáu`.
    pub years_of_century: Vec<Phrase>,
}

pub(super) static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let rows: Vec<Row> = rows(include_str!("../../../models/lists/date_words.csv"));
    let mut days = wordings(&rows, "day", &["", "ngày"], &["", "ngày", "mồng", "mùng"]);
    days.insert(Vec::new(), 0);
    let months = wordings(&rows, "month", &["tháng"], &["tháng"]);
    let (mut centuries, mut years) = (Wordings::new(), Wordings::new());
    for century in YEARS.start() / 100..=YEARS.end() / 100 {
        for wording in writing::spellings_of_century(century).into_iter().chain([century.to_string()]) {
            add(&mut centuries, &format!("năm {wording}"), century * 100);
            add(&mut centuries, &wording, century * 100);
        }
    }
    for year in 0..100 {
        for wording in writing::spellings_below_hundred(year).into_iter().chain([format!("{year:02}")]) {
            add(&mut years, &wording, year);
        }
    }
    Phrases {
        days: phrases(days, DAY, false),
        months: phrases(months, MONTH, true),
        centuries: phrases(centuries, 1, true),
        years_of_century: phrases(years, 1, true),
    }
});

#[derive(Deserialize)]
struct Row {
    kind: String,
    value: String,
    canonical: String,
    variants: String,
}

type Wordings = BTreeMap<Vec<Letter>, i16>;

/// The wordings of the days or months: words after each of `before_words`, figures after each of
/// `before_figures`. What one row calls canonical is not another row's variant (the lunar "tháng
/// một" is the eleventh month, but not here).
fn wordings(rows: &[Row], kind: &str, before_words: &[&str], before_figures: &[&str]) -> Wordings {
    let rows = || rows.iter().filter(|row| row.kind == kind);
    let numbered = || rows().filter_map(|row| Some((row.value.parse::<i16>().ok()?, row)));
    let mut found = Wordings::new();
    let canonical = numbered().map(|(value, row)| (value, row.canonical.as_str()));
    let others = numbered().flat_map(|(value, row)| variants(&row.variants).map(move |word| (value, word)));
    for (value, word) in canonical.chain(others) {
        for prefix in before_words {
            add(&mut found, &format!("{prefix} {word}"), value);
        }
    }
    for (value, prefix) in numbered().flat_map(|(value, _)| before_figures.iter().map(move |p| (value, p))) {
        add(&mut found, &format!("{prefix} {value}"), value);
        add(&mut found, &format!("{prefix} {value:02}"), value);
    }
    found
}

/// Adds a wording, unless it stands for something else already.
fn add(wordings: &mut Wordings, wording: &str, value: i16) {
    wordings.entry(letters(wording)).or_insert(value);
}

/// The wordings as phrases whose values count in steps of `unit`.
fn phrases(wordings: Wordings, unit: i32, backward: bool) -> Vec<Phrase> {
    let phrase = |(mut letters, value): (Vec<Letter>, i16)| {
        if backward {
            letters.reverse();
        }
        Phrase { letters, value: i32::from(value) * unit }
    };
    let mut phrases: Vec<Phrase> = wordings.into_iter().map(phrase).collect();
    phrases.sort();
    phrases
}
