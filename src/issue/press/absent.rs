//! Stands in for the typesetter in a build that has none.

use super::Job;
use crate::issue::{IssueError, Papers, Typeface};

/// Makes documents; in this build it cannot be started.
#[derive(Debug)]
pub enum Press {}

impl Press {
    /// Never starts.
    ///
    /// # Errors
    /// [`IssueError::NoTypesetter`], always.
    pub fn start(_: Typeface) -> Result<Self, IssueError> {
        Err(IssueError::NoTypesetter)
    }

    /// Cannot be called, for no press can be started.
    ///
    /// # Errors
    /// None.
    pub fn print(&self, _: &Papers, _: &Job) -> Result<Vec<u8>, IssueError> {
        match *self {}
    }
}
