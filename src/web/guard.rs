//! Who is signed in, and who may come where.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;

use super::error::WebError;
use super::language::Language;
use super::secrets::hash_of;
use super::state::Shared;
use crate::domain::Role;
use crate::store::desk::Account;

/// The name of the cookie that holds the secret of a session.
pub(super) const SESSION_COOKIE: &str = "hotich-session";

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Everybody, signed in or not.
    Anybody,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever has one of these roles.
    Roles(&'static [Role]),
}

impl Access {
    /// Whether `account`, which is signed in, may use the route.
    pub fn allows(self, account: &Account) -> bool {
        match self {
            Self::Anybody | Self::SignedIn => true,
            Self::Roles(roles) => account.may(roles),
        }
    }
}

/// Whoever is signed in; handlers of guarded routes get it as an argument.
#[derive(Debug, Clone)]
pub(super) struct Person(pub Account);

/// What a guard needs to decide.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    pub shared: Shared,
    pub access: Access,
}

/// Lets a request pass to its handler when whoever is signed in may use the route.
pub(super) async fn guard(
    State(Guard { shared, access }): State<Guard>,
    mut request: Request,
    next: Next,
) -> Result<Response, WebError> {
    if access == Access::Anybody {
        return Ok(next.run(request).await);
    }
    let page = request.method() == axum::http::Method::GET && !request.uri().path().starts_with("/api/");
    let account = signed_in(&shared, request.headers()).await?;
    let account = account.ok_or(WebError::SignInFirst { page })?;
    if !access.allows(&account) {
        return Err(WebError::Forbidden);
    }
    request.extensions_mut().insert(Person(account));
    Ok(next.run(request).await)
}

/// The account whose session the request belongs to.
pub(super) async fn signed_in(
    shared: &Shared,
    headers: &axum::http::HeaderMap,
) -> Result<Option<Account>, WebError> {
    let Some(secret) = cookie(headers, SESSION_COOKIE) else { return Ok(None) };
    let hash = hash_of(secret);
    let now = Timestamp::now().as_millisecond();
    Ok(shared.readers.read(move |store| store.session(&hash, now)).await?)
}

/// The cookie called `name`.
pub(super) fn cookie<'h>(headers: &'h axum::http::HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    let pairs = cookies.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next()
}

impl<S: Send + Sync> FromRequestParts<S> for Person {
    type Rejection = WebError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        parts.extensions.get::<Self>().cloned().ok_or(WebError::SignInFirst { page: false })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(cookie(&parts.headers, super::language::COOKIE).map_or(Self::Vietnamese, Self::of))
    }
}
