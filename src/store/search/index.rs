//! Keeps the search index in step with the fields.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::near;
use super::words::{Word, beginnings, number, words};
use crate::domain::{DraftField, FieldStatus, FieldType, PartialDate, text::fold};
use crate::store::StoreError;
use crate::store::commit::FIELDS_PER_ENTRY;
use crate::store::fields::{self, StoredField};

/// The facets of a row, each a letter and what it says.
pub(super) mod facet {
    /// The kind of the register.
    pub const KIND: char = 'k';
    /// The role of the person or place.
    pub const ROLE: char = 'r';
    /// A year of the entry.
    pub const YEAR: char = 'y';
    /// A decade of the entry, without its last figure.
    pub const DECADE: char = 'd';
    /// The number of the book in the store.
    pub const BOOK: char = 'b';
    /// The number of the entry.
    pub const NUMBER: char = 'n';
    /// The beginning of a word.
    pub const BEGINNING: char = 'p';
    /// The row that stands for the whole entry.
    pub const ENTRY: &str = "entry";
}

/// Fields by whose year an entry is found.
const DATES: [&str; 3] = ["registration.date", "child.birth_date", "death.date"];

/// Indexes the fields the entry has now; `before` are those it had.
pub(in crate::store) fn replace(
    connection: &Connection,
    entry: i64,
    before: &[StoredField],
) -> Result<(), StoreError> {
    remove(connection, entry, before)?;
    let fields = fields::load(connection, entry)?;
    let Common { places, facets } = Common::of(connection, entry, &fields)?;
    let first = entry * FIELDS_PER_ENTRY;
    insert(connection, first, &[], &places, &format!("{} {facets}", facet::ENTRY))?;
    for (position, field) in (1_i64..).zip(fields.iter().map(|field| &field.draft)) {
        if !is_searched(field) {
            continue;
        }
        let words = words(text_of(field));
        let role = role(field.name.subject());
        let facets = format!("{}{role} {facets} {}", facet::ROLE, beginnings_of(&words));
        insert(connection, first + position, &words, &places, &facets)?;
    }
    Ok(())
}

/// Takes the entry, whose fields are `fields`, out of the index.
pub(in crate::store) fn remove(
    connection: &Connection,
    entry: i64,
    fields: &[StoredField],
) -> Result<(), StoreError> {
    let mut delete = connection.prepare_cached("DELETE FROM search_text WHERE rowid = ?1")?;
    let first = entry * FIELDS_PER_ENTRY;
    delete.execute([first])?;
    for (position, field) in (1_i64..).zip(fields) {
        if is_searched(&field.draft) {
            delete.execute([first + position])?;
        }
    }
    Ok(())
}

/// Joins the parts in which the index was written, so that a word is looked up in few places; does
/// about `pages` pages of that work, and goes on where it stopped the next time.
pub(in crate::store) fn merge(connection: &Connection, pages: u64) -> Result<(), StoreError> {
    let sql = "INSERT INTO search_text (search_text, rank) VALUES ('merge', ?1)";
    let mut merge = connection.prepare_cached(sql)?;
    for _ in 0..pages.div_ceil(MERGE_PAGES.unsigned_abs()) {
        let before = connection.total_changes();
        // A negative number of pages joins all parts, not only those of one size.
        merge.execute([MERGE_PAGES])?;
        if connection.total_changes() - before < 2 {
            break;
        }
    }
    Ok(())
}

/// Pages that are joined in one step.
const MERGE_PAGES: i64 = -500;

/// What the rows of an entry share.
struct Common {
    /// The folded words of its places.
    places: String,
    /// Kind, book, years and number.
    facets: String,
}

impl Common {
    fn of(connection: &Connection, entry: i64, fields: &[StoredField]) -> Result<Self, StoreError> {
        let sql = "SELECT e.kind, s.book, b.year FROM entries AS e
            JOIN scans AS s ON s.id = e.scan JOIN books AS b ON b.id = s.book WHERE e.id = ?1";
        let (kind, book, cover_year) = connection.prepare_cached(sql)?.query_row([entry], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, Option<i16>>(2)?))
        })?;
        let mut facets = vec![format!("{}{kind}", facet::KIND), format!("{}{book}", facet::BOOK)];
        for year in years(fields, cover_year) {
            facets.push(format!("{}{year:04}", facet::YEAR));
            facets.push(format!("{}{:03}", facet::DECADE, year / 10));
        }
        facets.extend(entry_number(fields).map(|number| format!("{}{number}", facet::NUMBER)));
        Ok(Self { places: place_words(fields), facets: joined(facets) })
    }
}

/// The folded words of the places of an entry.
fn place_words(fields: &[StoredField]) -> String {
    let places = fields.iter().map(|field| &field.draft).filter(|field| field.field_type == FieldType::Place);
    joined(places.flat_map(|place| words(text_of(place))).map(|word| word.folded))
}

/// The years an entry is found by.
fn years(fields: &[StoredField], cover_year: Option<i16>) -> BTreeSet<i16> {
    let dates = fields.iter().map(|field| &field.draft).filter(|field| DATES.contains(&field.name.as_str()));
    let mut years: BTreeSet<i16> =
        dates.filter_map(|field| field.value.parse::<PartialDate>().ok()).map(PartialDate::year).collect();
    if years.is_empty() {
        years.extend(cover_year);
    }
    years
}

/// The number of the entry as it is searched.
fn entry_number(fields: &[StoredField]) -> Option<String> {
    let field = fields.iter().find(|field| field.draft.name.as_str() == "entry.number")?;
    number(text_of(&field.draft))
}

/// A role as it is searched: one word.
pub(super) fn role(name: &str) -> String {
    fold(name).replace(' ', "")
}

/// Whether the field is a name or a place with something in it.
pub(super) fn is_searched(field: &DraftField) -> bool {
    matches!(field.field_type, FieldType::PersonName | FieldType::Place) && !text_of(field).is_empty()
}

/// What a field is found by: its value, or what was read where that could not be parsed and nobody
/// has looked yet.
fn text_of(field: &DraftField) -> &str {
    let unparsed = field.value.is_empty() && field.status == FieldStatus::Review;
    if unparsed { &field.raw } else { &field.value }
}

/// The beginnings of `words` as facets.
fn beginnings_of(words: &[Word]) -> String {
    let beginnings = words.iter().flat_map(|word| beginnings(&word.folded));
    joined(beginnings.map(|beginning| format!("{}{beginning}", facet::BEGINNING)))
}

/// Writes one row, and its words to the list of words.
fn insert(
    connection: &Connection,
    rowid: i64,
    words: &[Word],
    places: &str,
    facets: &str,
) -> Result<(), StoreError> {
    for word in words {
        near::learn(connection, &word.folded)?;
    }
    let folded = joined(words.iter().map(|word| word.folded.clone()));
    let exact = joined(words.iter().map(|word| word.exact.clone()));
    let sql = "INSERT INTO search_text (rowid, folded, exact, place, facet) VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.prepare_cached(sql)?.execute(params![rowid, folded, exact, places, facets])?;
    Ok(())
}

/// The words, each once, with spaces between them.
fn joined(words: impl IntoIterator<Item = String>) -> String {
    words.into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
}
