//! Builds the expressions the full-text index is asked with. Every word in them is made of letters
//! and digits and stands in quotes, so nothing that is typed can be taken for an operator.

use rusqlite::Connection;

use super::index::{date_figures, date_letter, role, term};
use super::near::{self, KnownWord};
use super::words::{LONGEST_BEGINNING, MOST_WORDS, Word, number, words};
use super::{DateOf, Query, WantedDate};
use crate::domain::text::fold;
use crate::store::StoreError;

/// The most words an expression names one by one for a word that is begun; beyond that the index
/// gathers them itself, which is slower.
const MOST_COMPLETIONS: usize = 200;
/// A short beginning is a term of its own; when so few words have it, naming them is faster.
const FEW_COMPLETIONS: usize = 8;
/// Rows assumed for what is not counted and in many rows: kinds, roles, years.
const MANY: u64 = u64::MAX;
/// A term no row has: every term begins with a letter.
const NO_ROW: &str = "\"0\"";

/// How a word must fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// With its accents.
    Exact,
    /// Without accents.
    Folded,
    /// As the beginning of a longer word, without accents.
    Beginning,
    /// With one letter wrong.
    Near,
    /// Without accents, or with one letter wrong.
    FoldedOrNear,
    /// Without accents, in the name or in a place of the entry.
    Parted,
    /// Without accents, in the value or in another reading.
    OtherReading,
}

/// One thing a row must have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Condition {
    /// About how many rows have it.
    rows: u64,
    /// As the index is asked for it.
    expression: String,
}

impl Condition {
    /// That a row has the term.
    fn one(letter: char, says: &str, rows: u64) -> Self {
        Self { rows, expression: quoted(letter, says) }
    }

    /// That a row has one of the terms; none when there are none.
    fn any(terms: &[String], rows: u64) -> Option<Self> {
        let expression = format!("({})", terms.join(" OR "));
        (!terms.is_empty()).then_some(Self { rows, expression })
    }

    /// That a row has one of the words.
    fn any_word(letter: char, words: &[KnownWord]) -> Option<Self> {
        let terms: Vec<_> = words.iter().map(|known| quoted(letter, &known.word)).collect();
        Self::any(&terms, words.iter().map(|known| known.rows).sum())
    }
}

/// The condition that a row stands for a whole entry.
pub(super) fn whole_entry() -> Condition {
    Condition { rows: MANY, expression: format!("\"{}\"", term::ENTRY) }
}

