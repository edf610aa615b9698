//! What a request that fails is answered with: one variant for each thing the browser can act on.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde_json::json;

use crate::store::StoreError;
use crate::store::desk::Stale;

/// Why a request failed.
#[derive(Debug)]
pub(super) enum WebError {
    /// Nobody is signed in: a page leads to the sign-in, anything else says 401.
    SignInFirst {
        /// Whether a page was asked for.
        page: bool,
    },
    /// A clerk opens a record and has not said what for: a page leads to where that is said, data say 428.
    PurposeFirst {
        /// The record, where a page was asked for.
        page: Option<i64>,
    },
    /// The account has no role for this.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The request does not make sense; what is wrong with it.
    Bad(String),
    /// The answer has been overtaken.
    Stale(Stale),
    /// The store failed.
    Store(StoreError),
    /// A picture could not be made.
    Picture(String),
}

impl From<StoreError> for WebError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unknown(_) => Self::NotFound,
            StoreError::Unstorable { subject, reason } => Self::Bad(format!("{subject}: {reason}")),
            error => Self::Store(error),
        }
    }
}

impl From<getrandom::Error> for WebError {
    fn from(error: getrandom::Error) -> Self {
        Self::Bad(error.to_string())
    }
}

impl From<askama::Error> for WebError {
    fn from(error: askama::Error) -> Self {
        Self::Bad(error.to_string())
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        match self {
            Self::SignInFirst { page: true } => Redirect::to("/sign-in").into_response(),
            Self::SignInFirst { page: false } => plain(StatusCode::UNAUTHORIZED, "sign_in_first"),
            Self::PurposeFirst { page: Some(entry) } => {
                Redirect::to(&format!("/search?open={entry}")).into_response()
            }
            Self::PurposeFirst { page: None } => plain(StatusCode::PRECONDITION_REQUIRED, "purpose_first"),
            Self::Forbidden => told(
                StatusCode::FORBIDDEN,
                "Tài khoản của bạn không có quyền mở trang này. (Your account may not open this page.)",
            ),
            Self::NotFound => told(StatusCode::NOT_FOUND, "Không tìm thấy. (Not found.)"),
            Self::Bad(what) => {
                (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": what }))).into_response()
            }
            Self::Stale(stale) => (StatusCode::CONFLICT, Json(json!({ "stale": stale }))).into_response(),
            Self::Store(error) => {
                tracing::error!("{error}");
                let status = match error {
                    StoreError::Busy => StatusCode::SERVICE_UNAVAILABLE,
                    StoreError::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
                    _ => StatusCode::INTERNAL_SERVER_ERROR,
                };
                (status, Json(json!({ "error": error.to_string() }))).into_response()
            }
            Self::Picture(what) => {
                tracing::warn!("{what}");
                plain(StatusCode::NOT_FOUND, "no picture")
            }
        }
    }
}

impl From<WebError> for Response {
    fn from(error: WebError) -> Self {
        error.into_response()
    }
}

fn plain(status: StatusCode, word: &str) -> Response {
    (status, Json(json!({ "error": word }))).into_response()
}

/// A page with one sentence.
fn told(status: StatusCode, sentence: &str) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"vi\"><meta charset=\"utf-8\"><title>hotich</title>\
         <link rel=\"stylesheet\" href=\"/assets/hotich.css\"><main class=\"narrow\"><div role=\"alert\"><h1>{sentence}</h1></div>\
         <p><a href=\"/\">hotich</a></p></main></html>"
    );
    (status, Html(page)).into_response()
}
