//! Readings to a draft record: parse, normalise, check. Cannot fail: what cannot be understood
//! stays as read and goes to a person.

mod cleaning;
pub mod date_words;
pub mod dates;
mod ditto;
mod filled;
mod letters;
mod lexicon;
mod mending;
mod names;
mod numbers;
mod rules;
mod sex;
mod shared;
mod typed;
mod values;
mod written;
mod years;

use crate::domain::{
    Alternative, Bend, BookCover, Candidate, Confidence, DraftField, DraftRecord, FieldName, FieldReading,
    FieldStatus, FieldType, Fit, FormId, Kind, LineReading, Mark, Projection, Reading, Rectangle, ScanName,
    SecondReading, Seconded, catalogue, text, text::comparable,
};

pub use filled::Filled;
use shared::FieldLines;
pub use typed::{Typed, typed};
use values::{Expected, normalise};
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
    /// How well the page fits the form.
    pub form_match: Confidence,
    /// What stands on the cover of its book.
    pub cover: &'e BookCover,
    /// From pixels of the straightened page to pixels of the scan.
    pub to_scan: &'e Projection,
    /// The way back to the page as pictured, when its rows were made level.
    pub bend: Option<&'e Bend>,
}

impl EntryContext<'_> {
    /// The smallest upright rectangle on the scan around `rectangle` of the page.
    fn on_scan(&self, rectangle: Rectangle) -> Rectangle {
        match self.bend {
            Some(bend) => bend.bounds(rectangle, self.to_scan),
            None => self.to_scan.bounds(rectangle),
        }
    }
}

/// How sure the read stage must be that nothing is written before a field counts as blank at all;
/// whether the blank is certain enough to go to nobody is for the trust stage to say.
const BLANK: f64 = 0.5;

/// The draft record of one entry. Fields come in the order of `readings`, before them those that every entry has and
/// that were not found; a field read twice is taken from where something is written.
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
    let not_found = not_found(context, readings, &fields);
    fields.splice(0..0, not_found);
    let mut record = DraftRecord {
        scan: context.scan.clone(),
        entry: context.entry,
        kind: context.kind,
        form: context.form.clone(),
        form_match: context.form_match,
        fields,
        rules: Vec::new(),
    };
    check(&mut record, context.cover);
    record
}

/// The fields that every entry has and that were not found on the page, so that a person is asked; any place of the
/// entry may be theirs.
fn not_found(context: &EntryContext<'_>, readings: &[FieldReading], found: &[DraftField]) -> Vec<DraftField> {
    let places = readings.iter().map(|reading| reading.place);
    let Some(place) = places.reduce(|all, place| all.union(&place)) else { return Vec::new() };
    let missing = |name: &FieldName| !found.iter().any(|field| field.name == *name);
    let unread = |name: FieldName| {
        let field_type = catalogue::field_type(context.kind, &name);
        DraftField::unread(name, field_type, context.on_scan(place))
    };
    catalogue::in_every_entry(context.kind).filter(missing).map(unread).collect()
}

/// Checks the values of `record` against the rules that one entry alone can break. What asks about a
/// field of which a person has said that the book really says so is answered, and left out.
pub fn check(record: &mut DraftRecord, cover: &BookCover) {
    record.rules = rules::broken_rules(record, cover);
    let answered: Vec<&FieldName> = record
        .fields
        .iter()
        .filter(|field| field.marks.contains(&Mark::AsWritten))
        .map(|field| &field.name)
        .collect();
    record.rules.retain(|rule| !rule.fields.iter().any(|field| answered.contains(&field)));
}

/// The year of the date of registration as read.
fn written_year(context: &EntryContext<'_>, parts: &[FieldLines<'_>]) -> Option<i16> {
    let part = parts.iter().find(|part| part.name.as_str() == "registration.date")?;
    dates::parse(&text_of(&part.lines), years::of_registration(context.cover))
        .map(|parsed| parsed.date.year())
}

/// The lines of a field as one text.
fn text_of(lines: &[LineReading]) -> String {
    cleaning::joined(lines.iter().map(|line| line.reading.text.as_str()))
}

/// All that was read of a field, struck through or not.
fn raw(lines: &[LineReading]) -> String {
    let of_line = |line: &LineReading| {
        let struck = line.struck.iter().map(|struck| text::as_struck(struck));
        struck.chain([line.reading.text.clone()]).collect::<Vec<_>>().join(" ")
    };
    text::clean(&lines.iter().map(of_line).collect::<Vec<_>>().join(" "))
}

fn draft_field(context: &EntryContext<'_>, part: &FieldLines<'_>, year: Option<i16>) -> DraftField {
    let years = match part.name.as_str() {
        "registration.date" => years::of_registration(context.cover),
        _ => year.map(|year| years::of_field(part.name, year)),
    };
    let usual_years = year.and_then(|year| years::usual_of_field(part.name, year));
    let expected = Expected { field: part.name, field_type: part.field_type, years, usual_years };
    let candidates = candidates(expected, &part.lines);
    let chosen = candidates.first();
    let blank = chosen.is_none_or(|chosen| chosen.value.is_empty()) && part.blank.get() >= BLANK;
    DraftField {
        name: part.name.clone(),
        field_type: part.field_type,
        confidence: if blank {
            part.blank
        } else {
            chosen.map_or(Confidence::NONE, |chosen| chosen.confidence)
        },
        status: FieldStatus::Review,
        raw: raw(&part.lines),
        ink: if blank { None } else { ink(&part.lines).map(|ink| context.on_scan(ink)) },
        place: context.on_scan(part.place),
        engine: part.lines.first().map(|line| line.reading.engine.clone()),
        value: chosen.map(|chosen| chosen.value.clone()).unwrap_or_default(),
        blank: part.blank,
        candidates,
        reasons: Vec::new(),
        settled: false,
        marks: Vec::new(),
    }
}

