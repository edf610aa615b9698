//! What people do to entries as a whole, and to the boxes of their fields: each an event that is never
//! changed and can be taken back.

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::answers::{Action, Answer, Said, Stale};
use super::{DeskTransaction, PageId, queue};
use crate::domain::{DraftField, FieldName, FieldStatus, FormId, Kind, Reason};
use crate::store::commit::{ENTRIES_PER_SCAN, note_withdrawn};
use crate::store::fields::{self, Author, Change, StoredField, from_word, json, word};
use crate::store::{StoreError, Verdict, search};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryChange {
    /// An entry was drawn where none had been found.
    Added,
    /// It is no entry: it is kept, but counts nowhere.
    Withdrawn,
    /// It is one after all.
    BroughtBack,
    /// It stands on another form, and registers what that form does.
    FormCorrected,
    /// The box of a field was drawn, and what is in it was read.
    BoxMoved,
    /// An earlier event was taken back.
    Undone,
}

/// Who does something, under an id made by the browser: what is sent twice is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The id.
    pub id: String,
    /// The account.
    pub account: i64,
    /// Its name, for the history.
    pub person: String,
    /// Why.
    pub remark: String,
}

/// An entry that a person drew.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// The page it stands on.
    pub page: PageId,
    /// What it registers.
    pub kind: Kind,
    /// Its form.
    pub form: FormId,
    /// The fields of the form, in its order, each read or not.
    pub fields: Vec<DraftField>,
    /// The number of the entry, when the person has keyed it.
    pub number: Option<String>,
}

/// An entry as far as events change it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    pub withdrawn: bool,
    pub shaped: bool,
    pub kind: Kind,
    pub form: FormId,
    /// The fields it is about: all of them, or the one whose box was moved; none when it is about the entry alone.
    pub fields: Vec<StoredField>,
}

impl State {
    /// The same entry with an eye on these fields alone.
    pub fn about(&self, fields: Vec<StoredField>) -> Self {
        Self { fields, form: self.form.clone(), ..*self }
    }
}

/// An event as it is put down.
pub(super) struct Event<'e> {
    pub signed: &'e Signed,
    pub entry: i64,
    pub field: Option<&'e FieldName>,
    pub what: EntryChange,
    pub undoes: Option<&'e str>,
}

