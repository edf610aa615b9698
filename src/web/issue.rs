//! The counter's page: what people must settle first, who asks, and the copy with its number.

use askama::Template;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse};
use jiff::Zoned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::WebError;
use super::guard::Person;
use super::language::Language;
use super::language::clerk::{Words, person_role};
use super::lookups::{Opened, Seen};
use super::papers::pdf;
use super::presented::picture;
use super::related::record_name;
use super::state::Shared;
use super::summary::Summary;
use super::telling::{Frame, shown};
use super::verification::{Choice, check_word};
use crate::counter::{self, CounterError, Office, Order};
use crate::domain::{CopyRequest, FieldName, Missing, RecordName, Role, WhyMissing};
use crate::store::desk::EntryView;
use crate::store::{DeskTransaction, Store, StoreError};

/// The longest text of a request.
const LONGEST_TEXT: usize = 200;
/// The most copies at a time.
const MOST_COPIES: u32 = 999;

#[derive(Template)]
#[template(path = "issue.html")]
struct IssuePage {
    frame: Frame,
    clerk: &'static Words,
    words: String,
    clerk_words: String,
    entry: i64,
    about: Summary,
    book: String,
    papers: Vec<Choice>,
    /// Why no papers can be had on this machine.
    no_papers: Option<String>,
    office: Option<Office>,
    may_set_office: bool,
}

/// The page; what must be settled comes as JSON.
pub(super) async fn page(
    State(shared): State<Shared>,
    Opened { account, entry }: Opened,
    language: Language,
) -> Result<Html<String>, WebError> {
    let view = shared.readers.read(move |store| store.entry_view(entry)).await?.ok_or(WebError::NotFound)?;
    let office = shared.readers.read(|store| Ok(counter::office(store).ok())).await?;
    let papers = papers(&shared, &view).await;
    let value = |name: &str| {
        view.field(&FieldName::from(name)).map(|field| field.field.value.clone()).unwrap_or_default()
    };
    let page = IssuePage {
        frame: Frame::new(language, &account, None),
        clerk: language.clerk(),
        words: language.words_as_json(),
        clerk_words: language.clerk_as_json(),
        entry,
        about: Summary::of(language, view.kind, value),
        book: view.page.book.clone(),
        no_papers: papers.as_ref().err().cloned(),
        papers: papers.unwrap_or_default(),
        office: office.filter(|office| !office.signer.name.is_empty()),
        may_set_office: account.may(&[Role::Administrator]),
    };
    Ok(Html(page.render()?))
}

/// The papers that can be made of the entry today, its usual extract chosen; else why there are none.
async fn papers(shared: &Shared, view: &EntryView) -> Result<Vec<Choice>, String> {
    let (doors, folder, kind) = (shared.papers.clone(), shared.readers.folder(), view.kind);
    let find = move || {
        let counter = doors.counter(&folder).map_err(|error| match error {
            WebError::Bad(what) => what,
            _ => String::new(),
        })?;
        let usual = counter.papers().usual(kind).map(|paper| paper.id.clone()).unwrap_or_default();
        let choice = |paper: &counter::Paper| Choice {
            value: paper.id.clone(),
            shown: paper.name.clone(),
            chosen: paper.id == usual,
        };
        Ok(counter.papers().extracts_of(kind, Zoned::now().date()).map(choice).collect())
    };
    tokio::task::spawn_blocking(find).await.unwrap_or_else(|error| Err(error.to_string()))
}

/// Which paper is meant.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Meant {
    paper: String,
    proof: bool,
}

impl Meant {
    fn paper(&self) -> Option<String> {
        Some(self.paper.clone()).filter(|paper| !paper.is_empty())
    }
}

/// A field that must be settled first.
#[derive(Debug, Serialize)]
struct ToSettle {
    field: String,
    label: String,
    why: &'static str,
    value: String,
    shown: String,
    /// Other readings, as people write them.
    others: Vec<String>,
    picture: String,
}

/// What must be settled before the paper can be issued, each with its ink.
pub(super) async fn missing(
    State(shared): State<Shared>,
    Seen { entry, .. }: Seen,
    language: Language,
    Query(meant): Query<Meant>,
) -> Result<Json<Value>, WebError> {
    let doors = shared.papers.clone();
    let find = move |store: &Store| -> Result<Result<Vec<ToSettle>, WebError>, StoreError> {
        let Some(view) = store.entry_view(entry)? else { return Ok(Err(WebError::NotFound)) };
        let missing = doors.counter(store.folder()).and_then(|counter| {
            let paper = meant.paper();
            Ok(counter.missing(store, &record_name(&view), paper.as_deref())?)
        });
        Ok(missing.map(|missing| missing.iter().filter_map(|one| to_settle(language, &view, one)).collect()))
    };
    let missing = shared.readers.read(find).await??;
    Ok(Json(json!({ "missing": missing })))
}

