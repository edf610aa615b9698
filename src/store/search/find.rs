//! Asks the index, closest first, and gathers what the hits are made of.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::expression::{self, Condition, Fit, query_words};
use super::index::alternative_with;
use super::words::{Word, words};
use super::{Closeness, Found, Hit, HitField, Query, near};
use crate::domain::catalogue::is_critical;
use crate::domain::{DraftField, FieldName, FieldStatus, FormId, ScanName};
use crate::store::commit::FIELDS_PER_ENTRY;
use crate::store::fields::{self, from_word};
use crate::store::{Store, StoreError};

/// A wrong letter is only looked for when fewer entries than these were found without; several only
/// when nothing was found.
const FEW: usize = 2;
/// Beyond so many words a hit is so particular that one is enough.
const SHORT_QUERY: usize = 4;

impl Store {
    /// Finds entries. Any text may be typed; what is not a letter or a figure parts words.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn search(&self, query: &Query) -> Result<Found, StoreError> {
        let snapshot = self.connection.unchecked_transaction()?;
        let words = query_words(&query.text);
        let mut search = Search { connection: &snapshot, query, words: &words, found: Vec::new() };
        if words.is_empty() && query.text.trim().is_empty() {
            search.entries()?;
        } else if !words.is_empty() {
            search.closest_first()?;
        }
        let more = search.found.len() > query.limit;
        let found = search.found.into_iter().take(query.limit);
        let hits = found.map(|entry| hit(&snapshot, &entry, &words)).collect::<Result<Vec<_>, _>>()?;
        // What people settled is no longer found by what else had been read of it.
        let hits =
            hits.into_iter().filter(|h| h.closeness != Closeness::OtherReading || !h.matched.is_empty());
        let hits = hits.collect();
        Ok(Found { hits, more })
    }
}

/// An entry that was found, as numbers.
#[derive(Debug, PartialEq, Eq)]
struct FoundEntry {
    entry: i64,
    /// The positions of the fields that fit.
    positions: Vec<i64>,
    closeness: Closeness,
}

/// A search going on.
struct Search<'a> {
    connection: &'a Connection,
    query: &'a Query,
    words: &'a [Word],
    found: Vec<FoundEntry>,
}

impl Search<'_> {
    /// Looks for entries without any words.
    fn entries(&mut self) -> Result<(), StoreError> {
        let Some(mut conditions) = expression::filters(self.connection, self.query, false)? else {
            return Ok(());
        };
        if self.query.role.is_none() {
            conditions.push(expression::whole_entry());
        }
        self.look(conditions, Closeness::Exact)
    }

    /// Looks for the words, ever less strictly, until enough was found.
    fn closest_first(&mut self) -> Result<(), StoreError> {
        let words = self.words;
        let last = words.len() - 1;
        let unknown = self.unknown_words()?;
        if unknown.is_empty() {
            self.look_with(|_| Fit::Exact, Closeness::Exact)?;
            let accented = words.iter().filter(|word| word.accented).count();
            if (1..words.len()).contains(&accented) {
                let fit = |at: usize| if words[at].accented { Fit::Exact } else { Fit::Folded };
                self.look_with(fit, Closeness::AccentsKept)?;
            }
            self.look_with(|_| Fit::Folded, Closeness::Folded)?;
        }
        if unknown.iter().all(|at| *at == last) {
            self.look_with(|at| if at == last { Fit::Beginning } else { Fit::Folded }, Closeness::Begun)?;
        }
        if unknown.is_empty() {
            self.look_with(|_| Fit::OtherReading, Closeness::OtherReading)?;
        }
        if unknown.is_empty() && words.len() > 1 && self.found.is_empty() {
            self.look_with(|_| Fit::Parted, Closeness::Parted)?;
        }
        self.forgiving(&unknown)
    }

    /// Looks for the words with a wrong letter, when little was found without. A word no name has
    /// (`unknown`, by their places in the query) must be a wrong one.
    fn forgiving(&mut self, unknown: &[usize]) -> Result<(), StoreError> {
        let few = if self.words.len() > SHORT_QUERY { 1 } else { FEW };
        for wrong in 0..self.words.len() {
            let possible = self.found.len() < few && unknown.iter().all(|at| *at == wrong);
            if possible && self.fits_without(wrong)? {
                let fit = |at| if at == wrong { Fit::Near } else { Fit::Folded };
                self.look_with(fit, Closeness::OneWrongLetter)?;
            }
        }
        if self.found.is_empty() && (self.words.len() > 1 || self.query.place.is_some()) {
            self.look_with(|_| Fit::FoldedOrNear, Closeness::WrongLetters)?;
        }
        Ok(())
    }

    /// Whether anything fits all words but the one at `left_out`; asking is cheaper than trying every
    /// spelling of that word in vain.
    fn fits_without(&self, left_out: usize) -> Result<bool, StoreError> {
        let Some(mut conditions) = expression::filters(self.connection, self.query, false)? else {
            return Ok(false);
        };
        let others = self.words.iter().enumerate().filter(|(at, _)| *at != left_out);
        for (_, word) in others {
            conditions.extend(expression::word(self.connection, word, Fit::Folded)?);
        }
        if conditions.is_empty() {
            return Ok(true);
        }
        let sql = "SELECT 1 FROM search_text WHERE search_text MATCH ?1 LIMIT 1";
        Ok(self.connection.prepare_cached(sql)?.exists([expression::all(conditions)])?)
    }

    /// The places in the query of words that no name and no place has.
    fn unknown_words(&self) -> Result<Vec<usize>, StoreError> {
        let mut unknown = Vec::new();
        for (at, word) in self.words.iter().enumerate() {
            if near::rows_with(self.connection, &word.folded)?.is_none() {
                unknown.push(at);
            }
        }
        Ok(unknown)
    }

    /// Looks for the words, each of which (by its place in the query) must fit as `fit` says.
    fn look_with(&mut self, fit: impl Fn(usize) -> Fit, closeness: Closeness) -> Result<(), StoreError> {
        if self.found.len() > self.query.limit {
            return Ok(());
        }
        let mut conditions = Vec::new();
        for (at, word) in self.words.iter().enumerate() {
            match expression::word(self.connection, word, fit(at))? {
                Some(condition) => conditions.push(condition),
                None => return Ok(()),
            }
        }
        let forgiving = closeness == Closeness::WrongLetters;
        if let Some(filters) = expression::filters(self.connection, self.query, forgiving)? {
            conditions.extend(filters);
            self.look(conditions, closeness)?;
        }
        Ok(())
    }

    /// Adds the entries for which all `conditions` hold, until one more than asked for is found.
    fn look(&mut self, conditions: Vec<Condition>, closeness: Closeness) -> Result<(), StoreError> {
        let known: BTreeSet<i64> = self.found.iter().map(|found| found.entry).collect();
        let sql = "SELECT rowid FROM search_text WHERE search_text MATCH ?1 ORDER BY rowid";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query([expression::all(conditions)])?;
        while let Some(row) = rows.next()? {
            let rowid: i64 = row.get(0)?;
            let (entry, position) = (rowid / FIELDS_PER_ENTRY, rowid % FIELDS_PER_ENTRY);
            let same =
                self.found.last_mut().filter(|last| last.entry == entry && last.closeness == closeness);
            if let Some(last) = same {
                last.positions.push(position);
            } else if self.found.len() > self.query.limit {
                break;
            } else if !known.contains(&entry) {
                self.found.push(FoundEntry { entry, positions: vec![position], closeness });
            }
        }
        Ok(())
    }
}

