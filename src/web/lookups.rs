//! Look-ups: what a record is opened for, the log of it, and what an auditor sees.

use askama::Template;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::error::WebError;
use super::guard::{Person, cookie};
use super::language::Language;
use super::language::clerk::Words;
use super::routes::Place;
use super::state::Shared;
use super::telling::Frame;
use crate::domain::Role;
use crate::store::desk::{Account, Lookup, LookupFilter, LookupPurpose, SESSION};
use crate::store::{DeskTransaction, Store};

/// The cookie in which a window keeps what records are opened for: a word, and behind a hyphen the remark as the
/// hexadecimal figures of its UTF-8.
const PURPOSE_COOKIE: &str = "hotich-purpose";
/// The longest remark.
const LONGEST_REMARK: usize = 200;
/// Look-ups on a page.
const ON_A_PAGE: usize = 100;
/// Look-ups in a CSV file.
const IN_A_FILE: usize = 100_000;

/// A purpose that can be chosen.
pub(super) struct PurposeChoice {
    /// The word that is sent.
    pub value: &'static str,
    /// What it is called.
    pub shown: &'static str,
    /// Whether it must be explained.
    pub with_remark: bool,
}

/// Every purpose, in the order of the page.
pub(super) fn purposes(language: Language) -> Vec<PurposeChoice> {
    let all = [LookupPurpose::Issue, LookupPurpose::Verify, LookupPurpose::Correct, LookupPurpose::Other];
    let choice = |purpose| PurposeChoice {
        value: word(purpose),
        shown: called(language, purpose),
        with_remark: purpose == LookupPurpose::Other,
    };
    all.map(choice).into()
}

fn word(purpose: LookupPurpose) -> &'static str {
    match purpose {
        LookupPurpose::Issue => "issue",
        LookupPurpose::Verify => "verify",
        LookupPurpose::Correct => "correct",
        LookupPurpose::Other => "other",
    }
}

fn called(language: Language, purpose: LookupPurpose) -> &'static str {
    let clerk = language.clerk();
    match purpose {
        LookupPurpose::Issue => clerk.purpose_issue,
        LookupPurpose::Verify => clerk.purpose_verify,
        LookupPurpose::Correct => clerk.purpose_correct,
        LookupPurpose::Other => clerk.purpose_other,
    }
}

/// Somebody who opens the page of a record: it is in the log, on the disk, before the handler runs.
///
/// A clerk who has not said what for is led to where that is said ([`WebError::PurposeFirst`]).
pub(super) struct Opened {
    /// Who.
    pub account: Account,
    /// The record, which the path calls `{entry}`.
    pub entry: i64,
}

impl FromRequestParts<Shared> for Opened {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Response> {
        let (account, entry) = who_and_what(parts, shared).await?;
        note(shared, &account, &parts.headers, entry, Some(entry)).await?;
        Ok(Self { account, entry })
    }
}

/// The same for the data of a record, which its page asks for after it was opened: noted too when it was not opened by
/// a page within a working day, so that nothing is seen past the log.
pub(super) struct Seen {
    /// Who.
    pub account: Account,
    /// The record, which the path calls `{entry}`.
    pub entry: i64,
}

impl FromRequestParts<Shared> for Seen {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Response> {
        let (account, entry) = who_and_what(parts, shared).await?;
        let (who, since) = (account.name.clone(), Timestamp::now() - SESSION);
        let look = move |store: &Store| store.has_looked_up(&who, entry, since);
        if !shared.readers.read(look).await.map_err(WebError::from)? {
            note(shared, &account, &parts.headers, entry, None).await?;
        }
        Ok(Self { account, entry })
    }
}

async fn who_and_what(parts: &mut Parts, shared: &Shared) -> Result<(Account, i64), Response> {
    let Person(account) = Person::from_request_parts(parts, shared).await?;
    let Path(entry) =
        Path::<i64>::from_request_parts(parts, shared).await.map_err(IntoResponse::into_response)?;
    Ok((account, entry))
}

/// Notes that `account` looks at the record; `page` is the record where a clerk without a purpose can be led to say it.
async fn note(
    shared: &Shared,
    account: &Account,
    headers: &HeaderMap,
    entry: i64,
    page: Option<i64>,
) -> Result<(), WebError> {
    let chosen = cookie(headers, PURPOSE_COOKIE).and_then(purpose_of);
    let (purpose, remark) =
        chosen.or_else(|| of_their_work(account)).ok_or(WebError::PurposeFirst { page })?;
    let (id, who) = (account.id, account.name.clone());
    let note = move |desk: &DeskTransaction<'_>| desk.note_lookup(entry, (id, &who), (purpose, &remark));
    Ok(shared.writer.write(note).await?)
}

