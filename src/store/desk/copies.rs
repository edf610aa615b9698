//! Issued copies: number, log and document come into being together, in one transaction.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::DeskTransaction;
use crate::domain::{
    ContentHash, CopyNumber, CopyRequest, IssuedCopy, LoggedPaper, MadeCopy, NumberSeries, RecordName,
    RecordToIssue, Voided,
};
use crate::store::rows::rows;
use crate::store::{Store, StoreError, records, weighing};

impl DeskTransaction<'_> {
    /// Takes the next number of the paper's series, has the copy made of the record as it stands, and puts both
    /// into the log. The number is given out when the transaction is committed and not before: whoever issues at
    /// the same time waits, and nobody ever skips a number or has one twice, whenever the program is killed.
    ///
    /// # Errors
    /// Those of `make`; [`StoreError::Unknown`] when there is no such record, and when the store cannot be
    /// written. The number is free again then.
    pub fn issue_copy<E: From<StoreError>>(
        &self,
        name: &RecordName,
        (paper, request): (&LoggedPaper, &CopyRequest),
        make: impl FnOnce(&RecordToIssue, u32) -> Result<MadeCopy, E>,
    ) -> Result<(IssuedCopy, Vec<u8>), E> {
        let record = records::to_issue(self.connection(), name)?;
        let number = self.next_number(&paper.series)?;
        let made = make(&record, number)?;
        let copy = self.enter((record.entry, name), (paper, number), (request, &made))?;
        Ok((copy, made.pdf))
    }

    /// The record called `name` as it stands in this transaction, with what a copy of it needs beside its fields.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is none, and when the store cannot be read.
    pub fn record_to_issue(&self, name: &RecordName) -> Result<RecordToIssue, StoreError> {
        records::to_issue(self.connection(), name)
    }

    /// Voids a copy for good, a spoiled print for instance; its number stays taken.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such copy, [`StoreError::Unstorable`] when no reason is given or
    /// it is voided already, and when the store cannot be written.
    pub fn void_copy(&self, copy: &CopyNumber, reason: &str, who: &str) -> Result<(), StoreError> {
        let reason = reason.trim();
        let refused = |reason| {
            let subject = format!("voiding copy {}", copy.series.number(copy.number));
            Err(StoreError::Unstorable { subject, reason })
        };
        if reason.is_empty() {
            return refused("say why: it stands in the log for ever");
        }
        let id = copy_id(self.connection(), copy)?;
        let sql = "INSERT INTO voided_copies VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        match self.connection().execute(sql, params![id, reason, who, self.at()])? {
            0 => refused("it has been voided before"),
            _ => Ok(()),
        }
    }

    /// Sets something for this store, which [`Store::setting`] gives back.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set(&self, name: &str, value: &impl Serialize) -> Result<(), StoreError> {
        weighing::set(self.connection(), name, value, &self.at())
    }

    fn next_number(&self, series: &NumberSeries) -> Result<u32, StoreError> {
        let sql = "SELECT coalesce(
            (SELECT 1 + max(number) FROM issued_copies WHERE symbol = ?1 AND year = ?2),
            (SELECT first FROM first_numbers WHERE symbol = ?1 AND year = ?2 ORDER BY id DESC LIMIT 1),
            1)";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.query_row(params![series.symbol, series.year], |row| row.get(0))?)
    }

    /// The copy that was made when the order with this id was carried out; none when it was not.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn copy_of_order(&self, order: &str) -> Result<Option<IssuedCopy>, StoreError> {
        let sql = "SELECT copy FROM copy_orders WHERE id = ?1";
        let id = self.connection().prepare_cached(sql)?.query_row([order], |row| row.get(0)).optional()?;
        id.map_or(Ok(None), |id| one(self.connection(), id))
    }

    /// Notes that the order with this id was carried out with this copy.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such copy, and when the store cannot be written.
    pub fn note_order(&self, order: &str, copy: &IssuedCopy) -> Result<(), StoreError> {
        let series = NumberSeries { symbol: copy.symbol.clone(), year: copy.year };
        let id = copy_id(self.connection(), &CopyNumber { series, number: copy.number })?;
        self.connection().execute("INSERT INTO copy_orders VALUES (?1, ?2)", params![order, id])?;
        Ok(())
    }

    /// Says with which number a series begins, for an office that kept its log elsewhere until now.
    ///
    /// # Errors
    /// [`StoreError::Unstorable`] when copies of the series have been issued, and when the store cannot be written.
    pub fn set_first_number(&self, series: &NumberSeries, first: u32, who: &str) -> Result<(), StoreError> {
        let sql = "SELECT count(*) FROM issued_copies WHERE symbol = ?1 AND year = ?2";
        let row = params![series.symbol, series.year];
        let issued: i64 = self.connection().query_row(sql, row, |row| row.get(0))?;
        if issued > 0 || first == 0 {
            let reason = match first {
                0 => "numbers begin with 1",
                _ => "copies of this series have been issued already; its numbers go on from them",
            };
            let subject = format!("first number {first} of {} in {}", series.symbol, series.year);
            return Err(StoreError::Unstorable { subject, reason });
        }
        let sql = "INSERT INTO first_numbers (symbol, year, first, who, at) VALUES (?1, ?2, ?3, ?4, ?5)";
        let row = params![series.symbol, series.year, first, who, self.at()];
        self.connection().execute(sql, row)?;
        Ok(())
    }

    /// Puts the copy into the log, and its document beside it.
    fn enter(
        &self,
        (entry, name): (i64, &RecordName),
        (paper, number): (&LoggedPaper, u32),
        (request, made): (&CopyRequest, &MadeCopy),
    ) -> Result<IssuedCopy, StoreError> {
        let sql = "INSERT INTO issued_copies (symbol, year, number, paper, paper_name, entry, record,
                requester, relation, identity_paper, copies, fee, signer, signer_title, note, issued_by,
                issued_on, issued_at, content_hash, document_hash)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)";
        let document: [u8; 32] = Sha256::digest(&made.pdf).into();
        self.connection().prepare_cached(sql)?.execute(params![
            paper.series.symbol,
            paper.series.year,
            number,
            paper.id,
            paper.name,
            entry,
            name.to_string(),
            request.requester,
            request.relation,
            request.identity_paper,
            request.copies,
            request.fee,
            request.signer,
            request.signer_title,
            request.note,
            request.issued_by,
            request.on.to_string(),
            self.at(),
            made.content.0,
            document,
        ])?;
        let id = self.connection().last_insert_rowid();
        let sql = "INSERT INTO issued_documents VALUES (?1, ?2)";
        self.connection().prepare_cached(sql)?.execute(params![id, made.pdf])?;
        one(self.connection(), id)?
            .ok_or_else(|| unknown(&CopyNumber { series: paper.series.clone(), number }))
    }
}

