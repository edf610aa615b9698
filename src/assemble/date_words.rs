//! Dates written out in words, read by looking for the date whose wording is nearest to what was
//! read: a grammar of all wordings decodes, so lost accents, joined words and misread letters do
//! not matter as long as no other date is as near.

mod nearest;
mod phrases;
mod writing;

use unicode_normalization::UnicodeNormalization;

use crate::domain::PartialDate;

use super::letters::plain_letter;
use nearest::{LETTER, Letter, Near, nearest_ends, nearest_starts};
use phrases::PHRASES;

pub use writing::{WordStyle, words};

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
/// Longest text looked at, in letters; the longest wording has 67.
const LONGEST: usize = 120;

/// Reads a date in words, with or without `ngày`. None when it is none, when two dates are nearly
/// as near, when the nearest is none of the calendar, or when too much would have to be made good.
#[must_use]
pub fn parse(text: &str) -> Option<ParsedWords> {
    let letters = letters(text);
    if letters.is_empty() || letters.len() > LONGEST {
        return None;
    }
    let (best, runner_up) = two_nearest(&letters);
    let noise = f64::from(best.cost) / f64::from(LETTER) / letters.len() as f64;
    if noise > MOST_NOISE || runner_up.is_some_and(|other| other < best.cost + LETTER) {
        return None;
    }
    let date = match (best.day, best.month) {
        (0, 0) => PartialDate::from_year(best.year),
        (0, month) => PartialDate::from_month(best.year, month),
        (day, month) => PartialDate::from_day(best.year, month, day),
    }?;
    Some(ParsedWords { date, clarity: 1.0 - 2.0 * noise })
}

/// The letters and figures of `text`, in lower case.
fn letters(text: &str) -> Vec<Letter> {
    let composed = text.nfc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric());
    composed.map(|marked| Letter { marked, plain: plain_letter(marked) }).collect()
}

/// A date that fits the whole text at a cost; 0 stands for a day or month not given.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    cost: u32,
    year: i16,
    month: i8,
    day: i8,
}

/// The date nearest to the text, and the cost of the nearest other date.
fn two_nearest(text: &[Letter]) -> (Fit, Option<u32>) {
    let days = nearest_starts(&PHRASES.days, text);
    let years = nearest_ends(&PHRASES.years, text);
    let mut fits = Vec::new();
    for (from, day) in days.iter().enumerate() {
        for (offset, month) in nearest_starts(&PHRASES.months, &text[from..]).iter().enumerate() {
            push_fits(&mut fits, day, month, &years[from + offset]);
        }
    }
    for (from, year) in years.iter().enumerate() {
        let skipped = LETTER * u32::try_from(from).unwrap_or(u32::MAX / LETTER);
        fits.push(Fit { cost: skipped + year.best.0, year: year.best.1, month: 0, day: 0 });
    }
    let best = fits.iter().min().copied().unwrap_or(Fit { cost: u32::MAX, year: 0, month: 0, day: 0 });
    let same = |fit: &&Fit| (fit.year, fit.month, fit.day) == (best.year, best.month, best.day);
    (best, fits.iter().filter(|fit| !same(fit)).map(|fit| fit.cost).min())
}

/// The best fit of one way to cut the text, and the three where one part takes its second best.
fn push_fits(fits: &mut Vec<Fit>, day: &Near, month: &Near, year: &Near) {
    let choices = [
        (day.best, month.best, year.best),
        (day.second, month.best, year.best),
        (day.best, month.second, year.best),
        (day.best, month.best, year.second),
    ];
    for ((day_cost, day), (month_cost, month), (year_cost, year)) in choices {
        let cost = day_cost.saturating_add(month_cost).saturating_add(year_cost);
        fits.push(Fit { cost, year, month: month as i8, day: day as i8 });
    }
}

#[cfg(test)]
mod tests;