/// What somebody opens records for who need not say: not a clerk, before whom citizens stand.
fn of_their_work(account: &Account) -> Option<(LookupPurpose, String)> {
    match account.roles.as_slice() {
        roles if roles.contains(&Role::Clerk) => None,
        [Role::Auditor] => Some((LookupPurpose::Other, "kiểm toán".to_owned())),
        _ => Some((LookupPurpose::Verify, String::new())),
    }
}

/// The cookie that forgets what records were opened for: whoever signs in next says it anew.
pub(super) fn forget_purpose() -> String {
    format!("{PURPOSE_COOKIE}=; Path=/; Max-Age=0; SameSite=Strict")
}

/// The purpose that a cookie says.
fn purpose_of(text: &str) -> Option<(LookupPurpose, String)> {
    let (word, remark) = text.split_once('-').unwrap_or((text, ""));
    let purpose = serde_json::from_value(word.into()).ok()?;
    let pairs = remark.as_bytes().chunks(2);
    let bytes = pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    let remark = String::from_utf8(bytes.collect::<Option<_>>()?).ok()?;
    let remark: String = remark.trim().chars().take(LONGEST_REMARK).collect();
    (purpose != LookupPurpose::Other || !remark.is_empty()).then_some((purpose, remark))
}

/// Which look-ups are asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    who: String,
    record: String,
    day: String,
    before: Option<i64>,
}

impl Asked {
    fn filter(&self) -> LookupFilter {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        LookupFilter {
            who: given(&self.who),
            record: given(&self.record),
            day: given(&self.day),
            before: self.before,
        }
    }
}

/// A line of the log as the page shows it.
struct Line {
    lookup: Lookup,
    purpose: &'static str,
}

#[derive(Template)]
#[template(path = "lookups.html")]
struct LookupsPage {
    frame: Frame,
    clerk: &'static Words,
    asked: Asked,
    lines: Vec<Line>,
    /// The last one shown, where there are older ones.
    older: Option<i64>,
}

/// The page.
pub(super) async fn page(
    State(shared): State<Shared>,
    Person(account): Person,
    language: Language,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    let filter = asked.filter();
    let mut found = shared.readers.read(move |store| store.lookups(&filter, ON_A_PAGE + 1)).await?;
    let more = found.len() > ON_A_PAGE;
    found.truncate(ON_A_PAGE);
    let page = LookupsPage {
        frame: Frame::new(language, &account, Some(Place::Lookups)),
        clerk: language.clerk(),
        asked,
        older: found.last().map(|last| last.id).filter(|_| more),
        lines: found
            .into_iter()
            .map(|lookup| Line { purpose: called(language, lookup.purpose), lookup })
            .collect(),
    };
    Ok(Html(page.render()?))
}

/// The log as CSV.
pub(super) async fn csv(
    State(shared): State<Shared>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse, WebError> {
    let filter = asked.filter();
    let found = shared.readers.read(move |store| store.lookups(&filter, IN_A_FILE)).await?;
    let wrong = |error: csv::Error| WebError::Bad(error.to_string());
    // Spreadsheets take UTF-8 for something else without this mark.
    let mut lines = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    lines.write_record(["at", "who", "record", "purpose", "remark"]).map_err(wrong)?;
    for lookup in &found {
        let purpose = word(lookup.purpose);
        let row = [&lookup.at, &lookup.who, &lookup.record, purpose, lookup.remark.as_str()].map(harmless);
        lines.write_record(&row).map_err(wrong)?;
    }
    let bytes = lines.into_inner().map_err(|error| WebError::Bad(error.to_string()))?;
    let name = "attachment; filename=\"lookups.csv\"";
    Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, name)], bytes))
}

/// A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection").
fn harmless(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{harmless, of_their_work, purpose_of};
    use crate::domain::Role;
    use crate::store::desk::{Account, LookupPurpose};

    #[test]
    fn a_cookie_says_the_purpose_or_nothing() {
        let some = |purpose, remark: &str| Some((purpose, remark.to_owned()));
        assert_eq!(purpose_of("issue"), some(LookupPurpose::Issue, ""));
        assert_eq!(purpose_of("other-74e1bbab"), some(LookupPurpose::Other, "từ"));
        for wrong in ["", "other", "other-", "other-zz", "other-ff", "king", "other-2020", "other-€"] {
            assert_eq!(purpose_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_clerk_must_say_what_for() {
        let account = |roles: &[Role]| Account {
            id: 1,
            name: "lan".to_owned(),
            full_name: String::new(),
            roles: roles.to_vec(),
            active: true,
            has_password: true,
        };
        assert_eq!(of_their_work(&account(&[Role::Verifier, Role::Clerk])), None);
        assert!(of_their_work(&account(&[Role::Verifier])).is_some());
        assert_eq!(of_their_work(&account(&[Role::Auditor])).unwrap().0, LookupPurpose::Other);
    }

    #[test]
    fn cells_are_no_formulas() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("lan"), "lan");
    }
}
