//! Reads PDF files whose pages are scans: a page that is one picture gives that picture's own
//! pixels, any other page is painted at the resolution of its pictures.

use std::fs;

use hayro::hayro_syntax::object::Dict;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};

use super::pdf_opened::opened;
use super::pdf_paint::paint;
use super::pdf_picture::own_pixels;
use super::pdf_survey::{Survey, survey};
use super::{FoundFile, IngestError, Limits};
use crate::domain::{Scan, ScanImage};

/// How near the end of a file its end marker must stand (ISO 32000-1, annex H, note 18).
const TAIL_BYTES: usize = 1024;

/// How many pages `file` has.
pub(super) fn page_count(file: &FoundFile, limits: &Limits) -> Result<u32, IngestError> {
    let bytes = fs::read(&file.path).map_err(IngestError::unreadable(&file.name))?;
    let pdf = parse(bytes, &file.name)?;
    let pages = pdf.pages().len();
    match u32::try_from(pages) {
        Ok(0) => Err(IngestError::damaged(&file.name, "it has no pages")),
        Ok(count) if count <= limits.pages => Ok(count),
        _ => Err(IngestError::TooManyPages { name: file.name.clone(), pages, limit: limits.pages }),
    }
}

/// Decodes the page of `scan`.
pub(super) fn load(scan: &Scan, limits: &Limits) -> Result<ScanImage, IngestError> {
    let name = &scan.name.0;
    let pdf =
        opened(scan.hash, || parse(fs::read(&scan.path).map_err(IngestError::unreadable(name))?, name))?;
    let page =
        pdf.pages().get(scan.page as usize).ok_or_else(|| IngestError::damaged(name, "no such page"))?;
    let survey = survey(page);
    check(&survey, name, limits)?;
    match survey.only_picture(page) {
        Some(picture) => own_pixels(page, picture, name),
        None => paint(page, &survey, name, limits),
    }
}

fn parse(bytes: Vec<u8>, name: &str) -> Result<Pdf, IngestError> {
    let end =
        bytes.len() - bytes.iter().rev().take_while(|byte| byte.is_ascii_whitespace() || **byte == 0).count();
    let tail = &bytes[end.saturating_sub(TAIL_BYTES)..end];
    if !tail.windows(5).any(|window| window == b"%%EOF") {
        return Err(IngestError::damaged(name, "its end is missing"));
    }
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => IngestError::Encrypted { name: name.into() },
        LoadPdfError::Invalid => IngestError::damaged(name, "it is no valid PDF"),
    })?;
    // Pages that cannot be found are left out by the parser; none may be lost unseen.
    match (stated_count(&pdf), pdf.pages().len()) {
        (Some(stated), found) if stated > found => {
            Err(IngestError::damaged(name, format!("only {found} of its {stated} pages can be found")))
        }
        _ => Ok(pdf),
    }
}

/// How many pages the file says it has.
fn stated_count(pdf: &Pdf) -> Option<usize> {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())?;
    let count = catalog.get::<Dict<'_>>(b"Pages".as_slice())?.get::<i32>(b"Count".as_slice())?;
    usize::try_from(count).ok()
}

/// Refuses a page without pictures, or with one that is too large or cut short.
fn check(survey: &Survey, name: &str, limits: &Limits) -> Result<(), IngestError> {
    if survey.pictures.is_empty() {
        return Err(IngestError::NoPicture { name: name.into() });
    }
    for picture in &survey.pictures {
        let (width, height) = (picture.width, picture.height);
        if u64::from(width) * u64::from(height) > limits.pixels {
            return Err(IngestError::TooManyPixels {
                name: name.into(),
                width,
                height,
                limit: limits.pixels,
            });
        }
        if picture.is_cut_short {
            return Err(IngestError::damaged(name, "the end of its picture is missing"));
        }
    }
    Ok(())
}

/// The size of a page in points, turned as it is shown.
pub(super) fn size(page: &Page<'_>) -> (f64, f64) {
    let (width, height) = page.render_dimensions();
    (f64::from(width), f64::from(height))
}

#[cfg(test)]
mod tests;
