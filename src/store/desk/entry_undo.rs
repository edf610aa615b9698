//! Taking back what was done to an entry, and what people are shown of such events.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::answers::Stale;
use super::entries::{EntryChange, Event, Signed, State};
use super::{DeskTransaction, PageId};
use crate::domain::{FieldName, Kind};
use crate::store::fields::{self, Author, Change, from_json, from_word};
use crate::store::rows::rows;
use crate::store::{Store, StoreError};

/// One event in the life of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryEvent {
    /// Its id.
    pub id: String,
    /// When, as written in the store.
    pub at: String,
    /// Who.
    pub who: String,
    /// What was done.
    pub what: EntryChange,
    /// The field whose box was moved.
    pub field: Option<FieldName>,
    /// Why.
    pub remark: String,
    /// Whether it can be taken back: it was not yet, and nothing has been done since that would be lost.
    pub can_be_undone: bool,
}

/// An entry of a page that was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WithdrawnEntry {
    /// Its number in the store.
    pub id: i64,
    /// Its number on the scan.
    pub number: u32,
    /// What it was thought to register.
    pub kind: Kind,
    /// When, as written in the store.
    pub at: String,
    /// Who withdrew it.
    pub who: String,
    /// Why.
    pub why: String,
}

/// An event that may be taken back.
struct Done {
    number: i64,
    entry: i64,
    field: Option<FieldName>,
    what: EntryChange,
    before: Option<State>,
    answers: i64,
}

impl DeskTransaction<'_> {
    /// Takes back the event `undone`; the entry it was about.
    ///
    /// # Errors
    /// When the store cannot be written. What cannot be undone any more, for something has been done or said
    /// since, is [`Stale`].
    pub fn undo_event(&self, signed: &Signed, undone: &str) -> Result<Result<i64, Stale>, StoreError> {
        let Some(done) = done(self.connection(), undone)? else { return Ok(Err(Stale::Gone)) };
        if self.event_is_known(&signed.id)? {
            return Ok(Ok(done.entry));
        }
        if is_overtaken(self.connection(), undone, &done)? {
            return Ok(Err(Stale::Overtaken));
        }
        let Some(now) = self.state(done.entry)? else { return Ok(Err(Stale::Gone)) };
        let before = self.take_back(&done, &now, &signed.person)?;
        let event = Event {
            signed,
            entry: done.entry,
            field: done.field.as_ref(),
            what: EntryChange::Undone,
            undoes: Some(undone),
        };
        self.put_event(&event, Some(&before), self.state(done.entry)?.as_ref())?;
        Ok(Ok(done.entry))
    }

    /// Makes the entry what it was before the event; what it was until now.
    fn take_back(&self, done: &Done, now: &State, person: &str) -> Result<State, StoreError> {
        match (done.what, &done.before) {
            (EntryChange::Added | EntryChange::BroughtBack, _) => {
                self.take_out(done.entry, &now.fields, true)?;
            }
            (EntryChange::Withdrawn, _) => self.take_out(done.entry, &now.fields, false)?,
            (EntryChange::FormCorrected, Some(before)) => {
                self.become_state(done.entry, now, before, person)?;
            }
            (EntryChange::BoxMoved, Some(before)) => self.move_back(done.entry, now, before, person)?,
            _ => {}
        }
        Ok(now.clone())
    }

    fn move_back(&self, entry: i64, now: &State, before: &State, person: &str) -> Result<(), StoreError> {
        let mut fields = now.fields.clone();
        let at = self.at();
        for former in &before.fields {
            let Some(place) = fields.iter().position(|field| field.draft.name == former.draft.name) else {
                continue;
            };
            let (then, again) = (fields[place].draft.status.as_str(), former.draft.status.as_str());
            let field = &former.draft;
            let change = Change { entry, field, before: Some(then), after: Some(again), applied: true };
            fields::note(self.connection(), Author { who: person, run: None, at: &at }, &change)?;
            fields[place] = former.clone();
        }
        self.exchange(entry, &now.fields, &fields)
    }
}