/// The hit that is made of `found`.
fn hit(connection: &Connection, found: &FoundEntry, words: &[Word]) -> Result<Hit, StoreError> {
    let sql = "SELECT s.name, e.number, b.name, e.kind, e.form FROM entries AS e
        JOIN scans AS s ON s.id = e.scan JOIN books AS b ON b.id = s.book WHERE e.id = ?1";
    let HitFields { fields, matched, unsettled } = hit_fields(connection, found, words)?;
    let hit = connection.prepare_cached(sql)?.query_row(params![found.entry], |row| {
        let kind = from_word(row, 3)?;
        Ok(Hit {
            id: found.entry,
            unsettled: unsettled.iter().filter(|name| is_critical(kind, name)).count() as u32,
            scan: ScanName(row.get(0)?),
            entry: row.get(1)?,
            book: row.get(2)?,
            kind,
            form: FormId::new(row.get::<_, String>(4)?),
            closeness: found.closeness,
            matched,
            fields,
        })
    });
    let gone = || StoreError::Damaged("the search index names an entry that is not there".to_owned());
    hit.optional()?.ok_or_else(gone)
}

/// What the fields of a hit come to.
#[derive(Default)]
struct HitFields {
    /// Those that hold something.
    fields: Vec<HitField>,
    /// Those that fit.
    matched: Vec<HitField>,
    /// Those no person has settled.
    unsettled: Vec<FieldName>,
}

/// The fields of a hit that hold something, those of them that fit, and those nobody has settled.
fn hit_fields(connection: &Connection, found: &FoundEntry, words: &[Word]) -> Result<HitFields, StoreError> {
    let mut all = HitFields::default();
    for (position, stored) in (1_i64..).zip(fields::load(connection, found.entry)?) {
        let (draft, settled) = (&stored.draft, stored.settled_by.is_some());
        let unparsed = draft.value.is_empty() && draft.status == FieldStatus::Review;
        let value = if unparsed { draft.raw.clone() } else { draft.value.clone() };
        let field = HitField { name: draft.name.clone(), value, status: draft.status, other_reading: None };
        if found.positions.contains(&position) {
            all.matched.extend(matched(field.clone(), draft, (found.closeness, settled), words));
        }
        if !settled {
            all.unsettled.push(field.name.clone());
        }
        if !field.value.is_empty() {
            all.fields.push(field);
        }
    }
    Ok(all)
}

/// The field as one that fits; none where only a reading fits that a person has since settled otherwise.
fn matched(
    field: HitField,
    draft: &DraftField,
    (closeness, settled): (Closeness, bool),
    wanted: &[Word],
) -> Option<HitField> {
    if closeness != Closeness::OtherReading {
        return Some(field);
    }
    let own: Vec<String> = words(&field.value).into_iter().map(|word| word.folded).collect();
    let lacking: Vec<String> =
        wanted.iter().map(|word| word.folded.clone()).filter(|word| !own.contains(word)).collect();
    let other = alternative_with(draft, &lacking).filter(|_| !settled)?;
    Some(HitField { other_reading: Some(other), ..field })
}
