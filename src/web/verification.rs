//! Field after field: the main page of verifiers.

use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::response::Html;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::WebError;
use super::guard::Person;
use super::language::Language;
use super::presented::Presented;
use super::routes::Place;
use super::state::Shared;
use super::telling::{Frame, reason_word};
use crate::assemble::{Typed, typed};
use crate::domain::{FieldName, Kind, Mark};
use crate::store::desk::{Account, Action, Answer, QueueFilter, Said, Wanted};
use crate::store::{Store, StoreError, Verdict};

/// Tasks a window may hold at a time.
const MOST_TASKS: usize = 8;
/// The longest word of a browser's own: ids of answers and windows.
const LONGEST_WORD: usize = 64;
/// The longest value anybody may type.
const LONGEST_VALUE: usize = 2000;

/// Which part of the queue a window works on, as the browser sends it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    book: String,
    field: String,
    kind: String,
    reason: String,
}

impl Filter {
    pub(super) fn parsed(&self) -> QueueFilter {
        let given = |text: &String| (!text.is_empty()).then(|| text.clone());
        QueueFilter {
            book: given(&self.book),
            field: given(&self.field).map(FieldName::new),
            kind: self.kind.parse::<Kind>().ok(),
            reason: given(&self.reason),
        }
    }
}

/// A choice of a filter: what is sent, what is shown, whether it is chosen.
pub(super) struct Choice {
    pub value: String,
    pub shown: String,
    pub chosen: bool,
}

#[derive(Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    frame: Frame,
    words: String,
    books: Vec<Choice>,
    fields: Vec<Choice>,
    kinds: Vec<Choice>,
    reasons: Vec<Choice>,
}

/// The page; the tasks come later.
pub(super) async fn page(
    State(shared): State<Shared>,
    Person(account): Person,
    language: Language,
    Query(filter): Query<Filter>,
) -> Result<Html<String>, WebError> {
    let counts = shared.readers.read(Store::queue_counts).await?;
    let choices = |all: &[(String, u64)], chosen: &str, name: &dyn Fn(&str) -> String| -> Vec<Choice> {
        let choice = |(value, count): &(String, u64)| Choice {
            value: value.clone(),
            shown: format!("{} ({count})", name(value)),
            chosen: value == chosen,
        };
        all.iter().map(choice).collect()
    };
    let field_name = |name: &str| {
        let name = FieldName::from(name);
        let known = Kind::ALL.into_iter().find(|kind| crate::domain::catalogue::find(*kind, &name).is_some());
        let subject = name.subject().to_owned();
        let label = language.field(known.unwrap_or(Kind::Birth), &name);
        if language == Language::Vietnamese { format!("{label} · {subject}") } else { label }
    };
    let kind_name =
        |kind: &str| kind.parse::<Kind>().map_or(kind.to_owned(), |kind| language.kind(kind).to_owned());
    let page = VerifyPage {
        frame: Frame::new(language, &account, Some(Place::Verify)),
        words: language.words_as_json(),
        books: choices(&counts.books, &filter.book, &|book| book.to_owned()),
        fields: choices(&counts.fields, &filter.field, &field_name),
        kinds: choices(&counts.kinds, &filter.kind, &kind_name),
        reasons: choices(&counts.reasons, &filter.reason, &|word| reason_word(language, word).to_owned()),
    };
    Ok(Html(page.render()?))
}

/// What a window asks for.
#[derive(Debug, Deserialize)]
pub(super) struct TasksWanted {
    lease: String,
    #[serde(default)]
    filter: Filter,
    count: usize,
    #[serde(default)]
    like: Option<(String, String)>,
}

/// Tasks, and how far the day is.
#[derive(Debug, Serialize)]
pub(super) struct Tasks {
    tasks: Vec<Presented>,
    waiting: u64,
    done: u64,
}

/// Hands out tasks to a window.
pub(super) async fn tasks(
    State(shared): State<Shared>,
    Person(account): Person,
    language: Language,
    Json(asked): Json<TasksWanted>,
) -> Result<Json<Tasks>, WebError> {
    check_word(&asked.lease)?;
    let wanted = Wanted {
        account: account.id,
        lease: asked.lease,
        filter: asked.filter.parsed(),
        count: asked.count.min(MOST_TASKS),
        like: asked.like.map(|(book, field)| (book, FieldName::new(field))),
    };
    let tickets = shared.writer.write(move |desk| desk.lease(&wanted)).await?;
    let today = today();
    let counted = shared.waiting.clone();
    let present = move |store: &Store| -> Result<Tasks, StoreError> {
        let (waiting, done) = (counted.of(store)?, store.done(account.id, &today)?);
        let tasks = tickets.iter().map(|ticket| Presented::of(store, language, ticket));
        let tasks = tasks.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?;
        Ok(Tasks { tasks, waiting, done })
    };
    Ok(Json(shared.readers.read(present).await?))
}

/// The day it is, as the store writes it.
pub(super) fn today() -> String {
    Timestamp::now().strftime("%Y-%m-%d").to_string()
}

/// An answer as the browser sends it.
#[derive(Debug, Deserialize)]
pub(super) struct Given {
    id: String,
    lease: String,
    entry: i64,
    field: String,
    action: Action,
    verdict: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    marks: Vec<Mark>,
    #[serde(default)]
    remark: String,
    #[serde(default)]
    seconds: Option<f64>,
}

