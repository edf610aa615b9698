//! The path of a page, written once: load, straighten, locate, read, assemble; then, book by book, trust.
//!
//! Reading a scan is a pure function of its bytes, the forms and the engine: the same input gives
//! the same output, whoever calls and on however many threads.

mod drawn;
mod lines;

use std::time::Instant;

use crate::assemble::{EntryContext, Filled};
use crate::domain::{
    BookCover, Confidence, DraftRecord, Engines, LinkedValues, LocatedPage, NotAForm, PageContent,
    PageFinding, PageRead, ReadError, Recognizer, Scan, ScanName, UprightPage,
};
use crate::ingest::{self, IngestError, Limits};
use crate::locate::{self, FormSet};
use crate::trust::{Calibration, Evidence, Lines, Weighing};
use crate::{assemble, read, straighten, trust};

pub use drawn::{DrawnBox, DrawnEntry, KnownPage, page_again, read_drawn};
pub use lines::{CutLine, cut_lines};

/// Quality of the pictures people look at: writing stays clear at a tenth of the size.
const PAGE_IMAGE_QUALITY: u8 = 72;

/// Why a scan could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The file cannot be used.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The engine failed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The picture for people could not be made.
    #[error("the picture of the page could not be written: {0}")]
    Picture(#[from] jpeg_encoder::EncodingError),
}

/// What all pages of a run share.
#[derive(Debug)]
pub struct Models {
    /// The printed forms that are known.
    pub forms: FormSet,
    /// What a file may hold.
    pub limits: Limits,
}

/// Milliseconds per stage, in the order of the stages.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Timings(pub Vec<(String, f64)>);

impl Timings {
    /// Runs `work` and adds what it took to `stage`.
    fn of<T>(&mut self, stage: &str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        let taken = start.elapsed().as_secs_f64() * 1000.0;
        match self.0.iter_mut().find(|(name, _)| name == stage) {
            Some((_, sum)) => *sum += taken,
            None => self.0.push((stage.to_owned(), taken)),
        }
        result
    }
}

/// Reads one scan: the whole path of a page.
///
/// # Errors
/// When the file cannot be used or the engine fails; a page of no known form is no error.
pub fn read_scan(
    scan: &Scan,
    cover: &BookCover,
    models: &Models,
    engines: &mut Engines<'_>,
    timings: &mut Timings,
) -> Result<Vec<PageRead>, PipelineError> {
    let image = timings.of("ingest", || ingest::load(scan, &models.limits))?;
    let upright = timings.of("straighten", || straighten::straighten(&image));
    drop(image);
    let located = timings.of("locate", || find_forms(upright, &models.forms, cover, engines.print))?;
    let mut pages = Vec::new();
    let mut entries = 0;
    for mut page in located {
        let records = read_entries(&mut page, &scan.name, entries, cover, engines, timings)?;
        entries += records.len() as u32;
        pages.push(timings.of("picture", || finish(page, records))?);
    }
    Ok(pages)
}

/// Weighs the evidence of a whole book and checks the rules again; `records` stand in its order. One kind
/// of evidence may be left out, to measure what it is worth.
pub fn decide_book(
    records: &mut [DraftRecord],
    cover: &BookCover,
    linked: &LinkedValues,
    without: Option<Evidence>,
) -> Weighing {
    let weighing = trust::decide(records, cover, linked, without);
    for record in records {
        assemble::check(record, cover);
    }
    weighing
}

/// Settles what of a whole book may go to nobody; the last stage of its pages.
pub fn weigh_book(
    records: &mut [DraftRecord],
    cover: &BookCover,
    linked: &LinkedValues,
    (calibration, lines): (&Calibration, &Lines),
) {
    let weighing = decide_book(records, cover, linked, None);
    trust::settle(records, &weighing, calibration, lines);
}

