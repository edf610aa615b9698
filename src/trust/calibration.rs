//! From evidence to a probability: fitted on values whose truth is known, by type of field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bound::Stratum;
use super::features::{BLANK_NUMBERS, BlankFeatures, Features, NUMBERS};
use super::groups;
use super::logistic;
use crate::domain::FieldType;

/// The weights and the verified values by which confidence and acceptance are settled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// What it was made from, for people.
    pub made_from: String,
    /// The numbers of a value, in the order of its weights; a calibration by other numbers is refused.
    numbers: Vec<String>,
    #[serde(flatten)]
    weights: Weights,
    /// Verified values by stratum.
    pub strata: BTreeMap<String, Stratum>,
}

/// The weights of the numbers of a value and of a blank.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Weights {
    pub value: Vec<f64>,
    pub blank: Vec<f64>,
}

impl Weights {
    /// Weights that say nothing.
    pub(super) fn none() -> Self {
        Self { value: vec![0.0; value_size()], blank: vec![0.0; blank_size()] }
    }

    /// The same with four places behind the point.
    fn rounded(self) -> Self {
        let rounded =
            |weights: Vec<f64>| weights.into_iter().map(|weight| (weight * 1e4).round() / 1e4).collect();
        Self { value: rounded(self.value), blank: rounded(self.blank) }
    }
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
    #[error("there are {found} values to calibrate with, at least {least} are needed: verify more")]
    TooFew {
        /// How many there are.
        found: usize,
        /// How many are needed.
        least: usize,
    },
}

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
        if !known
            || calibration.weights.value.len() != value_size()
            || calibration.weights.blank.len() != blank_size()
        {
            return Err(CalibrationError::OtherVersion);
        }
        Ok(calibration)
    }

    /// A calibration by these weights and verified values.
    pub(super) fn new(made_from: String, weights: Weights, strata: BTreeMap<String, Stratum>) -> Self {
        let numbers = names().map(str::to_owned).collect();
        Self { made_from, numbers, weights: weights.rounded(), strata }
    }

    /// Its weights.
    pub(super) fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The calibration as text.
    ///
    /// # Errors
    /// Never in practice.
    pub fn to_json(&self) -> Result<String, CalibrationError> {
        Ok(serde_json::to_string(self)? + "\n")
    }

    /// How likely the value with these numbers is right; `kind` is its type and whether the writing is plain.
    pub(super) fn of_value(&self, kind: (FieldType, bool), numbers: &Features) -> f64 {
        logistic::likelihood(&spread(kind, numbers), &self.weights.value)
    }

    /// How likely nothing is written.
    pub(super) fn of_blank(&self, field_type: FieldType, numbers: &BlankFeatures) -> f64 {
        logistic::likelihood(&spread_blank(field_type, numbers), &self.weights.blank)
    }
}

/// The names of the numbers, of values and of blanks.
fn names() -> impl Iterator<Item = &'static str> {
    NUMBERS.into_iter().chain(BLANK_NUMBERS).map(|(name, _)| name)
}

fn value_size() -> usize {
    NUMBERS.len() * BLOCKS + FieldType::ALL.len()
}

fn blank_size() -> usize {
    BLANK_NUMBERS.len() + FieldType::ALL.len()
}

fn type_place(field_type: FieldType) -> usize {
    FieldType::ALL.iter().position(|known| *known == field_type).unwrap_or_default()
}

/// Each number has so many weights: one that all values share, the departures of its group, and the departures of
/// both in plain writing.
const BLOCKS: usize = 2 * (1 + groups::COUNT);

/// The numbers of a value as the weights see them: shared by all, by its group, by plain writing, and its type.
pub(super) fn spread((field_type, plain): (FieldType, bool), numbers: &Features) -> Vec<(usize, f64)> {
    let own = 1 + groups::place(field_type);
    let of_plain = 1 + groups::COUNT;
    let blocks = [0, own].into_iter().chain([of_plain, of_plain + own].into_iter().filter(|_| plain));
    let departures = blocks.flat_map(|block| {
        numbers.iter().enumerate().map(move |(place, number)| (place + block * NUMBERS.len(), *number))
    });
    let type_only = std::iter::once((NUMBERS.len() * BLOCKS + type_place(field_type), 1.0));
    departures.chain(type_only).filter(|(_, number)| *number != 0.0).collect()
}

pub(super) fn spread_blank(field_type: FieldType, numbers: &BlankFeatures) -> Vec<(usize, f64)> {
    let type_only = std::iter::once((BLANK_NUMBERS.len() + type_place(field_type), 1.0));
    numbers.iter().copied().enumerate().chain(type_only).filter(|(_, number)| *number != 0.0).collect()
}
