//! The closed and half-closed lists of words that some fields hold, with their variants.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::{FieldName, FieldType, text};

use super::letters::plain;
use crate::domain::lists::{rows, variants};

/// The words a field can hold, by the form in which they are compared.
pub(super) struct Lexicon {
    words: BTreeMap<String, Word>,
}

/// A word of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    spelling: String,
    lower: String,
    /// Which group of variants it belongs to.
    group: usize,
    /// Whether it may be proposed; words marked `!` in the lists are known but never proposed.
    proposable: bool,
}

/// How a text stands to the words of a lexicon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Match<'l> {
    /// It is one of the words.
    Exact,
    /// It is one of the words, but one slip away from a word that means something else (Tày, Tàu).
    Mistakable,
    /// It is none, and this is the only word one letter or accent away.
    Near(&'l str),
    /// It is none, and no single word is near.
    Unknown,
}

impl Lexicon {
    /// The lexicon of these groups of words that mean the same.
    fn new(groups: impl IntoIterator<Item = Vec<String>>) -> Self {
        let mut lexicon = Self { words: BTreeMap::new() };
        for (group, words) in groups.into_iter().enumerate() {
            for word in words {
                let spelling = text::clean(word.trim_end_matches('!'));
                let (key, lower) = (text::comparable(&spelling), spelling.to_lowercase());
                let proposable = !word.ends_with('!');
                lexicon.words.entry(key).or_insert(Word { spelling, lower, group, proposable });
            }
        }
        lexicon
    }

    /// How `written` stands to the words.
    pub(super) fn look_up(&self, written: &str) -> Match<'_> {
        let read = text::clean(written).to_lowercase();
        if let Some(word) = self.words.get(&text::comparable(written)) {
            let mut others = self.words.values().filter(|other| other.group != word.group);
            let mistakable = others.any(|other| strsim::levenshtein(&read, &other.lower) == 1);
            return if mistakable { Match::Mistakable } else { Match::Exact };
        }
        let mut near = self.words.values().filter(|word| is_one_slip(&read, &word.lower));
        match (near.next(), near.next()) {
            (Some(word), None) if word.proposable => Match::Near(&word.spelling),
            _ => Match::Unknown,
        }
    }
}

/// Whether two words are one slip apart: one letter, or the accents of one letter. In words of up
/// to three letters a wrong letter is too much (Dao and Hoa, Vợ and Bố), a wrong accent is not.
fn is_one_slip(read: &str, word: &str) -> bool {
    let length = word.chars().count();
    if read.chars().count().abs_diff(length) > 1 || strsim::levenshtein(read, word) != 1 {
        return false;
    }
    length > 3 || plain(read) == plain(word)
}

#[derive(Deserialize)]
struct Ethnic {
    official: String,
    value_158: String,
    variants_158: String,
    variants_other: String,
}

#[derive(Deserialize)]
struct Nationality {
    value: String,
    variants: String,
}

/// A row of the occupations, the causes of death or the choices.
#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    field: String,
    canonical: String,
    variants: String,
}

fn all(canonical: &str, columns: &[&str]) -> Vec<String> {
    let others = columns.iter().flat_map(|column| variants(column)).map(str::to_owned);
    std::iter::once(canonical.to_owned()).chain(others).collect()
}

static ETHNICITIES: LazyLock<Lexicon> = LazyLock::new(|| {
    let rows: Vec<Ethnic> = rows(include_str!("../../models/lists/ethnic_groups.csv"));
    Lexicon::new(
        rows.iter().map(|row| all(&row.official, &[&row.value_158, &row.variants_158, &row.variants_other])),
    )
});

static NATIONALITIES: LazyLock<Lexicon> = LazyLock::new(|| {
    let rows: Vec<Nationality> = rows(include_str!("../../models/lists/nationalities.csv"));
    Lexicon::new(rows.iter().map(|row| all(&row.value, &[&row.variants])))
});

static OCCUPATIONS: LazyLock<Lexicon> =
    LazyLock::new(|| listed(include_str!("../../models/lists/occupations.csv"), ""));
static CAUSES: LazyLock<Lexicon> =
    LazyLock::new(|| listed(include_str!("../../models/lists/causes_of_death.csv"), ""));
static CHOICES: &str = include_str!("../../models/lists/choices.csv");
static TITLES: LazyLock<Lexicon> = LazyLock::new(|| listed(CHOICES, "signer.title"));
static REGISTRATION_TYPES: LazyLock<Lexicon> = LazyLock::new(|| listed(CHOICES, "registration.type"));
static RELATIONS: LazyLock<Lexicon> = LazyLock::new(|| listed(CHOICES, "relation"));

fn listed(list: &str, field: &str) -> Lexicon {
    let rows: Vec<Listed> = rows(list);
    let rows = rows.into_iter().filter(|row| row.field == field);
    Lexicon::new(rows.map(|row| all(&row.canonical, &[&row.variants])))
}

/// The words that `field` can hold, when there is a list of them.
pub(super) fn lexicon(field: &FieldName, field_type: FieldType) -> Option<&'static Lexicon> {
    match field_type {
        FieldType::Ethnicity => Some(&ETHNICITIES),
        FieldType::Nationality => Some(&NATIONALITIES),
        FieldType::Occupation => Some(&OCCUPATIONS),
        FieldType::Cause => Some(&CAUSES),
        FieldType::Relation => Some(&RELATIONS),
        FieldType::Choice if field.as_str() == "signer.title" => Some(&TITLES),
        FieldType::Choice if field.as_str() == "registration.type" => Some(&REGISTRATION_TYPES),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Match, lexicon};
    use crate::domain::FieldType::{self, Cause, Choice, Ethnicity, Nationality, Occupation, Relation};

    fn look_up(field_type: FieldType, written: &str) -> Match<'static> {
        lexicon(&"signer.title".into(), field_type).unwrap().look_up(written)
    }

    #[test]
    fn words_are_known_in_every_spelling() {
        for (field_type, word) in [
            (Ethnicity, "Kinh"),
            (Ethnicity, "H'Mông"),
            (Ethnicity, "Ê-đê"),
            (Ethnicity, "mèo"),
            (Nationality, "Việt Nam"),
            (Nationality, "VN."),
            (Occupation, "LÀM RUỘNG"),
            (Cause, "già yếu"),
            (Relation, "Mẹ đẻ"),
            (Choice, "Phó Chủ tịch"),
        ] {
            assert_eq!(look_up(field_type, word), Match::Exact, "{word}");
        }
    }

    #[test]
    fn one_slip_proposes_the_only_word_near() {
        assert_eq!(look_up(Occupation, "Lảm ruộng"), Match::Near("Làm ruộng"));
        assert_eq!(look_up(Nationality, "Việt Nạm"), Match::Near("Việt Nam"));
        assert_eq!(look_up(Ethnicity, "Kính"), Match::Near("Kinh"));
        assert_eq!(look_up(Ethnicity, "Vợ"), Match::Unknown);
        assert_eq!(look_up(Occupation, "Thợ thuyền"), Match::Unknown);
        assert_eq!(look_up(Ethnicity, ""), Match::Unknown);
    }

    #[test]
    fn words_one_slip_from_another_meaning_are_told() {
        assert_eq!(look_up(Ethnicity, "Tàu"), Match::Mistakable);
        assert_eq!(look_up(Ethnicity, "Tày"), Match::Mistakable);
    }

    #[test]
    fn dated_words_are_known_but_never_proposed() {
        assert_eq!(look_up(Ethnicity, "Annam"), Match::Exact);
        assert_eq!(look_up(Ethnicity, "Annâm"), Match::Unknown);
    }
}
