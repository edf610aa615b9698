//! A book as one document that can be searched: the pictures of its pages with their text.

use jiff::civil::Date;
use serde::Serialize;

use super::{IssueError, Job};
use crate::domain::text_page::TextPage;

#[derive(Serialize)]
struct Book<'a> {
    title: &'a str,
    pages: Vec<Sheet<'a>>,
}

#[derive(Serialize)]
struct Sheet<'a> {
    picture: &'a str,
    width: u32,
    height: u32,
    lines: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    text: &'a str,
    /// Left, top, width, height in pixels of the picture.
    area: [i32; 4],
}

/// What the press is given to make the book called `title` of `pages`, each with its picture (a JPEG of the page's own
/// size or of the same shape). `date` is the day it is made as of.
///
/// # Errors
/// [`IssueError::Layout`] when the data cannot be handed on.
pub fn searchable_book_job(
    title: &str,
    pages: Vec<(TextPage, Vec<u8>)>,
    date: Date,
) -> Result<Job, IssueError> {
    let sheets = pages.iter().map(|(page, _)| Sheet {
        picture: &page.picture,
        width: page.width,
        height: page.height,
        lines: page.entries.iter().flatten().map(line).collect(),
    });
    let mut job = Job::new("searchable-book", &Book { title, pages: sheets.collect() }, title, date)?;
    job.files = pages.into_iter().map(|(page, picture)| (page.picture, picture)).collect();
    Ok(job)
}

fn line(line: &crate::domain::text_page::TextLine) -> Line<'_> {
    let area = line.area;
    Line { text: &line.text, area: [area.left, area.top, area.width(), area.height()] }
}
