//! `hotich issue`: papers made of verified records.

use std::fs;

use super::arguments::Issue;
use super::exit::{Failure, Outcome};
use crate::issue::{self, IssueError, Papers, Press, Typeface};

/// Prints the paper that is asked for.
pub fn issue(arguments: &Issue) -> Result<Outcome, Failure> {
    let papers = Papers::load(arguments.templates.as_deref()).map_err(refused)?;
    let press = press()?;
    if let Some(paper) = &arguments.preview {
        let today = jiff::Zoned::now().date();
        let extract = issue::specimen(papers.find(paper).map_err(refused)?, today).map_err(refused)?;
        let job = extract.job(1, None).map_err(refused)?;
        let pdf = press.print(&papers, &job).map_err(refused)?;
        fs::write(&arguments.output, pdf)?;
    }
    Ok(Outcome::Done)
}

/// The press with the typeface of this machine.
pub fn press() -> Result<Press, Failure> {
    Press::start(Typeface::find().map_err(refused)?).map_err(refused)
}

/// What is asked for wrongly is wrong use, everything else nothing done.
fn refused(error: IssueError) -> Failure {
    match error {
        IssueError::UnknownPaper { .. } | IssueError::OtherKind { .. } => Failure::Usage(error.to_string()),
        other => Failure::nothing(other),
    }
}
