//! Links between entries: what was proposed, and what people say of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, Row, TransactionBehavior, params};
use serde::Serialize;

use super::fields::from_word;
use super::register::written;
use super::rows::rows;
use super::weighing::BookRecords;
use super::{DeskTransaction, Store, StoreError, StoreWriter};
use crate::domain::linked::linked_values;
use crate::domain::{DraftField, FieldStatus, Kind, LinkedValues, ScanName};

/// A proposed link that scores so high is evidence like a confirmed one.
const AS_GOOD_AS_SURE: f64 = 0.99;

/// Where a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkState {
    /// The machine proposes it.
    Proposed,
    /// A person says that the entries belong together.
    Confirmed,
    /// A person says that they do not.
    Refused,
}

/// A link to be proposed; entries by their numbers in the store, the lower one first.
#[derive(Debug, Clone, PartialEq)]
pub struct ProposedLink {
    /// How the entries may belong together, as one word.
    pub kind: &'static str,
    /// The entries, and whom of each it is about.
    pub ends: [(i64, &'static str); 2],
    /// How likely it is, 0..=1.
    pub score: f64,
    /// Why, as JSON without values of records.
    pub reasons: String,
}

/// One end of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkEnd {
    /// The number of the entry in the store.
    #[serde(skip)]
    pub id: i64,
    /// The scan.
    pub scan: ScanName,
    /// The entry of the scan, from 1.
    pub entry: u32,
    /// What it registers.
    pub registers: Kind,
    /// Whom of it the link is about.
    pub role: String,
}

/// A link as it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StoredLink {
    /// Its number.
    pub id: i64,
    /// How the entries may belong together.
    pub kind: String,
    /// Where it stands.
    pub state: LinkState,
    /// How likely it is, 0..=1.
    pub score: f64,
    /// The entries.
    pub ends: [LinkEnd; 2],
    /// Why.
    pub reasons: serde_json::Value,
}

/// One field of one entry, as linking takes it in.
#[derive(Debug)]
pub struct LinkField<'a> {
    /// The number of the entry in the store.
    pub entry: i64,
    /// The number of its book.
    pub book: u32,
    /// What it registers.
    pub kind: Kind,
    /// The field.
    pub name: &'a str,
    /// Its value.
    pub value: &'a str,
    /// Its status.
    pub status: FieldStatus,
    /// Its confidence, 0..=1.
    pub confidence: f64,
}

impl Store {
    /// Hands every filled field called one of `names` to `take`, entry by entry in ascending order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn link_fields(&self, names: &[&str], mut take: impl FnMut(LinkField<'_>)) -> Result<(), StoreError> {
        let books = self
            .connection
            .prepare("SELECT id, book FROM scans")?
            .query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, u32>(1)?)))?
            .collect::<rusqlite::Result<BTreeMap<_, _>>>()?;
        let sql = "SELECT e.id, e.scan, e.kind, f.name, f.value, f.status, f.confidence
            FROM entries AS e CROSS JOIN fields AS f ON f.entry = e.id WHERE f.value <> '' ORDER BY e.id";
        let mut query = self.connection.prepare(sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let name = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
            if !names.contains(&name) {
                continue;
            }
            take(LinkField {
                entry: row.get(0)?,
                book: books.get(&row.get(1)?).copied().unwrap_or(0),
                kind: from_word(row, 2)?,
                name,
                value: row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?,
                status: from_word(row, 5)?,
                confidence: row.get(6)?,
            });
        }
        Ok(())
    }

    /// What other sources have for the fields of every entry of a book, in the order of its records: entries by links
    /// that people confirmed or that are as good as sure, and spreadsheets into which it was keyed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn linked_values(&self, book: &BookRecords) -> Result<LinkedValues, StoreError> {
        let sql = "SELECT l.second, l.first_role, l.second_role FROM links AS l JOIN entries AS e ON e.id = l.second
                WHERE l.first = ?1 AND l.kind <> 'same_parents'
                    AND (l.state = 'confirmed' OR l.state = 'proposed' AND l.score >= ?2)
            UNION ALL
            SELECT l.first, l.second_role, l.first_role FROM links AS l JOIN entries AS e ON e.id = l.first
                WHERE l.second = ?1 AND l.kind <> 'same_parents'
                    AND (l.state = 'confirmed' OR l.state = 'proposed' AND l.score >= ?2)
            ORDER BY 1";
        let mut query = self.connection.prepare(sql)?;
        let mut all = Vec::new();
        for entry in &book.entries {
            let links = query.query_map(params![entry, AS_GOOD_AS_SURE], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
            })?;
            let mut values = Vec::new();
            for link in links {
                let (other, role, of_other) = link?;
                let fields = super::fields::load(&self.connection, other)?;
                let fields: Vec<DraftField> = fields.into_iter().map(|field| field.draft).collect();
                values.extend(linked_values((&role, &of_other), &fields));
            }
            values.extend(super::desk::keyed_values(&self.connection, *entry)?);
            all.push(values);
        }
        Ok(LinkedValues(all))
    }

    /// The number of the book called `name`.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is none, and when the store cannot be read.
    pub fn book_number(&self, name: &str) -> Result<u32, StoreError> {
        let number =
            self.connection.query_row("SELECT id FROM books WHERE name = ?1", [name], |row| row.get(0));
        match number {
            Err(rusqlite::Error::QueryReturnedNoRows) => {
                Err(StoreError::Unknown(format!("the book \"{name}\"")))
            }
            other => Ok(other?),
        }
    }

    /// Every link whose entries are still there, likeliest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn links(&self) -> Result<Vec<StoredLink>, StoreError> {
        self.links_where("1", [])
    }

    /// The links of one entry, those that people confirmed first and those they refused last, else likeliest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn links_of(&self, entry: i64) -> Result<Vec<StoredLink>, StoreError> {
        let mut links = self.links_where("l.first = ?1 OR l.second = ?1", [entry])?;
        links.sort_by_key(|link| match link.state {
            LinkState::Confirmed => 0,
            LinkState::Proposed => 1,
            LinkState::Refused => 2,
        });
        Ok(links)
    }

    fn links_where(
        &self,
        condition: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<Vec<StoredLink>, StoreError> {
        let sql = format!(
            "SELECT l.id, l.kind, l.state, l.score, l.reasons, a.id, s.name, a.number, a.kind, l.first_role,
                b.id, t.name, b.number, b.kind, l.second_role
            FROM links AS l JOIN entries AS a ON a.id = l.first JOIN scans AS s ON s.id = a.scan
                JOIN entries AS b ON b.id = l.second JOIN scans AS t ON t.id = b.scan
            WHERE {condition} ORDER BY l.score DESC, l.id"
        );
        rows(&self.connection, &sql, parameters, stored_link)
    }
}

