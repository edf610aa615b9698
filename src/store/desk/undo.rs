//! Taking an answer back; itself an answer.

use rusqlite::{OptionalExtension, params};

use super::answers::{Answered, Before, Stale};
use super::{DeskTransaction, queue};
use crate::domain::{Confidence, FieldName};
use crate::store::StoreError;
use crate::store::fields::{self, Author, Change, from_json, from_word, word};
use crate::store::{search, shaped};

/// An answer that may be taken back.
struct Given {
    entry: i64,
    field: FieldName,
    book: i64,
    purpose: String,
    outcome: Answered,
    before: Before,
}

impl DeskTransaction<'_> {
    /// Takes the answer `undone` of `account` back under the id `id`; the entry and field it was about.
    /// The field becomes what it was before, and a task again.
    ///
    /// An undoing that was put down before gives the same again.
    ///
    /// # Errors
    /// When the store cannot be written. What cannot be undone any more, for somebody has said
    /// something since, is [`Stale`].
    pub fn undo(
        &self,
        id: &str,
        undone: &str,
        (account, person): (i64, &str),
    ) -> Result<Result<(i64, FieldName), Stale>, StoreError> {
        let Some(given) = self.given(undone, account)? else { return Ok(Err(Stale::Gone)) };
        if self.is_undone_by(id, undone)? {
            return Ok(Ok((given.entry, given.field)));
        }
        if let Some(stale) = self.overtaken(undone, &given)? {
            return Ok(Err(stale));
        }
        let history = match given.outcome {
            Answered::Settled => Some(self.restore(&given, person)?),
            _ => None,
        };
        let sql = "UPDATE keyings SET current = answer <> ?3
            WHERE entry = ?1 AND field = ?2 AND (current = 1 OR ?4)";
        let settled = given.outcome == Answered::Settled && given.purpose == "second";
        let row = params![given.entry, given.field.as_str(), undone, settled];
        self.connection().prepare_cached(sql)?.execute(row)?;
        self.put_undoing_down(id, undone, account, &given, history)?;
        queue::refresh(self.connection(), given.entry)?;
        Ok(Ok((given.entry, given.field)))
    }

    fn given(&self, id: &str, account: i64) -> Result<Option<Given>, StoreError> {
        let sql = "SELECT entry, field, book, purpose, outcome, before FROM answers
            WHERE id = ?1 AND account = ?2 AND undoes IS NULL";
        let mut query = self.connection().prepare_cached(sql)?;
        let given = query.query_row(params![id, account], |row| {
            Ok(Given {
                entry: row.get(0)?,
                field: FieldName::new(row.get::<_, String>(1)?),
                book: row.get(2)?,
                purpose: row.get(3)?,
                outcome: from_word(row, 4)?,
                before: from_json(row, 5)?,
            })
        });
        Ok(given.optional()?)
    }

    fn is_undone_by(&self, id: &str, undone: &str) -> Result<bool, StoreError> {
        let sql = "SELECT count(*) FROM answers WHERE id = ?1 AND undoes = ?2";
        let count: i64 = self.connection().query_row(sql, [id, undone], |row| row.get(0))?;
        Ok(count > 0)
    }

    /// Whether anything was said of the field since.
    fn overtaken(&self, undone: &str, given: &Given) -> Result<Option<Stale>, StoreError> {
        let sql = "SELECT count(*) FROM answers WHERE entry = ?1 AND field = ?2
            AND rowid > (SELECT rowid FROM answers WHERE id = ?3)";
        let row = params![given.entry, given.field.as_str(), undone];
        let later: i64 = self.connection().query_row(sql, row, |row| row.get(0))?;
        if shaped::is_withdrawn(self.connection(), given.entry)? {
            return Ok(Some(Stale::Gone));
        }
        let fields = fields::load(self.connection(), given.entry)?;
        let field = fields.iter().find(|field| field.draft.name == given.field);
        Ok(match field {
            None => Some(Stale::Gone),
            Some(field) if later > 0 => Some(Stale::Settled {
                by: field.settled_by.clone().unwrap_or_default(),
                value: field.draft.value.clone(),
                status: field.draft.status,
            }),
            Some(_) => None,
        })
    }

    /// Makes the field what it was; the line this writes in the history.
    fn restore(&self, given: &Given, person: &str) -> Result<i64, StoreError> {
        let connection = self.connection();
        let before = fields::load(connection, given.entry)?;
        let Some(known) = before.iter().find(|field| field.draft.name == given.field) else {
            return Err(StoreError::Unknown(given.field.to_string()));
        };
        let mut after = known.clone();
        let draft = &mut after.draft;
        (draft.value, draft.status) = (given.before.value.clone(), given.before.status);
        draft.confidence = Confidence::clamped(given.before.confidence);
        draft.reasons.clone_from(&given.before.reasons);
        draft.marks.clone_from(&given.before.marks);
        after.settled_by.clone_from(&given.before.settled_by);
        let at = self.at();
        let change = Change {
            entry: given.entry,
            field: &after.draft,
            before: Some(known.draft.status.as_str()),
            after: Some(after.draft.status.as_str()),
            applied: true,
        };
        fields::note(connection, Author { who: person, run: None, at: &at }, &change)?;
        let history = connection.last_insert_rowid();
        fields::update(connection, given.entry, &after)?;
        search::index::replace(connection, given.entry, &before)?;
        Ok(history)
    }

    fn put_undoing_down(
        &self,
        id: &str,
        undone: &str,
        account: i64,
        given: &Given,
        history: Option<i64>,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO answers VALUES
            (?1, ?2, ?3, ?4, ?5, ?6, NULL, ?7, 'undone', ?8, '', '{}', 'undone', '', ?9, ?10)";
        let outcome = word(&Answered::Undone)?;
        let row = params![
            id,
            given.entry,
            given.field.as_str(),
            given.book,
            account,
            self.at(),
            given.purpose,
            outcome,
            history,
            undone
        ];
        self.connection().prepare_cached(sql)?.execute(row)?;
        Ok(())
    }
}
