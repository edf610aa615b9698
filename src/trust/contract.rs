//! How many errors an office allows among the values that nobody looks at.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::domain::lists::rows;
use crate::domain::{FieldName, Kind};

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

#[derive(Deserialize)]
struct Listed {
    kind: Kind,
    field: String,
    critical: String,
}

static CRITICAL: LazyLock<BTreeSet<(Kind, String)>> = LazyLock::new(|| {
    let listed: Vec<Listed> = rows(include_str!("../../models/lists/record_fields.csv"));
    let critical = listed.into_iter().filter(|row| row.critical == "critical");
    critical.map(|row| (row.kind, row.field)).collect()
});

/// Whether an extract is about this field.
#[must_use]
pub fn is_critical(kind: Kind, name: &FieldName) -> bool {
    CRITICAL.contains(&(kind, name.as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::is_critical;
    use crate::domain::Kind;

    #[test]
    fn what_an_extract_is_about_is_critical() {
        assert!(is_critical(Kind::Birth, &"child.name".into()));
        assert!(!is_critical(Kind::Birth, &"registration.page".into()));
    }
}
