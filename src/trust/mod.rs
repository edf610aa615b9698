//! A book of draft records to records that may be relied on: evidence from the entry and from the book
//! chooses among what was read, a calibration says how likely each value is right, and a bound on the
//! errors says which may go to nobody; of every other it is said why a person must look.

mod belief;
pub mod bound;
pub mod calibration;
mod contract;
pub mod curve;
mod evidence;
mod features;
mod fitting;
mod groups;
mod logistic;
mod weigh;

use std::collections::BTreeMap;

use crate::domain::{
    BookCover, Confidence, DraftField, DraftRecord, FieldStatus, FieldType, FiredRule, LinkedValues, Reason,
    Seconded, Severity, catalogue, text,
};

use bound::{Audits, Line};
use features::Surroundings;
use fitting::Example;
use groups::STRATA;
use weigh::Weighed;

pub use calibration::{Calibration, CalibrationError};
pub use contract::Contract;
pub use evidence::Evidence;
pub use fitting::{Fitted, Judged, Pooled, surprise};
pub use groups::ValueKind;

/// A value is not carried by the others of its stratum when it alone is more likely wrong than so many
/// times the limit.
const CARRIED: f64 = 20.0;

/// How sure the column of numbers must be to propose one that was not read: as sure as one neighbour makes it,
/// at the ends of a book, where a person looks anyway.
const PROPOSED: f64 = 0.95;
/// The same of the column of registration dates, of which several may fit between two others.
const PROPOSED_DATE: f64 = 0.3;

/// A field that stands further than this from where it stands in the other entries (in widths and heights
/// of the entry) is another one, or was cut wrongly.
const ASTRAY: f64 = 0.3;

/// A book whose evidence has been weighed.
#[derive(Debug)]
pub struct Weighing {
    book: Vec<Vec<Weighed>>,
    without: Option<Evidence>,
}

/// Weighs the evidence of a whole book and gives every field that no person has settled the likeliest of
/// its candidates; a number or date that was not read is proposed where the column asks for it. `records`
/// stand in the order of the book. The rules are to be checked again before [`settle`]. One kind of evidence
/// may be left out, to measure what it is worth.
pub fn decide(
    records: &mut [DraftRecord],
    cover: &BookCover,
    linked: &LinkedValues,
    without: Option<Evidence>,
) -> Weighing {
    let book = weigh::weigh(records, (cover, linked), without);
    for (record, weighed) in records.iter_mut().zip(&book) {
        for (field, weighed) in record.fields.iter_mut().zip(weighed) {
            if field.settled {
                continue;
            }
            field.value = match (proposed(field, weighed), weighed.belief.best()) {
                (Some(expected), _) => expected,
                (None, Some(best)) => best.value.clone(),
                (None, None) => String::new(),
            };
        }
    }
    Weighing { book, without }
}

/// The number or date that the column asks for, when what was read is nothing beside it.
fn proposed(field: &DraftField, weighed: &Weighed) -> Option<String> {
    let least = if field.field_type == FieldType::Date { PROPOSED_DATE } else { PROPOSED };
    let certain = weighed.column.is_some_and(|odds| -odds >= weigh::log_odds(least));
    weighed.expected.clone().filter(|expected| certain && !expected.starts_with(['0', '-']))
}

/// Settles confidence, status and reasons of every field that no person has settled.
pub fn settle(records: &mut [DraftRecord], weighing: &Weighing, calibration: &Calibration, lines: &Lines) {
    let around = features::surroundings(records, &weighing.book);
    let blanks = usually_blank(records, &weighing.book);
    let unsound = unsound(records);
    for (((record, weighed), around), unsound) in
        records.iter_mut().zip(&weighing.book).zip(&around).zip(unsound)
    {
        let judged: Vec<Judgement> = record
            .fields
            .iter()
            .zip(weighed)
            .zip(around)
            .map(|((field, weighed), around)| {
                judge(record, field, weighed, (*around, share(&blanks, record, field)), calibration, lines)
            })
            .collect();
        for (field, judgement) in record.fields.iter_mut().zip(judged) {
            if !field.settled {
                (field.confidence, field.status, field.reasons) =
                    (judgement.confidence, judgement.status, judgement.reasons);
            }
        }
        let is_blank = |name: &str| record.field(name).is_some_and(|field| field.value.is_empty());
        // The entry was understood wrongly or is none.
        if catalogue::REGISTERED.iter().any(|name| is_blank(name)) {
            send_to_a_person(record, &Reason::NobodyRegistered);
        }
        if unsound {
            send_to_a_person(record, &Reason::PageUnsound);
        }
    }
}

/// What became of one field.
struct Judgement {
    confidence: Confidence,
    status: FieldStatus,
    reasons: Vec<Reason>,
}

/// What audits have found, by stratum.
pub type AuditsByStratum = BTreeMap<&'static str, Audits>;

/// Adds one look at an accepted value, or at what was accepted as blank.
pub fn add_audit(audits: &mut AuditsByStratum, kind: ValueKind, right: bool) {
    let found = audits.entry(kind.stratum()).or_default();
    found.verified += 1;
    found.wrong += u64::from(!right);
}

