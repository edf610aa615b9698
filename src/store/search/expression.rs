//! Builds the expressions the full-text index is asked with. Every word in them is made of letters
//! and digits and stands in quotes, so nothing that is typed can be taken for an operator.

use rusqlite::Connection;

use super::index::{facet, role};
use super::words::{LONGEST_BEGINNING, MOST_WORDS, Word, number, words};
use super::{Query, near};
use crate::domain::text::fold;
use crate::store::StoreError;

/// The most words an expression names one by one for a word that is begun; beyond that the index
/// gathers them itself, which is slower.
const MOST_COMPLETIONS: usize = 200;

/// How a word must fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// With its accents.
    Exact,
    /// Without accents.
    Folded,
    /// As the beginning of a word, without accents.
    Beginning,
    /// With one letter wrong.
    Near,
    /// Without accents, or with one letter wrong.
    FoldedOrNear,
}

/// The words of what was typed, each once.
pub(super) fn query_words(text: &str) -> Vec<Word> {
    let mut distinct: Vec<Word> = Vec::new();
    for word in words(text) {
        if !distinct.contains(&word) {
            distinct.push(word);
        }
    }
    distinct.truncate(MOST_WORDS);
    distinct
}

/// The condition that `word` fits; none when no word of the index can.
pub(super) fn word(connection: &Connection, word: &Word, fit: Fit) -> Result<Option<String>, StoreError> {
    let folded = &word.folded;
    Ok(match fit {
        Fit::Exact => Some(one("exact", &word.exact)),
        Fit::Folded => Some(one("folded", folded)),
        Fit::Beginning => beginning(connection, folded)?,
        Fit::Near => any("folded", &near::neighbours(connection, folded)?),
        Fit::FoldedOrNear => or_near("folded", connection, folded)?,
    })
}

/// The condition that a word begins with `folded`.
fn beginning(connection: &Connection, folded: &str) -> Result<Option<String>, StoreError> {
    if folded.chars().count() <= LONGEST_BEGINNING {
        return Ok(Some(one("facet", &format!("{}{folded}", facet::BEGINNING))));
    }
    let words = near::completions(connection, folded, MOST_COMPLETIONS)?;
    if words.len() == MOST_COMPLETIONS {
        return Ok(Some(format!("{} *", one("folded", folded))));
    }
    Ok(any("folded", &words))
}

/// The condition that `column` holds `folded` or a word one letter away.
fn or_near(column: &str, connection: &Connection, folded: &str) -> Result<Option<String>, StoreError> {
    let mut words = near::neighbours(connection, folded)?;
    words.push(folded.to_owned());
    Ok(any(column, &words))
}

/// What the query asks for beside its words; none when nothing can fit. With `forgiving` every word
/// of a place may have one letter wrong.
pub(super) fn filters(
    connection: &Connection,
    query: &Query,
    forgiving: bool,
) -> Result<Option<Vec<String>>, StoreError> {
    let mut all = Vec::new();
    all.extend(query.kind.map(|kind| facet(facet::KIND, kind.as_str())));
    all.extend(query.role.as_deref().map(|name| facet(facet::ROLE, &role(name))));
    let mut others = Vec::new();
    if let Some(text) = &query.number {
        others.push(number(text).map(|number| facet(facet::NUMBER, &number)));
    }
    if let Some((first, last)) = query.years {
        others.push(years(first, last));
    }
    if let Some(book) = &query.book {
        others.push(books(connection, book)?);
    }
    for word in query_words(query.place.as_deref().unwrap_or_default()) {
        let fit = if forgiving { or_near("place", connection, &word.folded)? } else { None };
        others.push(fit.or_else(|| Some(one("place", &word.folded))));
    }
    let others: Option<Vec<_>> = others.into_iter().collect();
    Ok(others.map(|others| all.into_iter().chain(others).collect()))
}

/// The condition that one of the years of an entry lies within `first..=last`: whole decades by
/// their own word, the rest year by year. None when no year does.
fn years(first: i16, last: i16) -> Option<String> {
    let (mut year, last) = (first.max(1), last.min(9999));
    let mut terms = Vec::new();
    while year <= last {
        if year % 10 == 0 && year + 9 <= last {
            terms.push(format!("{}{:03}", facet::DECADE, year / 10));
            year += 10;
        } else {
            terms.push(format!("{}{year:04}", facet::YEAR));
            year += 1;
        }
    }
    any("facet", &terms)
}

/// The condition that the entry is of a book called `text`, by its name or its volume number. None
/// when there is no such book.
fn books(connection: &Connection, text: &str) -> Result<Option<String>, StoreError> {
    let wanted = fold(text);
    let mut query = connection.prepare_cached("SELECT id, name, volume FROM books ORDER BY id")?;
    let mut rows = query.query([])?;
    let mut terms = Vec::new();
    while let Some(row) = rows.next()? {
        let (name, volume) = (row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?);
        if fold(&name) == wanted || volume.is_some_and(|volume| fold(&volume) == wanted) {
            terms.push(format!("{}{}", facet::BOOK, row.get::<_, i64>(0)?));
        }
    }
    Ok(any("facet", &terms))
}

/// The condition that a row has the facet.
fn facet(letter: char, says: &str) -> String {
    one("facet", &format!("{letter}{says}"))
}

/// The condition that `column` holds `term`.
pub(super) fn one(column: &str, term: &str) -> String {
    format!("{column} : \"{term}\"")
}

/// The condition that `column` holds one of `terms`; none when there are none.
fn any(column: &str, terms: &[String]) -> Option<String> {
    let quoted: Vec<_> = terms.iter().map(|term| format!("\"{term}\"")).collect();
    (!quoted.is_empty()).then(|| format!("{column} : ({})", quoted.join(" OR ")))
}
