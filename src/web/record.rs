//! The whole entry beside its page.

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Html;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::WebError;
use super::guard::Person;
use super::language::Language;
use super::lookups::{Opened, Seen};
use super::page::{FormChoice, form_choices};
use super::pictures::page_box;
use super::presented::picture;
use super::related::RelatedPart;
use super::routes::{KEEPERS, SETTLERS};
use super::state::Shared;
use super::telling::{Frame, entry_change, reasons, rule_text, shown, status};
use super::verification::{answer_of, check_word, put_down, value_of};
use crate::domain::catalogue::is_critical;
use crate::domain::{FieldStatus, Mark, Rectangle};
use crate::store::desk::{
    Account, Action, Answer, EntryEvent, EntryView, FieldEvent, FieldView, PageId, Said,
};
use crate::store::{Store, StoreError, Verdict};

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    frame: Frame,
    words: String,
    entry: i64,
    page: PageId,
    may_settle: bool,
    related: RelatedPart,
    may_keep: bool,
}

/// The page; the record comes as JSON.
pub(super) async fn page(
    State(shared): State<Shared>,
    Opened { account, entry }: Opened,
    language: Language,
) -> Result<Html<String>, WebError> {
    let found = shared.readers.read(move |store| store.entry_view(entry)).await?;
    let page = found.ok_or(WebError::NotFound)?.page.id;
    let words = language.words_as_json();
    let (may_settle, may_keep) = (SETTLERS.allows(&account), KEEPERS.allows(&account));
    let frame = Frame::new(language, &account, None);
    let related = RelatedPart::new(language, &account, entry);
    Ok(Html(RecordPage { frame, words, entry, page, may_settle, may_keep, related }.render()?))
}

/// A field of a record.
#[derive(Debug, Serialize)]
pub(super) struct ShownField {
    name: String,
    label: String,
    value: String,
    shown: String,
    raw: String,
    status: FieldStatus,
    status_shown: &'static str,
    hundredths: u8,
    critical: bool,
    settled_by: Option<String>,
    placed_by: Option<String>,
    marks: Vec<Mark>,
    reasons: Vec<String>,
    alternatives: Vec<(String, String)>,
    /// The box on the picture of the page.
    place: Rectangle,
    picture: String,
    events: Vec<FieldEvent>,
}

/// A record.
#[derive(Debug, Serialize)]
pub(super) struct ShownRecord {
    entry: i64,
    number: u32,
    kind: &'static str,
    form: String,
    book: String,
    scan: String,
    page: String,
    /// The entries of the same page, in their order.
    neighbours: Vec<i64>,
    rules: Vec<String>,
    fields: Vec<ShownField>,
    /// The forms it may stand on.
    forms: Vec<FormChoice>,
    events: Vec<ShownEvent>,
}

/// Something that was done to the entry.
#[derive(Debug, Serialize)]
pub(super) struct ShownEvent {
    #[serde(flatten)]
    event: EntryEvent,
    /// What was done, in words.
    shown: String,
}

/// The record as JSON.
pub(super) async fn record(
    State(shared): State<Shared>,
    Seen { entry, .. }: Seen,
    language: Language,
) -> Result<Json<ShownRecord>, WebError> {
    let forms = form_choices(language, &shared.rereader);
    let present = move |store: &Store| -> Result<Option<ShownRecord>, StoreError> {
        let Some(view) = store.entry_view(entry)? else { return Ok(None) };
        present(store, language, &view, forms).map(Some)
    };
    Ok(Json(shared.readers.read(present).await?.ok_or(WebError::NotFound)?))
}

fn present(
    store: &Store,
    language: Language,
    entry: &EntryView,
    forms: Vec<FormChoice>,
) -> Result<ShownRecord, StoreError> {
    let mut fields = Vec::with_capacity(entry.fields.len());
    for field in &entry.fields {
        fields.push(present_field(store, language, entry, field)?);
    }
    let page = &entry.page;
    Ok(ShownRecord {
        entry: entry.id,
        number: entry.number,
        kind: language.kind(entry.kind),
        form: entry.form.as_str().to_owned(),
        book: page.book.clone(),
        scan: page.scan.clone(),
        page: format!("/pictures/page/{}/{}", page.id.scan, page.id.half),
        neighbours: page.entries.clone(),
        rules: entry.rules.iter().map(|rule| rule_text(language, rule).to_owned()).collect(),
        fields,
        forms,
        events: store
            .entry_events(entry.id)?
            .into_iter()
            .map(|event| shown_event(language, entry, event))
            .collect(),
    })
}

fn shown_event(language: Language, entry: &EntryView, event: EntryEvent) -> ShownEvent {
    let what = entry_change(language, event.what);
    let field = event.field.as_ref().map(|field| language.field(entry.kind, field));
    ShownEvent { shown: field.map_or_else(|| what.to_owned(), |field| format!("{what}: {field}")), event }
}

fn present_field(
    store: &Store,
    language: Language,
    entry: &EntryView,
    FieldView { field, settled_by, placed_by }: &FieldView,
) -> Result<ShownField, StoreError> {
    let others =
        field.candidates.iter().filter(|other| other.value != field.value && !other.value.is_empty());
    Ok(ShownField {
        name: field.name.as_str().to_owned(),
        label: language.field(entry.kind, &field.name),
        value: field.value.clone(),
        shown: shown(field.field_type, &field.value),
        raw: field.raw.clone(),
        status: field.status,
        status_shown: status(language, field.status),
        hundredths: (field.confidence.get() * 100.0).round() as u8,
        critical: is_critical(entry.kind, &field.name),
        settled_by: settled_by.clone(),
        placed_by: placed_by.clone(),
        marks: field.marks.clone(),
        reasons: reasons(language, entry, field),
        alternatives: others
            .map(|other| (other.value.clone(), shown(field.field_type, &other.value)))
            .collect(),
        place: page_box(&entry.page, field),
        picture: picture(entry, field),
        events: store.field_events(entry.id, &field.name)?,
    })
}

/// What somebody says of a field on the page of its record.
#[derive(Debug, Deserialize)]
pub(super) struct Settled {
    id: String,
    field: String,
    verdict: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    marks: Vec<Mark>,
    /// The value that stood there when the person looked.
    shown: String,
}

/// Settles a field.
pub(super) async fn settle(
    State(shared): State<Shared>,
    Person(account): Person,
    Path(entry): Path<i64>,
    Json(given): Json<Settled>,
) -> Result<Json<Value>, WebError> {
    check_word(&given.id)?;
    let as_written = given.marks.contains(&Mark::AsWritten);
    let verdict = match given.verdict.as_str() {
        "value" => Verdict::Value(value_of(&shared, entry, &given.field, given.text, as_written).await?),
        "blank" => Verdict::Blank,
        "illegible" => Verdict::Illegible,
        "torn" => Verdict::Torn,
        _ => return Err(WebError::Bad("verdict".to_owned())),
    };
    put_down(&shared, on_record(&account, entry, given.id, given.field, verdict, given.marks, given.shown))
        .await
}

fn on_record(
    account: &Account,
    entry: i64,
    id: String,
    field: String,
    verdict: Verdict,
    marks: Vec<Mark>,
    shown: String,
) -> Answer {
    let said = Said::Verdict(verdict);
    Answer { marks, shown: Some(shown), ..answer_of(account, id, entry, field, Action::OnRecord, said) }
}