/// Where the line runs for each stratum, for usual and for critical fields.
#[derive(Debug)]
pub struct Lines(BTreeMap<(&'static str, bool), Line>);

impl Lines {
    /// Draws the lines by what was verified beforehand, the limits of the office, and its audits.
    #[must_use]
    pub fn draw(calibration: &Calibration, contract: &Contract, audits: &AuditsByStratum) -> Self {
        let both = STRATA.into_iter().flat_map(|name| [(name, false), (name, true)]);
        Self(
            both.map(|(name, critical)| {
                let known = calibration.strata.get(name).cloned().unwrap_or_default();
                let audits = audits.get(name).copied().unwrap_or_default();
                let limit = contract.limit(critical);
                let line = match known.audited_line(limit, audits) {
                    Line::At { confidence, bound } => {
                        Line::At { confidence: confidence.max(1.0 - CARRIED * limit), bound }
                    }
                    line => line,
                };
                ((name, critical), line)
            })
            .collect(),
        )
    }

    /// Whether a value this likely right may go to nobody, and why not.
    fn allow(&self, stratum: &'static str, critical: bool, likelihood: f64) -> Result<(), Reason> {
        match self.0.get(&(stratum, critical)) {
            Some(Line::At { confidence, .. }) if likelihood >= *confidence => Ok(()),
            Some(Line::At { .. }) => Err(Reason::NotSure),
            Some(Line::Broken { .. }) => Err(Reason::BoundBroken),
            Some(Line::Nowhere { .. }) | None => Err(Reason::TooFewVerified),
        }
    }

    /// The strata whose bound audits have broken.
    #[must_use]
    pub fn broken(&self) -> Vec<String> {
        let broken = self.0.iter().filter(|(_, line)| matches!(line, Line::Broken { .. }));
        let mut names: Vec<String> = broken.map(|((name, _), _)| (*name).to_owned()).collect();
        names.dedup();
        names
    }
}

fn judge(
    record: &DraftRecord,
    field: &DraftField,
    weighed: &Weighed,
    (around, usually): (Surroundings, f64),
    calibration: &Calibration,
    lines: &Lines,
) -> Judgement {
    let critical = crate::domain::catalogue::is_critical(record.kind, &field.name);
    let kind = ValueKind { field_type: field.field_type, plain: weighed.plain, critical };
    if let (Some(odds), Some(_)) = (weighed.column, proposed(field, weighed)) {
        let likelihood = PROPOSED / (1.0 + odds.exp());
        return review(likelihood, vec![Reason::OutOfSequence]);
    }
    let Some(numbers) = features::of_value(record, field, weighed, around) else {
        let numbers = features::of_blank(record, field, weighed, (around, usually));
        let likelihood = calibration.of_blank(field.field_type, &numbers);
        return match lines.allow(kind.stratum(), critical, likelihood) {
            Ok(()) if weighed.astray > ASTRAY => review(likelihood, vec![Reason::Astray]),
            Ok(()) if catalogue::is_in_every_entry(&field.name) || field.blank.get() < SURELY_BLANK => {
                review(likelihood, vec![Reason::BlankNotSure])
            }
            Ok(()) => Judgement {
                confidence: Confidence::clamped(likelihood),
                status: FieldStatus::Blank,
                reasons: Vec::new(),
            },
            Err(_) => review(likelihood, vec![Reason::BlankNotSure]),
        };
    };
    let likelihood = calibration.of_value((kind.field_type, kind.plain), &numbers);
    let mut reasons: Vec<Reason> = asking(record, field, weighed).map(Reason::Rule).collect();
    if text::has_struck(&field.raw) {
        reasons.push(Reason::Struck);
    }
    if weighed.astray > ASTRAY {
        reasons.push(Reason::Astray);
    }
    if weighed.unlike_linked {
        reasons.push(Reason::UnlikeLinked);
    }
    if weighed.unlike_keyed {
        reasons.push(Reason::UnlikeKeyed);
    }
    if weighed.expected.is_some() {
        reasons.push(Reason::OutOfSequence);
    }
    if let Err(reason) = lines.allow(kind.stratum(), critical, likelihood) {
        let slip = reason == Reason::NotSure && weighed.near > 0.0;
        reasons.push(if slip { Reason::UnlikeTheBook } else { reason });
    }
    if reasons.is_empty() {
        let confidence = Confidence::clamped(likelihood);
        return Judgement { confidence, status: FieldStatus::Accepted, reasons };
    }
    review(likelihood, reasons)
}

fn review(likelihood: f64, reasons: Vec<Reason>) -> Judgement {
    Judgement { confidence: Confidence::clamped(likelihood), status: FieldStatus::Review, reasons }
}

/// The rules that a person must answer before the field is relied on. What a rule asks of one number alone, whether
/// its figures were read right, a second engine that reads the same figures has answered.
fn asking(record: &DraftRecord, field: &DraftField, weighed: &Weighed) -> impl Iterator<Item = String> {
    let seconded = weighed.belief.best().is_some_and(|best| best.seconded == Seconded::Agrees);
    let is_number = matches!(field.field_type, FieldType::IdNumber | FieldType::Document);
    let answered = move |rule: &&FiredRule| {
        seconded && is_number && rule.severity == Severity::Query && rule.fields.len() == 1
    };
    let rules = record.rules.iter().filter(|rule| rule.fields.contains(&field.name));
    let asking = rules.filter(|rule| rule.severity >= Severity::Query).filter(move |rule| !answered(rule));
    asking.map(|rule| rule.rule.clone())
}

/// Where the read stage is less sure than this that nothing is written, a person looks: it saw ink, or another label
/// than the form prints there, behind which the value may stand.
const SURELY_BLANK: f64 = 0.8;

/// A page of at least so many entries is a table, or has its entries below each other alike.
const ENTRIES_ALIKE: usize = 3;

/// For each record whether nothing was read for the number of an entry of its page, one of several: rows that are
/// cut wrongly lose the numbers first. (Made books: 21 of 273 values accepted on such pages were wrong, of all
/// others one in a thousand.)
fn unsound(records: &[DraftRecord]) -> Vec<bool> {
    let is_unread = |record: &DraftRecord| {
        let number = record.field("entry.number");
        number.is_some_and(|number| number.candidates.is_empty() && !number.settled)
    };
    let pages = records.chunk_by(|a, b| a.scan == b.scan);
    let each = pages.map(|page| (page.len(), page.len() >= ENTRIES_ALIKE && page.iter().any(is_unread)));
    each.flat_map(|(entries, unsound)| std::iter::repeat_n(unsound, entries)).collect()
}

/// Nothing of the entry goes to nobody.
fn send_to_a_person(record: &mut DraftRecord, reason: &Reason) {
    for field in record.fields.iter_mut().filter(|field| !field.settled) {
        field.status = FieldStatus::Review;
        field.reasons.push(reason.clone());
    }
}

/// How often each field of each form is blank in the book: blank ones, all.
type BlankCounts<'r> = BTreeMap<(&'r str, &'r str), (f64, f64)>;

fn usually_blank(records: &[DraftRecord], book: &[Vec<Weighed>]) -> BTreeMap<(String, String), (f64, f64)> {
    let mut counts = BlankCounts::new();
    for (record, fields) in records.iter().zip(book) {
        for (field, weighed) in record.fields.iter().zip(fields) {
            let count = counts.entry((record.form.as_str(), field.name.as_str())).or_default();
            count.0 += f64::from(u8::from(weighed.belief.choices.is_empty()));
            count.1 += 1.0;
        }
    }
    let owned =
        |((form, name), count): ((&str, &str), (f64, f64))| ((form.to_owned(), name.to_owned()), count);
    counts.into_iter().map(owned).collect()
}

/// The share of the column of `field` that is blank, drawn to a quarter where there is little.
fn share(counts: &BTreeMap<(String, String), (f64, f64)>, record: &DraftRecord, field: &DraftField) -> f64 {
    let key = (record.form.as_str().to_owned(), field.name.as_str().to_owned());
    let (blank, all) = counts.get(&key).copied().unwrap_or_default();
    (blank + 0.5) / (all + 2.0)
}

/// A field whose true value is known: the record of its book, the field, the truth (empty when blank).
pub type Truth<'t> = &'t dyn Fn(&DraftRecord, &DraftField) -> Option<String>;

/// What a calibration is fitted to, gathered book by book.
#[derive(Debug, Default)]
pub struct Examples {
    examples: Vec<Example>,
    books: usize,
}

impl Examples {
    /// Adds the fields of a weighed book whose truth is known.
    pub fn add(&mut self, records: &[DraftRecord], weighing: &Weighing, truth: Truth<'_>) {
        let around = features::surroundings(records, &weighing.book);
        let blanks = usually_blank(records, &weighing.book);
        let unsound = unsound(records);
        for (((record, weighed), around), unsound) in
            records.iter().zip(&weighing.book).zip(&around).zip(unsound)
        {
            for ((field, weighed), around) in record.fields.iter().zip(weighed).zip(around) {
                // What always goes to a person says nothing of what may go to nobody.
                let blank = weighed.belief.choices.is_empty() && catalogue::is_in_every_entry(&field.name);
                let struck = text::has_struck(&field.raw);
                if unsound || weighed.expected.is_some() || weighed.astray > ASTRAY || blank || struck {
                    continue;
                }
                let Some(truth) = truth(record, field) else { continue };
                let usually = share(&blanks, record, field);
                let known = (truth.as_str(), self.books, weighing.without);
                self.examples.push(fitting::example(record, field, weighed, (*around, usually), known));
            }
        }
        self.books += 1;
    }

    /// Fits a calibration to everything added.
    ///
    /// # Errors
    /// When there are too few.
    pub fn fit(&self, made_from: String) -> Result<Fitted, CalibrationError> {
        fitting::fit(&self.examples, made_from)
    }

    /// Pools everything added with a calibration that is known.
    ///
    /// # Errors
    /// When there are too few.
    pub fn pool(&self, known: &Calibration, made_from: String) -> Result<Pooled, CalibrationError> {
        fitting::pool(&self.examples, known, made_from)
    }
}

#[cfg(test)]
mod tests;
