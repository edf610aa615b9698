//! Accounts and what the office sets: the administrator's page.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::error::WebError;
use super::guard::Person;
use super::language::Language;
use super::routes::Place;
use super::secrets::Secret;
use super::state::Shared;
use super::telling::Frame;
use crate::domain::Role;
use crate::store::desk::{Account, AccountEvent, Policy};
use crate::store::{DeskTransaction, Store, StoreError};

/// Events shown.
const EVENTS: usize = 50;

/// An account as the page shows it.
struct Shown {
    account: Account,
    /// Every role: its word, what it is called, whether the account has it.
    roles: Vec<(&'static str, &'static str, bool)>,
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage {
    frame: Frame,
    accounts: Vec<Shown>,
    new_roles: Vec<(&'static str, &'static str)>,
    policy: Policy,
    events: Vec<AccountEvent>,
    problem: Option<&'static str>,
    link: Option<(String, String)>,
}

/// A one-time link to show: whose, and where it leads.
type Link = Option<(String, String)>;

async fn render(
    shared: &Shared,
    language: Language,
    person: &Account,
    problem: Option<&'static str>,
    link: Link,
) -> Result<Response, WebError> {
    let read = |store: &Store| Ok((store.accounts()?, store.policy()?, store.account_events(EVENTS)?));
    let (accounts, policy, events) = shared.readers.read(read).await?;
    let show = |account: Account| Shown {
        roles: Role::ALL
            .map(|role| (role.as_str(), language.role(role), account.roles.contains(&role)))
            .to_vec(),
        account,
    };
    let page = AccountsPage {
        frame: Frame::new(language, person, Some(Place::Accounts)),
        accounts: accounts.into_iter().map(show).collect(),
        new_roles: Role::ALL.map(|role| (role.as_str(), language.role(role))).to_vec(),
        policy,
        events,
        problem,
        link,
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Html(page.render()?)).into_response())
}

/// The page.
pub(super) async fn page(
    State(shared): State<Shared>,
    Person(person): Person,
    language: Language,
) -> Result<Response, WebError> {
    render(&shared, language, &person, None, None).await
}

/// The fields of a form, repeated ones and all.
type Fields = Vec<(String, String)>;

fn roles(fields: &Fields) -> Vec<Role> {
    let chosen = fields.iter().filter(|(name, _)| name == "role");
    chosen.filter_map(|(_, value)| value.parse().ok()).collect()
}

fn text(fields: &Fields, wanted: &str) -> String {
    let found = fields.iter().find(|(name, _)| name == wanted);
    found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

/// Whether this may be the name of an account.
#[must_use]
pub fn is_account_name(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    (2..=40).contains(&name.len()) && name.chars().all(letter)
}

/// Adds an account and shows its one-time link.
pub(super) async fn add(
    State(shared): State<Shared>,
    Person(person): Person,
    language: Language,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let words = language.words();
    let (name, full_name, roles) = (text(&fields, "name"), text(&fields, "full_name"), roles(&fields));
    let problem = match (is_account_name(&name), roles.is_empty()) {
        (false, _) => Some(words.bad_name),
        (_, true) => Some(words.choose_role),
        _ => None,
    };
    if problem.is_some() {
        return render(&shared, language, &person, problem, None).await;
    }
    let secret = Secret::new()?;
    let (hash, who, new) = (secret.hash, person.name.clone(), name.clone());
    let add = move |desk: &DeskTransaction<'_>| {
        let id = desk.add_account(&new, &full_name, &roles, &who)?;
        desk.invite(id, &hash)
    };
    match shared.writer.write(add).await {
        Ok(()) => {
            let link = Some((name, link(&shared, &headers, &secret.text)));
            render(&shared, language, &person, None, link).await
        }
        Err(StoreError::Unstorable { .. }) => {
            render(&shared, language, &person, Some(words.name_taken), None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The whole address of a one-time link.
fn link(shared: &Shared, headers: &HeaderMap, secret: &str) -> String {
    let scheme = if shared.secure { "https" } else { "http" };
    let host = headers.get(axum::http::header::HOST).and_then(|host| host.to_str().ok());
    format!("{scheme}://{}/welcome/{secret}", host.unwrap_or("localhost"))
}

/// Changes an account, or makes a new link for it.
pub(super) async fn change(
    State(shared): State<Shared>,
    Person(person): Person,
    language: Language,
    headers: HeaderMap,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let words = language.words();
    let wanted = name.clone();
    let account = shared.readers.read(move |store| store.account(&wanted)).await?;
    let mut account = account.ok_or(WebError::NotFound)?;
    if text(&fields, "link") == "new" {
        let secret = Secret::new()?;
        let (id, hash, who) = (account.id, secret.hash, person.name.clone());
        let invite = move |desk: &DeskTransaction<'_>| {
            desk.invite(id, &hash)?;
            desk.note_account(Some(id), &who, "one-time link made")
        };
        shared.writer.write(invite).await?;
        let link = Some((name, link(&shared, &headers, &secret.text)));
        return render(&shared, language, &person, None, link).await;
    }
    let roles = roles(&fields);
    account.active = text(&fields, "active") == "yes";
    let gives_up = account.id == person.id && !(account.active && roles.contains(&Role::Administrator));
    let problem = match (gives_up, roles.is_empty()) {
        (true, _) => Some(words.yourself),
        (_, true) => Some(words.choose_role),
        _ => None,
    };
    if problem.is_some() {
        return render(&shared, language, &person, problem, None).await;
    }
    (account.roles, account.full_name) = (roles, text(&fields, "full_name"));
    let who = person.name.clone();
    shared.writer.write(move |desk| desk.change_account(&account, &who)).await?;
    Ok(Redirect::to("/accounts").into_response())
}

/// What the office sets, as the form sends it.
#[derive(Debug, Deserialize)]
pub(super) struct NewPolicy {
    #[serde(default)]
    double_keying: Option<String>,
    audit_percent: f64,
    seed_percent: f64,
}

/// Sets how fields are verified.
pub(super) async fn set_policy(
    State(shared): State<Shared>,
    Person(person): Person,
    Form(new): Form<NewPolicy>,
) -> Result<Response, WebError> {
    let share =
        |percent: f64| (percent.is_finite() && (0.0..=100.0).contains(&percent)).then_some(percent / 100.0);
    let (Some(audit_share), Some(seed_share)) = (share(new.audit_percent), share(new.seed_percent)) else {
        return Err(WebError::Bad("0 … 100".to_owned()));
    };
    let policy = Policy { double_keying: new.double_keying.is_some(), audit_share, seed_share };
    let set = move |desk: &DeskTransaction<'_>| {
        desk.set_policy(&policy)?;
        desk.note_account(Some(person.id), &person.name, "verification policy set")
    };
    shared.writer.write(set).await?;
    Ok(Redirect::to("/accounts").into_response())
}

#[cfg(test)]
mod tests {
    use super::is_account_name;

    #[test]
    fn account_names_are_plain() {
        assert!(["lan", "nguyen.van-an", "a1"].into_iter().all(is_account_name));
        assert!(["", "a", "Lan", "lân", "an ba", "<b>"].into_iter().all(|name| !is_account_name(name)));
    }
}
