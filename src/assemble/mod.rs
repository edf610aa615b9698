//! Readings to a draft record: parse, normalise, check. Cannot fail: what cannot be understood
//! stays as read and goes to a person.

pub mod catalogue;
mod cleaning;
pub mod date_words;
pub mod dates;
mod ditto;
mod filled;
mod letters;
mod lexicon;
mod names;
mod numbers;
mod rules;
mod sex;
mod shared;
mod values;
mod written;
mod years;

use crate::domain::{
    Alternative, BookCover, Confidence, DraftField, DraftRecord, FieldReading, FieldStatus, FieldType,
    FormId, Kind, LineReading, Projection, Rectangle, ScanName, text,
};

pub use filled::Filled;
use shared::FieldLines;
use values::{Expected, Fit, Normalised, normalise};
pub use written::as_it_stands;

/// Where an entry stands and what it stands on.
#[derive(Debug, Clone, Copy)]
pub struct EntryContext<'e> {
    /// The scan.
    pub scan: &'e ScanName,
    /// Which entry of the scan, from 1, top to bottom.
    pub entry: u32,
    /// What it registers.
    pub kind: Kind,
    /// The form it stands on.
    pub form: &'e FormId,
    /// What stands on the cover of its book.
    pub cover: &'e BookCover,
    /// From pixels of the straightened page to pixels of the scan.
    pub to_scan: &'e Projection,
}

/// How sure the read stage must be that nothing is written before a field counts as blank at all;
/// whether the blank is certain enough to go to nobody is for the trust stage to say.
const BLANK: f64 = 0.5;

/// The draft record of one entry. Fields come in the order of `readings`; a field read twice is
/// taken from where something is written.
#[must_use]
pub fn assemble(context: &EntryContext<'_>, readings: &[FieldReading]) -> DraftRecord {
    let parts: Vec<FieldLines<'_>> =
        readings.iter().flat_map(|reading| shared::split(context.kind, reading)).collect();
    let year = years::registration_year(context.cover, written_year(context, &parts));
    let mut fields: Vec<DraftField> = Vec::with_capacity(parts.len());
    for part in &parts {
        let field = draft_field(context, part, year);
        match fields.iter_mut().find(|other| other.name == field.name) {
            None => fields.push(field),
            Some(other) if other.ink.is_none() => *other = field,
            Some(_) => {}
        }
    }
    let mut record = DraftRecord {
        scan: context.scan.clone(),
        entry: context.entry,
        kind: context.kind,
        form: context.form.clone(),
        fields,
        rules: Vec::new(),
    };
    record.rules = rules::broken_rules(&record, context.cover);
    record
}

/// The year of the date of registration as read.
fn written_year(context: &EntryContext<'_>, parts: &[FieldLines<'_>]) -> Option<i16> {
    let part = parts.iter().find(|part| part.name.as_str() == "registration.date")?;
    dates::parse(&text_of(part.lines), years::of_registration(context.cover)).map(|parsed| parsed.date.year())
}

/// The lines of a field as one text.
fn text_of(lines: &[LineReading]) -> String {
    cleaning::joined(lines.iter().map(|line| line.reading.text.as_str()))
}

fn draft_field(context: &EntryContext<'_>, part: &FieldLines<'_>, year: Option<i16>) -> DraftField {
    let years = match part.name.as_str() {
        "registration.date" => years::of_registration(context.cover),
        _ => year.map(|year| years::of_field(part.name, year)),
    };
    let usual_years = year.and_then(|year| years::usual_of_field(part.name, year));
    let expected = Expected { field: part.name, field_type: part.field_type, years, usual_years };
    let candidates = candidates(part.lines);
    let (chosen, normalised) = choose(expected, &candidates);
    let blank = normalised.value.is_empty() && part.blank.get() >= BLANK;
    DraftField {
        name: part.name.clone(),
        field_type: part.field_type,
        confidence: if blank { part.blank } else { normalised.fit.confidence(candidates[chosen].confidence) },
        status: if blank { FieldStatus::Blank } else { FieldStatus::Review },
        raw: text::clean(
            &part.lines.iter().map(|line| line.reading.text.as_str()).collect::<Vec<_>>().join(" "),
        ),
        ink: if blank { None } else { ink(part.lines).map(|ink| context.to_scan.bounds(ink)) },
        place: context.to_scan.bounds(part.place),
        alternatives: alternatives(&candidates, chosen, &normalised),
        engine: part.lines.first().map(|line| line.reading.engine.clone()),
        value: normalised.value,
    }
}

/// The texts a field may read, the engine's own first: the lines joined, then with each
/// alternative of a line in its place. Lines are right together only when each is right.
fn candidates(lines: &[LineReading]) -> Vec<Alternative> {
    let confidence = |skip: Option<usize>| -> f64 {
        let others = lines.iter().enumerate().filter(|(index, _)| Some(*index) != skip);
        others.map(|(_, line)| line.reading.confidence.get()).product()
    };
    let own = Alternative {
        text: text_of(lines),
        confidence: Confidence::clamped(if lines.is_empty() { 0.0 } else { confidence(None) }),
    };
    let mut others = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        for other in &line.reading.alternatives {
            let texts = lines
                .iter()
                .enumerate()
                .map(|(i, line)| if i == index { other.text.as_str() } else { line.reading.text.as_str() });
            let sure = Confidence::clamped(confidence(Some(index)) * other.confidence.get());
            others.push(Alternative { text: cleaning::joined(texts), confidence: sure });
        }
    }
    others.sort_by(|a, b| b.confidence.get().total_cmp(&a.confidence.get()));
    std::iter::once(own).chain(others).collect()
}

/// The first candidate that the grammar or list of the field has nothing against; the engine's own
/// text when there is none, or when the field has neither.
fn choose(expected: Expected<'_>, candidates: &[Alternative]) -> (usize, Normalised) {
    let own = normalise(expected, candidates.first().map_or("", |own| own.text.as_str()));
    if own.fit.is_good() || own.fit == Fit::Free || expected.field_type == FieldType::PersonName {
        return (0, own);
    }
    let others =
        candidates.iter().enumerate().skip(1).map(|(index, other)| (index, normalise(expected, &other.text)));
    others.into_iter().find(|(_, other)| other.fit.is_good()).unwrap_or((0, own))
}

/// What else the field may read: the candidates that were not chosen, and the text as read when a
/// slip in it was mended.
fn alternatives(candidates: &[Alternative], chosen: usize, normalised: &Normalised) -> Vec<Alternative> {
    let others = candidates.iter().enumerate();
    others
        .filter(|(index, other)| {
            (*index != chosen || normalised.fit == Fit::Mended) && !other.text.is_empty()
        })
        .map(|(_, other)| other.clone())
        .collect()
}

/// The ink of all lines.
fn ink(lines: &[LineReading]) -> Option<Rectangle> {
    lines.iter().map(|line| line.ink).reduce(|all, ink| all.union(&ink))
}

#[cfg(test)]
mod tests;