/// The pages of a scan with what is on them: the sheet as it lies, else turned, else the two halves
/// of a spread; the sheet as it lies when nothing fits.
fn find_forms(
    upright: UprightPage,
    forms: &FormSet,
    cover: &BookCover,
    recognizer: &mut dyn Recognizer,
) -> Result<Vec<LocatedPage>, ReadError> {
    let as_it_lies = locate::locate(upright, forms, cover, recognizer)?;
    if is_form(&as_it_lies) || as_it_lies.content == PageContent::Other(NotAForm::BlankPage) {
        return Ok(vec![as_it_lies]);
    }
    if let Some(halves) = straighten::halves(&as_it_lies.page) {
        let found = locate_all(halves, forms, cover, recognizer)?;
        if found.iter().any(is_form) {
            return Ok(found);
        }
    }
    let poses = straighten::poses(as_it_lies.page.clone());
    for turned in poses.filter(|pose| pose.to_scan != as_it_lies.page.to_scan) {
        let found = locate::locate(turned, forms, cover, recognizer)?;
        if is_form(&found) {
            return Ok(vec![found]);
        }
    }
    Ok(vec![as_it_lies])
}

fn locate_all(
    pages: impl IntoIterator<Item = UprightPage>,
    forms: &FormSet,
    cover: &BookCover,
    recognizer: &mut dyn Recognizer,
) -> Result<Vec<LocatedPage>, ReadError> {
    pages.into_iter().map(|page| locate::locate(page, forms, cover, recognizer)).collect()
}

fn is_form(page: &LocatedPage) -> bool {
    matches!(page.content, PageContent::Form { .. })
}

/// Reads every entry of a page that is filled in into a draft record; `before` entries stand on the
/// scan already. What is left out though it has ink becomes a problem of the page.
fn read_entries(
    page: &mut LocatedPage,
    scan: &ScanName,
    before: u32,
    cover: &BookCover,
    engines: &mut Engines<'_>,
    timings: &mut Timings,
) -> Result<Vec<DraftRecord>, ReadError> {
    let PageContent::Form { form, kind, entries, match_score, .. } = &page.content else {
        return Ok(Vec::new());
    };
    let mut records = Vec::with_capacity(entries.len());
    let mut readers = read::TwoReaders::of(engines);
    for entry in entries {
        let readings = timings.of("read", || read::read_entry(&page.page, entry, &mut readers))?;
        let filled = Filled::of(&readings);
        if filled != Filled::Yes {
            page.page.problems.extend(filled.problem());
            continue;
        }
        let context = EntryContext {
            scan,
            entry: before + records.len() as u32 + 1,
            kind: *kind,
            form,
            form_match: Confidence::clamped(*match_score),
            cover,
            to_scan: &page.page.to_scan,
            bend: page.bend.as_ref(),
        };
        let record = timings.of("assemble", || assemble::assemble(&context, &readings));
        records.push(record);
    }
    Ok(records)
}

fn finish(page: LocatedPage, records: Vec<DraftRecord>) -> Result<PageRead, PipelineError> {
    let finding = match page.content {
        PageContent::Form { .. } if records.is_empty() => PageFinding::NotAForm(NotAForm::NoEntries),
        PageContent::Form { form, kind, match_score, .. } => {
            PageFinding::Records { form, kind, match_score, records }
        }
        PageContent::Other(why) => PageFinding::NotAForm(why),
    };
    let to_scan = drawn::from_picture(&page.page).rows();
    Ok(PageRead {
        finding,
        skew: page.page.skew,
        problems: page.page.problems,
        to_scan,
        image: encode(&page.page.colour)?,
    })
}

fn encode(colour: &image::RgbImage) -> Result<Vec<u8>, jpeg_encoder::EncodingError> {
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, PAGE_IMAGE_QUALITY);
    let side = |pixels: u32| u16::try_from(pixels).unwrap_or(u16::MAX);
    encoder.encode(
        colour.as_raw(),
        side(colour.width()),
        side(colour.height()),
        jpeg_encoder::ColorType::Rgb,
    )?;
    Ok(bytes)
}
