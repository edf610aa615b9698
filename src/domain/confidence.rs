//! A probability that something is right; nothing outside 0..=1 can be built.

use serde::{Deserialize, Serialize};

/// How likely a value is right, from 0 (surely wrong) to 1 (surely right).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Confidence(f64);

/// A number outside 0..=1 (or not a number) was offered as a confidence.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("a confidence lies between 0 and 1, not at {0}")]
pub struct NotAConfidence(pub f64);

impl Confidence {
    /// Nothing speaks for the value.
    pub const NONE: Self = Self(0.0);
    /// Nothing speaks against the value.
    pub const FULL: Self = Self(1.0);

    /// The confidence `value`.
    ///
    /// # Errors
    /// When `value` is not within 0..=1.
    pub fn new(value: f64) -> Result<Self, NotAConfidence> {
        if (0.0..=1.0).contains(&value) { Ok(Self(value)) } else { Err(NotAConfidence(value)) }
    }

    /// The confidence nearest to `value`; what is not a number counts as 0.
    #[must_use]
    pub fn clamped(value: f64) -> Self {
        if value.is_nan() { Self::NONE } else { Self(value.clamp(0.0, 1.0)) }
    }

    /// The confidence as a plain number, 0..=1.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }

    /// The lower of the two.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        if other.0 < self.0 { other } else { self }
    }
}

impl TryFrom<f64> for Confidence {
    type Error = NotAConfidence;
    fn try_from(value: f64) -> Result<Self, NotAConfidence> {
        Self::new(value)
    }
}

impl From<Confidence> for f64 {
    fn from(confidence: Confidence) -> Self {
        confidence.0
    }
}

#[cfg(test)]
mod tests {
    use super::Confidence;

    #[test]
    fn refuses_what_is_no_probability() {
        for wrong in [-0.01, 1.01, f64::NAN, f64::INFINITY] {
            assert!(Confidence::new(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Confidence::clamped(f64::NAN), Confidence::NONE);
        assert_eq!(Confidence::clamped(7.0), Confidence::FULL);
    }
}
