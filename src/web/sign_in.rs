//! Signing in and out, and setting a password through a one-time link.

use std::time::Instant;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::error::WebError;
use super::guard::{Person, SESSION_COOKIE, cookie};
use super::language::{Language, Words};
use super::lookups::forget_purpose;
use super::routes;
use super::secrets::{Secret, hash_of, hash_password};
use super::state::Shared;
use super::telling::Frame;
use crate::store::StoreError;
use crate::store::desk::SESSION;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    words: &'static Words,
    language: Language,
    name: String,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct WelcomePage {
    words: &'static Words,
    language: Language,
    name: Option<String>,
    problem: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
}

/// Name and password.
#[derive(Deserialize)]
pub(super) struct Attempt {
    name: String,
    password: String,
}

/// A new password, twice.
#[derive(Deserialize)]
pub(super) struct NewPassword {
    password: String,
    again: String,
}

/// The page to sign in on.
pub(super) async fn page(language: Language) -> Result<Html<String>, WebError> {
    let page = SignInPage { words: language.words(), language, name: String::new(), problem: None };
    Ok(Html(page.render()?))
}

/// Signs in: the browser gets the secret of a session.
pub(super) async fn sign_in(
    State(shared): State<Shared>,
    language: Language,
    Form(attempt): Form<Attempt>,
) -> Result<Response, WebError> {
    let words = language.words();
    let name = attempt.name.trim().to_lowercase();
    let refuse = |status, problem: String| -> Result<Response, WebError> {
        let page = SignInPage { words, language, name: name.clone(), problem: Some(problem) };
        Ok((status, Html(page.render()?)).into_response())
    };
    if let Some(wait) = shared.attempts.wait(&name, Instant::now()) {
        let problem = format!("{} {}", words.wait, wait.as_secs() + 1);
        return refuse(StatusCode::TOO_MANY_REQUESTS, problem);
    }
    if !password_is_right(&shared, &name, attempt.password).await? {
        shared.attempts.failed(&name, Instant::now());
        note(&shared, name.clone(), "sign-in refused").await?;
        return refuse(StatusCode::UNAUTHORIZED, words.wrong_password.to_owned());
    }
    shared.attempts.succeeded(&name);
    begin_session(&shared, name).await
}

/// Whether the password is that of the account. A name that nobody has takes as long as one that
/// somebody has.
async fn password_is_right(shared: &Shared, name: &str, password: String) -> Result<bool, WebError> {
    let wanted = name.to_owned();
    let hash = shared.readers.read(move |store| store.password_hash(&wanted)).await?;
    let _turn = shared.trying.acquire().await;
    let check = move || match hash {
        Some(hash) => password_auth::verify_password(password, &hash).is_ok(),
        None => {
            password_auth::generate_hash(password);
            false
        }
    };
    Ok(tokio::task::spawn_blocking(check).await.unwrap_or(false))
}

/// Notes what happened to the account called `name`, or that somebody tried a name nobody has.
async fn note(shared: &Shared, name: String, what: &'static str) -> Result<(), WebError> {
    let known = name.clone();
    let account = shared.readers.read(move |store| store.account(&known)).await?;
    let who = account.as_ref().map_or("?".to_owned(), |account| account.name.clone());
    let id = account.map(|account| account.id);
    Ok(shared.writer.write(move |desk| desk.note_account(id, &who, what)).await?)
}

async fn begin_session(shared: &Shared, name: String) -> Result<Response, WebError> {
    let account = shared.readers.read(move |store| store.account(&name)).await?.ok_or(WebError::NotFound)?;
    let secret = Secret::new()?;
    let (id, who, hash) = (account.id, account.name.clone(), secret.hash);
    let begin = move |desk: &crate::store::DeskTransaction<'_>| -> Result<(), StoreError> {
        desk.begin_session(id, &hash)?;
        desk.note_account(Some(id), &who, "signed in")
    };
    shared.writer.write(begin).await?;
    let cookie = session_cookie(shared, &secret.text, SESSION.as_secs());
    Ok((AppendHeaders([(SET_COOKIE, cookie)]), Redirect::to("/")).into_response())
}

fn session_cookie(shared: &Shared, secret: &str, seconds: u64) -> String {
    let secure = if shared.secure { "; Secure" } else { "" };
    format!("{SESSION_COOKIE}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

/// Signs out: the session ends, and what its windows hold is given back.
pub(super) async fn sign_out(
    State(shared): State<Shared>,
    Person(account): Person,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    if let Some(secret) = cookie(&headers, SESSION_COOKIE) {
        let hash = hash_of(secret);
        let end = move |desk: &crate::store::DeskTransaction<'_>| {
            desk.end_session(&hash)?;
            desk.note_account(Some(account.id), &account.name, "signed out")
        };
        shared.writer.write(end).await?;
    }
    let cookies = [session_cookie(&shared, "", 0), forget_purpose()].map(|cookie| (SET_COOKIE, cookie));
    Ok((AppendHeaders(cookies), Redirect::to("/sign-in")).into_response())
}

/// Where somebody begins.
pub(super) async fn home(Person(account): Person, language: Language) -> Result<Response, WebError> {
    match routes::first_page(&account.roles) {
        "/account" => {
            let page = AccountPage { frame: Frame::new(language, &account, None) };
            Ok(Html(page.render()?).into_response())
        }
        path => Ok(Redirect::to(path).into_response()),
    }
}

/// The page a one-time link leads to.
pub(super) async fn welcome(
    State(shared): State<Shared>,
    language: Language,
    Path(secret): Path<String>,
) -> Result<Html<String>, WebError> {
    let account = invited(&shared, &secret).await?;
    let name = account.map(|account| account.name);
    Ok(Html(WelcomePage { words: language.words(), language, name, problem: None }.render()?))
}

/// Sets the password and signs in; the link is used up.
pub(super) async fn set_password(
    State(shared): State<Shared>,
    language: Language,
    Path(secret): Path<String>,
    Form(new): Form<NewPassword>,
) -> Result<Response, WebError> {
    let words = language.words();
    let account = invited(&shared, &secret).await?;
    let name = account.as_ref().map(|account| account.name.clone());
    let refuse = |problem: Option<&'static str>| -> Result<Response, WebError> {
        let page = WelcomePage { words, language, name: name.clone(), problem };
        Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
    };
    let Some(account) = account else { return refuse(None) };
    if new.password != new.again {
        return refuse(Some(words.passwords_differ));
    }
    let hash = tokio::task::spawn_blocking(move || hash_password(&new.password)).await;
    let Ok(Ok(hash)) = hash else { return refuse(Some(words.password_short)) };
    let (id, who) = (account.id, account.name.clone());
    shared.writer.write(move |desk| desk.set_password(id, &hash, &who)).await?;
    begin_session(&shared, account.name).await
}

async fn invited(shared: &Shared, secret: &str) -> Result<Option<crate::store::desk::Account>, WebError> {
    let (hash, now) = (hash_of(secret), Timestamp::now().as_millisecond());
    Ok(shared.readers.read(move |store| store.invitation(&hash, now)).await?)
}
