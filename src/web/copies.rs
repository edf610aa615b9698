//! The log of issued copies, "Sổ cấp bản sao trích lục hộ tịch": its seven columns, voiding, printing again.

use std::collections::BTreeMap;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::Zoned;
use serde::Deserialize;

use super::error::WebError;
use super::guard::Person;
use super::language::Language;
use super::language::clerk::Words;
use super::papers::pdf;
use super::routes::Place;
use super::state::Shared;
use super::telling::Frame;
use super::verification::Choice;
use crate::counter::{LOG_COLUMNS, log_row, log_sheet};
use crate::domain::{CopyNumber, IssuedCopy, NumberSeries, Role};
use crate::store::{Store, StoreError};

/// Copies on a page.
const ON_A_PAGE: usize = 100;
/// The type of a spreadsheet.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Which part of the log is meant.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// A year; empty for all of them.
    year: String,
    /// What stands behind the numbers of a kind of paper; empty for all of them.
    symbol: String,
    /// Which page, from 0: the latest first.
    page: usize,
}

impl Asked {
    fn year(&self) -> Option<i16> {
        self.year.parse().ok()
    }

    /// The part of the log, in the order of issuing.
    fn copies(&self, store: &Store) -> Result<Vec<IssuedCopy>, StoreError> {
        let mut copies = store.issued_copies(self.year())?;
        copies.retain(|copy| self.symbol.is_empty() || copy.symbol == self.symbol);
        Ok(copies)
    }
}

/// A line of the log.
struct Line {
    /// The seven columns.
    columns: [String; 7],
    address: String,
    number: String,
    is_void: bool,
}

impl Line {
    fn new(copy: &IssuedCopy) -> Self {
        Self {
            columns: log_row(copy),
            address: format!("/copies/{}/{}/{}", copy.symbol, copy.year, copy.number),
            number: copy.number_text(),
            is_void: copy.voided.is_some(),
        }
    }
}

#[derive(Template)]
#[template(path = "copies.html")]
struct CopiesPage {
    frame: Frame,
    clerk: &'static Words,
    asked: Asked,
    years: Vec<Choice>,
    symbols: Vec<Choice>,
    columns: [&'static str; 7],
    lines: Vec<Line>,
    more: bool,
    may_void: bool,
}

/// The page, the latest copies first.
pub(super) async fn page(
    State(shared): State<Shared>,
    Person(account): Person,
    language: Language,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    let part = asked.clone();
    let read = move |store: &Store| Ok((store.copy_series()?, part.copies(store)?));
    let (series, copies) = shared.readers.read(read).await?;
    let kinds: BTreeMap<&String, &String> = series.values().flatten().collect();
    let choice =
        |value: String, shown: String, chosen: &str| Choice { chosen: value == chosen, value, shown };
    let shown = copies.iter().rev().skip(asked.page.saturating_mul(ON_A_PAGE));
    let page = CopiesPage {
        frame: Frame::new(language, &account, Some(Place::Copies)),
        clerk: language.clerk(),
        years: series
            .keys()
            .map(|year| choice(year.0.to_string(), year.0.to_string(), &asked.year))
            .collect(),
        symbols: kinds
            .into_iter()
            .map(|(symbol, name)| choice(symbol.clone(), format!("{name} ({symbol})"), &asked.symbol))
            .collect(),
        columns: LOG_COLUMNS,
        more: shown.len() > ON_A_PAGE,
        lines: shown.take(ON_A_PAGE).map(Line::new).collect(),
        may_void: account.may(&[Role::Clerk, Role::Supervisor]),
        asked,
    };
    Ok(Html(page.render()?))
}

/// The log as PDF.
pub(super) async fn printed(
    State(shared): State<Shared>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse, WebError> {
    let doors = shared.papers.clone();
    let print = move |store: &Store| -> Result<Result<Vec<u8>, WebError>, StoreError> {
        let copies = asked.copies(store)?;
        Ok(doors.counter(store.folder()).and_then(|counter| {
            Ok(counter.log(store, (&copies, asked.year()), Zoned::now().date())?) //
        }))
    };
    Ok(pdf("copies.pdf", shared.readers.read(print).await??))
}

/// The log as a spreadsheet.
pub(super) async fn sheet(
    State(shared): State<Shared>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse, WebError> {
    let copies = shared.readers.read(move |store| asked.copies(store)).await?;
    let bytes = log_sheet(&copies).map_err(|error| WebError::Bad(error.to_string()))?;
    Ok(([(CONTENT_TYPE, XLSX), (CONTENT_DISPOSITION, "attachment; filename=\"copies.xlsx\"")], bytes))
}

/// The number that an address names.
fn number_of((symbol, year, number): (String, i16, u32)) -> CopyNumber {
    CopyNumber { series: NumberSeries { symbol, year }, number }
}

/// The very document that was issued.
pub(super) async fn document(
    State(shared): State<Shared>,
    Path(address): Path<(String, i16, u32)>,
) -> Result<impl IntoResponse, WebError> {
    let copy = number_of(address);
    let name = format!("{}.pdf", copy.series.number(copy.number));
    let bytes = shared.readers.read(move |store| store.copy_document(&copy)).await?;
    Ok(pdf(&name, bytes))
}

/// Why a copy is voided.
#[derive(Debug, Deserialize)]
pub(super) struct Voiding {
    reason: String,
}

/// Voids a copy for good.
pub(super) async fn void(
    State(shared): State<Shared>,
    Person(account): Person,
    Path(address): Path<(String, i16, u32)>,
    Form(voiding): Form<Voiding>,
) -> Result<Response, WebError> {
    let copy = number_of(address);
    let year = copy.series.year;
    let reason: String = voiding.reason.chars().take(200).collect();
    shared.writer.write(move |desk| desk.void_copy(&copy, &reason, &account.name)).await?;
    Ok(Redirect::to(&format!("/copies?year={year}")).into_response())
}
