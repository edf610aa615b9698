//! The clerk's first page: one box that finds people and entries while somebody types.

use askama::Template;
use axum::Json;
use axum::extract::{Query as Address, State};
use axum::response::Html;
use serde::{Deserialize, Serialize};

use super::error::WebError;
use super::guard::Person;
use super::language::Language;
use super::language::clerk::{Words, person_role};
use super::lookups::{PurposeChoice, purposes};
use super::routes::Place;
use super::state::Shared;
use super::summary::Summary;
use super::telling::{Frame, shown};
use super::verification::Choice;
use crate::domain::{FieldType, Kind, PartialDate, Role, catalogue};
use crate::store::Store;
use crate::store::search::{Closeness, DateOf, Hit, HitField, Query, understood};

/// Hits on the page.
const HITS: usize = 20;
/// The longest text that is looked for.
const LONGEST_TEXT: usize = 200;
/// Roles of people that can be chosen.
const ROLES: [&str; 7] = ["child", "mother", "father", "husband", "wife", "deceased", "declarant"];

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    frame: Frame,
    clerk: &'static Words,
    words: String,
    clerk_words: String,
    kinds: Vec<Choice>,
    offices: Vec<String>,
    roles: Vec<Choice>,
    purposes: Vec<PurposeChoice>,
    /// The entry that waits to be opened until a purpose is chosen.
    open: Option<i64>,
    /// Whether nothing may be opened without a purpose.
    must_say: bool,
    /// The account, so that what was searched stays with it.
    who: String,
}

/// What the address of the page says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Opening {
    open: Option<i64>,
}

/// The page; what is found comes later.
pub(super) async fn page(
    State(shared): State<Shared>,
    Person(account): Person,
    language: Language,
    Address(opening): Address<Opening>,
) -> Result<Html<String>, WebError> {
    let offices = shared.readers.read(Store::offices).await?;
    let choice =
        |value: &str, shown: &str| Choice { value: value.to_owned(), shown: shown.to_owned(), chosen: false };
    let page = SearchPage {
        frame: Frame::new(language, &account, Some(Place::Search)),
        clerk: language.clerk(),
        words: language.words_as_json(),
        clerk_words: language.clerk_as_json(),
        kinds: Kind::ALL.map(|kind| choice(kind.as_str(), language.kind(kind))).into(),
        offices,
        roles: ROLES.map(|role| choice(role, person_role(language, role))).into(),
        purposes: purposes(language),
        open: opening.open,
        must_say: account.may(&[Role::Clerk]),
        who: account.name,
    };
    Ok(Html(page.render()?))
}

/// What a browser looks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    text: String,
    kind: String,
    first: Option<i16>,
    last: Option<i16>,
    office: String,
    sex: String,
    role: String,
}

impl Wanted {
    /// What was typed as it is understood, narrowed by what was chosen beside it.
    fn query(self) -> Query {
        let given = |text: String| (!text.is_empty()).then_some(text);
        let typed: String = self.text.chars().take(LONGEST_TEXT).collect();
        let query = understood(&typed);
        let chosen = match (self.first, self.last) {
            (None, None) => None,
            (first, last) => Some((first.unwrap_or(1), last.unwrap_or(9999))),
        };
        Query {
            kind: self.kind.parse().ok().or(query.kind),
            years: chosen.or(query.years),
            office: given(self.office),
            sex: Some(self.sex).filter(|sex| matches!(sex.as_str(), "male" | "female")),
            role: given(self.role).filter(|role| ROLES.contains(&role.as_str())).or(query.role.clone()),
            limit: HITS,
            ..query
        }
    }
}

/// A hit as the browser gets it.
#[derive(Debug, Serialize)]
pub(super) struct ShownHit {
    entry: i64,
    #[serde(flatten)]
    summary: Summary,
    book: String,
    /// How many fields an extract is about nobody has settled.
    unsettled: u32,
    /// Why it was found.
    why: Vec<String>,
    /// Whether only a reading fits that is not the value.
    other_reading: bool,
}

/// What was found.
#[derive(Debug, Serialize)]
pub(super) struct Found {
    understood: Vec<String>,
    hits: Vec<ShownHit>,
    more: bool,
}

/// Finds.
pub(super) async fn find(
    State(shared): State<Shared>,
    language: Language,
    Json(wanted): Json<Wanted>,
) -> Result<Json<Found>, WebError> {
    let query = wanted.query();
    let nothing = query == Query { limit: HITS, ..Query::default() };
    if nothing {
        return Ok(Json(Found { understood: Vec::new(), hits: Vec::new(), more: false }));
    }
    let told = told(language, &query);
    let found = shared.readers.read(move |store| store.search(&query)).await?;
    let hits = found.hits.into_iter().map(|hit| present(language, hit)).collect();
    Ok(Json(Found { understood: told, hits, more: found.more }))
}