fn to_settle(language: Language, view: &EntryView, missing: &Missing) -> Option<ToSettle> {
    let field = &view.field(&missing.field)?.field;
    let clerk = language.clerk();
    let other = field.candidates.iter().filter(|other| other.value != field.value && !other.value.is_empty());
    let label = match language {
        Language::Vietnamese => match missing.field.subject() {
            "entry" | "registration" | "notes" => missing.label.clone(),
            subject => of_whom(&missing.label, person_role(language, subject)),
        },
        Language::English => language.field(view.kind, &missing.field),
    };
    Some(ToSettle {
        field: missing.field.to_string(),
        label,
        why: match missing.why {
            WhyMissing::NobodySettledIt => clerk.why_nobody_settled_it,
            WhyMissing::RuleBlocks => clerk.why_rule_blocks,
            WhyMissing::NotSure => clerk.why_not_sure,
            WhyMissing::Illegible => clerk.why_illegible,
        },
        value: field.value.clone(),
        shown: shown(field.field_type, &field.value),
        others: other.take(5).map(|other| shown(field.field_type, &other.value)).collect(),
        picture: picture(view, field),
    })
}

/// The label of a field with whose it is, where it does not say so itself.
fn of_whom(label: &str, role: &str) -> String {
    if label.to_lowercase().contains(role) { label.to_owned() } else { format!("{label} ({role})") }
}

/// An order as the browser sends it.
#[derive(Debug, Deserialize)]
pub(super) struct Ordered {
    /// Made by the browser before it is sent for the first time.
    id: String,
    paper: String,
    requester: String,
    relation: String,
    identity_paper: String,
    copies: u32,
    fee: u32,
    #[serde(default)]
    signer: String,
    #[serde(default)]
    signer_title: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    proof: bool,
}

impl Ordered {
    fn order(self, record: RecordName, issued_by: String) -> Result<Order, WebError> {
        if !(1..=MOST_COPIES).contains(&self.copies) {
            return Err(WebError::Bad(format!("1 … {MOST_COPIES}")));
        }
        let text = |text: String| -> String {
            crate::domain::text::clean(&text).chars().take(LONGEST_TEXT).collect()
        };
        let request = CopyRequest {
            requester: text(self.requester),
            relation: text(self.relation),
            identity_paper: text(self.identity_paper),
            copies: self.copies,
            fee: self.fee,
            signer: text(self.signer),
            signer_title: text(self.signer_title),
            note: text(self.note),
            issued_by,
            on: Zoned::now().date(),
        };
        let paper = Some(self.paper).filter(|paper| !paper.is_empty());
        Ok(Order { record, paper, request, proof: self.proof })
    }
}

/// Issues a copy: number, log and document in one transaction, once for each order.
pub(super) async fn issue(
    State(shared): State<Shared>,
    Person(account): Person,
    Path(entry): Path<i64>,
    Json(ordered): Json<Ordered>,
) -> Result<Json<Value>, WebError> {
    check_word(&ordered.id)?;
    let read = move |store: &Store| Ok((store.entry_view(entry)?, counter::office(store)));
    let (view, office) = shared.readers.read(read).await?;
    let record = record_name(&view.ok_or(WebError::NotFound)?);
    let office = office?;
    let id = ordered.id.clone();
    let order = ordered.order(record, account.name)?;
    let (doors, folder) = (shared.papers.clone(), shared.readers.folder());
    let work = move |desk: &DeskTransaction<'_>| {
        let issue = doors.counter(&folder).map(|counter| {
            counter.issue_once(desk, (&office, &folder), (&id, &order)) //
        });
        match issue {
            Ok(Ok(copy)) => Ok(Ok(copy)),
            // What the store refuses is taken back, savepoint and all; what the paper refuses has written nothing.
            Ok(Err(CounterError::Store(error))) => Err(error),
            Ok(Err(error)) => Ok(Err(error.into())),
            Err(error) => Ok(Err(error)),
        }
    };
    let copy: Result<_, WebError> = shared.writer.write(work).await?;
    let copy = copy?;
    let document = format!("/copies/{}/{}/{}/document", copy.symbol, copy.year, copy.number);
    Ok(Json(json!({ "number": copy.number_text(), "document": document })))
}

/// How the copy would look.
pub(super) async fn preview(
    State(shared): State<Shared>,
    Seen { entry, .. }: Seen,
    Query(meant): Query<Meant>,
) -> Result<impl IntoResponse, WebError> {
    let doors = shared.papers.clone();
    let print = move |store: &Store| -> Result<Result<Vec<u8>, WebError>, StoreError> {
        let Some(view) = store.entry_view(entry)? else { return Ok(Err(WebError::NotFound)) };
        let order = Order {
            record: record_name(&view),
            paper: meant.paper(),
            request: unasked(),
            proof: meant.proof,
        };
        let print = |counter: &counter::Counter| counter.preview(store, &order).map_err(WebError::from);
        Ok(doors.counter(store.folder()).and_then(print))
    };
    Ok(pdf("preview.pdf", shared.readers.read(print).await??))
}

/// A request of nobody, for a preview.
fn unasked() -> CopyRequest {
    CopyRequest {
        requester: String::new(),
        relation: String::new(),
        identity_paper: String::new(),
        copies: 1,
        fee: 0,
        signer: String::new(),
        signer_title: String::new(),
        note: String::new(),
        issued_by: String::new(),
        on: Zoned::now().date(),
    }
}

#[cfg(test)]
mod tests {
    use super::of_whom;

    #[test]
    fn a_label_says_whose_it_is_once() {
        assert_eq!(of_whom("Ngày, tháng, năm sinh", "con"), "Ngày, tháng, năm sinh (con)");
        assert_eq!(of_whom("Họ, chữ đệm, tên người chết", "người chết"), "Họ, chữ đệm, tên người chết");
    }
}
