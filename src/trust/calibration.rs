//! From evidence to a probability: fitted on values whose truth is known, by type of field.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use crate::domain::{DraftField, DraftRecord, FieldName, FieldType, ScanName, text::comparable};

use super::bound::Stratum;
use super::evidence::Evidence;
use super::features::{self, BLANK_NUMBERS, BlankFeatures, Features, NUMBERS, Surroundings};
use super::groups::{self, BLANKS, stratum};
use super::logistic::{self, Observation};
use super::weigh::Weighed;

/// How strongly weights are drawn to 0: those that all types share, and those by which a group or a type
/// departs from them.
const SHARED: f64 = 0.5;
const OWN: f64 = 4.0;

/// The weights and the verified values by which confidence and acceptance are settled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// What it was made from, for people.
    pub made_from: String,
    /// The numbers of a value, in the order of its weights; a calibration by other numbers is refused.
    numbers: Vec<String>,
    value: Vec<f64>,
    blank: Vec<f64>,
    /// Verified values by stratum.
    pub strata: BTreeMap<String, Stratum>,
}

/// Why a calibration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CalibrationError {
    /// It is no calibration.
    #[error("the calibration cannot be understood: {0}; make it anew with \"hotich calibrate\"")]
    Unreadable(#[from] serde_json::Error),
    /// It was made by a version that weighs evidence otherwise.
    #[error(
        "the calibration was made by another version of the program; make it anew with \"hotich calibrate\""
    )]
    OtherVersion,
    /// There is nothing to fit it to.
    #[error("there are {found} values to calibrate with, at least {LEAST} are needed: verify more")]
    TooFew {
        /// How many there are.
        found: usize,
    },
}

/// Fewer values than this are not calibrated with.
pub const LEAST: usize = 500;

impl Calibration {
    /// The calibration that comes with the program.
    ///
    /// # Errors
    /// Never, unless the program was built with a broken one.
    pub fn shipped() -> Result<Self, CalibrationError> {
        Self::parse(include_str!("../../models/trust/calibration.json"))
    }

    /// A calibration written by [`Calibration::to_json`].
    ///
    /// # Errors
    /// When it is none, or one by other evidence.
    pub fn parse(text: &str) -> Result<Self, CalibrationError> {
        let calibration: Self = serde_json::from_str(text)?;
        let known = calibration.numbers.iter().map(String::as_str).eq(names());
        if !known || calibration.value.len() != value_size() || calibration.blank.len() != blank_size() {
            return Err(CalibrationError::OtherVersion);
        }
        Ok(calibration)
    }

    /// The calibration as text.
    ///
    /// # Errors
    /// Never in practice.
    pub fn to_json(&self) -> Result<String, CalibrationError> {
        Ok(serde_json::to_string(self)? + "\n")
    }

    /// How likely the value with these numbers is right.
    pub(super) fn of_value(&self, field_type: FieldType, numbers: &Features) -> f64 {
        logistic::likelihood(&spread(field_type, numbers), &self.value)
    }

    /// How likely nothing is written.
    pub(super) fn of_blank(&self, field_type: FieldType, numbers: &BlankFeatures) -> f64 {
        logistic::likelihood(&spread_blank(field_type, numbers), &self.blank)
    }
}

/// The names of the numbers, of values and of blanks.
fn names() -> impl Iterator<Item = &'static str> {
    NUMBERS.into_iter().chain(BLANK_NUMBERS).map(|(name, _)| name)
}

fn value_size() -> usize {
    NUMBERS.len() * (1 + groups::COUNT) + FieldType::ALL.len()
}

fn blank_size() -> usize {
    BLANK_NUMBERS.len() + FieldType::ALL.len()
}

fn type_place(field_type: FieldType) -> usize {
    FieldType::ALL.iter().position(|known| *known == field_type).unwrap_or_default()
}

