//! The counter as handlers use it: opened when it is first needed, and what it refuses as an answer.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;

use super::error::WebError;
use crate::counter::{Counter, CounterError, IssueError};

/// The counter, opened when it is first needed: a server without typeface serves all but papers.
#[derive(Clone, Debug, Default)]
pub(super) struct Papers(Arc<OnceLock<Result<Counter, String>>>);

impl Papers {
    /// The counter of the store in `folder`. Reads files: not for threads that serve.
    pub fn counter(&self, folder: &Path) -> Result<&Counter, WebError> {
        let open = || Counter::open(Some(folder), None).map_err(|error| error.to_string());
        self.0.get_or_init(open).as_ref().map_err(|error| WebError::Bad(error.clone()))
    }
}

impl From<CounterError> for WebError {
    fn from(error: CounterError) -> Self {
        match error {
            CounterError::Store(error) => error.into(),
            CounterError::NoOffice | CounterError::NoSigner => Self::Bad("office_unset".to_owned()),
            CounterError::NoRequester => Self::Bad("no_requester".to_owned()),
            CounterError::Paper(IssueError::Unverified(_)) => Self::Bad("still_missing".to_owned()),
            CounterError::Paper(IssueError::UnknownPaper { .. }) => Self::NotFound,
            CounterError::Paper(error) => Self::Bad(error.to_string()),
        }
    }
}

/// A PDF shown in the browser; `name` is what it is called when it is kept.
pub(super) fn pdf(name: &str, bytes: Vec<u8>) -> impl IntoResponse + use<> {
    let disposition = format!("inline; filename=\"{}\"", name.replace(['"', '\\', '\r', '\n', '/'], "-"));
    ([(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, disposition)], bytes)
}
