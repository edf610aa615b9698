//! Pages that somebody must look at as a whole, and what people say of pages.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::DeskTransaction;
use crate::domain::{NotAForm, PageProblem};
use crate::store::fields::{from_json, from_word, word};
use crate::store::rows::rows;
use crate::store::{Store, StoreError};

/// A straightened page: a scan, or half of a spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PageId {
    /// The number of the scan in the store.
    pub scan: i64,
    /// Which half, from 0.
    pub half: i64,
}

/// A page somebody must look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PageTask {
    /// The page.
    pub page: PageId,
    /// Its scan.
    pub scan: String,
    /// Its book.
    pub book: String,
    /// Why: the word for a [`NotAForm`] or a [`PageProblem`].
    pub reason: String,
}

/// What somebody said of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageAnswer {
    /// It has been looked at, and nothing is missing.
    Done,
}

/// Makes the tasks of the pages of a scan what was found of them, but for those already looked at.
pub(in crate::store) fn refresh_pages(connection: &Connection, scan: i64) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM page_queue WHERE scan = ?1")?.execute([scan])?;
    let sql = "SELECT p.half, p.not_a_form, p.problems FROM pages AS p WHERE p.scan = ?1
        AND NOT EXISTS (SELECT 1 FROM page_answers AS a
            WHERE a.scan = p.scan AND a.half = p.half AND a.what = 'done')";
    let mut query = connection.prepare_cached(sql)?;
    let pages = query.query_map([scan], |row| {
        let not_a_form =
            row.get::<_, Option<String>>(1)?.map(|_| from_word::<NotAForm>(row, 1)).transpose()?;
        Ok((row.get::<_, i64>(0)?, not_a_form, from_json::<Vec<PageProblem>>(row, 2)?))
    })?;
    let mut insert = connection.prepare_cached("INSERT INTO page_queue VALUES (?1, ?2, ?3)")?;
    for page in pages {
        let (half, not_a_form, problems) = page?;
        if let Some(reason) = reason(not_a_form, &problems)? {
            insert.execute(params![scan, half, reason])?;
        }
    }
    Ok(())
}

/// Why somebody must look at a page, if anybody must.
fn reason(not_a_form: Option<NotAForm>, problems: &[PageProblem]) -> Result<Option<String>, StoreError> {
    let grave = [PageProblem::SkewUnsure, PageProblem::CutEdges, PageProblem::UnfilledEntry];
    match not_a_form {
        Some(NotAForm::UnknownForm | NotAForm::NoEntries) => not_a_form.map(|found| word(&found)).transpose(),
        Some(NotAForm::BlankPage | NotAForm::Cover) => Ok(None),
        None => grave.iter().find(|problem| problems.contains(problem)).map(word).transpose(),
    }
}

impl Store {
    /// Pages somebody must look at, at most `limit`, in the order of the books.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn page_tasks(&self, limit: usize) -> Result<Vec<PageTask>, StoreError> {
        let sql = "SELECT q.scan, q.half, s.name, b.name, q.reason FROM page_queue AS q
            JOIN scans AS s ON s.id = q.scan JOIN books AS b ON b.id = s.book
            ORDER BY b.name, s.name, q.half LIMIT ?1";
        rows(&self.connection, sql, [limit as i64], |row| {
            let page = PageId { scan: row.get(0)?, half: row.get(1)? };
            Ok(PageTask { page, scan: row.get(2)?, book: row.get(3)?, reason: row.get(4)? })
        })
    }

    /// Why somebody must look at this page; none when nobody need.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn page_task(&self, page: PageId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT reason FROM page_queue WHERE scan = ?1 AND half = ?2";
        let mut query = self.connection.prepare_cached(sql)?;
        Ok(query.query_row(params![page.scan, page.half], |row| row.get(0)).optional()?)
    }

    /// How many pages somebody must look at.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn page_task_count(&self) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM page_queue";
        Ok(self.connection.query_row(sql, [], |row| row.get::<_, i64>(0))? as u64)
    }
}

impl DeskTransaction<'_> {
    /// Puts down what somebody said of a page; [`PageAnswer::Done`] ends its task.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such page, and when the store cannot be written.
    pub fn answer_page(
        &self,
        page: PageId,
        account: i64,
        what: PageAnswer,
        detail: &str,
    ) -> Result<(), StoreError> {
        let sql = "SELECT 1 FROM pages WHERE scan = ?1 AND half = ?2";
        let found = self.connection().query_row(sql, params![page.scan, page.half], |_| Ok(())).optional()?;
        found.ok_or_else(|| StoreError::Unknown(format!("page {} of scan {}", page.half + 1, page.scan)))?;
        let sql = "INSERT INTO page_answers (scan, half, account, at, what, detail)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let row = params![page.scan, page.half, account, self.at(), word(&what)?, detail];
        self.connection().execute(sql, row)?;
        if what == PageAnswer::Done {
            let sql = "DELETE FROM page_queue WHERE scan = ?1 AND half = ?2";
            self.connection().execute(sql, params![page.scan, page.half])?;
        }
        Ok(())
    }
}
