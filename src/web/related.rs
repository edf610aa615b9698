//! What a clerk sees beside a record: its notes, the copies issued of it, and entries that may be about the same people.

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::WebError;
use super::guard::Person;
use super::language::Language;
use super::language::clerk::{Words, person_role};
use super::lookups::Seen;
use super::state::Shared;
use super::summary::Summary;
use crate::domain::{FieldName, RecordName, Role, ScanName};
use crate::store::desk::{Account, EntryView};
use crate::store::{LinkEnd, LinkState, Store, StoreError, StoredLink};

/// The part of the record's page that is the clerk's.
#[derive(Template)]
#[template(path = "related.html")]
pub(super) struct RelatedPart {
    clerk: &'static Words,
    clerk_words: String,
    entry: i64,
    may_issue: bool,
}

impl RelatedPart {
    /// For the page of `entry`, as `account` sees it.
    pub fn new(language: Language, account: &Account, entry: i64) -> Self {
        let clerk_words = language.clerk_as_json();
        Self { clerk: language.clerk(), clerk_words, entry, may_issue: account.may(&[Role::Clerk]) }
    }
}

/// A copy that was issued of the record.
#[derive(Debug, Serialize)]
struct ShownCopy {
    number: String,
    name: String,
    on: String,
    requester: String,
    voided: Option<String>,
}

/// An entry that may belong to the record.
#[derive(Debug, Serialize)]
struct ShownLink {
    id: i64,
    entry: i64,
    how: String,
    state: LinkState,
    state_shown: &'static str,
    /// How likely it is, in hundredths.
    hundredths: u8,
    #[serde(flatten)]
    summary: Summary,
    reasons: Vec<String>,
}

/// What stands beside a record.
#[derive(Debug, Serialize)]
pub(super) struct Related {
    notes: String,
    notes_settled: bool,
    copies: Vec<ShownCopy>,
    links: Vec<ShownLink>,
    may_settle: bool,
}

/// What stands beside the record, as JSON.
pub(super) async fn related(
    State(shared): State<Shared>,
    Seen { account, entry }: Seen,
    language: Language,
) -> Result<Json<Related>, WebError> {
    let may_settle = account.may(&[Role::Verifier, Role::Supervisor, Role::Archive, Role::Clerk]);
    let find = move |store: &Store| -> Result<Option<Related>, StoreError> {
        let Some(view) = store.entry_view(entry)? else { return Ok(None) };
        let notes = view.field(&FieldName::from("notes"));
        Ok(Some(Related {
            notes: notes.map(|notes| notes.field.value.clone()).unwrap_or_default(),
            notes_settled: notes.is_some_and(|notes| notes.settled_by.is_some()),
            copies: copies(store, &record_name(&view))?,
            links: links(store, language, entry)?,
            may_settle,
        }))
    };
    Ok(Json(shared.readers.read(find).await?.ok_or(WebError::NotFound)?))
}

/// What the record is called.
pub(super) fn record_name(view: &EntryView) -> RecordName {
    RecordName { scan: ScanName(view.page.scan.clone()), entry: view.number }
}

fn copies(store: &Store, record: &RecordName) -> Result<Vec<ShownCopy>, StoreError> {
    let copies = store.copies_of(record)?.into_iter();
    let shown = copies.map(|copy| ShownCopy {
        number: copy.number_text(),
        on: copy.on.strftime("%d/%m/%Y").to_string(),
        name: copy.paper_name,
        requester: copy.requester,
        voided: copy.voided.map(|voided| voided.reason),
    });
    Ok(shown.collect())
}

fn links(store: &Store, language: Language, entry: i64) -> Result<Vec<ShownLink>, StoreError> {
    let mut shown = Vec::new();
    for link in store.links_of(entry)? {
        let [first, second] = &link.ends;
        let (own, other) = if first.id == entry { (first, second) } else { (second, first) };
        if let Some(view) = store.entry_view(other.id)? {
            shown.push(present(language, &link, (own, other), &view));
        }
    }
    Ok(shown)
}

