//! The entries of a book as rows of a sequence: what the number of each may be, and how surely.

use super::folios::Folio;
use crate::domain::{DraftField, DraftRecord, FieldStatus, PartialDate};

/// One entry of the book in page order.
#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    /// The entry.
    pub record: &'a DraftRecord,
    /// Its page, by position.
    pub folio: usize,
    /// What its number may be, likeliest first, each with its probability.
    pub candidates: Vec<(u32, f64)>,
    /// The probability that it is none of the candidates.
    pub elsewhere: f64,
    /// The year of its registration, where a neighbour has the same.
    pub year: Option<i16>,
    /// Whether it is the first entry of its page.
    pub starts_page: bool,
    /// Scans left out before its page, by their names.
    pub left_out: u32,
}

impl Row<'_> {
    /// The likeliest number, when any was read.
    pub fn reads(&self) -> Option<u32> {
        self.candidates.first().map(|(number, _)| *number)
    }
}

/// The entries of the pages that count, in order.
pub(super) fn rows<'a>(folios: &[Folio<'a>]) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    let mut left_out = 0;
    for (position, folio) in folios.iter().enumerate() {
        left_out += folio.left_out;
        if !folio.counts() {
            continue;
        }
        for (entry, record) in folio.page.records.iter().enumerate() {
            let (candidates, elsewhere) = candidates(record.field("entry.number"));
            let (starts_page, before) =
                (entry == 0, if entry == 0 { std::mem::take(&mut left_out) } else { 0 });
            let year = registered(record).map(PartialDate::year);
            rows.push(Row {
                record,
                folio: position,
                candidates,
                elsewhere,
                year,
                starts_page,
                left_out: before,
            });
        }
    }
    keep_supported_years(&mut rows);
    rows
}

/// The date of registration, when it is known.
pub(super) fn registered(record: &DraftRecord) -> Option<PartialDate> {
    record.field("registration.date")?.value.parse().ok()
}

/// What the number may be with probabilities, and the probability that it is something else. A
/// reading may be wrong whatever it says of itself: less than a person, more than one in review.
pub(super) fn candidates(field: Option<&DraftField>) -> (Vec<(u32, f64)>, f64) {
    let Some(field) = field else { return (Vec::new(), 1.0) };
    let (doubt, confidence) = match field.status {
        FieldStatus::Verified => (1e-9, 1.0),
        FieldStatus::Accepted => (0.003, field.confidence.get().max(0.9)),
        FieldStatus::Review => (0.02, field.confidence.get().max(0.05)),
        FieldStatus::Blank | FieldStatus::Illegible | FieldStatus::Torn => return (Vec::new(), 1.0),
    };
    let value = number(&field.value).or_else(|| number(&field.raw)).map(|number| (number, confidence));
    let others = field.candidates.iter().filter(|_| field.status != FieldStatus::Verified);
    let others = others.filter_map(|other| Some((number(&other.text)?, other.confidence.get())));
    let mut candidates: Vec<(u32, f64)> = Vec::new();
    for (number, probability) in value.into_iter().chain(others) {
        match candidates.iter_mut().find(|known| known.0 == number) {
            Some(known) => known.1 = known.1.max(probability),
            None if probability > 0.0 => candidates.push((number, probability)),
            None => {}
        }
    }
    if candidates.is_empty() {
        return (candidates, 1.0);
    }
    let total: f64 = candidates.iter().map(|(_, probability)| probability).sum();
    let scale = (1.0 - doubt) / total.max(1.0 - doubt);
    candidates.iter_mut().for_each(|candidate| candidate.1 *= scale);
    candidates[1..].sort_by(|a, b| b.1.total_cmp(&a.1));
    (candidates, (1.0 - total * scale).max(doubt))
}

/// The number in figures at the beginning of `text`: `85`, `085`, `85.`, `85/2014`; none when there
/// are letters.
fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let plain = digits.len() <= 6 && !rest.chars().any(char::is_alphabetic);
    digits.parse().ok().filter(|number| plain && *number > 0)
}

/// Forgets a year that neither neighbour with a year shares: it is a misread date more often than a
/// year with a single entry.
fn keep_supported_years(rows: &mut [Row<'_>]) {
    let known: Vec<_> = (0..rows.len()).filter(|row| rows[*row].year.is_some()).collect();
    let years: Vec<_> = known.iter().map(|row| rows[*row].year).collect();
    for (position, row) in known.iter().enumerate() {
        let before = position.checked_sub(1).map(|before| years[before]);
        let neighbours = [before, years.get(position + 1).copied()];
        if years.len() > 1 && !neighbours.contains(&Some(years[position])) {
            rows[*row].year = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certify::samples::number_field;

    #[test]
    fn a_number_is_its_leading_figures() {
        assert_eq!(number("085."), Some(85));
        assert_eq!(number(" 85/2014"), Some(85));
        for none in ["", "a85", "85b", "0", "12345678"] {
            assert_eq!(number(none), None, "{none}");
        }
    }

    #[test]
    fn probabilities_never_come_to_more_than_one() {
        for status in [FieldStatus::Accepted, FieldStatus::Review, FieldStatus::Verified] {
            let field = number_field(85, status, 1.0, &[(86, 0.9), (35, 0.5), (85, 0.2)]);
            let (candidates, elsewhere) = candidates(Some(&field));
            let total: f64 = candidates.iter().map(|(_, probability)| probability).sum();
            assert!((total + elsewhere - 1.0).abs() < 1e-6 && elsewhere > 0.0, "{candidates:?} {elsewhere}");
            assert_eq!(candidates[0].0, 85);
        }
        let blank = number_field(85, FieldStatus::Blank, 1.0, &[]);
        assert_eq!(candidates(Some(&blank)), (Vec::new(), 1.0));
    }
}
