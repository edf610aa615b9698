//! What people do to entries as a whole: draw a box anew and have it read, add an entry that was missed,
//! withdraw one that is none, correct its form, take any of it back.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::WebError;
use super::guard::Person;
use super::layout::{boxes_like, nearest};
use super::routes::KEEPERS;
use super::state::Shared;
use super::verification::check_word;
use crate::assemble::{Typed, typed};
use crate::domain::{DraftField, FieldName, FieldType, FormId, Kind, Rectangle};
use crate::reread::{DrawnBox, FormOutline, ToRead};
use crate::store::desk::{Account, EntryChange, EntryView, NewEntry, PageId, PageView, Signed, Stale};
use crate::store::{Store, StoreError};

/// Nobody draws a box smaller than this, in pixels of the picture.
const SMALLEST: i32 = 4;
/// No picture of a page is larger.
const LARGEST: i32 = 20_000;
/// The longest reason anybody may give.
const LONGEST_REMARK: usize = 500;

/// A box for a field.
#[derive(Debug, Deserialize)]
pub(super) struct MovedBox {
    id: String,
    field: String,
    #[serde(rename = "box")]
    place: Rectangle,
}

/// Moves the box of a field and has it read.
pub(super) async fn move_box(
    State(shared): State<Shared>,
    Person(account): Person,
    Path(entry): Path<i64>,
    Json(given): Json<MovedBox>,
) -> Result<Json<Value>, WebError> {
    let signed = signed(&account, given.id, String::new())?;
    let area = checked(given.place)?;
    let name = FieldName::new(given.field);
    let boxes = vec![DrawnBox { names: vec![name.clone()], area }];
    let find = move |store: &Store| {
        let Some(view) = store.entry_view(entry)? else { return Ok(None) };
        to_read(store, &view.page, (view.number, view.kind, &view.form), (boxes, true))
    };
    let asked = shared.readers.read(find).await?.ok_or(WebError::Stale(Stale::Gone))?;
    let read = reread(&shared, asked).await?;
    let read = read.into_iter().find(|field| field.name == name).ok_or(WebError::Stale(Stale::Gone))?;
    let done = shared.writer.write(move |desk| desk.move_box(&signed, entry, &read)).await?;
    done.map(|()| Json(json!({ "entry": entry }))).map_err(WebError::Stale)
}

/// An entry that somebody drew.
#[derive(Debug, Deserialize)]
pub(super) struct Drawn {
    id: String,
    form: String,
    #[serde(rename = "box")]
    place: Rectangle,
    #[serde(default)]
    number: String,
}

/// Adds an entry to a page. Where another of the same form stands on the page its fields are laid out as there,
/// and read.
pub(super) async fn add(
    State(shared): State<Shared>,
    Person(account): Person,
    Path((scan, half)): Path<(i64, i64)>,
    Json(given): Json<Drawn>,
) -> Result<Json<Value>, WebError> {
    let signed = signed(&account, given.id, String::new())?;
    let area = checked(given.place)?;
    let page = PageId { scan, half };
    let outline = shared.rereader.form(&given.form).ok_or_else(|| WebError::Bad("form".to_owned()))?;
    let (form, kind) = (outline.form.clone(), outline.kind);
    let find = move |store: &Store| {
        let Some(view) = store.page_view(page)? else { return Ok(None) };
        let mut entries = Vec::new();
        for entry in &view.entries {
            entries
                .extend(store.entry_view(*entry)?.filter(|entry| (entry.kind, &entry.form) == (kind, &form)));
        }
        let boxes = nearest(&entries, area).map(|entry| boxes_like(entry, area)).unwrap_or_default();
        let number = view.entries.len() as u32 + 1;
        let asked = to_read(store, &view, (number, kind, &form), (boxes, false))?;
        Ok(Some((view, asked)))
    };
    let (view, asked) = shared.readers.read(find).await?.ok_or(WebError::NotFound)?;
    let number = number_of(&view, &given.number)?;
    let read = match asked.filter(|asked| !asked.boxes.is_empty()) {
        Some(asked) => reread(&shared, asked).await?,
        None => Vec::new(),
    };
    let fields = fields_of(&outline, &read, view.to_scan.bounds(area));
    let new = NewEntry { page, kind, form: outline.form, fields, number };
    let entry = shared.writer.write(move |desk| desk.add_entry(&signed, &new)).await?;
    Ok(Json(json!({ "entry": entry })))
}

/// The number of an entry as somebody keyed it.
fn number_of(page: &PageView, text: &str) -> Result<Option<String>, WebError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match typed(&FieldName::from("entry.number"), FieldType::Number, &page.cover, text) {
        Typed::Value(value) => Ok(Some(value)),
        Typed::NotUnderstood => Err(WebError::Bad("not_understood".to_owned())),
    }
}

/// The fields of a form: as they were read, else to be keyed from the whole entry.
fn fields_of(outline: &FormOutline, read: &[DraftField], place: Rectangle) -> Vec<DraftField> {
    let field = |(name, field_type): &(FieldName, FieldType)| {
        let found = read.iter().find(|field| field.name == *name).cloned();
        found.unwrap_or_else(|| DraftField::unread(name.clone(), *field_type, place))
    };
    outline.fields.iter().map(field).collect()
}

/// Why an entry is withdrawn.
#[derive(Debug, Deserialize)]
pub(super) struct Withdrawal {
    id: String,
    reason: String,
}

