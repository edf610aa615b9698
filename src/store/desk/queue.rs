//! The queue follows the fields: whatever writes fields of an entry refreshes the tasks of that entry.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::policy::Policy;
use crate::domain::task::Task;
use crate::domain::text::comparable;
use crate::domain::{Confidence, DraftField, FieldName, FieldStatus, FieldType, Kind, Reason, Rectangle};
use crate::store::StoreError;
use crate::store::fields::{from_json, from_word, word};
use crate::store::rows::rows;

/// Why a field is in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// The machine is in doubt.
    Review,
    /// One person has keyed it; another shall, without seeing what.
    Second,
    /// Two people differ.
    Third,
    /// It was accepted, or confirmed among many, and has been drawn by lot to be looked at.
    Audit,
    /// A person has settled it; another is asked, to see how well people look.
    Seed,
}

/// A field as far as the queue needs it.
struct Waiting {
    draft: DraftField,
    settled: bool,
    /// Whether a spreadsheet says something else.
    unlike_keyed: bool,
    /// Whether its row was sent back and nobody has looked since.
    sent_back: bool,
}

impl Waiting {
    /// Why a person must look, beside what the machine says.
    fn because(&self) -> Option<&'static str> {
        match (self.sent_back, self.unlike_keyed && !self.settled) {
            (true, _) => Some("sent_back"),
            (_, true) => Some("unlike_keyed"),
            _ => None,
        }
    }
}

/// Whom the tasks of an entry belong to.
#[derive(Clone, Copy)]
struct Entry {
    id: i64,
    book: i64,
    kind: Kind,
}

/// Makes the tasks of `entry` what its fields ask for. A lease on a task that stays is kept.
pub(in crate::store) fn refresh(connection: &Connection, entry: i64) -> Result<(), StoreError> {
    let policy = Policy::load(connection)?;
    let sql =
        "SELECT e.id, s.book, e.kind FROM entries AS e JOIN scans AS s ON s.id = e.scan WHERE e.id = ?1";
    let found = connection
        .prepare_cached(sql)?
        .query_row([entry], |row| Ok(Entry { id: row.get(0)?, book: row.get(1)?, kind: from_word(row, 2)? }));
    let Some(found) = found.optional()? else {
        // Nobody need look at an entry that was withdrawn.
        return remove_others::<()>(connection, entry, &BTreeMap::new());
    };
    let keyed = keyings(connection, entry)?;
    let mut wanted = BTreeMap::new();
    for field in waiting(connection, entry)? {
        if let Some(purpose) = purpose(&policy, found, &field, &keyed) {
            wanted.insert(field.draft.name.clone(), (purpose, field));
        }
    }
    remove_others(connection, entry, &wanted)?;
    for (purpose, field) in wanted.values() {
        put(connection, found, *purpose, field)?;
    }
    Ok(())
}

/// Refreshes the tasks of every entry.
pub(super) fn refresh_all(connection: &Connection) -> Result<(), StoreError> {
    let mut query = connection.prepare("SELECT id FROM entries ORDER BY id")?;
    let entries = query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    entries.into_iter().try_for_each(|entry| refresh(connection, entry))
}

/// The fields of an entry without what they might be.
fn waiting(connection: &Connection, entry: i64) -> Result<Vec<Waiting>, StoreError> {
    let sql = "SELECT f.name, f.type, f.value, f.confidence, f.status, f.reasons, f.settled_by IS NOT NULL,
            v.value, coalesce(r.closed = 0, 0)
        FROM fields AS f LEFT JOIN sheet_values AS v ON v.entry = f.entry AND v.field = f.name
            LEFT JOIN sheet_rejections AS r ON r.entry = f.entry AND r.field = f.name
        WHERE f.entry = ?1";
    let mut query = connection.prepare_cached(sql)?;
    let field = |row: &Row<'_>| {
        let name = FieldName::new(row.get::<_, String>(0)?);
        let field_type: FieldType = from_word(row, 1)?;
        let draft = DraftField {
            value: row.get(2)?,
            confidence: Confidence::clamped(row.get(3)?),
            status: from_word(row, 4)?,
            reasons: from_json(row, 5)?,
            ..DraftField::unread(name, field_type, Rectangle::new(0, 0, 0, 0))
        };
        let keyed: Option<String> = row.get(7)?;
        let unlike_keyed = keyed.is_some_and(|keyed| comparable(&keyed) != comparable(&draft.value));
        Ok(Waiting { draft, settled: row.get(6)?, unlike_keyed, sent_back: row.get(8)? })
    };
    Ok(query.query_map([entry], field)?.collect::<rusqlite::Result<_>>()?)
}

/// What people have said of a field that is not settled by it.
#[derive(Default)]
struct Keyings {
    /// How many have keyed it.
    keyed: i64,
    /// Whether it was confirmed among many and shall be looked at again.
    grouped: bool,
}

/// What people have said of the fields of an entry.
fn keyings(connection: &Connection, entry: i64) -> Result<BTreeMap<FieldName, Keyings>, StoreError> {
    let sql = "SELECT field, sum(verdict <> 'grouped'), sum(verdict = 'grouped') > 0 FROM keyings
        WHERE entry = ?1 AND current = 1 AND verdict <> 'asked' GROUP BY field";
    rows(connection, sql, [entry], |row| {
        let keyings = Keyings { keyed: row.get(1)?, grouped: row.get(2)? };
        Ok((FieldName::new(row.get::<_, String>(0)?), keyings))
    })
}

