//! Style and scripts, inside the program.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

use super::error::WebError;

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

/// Name, type and content of everything there is.
const ASSETS: &[(&str, &str, &str)] = &[
    ("hotich.css", CSS, include_str!("assets/hotich.css")),
    ("verify.js", JAVASCRIPT, include_str!("assets/verify.js")),
    ("groups.js", JAVASCRIPT, include_str!("assets/groups.js")),
    ("record.js", JAVASCRIPT, include_str!("assets/record.js")),
    ("clerk.css", CSS, include_str!("assets/clerk.css")),
    ("said.js", JAVASCRIPT, include_str!("assets/said.js")),
    ("search.js", JAVASCRIPT, include_str!("assets/search.js")),
    ("issue.js", JAVASCRIPT, include_str!("assets/issue.js")),
    ("related.js", JAVASCRIPT, include_str!("assets/related.js")),
    ("page.js", JAVASCRIPT, include_str!("assets/page.js")),
    ("drawing.js", JAVASCRIPT, include_str!("assets/drawing.js")),
    ("looking.js", JAVASCRIPT, include_str!("assets/looking.js")),
    ("typing.js", JAVASCRIPT, include_str!("assets/typing.js")),
    ("sending.js", JAVASCRIPT, include_str!("assets/sending.js")),
];

/// One of them.
pub(super) async fn asset(Path(name): Path<String>) -> Result<impl IntoResponse, WebError> {
    let found = ASSETS.iter().find(|(known, ..)| *known == name);
    let (_, kind, content) = found.ok_or(WebError::NotFound)?;
    // Asked for again whenever the program may have been replaced.
    Ok(([(CONTENT_TYPE, *kind), (CACHE_CONTROL, "no-cache")], *content))
}

#[cfg(test)]
mod contrast;
