//! The languages of the fields, made of the lists of the field (`models/lists`).
//!
//! Weights are shares of a text or of its words; they are rough on purpose. No language excludes a
//! text that can be written with the alphabet at all: each has a way through any letters.

mod wordings;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::language::{Characters, Language, SlotId};
use super::syllables::syllables;
use super::trie::Trie;
use crate::domain::FieldType;
use wordings::{
    anything, causes_of_death, choices, common_words, date_words, ethnic_groups, levels, names,
    nationalities, numbers, occupations, place_names, provinces,
};

/// The language of values of `field_type`.
pub(super) fn language(field_type: FieldType) -> &'static Language {
    static ALL: LazyLock<BTreeMap<FieldType, Language>> = LazyLock::new(all);
    // Every type is in the map: a test asks for each.
    ALL.get(&field_type).unwrap_or_else(|| &ALL[&FieldType::Text])
}

fn all() -> BTreeMap<FieldType, Language> {
    let words = Words::new();
    let closed = |weighted: Vec<(String, f64)>| words.closed(weighted);
    BTreeMap::from([
        (FieldType::Number, words.entry_numbers()),
        (FieldType::IdNumber, words.id_numbers()),
        (FieldType::Document, words.documents()),
        (FieldType::Text, words.text()),
        (FieldType::Date, words.dates(0.75, 0.15)),
        (FieldType::DateWords, words.dates(0.05, 0.85)),
        (FieldType::Time, words.times()),
        (FieldType::Place, words.places()),
        (FieldType::PersonName, words.names()),
        (FieldType::Choice, closed(choices(true))),
        (FieldType::Relation, closed(choices(false))),
        (FieldType::Sex, closed(vec![("nam".to_owned(), 1.0), ("nữ".to_owned(), 1.0)])),
        (FieldType::Ethnicity, closed(ethnic_groups())),
        (FieldType::Nationality, closed(nationalities())),
        (FieldType::Occupation, closed(occupations())),
        (FieldType::Cause, closed(causes_of_death())),
    ])
}

/// The lists that several languages are made of.
struct Words {
    family: Arc<Trie>,
    given: Arc<Trie>,
    syllables: Arc<Trie>,
    common: Arc<Trie>,
    levels: Arc<Trie>,
    provinces: Arc<Trie>,
    places: Arc<Trie>,
    date_words: Arc<Trie>,
    numbers: Arc<Trie>,
    blanks: Arc<Trie>,
    separators: Arc<Trie>,
    /// What stands between the parts of a place.
    parts: Arc<Trie>,
    /// What a line ends with that goes on in the next.
    ends: Arc<Trie>,
    /// What a line begins with that goes on from the one before.
    dashes: Arc<Trie>,
    digits: Arc<Characters>,
    anything: Arc<Characters>,
}

impl Words {
    fn new() -> Self {
        let all = syllables();
        let even =
            |words: &[String]| -> Vec<(String, f64)> { words.iter().map(|w| (w.clone(), 1.0)).collect() };
        let list = |words: &[&str]| Arc::new(Trie::new(words.iter().map(|word| (*word, 1.0))));
        Self {
            family: Arc::new(Trie::new(names(&["family"]))),
            given: Arc::new(Trie::new(names(&["middle", "given"]))),
            syllables: Arc::new(Trie::new(even(&all))),
            common: Arc::new(Trie::new(common_words())),
            levels: Arc::new(Trie::new(levels())),
            provinces: Arc::new(Trie::new(provinces())),
            places: Arc::new(Trie::new(place_names())),
            date_words: Arc::new(Trie::new(date_words())),
            numbers: Arc::new(numbers()),
            blanks: list(&[" "]),
            separators: Arc::new(Trie::new([
                (" ", 0.6),
                (", ", 0.2),
                (" - ", 0.1),
                ("-", 0.08),
                (". ", 0.02),
            ])),
            ends: Arc::new(Trie::new([(",", 0.7), (" -", 0.25), ("-", 0.05)])),
            dashes: list(&["- "]),
            parts: Arc::new(Trie::new([(", ", 0.5), (" - ", 0.3), (" ", 0.1), ("-", 0.08), (". ", 0.02)])),
            digits: Arc::new("0123456789".chars().map(|digit| (digit, -10_f32.ln())).collect()),
            anything: Arc::new(anything(&all)),
        }
    }

    /// Words follow each other with `separators` between: adds slots for them, each with its share;
    /// after each word the text stops with the likelihood `stop`. Returns the slot of separators.
    fn sentence(
        &self,
        language: &mut Language,
        separators: &Arc<Trie>,
        words: &[(SlotId, f32)],
        stop: f32,
    ) -> SlotId {
        let between = language.listed(separators);
        for (slot, share) in words {
            language.follows(between, *slot, *share);
            language.follows(*slot, between, 1.0 - stop);
            language.stops(*slot, stop);
        }
        between
    }

