//! Words that are one letter away from another.
//!
//! Two words one letter apart (one letter another, missing, too many, or two neighbours swapped) have
//! a spelling in common when up to one letter is left out of each (Garbe, "SymSpell", 2012). So every
//! word of the index is kept under itself and under each of its spellings with one letter left out.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use crate::store::StoreError;

/// Keeps `word` among the words that can be found, unless it is known.
pub(super) fn learn(connection: &Connection, word: &str) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached("INSERT OR IGNORE INTO search_words VALUES (?1)")?;
    if insert.execute([word])? == 0 {
        return Ok(());
    }
    let mut insert = connection.prepare_cached("INSERT OR IGNORE INTO search_variants VALUES (?1, ?2)")?;
    for variant in variants(word) {
        insert.execute([variant.as_str(), word])?;
    }
    Ok(())
}

/// Whether any name or place has or had `word`.
pub(super) fn is_known(connection: &Connection, word: &str) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM search_words WHERE word = ?1")?.exists([word])?)
}

/// The known words one letter away from `word`, in alphabetical order, without itself.
pub(super) fn neighbours(connection: &Connection, word: &str) -> Result<Vec<String>, StoreError> {
    let mut query = connection.prepare_cached("SELECT word FROM search_variants WHERE variant = ?1")?;
    let mut neighbours = BTreeSet::new();
    for variant in variants(word) {
        for known in query.query_map([variant], |row| row.get::<_, String>(0))? {
            let known = known?;
            if strsim::osa_distance(word, &known) == 1 {
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
) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT word FROM search_words WHERE word >= ?1 AND word < ?1 || char(1114111)
        ORDER BY word LIMIT ?2";
    let mut query = connection.prepare_cached(sql)?;
    let rows = query.query_map(params![beginning, most as i64], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The word itself and its spellings with one letter left out.
fn variants(word: &str) -> BTreeSet<String> {
    let without = |(at, c): (usize, char)| format!("{}{}", &word[..at], &word[at + c.len_utf8()..]);
    word.char_indices().map(without).chain([word.to_owned()]).collect()
}
