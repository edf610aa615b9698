//! A calibration fitted to values whose truth is known: alone, or pooled with what is known already.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::Serialize;

use super::bound::Stratum;
use super::calibration::{Calibration, CalibrationError, Weights, spread, spread_blank};
use super::evidence::Evidence;
use super::features::{self, BLANK_NUMBERS, BlankFeatures, Features, NUMBERS, Surroundings};
use super::groups::ValueKind;
use super::logistic::{self, Observation};
use super::weigh::Weighed;
use crate::domain::catalogue::is_critical;
use crate::domain::{DraftField, DraftRecord, FieldName, FieldType, ScanName, text::comparable};

/// How strongly weights are drawn to 0: those that all types share, and those by which a group or a type
/// departs from them.
const SHARED: f64 = 0.5;
const OWN: f64 = 4.0;

/// How strongly weights are drawn to what is known already: an office's first thousand values hardly move
/// them.
const KNOWN: f64 = 20.0;

/// Fewer values than this are not calibrated with: alone, and pooled with what is known.
pub const LEAST: usize = 500;
const LEAST_POOLED: usize = 100;

/// Where a value stands, what it was taken for and what it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Place {
    /// The scan.
    pub scan: ScanName,
    /// The entry on it, from 1.
    pub entry: u32,
    /// The field.
    pub field: FieldName,
    /// What it was taken for.
    pub value: String,
    /// What it says.
    pub truth: String,
}

/// What was weighed of one field, and what is true.
#[derive(Debug, Clone)]
pub(super) struct Example {
    pub kind: ValueKind,
    pub numbers: Numbers,
    pub right: bool,
    /// Where it stands.
    pub place: Place,
    /// The book it is from: books are held out whole.
    pub book: usize,
}

impl Example {
    /// The type of its field, and whether the writing is plain.
    fn spread_by(&self) -> (FieldType, bool) {
        (self.kind.field_type, self.kind.plain)
    }
}

/// The numbers of a value or of a blank.
#[derive(Debug, Clone)]
pub(super) enum Numbers {
    Value(Box<Features>),
    Blank(BlankFeatures),
}

/// The examples of a field whose true value is known.
pub(super) fn example(
    record: &DraftRecord,
    field: &DraftField,
    weighed: &Weighed,
    (around, usually): (Surroundings, f64),
    (truth, book, without): (&str, usize, Option<Evidence>),
) -> Example {
    let critical = is_critical(record.kind, &field.name);
    let kind = ValueKind { field_type: field.field_type, plain: weighed.plain, critical };
    let best = weighed.belief.best();
    let place = Place {
        scan: record.scan.clone(),
        entry: record.entry,
        field: field.name.clone(),
        value: best.map(|best| best.value.clone()).unwrap_or_default(),
        truth: truth.to_owned(),
    };
    let (numbers, right) = match (features::of_value(record, field, weighed, around), best) {
        (Some(mut numbers), Some(best)) => {
            features::leave_out(&mut numbers, &NUMBERS, without);
            (Numbers::Value(Box::new(numbers)), best.comparable == comparable(truth))
        }
        _ => {
            let mut numbers = features::of_blank(record, field, weighed, (around, usually));
            features::leave_out(&mut numbers, &BLANK_NUMBERS, without);
            (Numbers::Blank(numbers), truth.is_empty())
        }
    };
    Example { kind, numbers, right, place, book }
}

/// A calibration, and what was said of each value by weights that had not seen its book.
#[derive(Debug)]
pub struct Fitted {
    /// The calibration.
    pub calibration: Calibration,
    /// The values, each judged by weights that had not seen its book.
    pub judged: Vec<Judged>,
}

/// Fits a calibration. Lines are drawn by confidences of values that the weights had not seen: books are
/// held out in turn.
///
/// # Errors
/// When there are too few examples.
pub(super) fn fit(examples: &[Example], made_from: String) -> Result<Fitted, CalibrationError> {
    if examples.len() < LEAST {
        return Err(CalibrationError::TooFew { found: examples.len(), least: LEAST });
    }
    let judged = judge_unseen(examples, None);
    let all: Vec<&Example> = examples.iter().collect();
    let calibration = Calibration::new(made_from, weights(&all, None), strata(&judged));
    Ok(Fitted { calibration, judged })
}

/// What a few values of an office add to what is known.
#[derive(Debug)]
pub struct Pooled {
    /// The calibration made of both, and its judgements of the office's values.
    pub fitted: Fitted,
    /// What the known calibration says of the same values.
    pub as_known: Vec<Judged>,
    /// Whether the weights were moved; they stay where that makes the held-out values no likelier.
    pub moved: bool,
}