fn stored_link(row: &Row<'_>) -> rusqlite::Result<StoredLink> {
    let end = |column: usize| -> rusqlite::Result<LinkEnd> {
        Ok(LinkEnd {
            id: row.get(column)?,
            scan: ScanName(row.get(column + 1)?),
            entry: row.get(column + 2)?,
            registers: from_word(row, column + 3)?,
            role: row.get(column + 4)?,
        })
    };
    Ok(StoredLink {
        id: row.get(0)?,
        kind: row.get(1)?,
        state: from_word(row, 2)?,
        score: row.get(3)?,
        reasons: super::fields::from_json(row, 4)?,
        ends: [end(5)?, end(10)?],
    })
}

impl StoreWriter {
    /// Replaces what was proposed before by `links`; what people have settled stays as they settled it. With
    /// a `book` only links of its entries are replaced.
    ///
    /// # Errors
    /// When the store cannot be written; nothing is changed then.
    pub fn propose_links(
        &mut self,
        links: &[ProposedLink],
        book: Option<u32>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let transaction = self.store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let sql = "DELETE FROM links WHERE state = 'proposed' AND (?1 IS NULL
            OR EXISTS (SELECT 1 FROM scans WHERE book = ?1 AND id IN (links.first / 4096, links.second / 4096)))";
        transaction.execute(sql, [book])?;
        let sql = "INSERT INTO links (kind, first, first_role, second, second_role, score, reasons, found_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (kind, first, second, first_role, second_role)
            DO UPDATE SET score = excluded.score, reasons = excluded.reasons, found_at = excluded.found_at";
        let at = written(now);
        {
            let mut insert = transaction.prepare(sql)?;
            for link in links {
                let [(first, first_role), (second, second_role)] = link.ends;
                insert.execute(params![
                    link.kind,
                    first,
                    first_role,
                    second,
                    second_role,
                    link.score,
                    link.reasons,
                    at
                ])?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// Notes what a person says of a link: that the entries belong together, or not.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such link, and when the store cannot be written.
    pub fn settle_link(&mut self, id: i64, same: bool, who: &str, now: Timestamp) -> Result<(), StoreError> {
        let transaction = self.store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        settle(&transaction, id, same, (who, &written(now)))?;
        Ok(transaction.commit()?)
    }
}

/// Puts down what a person says of a link.
pub(super) fn settle(
    connection: &Connection,
    id: i64,
    same: bool,
    (who, at): (&str, &str),
) -> Result<(), StoreError> {
    let state = if same { "confirmed" } else { "refused" };
    if connection.execute("UPDATE links SET state = ?2 WHERE id = ?1", params![id, state])? == 0 {
        return Err(StoreError::Unknown(format!("the link {id}")));
    }
    // What they say of each other is weighed anew.
    let sql = "UPDATE books SET weighed = 0 WHERE id IN (SELECT s.book FROM links AS l
        JOIN entries AS e ON e.id IN (l.first, l.second) JOIN scans AS s ON s.id = e.scan WHERE l.id = ?1)";
    connection.execute(sql, [id])?;
    let sql = "INSERT INTO link_events (link, state, who, at) VALUES (?1, ?2, ?3, ?4)";
    connection.execute(sql, params![id, state, who, at])?;
    Ok(())
}

impl DeskTransaction<'_> {
    /// Notes what a person says of a link: that the entries belong together, or not.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such link, and when the store cannot be written.
    pub fn settle_link(&self, id: i64, same: bool, who: &str) -> Result<(), StoreError> {
        settle(self.connection(), id, same, (who, &self.at()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{birth, moment, read, scan, store};

    fn proposed(first: i64, second: i64) -> ProposedLink {
        let ends = [(first, "event"), (second, "event")];
        ProposedLink { kind: "same_event", ends, score: 0.9, reasons: "[]".to_owned() }
    }

    #[test]
    fn linked_entries_hand_each_other_their_values() {
        let (_folder, mut store) = store();
        let scans = [scan("a-1/1.jpg", 1), scan("b-10/1.jpg", 2)];
        store.register_scans(&scans).unwrap();
        for (scan, name) in scans.iter().zip(["Lê An", "Lê Ân"]) {
            store.commit(&read(scan, vec![birth(scan, 1, name)]), moment()).unwrap();
        }
        let of = |store: &Store, book: &str| {
            let book = store.records_of_book(book).unwrap();
            let linked = store.linked_values(&book).unwrap();
            let named = linked.of(0).iter().find(|linked| linked.field.as_str() == "child.name");
            (book.entries[0], named.map(|linked| linked.value.clone()))
        };
        let (a, b) = (of(&store, "a-1").0, of(&store, "b-10").0);
        store.propose_links(&[proposed(a.min(b), a.max(b))], None, moment()).unwrap();
        assert_eq!(of(&store, "a-1").1, None);
        for book in ["a-1", "b-10"] {
            let records = store.records_of_book(book).unwrap();
            store.keep_weighed(book, &records, moment()).unwrap();
        }
        let link = store.links().unwrap()[0].id;
        store.settle_link(link, true, "lan", moment()).unwrap();
        assert_eq!(of(&store, "a-1").1.as_deref(), Some("Lê Ân"));
        assert_eq!(of(&store, "b-10").1.as_deref(), Some("Lê An"));
        assert_eq!(store.books_to_weigh(true).unwrap(), ["a-1", "b-10"]);
        store.settle_link(link, false, "lan", moment()).unwrap();
        assert_eq!(of(&store, "a-1").1, None);
    }

    #[test]
    fn what_people_settled_outlives_every_search() {
        let (_folder, mut store) = store();
        let scans = [scan("a-1/1.jpg", 1), scan("b-10/1.jpg", 2)];
        store.register_scans(&scans).unwrap();
        for scan in &scans {
            store
                .commit(&read(scan, vec![birth(scan, 1, "Lê An"), birth(scan, 2, "Lê Bình")]), moment())
                .unwrap();
        }
        let mut entries = Vec::new();
        store
            .link_fields(&["child.name"], |field| {
                entries.push((field.entry, field.book, field.value.to_owned()))
            })
            .unwrap();
        assert_eq!(entries.len(), 4);
        let (a, b, c) = (entries[0].0, entries[1].0, entries[2].0);
        store.propose_links(&[proposed(a, c), proposed(a, b)], None, moment()).unwrap();
        let id = |store: &Store| store.links().unwrap().iter().map(|link| link.id).min().unwrap();
        let first = id(&store);
        store.settle_link(first, false, "lan", moment()).unwrap();
        store.propose_links(&[proposed(b, c)], None, moment()).unwrap();
        let links = store.links().unwrap();
        let states: Vec<_> = links.iter().map(|link| link.state).collect();
        assert_eq!(states, [LinkState::Refused, LinkState::Proposed]);
        assert_eq!(links[0].ends[0].scan.0, "a-1/1.jpg");
        let book = store.book_number("b-10").unwrap();
        store.propose_links(&[], Some(book), moment()).unwrap();
        assert_eq!(store.links().unwrap().len(), 1);
        assert!(matches!(store.settle_link(999, true, "lan", moment()), Err(StoreError::Unknown(_))));
        assert!(store.connection.execute("DELETE FROM link_events", []).is_err());
    }
}
