//! Dates in figures, in every style clerks use: `12/8/1956`, `12-8-56`, `12.8.1956`,
//! `ngày 12 tháng 8 năm 1956`, `tháng 8/1956`, `8/1956`, `1956`; with the slips of engines.

mod tokens;

use crate::domain::PartialDate;

use tokens::{Mark, Part};

pub(super) use tokens::{is_age, is_lunar};

/// Years a register of 1850 to 2100 can speak of; four figures outside are a misreading.
pub(super) const YEARS: std::ops::RangeInclusive<i16> = 1850..=2100;

/// The years a date can lie in; decides the century of a year in two figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearWindow {
    /// The first year possible.
    pub earliest: i16,
    /// The last year possible.
    pub latest: i16,
}

impl YearWindow {
    /// Whether `year` lies in it.
    pub(super) fn holds(self, year: i16) -> bool {
        (self.earliest..=self.latest).contains(&year)
    }

    /// The latest year of the window that ends in `short` (0..=99).
    fn expand(self, short: i16) -> Option<i16> {
        (self.earliest..=self.latest).rev().find(|year| year.rem_euclid(100) == short)
    }
}

/// How plain a date is that stands among other words, ...
const AMONG_OTHERS: f64 = 0.4;
/// ... which are no more than so many.
const MOST_WORDS: usize = 14;

/// A date as it was understood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParsedDate {
    /// The date.
    pub date: PartialDate,
    /// How plainly it was written, 0..=1: 1 when nothing had to be made good.
    pub clarity: f64,
    /// Whether its year stood there in two figures.
    pub short_year: bool,
}

/// Reads a date in figures. Years of two figures are taken as the latest of `window`; without a
/// window they stay unread. None when it is no date, or none of the calendar (31/2), or lunar.
#[must_use]
pub fn parse(text: &str, window: Option<YearWindow>) -> Option<ParsedDate> {
    parse_whole(text, window).or_else(|| among_others(text, window))
}

/// A date to the day that stands among other words (the end of a label, what follows on the line): read when
/// the longest stretches of words that are one are the same.
fn among_others(text: &str, window: Option<YearWindow>) -> Option<ParsedDate> {
    let plain = super::letters::plain(text);
    let of_a_paper = plain.split(' ').any(|word| matches!(word, "so" | "quyen"));
    if is_lunar(&plain) || is_age(&plain) || of_a_paper {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if !(2..=MOST_WORDS).contains(&words.len()) {
        return None;
    }
    let date_of = |words: &[&str]| {
        let parsed = parse_whole(&words.join(" "), window)?;
        let is_whole = parsed.date.day().is_some() && !parsed.short_year;
        is_whole.then_some(parsed)
    };
    let dates = (1..words.len()).rev().find_map(|length| {
        let dates: Vec<ParsedDate> = words.windows(length).filter_map(date_of).collect();
        (!dates.is_empty()).then_some(dates)
    })?;
    let first = *dates.first()?;
    let same = dates.iter().all(|other| other.date == first.date);
    same.then_some(ParsedDate { clarity: AMONG_OTHERS * first.clarity, ..first })
}

/// Reads a text that is a date and nothing else.
fn parse_whole(text: &str, window: Option<YearWindow>) -> Option<ParsedDate> {
    let reading = tokens::read(text)?;
    let layouts = [(reading.squashed(), 1.0), (reading.apart(), 0.9)];
    layouts
        .into_iter()
        .find_map(|(parts, clarity)| dated(&parts, clarity * reading.clarity, window))
        .or_else(|| run_together(reading.only_number()?, reading.clarity, window))
        .or_else(|| slashed(reading.only_number()?, reading.clarity, window))
}

/// The date of one, two or three parts in the order of day, month and year.
fn dated(parts: &[Part], clarity: f64, window: Option<YearWindow>) -> Option<ParsedDate> {
    use Mark::{Day, Month, Year};
    let marked =
        |order: &[Mark]| parts.iter().zip(order).all(|(part, mark)| part.mark.is_none_or(|m| m == *mark));
    let (date, year) = match parts {
        [year] if marked(&[Year]) => (PartialDate::from_year(full_year(year, window)?)?, year),
        [month, year] if marked(&[Month, Year]) => month_of_year(month, year, window)?,
        [day, month, year] if marked(&[Day, Month, Year]) && year.figures.len() != 1 => {
            let (day, month, year) =
                if day.figures.len() == 4 { (year, month, day) } else { (day, month, year) };
            (PartialDate::from_day(full_year(year, window)?, small(month)?, small(day)?)?, year)
        }
        _ => return None,
    };
    let short_year = year.figures.len() == 2;
    Some(ParsedDate { date, clarity: clarity * if short_year { 0.85 } else { 1.0 }, short_year })
}

/// A month and a year. Without a word or a full year to say so, `12/8` stays a day and a month.
fn month_of_year<'p>(
    month: &Part,
    year: &'p Part,
    window: Option<YearWindow>,
) -> Option<(PartialDate, &'p Part)> {
    let plain_year = year.figures.len() == 4 || year.mark.is_some() || month.mark.is_some();
    if !plain_year && year.figures.parse::<u8>().is_ok_and(|figure| figure <= 31) {
        return None;
    }
    Some((PartialDate::from_month(full_year(year, window)?, small(month)?)?, year))
}

/// A day or a month: one or two figures.
fn small(part: &Part) -> Option<i8> {
    if part.figures.len() > 2 { None } else { part.figures.parse().ok() }
}

/// A year of four figures, or of two within `window`.
fn full_year(part: &Part, window: Option<YearWindow>) -> Option<i16> {
    let figure = part.figures.parse().ok()?;
    match part.figures.len() {
        4 if YEARS.contains(&figure) => Some(figure),
        2 => window?.expand(figure),
        _ => None,
    }
}

/// A date whose separators were lost (`1281956`): read when there is only one way to cut it.
fn run_together(figures: &str, clarity: f64, window: Option<YearWindow>) -> Option<ParsedDate> {
    if !(6..=8).contains(&figures.len()) {
        return None;
    }
    let (front, year) = figures.split_at(figures.len() - 4);
    let mut dates = (1..front.len()).filter_map(|cut| {
        let (day, month) = front.split_at(cut);
        let parts = [day, month, year].map(Part::bare);
        (!month.starts_with('0') || month.len() == 2).then(|| dated(&parts, 0.6 * clarity, window))?
    });
    match (dates.next(), dates.next()) {
        (only, None) => only,
        _ => None,
    }
}

/// A date whose slashes were read as ones (`1910512019`): read when there is only one way to cut it.
fn slashed(figures: &str, clarity: f64, window: Option<YearWindow>) -> Option<ParsedDate> {
    if !(8..=10).contains(&figures.len()) {
        return None;
    }
    let (front, year) = figures.split_at(figures.len() - 4);
    let front = front.strip_suffix('1')?;
    let mut dates = front.match_indices('1').filter_map(|(cut, _)| {
        let parts = [&front[..cut], &front[cut + 1..], year].map(Part::bare);
        let empty = parts.iter().any(|part| part.figures.is_empty());
        (!empty).then(|| dated(&parts, 0.5 * clarity, window))?
    });
    match (dates.next(), dates.next()) {
        (only, None) => only,
        _ => None,
    }
}

#[cfg(test)]
mod tests;
