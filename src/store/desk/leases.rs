//! Handing out tasks: a task is held by one window of one person at a time, for a while.

use std::time::Duration;

use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use super::queue::Purpose;
use super::view::QueueFilter;
use super::{DeskTransaction, Policy};
use crate::domain::FieldName;
use crate::store::StoreError;
use crate::store::fields::from_word;

/// How long a task is held without a sign of life.
pub const LEASE: Duration = Duration::from_secs(180);

/// What a window asks for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Who asks.
    pub account: i64,
    /// The window that asks: a word of its own.
    pub lease: String,
    /// Only tasks of this kind.
    pub filter: QueueFilter,
    /// How many tasks the window wants to hold.
    pub count: usize,
    /// What it shows now: more of the same book and field are handed out first, as long as they are
    /// worth half of the worthiest.
    pub like: Option<(String, FieldName)>,
}

/// A task that is held.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// The entry.
    pub entry: i64,
    /// Its field.
    pub field: FieldName,
    /// Why it is in the queue.
    pub purpose: Purpose,
    /// What looking at it is worth.
    pub worth: f64,
}

/// What somebody may be given: free or held by the same window, and not keyed by the same person.
const FREE: &str = "(q.leased_until < ?1 OR q.lease = ?2) AND NOT EXISTS (SELECT 1 FROM keyings AS k
    WHERE k.entry = q.entry AND k.field = q.field AND k.current = 1 AND k.account = ?3)
    AND (q.purpose <> 'seed' OR NOT EXISTS (SELECT 1 FROM answers AS a
        WHERE a.entry = q.entry AND a.field = q.field AND a.account = ?3))";

/// What the window holds; by the few leases there are, not by the worth of all tasks.
const HELD: &str = "q.lease = ?2 AND q.holder = ?3";

impl DeskTransaction<'_> {
    /// Hands out tasks: those that the window holds already, then the worthiest.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn lease(&self, wanted: &Wanted) -> Result<Vec<Ticket>, StoreError> {
        let mut tickets = self.held(wanted)?;
        tickets.truncate(wanted.count);
        if tickets.len() < wanted.count {
            self.add_like(wanted, &mut tickets)?;
        }
        if tickets.len() < wanted.count {
            self.add(wanted, &wanted.filter, 0.0, &mut tickets)?;
        }
        for ticket in &tickets {
            self.hold(wanted, ticket)?;
        }
        Ok(tickets)
    }

    /// Holds for longer what the window holds; how many tasks that are.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn renew(&self, account: i64, lease: &str) -> Result<usize, StoreError> {
        let sql = "UPDATE queue SET leased_until = ?3
            WHERE lease = ?1 AND holder = ?2 AND leased_until >= ?4";
        let now = self.milliseconds();
        let row = params![lease, account, now + LEASE.as_millis() as i64, now];
        Ok(self.connection().prepare_cached(sql)?.execute(row)?)
    }

    /// Gives back what the window holds.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn release(&self, account: i64, lease: &str) -> Result<usize, StoreError> {
        let sql = "UPDATE queue SET lease = NULL, holder = NULL, leased_until = 0
            WHERE lease = ?1 AND holder = ?2";
        Ok(self.connection().prepare_cached(sql)?.execute(params![lease, account])?)
    }

    fn held(&self, wanted: &Wanted) -> Result<Vec<Ticket>, StoreError> {
        let mut tickets = Vec::new();
        self.select(wanted, &wanted.filter, HELD, (0.0, 64), &mut tickets)?;
        Ok(tickets)
    }

    fn add_like(&self, wanted: &Wanted, tickets: &mut Vec<Ticket>) -> Result<(), StoreError> {
        let Some((book, field)) = &wanted.like else { return Ok(()) };
        let mut worthiest = Vec::new();
        self.select(wanted, &wanted.filter, FREE, (0.0, 1), &mut worthiest)?;
        let Some(worthiest) = worthiest.first() else { return Ok(()) };
        let filter =
            QueueFilter { book: Some(book.clone()), field: Some(field.clone()), ..wanted.filter.clone() };
        self.add(wanted, &filter, 0.5 * worthiest.worth, tickets)
    }

    fn add(
        &self,
        wanted: &Wanted,
        filter: &QueueFilter,
        worth: f64,
        tickets: &mut Vec<Ticket>,
    ) -> Result<(), StoreError> {
        let mut found = Vec::new();
        self.select(wanted, filter, FREE, (worth, wanted.count + tickets.len()), &mut found)?;
        for ticket in found {
            let known = tickets.iter().any(|held| (held.entry, &held.field) == (ticket.entry, &ticket.field));
            if !known && tickets.len() < wanted.count {
                tickets.push(ticket);
            }
        }
        Ok(())
    }

    /// Tasks that pass the filter and the condition `which`, worthiest first.
    fn select(
        &self,
        wanted: &Wanted,
        filter: &QueueFilter,
        which: &str,
        (worth, limit): (f64, usize),
        into: &mut Vec<Ticket>,
    ) -> Result<(), StoreError> {
        let mut values: Vec<Value> =
            vec![self.milliseconds().into(), wanted.lease.clone().into(), wanted.account.into()];
        let conditions = filter.conditions(&mut values);
        values.push(worth.into());
        let worth_at = values.len();
        values.push((limit as i64).into());
        let by = if which == HELD { "INDEXED BY queue_by_lease" } else { "" };
        let sql = format!(
            "SELECT q.entry, q.field, q.purpose, q.worth FROM queue AS q {by}
            WHERE {which} {conditions} AND q.worth >= ?{worth_at} AND ?1 IS NOT NULL AND ?2 IS NOT NULL
                AND ?3 IS NOT NULL
            ORDER BY q.worth DESC LIMIT ?{}",
            worth_at + 1
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_map(params_from_iter(values), |row| {
            let field = FieldName::new(row.get::<_, String>(1)?);
            Ok(Ticket { entry: row.get(0)?, field, purpose: from_word(row, 2)?, worth: row.get(3)? })
        })?;
        for ticket in rows {
            into.push(ticket?);
        }
        Ok(())
    }

    fn hold(&self, wanted: &Wanted, ticket: &Ticket) -> Result<(), StoreError> {
        let sql =
            "UPDATE queue SET lease = ?3, holder = ?4, leased_until = ?5 WHERE entry = ?1 AND field = ?2";
        let until = self.milliseconds() + LEASE.as_millis() as i64;
        let row = params![ticket.entry, ticket.field.as_str(), wanted.lease, wanted.account, until];
        self.connection().prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// What the office has set about verification.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn policy(&self) -> Result<Policy, StoreError> {
        Policy::load(self.connection())
    }
}