/// What was understood, part by part.
fn told(language: Language, query: &Query) -> Vec<String> {
    let clerk = language.clerk();
    let date = |date: PartialDate| shown(FieldType::Date, &date.to_string());
    let of = |of: Option<DateOf>| match (language, of) {
        (_, None) => clerk.years,
        (Language::Vietnamese, Some(DateOf::Birth)) => "sinh",
        (Language::Vietnamese, Some(DateOf::Death)) => "chết",
        (Language::Vietnamese, Some(DateOf::Registration)) => "đăng ký",
        (Language::English, Some(DateOf::Birth)) => "born",
        (Language::English, Some(DateOf::Death)) => "died",
        (Language::English, Some(DateOf::Registration)) => "registered",
    };
    let years = |(first, last): (i16, i16)| match (first, last) {
        (1, last) => format!("{} ≤ {last}", clerk.years),
        (first, 9999) => format!("{} ≥ {first}", clerk.years),
        (first, last) if first == last => format!("{} {first}", clerk.years),
        (first, last) => format!("{} {first}–{last}", clerk.years),
    };
    let parts = [
        query.kind.map(|kind| language.kind(kind).to_owned()),
        (!query.text.is_empty()).then(|| format!("{} “{}”", clerk.name_or_place, query.text)),
        query.role.as_deref().map(|role| person_role(language, role).to_owned()),
        query.date.map(|wanted| format!("{} {}", of(wanted.of), date(wanted.date))),
        query.number.as_ref().map(|number| format!("{} {number}", clerk.number)),
        query.years.map(years),
    ];
    parts.into_iter().flatten().collect()
}

fn present(language: Language, hit: Hit) -> ShownHit {
    let value = |name: &str| {
        let field = hit.fields.iter().find(|field| field.name.as_str() == name);
        field.map(|field| field.value.clone()).unwrap_or_default()
    };
    let reasons = hit.matched.iter().map(|field| why(language, hit.kind, hit.closeness, field));
    ShownHit {
        entry: hit.id,
        summary: Summary::of(language, hit.kind, value),
        book: hit.book.clone(),
        unsettled: hit.unsettled,
        why: reasons.collect(),
        other_reading: hit.closeness == Closeness::OtherReading,
    }
}

/// Why a field fits.
fn why(language: Language, kind: Kind, closeness: Closeness, field: &HitField) -> String {
    let whose = person_role(language, field.name.subject());
    let what = match (catalogue::field_type(kind, &field.name), language) {
        (FieldType::PersonName, Language::Vietnamese) => format!("tên {whose}"),
        (_, Language::Vietnamese) => format!("{} ({whose})", language.field(kind, &field.name)),
        (_, Language::English) => language.field(kind, &field.name),
    };
    let how = how(language, closeness);
    match &field.other_reading {
        Some(other) => format!("{what}: “{other}”, {}", language.clerk().other_reading),
        None => format!("{what}: {} ({how})", field.value),
    }
}

/// How close a hit is, in words.
fn how(language: Language, closeness: Closeness) -> &'static str {
    match (language, closeness) {
        (Language::Vietnamese, Closeness::Exact) => "đúng từng dấu",
        (Language::Vietnamese, Closeness::AccentsKept) => "đúng các dấu đã gõ",
        (Language::Vietnamese, Closeness::Folded) => "không kể dấu",
        (Language::Vietnamese, Closeness::Begun) => "từ cuối gõ dở",
        (Language::Vietnamese, Closeness::Parted) => "một phần ở tên, một phần ở nơi",
        (Language::Vietnamese, Closeness::OtherReading) => "cách đọc khác",
        (Language::Vietnamese, Closeness::OneWrongLetter) => "lệch một chữ",
        (Language::Vietnamese, Closeness::WrongLetters) => "lệch vài chữ",
        (Language::English, Closeness::Exact) => "accents and all",
        (Language::English, Closeness::AccentsKept) => "with the accents typed",
        (Language::English, Closeness::Folded) => "accents aside",
        (Language::English, Closeness::Begun) => "the last word begun",
        (Language::English, Closeness::Parted) => "partly the name, partly a place",
        (Language::English, Closeness::OtherReading) => "another reading",
        (Language::English, Closeness::OneWrongLetter) => "one letter off",
        (Language::English, Closeness::WrongLetters) => "some letters off",
    }
}
