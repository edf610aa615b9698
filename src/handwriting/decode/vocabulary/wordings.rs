//! The lists of the field (`models/lists`) as weighted words and characters.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::lists::{rows, variants};
use crate::handwriting::decode::language::Characters;
use crate::handwriting::decode::trie::Trie;

/// Every character, as frequent as in these words, with a share for those that are not in them.
pub(super) fn anything(words: &[String]) -> Characters {
    let mut counts: BTreeMap<char, f32> = BTreeMap::new();
    words.iter().flat_map(|word| word.chars()).for_each(|letter| *counts.entry(letter).or_default() += 1.0);
    let (all, kinds) = (counts.values().sum::<f32>(), ANYTHING.chars().count() as f32);
    let share = |letter: char| 0.75 * counts.get(&letter).unwrap_or(&0.0) / all + 0.25 / kinds;
    ANYTHING.chars().map(|letter| (letter, share(letter).ln())).collect()
}

/// Numbers as they stand in addresses and notes: 12, 12A, 12/5, 05, 1965.
pub(super) fn numbers() -> Trie {
    let plain = (1..1000).map(|n| (n.to_string(), 1.0 / f64::from(n).sqrt()));
    let lettered =
        (1..400).flat_map(|n| "abcd".chars().map(move |c| (format!("{n}{c}"), 0.05 / f64::from(n).sqrt())));
    let parted =
        (1..400).flat_map(|n| (1..100).map(move |m| (format!("{n}/{m}"), 0.006 / f64::from(n).sqrt())));
    let long = (1000..3000).map(|n| (n.to_string(), 0.002));
    let padded = (0..10).map(|n| (format!("0{n}"), 0.2));
    let of_year = (1..20).flat_map(|n| (1945..2040).map(move |year| (format!("{n:02}/{year}"), 0.002)));
    Trie::new(plain.chain(lettered).chain(parted).chain(long).chain(padded).chain(of_year))
}

/// Every character a text may hold, lower case.
const ANYTHING: &str = " 0123456789.,-/:;()'\"+&%?!*°=_aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộ\
    ơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz";

#[derive(Deserialize)]
struct NameRow {
    kind: String,
    syllable: String,
    weight: Option<f64>,
}

/// The syllables of names of these kinds, as frequent as the list says.
pub(super) fn names(kinds: &[&str]) -> Vec<(String, f64)> {
    let all: Vec<NameRow> = rows(include_str!("../../../../models/lists/names.csv"));
    let wanted = all.into_iter().filter(|row| kinds.iter().any(|kind| row.kind.starts_with(kind)));
    wanted.map(|row| (row.syllable, row.weight.unwrap_or(0.0) + 0.5)).collect()
}

/// A row of a list whose columns go by many names.
type AnyRow = BTreeMap<String, String>;

/// The wordings in the named columns of a list: the first of a row weighs most.
fn wordings(list: &str, columns: &[&str], keep: &dyn Fn(&AnyRow) -> bool) -> Vec<(String, f64)> {
    let mut all = Vec::new();
    for row in rows::<AnyRow>(list).iter().filter(|row| keep(row)) {
        let cells = columns.iter().filter_map(|column| row.get(*column));
        let pieces = cells.flat_map(|cell| variants(cell)).map(|piece| piece.trim_end_matches('!'));
        let pieces = pieces.filter(|piece| !piece.is_empty() && !piece.contains('('));
        all.extend(pieces.enumerate().map(|(i, piece)| (piece.to_owned(), if i == 0 { 3.0 } else { 1.0 })));
    }
    all
}

pub(super) fn occupations() -> Vec<(String, f64)> {
    canonical(include_str!("../../../../models/lists/occupations.csv"))
}

pub(super) fn causes_of_death() -> Vec<(String, f64)> {
    canonical(include_str!("../../../../models/lists/causes_of_death.csv"))
}

fn canonical(list: &str) -> Vec<(String, f64)> {
    wordings(list, &["canonical", "variants"], &|_| true)
}