fn done(connection: &Connection, id: &str) -> Result<Option<Done>, StoreError> {
    let sql = "SELECT number, entry, field, what, before, answers FROM entry_events WHERE id = ?1";
    let done = connection.prepare_cached(sql)?.query_row([id], |row| {
        Ok(Done {
            number: row.get(0)?,
            entry: row.get(1)?,
            field: row.get::<_, Option<String>>(2)?.map(FieldName::new),
            what: from_word(row, 3)?,
            before: from_json(row, 4)?,
            answers: row.get(5)?,
        })
    });
    Ok(done.optional()?)
}

/// Whether the event was taken back, or anything was done or said since that hangs on it. What was itself
/// taken back counts for nothing.
fn is_overtaken(connection: &Connection, id: &str, done: &Done) -> Result<bool, StoreError> {
    if done.what == EntryChange::Undone {
        return Ok(true);
    }
    let field = done.field.as_ref().map(FieldName::as_str);
    let sql = "SELECT EXISTS (SELECT 1 FROM entry_events WHERE undoes = ?1)
        OR EXISTS (SELECT 1 FROM entry_events AS e WHERE e.entry = ?2 AND e.number > ?3 AND e.undoes IS NULL
            AND (?4 IS NULL OR e.field IS NULL OR e.field = ?4)
            AND NOT EXISTS (SELECT 1 FROM entry_events AS u WHERE u.undoes = e.id))
        OR EXISTS (SELECT 1 FROM answers AS a WHERE a.entry = ?2 AND a.rowid > ?5 AND a.undoes IS NULL
            AND (?4 IS NULL OR a.field = ?4) AND ?6
            AND NOT EXISTS (SELECT 1 FROM answers AS u WHERE u.undoes = a.id))";
    // Whether an entry counts can be said whatever was said of its fields, but for one that was drawn.
    let answers_matter = !matches!(done.what, EntryChange::Withdrawn | EntryChange::BroughtBack);
    let row = params![id, done.entry, done.number, field, done.answers, answers_matter];
    Ok(connection.prepare_cached(sql)?.query_row(row, |row| row.get(0))?)
}

impl Store {
    /// What was done to an entry, the earliest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn entry_events(&self, entry: i64) -> Result<Vec<EntryEvent>, StoreError> {
        let sql = "SELECT e.id, e.at, a.name, e.what, e.field, e.remark FROM entry_events AS e
            JOIN accounts AS a ON a.id = e.account WHERE e.entry = ?1 ORDER BY e.number";
        let mut events: Vec<_> = rows(&self.connection, sql, [entry], |row| {
            Ok(EntryEvent {
                id: row.get(0)?,
                at: row.get(1)?,
                who: row.get(2)?,
                what: from_word(row, 3)?,
                field: row.get::<_, Option<String>>(4)?.map(FieldName::new),
                remark: row.get(5)?,
                can_be_undone: false,
            })
        })?;
        for event in &mut events {
            if let Some(done) = done(&self.connection, &event.id)? {
                event.can_be_undone = !is_overtaken(&self.connection, &event.id, &done)?;
            }
        }
        Ok(events)
    }

    /// What an event did; none when there is no such event.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn entry_change(&self, event: &str) -> Result<Option<EntryChange>, StoreError> {
        Ok(done(&self.connection, event)?.map(|done| done.what))
    }

    /// The entries of a page that were withdrawn, with who withdrew each last.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn withdrawn_entries(&self, page: PageId) -> Result<Vec<WithdrawnEntry>, StoreError> {
        let sql = "SELECT e.id, e.number, e.kind, v.at, a.name, v.remark FROM all_entries AS e
            JOIN entry_events AS v ON v.number = (SELECT max(number) FROM entry_events WHERE entry = e.id)
            JOIN accounts AS a ON a.id = v.account
            WHERE e.id BETWEEN ?1 * 4096 AND ?1 * 4096 + 4095 AND e.half = ?2 AND e.withdrawn = 1
            ORDER BY e.id";
        rows(&self.connection, sql, params![page.scan, page.half], |row| {
            Ok(WithdrawnEntry {
                id: row.get(0)?,
                number: row.get(1)?,
                kind: from_word(row, 2)?,
                at: row.get(3)?,
                who: row.get(4)?,
                why: row.get(5)?,
            })
        })
    }
}
