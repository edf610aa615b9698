//! Papers that are no extracts: the certificate of a book and the picture of an entry on a sheet.

use jiff::civil::Date;
use serde::Serialize;

use super::wording::DateParts;
use super::{IssueError, Job, Office};
use crate::domain::PartialDate;

/// The name under which the layout finds the picture.
const PICTURE: &str = "entry.jpg";

/// Millimetres of the longer side of a sheet with a picture: that of A4.
const LONGER_SIDE: f64 = 297.0;

/// A certificate as lines, and the language they are in (`vi`, `en`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateLines {
    /// The language.
    pub language: &'static str,
    /// What it is.
    pub title: String,
    /// Which book it is about.
    pub about: Vec<String>,
    /// What it comes to.
    pub verdict: String,
    /// Headings with their lines.
    pub sections: Vec<(String, Vec<String>)>,
}

#[derive(Serialize)]
struct Head<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Certificate<'a> {
    form: Head<'a>,
    office: &'a Office,
    language: &'static str,
    title: &'a str,
    about: &'a [String],
    verdict: &'a str,
    sections: Vec<Section<'a>>,
    date: DateParts,
}

#[derive(Serialize)]
struct Section<'a> {
    heading: &'a str,
    lines: &'a [String],
}

#[derive(Serialize)]
struct EntryPage<'a> {
    form: Head<'a>,
    picture: &'static str,
    width: f64,
    height: f64,
}

/// What the press is given to print the certificate of a book as it stands on `date`.
///
/// # Errors
/// [`IssueError::Layout`] when the data cannot be handed on.
pub fn certificate_job(lines: &CertificateLines, office: &Office, date: Date) -> Result<Job, IssueError> {
    let said = Certificate {
        form: Head { name: &lines.title },
        office,
        language: lines.language,
        title: &lines.title,
        about: &lines.about,
        verdict: &lines.verdict,
        sections: lines.sections.iter().map(|(heading, lines)| Section { heading, lines }).collect(),
        date: PartialDate::from_day(date.year(), date.month(), date.day())
            .map(DateParts::from)
            .unwrap_or_default(),
    };
    Job::new("book-certificate", &said, &lines.title, date)
}

/// What the press is given to put the picture of an entry (a JPEG) on a sheet; `name` is the record, `date` the day of
/// its registration or of the export.
///
/// # Errors
/// [`IssueError::Picture`] when it is no picture.
pub fn entry_page_job(name: &str, picture: Vec<u8>, date: Date) -> Result<Job, IssueError> {
    let reader = image::ImageReader::with_format(std::io::Cursor::new(&picture), image::ImageFormat::Jpeg);
    let (width, height) = reader.into_dimensions().map_err(|error| IssueError::Picture(error.to_string()))?;
    let unit = LONGER_SIDE / f64::from(width.max(height).max(1));
    let said = EntryPage {
        form: Head { name: "Ảnh mục đăng ký" },
        picture: PICTURE,
        width: f64::from(width) * unit,
        height: f64::from(height) * unit,
    };
    let mut job = Job::new("entry-page", &said, name, date)?;
    job.files.push((PICTURE.to_owned(), picture));
    Ok(job)
}
