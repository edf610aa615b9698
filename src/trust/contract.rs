//! How many errors an office allows among the values that nobody looks at.

use serde::{Deserialize, Serialize};

/// The limits on errors, as shares of the values accepted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// For most fields.
    pub error_limit: f64,
    /// For fields that an extract is about (`critical` in `models/lists/record_fields.csv`).
    pub critical_error_limit: f64,
}

impl Default for Contract {
    fn default() -> Self {
        Self { error_limit: 0.005, critical_error_limit: 0.003 }
    }
}

impl Contract {
    /// The limit for a field.
    #[must_use]
    pub fn limit(&self, critical: bool) -> f64 {
        if critical { self.critical_error_limit } else { self.error_limit }
    }
}