    fn names(&self) -> Language {
        let mut language = Language::new(0.97);
        let (family, given) = (language.listed(&self.family), language.listed(&self.given));
        let syllable = language.listed(&self.syllables);
        let any = language.any(&self.anything, 0.8);
        let words = [(given, 0.86), (syllable, 0.12), (any, 0.03)];
        let between = self.sentence(&mut language, &self.blanks, &words, 0.42);
        language.follows(family, between, 0.995);
        language.stops(family, 0.005);
        for (slot, share) in [(family, 0.92), (given, 0.04), (syllable, 0.03), (any, 0.01)] {
            language.starts(slot, share);
        }
        language
    }

    /// Parts with a comma or a dash between, each a word for a level with a name; what is not listed syllable by
    /// syllable.
    fn places(&self) -> Language {
        let mut language = Language::new(0.6);
        let [level, named, province, given, syllable, number] =
            [&self.levels, &self.places, &self.provinces, &self.given, &self.syllables, &self.numbers]
                .map(|words| language.listed(words));
        let any = language.any(&self.anything, 0.8);
        let words =
            [(named, 0.34), (province, 0.14), (given, 0.17), (syllable, 0.2), (number, 0.12), (any, 0.03)];
        let [blank, house, part, end, dash] =
            [&self.blanks, &self.blanks, &self.parts, &self.ends, &self.dashes]
                .map(|words| language.listed(words));
        for (word, share) in words {
            let (space, after) = if word == number {
                (house, [0.8, 0.08, 0.04, 0.08])
            } else {
                (blank, [0.25, 0.45, 0.1, 0.2])
            };
            for (next, likelihood) in [space, part, end].into_iter().zip(after) {
                language.follows(word, next, likelihood);
            }
            language.stops(word, after[3]);
            language.follows(blank, word, share);
            // After the number of a house a lane or a street may be told by its word.
            language.follows(house, word, 0.85 * share);
            language.follows(part, word, 0.3 * share);
            language.follows(dash, word, 0.3 * share);
            language.starts(word, 0.57 * share);
        }
        language.follows(level, blank, 0.96);
        language.stops(level, 0.04);
        language.follows(house, level, 0.15);
        language.follows(part, level, 0.7);
        language.follows(dash, level, 0.7);
        language.starts(level, 0.4);
        language.starts(dash, 0.03);
        language.stops(end, 1.0);
        language
    }

    /// Numbers of papers: cards of 9 or 12 figures, passports (a letter and 7 figures), others, alone or with words
    /// about them.
    fn documents(&self) -> Language {
        let mut language = Language::new(0.6);
        let number = language.any(&self.digits, 0.87);
        language.starts(number, 0.05);
        language.stops(number, 1.0);
        for (figures, share) in [(9, 0.4), (12, 0.25)] {
            let first = Self::figures(&mut language, figures, number);
            language.starts(first, share);
        }
        let letters = ('a'..='z').map(|letter| (letter.to_string(), 1.0));
        let letter = language.listed(&Arc::new(Trie::new(letters)));
        let first = Self::figures(&mut language, 7, number);
        language.starts(letter, 0.05);
        language.follows(letter, first, 1.0);
        self.else_general(language, 0.25)
    }

    /// So many figures, after which a text mostly stops and else goes on with `more`: the first.
    fn figures(language: &mut Language, count: usize, more: SlotId) -> SlotId {
        let figures = Arc::new(Trie::new((0..10).map(|figure| (figure.to_string(), 1.0))));
        let slots: Vec<SlotId> = (0..count).map(|_| language.listed(&figures)).collect();
        slots.windows(2).for_each(|pair| language.follows(pair[0], pair[1], 1.0));
        language.stops(slots[count - 1], 0.98);
        language.follows(slots[count - 1], more, 0.02);
        slots[0]
    }

    fn text(&self) -> Language {
        self.else_general(Language::new(0.4), 1.0)
    }

    /// Adds a way through words of any kind to `language`.
    fn general(&self, language: &mut Language) -> Vec<(SlotId, f32)> {
        let slots = vec![
            (language.listed(&self.common), 0.4),
            (language.listed(&self.given), 0.12),
            (language.listed(&self.syllables), 0.3),
            (language.listed(&self.numbers), 0.11),
            (language.any(&self.digits, 0.8), 0.04),
            (language.any(&self.anything, 0.8), 0.03),
        ];
        self.sentence(language, &self.separators, &slots, 0.2);
        let end = language.listed(&self.ends);
        slots.iter().for_each(|(slot, _)| language.follows(*slot, end, 0.03));
        language.stops(end, 1.0);
        slots
    }

    /// Adds, with a share of all texts, a way through words of any kind.
    fn else_general(&self, mut language: Language, part: f32) -> Language {
        for (slot, share) in self.general(&mut language) {
            language.starts(slot, part * share);
        }
        language
    }

