//! Syllables of names as small numbers, so that half a million entries fit into memory and compare fast.

use std::collections::HashMap;

use crate::domain::text::{clean, fold};

/// A name as syllables: at most [`Name::MOST`] of them, in their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    length: u8,
    syllables: [u16; Name::MOST],
}

impl Name {
    /// Syllables kept of a name; further ones are left out.
    pub const MOST: usize = 7;

    /// The syllables.
    pub(super) fn syllables(&self) -> &[u16] {
        &self.syllables[..usize::from(self.length)]
    }

    /// Whether there is no name.
    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }
}

/// Every syllable met, with its folded form.
#[derive(Debug, Clone, Default)]
pub(super) struct Syllables {
    numbers: HashMap<String, u16>,
    /// The folded form of each, as the number of a syllable.
    folded: Vec<u16>,
    texts: Vec<String>,
}

impl Syllables {
    /// The name written as `text`; letters only, without regard to case.
    pub fn name(&mut self, text: &str) -> Name {
        let lower = clean(text).to_lowercase();
        let mut name = Name::default();
        let words = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        for (place, word) in words.take(Name::MOST).enumerate() {
            name.syllables[place] = self.number(word);
            name.length = place as u8 + 1;
        }
        name
    }

    /// The number of a syllable; when there are more than there are numbers, the last one is shared.
    fn number(&mut self, word: &str) -> u16 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let Ok(number) = u16::try_from(self.texts.len()) else { return u16::MAX };
        self.numbers.insert(word.to_owned(), number);
        self.texts.push(word.to_owned());
        self.folded.push(number);
        let folded = fold(word);
        if folded != word {
            let folded = self.number(&folded);
            self.folded[usize::from(number)] = folded;
        }
        number
    }

    /// The folded form of a syllable.
    pub fn fold(&self, syllable: u16) -> u16 {
        self.folded.get(usize::from(syllable)).copied().unwrap_or(syllable)
    }

    /// A name without accents.
    pub fn folded(&self, name: &Name) -> Name {
        let mut folded = *name;
        folded
            .syllables
            .iter_mut()
            .take(usize::from(name.length))
            .for_each(|syllable| *syllable = self.fold(*syllable));
        folded
    }

    /// Whether two syllables, both folded, are one letter apart.
    pub fn one_letter_apart(&self, a: u16, b: u16) -> bool {
        let (Some(a), Some(b)) = (self.texts.get(usize::from(a)), self.texts.get(usize::from(b))) else {
            return false;
        };
        a.len().abs_diff(b.len()) <= 1 && strsim::levenshtein(a, b) == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_and_compare_by_syllable() {
        let mut syllables = Syllables::default();
        let (a, b, c) = (
            syllables.name("Đặng Thị  HOA"),
            syllables.name("dang thi hoa"),
            syllables.name("Đặng Thị Hoan"),
        );
        assert_ne!(a, b);
        assert_eq!(syllables.folded(&a), b);
        let (hoa, hoan) = (syllables.folded(&a).syllables()[2], syllables.folded(&c).syllables()[2]);
        assert!(syllables.one_letter_apart(hoa, hoan) && !syllables.one_letter_apart(hoa, hoa));
        assert!(syllables.name(" 12 ").is_empty());
    }
}
