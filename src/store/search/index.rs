//! Keeps the search index in step with the fields.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::DateOf;
use super::near;
use super::words::{beginnings, number, words};
use crate::domain::{DraftField, FieldStatus, FieldType, PartialDate, text::fold};
use crate::store::commit::FIELDS_PER_ENTRY;
use crate::store::fields::{self, StoredField};
use crate::store::{StoreError, shaped};

/// The terms of a row, each a letter and what it says: its words, and "facets" to filter by.
pub(super) mod term {
    /// A word without accents.
    pub const FOLDED: char = 'w';
    /// A word with its accents spelt out.
    pub const EXACT: char = 'x';
    /// A word, without accents, of a place of the entry.
    pub const PLACE: char = 'l';
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
    /// A date or a year of the entry: a letter for what happened then, and its figures.
    pub const DATE: char = 't';
    /// The sex of the person.
    pub const SEX: char = 'g';
    /// A word, without accents, that another reading of the field has and its value has not.
    pub const ALTERNATIVE: char = 'a';
    /// The beginning of a word.
    pub const BEGINNING: char = 'p';
    /// The row that stands for the whole entry.
    pub const ENTRY: &str = "entry";
}

/// Readings of a field beside its value that it is found by.
const ALTERNATIVES: usize = 4;

/// Fields by whose year an entry is found.
const DATES: [&str; 3] = ["registration.date", "child.birth_date", "death.date"];

/// Indexes the fields the entry has now; `before` are those it had.
pub(in crate::store) fn replace(
    connection: &Connection,
    entry: i64,
    before: &[StoredField],
) -> Result<(), StoreError> {
    if shaped::is_withdrawn(connection, entry)? {
        return Ok(()); // It was taken out of the index when it was withdrawn.
    }
    remove(connection, entry, before)?;
    let fields = fields::load(connection, entry)?;
    let common = common_terms(connection, entry, &fields)?;
    let first = entry * FIELDS_PER_ENTRY;
    let sexes = sexes(&fields).into_iter().map(|sex| format!("{}{sex}", term::SEX));
    insert(connection, first, [term::ENTRY.to_owned()].into_iter().chain(sexes).chain(common.clone()))?;
    for (position, field) in (1_i64..).zip(fields.iter().map(|field| &field.draft)) {
        if is_searched(field) {
            near::count(connection, &all_words(field), 1)?;
            let sex = sex_of(field.name.subject(), &fields).map(|sex| format!("{}{sex}", term::SEX));
            insert(
                connection,
                first + position,
                terms_of(field).into_iter().chain(sex).chain(common.clone()),
            )?;
        }
    }
    Ok(())
}

/// Makes the index anew from the fields there are.
pub(in crate::store) fn rebuild(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch(
        "INSERT INTO search_text (search_text) VALUES ('delete-all');
        DELETE FROM search_words; DELETE FROM search_variants;",
    )?;
    let mut query = connection.prepare("SELECT id FROM entries ORDER BY id")?;
    let entries = query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    entries.into_iter().try_for_each(|entry| replace(connection, entry, &[]))
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
            near::count(connection, &all_words(&field.draft), -1)?;
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

/// The terms all rows of an entry share: kind, book, years, number, words of its places.
fn common_terms(
    connection: &Connection,
    entry: i64,
    fields: &[StoredField],
) -> Result<BTreeSet<String>, StoreError> {
    let sql = "SELECT e.kind, s.book, b.year FROM entries AS e
        JOIN scans AS s ON s.id = e.scan JOIN books AS b ON b.id = s.book WHERE e.id = ?1";
    let (kind, book, cover_year) = connection.prepare_cached(sql)?.query_row([entry], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, Option<i16>>(2)?))
    })?;
    let mut terms = place_terms(fields);
    terms.extend([format!("{}{kind}", term::KIND), format!("{}{book}", term::BOOK)]);
    for year in years(fields, cover_year) {
        terms.insert(format!("{}{year:04}", term::YEAR));
        terms.insert(format!("{}{:03}", term::DECADE, year / 10));
    }
    terms.extend(date_terms(fields));
    terms.extend(entry_number(fields).map(|number| format!("{}{number}", term::NUMBER)));
    Ok(terms)
}

