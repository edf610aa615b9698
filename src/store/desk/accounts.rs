//! Accounts of people and what happened to them.

use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;

use super::DeskTransaction;
use crate::domain::Role;
use crate::store::fields::{from_json, json};
use crate::store::rows::rows;
use crate::store::{Store, StoreError};

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// The number of the account.
    pub id: i64,
    /// The name to sign in with.
    pub name: String,
    /// What the person is called.
    pub full_name: String,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// Whether the account may be used.
    pub active: bool,
    /// Whether a password has been set.
    pub has_password: bool,
}

impl Account {
    /// Whether the person has one of these roles.
    #[must_use]
    pub fn may(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.roles.contains(role))
    }
}

/// Something that happened to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountEvent {
    /// When, as written in the store.
    pub at: String,
    /// The account; none when a name was tried that nobody has.
    pub account: Option<String>,
    /// Who did it.
    pub who: String,
    /// What.
    pub what: String,
}

const COLUMNS: &str = "a.id, a.name, a.full_name, a.roles, a.active, a.password_hash IS NOT NULL";

fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: row.get(0)?,
        name: row.get(1)?,
        full_name: row.get(2)?,
        roles: from_json(row, 3)?,
        active: row.get(4)?,
        has_password: row.get(5)?,
    })
}

impl Store {
    /// Every account, by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM accounts AS a ORDER BY a.name");
        let mut query = self.connection.prepare_cached(&sql)?;
        Ok(query.query_map([], account)?.collect::<rusqlite::Result<_>>()?)
    }

    /// The account called `name`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM accounts AS a WHERE a.name = ?1");
        let mut query = self.connection.prepare_cached(&sql)?;
        Ok(query.query_row([name], account).optional()?)
    }

    /// The hash of the password of the account, when it may be used and has one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn password_hash(&self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT password_hash FROM accounts WHERE name = ?1 AND active = 1";
        let mut query = self.connection.prepare_cached(sql)?;
        Ok(query.query_row([name], |row| row.get(0)).optional()?.flatten())
    }

    /// The account of the session with this secret, while it lasts.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn session(&self, secret_hash: &[u8], now: i64) -> Result<Option<Account>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM sessions AS s JOIN accounts AS a ON a.id = s.account
            WHERE s.secret_hash = ?1 AND s.expires > ?2 AND a.active = 1"
        );
        let mut query = self.connection.prepare_cached(&sql)?;
        Ok(query.query_row(params![secret_hash, now], account).optional()?)
    }

    /// The account that the one-time link with this secret is for, while it lasts.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn invitation(&self, secret_hash: &[u8], now: i64) -> Result<Option<Account>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM invitations AS i JOIN accounts AS a ON a.id = i.account
            WHERE i.secret_hash = ?1 AND i.expires > ?2 AND a.active = 1"
        );
        let mut query = self.connection.prepare_cached(&sql)?;
        Ok(query.query_row(params![secret_hash, now], account).optional()?)
    }

    /// What happened to accounts, the latest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn account_events(&self, limit: usize) -> Result<Vec<AccountEvent>, StoreError> {
        let sql = "SELECT e.at, a.name, e.who, e.what FROM account_events AS e
            LEFT JOIN accounts AS a ON a.id = e.account ORDER BY e.id DESC LIMIT ?1";
        rows(&self.connection, sql, [limit as i64], |row| {
            Ok(AccountEvent { at: row.get(0)?, account: row.get(1)?, who: row.get(2)?, what: row.get(3)? })
        })
    }
}

impl DeskTransaction<'_> {
    /// Makes an account, without a password yet; its number.
    ///
    /// # Errors
    /// When there is one of that name ([`StoreError::Unstorable`]) or the store cannot be written.
    pub fn add_account(
        &self,
        name: &str,
        full_name: &str,
        roles: &[Role],
        who: &str,
    ) -> Result<i64, StoreError> {
        let sql = "INSERT INTO accounts (name, full_name, roles, created_at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT DO NOTHING";
        let row = params![name, full_name, json(&roles)?, self.at()];
        if self.connection().execute(sql, row)? == 0 {
            let subject = format!("the account {name}");
            return Err(StoreError::Unstorable { subject, reason: "there is one of that name" });
        }
        let id = self.connection().last_insert_rowid();
        let roles = roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
        self.note_account(Some(id), who, &format!("made: {roles}"))?;
        Ok(id)
    }

    /// Says what the person is called, what the person may do, and whether the account may be used;
    /// sessions end when it may not.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn change_account(&self, account: &Account, who: &str) -> Result<(), StoreError> {
        let sql = "UPDATE accounts SET full_name = ?2, roles = ?3, active = ?4 WHERE id = ?1";
        let row = params![account.id, account.full_name, json(&account.roles)?, account.active];
        self.connection().execute(sql, row)?;
        if !account.active {
            self.end_sessions(account.id)?;
        }
        let roles = account.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
        let active = if account.active { "" } else { ", closed" };
        self.note_account(Some(account.id), who, &format!("changed: {roles}{active}"))
    }

    /// Sets the password of an account; its other sessions and its one-time links end.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_password(&self, account: i64, hash: &str, who: &str) -> Result<(), StoreError> {
        let sql = "UPDATE accounts SET password_hash = ?2 WHERE id = ?1";
        self.connection().execute(sql, params![account, hash])?;
        self.end_sessions(account)?;
        self.connection().execute("DELETE FROM invitations WHERE account = ?1", [account])?;
        self.note_account(Some(account), who, "password set")
    }

    /// Notes something that happened to an account.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn note_account(&self, account: Option<i64>, who: &str, what: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO account_events (account, at, who, what) VALUES (?1, ?2, ?3, ?4)";
        self.connection().prepare_cached(sql)?.execute(params![account, self.at(), who, what])?;
        Ok(())
    }
}
