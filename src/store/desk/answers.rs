//! Answers of people: each an event that is never changed, and what it does to its field.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::queue::{self, Purpose};
use super::{DeskTransaction, Policy};
use crate::domain::{FieldName, FieldStatus, Kind, Mark, text};
use crate::store::StoreError;
use crate::store::fields::{self, Author, StoredField, from_json, from_word, json, word};
use crate::store::verify::{self, Verdict};

/// How a person came to the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The best reading was confirmed.
    Confirmed,
    /// Another reading was chosen.
    Chosen,
    /// It was typed.
    Typed,
    /// One key said that nothing can be read there: blank, illegible, torn off.
    Said,
    /// A colleague was asked.
    Asked,
    /// It was confirmed among others that were read alike.
    Grouped,
    /// It was settled where the whole entry is shown.
    OnRecord,
}

/// What a person says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// What is written there.
    Verdict(Verdict),
    /// Somebody else shall look.
    AskColleague,
}

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Made by the browser; the same answer sent twice has the same.
    pub id: String,
    /// Who answers.
    pub account: i64,
    /// The name of the account, for the history.
    pub person: String,
    /// The window that held the task; none where the whole entry is shown.
    pub lease: Option<String>,
    /// The entry.
    pub entry: i64,
    /// Its field.
    pub field: FieldName,
    /// How the person came to it.
    pub action: Action,
    /// What the person says.
    pub said: Said,
    /// What the person found beside the value.
    pub marks: Vec<Mark>,
    /// A word to colleagues.
    pub remark: String,
    /// Seconds from showing to answering.
    pub seconds: Option<f64>,
    /// The value that was shown, where the answer is about that value: it must still be the one.
    pub shown: Option<String>,
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answered {
    /// The field is settled.
    Settled,
    /// It is kept until another person has keyed the field.
    Keyed,
    /// It differs from what another person keyed; a third settles it.
    Differs,
    /// Somebody else will look.
    Passed,
    /// The answer was known already: the field stays as it is.
    Seeded,
    /// An earlier answer was taken back.
    Undone,
}

/// Why an answer was refused: nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stale {
    /// Somebody settled the field meanwhile.
    Settled {
        /// Who.
        by: String,
        /// The value it has now.
        value: String,
        /// Its status now.
        status: FieldStatus,
    },
    /// Somebody else holds the task now.
    Held,
    /// The entry or its field is gone: the page was read again.
    Gone,
    /// Something was done or said since that would be lost.
    Overtaken,
    /// The value is no longer the one that was shown.
    Changed {
        /// The value it has now.
        value: String,
    },
}

/// How the field stood before an answer, so that it can be undone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Before {
    pub value: String,
    pub status: FieldStatus,
    pub confidence: f64,
    pub reasons: Vec<crate::domain::Reason>,
    pub settled_by: Option<String>,
    pub marks: Vec<Mark>,
}

impl Before {
    pub(super) fn of(field: &StoredField) -> Self {
        Self {
            value: field.draft.value.clone(),
            status: field.draft.status,
            confidence: field.draft.confidence.get(),
            reasons: field.draft.reasons.clone(),
            settled_by: field.settled_by.clone(),
            marks: field.draft.marks.clone(),
        }
    }
}

/// The task an answer is about.
struct Task {
    book: i64,
    kind: Kind,
    purpose: Option<Purpose>,
    lease: Option<String>,
    leased_until: i64,
    /// Whether it is about a row that was sent back, whoever settled it before.
    sent_back: bool,
}

