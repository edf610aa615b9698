//! Words that are one letter away from another.
//!
//! Two words one letter apart (one letter another, missing, too many, or two neighbours swapped) have
//! a spelling in common when up to one letter is left out of each (Garbe, "SymSpell", 2012). So every
//! word of the index is kept under itself and under each of its spellings with one letter left out.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::store::StoreError;
use crate::store::rows::rows;

/// A word that a name or a place has or had.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KnownWord {
    /// Folded.
    pub word: String,
    /// Names and places that have it.
    pub rows: u64,
}

/// Counts a row more, or with `change` -1 a row less, for each of `words`; keeps those that are new
/// among the words that can be found.
pub(super) fn count(
    connection: &Connection,
    words: &BTreeSet<String>,
    change: i64,
) -> Result<(), StoreError> {
    let sql = "UPDATE search_words SET rows = max(0, rows + ?2) WHERE word = ?1";
    let mut update = connection.prepare_cached(sql)?;
    for word in words {
        if update.execute(params![word, change])? == 0 {
            learn(connection, word, change.max(0))?;
        }
    }
    Ok(())
}

/// Keeps a new word.
fn learn(connection: &Connection, word: &str, rows: i64) -> Result<(), StoreError> {
    connection.prepare_cached("INSERT INTO search_words VALUES (?1, ?2)")?.execute(params![word, rows])?;
    let mut insert = connection.prepare_cached("INSERT OR IGNORE INTO search_variants VALUES (?1, ?2)")?;
    for variant in variants(word) {
        insert.execute([variant.as_str(), word])?;
    }
    Ok(())
}

/// How many names and places have `word`; none when none ever had.
pub(super) fn rows_with(connection: &Connection, word: &str) -> Result<Option<u64>, StoreError> {
    let mut query = connection.prepare_cached("SELECT rows FROM search_words WHERE word = ?1")?;
    let rows: Option<i64> = query.query_row([word], |row| row.get(0)).optional()?;
    Ok(rows.map(i64::unsigned_abs))
}

/// The known words one letter away from `word`, in alphabetical order, without itself.
pub(super) fn neighbours(connection: &Connection, word: &str) -> Result<Vec<KnownWord>, StoreError> {
    let sql = "SELECT w.word, w.rows FROM search_variants AS v JOIN search_words AS w ON w.word = v.word
        WHERE v.variant = ?1";
    let mut query = connection.prepare_cached(sql)?;
    let mut neighbours = BTreeSet::new();
    for variant in variants(word) {
        for known in query.query_map([variant], known_word)? {
            let known = known?;
            if strsim::osa_distance(word, &known.word) == 1 {
                neighbours.insert(known);
            }
        }
    }
    Ok(neighbours.into_iter().collect())
}

/// The known words that begin with `beginning`, in alphabetical order, `most` at the most.
pub(super) fn completions(
    connection: &Connection,
    beginning: &str,
    most: usize,
) -> Result<Vec<KnownWord>, StoreError> {
    let sql = "SELECT word, rows FROM search_words WHERE word >= ?1 AND word < ?1 || char(1114111)
        ORDER BY word LIMIT ?2";
    rows(connection, sql, params![beginning, most as i64], known_word)
}

fn known_word(row: &Row<'_>) -> rusqlite::Result<KnownWord> {
    Ok(KnownWord { word: row.get(0)?, rows: row.get::<_, i64>(1)?.unsigned_abs() })
}

/// The word itself and its spellings with one letter left out.
fn variants(word: &str) -> BTreeSet<String> {
    let without = |(at, c): (usize, char)| format!("{}{}", &word[..at], &word[at + c.len_utf8()..]);
    word.char_indices().map(without).chain([word.to_owned()]).collect()
}