/// Pools examples with a calibration that is known: its weights are moved by them, and only when that
/// makes values of books held out likelier; its verified values count along, the less the more examples
/// there are, and not at all where the examples contradict them.
///
/// # Errors
/// When there are too few examples.
pub(super) fn pool(
    examples: &[Example],
    known: &Calibration,
    made_from: String,
) -> Result<Pooled, CalibrationError> {
    if examples.len() < LEAST_POOLED {
        return Err(CalibrationError::TooFew { found: examples.len(), least: LEAST_POOLED });
    }
    let as_known: Vec<Judged> = examples.iter().map(|example| judge(example, known.weights())).collect();
    let judged = judge_unseen(examples, Some(known.weights()));
    let moved = surprise(&judged) < surprise(&as_known);
    let all: Vec<&Example> = examples.iter().collect();
    let (weights, judged) = if moved {
        (weights(&all, Some(known.weights())), judged)
    } else {
        (known.weights().clone(), as_known.clone())
    };
    let mut pooled = strata(&judged);
    for (name, known) in &known.strata {
        let own = pooled.remove(name).unwrap_or_default();
        pooled.insert(name.clone(), known.pooled(own));
    }
    let calibration = Calibration::new(made_from, weights, pooled);
    Ok(Pooled { fitted: Fitted { calibration, judged }, as_known, moved })
}

/// How little likely the truth is by the confidences given: the mean of the negative logarithm.
#[must_use]
pub fn surprise(judged: &[Judged]) -> f64 {
    let said = |one: &Judged| if one.right { one.confidence } else { 1.0 - one.confidence };
    judged.iter().map(|one| -said(one).max(1e-6).ln()).sum::<f64>() / judged.len().max(1) as f64
}

/// Parts of the books, each held out once.
const PARTS: usize = 5;

/// Every example judged by weights that had not seen its book.
fn judge_unseen(examples: &[Example], known: Option<&Weights>) -> Vec<Judged> {
    let parts: Vec<Vec<Judged>> = (0..PARTS)
        .into_par_iter()
        .map(|part| {
            let (held, seen): (Vec<&Example>, Vec<&Example>) =
                examples.iter().partition(|example| example.book % PARTS == part);
            let weights = weights(&seen, known);
            held.iter().map(|example| judge(example, &weights)).collect()
        })
        .collect();
    parts.into_iter().flatten().collect()
}

fn strata(judged: &[Judged]) -> BTreeMap<String, Stratum> {
    let mut by_stratum: BTreeMap<&str, Vec<(f64, bool, usize)>> = BTreeMap::new();
    for judged in judged {
        by_stratum.entry(judged.stratum).or_default().push((judged.confidence, judged.right, judged.book));
    }
    by_stratum.into_iter().map(|(name, values)| (name.to_owned(), Stratum::of_books(&values))).collect()
}

/// A value as a calibration judged it that had not seen its book.
#[derive(Debug, Clone, Serialize)]
pub struct Judged {
    /// The type of its field.
    pub field_type: FieldType,
    /// Its stratum.
    pub stratum: &'static str,
    /// How likely it was held right.
    pub confidence: f64,
    /// Whether it was.
    pub right: bool,
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// Its book.
    pub book: usize,
    /// What speaks for and against it.
    pub numbers: BTreeMap<&'static str, f64>,
}

/// The weights that make the examples likeliest, drawn to 0 or to what is known.
fn weights(examples: &[&Example], known: Option<&Weights>) -> Weights {
    let (mut values, mut blanks) = (Vec::new(), Vec::new());
    for example in examples {
        match &example.numbers {
            Numbers::Value(numbers) => values
                .push(Observation { numbers: spread(example.spread_by(), numbers), right: example.right }),
            Numbers::Blank(numbers) => blanks.push(Observation {
                numbers: spread_blank(example.kind.field_type, numbers),
                right: example.right,
            }),
        }
    }
    let penalties = |shared: usize, size: usize| -> Vec<f64> {
        let alone = (0..size).map(|place| if place < shared { SHARED } else { OWN });
        alone.map(|penalty| if known.is_some() { KNOWN } else { penalty }).collect()
    };
    let start = known.cloned().unwrap_or_else(Weights::none);
    Weights {
        value: logistic::fit(&values, &penalties(NUMBERS.len(), start.value.len()), &start.value),
        blank: logistic::fit(&blanks, &penalties(BLANK_NUMBERS.len(), start.blank.len()), &start.blank),
    }
}

fn judge(example: &Example, Weights { value, blank }: &Weights) -> Judged {
    let confidence = match &example.numbers {
        Numbers::Value(numbers) => logistic::likelihood(&spread(example.spread_by(), numbers), value),
        Numbers::Blank(numbers) => {
            logistic::likelihood(&spread_blank(example.kind.field_type, numbers), blank)
        }
    };
    let stratum = example.kind.stratum();
    let (field_type, right, book) = (example.kind.field_type, example.right, example.book);
    let numbers = match &example.numbers {
        Numbers::Value(numbers) => named(numbers, &NUMBERS),
        Numbers::Blank(numbers) => named(numbers, &BLANK_NUMBERS),
    };
    Judged { field_type, stratum, confidence, right, place: example.place.clone(), book, numbers }
}

/// The numbers that are not zero, by their names.
fn named<const N: usize>(
    numbers: &[f64; N],
    names: &[(&'static str, Option<Evidence>); N],
) -> BTreeMap<&'static str, f64> {
    let each = names.iter().zip(numbers).filter(|(_, number)| **number != 0.0);
    each.map(|((name, _), number)| (*name, *number)).collect()
}