impl DeskTransaction<'_> {
    /// Puts an answer down: the field is settled, or the keying is kept until another person's.
    ///
    /// An answer that was put down before gives what became of it then.
    ///
    /// # Errors
    /// When the store cannot be written. An answer that has been overtaken is no error but [`Stale`].
    pub fn answer(&self, answer: &Answer) -> Result<Result<Answered, Stale>, StoreError> {
        if let Some(known) = self.known(&answer.id)? {
            return Ok(Ok(known));
        }
        let Some(task) = self.task(answer)? else { return Ok(Err(Stale::Gone)) };
        let fields = fields::load(self.connection(), answer.entry)?;
        let Some(field) = fields.iter().find(|field| field.draft.name == answer.field) else {
            return Ok(Err(Stale::Gone));
        };
        if let Some(stale) = self.stale(answer, &task, field) {
            return Ok(Err(stale));
        }
        let (answered, history) = self.apply(answer, &task, field)?;
        self.put_down(answer, &task, field, answered, history)?;
        queue::refresh(self.connection(), answer.entry)?;
        Ok(Ok(answered))
    }

    /// What became of the answer with this id, when there is one.
    fn known(&self, id: &str) -> Result<Option<Answered>, StoreError> {
        let mut query = self.connection().prepare_cached("SELECT outcome FROM answers WHERE id = ?1")?;
        Ok(query.query_row([id], |row| from_word(row, 0)).optional()?)
    }

    fn task(&self, answer: &Answer) -> Result<Option<Task>, StoreError> {
        let sql = "SELECT s.book, e.kind, q.purpose, q.lease, coalesce(q.leased_until, 0), coalesce(q.reason = 'sent_back', 0)
            FROM entries AS e JOIN scans AS s ON s.id = e.scan
            LEFT JOIN queue AS q ON q.entry = e.id AND q.field = ?2 WHERE e.id = ?1";
        let mut query = self.connection().prepare_cached(sql)?;
        let row = params![answer.entry, answer.field.as_str()];
        let task = query.query_row(row, |row| {
            let purpose = row.get::<_, Option<String>>(2)?.map(|_| from_word(row, 2)).transpose()?;
            let (book, kind) = (row.get(0)?, from_word(row, 1)?);
            let (lease, leased_until, sent_back) = (row.get(3)?, row.get(4)?, row.get(5)?);
            Ok(Task { book, kind, purpose, lease, leased_until, sent_back })
        });
        Ok(task.optional()?)
    }

    /// Why the answer comes too late, if it does.
    fn stale(&self, answer: &Answer, task: &Task, field: &StoredField) -> Option<Stale> {
        let draft = &field.draft;
        if answer.shown.as_ref().is_some_and(|shown| *shown != draft.value) {
            return Some(Stale::Changed { value: draft.value.clone() });
        }
        let lease = answer.lease.as_ref()?;
        if task.purpose == Some(Purpose::Seed) {
            return None;
        }
        let settled_before = task.purpose == Some(Purpose::Audit) || task.sent_back;
        if let Some(by) = field.settled_by.as_ref().filter(|_| !settled_before) {
            return Some(Stale::Settled { by: by.clone(), value: draft.value.clone(), status: draft.status });
        }
        let held = task.leased_until >= self.milliseconds() && task.lease.as_ref() != Some(lease);
        held.then_some(Stale::Held)
    }

    /// Lets the answer work on its field; the line it wrote in the history, if any.
    fn apply(
        &self,
        answer: &Answer,
        task: &Task,
        field: &StoredField,
    ) -> Result<(Answered, Option<i64>), StoreError> {
        let Said::Verdict(verdict) = &answer.said else {
            self.keep_keying(answer, "asked", "")?;
            return Ok((Answered::Passed, None));
        };
        if task.purpose == Some(Purpose::Seed) {
            return Ok((Answered::Seeded, None));
        }
        let policy = Policy::load(self.connection())?;
        let two = answer.lease.is_some()
            && policy.needs_two(task.kind, &answer.field)
            && matches!(task.purpose, Some(Purpose::Review | Purpose::Second));
        if !two {
            return Ok((Answered::Settled, Some(self.settle(answer, verdict, &answer.person, field)?)));
        }
        let first = first_keying(self.connection(), answer)?;
        self.keep_keying(answer, &verdict_word(verdict), verdict.value())?;
        match first {
            None => Ok((Answered::Keyed, None)),
            Some(first) if first.agrees(answer, verdict) => {
                let both = format!("{} + {}", first.person, answer.person);
                Ok((Answered::Settled, Some(self.settle(answer, verdict, &both, field)?)))
            }
            Some(_) => Ok((Answered::Differs, None)),
        }
    }

    fn settle(
        &self,
        answer: &Answer,
        verdict: &Verdict,
        person: &str,
        field: &StoredField,
    ) -> Result<i64, StoreError> {
        let at = self.at();
        let author = Author { who: person, run: None, at: &at };
        let mut after = field.clone();
        after.draft.marks.clone_from(&answer.marks);
        let history = verify::settle(self.connection(), answer.entry, after, verdict, author)?;
        let sql = "UPDATE keyings SET current = 0 WHERE entry = ?1 AND field = ?2 AND current = 1";
        let row = params![answer.entry, answer.field.as_str()];
        self.connection().prepare_cached(sql)?.execute(row)?;
        self.looked_at(answer.entry, &answer.field)?;
        if answer.action == Action::Grouped && queue::is_looked_at_again(answer.entry, &answer.field) {
            self.keep_keying(answer, GROUPED, verdict.value())?;
        }
        Ok(history)
    }

    /// Keeps what was keyed, and lets go of the task.
    fn keep_keying(&self, answer: &Answer, verdict: &str, value: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO keyings (entry, field, account, verdict, value, marks, answer)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let (field, marks) = (answer.field.as_str(), json(&answer.marks)?);
        let row = params![answer.entry, field, answer.account, verdict, text::clean(value), marks, answer.id];
        self.connection().prepare_cached(sql)?.execute(row)?;
        let free = "UPDATE queue SET lease = NULL, holder = NULL, leased_until = 0
            WHERE entry = ?1 AND field = ?2";
        self.connection().prepare_cached(free)?.execute(params![answer.entry, field])?;
        Ok(())
    }

    fn put_down(
        &self,
        answer: &Answer,
        task: &Task,
        field: &StoredField,
        answered: Answered,
        history: Option<i64>,
    ) -> Result<(), StoreError> {
        let purpose = task.purpose.map_or(Ok("none".to_owned()), |purpose| word(&purpose))?;
        let (verdict, value) = match &answer.said {
            Said::AskColleague => ("asked".to_owned(), String::new()),
            Said::Verdict(verdict) => (verdict_word(verdict), text::clean(verdict.value())),
        };
        let sql = "INSERT INTO answers VALUES
            (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, NULL)";
        self.connection().prepare_cached(sql)?.execute(params![
            answer.id,
            answer.entry,
            answer.field.as_str(),
            task.book,
            answer.account,
            self.at(),
            answer.seconds,
            purpose,
            word(&answer.action)?,
            word(&answered)?,
            answer.remark,
            json(&Before::of(field))?,
            verdict,
            value,
            history,
        ])?;
        Ok(())
    }
}

