//! Vietnamese text: one normal form for storing, one for comparing, one for searching.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Text as it is stored: NFC, one space between words, none at the ends.
#[must_use]
pub fn clean(text: &str) -> String {
    let composed: String = text.nfc().collect();
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
    let letters: String = text
        .nfd()
        .filter(|c| !('\u{0300}'..='\u{036f}').contains(c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'đ' | 'ð' => 'd',
            c if c.is_alphanumeric() => c,
            _ => ' ',
        })
        .collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text as values are compared: case folded, tone marks at the end of their word so that old and
/// new placement (hoà, hòa) are equal, no stops at the ends. The rule of the scoring script.
#[must_use]
pub fn comparable(text: &str) -> String {
    let folded = caseless::default_case_fold_str(&clean(text));
    let trimmed = folded.trim_matches([' ', '.', ',', ';', ':', '-']);
    let words = trimmed.split(' ').map(|word| {
        let (tones, letters): (String, String) = word.nfd().partition(|c| is_tone(*c));
        letters.nfc().chain(tones.chars()).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
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
    use super::{as_struck, clean, comparable, fold, without_struck};

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
}
