//! What the office is called on its papers, who signs, and with which numbers it begins: the administrator's page.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
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
use crate::counter::{self, Office, Paper, Signer};
use crate::domain::text::clean;
use crate::domain::{Kind, NumberSeries};
use crate::store::desk::Account;
use crate::store::{DeskTransaction, Store, StoreError};

/// A kind of paper with numbers of its own.
struct Series {
    paper: String,
    name: String,
    symbol: String,
    /// The number with which the year begins, where one was set.
    first: Option<u32>,
    /// Whether copies have been issued this year.
    begun: bool,
}

#[derive(Template)]
#[template(path = "office.html")]
struct OfficePage {
    frame: Frame,
    clerk: &'static Words,
    office: Office,
    year: i16,
    series: Vec<Series>,
    /// Why no papers can be had on this machine.
    no_papers: Option<String>,
    problem: Option<&'static str>,
    saved: bool,
}

/// What is told above the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Nothing,
    Saved,
    Problem(&'static str),
}

async fn render(
    shared: &Shared,
    language: Language,
    person: &Account,
    (office, told): (Option<Office>, Told),
) -> Result<Response, WebError> {
    let year = Zoned::now().year();
    let doors = shared.papers.clone();
    let read = move |store: &Store| {
        let series = match doors.counter(store.folder()) {
            Ok(counter) => Ok(series(store, counter.papers(), year)?),
            Err(WebError::Bad(what)) => Err(what),
            Err(_) => Err(String::new()),
        };
        Ok((counter::office(store).unwrap_or_default(), series))
    };
    let (known, series) = shared.readers.read(read).await?;
    let page = OfficePage {
        frame: Frame::new(language, person, Some(Place::Office)),
        clerk: language.clerk(),
        office: office.unwrap_or(known),
        year,
        no_papers: series.as_ref().err().cloned(),
        series: series.unwrap_or_default(),
        problem: if let Told::Problem(problem) = told { Some(problem) } else { None },
        saved: told == Told::Saved,
    };
    let status = if page.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Html(page.render()?)).into_response())
}

/// The kinds of papers, each with its numbers of this year.
fn series(store: &Store, papers: &counter::Papers, year: i16) -> Result<Vec<Series>, StoreError> {
    let today = Zoned::now().date();
    let all = Kind::ALL.into_iter().flat_map(|kind| papers.extracts_of(kind, today));
    let issued = store.copy_series()?;
    let issued = issued.get(&std::cmp::Reverse(year));
    let one = |paper: &Paper| {
        let series = NumberSeries { symbol: paper.symbol.clone(), year };
        Ok(Series {
            paper: paper.id.clone(),
            name: paper.name.clone(),
            symbol: paper.symbol.clone(),
            first: store.first_number(&series)?,
            begun: issued.is_some_and(|symbols| symbols.contains_key(&paper.symbol)),
        })
    };
    all.map(one).collect()
}

/// The page.
pub(super) async fn page(
    State(shared): State<Shared>,
    Person(person): Person,
    language: Language,
) -> Result<Response, WebError> {
    render(&shared, language, &person, (None, Told::Nothing)).await
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(super) struct NewOffice {
    superior: String,
    name: String,
    place: String,
    signer: String,
    signer_title: String,
    fee: u32,
}

/// Sets what the office is called.
pub(super) async fn set(
    State(shared): State<Shared>,
    Person(person): Person,
    language: Language,
    Form(new): Form<NewOffice>,
) -> Result<Response, WebError> {
    let office = Office {
        superior: clean(&new.superior),
        name: clean(&new.name),
        place: clean(&new.place),
        signer: Signer { name: clean(&new.signer), title: clean(&new.signer_title) },
        fee: new.fee,
    };
    if office.name.is_empty() {
        let told = Told::Problem(language.clerk().name_office);
        return render(&shared, language, &person, (Some(office), told)).await;
    }
    let (id, who) = (person.id, person.name.clone());
    let put = move |desk: &DeskTransaction<'_>| {
        counter::put_office(desk, &office)?;
        desk.note_account(Some(id), &who, "issuing office set")
    };
    shared.writer.write(put).await?;
    render(&shared, language, &person, (None, Told::Saved)).await
}

/// The first number of a series.
#[derive(Debug, Deserialize)]
pub(super) struct FirstNumber {
    symbol: String,
    first: u32,
}

/// Sets with which number a kind of paper begins this year.
pub(super) async fn set_first_number(
    State(shared): State<Shared>,
    Person(person): Person,
    language: Language,
    Form(new): Form<FirstNumber>,
) -> Result<Response, WebError> {
    let series = NumberSeries { symbol: clean(&new.symbol), year: Zoned::now().year() };
    let (first, who) = (new.first, person.name.clone());
    let told = match shared.writer.write(move |desk| desk.set_first_number(&series, first, &who)).await {
        Ok(()) => Told::Saved,
        Err(StoreError::Unstorable { .. }) => Told::Problem(language.clerk().first_number_taken),
        Err(error) => return Err(error.into()),
    };
    render(&shared, language, &person, (None, told)).await
}

/// A paper with invented data.
pub(super) async fn specimen(
    State(shared): State<Shared>,
    Path(paper): Path<String>,
) -> Result<impl IntoResponse, WebError> {
    let (doors, folder) = (shared.papers.clone(), shared.readers.folder());
    let print = move || {
        let counter = doors.counter(&folder)?;
        let specimen = counter.specimen(&paper, Zoned::now().date());
        specimen.map_err(|error| WebError::from(counter::CounterError::from(error)))
    };
    let bytes = tokio::task::spawn_blocking(print).await.unwrap_or(Err(WebError::NotFound))?;
    Ok(pdf("specimen.pdf", bytes))
}