impl Store {
    /// The log of issued copies, in the order they were issued; only of `year` when one is given.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn issued_copies(&self, year: Option<i16>) -> Result<Vec<IssuedCopy>, StoreError> {
        let mut log = copies(&self.connection, "?1 IS NULL OR c.year = ?1", [year])?;
        let mut places = BTreeMap::new();
        for copy in &mut log {
            let place = places.entry(copy.year).or_insert(0);
            *place += 1;
            copy.place = *place;
        }
        Ok(log)
    }

    /// The copies of one record, in the order they were issued; their places are left at 0.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn copies_of(&self, record: &RecordName) -> Result<Vec<IssuedCopy>, StoreError> {
        copies(&self.connection, "c.record = ?1", [record.to_string()])
    }

    /// The number with which a series begins, where the office has set one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn first_number(&self, series: &NumberSeries) -> Result<Option<u32>, StoreError> {
        let sql = "SELECT first FROM first_numbers WHERE symbol = ?1 AND year = ?2 ORDER BY id DESC LIMIT 1";
        let row = params![series.symbol, series.year];
        Ok(self.connection.prepare_cached(sql)?.query_row(row, |row| row.get(0)).optional()?)
    }

    /// The years in which copies were issued, the latest first, each with the kinds of papers: what stands behind
    /// their numbers, and what they are called.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn copy_series(&self) -> Result<BTreeMap<Reverse<i16>, BTreeMap<String, String>>, StoreError> {
        let sql = "SELECT year, symbol, min(paper_name) FROM issued_copies GROUP BY year, symbol";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query([])?;
        let mut series: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            series.entry(Reverse(row.get(0)?)).or_default().insert(row.get(1)?, row.get(2)?);
        }
        Ok(series)
    }

    /// The copy with this number.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is none, and when the store cannot be read.
    pub fn issued_copy(&self, copy: &CopyNumber) -> Result<IssuedCopy, StoreError> {
        let id = copy_id(&self.connection, copy)?;
        one(&self.connection, id)?.ok_or_else(|| unknown(copy))
    }

    /// The copies that are this very document: one, or none.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn copy_of_document(&self, document: &[u8]) -> Result<Option<IssuedCopy>, StoreError> {
        let hash: [u8; 32] = Sha256::digest(document).into();
        let sql = "SELECT id FROM issued_copies WHERE document_hash = ?1";
        let id = self.connection.prepare_cached(sql)?.query_row([hash], |row| row.get(0)).optional()?;
        id.map_or(Ok(None), |id| one(&self.connection, id))
    }

    /// The document of a copy, byte for byte as it was issued.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no such copy, [`StoreError::Damaged`] when the document is not what
    /// the log says, and when the store cannot be read.
    pub fn copy_document(&self, copy: &CopyNumber) -> Result<Vec<u8>, StoreError> {
        let id = copy_id(&self.connection, copy)?;
        let sql = "SELECT d.pdf, c.document_hash FROM issued_documents AS d JOIN issued_copies AS c ON c.id = d.copy
            WHERE c.id = ?1";
        let row = |row: &Row<'_>| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, [u8; 32]>(1)?));
        let (pdf, hash) = self.connection.query_row(sql, [id], row)?;
        match hash == <[u8; 32]>::from(Sha256::digest(&pdf)) {
            true => Ok(pdf),
            false => Err(StoreError::Damaged(format!(
                "the document of copy {} is not the one that was issued",
                copy.series.number(copy.number)
            ))),
        }
    }
}

