//! What people are shown: an entry with its page, its fields and what became of each.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;

use super::PageId;
use crate::domain::{BookCover, DraftField, FieldName, FiredRule, FormId, Kind, Projection, Rectangle, Scan};
use crate::store::fields::{self, from_json, from_word};
use crate::store::health::cover_from;
use crate::store::register::{SCAN_COLUMNS, scan_from};
use crate::store::rows::rows;
use crate::store::{Store, StoreError, records, shaped};

/// Which part of the queue somebody works on; everything that is given must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueFilter {
    /// Tasks of this book.
    pub book: Option<String>,
    /// Tasks of this field.
    pub field: Option<FieldName>,
    /// Tasks of registers of this kind.
    pub kind: Option<Kind>,
    /// Tasks for this reason, as the queue words it.
    pub reason: Option<String>,
}

impl QueueFilter {
    /// The conditions as SQL over `queue AS q`; their values are added to `values`.
    pub(super) fn conditions(&self, values: &mut Vec<Value>) -> String {
        let mut conditions = String::new();
        let mut add = |condition: &str, value: Option<String>| {
            if let Some(value) = value {
                values.push(value.into());
                conditions += &condition.replace("{}", &values.len().to_string());
            }
        };
        add(" AND q.book = (SELECT id FROM books WHERE name = ?{})", self.book.clone());
        add(" AND q.field = ?{}", self.field.as_ref().map(|field| field.as_str().to_owned()));
        add(" AND q.kind = ?{}", self.kind.map(|kind| kind.as_str().to_owned()));
        add(" AND q.reason = ?{}", self.reason.clone());
        conditions
    }
}

/// A straightened page as it is shown.
#[derive(Debug, Clone)]
pub struct PageView {
    /// Which page.
    pub id: PageId,
    /// Its scan.
    pub scan: String,
    /// Its book.
    pub book: String,
    /// What stands on the cover.
    pub cover: BookCover,
    /// The form, where it is one.
    pub form: Option<FormId>,
    /// What it registers, where it is a form.
    pub kind: Option<Kind>,
    /// The file name of its picture; none when there is none.
    pub image: Option<String>,
    /// From pixels of the picture to pixels of the scan.
    pub to_scan: Projection,
    /// Its entries, top to bottom.
    pub entries: Vec<i64>,
}

/// A field as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldView {
    /// The field.
    pub field: DraftField,
    /// Who settled it; none while the machine's reading stands.
    pub settled_by: Option<String>,
    /// Who drew its box; none while it stands where the machine found it.
    pub placed_by: Option<String>,
}

/// An entry as it is shown.
#[derive(Debug, Clone)]
pub struct EntryView {
    /// Its number in the store.
    pub id: i64,
    /// Its number on the scan.
    pub number: u32,
    /// What it registers.
    pub kind: Kind,
    /// Its form.
    pub form: FormId,
    /// Its page.
    pub page: PageView,
    /// Its fields, in the order of the form.
    pub fields: Vec<FieldView>,
    /// The rules it breaks.
    pub rules: Vec<FiredRule>,
}

impl EntryView {
    /// Where it stands, in pixels of the scan.
    #[must_use]
    pub fn area(&self) -> Rectangle {
        let area = shaped::area(self.fields.iter().map(|field| &field.field));
        area.unwrap_or(Rectangle::new(0, 0, 0, 0))
    }

    /// The field called `name`.
    #[must_use]
    pub fn field(&self, name: &FieldName) -> Option<&FieldView> {
        self.fields.iter().find(|field| field.field.name == *name)
    }
}

/// One line of the history of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldEvent {
    /// When, as written in the store.
    pub at: String,
    /// Who.
    pub who: String,
    /// The value.
    pub value: String,
    /// The status after.
    pub status: Option<String>,
    /// Whether the value was taken.
    pub applied: bool,
}

