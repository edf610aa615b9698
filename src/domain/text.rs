//! Vietnamese text: one normal form for storing, one for comparing, one for searching.

use std::borrow::Cow;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// Text as it is stored: NFC, one space between words, none at the ends.
#[must_use]
pub fn clean(text: &str) -> String {
    let composed = if Letter::writes(text) { Cow::Borrowed(text) } else { text.nfc().collect() };
    let words = composed.split(is_space).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// What is struck through, in the double brackets of the Leiden conventions for what was deleted: `⟦Trần⟧`.
#[must_use]
pub fn as_struck(text: &str) -> String {
    format!("⟦{text}⟧")
}

/// Whether something in `text` is struck through (see [`as_struck`]).
#[must_use]
pub fn has_struck(text: &str) -> bool {
    text.contains('⟦')
}

/// `text` but for what is struck through in it.
#[must_use]
pub fn without_struck(text: &str) -> Cow<'_, str> {
    if !has_struck(text) {
        return Cow::Borrowed(text);
    }
    let parts = text.split('⟦').map(|part| part.split_once('⟧').map_or(part, |(_, standing)| standing));
    Cow::Owned(clean(&parts.collect::<Vec<_>>().join(" ")))
}

/// Text as it is searched: no accents, đ as d, lower case, anything but letters and digits a space.
/// `Đặng Thị Hòa` and `dang thi hoà` fold to the same.
#[must_use]
pub fn fold(text: &str) -> String {
    let letters: String = if Letter::writes(text) {
        text.chars().filter_map(Letter::of).map(|letter| letter.bare).collect()
    } else {
        bare(text.nfd()).collect()
    };
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The characters of decomposed text as they are searched.
fn bare(decomposed: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let letters = decomposed.filter(|c| !('\u{0300}'..='\u{036f}').contains(c)).flat_map(char::to_lowercase);
    letters.map(|c| match c {
        'đ' | 'ð' => 'd',
        c if c.is_alphanumeric() => c,
        _ => ' ',
    })
}

/// Whether a word is the number that some printings give each label ("8.", "12").
pub fn is_number_of_label(word: &str) -> bool {
    let figures = word.trim_end_matches('.');
    (1..=2).contains(&figures.len()) && figures.bytes().all(|byte| byte.is_ascii_digit())
}

/// Text as values are compared: case folded, tone marks at the end of their word so that old and
/// new placement (hoà, hòa) are equal, no stops at the ends. The rule of the scoring script.
#[must_use]
pub fn comparable(text: &str) -> String {
    let cleaned = clean(text);
    let words = cleaned.trim_matches([' ', '.', ',', ';', ':', '-']).split(' ');
    let mut comparable = String::with_capacity(cleaned.len() + 8);
    for (place, word) in words.enumerate() {
        if place > 0 {
            comparable.push(' ');
        }
        if Letter::writes(word) {
            let letters = || word.chars().filter_map(Letter::of);
            comparable.extend(letters().map(|letter| letter.letter));
            comparable.extend(letters().filter_map(|letter| letter.tone));
        } else {
            let (letters, tones) = letters_and_tones(word);
            comparable.extend([letters, tones]);
        }
    }
    comparable
}

/// The letters of a word, case folded, and the tone marks taken off them.
fn letters_and_tones(word: &str) -> (String, String) {
    let folded = caseless::default_case_fold_str(word);
    let (tones, letters): (String, String) = folded.nfd().partition(|c| is_tone(*c));
    (letters.nfc().collect(), tones)
}

/// A composed Latin letter, a figure or a sign of ASCII, as it is compared and as it is searched. Nearly all
/// that registers hold is written with these: what Unicode says of them is looked up once and not for every text.
#[derive(Clone, Copy)]
struct Letter {
    /// Case folded, without its tone mark.
    letter: char,
    tone: Option<char>,
    /// As it is searched.
    bare: char,
}

/// By their code; none for what is no letter or not one alone (`ß`, `ŉ`).
static LETTERS: LazyLock<Vec<Option<Letter>>> =
    LazyLock::new(|| ('\0'..='ỿ').map(Letter::by_unicode).collect());

impl Letter {
    fn of(c: char) -> Option<Self> {
        LETTERS.get(c as usize).copied().flatten()
    }

    /// Whether `text` is written with such letters alone, and so is composed.
    fn writes(text: &str) -> bool {
        text.chars().all(|c| Self::of(c).is_some())
    }

    fn by_unicode(c: char) -> Option<Self> {
        let only = |text: String| text.chars().next().filter(|first| first.len_utf8() == text.len());
        let text = c.to_string();
        let composed = matches!(c, ' '..='~' | 'À'..='ɏ' | 'Ḁ'..='ỿ') && text.nfc().eq([c]);
        let (letters, tones) = letters_and_tones(&text);
        Some(Self {
            letter: only(letters).filter(|_| composed)?,
            tone: if tones.is_empty() { None } else { Some(only(tones)?) },
            bare: only(bare(text.nfd()).collect())?,
        })
    }
}

/// White space, and the four control characters that separate files, groups, records and units.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Whether `c` is one of the five combining tone marks.
fn is_tone(c: char) -> bool {
    matches!(c, '\u{0300}' | '\u{0301}' | '\u{0303}' | '\u{0309}' | '\u{0323}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization as _;

    use super::{Letter, as_struck, bare, clean, comparable, fold, letters_and_tones, without_struck};

    #[test]
    fn what_is_struck_through_is_told_from_what_stands() {
        let text = format!("{} Nguyễn {} Tin", as_struck("Trần Văn"), as_struck("Thi"));
        assert_eq!(text, "⟦Trần Văn⟧ Nguyễn ⟦Thi⟧ Tin");
        assert_eq!(without_struck(&text), "Nguyễn Tin");
        assert_eq!(without_struck("Nguyễn  Tin"), "Nguyễn  Tin");
    }

    #[test]
    fn folding_forgets_accents_case_and_bars() {
        assert_eq!(fold("Đặng  Thị-HÒA"), "dang thi hoa");
        assert_eq!(fold("đường Nguyễn Huệ, 12/8"), "duong nguyen hue 12 8");
    }

    #[test]
    fn old_and_new_tone_placement_compare_equal() {
        assert_eq!(comparable("Hoà An."), comparable("hòa an"));
        assert_ne!(comparable("Hoa An"), comparable("Hòa An"));
        assert_eq!(comparable("ẞ ﬁ\u{1c}µ"), comparable("ss FI Μ"));
    }

    #[test]
    fn cleaning_composes() {
        assert_eq!(clean(" Nguye\u{0302}\u{0303}n \n Thi\u{0323} "), "Nguyễn Thị");
    }

    #[test]
    fn the_letters_of_vietnamese_are_looked_up_once() {
        assert!(Letter::writes("Nguyễn Thị Đoan Trữ, 217/4B ƯỚC-SÀI-GÒN (ờ ẵ ỹ Ợ)"));
        for other in ["e\u{0302}", "ß", "ŉ", "İ", "\u{1c}", "漢", "–", "\u{00a0}"] {
            assert!(!Letter::writes(other), "{other:?}");
        }
    }

    proptest! {
        /// One text by the letters looked up and by Unicode as a whole.
        #[test]
        fn letters_are_what_unicode_says(word in "[ -~À-ɏḀ-ỿ\u{0300}-\u{0323}]{0,12}") {
            let composed: String = word.nfc().collect();
            if Letter::writes(&composed) {
                let letters = || composed.chars().filter_map(Letter::of);
                let (whole, tones) = letters_and_tones(&composed);
                prop_assert_eq!(letters().map(|letter| letter.letter).collect::<String>(), whole);
                prop_assert_eq!(letters().filter_map(|letter| letter.tone).collect::<String>(), tones);
                let searched: String = bare(composed.nfd()).collect();
                prop_assert_eq!(letters().map(|letter| letter.bare).collect::<String>(), searched);
            }
        }
    }
}
