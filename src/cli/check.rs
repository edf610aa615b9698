//! `hotich check`: the capture-time gate, asked while the book is still on the table.

use std::io;
use std::path::Path;

use serde::Serialize;

use super::arguments::Check;
use super::exit::{Failure, Outcome};
use super::{opening, print_json};
use crate::domain::{PageProblem, SkewAngle};
use crate::ingest::{self, Limits};
use crate::straighten::{self, Side};

#[derive(Serialize)]
struct Answer<'a> {
    image: &'a Path,
    page: u32,
    skew_deg: Option<SkewAngle>,
    blur: Option<f64>,
    cut_edges: Vec<Side>,
    problems: Vec<PageProblem>,
    pass: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Looks at every page of every image: 0 when all pass, 3 when some fail, 2 when none can be used.
pub fn check(arguments: &Check) -> Result<Outcome, Failure> {
    let mut output = io::stdout().lock();
    let (mut pages, mut failed) = (0, 0);
    for image in &arguments.images {
        for answer in look(image) {
            pages += 1;
            failed += usize::from(!answer.pass);
            print_json(&mut output, &answer)?;
        }
    }
    Ok(opening::outcome(pages, failed))
}

fn look(image: &Path) -> Vec<Answer<'_>> {
    let limits = Limits::default();
    match ingest::open(&opening::file(image), &limits) {
        Err(error) => vec![unusable(image, 1, &error)],
        Ok(scans) => scans
            .iter()
            .map(|scan| match ingest::load(scan, &limits) {
                Err(error) => unusable(image, scan.page + 1, &error),
                Ok(picture) => {
                    let seen = straighten::inspect(&picture);
                    Answer {
                        image,
                        page: scan.page + 1,
                        skew_deg: seen.skew,
                        blur: Some(seen.blur),
                        pass: seen.problems.is_empty() && seen.cut_edges.is_empty(),
                        cut_edges: seen.cut_edges,
                        problems: seen.problems,
                        error: None,
                    }
                }
            })
            .collect(),
    }
}

fn unusable<'a>(image: &'a Path, page: u32, error: &dyn std::error::Error) -> Answer<'a> {
    Answer {
        image,
        page,
        skew_deg: None,
        blur: None,
        cut_edges: Vec::new(),
        problems: Vec::new(),
        pass: false,
        error: Some(error.to_string()),
    }
}
