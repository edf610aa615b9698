//! A page as a whole: what the machine made of it, and that somebody has looked.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::error::WebError;
use super::guard::Person;
use super::language::Language;
use super::state::Shared;
use super::telling::{Frame, page_reason};
use crate::domain::Role;
use crate::store::Store;
use crate::store::desk::{PageAnswer, PageId, PageView};

#[derive(Template)]
#[template(path = "page.html")]
struct PagePage {
    frame: Frame,
    page: PageView,
    /// Why somebody must look; none when nobody need.
    reason: Option<String>,
    may_answer: bool,
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
    let may_answer = account.may(&[Role::Archive, Role::Supervisor]);
    Ok(Html(PagePage { frame: Frame::new(language, &account, None), page, reason, may_answer }.render()?))
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
