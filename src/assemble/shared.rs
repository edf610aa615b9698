//! Which part of the writing in a cell belongs to which of the fields that share it.

use std::borrow::Cow;

use crate::domain::{
    CharacterReading, Confidence, FieldName, FieldReading, FieldType, Kind, LineReading, Reading, Rectangle,
};

use super::dates::{self, YearWindow};
use super::lexicon::{Match, lexicon};
use super::names;
use crate::domain::catalogue::field_type;

/// The lines of one field.
#[derive(Debug, Clone)]
pub(super) struct FieldLines<'r> {
    pub name: &'r FieldName,
    pub field_type: FieldType,
    pub lines: Cow<'r, [LineReading]>,
    pub blank: Confidence,
    pub place: Rectangle,
}

/// A place between words: before a word of a line.
type Place = (usize, usize);

/// What it costs to part fields within a line where no comma stands: as much as all but the surest
/// word of a list speaks for it.
const WITHIN_LINE: i32 = 7;

/// The fields of a region, each with its lines: fields and writing run top to bottom, so the cuts
/// are chosen where the writing fits the types best, between lines sooner than within one; what fits
/// equally well goes to the upper field.
pub(super) fn split(kind: Kind, reading: &FieldReading) -> Vec<FieldLines<'_>> {
    let types: Vec<FieldType> = reading.fields.iter().map(|name| field_type(kind, name)).collect();
    let lines = &reading.lines;
    let cell = Cell { lines, places: places(lines) };
    let (_, cuts) = cell.best_cuts(&reading.fields, &types, 0);
    let bounds = std::iter::once(0).chain(cuts.iter().copied()).zip(cuts.iter().copied());
    let fields = reading.fields.iter().zip(types).zip(bounds);
    fields
        .map(|((name, field_type), (from, to))| FieldLines {
            name,
            field_type,
            lines: cell.part(from, to),
            blank: if from == to && !lines.is_empty() { Confidence::NONE } else { reading.blank },
            place: reading.place,
        })
        .collect()
}

/// Every place where a field may begin or end, in order.
fn places(lines: &[LineReading]) -> Vec<Place> {
    let words = |line: &LineReading| line.reading.text.split(' ').count();
    let inner = lines.iter().enumerate().flat_map(|(n, line)| (0..words(line)).map(move |word| (n, word)));
    inner.chain([(lines.len(), 0)]).collect()
}

/// The lines of a cell, and where they may be parted.
struct Cell<'r> {
    lines: &'r [LineReading],
    places: Vec<Place>,
}

impl<'r> Cell<'r> {
    /// For each field the place after its last word, and how well they fit all together. The first
    /// begins at place `from`.
    fn best_cuts(&self, names: &[FieldName], types: &[FieldType], from: usize) -> (i32, Vec<usize>) {
        let last = self.places.len() - 1;
        let Some((name, rest)) = names.split_first() else { return (0, Vec::new()) };
        if rest.is_empty() {
            return (self.fit(name, types[0], from, last), vec![last]);
        }
        let mut best: Option<(i32, Vec<usize>)> = None;
        for cut in (from..=last).rev() {
            let (later, mut cuts) = self.best_cuts(rest, &types[1..], cut);
            let total = self.fit(name, types[0], from, cut) + later - self.cost(cut);
            if best.as_ref().is_none_or(|(score, _)| total > *score) {
                cuts.insert(0, cut);
                best = Some((total, cuts));
            }
        }
        best.unwrap_or_default()
    }

    /// What it costs to part fields at a place.
    fn cost(&self, place: usize) -> i32 {
        let (line, word) = self.places[place];
        let before = word.checked_sub(1).and_then(|word| self.words(line).nth(word));
        before.map_or(0, |before| if before.ends_with([',', ';', '.', '-']) { 0 } else { WITHIN_LINE })
    }

