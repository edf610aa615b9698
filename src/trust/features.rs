//! What speaks for and against one value, as numbers a calibration can weigh.

use crate::domain::catalogue::is_critical;
use crate::domain::{DraftField, DraftRecord, FieldType, Fit, Severity};

use super::weigh::{Weighed, log_odds};

/// The name of each number, in their order.
pub(super) const NAMES: [&str; 27] = [
    "one",
    "reading",
    "weighed",
    "margin",
    "column",
    "usual",
    "known",
    "near",
    "vouched",
    "contradicted",
    "listed",
    "mended",
    "unlisted",
    "unread",
    "unclear",
    "letters",
    "entry",
    "page",
    "book",
    "queries",
    "blocks",
    "changed",
    "second",
    "form",
    "partial",
    "swapped",
    "broken",
];

/// The numbers of one value.
pub(super) type Features = [f64; NAMES.len()];

/// How surely the fields around a field were read: the mean logarithm of the odds of their readings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Surroundings {
    pub entry: f64,
    pub page: f64,
    pub book: f64,
}

/// How surely the fields around every field of a book were read, record by record, field by field.
pub(super) fn surroundings(records: &[DraftRecord], book: &[Vec<Weighed>]) -> Vec<Vec<Surroundings>> {
    let sums: Vec<(f64, f64)> =
        book.iter().map(|fields| fields.iter().filter_map(reading).fold((0.0, 0.0), add)).collect();
    let whole = sums.iter().fold((0.0, 0.0), |all, sum| (all.0 + sum.0, all.1 + sum.1));
    let each = records.iter().zip(book).zip(&sums);
    each.map(|((record, fields), sum)| {
        let on_page = records.iter().zip(&sums).filter(|(other, _)| other.scan == record.scan);
        let page = on_page.fold((0.0, 0.0), |all, (_, sum)| (all.0 + sum.0, all.1 + sum.1));
        let without = |all: (f64, f64), own: Option<f64>| {
            let (sum, count) = own.map_or(all, |own| (all.0 - own, all.1 - 1.0));
            (sum + 2.0 * TYPICAL) / (count + 2.0)
        };
        let around = |field: &Weighed| {
            let own = reading(field);
            Surroundings { entry: without(*sum, own), page: without(page, own), book: without(whole, own) }
        };
        fields.iter().map(around).collect()
    })
    .collect()
}

/// Letters of a date of which the day is missing (`1956-08`).
const MONTH: usize = 7;

/// What stands in for surroundings that say little.
const TYPICAL: f64 = 2.0;

fn add(all: (f64, f64), reading: f64) -> (f64, f64) {
    (all.0 + reading, all.1 + 1.0)
}

/// How surely the reading holds the likeliest value; none where nothing was read.
fn reading(field: &Weighed) -> Option<f64> {
    field.belief.best().map(|best| log_odds(best.read))
}

/// What speaks for and against the likeliest value of `field`; none when it has none.
pub(super) fn of_value(
    record: &DraftRecord,
    field: &DraftField,
    weighed: &Weighed,
    around: Surroundings,
) -> Option<Features> {
    let best = weighed.belief.best()?;
    let candidate = field.candidates.get(best.candidate)?;
    let flag = |holds: bool| f64::from(u8::from(holds));
    let broken = |severity: Severity| {
        let rules = record.rules.iter();
        let count =
            rules.filter(|rule| rule.severity == severity && rule.fields.contains(&field.name)).count();
        count.min(2) as f64
    };
    let clarity = match candidate.fit {
        Fit::Parsed(clarity) => 1.0 - clarity,
        _ => 0.0,
    };
    Some([
        1.0,
        log_odds(best.read),
        log_odds(weighed.belief.likelihood(best)),
        weighed.belief.margin().clamp(-5.0, 10.0),
        weighed.column.unwrap_or_default().clamp(-9.0, 9.0),
        weighed.usual.unwrap_or_default().min(8.0),
        weighed.known,
        (1.0 + weighed.near).ln(),
        flag(weighed.vouched),
        flag(weighed.contradicted),
        flag(candidate.fit == Fit::Listed),
        flag(candidate.fit == Fit::Mended),
        flag(candidate.fit == Fit::Unlisted),
        flag(matches!(candidate.fit, Fit::Ditto | Fit::Unread)),
        clarity,
        (candidate.value.chars().count() as f64 + 1.0).ln(),
        around.entry,
        around.page,
        around.book,
        broken(Severity::Query),
        broken(Severity::Block),
        flag(best.candidate != 0),
        flag(candidate.text != field.raw),
        log_odds(record.form_match.get()),
        flag(field.field_type == FieldType::Date && best.value.len() == MONTH),
        flag(weighed.swapped),
        flag(weighed.broken),
    ])
}

/// The name of each number that speaks of a blank.
pub(super) const BLANK_NAMES: [&str; 8] =
    ["one", "blank", "read", "entry", "page", "usually", "needed", "broken"];

/// The numbers of one blank.
pub(super) type BlankFeatures = [f64; BLANK_NAMES.len()];

/// What speaks for and against `field` being blank; `usually` is the share of its column in the book
/// that is blank.
pub(super) fn of_blank(
    record: &DraftRecord,
    field: &DraftField,
    weighed: &Weighed,
    (around, usually): (Surroundings, f64),
) -> BlankFeatures {
    // Every entry has them; notes are about what came later.
    let needed = field.name.as_str() != "notes" && is_critical(record.kind, &field.name);
    [
        1.0,
        log_odds(field.blank.get()),
        f64::from(u8::from(!field.candidates.is_empty())),
        around.entry,
        around.page,
        usually,
        f64::from(u8::from(needed)),
        f64::from(u8::from(weighed.broken)),
    ]
}

/// Types that are calibrated alike.
pub(super) fn group(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Number => "numbers",
        FieldType::Date | FieldType::Time | FieldType::IdNumber | FieldType::Document => "figures",
        FieldType::PersonName => "names",
        FieldType::Place | FieldType::Text => "places",
        FieldType::DateWords => "words",
        FieldType::Sex
        | FieldType::Ethnicity
        | FieldType::Nationality
        | FieldType::Occupation
        | FieldType::Cause
        | FieldType::Relation
        | FieldType::Choice => "lists",
    }
}