/// The words of the places of an entry.
fn place_terms(fields: &[StoredField]) -> BTreeSet<String> {
    let places = fields.iter().map(|field| &field.draft).filter(|field| field.field_type == FieldType::Place);
    places
        .flat_map(|place| words(text_of(place)))
        .map(|word| format!("{}{}", term::PLACE, word.folded))
        .collect()
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

/// What a date of an entry is the date of: the letter of its terms.
pub(super) fn date_letter(of: DateOf) -> char {
    match of {
        DateOf::Birth => 'b',
        DateOf::Death => 'd',
        DateOf::Registration => 'r',
    }
}

/// The figures by which a date is found: a day, or a year.
pub(super) fn date_figures(date: PartialDate) -> String {
    match (date.month(), date.day()) {
        (Some(month), Some(day)) => format!("{:04}{month:02}{day:02}", date.year()),
        _ => format!("{:04}", date.year()),
    }
}

/// The days and years of births, of the death and of the registration.
fn date_terms(fields: &[StoredField]) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for field in fields.iter().map(|field| &field.draft) {
        let of = match field.name.as_str() {
            "registration.date" => DateOf::Registration,
            "death.date" => DateOf::Death,
            name if name.ends_with(".birth_date") || name.ends_with(".birth_year") => DateOf::Birth,
            _ => continue,
        };
        let Ok(date) = field.value.parse::<PartialDate>() else { continue };
        let term = |figures: String| format!("{}{}{figures}", term::DATE, date_letter(of));
        terms.extend([term(date_figures(date)), term(format!("{:04}", date.year()))]);
    }
    terms
}

/// The sex of the person that `role` is, where the entry or the role says it.
fn sex_of<'f>(role: &str, fields: &'f [StoredField]) -> Option<&'f str> {
    let said = |name: &str| {
        let field = fields.iter().find(|field| field.draft.name.as_str() == name)?;
        Some(field.draft.value.as_str()).filter(|value| !value.is_empty())
    };
    match role {
        "child" => said("child.sex"),
        "deceased" => said("deceased.sex"),
        "father" | "husband" => Some("male"),
        "mother" | "wife" => Some("female"),
        _ => None,
    }
}

/// The sexes of those the entry is about.
fn sexes(fields: &[StoredField]) -> BTreeSet<&str> {
    let named = |role: &&str| fields.iter().any(|field| field.draft.name.subject() == *role);
    let about = ["child", "deceased", "husband", "wife"];
    about.iter().filter(|role| named(role)).filter_map(|role| sex_of(role, fields)).collect()
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

/// Whether a field with this status and value is found by what was read of it.
pub(in crate::store) fn is_found_by_reading(status: &str, value: &str) -> bool {
    value.is_empty() && status == FieldStatus::Review.as_str()
}

/// What a field is found by: its value, or what was read where that could not be parsed and nobody
/// has looked yet.
fn text_of(field: &DraftField) -> &str {
    let unparsed = field.value.is_empty() && field.status == FieldStatus::Review;
    if unparsed { &field.raw } else { &field.value }
}

/// The words by which a name or place is found, its value's and those of other readings.
fn all_words(field: &DraftField) -> BTreeSet<String> {
    let mut all = folded_words(field);
    all.extend(alternative_words(field));
    all
}

/// The words of other readings that the value does not have.
fn alternative_words(field: &DraftField) -> BTreeSet<String> {
    let own = folded_words(field);
    let others = field.candidates.iter().filter(|other| other.value != field.value).take(ALTERNATIVES);
    let words = others.flat_map(|other| words(&other.value)).map(|word| word.folded);
    words.filter(|word| !own.contains(word)).collect()
}

/// The other reading of a field that has the words which its value lacks.
pub(super) fn alternative_with(field: &DraftField, wanted: &[String]) -> Option<String> {
    let others = field.candidates.iter().filter(|other| other.value != field.value).take(ALTERNATIVES);
    let count = |value: &str| {
        let has: BTreeSet<String> = words(value).into_iter().map(|word| word.folded).collect();
        wanted.iter().filter(|word| has.contains(*word)).count()
    };
    let best = others.map(|other| (count(&other.value), &other.value)).filter(|(count, _)| *count > 0);
    best.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, value)| value.clone())
}

/// The words of a name or place without accents, each once.
fn folded_words(field: &DraftField) -> BTreeSet<String> {
    words(text_of(field)).into_iter().map(|word| word.folded).collect()
}

/// What a name or place is found by: its role, its words and how they begin.
fn terms_of(field: &DraftField) -> BTreeSet<String> {
    let mut terms = BTreeSet::from([format!("{}{}", term::ROLE, role(field.name.subject()))]);
    for word in words(text_of(field)) {
        terms.extend(beginnings(&word.folded).map(|beginning| format!("{}{beginning}", term::BEGINNING)));
        terms.insert(format!("{}{}", term::FOLDED, word.folded));
        terms.insert(format!("{}{}", term::EXACT, word.exact));
    }
    terms.extend(alternative_words(field).into_iter().map(|word| format!("{}{word}", term::ALTERNATIVE)));
    terms
}

/// Writes one row.
fn insert(
    connection: &Connection,
    rowid: i64,
    terms: impl Iterator<Item = String>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO search_text (rowid, terms) VALUES (?1, ?2)";
    let terms: Vec<_> = terms.collect();
    connection.prepare_cached(sql)?.execute(params![rowid, terms.join(" ")])?;
    Ok(())
}