/// Withdraws an entry that is none.
pub(super) async fn withdraw(
    State(shared): State<Shared>,
    Person(account): Person,
    Path(entry): Path<i64>,
    Json(given): Json<Withdrawal>,
) -> Result<Json<Value>, WebError> {
    if given.reason.trim().is_empty() {
        return Err(WebError::Bad("empty_reason".to_owned()));
    }
    let signed = signed(&account, given.id, given.reason)?;
    let done = shared.writer.write(move |desk| desk.withdraw_entry(&signed, entry)).await?;
    done.map(|()| Json(json!({ "entry": entry }))).map_err(WebError::Stale)
}

/// An event without more.
#[derive(Debug, Deserialize)]
pub(super) struct Plain {
    id: String,
}

/// Brings back an entry that was withdrawn.
pub(super) async fn bring_back(
    State(shared): State<Shared>,
    Person(account): Person,
    Path(entry): Path<i64>,
    Json(given): Json<Plain>,
) -> Result<Json<Value>, WebError> {
    let signed = signed(&account, given.id, String::new())?;
    let done = shared.writer.write(move |desk| desk.bring_back_entry(&signed, entry)).await?;
    done.map(|()| Json(json!({ "entry": entry }))).map_err(WebError::Stale)
}

/// The form an entry stands on.
#[derive(Debug, Deserialize)]
pub(super) struct OtherForm {
    id: String,
    form: String,
}

/// Corrects the form of an entry, and with it what it registers.
pub(super) async fn correct_form(
    State(shared): State<Shared>,
    Person(account): Person,
    Path(entry): Path<i64>,
    Json(given): Json<OtherForm>,
) -> Result<Json<Value>, WebError> {
    let signed = signed(&account, given.id, String::new())?;
    let outline = shared.rereader.form(&given.form).ok_or_else(|| WebError::Bad("form".to_owned()))?;
    let view = shared.readers.read(move |store| store.entry_view(entry)).await?;
    let view: EntryView = view.ok_or(WebError::Stale(Stale::Gone))?;
    let fields = fields_of(&outline, &[], view.area());
    let done = shared
        .writer
        .write(move |desk| desk.correct_form(&signed, entry, (outline.kind, &outline.form), &fields))
        .await?;
    done.map(|()| Json(json!({ "entry": entry }))).map_err(WebError::Stale)
}

/// Which event to take back.
#[derive(Debug, Deserialize)]
pub(super) struct UndoneEvent {
    id: String,
    undoes: String,
}

/// Takes an event back: a box whoever may settle fields, all else whoever may correct entries.
pub(super) async fn undo(
    State(shared): State<Shared>,
    Person(account): Person,
    Path(_): Path<i64>,
    Json(given): Json<UndoneEvent>,
) -> Result<Json<Value>, WebError> {
    let event = given.undoes.clone();
    let change = shared.readers.read(move |store| store.entry_change(&event)).await?;
    let change = change.ok_or(WebError::Stale(Stale::Gone))?;
    if change != EntryChange::BoxMoved && !KEEPERS.allows(&account) {
        return Err(WebError::Forbidden);
    }
    let signed = signed(&account, given.id, String::new())?;
    let done = shared.writer.write(move |desk| desk.undo_event(&signed, &given.undoes)).await?;
    done.map(|entry| Json(json!({ "entry": entry }))).map_err(WebError::Stale)
}

fn signed(account: &Account, id: String, remark: String) -> Result<Signed, WebError> {
    check_word(&id)?;
    let remark = remark.trim().chars().take(LONGEST_REMARK).collect();
    Ok(Signed { id, account: account.id, person: account.name.clone(), remark })
}

/// Refuses boxes that are none.
fn checked(area: Rectangle) -> Result<Rectangle, WebError> {
    let inside =
        [area.left, area.top, area.right, area.bottom].iter().all(|side| (0..LARGEST).contains(side));
    if inside && area.right - area.left >= SMALLEST && area.bottom - area.top >= SMALLEST {
        Ok(area)
    } else {
        Err(WebError::Bad("bad_box".to_owned()))
    }
}

/// What to read of an entry of a page; none when the page has no picture. The boxes are exact when a person
/// drew each.
fn to_read(
    store: &Store,
    page: &PageView,
    (number, kind, form): (u32, Kind, &FormId),
    (boxes, exact): (Vec<DrawnBox>, bool),
) -> Result<Option<ToRead>, StoreError> {
    let (Some(image), Some(scan)) = (&page.image, store.scan(page.id.scan)?) else { return Ok(None) };
    let (picture, to_scan, cover) = (store.page_image(image), page.to_scan.clone(), page.cover.clone());
    Ok(Some(ToRead { scan, picture, to_scan, cover, number, kind, form: form.clone(), boxes, exact }))
}

/// Has boxes read, off the threads that serve.
async fn reread(shared: &Shared, asked: ToRead) -> Result<Vec<DraftField>, WebError> {
    let reader = shared.rereader.clone();
    let reading = tokio::task::spawn_blocking(move || reader.read(&asked)).await;
    let unreadable = |why: String| {
        tracing::warn!("{why}");
        WebError::Bad("page_unreadable".to_owned())
    };
    reading.map_err(|error| unreadable(error.to_string()))?.map_err(|error| unreadable(error.to_string()))
}