/// The expression for rows that fulfil all `conditions`, the rarest asked first.
///
/// FTS5 looks up every operand of an AND wherever one of them stands, so that a word in every second
/// row would be read from end to end. It does not look into the operands of an OR, so each AND has
/// only two and is an operand of an OR with nothing: the next condition is looked up only where all
/// rarer ones hold.
pub(super) fn all(mut conditions: Vec<Condition>) -> String {
    conditions.sort();
    let expressions = conditions.into_iter().map(|condition| condition.expression);
    let nested = expressions.reduce(|rarer, next| format!("({rarer} OR {NO_ROW}) AND {next}"));
    nested.unwrap_or_default()
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
pub(super) fn word(connection: &Connection, word: &Word, fit: Fit) -> Result<Option<Condition>, StoreError> {
    let folded = &word.folded;
    let rows = || Ok::<_, StoreError>(near::rows_with(connection, folded)?.unwrap_or(0));
    Ok(match fit {
        Fit::Exact => Some(Condition::one(term::EXACT, &word.exact, rows()?)),
        Fit::Folded => Some(Condition::one(term::FOLDED, folded, rows()?)),
        Fit::Beginning => beginning(connection, folded)?,
        Fit::Near => Condition::any_word(term::FOLDED, &near::neighbours(connection, folded)?),
        Fit::FoldedOrNear => or_near(term::FOLDED, connection, folded)?,
        Fit::Parted => either(term::PLACE, folded, rows()?),
        Fit::OtherReading => either(term::ALTERNATIVE, folded, rows()?),
    })
}

/// The condition that a row has the word as one of its own or as the term `other`.
fn either(other: char, folded: &str, rows: u64) -> Option<Condition> {
    Condition::any(&[quoted(term::FOLDED, folded), quoted(other, folded)], rows)
}

/// The condition that a word goes on after `folded`.
fn beginning(connection: &Connection, folded: &str) -> Result<Option<Condition>, StoreError> {
    let mut words = near::completions(connection, folded, MOST_COMPLETIONS)?;
    let many = words.len() == MOST_COMPLETIONS;
    words.retain(|known| known.word != *folded);
    let rows = words.iter().map(|known| known.rows).sum();
    if words.len() > FEW_COMPLETIONS && folded.chars().count() <= LONGEST_BEGINNING {
        return Ok(Some(Condition::one(term::BEGINNING, folded, rows)));
    }
    if many {
        return Ok(Some(Condition { rows, expression: format!("{} *", quoted(term::FOLDED, folded)) }));
    }
    Ok(Condition::any_word(term::FOLDED, &words))
}

/// The condition that a row has `folded` or a word one letter away.
fn or_near(letter: char, connection: &Connection, folded: &str) -> Result<Option<Condition>, StoreError> {
    let mut words = near::neighbours(connection, folded)?;
    if let Some(rows) = near::rows_with(connection, folded)? {
        words.push(KnownWord { word: folded.to_owned(), rows });
    }
    Ok(Condition::any_word(letter, &words))
}

/// What the query asks for beside its words; none when nothing can fit. With `forgiving` every word
/// of a place may have one letter wrong.
pub(super) fn filters(
    connection: &Connection,
    query: &Query,
    forgiving: bool,
) -> Result<Option<Vec<Condition>>, StoreError> {
    let mut all = Vec::new();
    all.extend(query.kind.map(|kind| Condition::one(term::KIND, kind.as_str(), MANY)));
    all.extend(query.role.as_deref().map(|name| Condition::one(term::ROLE, &role(name), MANY)));
    all.extend(query.sex.as_deref().map(|sex| Condition::one(term::SEX, sex, MANY)));
    let mut others = Vec::new();
    others.extend(query.date.map(|wanted| Some(date(wanted))));
    if let Some(office) = &query.office {
        others.push(books_of(connection, office)?);
    }
    if let Some(text) = &query.number {
        others.push(number(text).map(|number| Condition::one(term::NUMBER, &number, 0)));
    }
    if let Some((first, last)) = query.years {
        others.push(years(first, last));
    }
    if let Some(book) = &query.book {
        others.push(books(connection, book)?);
    }
    for word in query_words(query.place.as_deref().unwrap_or_default()) {
        others.push(place(connection, &word.folded, forgiving)?);
    }
    let others: Option<Vec<_>> = others.into_iter().collect();
    Ok(others.map(|others| all.into_iter().chain(others).collect()))
}

/// The condition that a place of the entry has the word; none when no place can.
fn place(connection: &Connection, folded: &str, forgiving: bool) -> Result<Option<Condition>, StoreError> {
    if forgiving {
        return or_near(term::PLACE, connection, folded);
    }
    let rows = near::rows_with(connection, folded)?;
    Ok(rows.map(|rows| Condition::one(term::PLACE, folded, rows)))
}

/// The condition that one of the years of an entry lies within `first..=last`: whole decades by
/// their own term, the rest year by year. None when no year does.
fn years(first: i16, last: i16) -> Option<Condition> {
    let (mut year, last) = (first.max(1), last.min(9999));
    let mut terms = Vec::new();
    while year <= last {
        if year % 10 == 0 && year + 9 <= last {
            terms.push(quoted(term::DECADE, &format!("{:03}", year / 10)));
            year += 10;
        } else {
            terms.push(quoted(term::YEAR, &format!("{year:04}")));
            year += 1;
        }
    }
    Condition::any(&terms, MANY)
}

/// The condition that something happened on this day, or in this year.
fn date(wanted: WantedDate) -> Condition {
    let figures = date_figures(wanted.date);
    let all = [DateOf::Birth, DateOf::Death, DateOf::Registration];
    let meant = all.into_iter().filter(|of| wanted.of.is_none_or(|wanted| wanted == *of));
    let mut terms: Vec<_> =
        meant.map(|of| quoted(term::DATE, &format!("{}{figures}", date_letter(of)))).collect();
    let is_year = wanted.date.day().is_none();
    if is_year && wanted.of.is_none() {
        // The year of its book, for an entry that says none.
        terms.push(quoted(term::YEAR, &figures));
    }
    let rows = if is_year { MANY } else { 1 };
    Condition { rows, expression: format!("({})", terms.join(" OR ")) }
}

/// The condition that the entry is of a book of this office. None when there is no such book.
fn books_of(connection: &Connection, office: &str) -> Result<Option<Condition>, StoreError> {
    let mut query = connection.prepare_cached("SELECT id FROM books WHERE office = ?1 ORDER BY id")?;
    let books = query.query_map([office], |row| row.get::<_, i64>(0))?;
    let terms: Vec<_> =
        books.map(|id| Ok(quoted(term::BOOK, &id?.to_string()))).collect::<rusqlite::Result<_>>()?;
    Ok(Condition::any(&terms, MANY))
}

/// The condition that the entry is of a book called `text`, by its name or its volume number. None
/// when there is no such book.
fn books(connection: &Connection, text: &str) -> Result<Option<Condition>, StoreError> {
    let wanted = fold(text);
    let mut query = connection.prepare_cached("SELECT id, name, volume FROM books ORDER BY id")?;
    let mut rows = query.query([])?;
    let mut terms = Vec::new();
    while let Some(row) = rows.next()? {
        let (name, volume) = (row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?);
        if fold(&name) == wanted || volume.is_some_and(|volume| fold(&volume) == wanted) {
            terms.push(quoted(term::BOOK, &row.get::<_, i64>(0)?.to_string()));
        }
    }
    Ok(Condition::any(&terms, 0))
}

/// A term as it stands in an expression.
fn quoted(letter: char, says: &str) -> String {
    format!("\"{letter}{says}\"")
}

#[cfg(test)]
mod tests {
    use super::{Condition, all};

    #[test]
    fn the_rarest_is_asked_first_and_the_next_only_where_it_stands() {
        let condition = |letter, rows| Condition::one(letter, "x", rows);
        assert_eq!(all(Vec::new()), "");
        assert_eq!(all(vec![condition('w', 7)]), "\"wx\"");
        assert_eq!(
            all(vec![condition('k', u64::MAX), condition('w', 7), condition('l', 3)]),
            "((\"lx\" OR \"0\") AND \"wx\" OR \"0\") AND \"kx\""
        );
    }
}