fn present(
    language: Language,
    link: &StoredLink,
    (own, other): (&LinkEnd, &LinkEnd),
    view: &EntryView,
) -> ShownLink {
    let value = |name: &str| {
        view.field(&FieldName::from(name)).map(|field| field.field.value.clone()).unwrap_or_default()
    };
    let clerk = language.clerk();
    let how = match link.kind.as_str() {
        "same_event" => clerk.link_event.to_owned(),
        "same_parents" => clerk.link_parents.to_owned(),
        _ => {
            let role = |end: &LinkEnd| person_role(language, &end.role).to_owned();
            format!("{} ({} → {})", clerk.link_person, role(own), role(other))
        }
    };
    ShownLink {
        id: link.id,
        entry: view.id,
        how,
        state: link.state,
        state_shown: match link.state {
            LinkState::Proposed => clerk.link_proposed,
            LinkState::Confirmed => clerk.link_confirmed,
            LinkState::Refused => clerk.link_refused,
        },
        hundredths: (link.score * 100.0).floor() as u8,
        summary: Summary::of(language, view.kind, value),
        reasons: reasons(language, &link.reasons),
    }
}

/// A reason as linking wrote it.
#[derive(Deserialize)]
struct Reason {
    field: String,
    agreement: String,
    weight: f64,
}

/// Why, in words: what weighs most first.
fn reasons(language: Language, reasons: &Value) -> Vec<String> {
    let reasons: Vec<Reason> = serde_json::from_value(reasons.clone()).unwrap_or_default();
    let told = |reason: Reason| {
        let (role, what) = reason.field.split_once('.').unwrap_or(("", &reason.field));
        let role = if role.is_empty() { "" } else { person_role(language, role) };
        let how = agreement(language, &reason.agreement);
        format!("{}: {how} ({:+.1})", format!("{} {role}", thing(language, what)).trim(), reason.weight)
    };
    reasons.into_iter().map(told).collect()
}

/// What was compared.
fn thing(language: Language, word: &str) -> String {
    let known = match (language, word) {
        (Language::Vietnamese, "name") => "tên",
        (Language::Vietnamese, "birth_date" | "birth_year") => "ngày sinh",
        (Language::Vietnamese, "sex") => "giới tính",
        (Language::Vietnamese, "date") => "ngày",
        (Language::Vietnamese, "registration") => "đăng ký",
        (Language::Vietnamese, "residence") => "nơi cư trú",
        (Language::Vietnamese, "birth_place" | "place") => "nơi",
        (Language::Vietnamese, "age") => "tuổi",
        (_, other) => return other.replace('_', " "),
    };
    known.to_owned()
}

fn agreement(language: Language, word: &str) -> &str {
    match (language, word) {
        (Language::Vietnamese, "exact") => "giống hệt",
        (Language::Vietnamese, "accents_off") => "chỉ khác dấu",
        (Language::Vietnamese, "one_letter") => "lệch một chữ",
        (Language::Vietnamese, "partly") => "giống một phần",
        (Language::Vietnamese, "differs") => "khác",
        (Language::English, "exact") => "the same",
        (Language::English, "accents_off") => "the same but for accents",
        (Language::English, "one_letter") => "one letter apart",
        (Language::English, "partly") => "partly the same",
        (Language::English, "differs") => "different",
        (_, other) => other,
    }
}

/// What somebody says of a link.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    same: bool,
}

/// Notes what somebody says of a link.
pub(super) async fn settle(
    State(shared): State<Shared>,
    Person(account): Person,
    Path(link): Path<i64>,
    Json(said): Json<Said>,
) -> Result<Json<Value>, WebError> {
    shared.writer.write(move |desk| desk.settle_link(link, said.same, &account.name)).await?;
    Ok(Json(json!({ "same": said.same })))
}
