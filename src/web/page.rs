//! A page as a whole: what the machine made of it, what people have added and withdrawn, and that somebody
//! has looked.

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Serialize;

use super::error::WebError;
use super::guard::Person;
use super::language::Language;
use super::routes::KEEPERS;
use super::state::Shared;
use super::telling::{Frame, page_reason};
use crate::domain::Rectangle;
use crate::reread::Rereader;
use crate::store::desk::{EntryView, PageAnswer, PageId, PageView, WithdrawnEntry};
use crate::store::{Store, StoreError};

#[derive(Template)]
#[template(path = "page.html")]
struct PagePage {
    frame: Frame,
    words: String,
    page: PageView,
    /// Why somebody must look; none when nobody need.
    reason: Option<String>,
    may_keep: bool,
}

/// The page.
pub(super) async fn page(
    State(shared): State<Shared>,
    Person(account): Person,
    language: Language,
    Path((scan, half)): Path<(i64, i64)>,
) -> Result<Html<String>, WebError> {
    let id = PageId { scan, half };
    let read = move |store: &Store| Ok((store.page_view(id)?, store.page_task(id)?));
    let (page, task) = shared.readers.read(read).await?;
    let page = page.ok_or(WebError::NotFound)?;
    let reason = task.map(|word| page_reason(language, &word).to_owned());
    let (may_keep, words) = (KEEPERS.allows(&account), language.words_as_json());
    Ok(Html(
        PagePage { frame: Frame::new(language, &account, None), words, page, reason, may_keep }.render()?,
    ))
}

/// A form that an entry may stand on.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FormChoice {
    form: String,
    kind: &'static str,
}

/// The forms there are.
pub(super) fn form_choices(language: Language, rereader: &Rereader) -> Vec<FormChoice> {
    let forms = rereader.forms().into_iter();
    forms
        .map(|outline| FormChoice {
            form: outline.form.as_str().to_owned(),
            kind: language.kind(outline.kind),
        })
        .collect()
}

/// An entry on its page.
#[derive(Debug, Serialize)]
struct ShownEntry {
    id: i64,
    number: u32,
    kind: &'static str,
    form: String,
    /// On the picture of the page.
    #[serde(rename = "box")]
    place: Rectangle,
}

/// An entry that was withdrawn.
#[derive(Debug, Serialize)]
struct ShownWithdrawn {
    #[serde(flatten)]
    entry: WithdrawnEntry,
    kind_shown: &'static str,
}

/// What stands on a page.
#[derive(Debug, Serialize)]
pub(super) struct ShownEntries {
    /// The picture; none when there is none.
    picture: Option<String>,
    /// What it was read as.
    form: Option<String>,
    entries: Vec<ShownEntry>,
    withdrawn: Vec<ShownWithdrawn>,
    forms: Vec<FormChoice>,
}

/// What stands on a page, as JSON.
pub(super) async fn entries(
    State(shared): State<Shared>,
    language: Language,
    Path((scan, half)): Path<(i64, i64)>,
) -> Result<Json<ShownEntries>, WebError> {
    let forms = form_choices(language, &shared.rereader);
    let present = move |store: &Store| present(store, language, PageId { scan, half }, forms);
    Ok(Json(shared.readers.read(present).await?.ok_or(WebError::NotFound)?))
}

fn present(
    store: &Store,
    language: Language,
    id: PageId,
    forms: Vec<FormChoice>,
) -> Result<Option<ShownEntries>, StoreError> {
    let Some(page) = store.page_view(id)? else { return Ok(None) };
    let mut entries = Vec::with_capacity(page.entries.len());
    for entry in &page.entries {
        entries.extend(store.entry_view(*entry)?.map(|entry| shown(language, &page, &entry)));
    }
    let withdrawn = store.withdrawn_entries(id)?.into_iter();
    let withdrawn = withdrawn.map(|entry| ShownWithdrawn { kind_shown: language.kind(entry.kind), entry });
    Ok(Some(ShownEntries {
        picture: page.image.as_ref().map(|_| format!("/pictures/page/{}/{}", id.scan, id.half)),
        form: page.form.map(|form| form.as_str().to_owned()),
        entries,
        withdrawn: withdrawn.collect(),
        forms,
    }))
}

fn shown(language: Language, page: &PageView, entry: &EntryView) -> ShownEntry {
    ShownEntry {
        id: entry.id,
        number: entry.number,
        kind: language.kind(entry.kind),
        form: entry.form.as_str().to_owned(),
        place: page.to_scan.inverse().bounds(entry.area()),
    }
}

/// Notes that somebody has looked at the page and nothing is missing.
pub(super) async fn done(
    State(shared): State<Shared>,
    Person(account): Person,
    Path((scan, half)): Path<(i64, i64)>,
) -> Result<Response, WebError> {
    let id = PageId { scan, half };
    shared.writer.write(move |desk| desk.answer_page(id, account.id, PageAnswer::Done, "")).await?;
    Ok(Redirect::to("/quality").into_response())
}
