//! Sessions and one-time links. The secrets are the browser's; the store keeps their hashes.

use std::time::Duration;

use rusqlite::params;

use super::DeskTransaction;
use crate::store::StoreError;

/// How long a session lasts: a working day.
pub const SESSION: Duration = Duration::from_secs(10 * 3600);
/// How long a one-time link may be used.
const INVITATION: Duration = Duration::from_secs(3 * 24 * 3600);

impl DeskTransaction<'_> {
    /// Begins a session of `account`; what has expired is swept away.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn begin_session(&self, account: i64, secret_hash: &[u8]) -> Result<(), StoreError> {
        let now = self.milliseconds();
        self.connection().execute("DELETE FROM sessions WHERE expires <= ?1", [now])?;
        let sql = "INSERT INTO sessions VALUES (?1, ?2, ?3, ?4)";
        let row = params![secret_hash, account, now, now + SESSION.as_millis() as i64];
        self.connection().execute(sql, row)?;
        Ok(())
    }

    /// Ends one session.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn end_session(&self, secret_hash: &[u8]) -> Result<(), StoreError> {
        self.connection().execute("DELETE FROM sessions WHERE secret_hash = ?1", [secret_hash])?;
        Ok(())
    }

    /// Ends all sessions of an account, and gives back what it holds.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn end_sessions(&self, account: i64) -> Result<(), StoreError> {
        self.connection().execute("DELETE FROM sessions WHERE account = ?1", [account])?;
        let sql = "UPDATE queue SET lease = NULL, holder = NULL, leased_until = 0 WHERE holder = ?1";
        self.connection().execute(sql, [account])?;
        Ok(())
    }

    /// Makes a one-time link by which `account` sets its password; earlier ones no longer hold.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn invite(&self, account: i64, secret_hash: &[u8]) -> Result<(), StoreError> {
        self.connection().execute("DELETE FROM invitations WHERE account = ?1", [account])?;
        let expires = self.milliseconds() + INVITATION.as_millis() as i64;
        let sql = "INSERT INTO invitations VALUES (?1, ?2, ?3)";
        self.connection().execute(sql, params![secret_hash, account, expires])?;
        Ok(())
    }
}
