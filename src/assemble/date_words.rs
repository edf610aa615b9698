//! Dates written out in words, read by looking for the date whose wording is nearest to what was
//! read: a grammar of all wordings decodes, so lost accents, joined words and misread letters do
//! not matter as long as no other date is as near.

mod nearest;
mod phrases;
mod writing;

use unicode_normalization::UnicodeNormalization;

use crate::domain::PartialDate;

use super::dates::YEARS;
use super::letters::plain_letter;
use nearest::{LETTER, Letter, Near, nearest_starts, read_on};
use phrases::PHRASES;

pub use crate::domain::date_in_words::{WordStyle, words};

/// A date in words as it was understood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParsedWords {
    /// The date.
    pub date: PartialDate,
    /// How plainly it was written, 0..=1: 1 when every letter and accent fits.
    pub clarity: f64,
}

/// Letters of which at most this share may be wrong (an accent counts half).
const MOST_NOISE: f64 = 0.2;
/// What is left of the clarity when another date is less than a letter further away.
const NARROW: f64 = 0.5;
/// Longest text looked at, in letters; the longest wording has 67.
const LONGEST: usize = 120;

/// Reads a date in words, with or without `ngày`. None when it is none, when two dates are as
/// near, when the nearest is none of the calendar, or when too much would have to be made good.
#[must_use]
pub fn parse(text: &str) -> Option<ParsedWords> {
    let letters = letters(text);
    if letters.is_empty() || letters.len() > LONGEST {
        return None;
    }
    let Near { best: (cost, value), second: (other_cost, _) } = nearest_dates(&letters);
    let noise = f64::from(cost) / f64::from(LETTER) / letters.len() as f64;
    if noise > MOST_NOISE || other_cost == cost {
        return None;
    }
    let margin = if other_cost < cost + LETTER { NARROW } else { 1.0 };
    Some(ParsedWords { date: date_of(value)?, clarity: margin * (1.0 - 2.0 * noise) })
}

/// The letters and figures of `text`, in lower case.
fn letters(text: &str) -> Vec<Letter> {
    let composed = text.nfc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric());
    composed.map(|marked| Letter { marked, plain: plain_letter(marked) }).collect()
}

/// What a day of a month and a month of a year add to the number that stands for a date; 0 stands
/// for a day or month not given.
const DAY: i32 = 1_000_000;
const MONTH: i32 = 10_000;

/// The date that a number stands for.
fn date_of(value: i32) -> Option<PartialDate> {
    let year = i16::try_from(value % MONTH).ok().filter(|year| YEARS.contains(year))?;
    let (month, day) = (i8::try_from(value / MONTH % 100).ok()?, i8::try_from(value / DAY).ok()?);
    match (day, month) {
        (0, 0) => PartialDate::from_year(year),
        (0, month) => PartialDate::from_month(year, month),
        (day, month) => PartialDate::from_day(year, month, day),
    }
}

/// The dates nearest to the whole text. The year is read from the end, because only there it has
/// nothing after it, then the month before it; the day is read from the beginning.
fn nearest_dates(text: &[Letter]) -> Near {
    let backward: Vec<Letter> = text.iter().rev().copied().collect();
    let tails = nearest_starts(&PHRASES.years_of_century, &backward);
    let mut years = read_on(&tails, &PHRASES.centuries, &backward);
    let mut months = read_on(&years, &PHRASES.months, &backward);
    years.reverse();
    months.reverse();
    let days = nearest_starts(&PHRASES.days, text);
    let mut nearest = Near::NOTHING;
    let mut skipped = 0;
    for ((day, month), year) in days.into_iter().zip(months).zip(years) {
        nearest.offer_joined(day, month);
        nearest.offer((skipped + year.best.0, year.best.1));
        skipped += LETTER;
    }
    nearest
}

#[cfg(test)]
mod tests;