impl DeskTransaction<'_> {
    /// Puts a field where a person drew it, as it was read there. A value that somebody has settled stays; any
    /// other becomes what was read, for people to look at.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn move_box(
        &self,
        signed: &Signed,
        entry: i64,
        read: &DraftField,
    ) -> Result<Result<(), Stale>, StoreError> {
        if self.event_is_known(&signed.id)? {
            return Ok(Ok(()));
        }
        let Some(state) = self.standing(entry)? else { return Ok(Err(Stale::Gone)) };
        let Some(place) = state.fields.iter().position(|known| known.draft.name == read.name) else {
            return Ok(Err(Stale::Gone));
        };
        let known = state.fields[place].clone();
        let (after, applied) = (moved(&known, read, &signed.person), known.settled_by.is_none());
        let (before, then) = (known.draft.status.as_str(), after.draft.status.as_str());
        let change = Change { entry, field: read, before: Some(before), after: Some(then), applied };
        let at = self.at();
        fields::note(self.connection(), Author { who: "machine", run: None, at: &at }, &change)?;
        let mut fields = state.fields.clone();
        fields[place] = after.clone();
        self.exchange(entry, &state.fields, &fields)?;
        let event =
            Event { signed, entry, field: Some(&read.name), what: EntryChange::BoxMoved, undoes: None };
        self.put_event(&event, Some(&state.about(vec![known])), Some(&state.about(vec![after])))?;
        Ok(Ok(()))
    }

    /// Adds an entry that a person drew; its number in the store.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such page, [`StoreError::Unstorable`] when no entry more has room
    /// on it, and when the store cannot be written.
    pub fn add_entry(&self, signed: &Signed, new: &NewEntry) -> Result<i64, StoreError> {
        let sql = "SELECT entry FROM entry_events WHERE id = ?1";
        let known = self.connection().query_row(sql, [&signed.id], |row| row.get(0)).optional()?;
        if let Some(entry) = known {
            return Ok(entry);
        }
        let entry = self.insert_entry(new)?;
        let fields: Vec<StoredField> = new.fields.iter().cloned().map(StoredField::of_machine).collect();
        self.note_exchange(entry, &[], &fields, &signed.person)?;
        self.exchange(entry, &[], &fields)?;
        if let Some(number) = &new.number {
            // What the person keyed is an answer like any other.
            let _ = self.answer(&keyed_number(signed, entry, number))?;
        }
        let state = self.state(entry)?;
        let event = Event { signed, entry, field: None, what: EntryChange::Added, undoes: None };
        self.put_event(&event, None, state.as_ref())?;
        Ok(entry)
    }

    /// Withdraws an entry that is none: it stays in the store, but counts nowhere until it is brought back.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn withdraw_entry(&self, signed: &Signed, entry: i64) -> Result<Result<(), Stale>, StoreError> {
        self.set_withdrawn(signed, entry, true)
    }

    /// Brings back an entry that was withdrawn.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn bring_back_entry(&self, signed: &Signed, entry: i64) -> Result<Result<(), Stale>, StoreError> {
        self.set_withdrawn(signed, entry, false)
    }

    fn set_withdrawn(
        &self,
        signed: &Signed,
        entry: i64,
        withdrawn: bool,
    ) -> Result<Result<(), Stale>, StoreError> {
        if self.event_is_known(&signed.id)? {
            return Ok(Ok(()));
        }
        let Some(state) = self.state(entry)?.filter(|state| state.withdrawn != withdrawn) else {
            return Ok(Err(Stale::Gone));
        };
        self.take_out(entry, &state.fields, withdrawn)?;
        let what = if withdrawn { EntryChange::Withdrawn } else { EntryChange::BroughtBack };
        let before = state.about(Vec::new());
        let event = Event { signed, entry, field: None, what, undoes: None };
        self.put_event(&event, Some(&before), Some(&State { withdrawn, ..before.clone() }))?;
        Ok(Ok(()))
    }

    /// Says that an entry stands on another form. Fields that both have keep their values and who settled them;
    /// others leave or arrive, as `fields` has them.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn correct_form(
        &self,
        signed: &Signed,
        entry: i64,
        (kind, form): (Kind, &FormId),
        fields: &[DraftField],
    ) -> Result<Result<(), Stale>, StoreError> {
        if self.event_is_known(&signed.id)? {
            return Ok(Ok(()));
        }
        let Some(before) = self.standing(entry)? else { return Ok(Err(Stale::Gone)) };
        let kept = |field: &DraftField| {
            let known = before.fields.iter().find(|known| known.draft.name == field.name).cloned();
            known.unwrap_or_else(|| StoredField::of_machine(field.clone()))
        };
        let fields = fields.iter().map(kept).collect();
        let after = State { withdrawn: false, shaped: true, kind, form: form.clone(), fields };
        self.become_state(entry, &before, &after, &signed.person)?;
        let event = Event { signed, entry, field: None, what: EntryChange::FormCorrected, undoes: None };
        self.put_event(&event, Some(&before), Some(&after))?;
        Ok(Ok(()))
    }

    /// Makes the kind, the form and the fields of an entry those of `after`.
    pub(super) fn become_state(
        &self,
        entry: i64,
        before: &State,
        after: &State,
        person: &str,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE all_entries SET kind = ?2, form = ?3, shaped = ?4 WHERE id = ?1";
        let row = params![entry, after.kind.as_str(), after.form.as_str(), after.shaped];
        self.connection().execute(sql, row)?;
        self.note_exchange(entry, &before.fields, &after.fields, person)?;
        self.exchange(entry, &before.fields, &after.fields)
    }

    /// Notes in the history which fields leave and which arrive.
    fn note_exchange(
        &self,
        entry: i64,
        before: &[StoredField],
        after: &[StoredField],
        person: &str,
    ) -> Result<(), StoreError> {
        let at = self.at();
        let author = |field: &DraftField| {
            let who = if field.engine.is_some() { "machine" } else { person };
            Author { who, run: None, at: &at }
        };
        let lacks =
            |fields: &[StoredField], name: &FieldName| fields.iter().all(|field| field.draft.name != *name);
        for StoredField { draft, .. } in before.iter().filter(|field| lacks(after, &field.draft.name)) {
            note_withdrawn(self.connection(), entry, draft, Author { who: person, run: None, at: &at })?;
        }
        for StoredField { draft, .. } in after.iter().filter(|field| lacks(before, &field.draft.name)) {
            let status = Some(draft.status.as_str());
            let change = Change { entry, field: draft, before: None, after: status, applied: true };
            fields::note(self.connection(), author(draft), &change)?;
        }
        Ok(())
    }

    /// Writes the fields of an entry; tasks, index and the weighing of its book follow.
    pub(super) fn exchange(
        &self,
        entry: i64,
        before: &[StoredField],
        after: &[StoredField],
    ) -> Result<(), StoreError> {
        fields::replace(self.connection(), entry, after)?;
        queue::refresh(self.connection(), entry)?;
        search::index::replace(self.connection(), entry, before)?;
        self.weigh_again(entry)
    }

    /// Lets an entry count nowhere, or again.
    pub(super) fn take_out(
        &self,
        entry: i64,
        fields: &[StoredField],
        withdrawn: bool,
    ) -> Result<(), StoreError> {
        if withdrawn {
            search::index::remove(self.connection(), entry, fields)?;
        }
        let sql = "UPDATE all_entries SET withdrawn = ?2 WHERE id = ?1";
        self.connection().execute(sql, params![entry, withdrawn])?;
        queue::refresh(self.connection(), entry)?;
        if !withdrawn {
            search::index::replace(self.connection(), entry, &[])?;
        }
        self.weigh_again(entry)
    }

    fn weigh_again(&self, entry: i64) -> Result<(), StoreError> {
        let sql = "UPDATE books SET weighed = 0 WHERE id = (SELECT book FROM scans WHERE id = ?1)";
        self.connection().prepare_cached(sql)?.execute([entry / ENTRIES_PER_SCAN])?;
        Ok(())
    }

    /// Makes room for an entry: the next number of its scan.
    fn insert_entry(&self, new: &NewEntry) -> Result<i64, StoreError> {
        let PageId { scan, half } = new.page;
        let page = format!("page {} of scan {scan}", half + 1);
        let sql = "SELECT 1 FROM pages WHERE scan = ?1 AND half = ?2";
        let found = self.connection().query_row(sql, [scan, half], |_| Ok(())).optional()?;
        found.ok_or_else(|| StoreError::Unknown(page.clone()))?;
        let sql = "SELECT 1 + coalesce(max(number), 0) FROM all_entries WHERE id BETWEEN ?1 * 4096 AND ?1 * 4096 + 4095";
        let number: i64 = self.connection().query_row(sql, [scan], |row| row.get(0))?;
        if number >= ENTRIES_PER_SCAN {
            return Err(StoreError::Unstorable { subject: page, reason: "it has no room for an entry more" });
        }
        let entry = scan * ENTRIES_PER_SCAN + number;
        let sql = "INSERT INTO all_entries (id, scan, half, number, kind, form, shaped)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)";
        let row = params![entry, scan, half, number, new.kind.as_str(), new.form.as_str()];
        self.connection().execute(sql, row)?;
        Ok(entry)
    }

    /// The entry as it stands, also when it is withdrawn.
    pub(super) fn state(&self, entry: i64) -> Result<Option<State>, StoreError> {
        let sql = "SELECT withdrawn, shaped, kind, form FROM all_entries WHERE id = ?1";
        let found = self.connection().prepare_cached(sql)?.query_row([entry], |row| {
            let form = FormId::new(row.get::<_, String>(3)?);
            let (withdrawn, shaped) = (row.get(0)?, row.get(1)?);
            Ok(State { withdrawn, shaped, kind: from_word(row, 2)?, form, fields: Vec::new() })
        });
        let Some(state) = found.optional()? else { return Ok(None) };
        Ok(Some(State { fields: fields::load(self.connection(), entry)?, ..state }))
    }

    /// The entry as it stands, unless it is withdrawn.
    fn standing(&self, entry: i64) -> Result<Option<State>, StoreError> {
        Ok(self.state(entry)?.filter(|state| !state.withdrawn))
    }

    pub(super) fn event_is_known(&self, id: &str) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM entry_events WHERE id = ?1)";
        Ok(self.connection().prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
    }

    pub(super) fn put_event(
        &self,
        event: &Event<'_>,
        before: Option<&State>,
        after: Option<&State>,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO entry_events
            (id, entry, field, book, account, at, what, remark, before, after, answers, undoes)
            VALUES (?1, ?2, ?3, (SELECT book FROM scans WHERE id = ?4), ?5, ?6, ?7, ?8, ?9, ?10,
                (SELECT coalesce(max(rowid), 0) FROM answers), ?11)";
        let Event { signed, entry, field, what, undoes } = event;
        self.connection().execute(
            sql,
            params![
                signed.id,
                entry,
                field.map(FieldName::as_str),
                entry / ENTRIES_PER_SCAN,
                signed.account,
                self.at(),
                word(what)?,
                signed.remark,
                json(&before)?,
                json(&after)?,
                undoes,
            ],
        )?;
        Ok(())
    }
}

/// A field as it was read where a person drew its box.
fn moved(known: &StoredField, read: &DraftField, person: &str) -> StoredField {
    let (settled_by, placed_by) = (known.settled_by.clone(), Some(person.to_owned()));
    let draft = if settled_by.is_some() {
        let (place, ink, candidates) = (read.place, read.ink, read.candidates.clone());
        DraftField { place, ink, candidates, raw: read.raw.clone(), ..known.draft.clone() }
    } else {
        let (status, reasons) = (FieldStatus::Review, vec![Reason::NotSure]);
        DraftField { status, reasons, marks: known.draft.marks.clone(), ..read.clone() }
    };
    StoredField { draft, settled_by, placed_by }
}

/// The answer that an entry has this number.
fn keyed_number(signed: &Signed, entry: i64, number: &str) -> Answer {
    Answer {
        id: format!("{}.number", signed.id),
        account: signed.account,
        person: signed.person.clone(),
        lease: None,
        entry,
        field: FieldName::from("entry.number"),
        action: Action::OnRecord,
        said: Said::Verdict(Verdict::Value(number.to_owned())),
        marks: Vec::new(),
        remark: String::new(),
        seconds: None,
        shown: None,
    }
}
