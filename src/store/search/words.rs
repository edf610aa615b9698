//! Text as words of the index: folded, and with every accent spelt out.

use unicode_normalization::UnicodeNormalization;

/// Words of a query that are looked at; the rest is left out of account.
pub(super) const MOST_WORDS: usize = 16;
/// The longest beginning of a word that is a word of the index itself; there are few enough words
/// that begin with more letters to name them one by one.
pub(super) const LONGEST_BEGINNING: usize = 3;

/// One word in its two spellings, made of letters and digits only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word {
    /// Without accents and in lower case, as [`crate::domain::text::fold`] has it.
    pub folded: String,
    /// With accents as figures in the manner of the VNI keyboard: 6 circumflex, 7 horn, 8 breve,
    /// 9 bar, and the tone last, 1 to 5, 0 for none. `hoà` and `hòa` are both `hoa2`.
    pub exact: String,
    /// Whether an accent was typed.
    pub accented: bool,
}

/// The words of `text`, in its order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut open = OpenWord::default();
    for c in text.nfd() {
        match c {
            '\u{0300}'..='\u{036f}' => open.mark(c),
            c if c.is_alphanumeric() => open.letter(c),
            _ => words.extend(std::mem::take(&mut open).close()),
        }
    }
    words.extend(open.close());
    words
}

/// A word whose end is not reached.
#[derive(Debug, Default)]
struct OpenWord {
    folded: String,
    exact: String,
    tone: Option<char>,
    accented: bool,
}

impl OpenWord {
    fn letter(&mut self, c: char) {
        for c in c.to_lowercase().filter(|c| c.is_alphanumeric()) {
            let barred = matches!(c, 'đ' | 'ð');
            let plain = if barred { 'd' } else { c };
            self.folded.push(plain);
            self.exact.push(plain);
            if barred {
                self.shape('9');
            }
        }
    }

    fn mark(&mut self, c: char) {
        let tone = match c {
            '\u{0301}' => '1',
            '\u{0300}' => '2',
            '\u{0309}' => '3',
            '\u{0303}' => '4',
            '\u{0323}' => '5',
            '\u{0302}' => return self.shape('6'),
            '\u{031b}' => return self.shape('7'),
            '\u{0306}' => return self.shape('8'),
            _ => return,
        };
        self.tone = Some(tone);
        self.accented = true;
    }

    fn shape(&mut self, figure: char) {
        self.exact.push(figure);
        self.accented = true;
    }

    fn close(mut self) -> Option<Word> {
        self.exact.push(self.tone.unwrap_or('0'));
        let Self { folded, exact, accented, .. } = self;
        (!folded.is_empty()).then_some(Word { folded, exact, accented })
    }
}

/// The beginnings of a folded word that are words of the index.
pub(super) fn beginnings(folded: &str) -> impl Iterator<Item = &str> {
    folded.char_indices().take(LONGEST_BEGINNING).map(|(start, c)| &folded[..start + c.len_utf8()])
}

/// What identifies the number of an entry: its first word without leading noughts.
pub(super) fn number(text: &str) -> Option<String> {
    let first = words(text).into_iter().next()?.folded;
    let significant = first.trim_start_matches('0');
    Some(if significant.is_empty() { "0".to_owned() } else { significant.to_owned() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{beginnings, number, words};
    use crate::domain::text::fold;

    #[test]
    fn accents_are_spelt_out_with_the_tone_last() {
        let exact = |text: &str| words(text).into_iter().map(|word| word.exact).collect::<Vec<_>>().join(" ");
        assert_eq!(exact("Nguyễn Thị Đường"), "nguye6n4 thi5 d9u7o7ng2");
        assert_eq!(exact("Hoà hòa HÒA hoa"), "hoa2 hoa2 hoa2 hoa0");
        assert_eq!(exact("Ậ ắ"), "a65 a81");
    }

    #[test]
    fn beginnings_and_numbers() {
        assert_eq!(beginnings("nguyen").collect::<Vec<_>>(), ["n", "ng", "ngu"]);
        assert_eq!(beginnings("le").collect::<Vec<_>>(), ["l", "le"]);
        assert_eq!(number("085/2009").as_deref(), Some("85"));
        assert_eq!((number("000").as_deref(), number("-")), (Some("0"), None));
    }

    proptest! {
        #[test]
        fn words_fold_as_text_folds(text in ".{0,40}") {
            let folded: Vec<_> = words(&text).into_iter().map(|word| word.folded).collect();
            prop_assert_eq!(folded.join(" "), fold(&text));
        }

        #[test]
        fn a_folded_text_is_folded_already(text in ".{0,40}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
