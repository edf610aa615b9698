//! How far a text is from each of many phrases, by edit distance with accents at half price.

/// What a letter too many, missing or wrong costs.
pub(super) const LETTER: u32 = 2;
/// What a wrong accent costs.
const ACCENT: u32 = 1;

/// A letter with and without its marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Letter {
    pub marked: char,
    pub plain: char,
}

impl Letter {
    fn cost(self, other: Self) -> u32 {
        match (self.marked == other.marked, self.plain == other.plain) {
            (true, _) => 0,
            (false, true) => ACCENT,
            (false, false) => LETTER,
        }
    }
}

/// A wording of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Phrase {
    pub letters: Vec<Letter>,
    pub value: i16,
}

/// The cost and value of the phrase nearest to a piece of text, and of the nearest phrase of
/// another value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Near {
    pub best: (u32, i16),
    pub second: (u32, i16),
}

impl Near {
    const NOTHING: Self = Self { best: (u32::MAX, 0), second: (u32::MAX, 0) };

    fn offer(&mut self, cost: u32, value: i16) {
        if value == self.best.1 {
            self.best.0 = self.best.0.min(cost);
        } else if cost < self.best.0 {
            self.second = self.best;
            self.best = (cost, value);
        } else if cost < self.second.0 {
            self.second = (cost, value);
        }
    }
}

/// For every `end`, the phrase nearest to `text[..end]`. The phrases must be sorted by letters:
/// what two neighbours share at their start is worked out once.
pub(super) fn nearest_starts(phrases: &[Phrase], text: &[Letter]) -> Vec<Near> {
    let mut nearest = vec![Near::NOTHING; text.len() + 1];
    let mut rows: Vec<Vec<u32>> = vec![(0..).step_by(LETTER as usize).take(text.len() + 1).collect()];
    let mut previous: &[Letter] = &[];
    for phrase in phrases {
        let shared = previous.iter().zip(&phrase.letters).take_while(|(a, b)| a == b).count();
        rows.truncate(shared + 1);
        for letter in &phrase.letters[shared..] {
            rows.extend(rows.last().map(|row| next_row(row, *letter, text)));
        }
        for (near, cost) in nearest.iter_mut().zip(rows.last().into_iter().flatten()) {
            near.offer(*cost, phrase.value);
        }
        previous = &phrase.letters;
    }
    nearest
}

/// For every `start`, the phrase nearest to `text[start..]`. The phrases are given backwards.
pub(super) fn nearest_ends(backward_phrases: &[Phrase], text: &[Letter]) -> Vec<Near> {
    let backward: Vec<Letter> = text.iter().rev().copied().collect();
    let mut nearest = nearest_starts(backward_phrases, &backward);
    nearest.reverse();
    nearest
}

/// The next row of the table of edit distances: one more `letter` of the phrase.
fn next_row(row: &[u32], letter: Letter, text: &[Letter]) -> Vec<u32> {
    let mut next = Vec::with_capacity(row.len());
    let mut left = row[0] + LETTER;
    next.push(left);
    for (written, above) in text.iter().zip(row.windows(2)) {
        left = (above[0] + letter.cost(*written)).min(above[1] + LETTER).min(left + LETTER);
        next.push(left);
    }
    next
}
