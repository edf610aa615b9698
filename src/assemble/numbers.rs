//! Numbers: of entries and pages, of marriages, of persons and their papers.

use super::cleaning::as_written;
use super::letters::plain;

/// The number in `text`: `Số 85.` is 85, `45/1978` stays, `lần thứ hai` is 2. The letters l, I and
/// O beside figures are the figures they look like. None when there is no number or more than one.
pub(super) fn number(text: &str) -> Option<String> {
    ordinal(text).or_else(|| figures(text))
}

/// One run of figures, with what stands after a slash.
fn figures(text: &str) -> Option<String> {
    let text = as_written(text).replace(" /", "/").replace("/ ", "/");
    let has_figure = |word: &&str| word.chars().any(|c| c.is_ascii_digit());
    let mut words = text.split_whitespace().filter(has_figure);
    match (words.next(), words.next()) {
        (Some(word), None) => one_number(word),
        _ => None,
    }
}

/// The first of several numbers, when that is all it is: the number of an entry before the date or the dots
/// that were read with it (`32 Ngày đăng ký Ngày 18 tháng 9`).
pub(super) fn first_of_several(text: &str) -> Option<String> {
    let text = as_written(text);
    let first = text.split_whitespace().find(|word| word.chars().any(|c| c.is_ascii_digit()))?;
    one_number(first).filter(|number| number.len() <= LONGEST_NUMBER && !number.contains('/'))
}

/// The numbers of a year's entries have no more figures.
const LONGEST_NUMBER: usize = 4;

/// A word with figures that is a number once look-alikes are taken as figures.
fn one_number(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let mended: String = word
        .chars()
        .map(|c| match c {
            'l' | 'I' => '1',
            'o' | 'O' => '0',
            c => c,
        })
        .collect();
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    mended.splitn(2, '/').all(is_number).then_some(mended)
}

/// A number in words, as in `lần thứ nhất`, `lần đầu`, `hai`.
fn ordinal(text: &str) -> Option<String> {
    let plain = plain(&as_written(text));
    let mut words: Vec<&str> = plain.split_whitespace().collect();
    words.retain(|word| !matches!(*word, "lan" | "thu" | "ket" | "hon"));
    let number = match words.as_slice() {
        ["nhat" | "dau" | "mot"] | ["dau", "tien"] => 1,
        ["hai" | "nhi"] => 2,
        ["ba"] => 3,
        ["tu" | "bon"] => 4,
        ["nam"] => 5,
        _ => return None,
    };
    Some(number.to_string())
}

/// The number of a person or paper: the figures of an all-figure text without the spaces between
/// them, anything else as written.
pub(super) fn identity(text: &str) -> String {
    let text = as_written(text);
    let squeezed: String = text.chars().filter(|c| !matches!(c, ' ' | '.')).collect();
    if !squeezed.is_empty() && squeezed.chars().all(|c| c.is_ascii_digit()) { squeezed } else { text }
}

/// Whether `number` has the shape of a national number: 9 figures (CMND, 1976 to 2021) or 12
/// (CCCD and số định danh cá nhân, since 2012); or that of a passport, a letter and 7 figures.
pub(super) fn has_identity_shape(number: &str) -> bool {
    let (figures, lengths) = match number.strip_prefix(|c: char| c.is_ascii_uppercase()) {
        Some(figures) => (figures, &[7][..]),
        None => (number, &[9, 12][..]),
    };
    lengths.contains(&figures.len()) && figures.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{first_of_several, has_identity_shape, identity, number};

    #[test]
    fn numbers_are_found() {
        for (read, expected) in [
            ("85", Some("85")),
            ("085", Some("085")),
            ("..85...", Some("85")),
            ("Số 45", Some("45")),
            ("Số: 45.", Some("45")),
            ("45/1978", Some("45/1978")),
            ("45 / 1978", Some("45/1978")),
            ("l05", Some("105")),
            ("1O5", Some("105")),
            ("Lần thứ nhất", Some("1")),
            ("lần thứ hai", Some("2")),
            ("lần đầu", Some("1")),
            ("Lần thứ 2", Some("2")),
            ("12 34", None),
            ("4 03-04-1981", None),
            ("lo", None),
            ("Nguyễn", None),
            ("", None),
        ] {
            assert_eq!(number(read).as_deref(), expected, "{read}");
        }
    }

    #[test]
    fn of_several_numbers_the_first_is_meant() {
        for (read, expected) in [
            ("9 0", Some("9")),
            ("4 03-04-1981", Some("4")),
            ("32 Ngày đăng ký Ngày 18 tháng 9 năm 1989", Some("32")),
            ("18/9/1989", None),
            ("012345678 5", None),
            ("Nguyễn", None),
        ] {
            assert_eq!(first_of_several(read).as_deref(), expected, "{read}");
        }
    }

    #[test]
    fn identity_numbers_lose_spaces_only() {
        assert_eq!(identity("017 316 905 862."), "017316905862");
        assert_eq!(identity("CMND 012345678"), "CMND 012345678");
        assert!(has_identity_shape("012345678") && !has_identity_shape("01234567"));
        assert!(has_identity_shape("B1234567") && !has_identity_shape("B12345678"));
    }

    proptest! {
        #[test]
        fn no_text_stops_it(text in "\\PC*") {
            let _ = (number(&text), identity(&text));
        }

        #[test]
        fn numbers_stay(value in 0_u32..100_000) {
            prop_assert_eq!(number(&value.to_string()), Some(value.to_string()));
        }
    }
}
