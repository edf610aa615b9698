//! The parts of a date in figures: numbers, and the words that say what they are.

use crate::assemble::letters::plain;

/// A word that says what the number after it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// ngày, ng, mồng.
    Day,
    /// tháng, th, t.
    Month,
    /// năm.
    Year,
}

/// One number of a date, and the word before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub mark: Option<Mark>,
    pub figures: String,
}

impl Part {
    /// A number without a word before it.
    pub(super) fn bare(figures: &str) -> Self {
        Self { mark: None, figures: figures.to_owned() }
    }
}

/// A text cut into groups of numbers; within a group only spaces stand between them.
pub(super) struct Figures {
    groups: Vec<(Option<Mark>, Vec<String>)>,
    /// 1 when nothing had to be made good or left out.
    pub(super) clarity: f64,
}

impl Figures {
    /// Each group as one number: spaces inside it are slips (`1 2 / 8 / 1956`).
    pub(super) fn squashed(&self) -> Vec<Part> {
        self.groups.iter().map(|(mark, numbers)| Part { mark: *mark, figures: numbers.concat() }).collect()
    }

    /// Each number by itself: spaces are the separators (`12 8 1956`).
    pub(super) fn apart(&self) -> Vec<Part> {
        let group = |(mark, numbers): &(Option<Mark>, Vec<String>)| {
            let marks = std::iter::once(*mark).chain(std::iter::repeat(None));
            numbers
                .iter()
                .cloned()
                .zip(marks)
                .map(|(figures, mark)| Part { mark, figures })
                .collect::<Vec<_>>()
        };
        self.groups.iter().flat_map(group).collect()
    }

    /// The number, when there is one only.
    pub(super) fn only_number(&self) -> Option<&str> {
        match self.groups.as_slice() {
            [(None, numbers)] if numbers.len() == 1 => numbers.first().map(String::as_str),
            _ => None,
        }
    }
}

enum Token {
    Number(String),
    Mark(Mark),
    Stop,
    Space,
    /// A word no date holds.
    Foreign,
}

/// Cuts `text` into numbers and marks. None when it holds no number, says that the date is lunar
/// or an age, or is too long or too full of other words to be a date.
pub(super) fn read(text: &str) -> Option<Figures> {
    const LONGEST: usize = 120;
    let text = plain(text);
    if text.len() > LONGEST || is_lunar(&text) || is_age(&text) {
        return None;
    }
    let mut cutter = Cutter { tokens: Vec::new(), clarity: 1.0 };
    runs(&text).for_each(|run| cutter.take(run));
    cutter.drop_place();
    if cutter.tokens.iter().any(|token| matches!(token, Token::Foreign)) {
        return None;
    }
    let groups = grouped(cutter.tokens);
    (!groups.is_empty()).then_some(Figures { groups, clarity: cutter.clarity })
}

/// Whether the text says that the date is of the lunar calendar; such dates are never converted.
pub(in crate::assemble) fn is_lunar(plain_text: &str) -> bool {
    let words: Vec<&str> =
        plain_text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.iter().any(|word| matches!(*word, "al" | "nhuan"))
        || words.windows(2).any(|pair| matches!(pair, ["am", "lich"] | ["lich", "ta"] | ["a", "l"]))
}

/// Whether the text gives an age (`32 tuổi`, `32t`).
pub(in crate::assemble) fn is_age(plain_text: &str) -> bool {
    let bare = plain_text.trim_end_matches(['.', ' ']);
    let age = bare.strip_suffix("tuoi").or_else(|| bare.strip_suffix('t'));
    age.is_some_and(|age| age.trim().chars().all(|c| c.is_ascii_digit()))
}

/// Runs of letters and figures, of spaces, and of other signs.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let class = |c: char| if c.is_alphanumeric() { 0 } else { 1 + u8::from(c.is_whitespace()) };
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next().map(class)?;
        let end = rest.find(|c| class(c) != first).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}

/// The tokens so far, and how plainly they were written.
struct Cutter {
    tokens: Vec<Token>,
    clarity: f64,
}

impl Cutter {
    /// Takes one run in: `t8` holds a word and a number, `l2` is a number with a slip.
    fn take(&mut self, run: &str) {
        let digit = |c: char| c.is_ascii_digit();
        match run.chars().next() {
            None => return,
            Some(c) if c.is_whitespace() => return self.tokens.push(Token::Space),
            Some(c) if !c.is_alphanumeric() => return self.tokens.push(Token::Stop),
            Some(_) => {}
        }
        if run.chars().all(|c| digit(c) || "lio".contains(c)) {
            return self.number(run);
        }
        let starts_with_digit = run.starts_with(digit);
        let end = run.find(|c| digit(c) != starts_with_digit).unwrap_or(run.len());
        if starts_with_digit {
            self.number(&run[..end])
        } else {
            self.word(&run[..end])
        }
        self.take(&run[end..]);
    }

    /// A number; the letters l, I and O stand for the figures they look like.
    fn number(&mut self, run: &str) {
        let figures: String = run.replace(['l', 'i'], "1").replace('o', "0");
        if figures != run {
            self.clarity *= 0.8;
        }
        self.tokens.push(Token::Number(figures));
    }

    /// What a word says; one wrong letter is forgiven in a long one.
    fn word(&mut self, word: &str) {
        let plain = match word {
            "ngay" | "ng" | "mong" | "mung" => Some(Token::Mark(Mark::Day)),
            "thang" | "thg" | "th" | "t" => Some(Token::Mark(Mark::Month)),
            "nam" | "n" => Some(Token::Mark(Mark::Year)),
            "dl" | "duong" | "lich" => Some(Token::Space),
            _ => None,
        };
        if plain.is_none() {
            self.clarity *= 0.8;
        }
        self.tokens.push(plain.unwrap_or_else(|| misread_word(word)));
    }

    /// Leaves out what stands before the first "ngày": the place where the entry was made.
    fn drop_place(&mut self) {
        let is_day = |token: &Token| matches!(token, Token::Mark(Mark::Day));
        let Some(start) = self.tokens.iter().position(is_day) else { return };
        if self.tokens[..start].iter().any(|token| matches!(token, Token::Foreign | Token::Number(_))) {
            self.clarity *= 0.9;
        }
        self.tokens.drain(..start);
    }
}

/// The mark that a word is one letter away from; a single letter is dirt.
fn misread_word(word: &str) -> Token {
    let near = |whole: &str| strsim::levenshtein(word, whole) <= 1;
    match word.chars().count() {
        0 | 1 => Token::Space,
        3.. if near("ngay") => Token::Mark(Mark::Day),
        4.. if near("thang") => Token::Mark(Mark::Month),
        2 | 3 if near("nam") => Token::Mark(Mark::Year),
        _ => Token::Foreign,
    }
}

/// Numbers in groups: a new one after every mark and every sign.
fn grouped(tokens: Vec<Token>) -> Vec<(Option<Mark>, Vec<String>)> {
    let mut groups: Vec<(Option<Mark>, Vec<String>)> = vec![(None, Vec::new())];
    for token in tokens {
        match token {
            Token::Number(figures) => {
                if let Some((_, numbers)) = groups.last_mut() {
                    numbers.push(figures);
                }
            }
            Token::Mark(mark) => groups.push((Some(mark), Vec::new())),
            Token::Stop => {
                if groups.last().is_some_and(|(_, numbers)| !numbers.is_empty()) {
                    groups.push((None, Vec::new()));
                }
            }
            Token::Space | Token::Foreign => {}
        }
    }
    groups.retain(|(_, numbers)| !numbers.is_empty());
    groups
}
