//! Every wording of a day, a month and a year, from `models/lists/date_words.csv` and the rules of
//! Vietnamese numerals.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::nearest::{Letter, Phrase};
use super::{letters, writing};
use crate::assemble::dates::YEARS;
use crate::assemble::lists::{rows, variants};

/// The wordings, sorted by letters; years backwards, because they end the text.
pub(super) struct Phrases {
    pub days: Vec<Phrase>,
    pub months: Vec<Phrase>,
    pub years: Vec<Phrase>,
}

pub(super) static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let rows: Vec<Row> = rows(include_str!("../../../models/lists/date_words.csv"));
    let days = wordings(&rows, "day", &["", "ngày"], &["", "ngày", "mồng", "mùng"]);
    let months = wordings(&rows, "month", &["tháng"], &["tháng"]);
    let mut years = BTreeMap::new();
    for year in YEARS {
        let spelled = writing::spellings_of_year(year).into_iter().chain([year.to_string()]);
        for wording in spelled {
            add(&mut years, &format!("năm {wording}"), year, true);
            add(&mut years, &wording, year, true);
        }
    }
    let mut days: Vec<Phrase> = phrases(days);
    days.push(Phrase { letters: Vec::new(), value: 0 });
    days.sort();
    Phrases { days, months: phrases(months), years: phrases(years) }
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
            add(&mut found, &format!("{prefix} {word}"), value, false);
        }
    }
    for (value, prefix) in numbered().flat_map(|(value, _)| before_figures.iter().map(move |p| (value, p))) {
        add(&mut found, &format!("{prefix} {value}"), value, false);
        add(&mut found, &format!("{prefix} {value:02}"), value, false);
    }
    found
}

/// Adds a wording, unless it stands for something else already.
fn add(wordings: &mut Wordings, wording: &str, value: i16, backward: bool) {
    let mut letters = letters(wording);
    if backward {
        letters.reverse();
    }
    wordings.entry(letters).or_insert(value);
}

fn phrases(wordings: Wordings) -> Vec<Phrase> {
    wordings.into_iter().map(|(letters, value)| Phrase { letters, value }).collect()
}