pub(super) fn choices(titles: bool) -> Vec<(String, f64)> {
    let list = include_str!("../../../../models/lists/choices.csv");
    let is_relation = |row: &AnyRow| row.get("field").is_some_and(|field| field.ends_with("relation"));
    wordings(list, &["canonical", "variants"], &|row| is_relation(row) != titles)
}

pub(super) fn ethnic_groups() -> Vec<(String, f64)> {
    let list = include_str!("../../../../models/lists/ethnic_groups.csv");
    let mut all = wordings(list, &["official", "variants_158", "variants_other"], &|_| true);
    all.push(("Kinh".to_owned(), 400.0));
    all
}

pub(super) fn nationalities() -> Vec<(String, f64)> {
    let mut all =
        wordings(include_str!("../../../../models/lists/nationalities.csv"), &["value", "variants"], &|_| {
            true
        });
    all.push(("Việt Nam".to_owned(), 500.0));
    all
}

pub(super) fn provinces() -> Vec<(String, f64)> {
    let mut all =
        wordings(include_str!("../../../../models/lists/provinces_63.csv"), &["name", "variants"], &|_| true);
    all.extend(wordings(include_str!("../../../../models/lists/provinces_history.csv"), &["name"], &|_| {
        true
    }));
    all
}

/// How often a name is written, by what it names; a commune counts 1.
const WRITTEN: [(&str, f64); 5] =
    [("district", 10.0), ("street", 40.0), ("hamlet", 40.0), ("institution", 20.0), ("phrase", 100.0)];

/// Names of districts, communes, hamlets, streets and hospitals, without the words for their level.
pub(super) fn place_names() -> Vec<(String, f64)> {
    let written =
        |kind: &str| WRITTEN.iter().find(|(known, _)| *known == kind).map_or(1.0, |(_, weight)| *weight);
    let units: Vec<AnyRow> = rows(include_str!("../../../../models/lists/administrative_units.csv"));
    let column = |row: &AnyRow, name: &str| row.get(name).cloned().unwrap_or_default();
    let communes = units
        .iter()
        .flat_map(|row| variants(&column(row, "communes")).map(str::to_owned).collect::<Vec<_>>());
    let districts = units.iter().map(|row| (column(row, "district"), written("district")));
    let named: Vec<AnyRow> = rows(include_str!("../../../../models/lists/place_names.csv"));
    let named = named.iter().map(|row| (column(row, "name"), written(&column(row, "kind"))));
    communes.map(|commune| (commune, 1.0)).chain(districts).chain(named).collect()
}

pub(super) fn levels() -> Vec<(String, f64)> {
    let list = include_str!("../../../../models/lists/place_patterns.csv");
    let common = [
        "xã",
        "huyện",
        "tỉnh",
        "thôn",
        "phường",
        "quận",
        "thành phố",
        "thị trấn",
        "xóm",
        "ấp",
        "số",
        "số nhà",
        "tổ",
        "đường",
        "phố",
        "ngõ",
    ];
    let mut all = wordings(list, &["forms"], &|_| true);
    all.extend(common.iter().map(|word| ((*word).to_owned(), 20.0)));
    all
}

pub(super) fn date_words() -> Vec<(String, f64)> {
    let list = include_str!("../../../../models/lists/date_words.csv");
    let phrases = wordings(list, &["canonical", "variants"], &|_| true);
    let mut all: Vec<(String, f64)> = Vec::new();
    for (phrase, _) in &phrases {
        all.extend(phrase.split(' ').map(|word| (word.to_owned(), 1.0)));
    }
    let usual =
        ["ngày", "tháng", "năm", "một", "nghìn", "ngàn", "chín", "trăm", "mươi", "mười", "hai", "không"];
    all.extend(usual.iter().map(|word| ((*word).to_owned(), 60.0)));
    all
}

/// The words of all the closed lists, one by one.
pub(super) fn common_words() -> Vec<(String, f64)> {
    let lists = [
        occupations(),
        causes_of_death(),
        choices(true),
        choices(false),
        levels(),
        provinces(),
        date_words(),
    ];
    let phrases = lists.iter().flatten();
    phrases.flat_map(|(phrase, _)| phrase.split(' ').map(|word| (word.to_owned(), 1.0))).collect()
}