/// Puts an answer down.
pub(super) async fn answer(
    State(shared): State<Shared>,
    Person(account): Person,
    Json(given): Json<Given>,
) -> Result<Json<Value>, WebError> {
    check_word(&given.id)?;
    check_word(&given.lease)?;
    let said = match given.verdict.as_str() {
        "asked" => Said::AskColleague,
        verdict => Said::Verdict(verdict_of(&shared, given.entry, &given.field, verdict, &given).await?),
    };
    let answer = Answer {
        lease: Some(given.lease),
        ..answer_of(&account, given.id, given.entry, given.field, given.action, said)
    };
    let answer = Answer {
        marks: given.marks,
        remark: given.remark.chars().take(LONGEST_VALUE).collect(),
        seconds: given.seconds.filter(|seconds| seconds.is_finite() && *seconds >= 0.0),
        ..answer
    };
    put_down(&shared, answer).await
}

/// An answer with nothing beside it.
pub(super) fn answer_of(
    account: &Account,
    id: String,
    entry: i64,
    field: String,
    action: Action,
    said: Said,
) -> Answer {
    Answer {
        id,
        account: account.id,
        person: account.name.clone(),
        lease: None,
        entry,
        field: FieldName::new(field),
        action,
        said,
        marks: Vec::new(),
        remark: String::new(),
        seconds: None,
        shown: None,
    }
}

/// Writes the answer, and tells what became of it once it is on the disk.
pub(super) async fn put_down(shared: &Shared, answer: Answer) -> Result<Json<Value>, WebError> {
    match shared.writer.write(move |desk| desk.answer(&answer)).await? {
        Ok(outcome) => Ok(Json(json!({ "outcome": outcome }))),
        Err(stale) => Err(WebError::Stale(stale)),
    }
}

/// The verdict a word and a text stand for.
async fn verdict_of(
    shared: &Shared,
    entry: i64,
    field: &str,
    word: &str,
    given: &Given,
) -> Result<Verdict, WebError> {
    let as_written = given.marks.contains(&Mark::AsWritten);
    match word {
        "value" => value_of(shared, entry, field, given.text.clone(), as_written).await.map(Verdict::Value),
        "blank" => Ok(Verdict::Blank),
        "illegible" => Ok(Verdict::Illegible),
        "torn" => Ok(Verdict::Torn),
        _ => Err(WebError::Bad("verdict".to_owned())),
    }
}

/// The value that a typed text stands for in a field.
pub(super) async fn value_of(
    shared: &Shared,
    entry: i64,
    field: &str,
    text: String,
    as_written: bool,
) -> Result<String, WebError> {
    if text.trim().is_empty() {
        return Err(WebError::Bad("empty_value".to_owned()));
    }
    if text.chars().count() > LONGEST_VALUE {
        return Err(WebError::Bad("the value is too long".to_owned()));
    }
    let name = FieldName::from(field);
    let find = move |store: &Store| {
        let Some(view) = store.entry_view(entry)? else { return Ok(None) };
        let field_type = view.field(&name).map(|field| field.field.field_type);
        Ok(field_type
            .map(|field_type| typed(&name, field_type, &view.page.cover, &text))
            .map(|typed| (typed, text)))
    };
    match shared.readers.read(find).await?.ok_or(WebError::Stale(crate::store::desk::Stale::Gone))? {
        (Typed::Value(value), _) => Ok(value),
        (Typed::NotUnderstood, text) if as_written => Ok(crate::domain::text::clean(&text)),
        (Typed::NotUnderstood, _) => Err(WebError::Bad("not_understood".to_owned())),
    }
}

/// Which answer to take back.
#[derive(Debug, Deserialize)]
pub(super) struct Undone {
    id: String,
    undoes: String,
}

/// Takes an answer back.
pub(super) async fn undo(
    State(shared): State<Shared>,
    Person(account): Person,
    Json(undone): Json<Undone>,
) -> Result<Json<Value>, WebError> {
    check_word(&undone.id)?;
    let undo = move |desk: &crate::store::DeskTransaction<'_>| {
        desk.undo(&undone.id, &undone.undoes, (account.id, &account.name))
    };
    match shared.writer.write(undo).await? {
        Ok((entry, field)) => Ok(Json(json!({ "entry": entry, "field": field }))),
        Err(stale) => Err(WebError::Stale(stale)),
    }
}

/// A window that shows a sign of life, or that is closed.
#[derive(Debug, Deserialize)]
pub(super) struct Window {
    lease: String,
}

/// Holds for longer what a window holds.
pub(super) async fn renew(
    State(shared): State<Shared>,
    Person(account): Person,
    Json(window): Json<Window>,
) -> Result<Json<Value>, WebError> {
    let held = shared.writer.write(move |desk| desk.renew(account.id, &window.lease)).await?;
    Ok(Json(json!({ "held": held })))
}

/// Gives back what a window holds.
pub(super) async fn release(
    State(shared): State<Shared>,
    Person(account): Person,
    Json(window): Json<Window>,
) -> Result<Json<Value>, WebError> {
    let released = shared.writer.write(move |desk| desk.release(account.id, &window.lease)).await?;
    Ok(Json(json!({ "released": released })))
}

/// Refuses words of the browser that are empty or too long.
pub(super) fn check_word(word: &str) -> Result<(), WebError> {
    let good = (1..=LONGEST_WORD).contains(&word.len());
    good.then_some(()).ok_or_else(|| WebError::Bad("the id of the answer or of the window".to_owned()))
}