fn copy_id(connection: &Connection, copy: &CopyNumber) -> Result<i64, StoreError> {
    let sql = "SELECT id FROM issued_copies WHERE symbol = ?1 AND year = ?2 AND number = ?3";
    let row = params![copy.series.symbol, copy.series.year, copy.number];
    let id = connection.prepare_cached(sql)?.query_row(row, |row| row.get(0)).optional()?;
    id.ok_or_else(|| unknown(copy))
}

fn unknown(copy: &CopyNumber) -> StoreError {
    StoreError::Unknown(format!("copy {}", copy.series.number(copy.number)))
}

/// The copy with this number in the store.
fn one(connection: &Connection, id: i64) -> Result<Option<IssuedCopy>, StoreError> {
    let sql =
        "SELECT count(*) FROM issued_copies AS c JOIN issued_copies AS o ON o.year = c.year AND o.id <= c.id
        WHERE c.id = ?1";
    let place = connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
    Ok(copies(connection, "c.id = ?1", [id])?.pop().map(|copy| IssuedCopy { place, ..copy }))
}

/// The copies of which `condition` holds, in the order they were issued; their places are left at 0.
fn copies(
    connection: &Connection,
    condition: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<IssuedCopy>, StoreError> {
    let sql = format!(
        "SELECT 0, c.symbol, c.year, c.number, c.paper, c.paper_name, c.record, c.requester, c.relation,
            c.identity_paper, c.copies, c.fee, c.signer, c.signer_title, c.note, c.issued_by, c.issued_on,
            c.issued_at, c.content_hash, c.document_hash, v.reason, v.who, v.at
        FROM issued_copies AS c LEFT JOIN voided_copies AS v ON v.copy = c.id
        WHERE {condition} ORDER BY c.id"
    );
    rows(connection, &sql, parameters, copy_from)
}

fn copy_from(row: &Row<'_>) -> rusqlite::Result<IssuedCopy> {
    let voided = row.get::<_, Option<String>>(20)?;
    let voided = voided
        .map(|reason| Ok::<_, rusqlite::Error>(Voided { reason, who: row.get(21)?, at: row.get(22)? }))
        .transpose()?;
    Ok(IssuedCopy {
        place: row.get(0)?,
        symbol: row.get(1)?,
        year: row.get(2)?,
        number: row.get(3)?,
        paper: row.get(4)?,
        paper_name: row.get(5)?,
        record: parsed(row, 6)?,
        requester: row.get(7)?,
        relation: row.get(8)?,
        identity_paper: row.get(9)?,
        copies: row.get(10)?,
        fee: row.get(11)?,
        signer: row.get(12)?,
        signer_title: row.get(13)?,
        note: row.get(14)?,
        issued_by: row.get(15)?,
        on: parsed(row, 16)?,
        at: row.get(17)?,
        content: ContentHash(row.get(18)?),
        document: ContentHash(row.get(19)?),
        voided,
    })
}

/// The value that the text in `column` spells.
fn parsed<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: std::str::FromStr,
    T::Err: ToString,
{
    let text: String = row.get(column)?;
    text.parse().map_err(|error: T::Err| {
        let error = error.to_string().into();
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error)
    })
}
