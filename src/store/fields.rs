//! The fields of an entry and the history of their values.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::rows::rows;
use crate::domain::{Confidence, DraftField, EngineVersion, FieldName, Rectangle};

/// A field as it stands in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct StoredField {
    /// The field.
    pub draft: DraftField,
    /// Who settled it; none while the machine's reading stands.
    pub settled_by: Option<String>,
    /// Who drew its box; none while it stands where the machine found it.
    pub placed_by: Option<String>,
}

impl StoredField {
    /// A field as the machine has it.
    pub(super) fn of_machine(draft: DraftField) -> Self {
        Self { draft, settled_by: None, placed_by: None }
    }

    /// Whether a person has said what it is or where it stands, so that no new reading of the page replaces it.
    pub(super) fn is_of_people(&self) -> bool {
        self.settled_by.is_some() || self.placed_by.is_some()
    }
}

/// A moment, a run and a person or "machine": what is put down with every change.
#[derive(Debug, Clone, Copy)]
pub(super) struct Author<'a> {
    /// Who.
    pub who: &'a str,
    /// In which run.
    pub run: Option<i64>,
    /// When, as written in the store.
    pub at: &'a str,
}

/// `value` as JSON text.
pub(super) fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// The value whose JSON text is in `column`.
pub(super) fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| unreadable(column, error))
}

/// The value whose name (as serde writes it) is in `column`.
pub(super) fn from_word<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_value(text.into()).map_err(|error| unreadable(column, error))
}

fn unreadable(column: usize, error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

/// The name of a plain value as serde writes it.
pub(super) fn word(value: &impl Serialize) -> Result<String, StoreError> {
    Ok(json(value)?.trim_matches('"').to_owned())
}

/// The fields of the entry, in the order of its form.
pub(super) fn load(connection: &Connection, entry: i64) -> Result<Vec<StoredField>, StoreError> {
    let sql = "SELECT f.name, f.type, f.value, f.raw, f.confidence, f.status, f.ink, f.place,
            f.candidates, e.version, f.settled_by, f.blank, f.reasons, f.marks, f.placed_by
        FROM fields AS f LEFT JOIN engines AS e ON e.id = f.engine
        WHERE f.entry = ?1 ORDER BY f.position";
    rows(connection, sql, [entry], stored_field)
}

fn stored_field(row: &Row<'_>) -> rusqlite::Result<StoredField> {
    let ink = row.get::<_, Option<String>>(6)?;
    let draft = DraftField {
        name: FieldName::new(row.get::<_, String>(0)?),
        field_type: from_word(row, 1)?,
        value: row.get(2)?,
        raw: row.get(3)?,
        confidence: Confidence::clamped(row.get(4)?),
        status: from_word(row, 5)?,
        ink: ink.map(|_| from_json::<Rectangle>(row, 6)).transpose()?,
        place: from_json(row, 7)?,
        blank: Confidence::clamped(row.get(11)?),
        candidates: from_json(row, 8)?,
        reasons: from_json(row, 12)?,
        settled: row.get::<_, Option<String>>(10)?.is_some(),
        marks: from_json(row, 13)?,
        engine: row.get::<_, Option<String>>(9)?.map(EngineVersion),
    };
    Ok(StoredField { draft, settled_by: row.get(10)?, placed_by: row.get(14)? })
}

/// Replaces the fields of the entry.
pub(super) fn replace(connection: &Connection, entry: i64, fields: &[StoredField]) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM fields WHERE entry = ?1")?.execute([entry])?;
    let sql = "INSERT INTO fields VALUES
        (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
    let mut insert = connection.prepare_cached(sql)?;
    for (position, StoredField { draft, settled_by, placed_by }) in (1_i64..).zip(fields) {
        insert.execute(params![
            entry,
            position,
            draft.name.as_str(),
            word(&draft.field_type)?,
            draft.value,
            draft.raw,
            draft.confidence.get(),
            draft.status.as_str(),
            draft.ink.as_ref().map(json).transpose()?,
            json(&draft.place)?,
            json(&draft.candidates)?,
            engine_id(connection, draft.engine.as_ref())?,
            settled_by,
            draft.blank.get(),
            json(&draft.reasons)?,
            json(&draft.marks)?,
            placed_by,
        ])?;
    }
    Ok(())
}

/// Writes what a person can change of a field: value, status, marks and who settled it.
pub(super) fn update(connection: &Connection, entry: i64, field: &StoredField) -> Result<(), StoreError> {
    let StoredField { draft, settled_by, .. } = field;
    let sql = "UPDATE fields SET value = ?3, confidence = ?4, status = ?5, settled_by = ?6, reasons = ?7,
        marks = ?8 WHERE entry = ?1 AND name = ?2";
    let (confidence, status) = (draft.confidence.get(), draft.status.as_str());
    let (reasons, marks) = (json(&draft.reasons)?, json(&draft.marks)?);
    let row =
        params![entry, draft.name.as_str(), draft.value, confidence, status, settled_by, reasons, marks];
    connection.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// The number of an engine, which is noted when it is new.
fn engine_id(connection: &Connection, engine: Option<&EngineVersion>) -> Result<Option<i64>, StoreError> {
    let Some(EngineVersion(version)) = engine else { return Ok(None) };
    let mut query = connection.prepare_cached("SELECT id FROM engines WHERE version = ?1")?;
    if let Some(id) = query.query_row([version], |row| row.get(0)).optional()? {
        return Ok(Some(id));
    }
    connection.execute("INSERT INTO engines (version) VALUES (?1)", [version])?;
    Ok(Some(connection.last_insert_rowid()))
}

/// One line of the history of a field.
#[derive(Debug)]
pub(super) struct Change<'a> {
    /// The number of the entry.
    pub entry: i64,
    /// The field as offered, or as it was when it is withdrawn.
    pub field: &'a DraftField,
    /// Its status before; none when it is new.
    pub before: Option<&'static str>,
    /// Its status after; none when it is withdrawn.
    pub after: Option<&'static str>,
    /// Whether the value offered was taken.
    pub applied: bool,
}

/// Appends a line to the history.
pub(super) fn note(
    connection: &Connection,
    author: Author<'_>,
    change: &Change<'_>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO field_history (entry, field, at, who, run, engine, value, raw, confidence,
            ink, status_before, status_after, applied)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
    let field = change.field;
    connection.prepare_cached(sql)?.execute(params![
        change.entry,
        field.name.as_str(),
        author.at,
        author.who,
        author.run,
        engine_id(connection, field.engine.as_ref())?,
        field.value,
        field.raw,
        field.confidence.get(),
        field.ink.as_ref().map(json).transpose()?,
        change.before,
        change.after,
        change.applied,
    ])?;
    Ok(())
}