    fn words(&self, line: usize) -> impl Iterator<Item = &'r str> {
        self.lines.get(line).into_iter().flat_map(|line| line.reading.text.split(' '))
    }

    /// How well the words between two places fit a field: points for what speaks for it, none when
    /// nothing is left for it.
    fn fit(&self, name: &FieldName, field_type: FieldType, from: usize, to: usize) -> i32 {
        if from == to {
            return 0;
        }
        let words = self.places[from..to].iter().filter_map(|(line, word)| self.words(*line).nth(*word));
        let text = super::cleaning::as_written(&super::cleaning::joined(words));
        fit(name, field_type, &text)
    }

    /// The lines between two places, the first and the last perhaps in part.
    fn part(&self, from: usize, to: usize) -> Cow<'r, [LineReading]> {
        let ((first, first_word), (last, last_word)) = (self.places[from], self.places[to]);
        if from == to {
            return Cow::Borrowed(&[]);
        }
        if (first_word, last_word) == (0, 0) {
            return Cow::Borrowed(&self.lines[first..last]);
        }
        let end = if last_word == 0 { last } else { last + 1 };
        let part = |n: usize| {
            let begin = if n == first { first_word } else { 0 };
            let stop = if n == last { last_word } else { usize::MAX };
            words_of(&self.lines[n], begin, stop)
        };
        Cow::Owned((first..end).map(part).collect())
    }
}

/// The words of a line from one to before another.
fn words_of(line: &LineReading, from: usize, to: usize) -> LineReading {
    let words: Vec<&str> = line.reading.text.split(' ').collect();
    let to = to.min(words.len());
    if (from, to) == (0, words.len()) {
        return line.clone();
    }
    let letters = |words: &[&str]| words.iter().map(|word| word.chars().count()).sum::<usize>();
    let (skip, take) = (letters(&words[..from]), letters(&words[from..to]));
    let all = &line.reading.characters;
    let own = all.get(skip..skip + take).unwrap_or(all).to_vec();
    let reading = Reading {
        text: words[from..to].join(" "),
        alternatives: Vec::new(),
        characters: own.clone(),
        ..line.reading.clone()
    };
    let struck = if from == 0 { line.struck.clone() } else { Vec::new() };
    LineReading { ink: ink_of(line.ink, &own, all), reading, struck }
}

/// The part of `ink`, that of the characters `all`, that belongs to some of them.
fn ink_of(ink: Rectangle, own: &[CharacterReading], all: &[CharacterReading]) -> Rectangle {
    let reach =
        |characters: &[CharacterReading]| Some((characters.first()?.columns.0, characters.last()?.columns.1));
    let (Some((from, to)), Some((begin, end))) = (reach(own), reach(all)) else { return ink };
    let place = |column: i32| {
        let share = f64::from(column - begin) / f64::from((end - begin).max(1));
        ink.left + (share.clamp(0.0, 1.0) * f64::from(ink.width())).round() as i32
    };
    Rectangle { left: place(from), right: place(to), ..ink }
}

fn fit(name: &FieldName, field_type: FieldType, text: &str) -> i32 {
    let words = text.split(' ').count();
    match field_type {
        FieldType::PersonName => {
            let begins = text.split(' ').next().is_some_and(names::is_family_name);
            2 + 4 * i32::from(begins) + i32::from((2..=5).contains(&words)) - 2 * i32::from(words > 6)
        }
        FieldType::Date => {
            let any_year = YearWindow { earliest: 1900, latest: 1999 };
            if dates::parse(text, Some(any_year)).is_some() { 8 } else { 1 }
        }
        FieldType::Number | FieldType::IdNumber | FieldType::Document => {
            let figures = text.chars().filter(char::is_ascii_digit).count();
            if 2 * figures > text.chars().count() { 6 } else { 1 }
        }
        _ => match lexicon(name, field_type).map(|lexicon| lexicon.look_up(text)) {
            Some(Match::Exact | Match::Mistakable) => 8,
            Some(Match::Near(_)) => 6,
            Some(Match::Unknown) => 2 - i32::try_from(words).unwrap_or(i32::MAX / 2) / 4,
            None => 2,
        },
    }
}
