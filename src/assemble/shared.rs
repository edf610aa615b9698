//! Which lines of a cell belong to which of the fields that share it.

use crate::domain::{Confidence, FieldName, FieldReading, FieldType, Kind, LineReading, Rectangle};

use super::catalogue::field_type;
use super::dates::{self, YearWindow};
use super::lexicon::{Match, lexicon};
use super::names;

/// The lines of one field.
#[derive(Debug, Clone)]
pub(super) struct FieldLines<'r> {
    pub name: &'r FieldName,
    pub field_type: FieldType,
    pub lines: &'r [LineReading],
    pub blank: Confidence,
    pub place: Rectangle,
}

/// The fields of a region, each with its lines: fields and lines run top to bottom, so the cuts
/// are chosen where the lines fit the types best; what fits equally well goes to the upper field.
pub(super) fn split(kind: Kind, reading: &FieldReading) -> Vec<FieldLines<'_>> {
    let types: Vec<FieldType> = reading.fields.iter().map(|name| field_type(kind, name)).collect();
    let cuts = best_cuts(&reading.fields, &types, &reading.lines);
    let bounds = std::iter::once(0).chain(cuts.iter().copied()).zip(cuts.iter().copied());
    let fields = reading.fields.iter().zip(types).zip(bounds);
    fields
        .map(|((name, field_type), (from, to))| FieldLines {
            name,
            field_type,
            lines: &reading.lines[from..to],
            blank: if from == to && !reading.lines.is_empty() { Confidence::NONE } else { reading.blank },
            place: reading.place,
        })
        .collect()
}

/// For each field the line after its last; the last one is the number of lines.
fn best_cuts(names: &[FieldName], types: &[FieldType], lines: &[LineReading]) -> Vec<usize> {
    let Some((name, rest)) = names.split_first() else { return Vec::new() };
    if rest.is_empty() {
        return vec![lines.len()];
    }
    let mut best: Option<(i32, Vec<usize>)> = None;
    for cut in (0..=lines.len()).rev() {
        let own = fit(name, types[0], &lines[..cut]);
        let later = best_cuts(rest, &types[1..], &lines[cut..]);
        let total = own + total_fit(rest, &types[1..], &lines[cut..], &later);
        if best.as_ref().is_none_or(|(score, _)| total > *score) {
            let cuts = std::iter::once(cut).chain(later.iter().map(|line| line + cut)).collect();
            best = Some((total, cuts));
        }
    }
    best.map(|(_, cuts)| cuts).unwrap_or_default()
}

fn total_fit(names: &[FieldName], types: &[FieldType], lines: &[LineReading], cuts: &[usize]) -> i32 {
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    let fields = names.iter().zip(types).zip(starts.zip(cuts));
    fields.map(|((name, field_type), (from, to))| fit(name, *field_type, &lines[from..*to])).sum()
}

/// How well lines fit a field: points for what speaks for it, none when nothing is left for it.
fn fit(name: &FieldName, field_type: FieldType, lines: &[LineReading]) -> i32 {
    if lines.is_empty() {
        return 0;
    }
    let text = super::cleaning::as_written(&super::cleaning::joined(
        lines.iter().map(|line| line.reading.text.as_str()),
    ));
    let words = text.split(' ').count();
    match field_type {
        FieldType::PersonName => {
            let begins = text.split(' ').next().is_some_and(names::is_family_name);
            2 + 4 * i32::from(begins) + i32::from((2..=5).contains(&words)) - 2 * i32::from(words > 6)
        }
        FieldType::Date => {
            let any_year = YearWindow { earliest: 1900, latest: 1999 };
            if dates::parse(&text, Some(any_year)).is_some() { 8 } else { 1 }
        }
        FieldType::Number | FieldType::IdNumber | FieldType::Document => {
            let figures = text.chars().filter(char::is_ascii_digit).count();
            if 2 * figures > text.chars().count() { 6 } else { 1 }
        }
        _ => match lexicon(name, field_type).map(|lexicon| lexicon.look_up(&text)) {
            Some(Match::Exact | Match::Mistakable) => 8,
            Some(Match::Near(_)) => 6,
            Some(Match::Unknown) => 2 - i32::try_from(words).unwrap_or(i32::MAX / 2) / 4,
            None => 2,
        },
    }
}