/// The numbers of a value as the weights see them: shared by all types, by its group, and its type.
fn spread(field_type: FieldType, numbers: &Features) -> Vec<(usize, f64)> {
    let group = 1 + groups::place(field_type);
    let shared = numbers.iter().copied().enumerate();
    let own = shared.clone().map(|(place, number)| (place + group * NUMBERS.len(), number));
    let type_only = std::iter::once((NUMBERS.len() * (1 + groups::COUNT) + type_place(field_type), 1.0));
    shared.chain(own).chain(type_only).filter(|(_, number)| *number != 0.0).collect()
}

fn spread_blank(field_type: FieldType, numbers: &BlankFeatures) -> Vec<(usize, f64)> {
    let type_only = std::iter::once((BLANK_NUMBERS.len() + type_place(field_type), 1.0));
    numbers.iter().copied().enumerate().chain(type_only).filter(|(_, number)| *number != 0.0).collect()
}

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
    pub field_type: FieldType,
    pub numbers: Numbers,
    pub right: bool,
    /// Where it stands.
    pub place: Place,
    /// The book it is from: books are held out whole.
    pub book: usize,
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
    let field_type = field.field_type;
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
    Example { field_type, numbers, right, place, book }
}

/// Parts of the books, each held out once.
const PARTS: usize = 5;

/// Fits a calibration. Lines are drawn by confidences of values that the weights had not seen: books are
/// held out in turn.
///
/// # Errors
/// When there are too few examples.
pub(super) fn fit(
    examples: &[Example],
    made_from: String,
) -> Result<(Calibration, Vec<Judged>), CalibrationError> {
    if examples.len() < LEAST {
        return Err(CalibrationError::TooFew { found: examples.len() });
    }
    let parts: Vec<Vec<Judged>> = (0..PARTS)
        .into_par_iter()
        .map(|part| {
            let (held, seen): (Vec<&Example>, Vec<&Example>) =
                examples.iter().partition(|example| example.book % PARTS == part);
            let weights = weights(&seen);
            held.iter().map(|example| judge(example, &weights)).collect()
        })
        .collect();
    let judged: Vec<Judged> = parts.into_iter().flatten().collect();
    let all: Vec<&Example> = examples.iter().collect();
    let (value, blank) = weights(&all);
    let rounded =
        |weights: Vec<f64>| weights.into_iter().map(|weight| (weight * 1e4).round() / 1e4).collect();
    let mut by_stratum: BTreeMap<&str, Vec<(f64, bool)>> = BTreeMap::new();
    for judged in &judged {
        by_stratum.entry(judged.stratum).or_default().push((judged.confidence, judged.right));
    }
    let strata =
        by_stratum.into_iter().map(|(name, values)| (name.to_owned(), Stratum::of(values))).collect();
    let numbers = names().map(str::to_owned).collect();
    Ok((Calibration { made_from, numbers, value: rounded(value), blank: rounded(blank), strata }, judged))
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

type Weights = (Vec<f64>, Vec<f64>);

fn weights(examples: &[&Example]) -> Weights {
    let (mut values, mut blanks) = (Vec::new(), Vec::new());
    for example in examples {
        match &example.numbers {
            Numbers::Value(numbers) => values
                .push(Observation { numbers: spread(example.field_type, numbers), right: example.right }),
            Numbers::Blank(numbers) => blanks.push(Observation {
                numbers: spread_blank(example.field_type, numbers),
                right: example.right,
            }),
        }
    }
    let penalties = |shared: usize, size: usize| -> Vec<f64> {
        (0..size).map(|place| if place < shared { SHARED } else { OWN }).collect()
    };
    (
        logistic::fit(&values, &penalties(NUMBERS.len(), value_size())),
        logistic::fit(&blanks, &penalties(BLANK_NUMBERS.len(), blank_size())),
    )
}

fn judge(example: &Example, (value, blank): &Weights) -> Judged {
    let (stratum, confidence) = match &example.numbers {
        Numbers::Value(numbers) => {
            (stratum(example.field_type), logistic::likelihood(&spread(example.field_type, numbers), value))
        }
        Numbers::Blank(numbers) => {
            (BLANKS, logistic::likelihood(&spread_blank(example.field_type, numbers), blank))
        }
    };
    let (field_type, right, book) = (example.field_type, example.right, example.book);
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
