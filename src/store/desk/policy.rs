//! What an office has set about verification.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::{DeskTransaction, queue};
use crate::domain::catalogue::is_critical;
use crate::domain::{FieldName, Kind};
use crate::store::{Store, StoreError, weighing};

/// The name of the setting.
const SETTING: &str = "verification";

/// How fields are verified in this office.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Whether fields that an extract is about need two people who key them without seeing what was read
    /// or what the other keyed, and a third where these differ.
    pub double_keying: bool,
    /// The share of accepted values that go to a person all the same, drawn by lot, 0..=1.
    pub audit_share: f64,
    /// The share of tasks whose answer is known already, to see how well people look, 0..=1.
    pub seed_share: f64,
}

impl Default for Policy {
    fn default() -> Self {
        Self { double_keying: false, audit_share: 0.02, seed_share: 0.0 }
    }
}

impl Policy {
    /// Whether two people must key `field`.
    #[must_use]
    pub fn needs_two(&self, kind: Kind, field: &FieldName) -> bool {
        self.double_keying && is_critical(kind, field)
    }

    /// What the office has set, or the usual.
    pub(super) fn load(connection: &Connection) -> Result<Self, StoreError> {
        Ok(weighing::setting(connection, SETTING)?.unwrap_or_default())
    }
}

impl Store {
    /// What the office has set about verification.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn policy(&self) -> Result<Policy, StoreError> {
        Policy::load(&self.connection)
    }
}

impl DeskTransaction<'_> {
    /// Sets how fields are verified, and lets the queue follow.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_policy(&self, policy: &Policy) -> Result<(), StoreError> {
        self.set(SETTING, policy)?;
        queue::refresh_all(self.connection())
    }
}