/// So many candidates of a field are kept.
const CANDIDATES: usize = 8;
/// A text read as surely as this stands even though no list has it.
const CLEAR: f64 = 0.9;
/// The part of the doubt in a reading that goes to what only a second engine reads.
const SECOND: f64 = 0.1;
/// An engine that holds a text less likely than this has not proposed it.
const UNLIKELY: f64 = 1e-4;

/// The values a field may have, the one to take first: the engine's own text, unless the grammar or
/// list of the field has something against it and nothing against another text.
fn candidates(expected: Expected<'_>, lines: &[LineReading]) -> Vec<Candidate> {
    let second = second_text(lines);
    let unasked = match lines.iter().any(|line| line.reading.second != SecondReading::None) {
        true => Seconded::Unasked,
        false => Seconded::Unknown,
    };
    let mut candidates: Vec<Candidate> = texts(lines)
        .into_iter()
        .map(|text| {
            let normalised = normalise(expected, &text.text);
            let (value, fit) = (normalised.value, normalised.fit);
            let seconded = second.as_deref().map_or(unasked, |second| seconded(&text.text, second));
            Candidate { value, text: text.text, confidence: text.confidence, fit, seconded }
        })
        .collect();
    let is_good = |candidate: &Candidate| values::is_good(candidate.fit);
    let own_stands = expected.field_type == FieldType::PersonName
        || candidates.first().is_none_or(|own| {
            let unlisted_but_clear = own.fit == Fit::Unlisted && own.confidence.get() >= CLEAR;
            is_good(own) || own.fit == Fit::Free || unlisted_but_clear
        });
    if !own_stands && let Some(better) = candidates.iter().position(is_good) {
        candidates[..=better].rotate_right(1);
    }
    candidates.truncate(CANDIDATES);
    candidates
}

/// What a second engine reads, with the first one's text on the lines about which it was not asked; none when it
/// was asked about none.
fn second_text(lines: &[LineReading]) -> Option<String> {
    let read: Vec<Option<&str>> = lines.iter().map(|line| line.reading.second.text()).collect();
    let texts = lines.iter().zip(&read).map(|(line, read)| read.unwrap_or(&line.reading.text));
    read.iter().any(Option::is_some).then(|| cleaning::joined(texts))
}

/// Whether `second`, which a second engine reads, is the same as `text`.
fn seconded(text: &str, second: &str) -> Seconded {
    if comparable(text) == comparable(second) { Seconded::Agrees } else { Seconded::Differs }
}

/// The text that a second engine reads on a line as one more alternative, unless the first holds it possible
/// as well.
fn second_alternative(reading: &Reading) -> Option<Alternative> {
    let text = reading.second.text()?;
    let mut known =
        reading.alternatives.iter().map(|other| other.text.as_str()).chain([reading.text.as_str()]);
    let confidence = Confidence::clamped(SECOND * (1.0 - reading.confidence.get()));
    let is_new = known.all(|known| comparable(known) != comparable(text));
    is_new.then(|| Alternative { text: text.to_owned(), confidence })
}

/// The texts a field may read, the engine's own first: the lines joined, then with each
/// alternative of a line in its place. Lines are right together only when each is right.
fn texts(lines: &[LineReading]) -> Vec<Alternative> {
    if lines.is_empty() {
        return Vec::new();
    }
    let confidence = |skip: Option<usize>| -> f64 {
        let others = lines.iter().enumerate().filter(|(index, _)| Some(*index) != skip);
        others.map(|(_, line)| line.reading.confidence.get()).product()
    };
    let own = Alternative { text: text_of(lines), confidence: Confidence::clamped(confidence(None)) };
    let mut others = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let second = second_alternative(&line.reading);
        for other in line.reading.alternatives.iter().chain(&second) {
            let texts = lines
                .iter()
                .enumerate()
                .map(|(i, line)| if i == index { other.text.as_str() } else { line.reading.text.as_str() });
            let sure = Confidence::clamped(confidence(Some(index)) * other.confidence.get());
            others.push(Alternative { text: cleaning::joined(texts), confidence: sure });
        }
    }
    others.sort_by(|a, b| b.confidence.get().total_cmp(&a.confidence.get()));
    others.retain(|other| other.confidence.get() >= UNLIKELY && !other.text.is_empty());
    std::iter::once(own).chain(others).collect()
}

/// The ink of all lines.
fn ink(lines: &[LineReading]) -> Option<Rectangle> {
    lines.iter().map(|line| line.ink).reduce(|all, ink| all.union(&ink))
}

#[cfg(test)]
mod tests;