/// The verdict noted of a field that was confirmed among many and shall be looked at again by another.
const GROUPED: &str = "grouped";

/// The word for a verdict.
pub(super) fn verdict_word(verdict: &Verdict) -> String {
    let word = match verdict {
        Verdict::Value(_) => "value",
        Verdict::Blank => "blank",
        Verdict::Illegible => "illegible",
        Verdict::Torn => "torn",
    };
    word.to_owned()
}

/// What another person keyed.
struct Keying {
    person: String,
    verdict: String,
    value: String,
    marks: Vec<Mark>,
}

impl Keying {
    fn agrees(&self, answer: &Answer, verdict: &Verdict) -> bool {
        self.verdict == verdict_word(verdict)
            && text::comparable(&self.value) == text::comparable(verdict.value())
            && self.marks.contains(&Mark::Struck) == answer.marks.contains(&Mark::Struck)
    }
}

/// What somebody else keyed of the same field, if anybody did.
fn first_keying(connection: &Connection, answer: &Answer) -> Result<Option<Keying>, StoreError> {
    let sql = "SELECT a.name, k.verdict, k.value, k.marks FROM keyings AS k JOIN accounts AS a ON a.id = k.account
        WHERE k.entry = ?1 AND k.field = ?2 AND k.current = 1 AND k.verdict NOT IN ('asked', 'grouped') ORDER BY k.id LIMIT 1";
    let mut query = connection.prepare_cached(sql)?;
    let keying = query.query_row(params![answer.entry, answer.field.as_str()], |row| {
        Ok(Keying {
            person: row.get(0)?,
            verdict: row.get(1)?,
            value: row.get(2)?,
            marks: from_json(row, 3)?,
        })
    });
    Ok(keying.optional()?)
}