    fn closed(&self, listed: Vec<(String, f64)>) -> Language {
        let mut language = Language::new(0.6);
        let whole = language.listed(&Arc::new(Trie::new(listed)));
        language.stops(whole, 1.0);
        language.starts(whole, 0.95);
        self.else_general(language, 0.05)
    }

    fn id_numbers(&self) -> Language {
        let mut language = Language::new(0.5);
        let digits = language.any(&self.digits, 0.9);
        language.starts(digits, 0.9);
        language.stops(digits, 1.0);
        self.else_general(language, 0.1)
    }

    /// Numbers of entries and books: 127, 45/1978, 02/2016.
    fn entry_numbers(&self) -> Language {
        let mut language = Language::new(0.5);
        let digits = language.any(&self.digits, 0.6);
        let mark = language.listed(&Arc::new(Trie::new([("/", 0.9), ("-", 0.1)])));
        let years = (1945..2040).map(|year| (year.to_string(), 1.0));
        let year = language.listed(&Arc::new(Trie::new(years)));
        language.starts(digits, 0.9);
        language.stops(digits, 0.7);
        language.follows(digits, mark, 0.3);
        language.follows(mark, year, 0.8);
        language.follows(mark, digits, 0.2);
        language.stops(year, 1.0);
        self.else_general(language, 0.1)
    }

    /// Hours: 4h50, 22:10, 7 giờ 30 phút, 17h.
    fn times(&self) -> Language {
        let mut language = Language::new(0.1);
        let numbers = |to: u32, padded: f64| {
            let spelled = (0..=to).flat_map(|n| [(n.to_string(), 1.0), (format!("{n:02}"), padded)]);
            Arc::new(Trie::new(spelled))
        };
        let hour = language.listed(&numbers(24, 0.5));
        let minute = language.listed(&numbers(59, 5.0));
        let mark = [("h", 0.5), (":", 0.2), (" giờ ", 0.2), ("h ", 0.05), ("g", 0.05)];
        let mark = language.listed(&Arc::new(Trie::new(mark)));
        let end =
            language.listed(&Arc::new(Trie::new([(" phút", 0.7), ("'", 0.1), ("p", 0.1), ("ph", 0.1)])));
        language.starts(hour, 0.85);
        language.follows(hour, mark, 1.0);
        language.follows(mark, minute, 1.0);
        language.stops(mark, 0.1);
        language.stops(minute, 0.75);
        language.follows(minute, end, 0.25);
        language.stops(end, 1.0);
        self.else_general(language, 0.15)
    }

    /// Dates: in figures and in words with these shares, else anything.
    fn dates(&self, figures: f32, words: f32) -> Language {
        let mut language = Language::new(0.25);
        self.date_in_figures(&mut language, figures);
        let word = language.listed(&self.date_words);
        self.sentence(&mut language, &self.blanks, &[(word, 1.0)], 0.11);
        language.starts(word, words);
        self.else_general(language, 1.0 - figures - words)
    }

    /// 12/8/1956, 12-08-56, ngày 12 tháng 8 năm 1956, 8/1956, 1956.
    fn date_in_figures(&self, language: &mut Language, share: f32) {
        let numbers = |range: std::ops::RangeInclusive<u32>| -> Arc<Trie> {
            let spelled = range.flat_map(|n| [(n.to_string(), 1.0), (format!("{n:02}"), 1.0)]);
            Arc::new(Trie::new(spelled))
        };
        let years = (1880..2040).map(|year| (year.to_string(), 1.0));
        let years = Arc::new(Trie::new(years.chain((0..100).map(|year| (format!("{year:02}"), 0.1)))));
        let [days, months] = [numbers(1..=31), numbers(1..=12)];
        let mark = |mark: &str| Arc::new(Trie::new([(mark, 1.0)]));
        let way = |language: &mut Language, before: &str, first: &str, second: &str, share: f32| {
            let (day, month, year) =
                (language.listed(&days), language.listed(&months), language.listed(&years));
            let (to_month, to_year) = (language.listed(&mark(first)), language.listed(&mark(second)));
            if before.is_empty() {
                language.starts(day, 0.94 * share);
            } else {
                let begin = language.listed(&mark(before));
                language.starts(begin, 0.94 * share);
                language.follows(begin, day, 1.0);
            }
            language.starts(month, 0.03 * share);
            language.starts(year, 0.03 * share);
            for (from, to) in [(day, to_month), (to_month, month), (month, to_year), (to_year, year)] {
                language.follows(from, to, 1.0);
            }
            language.stops(year, 1.0);
        };
        for (before, first, second, part) in [
            ("", "/", "/", 0.45),
            ("", "-", "-", 0.25),
            ("", ".", ".", 0.1),
            ("ngày ", " tháng ", " năm ", 0.12),
            ("", " tháng ", " năm ", 0.04),
            ("", " ", " ", 0.04),
        ] {
            way(language, before, first, second, part * share);
        }
    }
}

#[cfg(test)]
mod tests;
