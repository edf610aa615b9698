//! How far a text is from each of many phrases, by edit distance with accents at half price.

/// What a letter too many, missing or wrong costs.
pub(super) const LETTER: u32 = 2;
/// What a wrong accent costs.
const ACCENT: u32 = 1;
/// More than any text costs.
const NEVER: u32 = u32::MAX / 4;

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

/// A wording and what it adds to the value of the whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Phrase {
    pub letters: Vec<Letter>,
    pub value: i32,
}

/// The lowest cost at which a piece of text can be read, with the value it then has, and the lowest
/// cost of reading it as any other value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Near {
    pub best: (u32, i32),
    pub second: (u32, i32),
}

impl Near {
    pub(super) const NOTHING: Self = Self { best: (NEVER, 0), second: (NEVER, -1) };

    /// Takes a reading into account.
    pub(super) fn offer(&mut self, (cost, value): (u32, i32)) {
        if value == self.best.1 {
            self.best.0 = self.best.0.min(cost);
        } else if cost < self.best.0 {
            self.second = self.best;
            self.best = (cost, value);
        } else if cost < self.second.0 {
            self.second = (cost, value);
        }
    }

    fn offer_both(&mut self, other: Self, cost: u32, value: i32) {
        self.offer((other.best.0 + cost, other.best.1 + value));
        self.offer((other.second.0 + cost, other.second.1 + value));
    }

    /// Takes into account every way to read first `self` and then `next`.
    pub(super) fn offer_joined(&mut self, first: Self, next: Self) {
        let joined = |a: (u32, i32), b: (u32, i32)| (a.0 + b.0, a.1 + b.1);
        self.offer(joined(first.best, next.best));
        self.offer(joined(first.second, next.best));
        self.offer(joined(first.best, next.second));
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
            near.offer((*cost, phrase.value));
        }
        previous = &phrase.letters;
    }
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

/// Reads on: `before[end]` is how `text[..end]` can be read; the answer is how it can be read when
/// one of `phrases` ends it.
pub(super) fn read_on(before: &[Near], phrases: &[Phrase], text: &[Letter]) -> Vec<Near> {
    let mut after = vec![Near::NOTHING; before.len()];
    for phrase in phrases {
        let start = before.to_vec();
        let last = phrase.letters.iter().fold(start, |row, letter| next_nears(&row, *letter, text));
        for (near, read) in after.iter_mut().zip(last) {
            near.offer_both(read, 0, phrase.value);
        }
    }
    after
}

/// The same as [`next_row`] for a row that knows the values read before.
fn next_nears(row: &[Near], letter: Letter, text: &[Letter]) -> Vec<Near> {
    let mut next: Vec<Near> = Vec::with_capacity(row.len());
    for (end, above) in row.iter().enumerate() {
        let mut near = Near::NOTHING;
        near.offer_both(*above, LETTER, 0);
        if end > 0 {
            near.offer_both(row[end - 1], letter.cost(text[end - 1]), 0);
            near.offer_both(next[end - 1], LETTER, 0);
        }
        next.push(near);
    }
    next
}