/// Why somebody must look at the field, if anybody must.
fn purpose(
    policy: &Policy,
    entry: Entry,
    field: &Waiting,
    keyings: &BTreeMap<FieldName, Keyings>,
) -> Option<Purpose> {
    let name = &field.draft.name;
    let none = Keyings::default();
    let Keyings { keyed, grouped } = keyings.get(name).unwrap_or(&none);
    if field.settled && !field.sent_back {
        let seed = (lot(entry.id, name, "seed") < policy.seed_share).then_some(Purpose::Seed);
        return if *grouped { Some(Purpose::Audit) } else { seed };
    }
    let because = field.because().is_some();
    match (field.draft.status, keyed) {
        (_, 0) if because => Some(Purpose::Review),
        (_, 1) if because => Some(Purpose::Second),
        (_, 2..) if because => Some(Purpose::Third),
        (FieldStatus::Review, 0) => Some(Purpose::Review),
        (FieldStatus::Review | FieldStatus::Accepted | FieldStatus::Blank, 1) => Some(Purpose::Second),
        (FieldStatus::Review | FieldStatus::Accepted, 2..) => Some(Purpose::Third),
        (FieldStatus::Accepted | FieldStatus::Blank, _) => {
            (lot(entry.id, name, "audit") < policy.audit_share).then_some(Purpose::Audit)
        }
        _ => None,
    }
}

/// The share of fields confirmed among many that another person looks at again.
const LOOKED_AT_AGAIN: f64 = 0.05;

/// Whether a field that is confirmed among many shall be looked at again by another person.
pub(super) fn is_looked_at_again(entry: i64, field: &FieldName) -> bool {
    lot(entry, field, "again") < LOOKED_AT_AGAIN
}

/// The lot a field draws for something, evenly spread over 0..1 and always the same.
fn lot(entry: i64, field: &FieldName, what: &str) -> f64 {
    let digest = Sha256::digest(format!("{entry} {field} {what}"));
    let number = digest.iter().take(6).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    number as f64 / (1_u64 << 48) as f64
}

fn remove_others<T>(
    connection: &Connection,
    entry: i64,
    wanted: &BTreeMap<FieldName, T>,
) -> Result<(), StoreError> {
    let mut query = connection.prepare_cached("SELECT field FROM queue WHERE entry = ?1")?;
    let known = query.query_map([entry], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    let mut remove = connection.prepare_cached("DELETE FROM queue WHERE entry = ?1 AND field = ?2")?;
    for field in known.into_iter().filter(|field| !wanted.contains_key(&FieldName::from(field.as_str()))) {
        remove.execute(params![entry, field])?;
    }
    Ok(())
}

fn put(connection: &Connection, entry: Entry, purpose: Purpose, waiting: &Waiting) -> Result<(), StoreError> {
    let sql = "INSERT INTO queue (entry, field, book, kind, purpose, reason, worth, likeness)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (entry, field) DO UPDATE SET purpose = excluded.purpose, reason = excluded.reason,
            worth = excluded.worth, likeness = excluded.likeness";
    let (field, because) = (&waiting.draft, waiting.because());
    // Whom a spreadsheet contradicts is as likely wrong as right, and is not confirmed among others.
    let doubted = || {
        let confidence = field.confidence.min(Confidence::clamped(0.5));
        DraftField { confidence, ..field.clone() }
    };
    let (worth, likeness) = match because {
        None => (worth(entry, purpose, field), field.value.clone()),
        Some(_) => (worth(entry, purpose, &doubted()), format!("\u{1f}{}", entry.id)),
    };
    connection.prepare_cached(sql)?.execute(params![
        entry.id,
        field.name.as_str(),
        entry.book,
        entry.kind.as_str(),
        word(&purpose)?,
        because.unwrap_or_else(|| reason(field)),
        worth,
        likeness,
    ])?;
    Ok(())
}

/// Errors found in a second, by their weight. What is drawn by lot comes up between the rest, where it
/// cannot be told apart.
fn worth(entry: Entry, purpose: Purpose, field: &DraftField) -> f64 {
    match purpose {
        Purpose::Audit | Purpose::Seed => 0.5 * lot(entry.id, &field.name, "worth"),
        _ => {
            let waiting = DraftField { status: FieldStatus::Review, ..field.clone() };
            Task::of(entry.kind, &waiting).map_or(0.0, |task| task.worth())
        }
    }
}

/// The first reason, as one word; the rule it names is left out.
fn reason(field: &DraftField) -> &'static str {
    match field.reasons.first() {
        None | Some(Reason::NotSure) => "not_sure",
        Some(Reason::TooFewVerified) => "too_few_verified",
        Some(Reason::BlankNotSure) => "blank_not_sure",
        Some(Reason::Rule(_)) => "rule",
        Some(Reason::OutOfSequence) => "out_of_sequence",
        Some(Reason::UnlikeTheBook) => "unlike_the_book",
        Some(Reason::Struck) => "struck",
        Some(Reason::Astray) => "astray",
        Some(Reason::UnlikeLinked) => "unlike_linked",
        Some(Reason::UnlikeKeyed) => "unlike_keyed",
        Some(Reason::NobodyRegistered) => "nobody_registered",
        Some(Reason::PageUnsound) => "page_unsound",
        Some(Reason::BoundBroken) => "bound_broken",
    }
}
