//! Letters without their marks, for comparing what was read with the words a field can hold.

use unicode_normalization::UnicodeNormalization;

/// `text` in lower case without tone and vowel marks, đ as d; everything else stays, so places do
/// not shift but for the marks left out.
pub(super) fn plain(text: &str) -> String {
    text.nfd()
        .filter(|c| !('\u{0300}'..='\u{036f}').contains(c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' || c == 'ð' { 'd' } else { c })
        .collect()
}

/// The same for one composed letter.
pub(super) fn plain_letter(letter: char) -> char {
    plain(letter.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(letter)
}

/// `word` with capitals where `written` has them: at the beginning, or throughout.
pub(super) fn in_case_of(word: &str, written: &str) -> String {
    if written.chars().all(|c| !c.is_lowercase()) {
        return word.to_uppercase();
    }
    let mut letters = word.chars();
    match letters.next() {
        Some(first) if written.starts_with(char::is_uppercase) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn punctuation_stays() {
        assert_eq!(plain("Ngày 12/8 ĐẶNG"), "ngay 12/8 dang");
    }
}