impl Store {
    /// The entry with this number in the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn entry_view(&self, id: i64) -> Result<Option<EntryView>, StoreError> {
        let sql = "SELECT scan, half, number, kind, form FROM entries WHERE id = ?1";
        let mut query = self.connection.prepare_cached(sql)?;
        let found = query.query_row([id], |row| {
            let page = PageId { scan: row.get(0)?, half: row.get(1)? };
            Ok((page, row.get(2)?, from_word(row, 3)?, FormId::new(row.get::<_, String>(4)?)))
        });
        let Some((page, number, kind, form)) = found.optional()? else { return Ok(None) };
        let Some(page) = self.page_view(page)? else { return Ok(None) };
        let fields = fields::load(&self.connection, id)?;
        let fields = fields
            .into_iter()
            .map(|field| FieldView {
                field: field.draft,
                settled_by: field.settled_by,
                placed_by: field.placed_by,
            })
            .collect();
        let rules = records::rules_of(&self.connection, id)?;
        Ok(Some(EntryView { id, number, kind, form, page, fields, rules }))
    }

    /// The page with this number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn page_view(&self, id: PageId) -> Result<Option<PageView>, StoreError> {
        let sql =
            "SELECT b.name, b.kind, b.year, b.office, b.volume, b.first_number, b.last_number, b.entries,
                b.pages, s.name, p.form, p.kind, p.image, p.to_scan
            FROM pages AS p JOIN scans AS s ON s.id = p.scan JOIN books AS b ON b.id = s.book
            WHERE p.scan = ?1 AND p.half = ?2";
        let mut query = self.connection.prepare_cached(sql)?;
        let found = query.query_row(params![id.scan, id.half], |row| page(id, row)).optional()?;
        let Some(mut page) = found else { return Ok(None) };
        let sql = "SELECT id FROM entries WHERE id BETWEEN ?1 * 4096 AND ?1 * 4096 + 4095 AND half = ?2 ORDER BY id";
        let mut query = self.connection.prepare_cached(sql)?;
        page.entries =
            query.query_map(params![id.scan, id.half], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(Some(page))
    }

    /// The scan with this number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn scan(&self, id: i64) -> Result<Option<Scan>, StoreError> {
        let sql =
            format!("SELECT {SCAN_COLUMNS} FROM scans AS s JOIN books AS b ON b.id = s.book WHERE s.id = ?1");
        Ok(self.connection.prepare_cached(&sql)?.query_row([id], scan_from).optional()?)
    }

    /// What became of a field, the earliest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn field_events(&self, entry: i64, field: &FieldName) -> Result<Vec<FieldEvent>, StoreError> {
        let sql = "SELECT at, who, value, status_after, applied FROM field_history
            WHERE entry = ?1 AND field = ?2 ORDER BY id";
        rows(&self.connection, sql, params![entry, field.as_str()], |row| {
            Ok(FieldEvent {
                at: row.get(0)?,
                who: row.get(1)?,
                value: row.get(2)?,
                status: row.get(3)?,
                applied: row.get(4)?,
            })
        })
    }

    /// What others have keyed of a field that is not settled, the first first, for whoever settles it: the
    /// verdict as a word and the value.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn keyings(&self, entry: i64, field: &FieldName) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "SELECT verdict, value FROM keyings WHERE entry = ?1 AND field = ?2 AND current = 1
            AND verdict NOT IN ('asked', 'grouped') ORDER BY id";
        rows(&self.connection, sql, params![entry, field.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// What colleagues wrote when they asked others to look at a field.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn asked(&self, entry: i64, field: &FieldName) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT a.remark FROM keyings AS k JOIN answers AS a ON a.id = k.answer
            WHERE k.entry = ?1 AND k.field = ?2 AND k.current = 1 AND k.verdict = 'asked' ORDER BY k.id";
        rows(&self.connection, sql, params![entry, field.as_str()], |row| row.get(0))
    }
}

fn page(id: PageId, row: &Row<'_>) -> rusqlite::Result<PageView> {
    let to_scan: [[f64; 3]; 3] = from_json(row, 13)?;
    let kind = row.get::<_, Option<String>>(11)?.map(|_| from_word(row, 11)).transpose()?;
    Ok(PageView {
        id,
        cover: cover_from(row)?,
        scan: row.get(9)?,
        book: row.get(0)?,
        form: row.get::<_, Option<String>>(10)?.map(FormId::new),
        kind,
        image: row.get(12)?,
        to_scan: Projection::from_rows(to_scan).unwrap_or_else(Projection::identity),
        entries: Vec::new(),
    })
}

/// How many tasks there are, by what they can be filtered by: the word and the count, most first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct QueueCounts {
    /// By book.
    pub books: Vec<(String, u64)>,
    /// By the name of the field.
    pub fields: Vec<(String, u64)>,
    /// By kind of register.
    pub kinds: Vec<(String, u64)>,
    /// By reason.
    pub reasons: Vec<(String, u64)>,
}

impl Store {
    /// How many tasks there are, by what they can be filtered by.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn queue_counts(&self) -> Result<QueueCounts, StoreError> {
        let count = |column: &str, join: &str| -> Result<Vec<(String, u64)>, StoreError> {
            let sql = format!(
                "SELECT {column}, count(*) AS number FROM queue AS q {join} GROUP BY 1 ORDER BY 2 DESC, 1"
            );
            rows(&self.connection, &sql, [], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))
        };
        let mut books = count("b.name", "JOIN books AS b ON b.id = q.book")?;
        books.sort_by(|(a, _), (b, _)| alphanumeric_sort::compare_str(a, b));
        Ok(QueueCounts {
            books,
            fields: count("q.field", "")?,
            kinds: count("q.kind", "")?,
            reasons: count("q.reason", "")?,
        })
    }
}
