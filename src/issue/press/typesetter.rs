//! The press: Typst with a world of its own, which holds nothing but the layouts, the typeface and the pictures
//! of one document, so that no layout can reach a file or the network.

use std::collections::HashMap;
use std::path::PathBuf;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::Job;
use crate::issue::{IssueError, Papers, Typeface};

/// Documents after which what Typst remembers of earlier ones is forgotten.
const REMEMBERED: usize = 5;

/// Makes documents; warm after the first, and shared by any number of threads.
#[derive(Debug)]
pub struct Press {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

impl Press {
    /// A press with this typeface.
    ///
    /// # Errors
    /// [`IssueError::NoTypeface`] when its files hold no typeface.
    pub fn start(typeface: Typeface) -> Result<Self, IssueError> {
        let fonts: Vec<Font> =
            typeface.faces.into_iter().flat_map(|face| Font::iter(Bytes::new(face))).collect();
        if fonts.is_empty() {
            return Err(IssueError::NoTypeface);
        }
        Ok(Self { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts })
    }

    /// The document as PDF/A-2b.
    ///
    /// # Errors
    /// [`IssueError::UnknownPaper`] when the paper has no layout, [`IssueError::Layout`] when its layout is
    /// wrong or holds a letter the typeface does not have.
    pub fn print(&self, papers: &Papers, job: &Job) -> Result<Vec<u8>, IssueError> {
        let desk = Desk::new(self, papers, job)?;
        let made = typst::compile::<PagedDocument>(&desk).output.and_then(|document| {
            typst_pdf::pdf(&document, &options(job)) //
        });
        typst::comemo::evict(REMEMBERED);
        made.map_err(|errors| desk.error(papers, &errors))
    }
}

/// PDF/A-2b, with the day of the document for the day it was made.
fn options(job: &Job) -> PdfOptions {
    let (year, month, day) = (job.date.year(), job.date.month(), job.date.day());
    let part = |part: i8| u8::try_from(part).unwrap_or_default();
    let moment = Datetime::from_ymd_hms(year.into(), part(month), part(day), 0, 0, 0);
    PdfOptions {
        ident: Smart::Custom(job.identity.clone()),
        creator: Smart::Custom(Some("hotich".to_owned())),
        timestamp: moment.map(Timestamp::new_utc),
        standards: PdfStandards::new(&[PdfStandard::A_2b]).unwrap_or_default(),
        tagged: false,
        ..PdfOptions::default()
    }
}

/// Everything Typst gets to see of one document.
struct Desk<'press> {
    press: &'press Press,
    library: LazyHash<Library>,
    main: FileId,
    sources: HashMap<FileId, Source>,
    pictures: HashMap<FileId, Bytes>,
}

impl<'press> Desk<'press> {
    fn new(press: &'press Press, papers: &Papers, job: &Job) -> Result<Self, IssueError> {
        let wrong = |message: String| IssueError::Layout {
            file: papers.file(&format!("{}.typ", job.paper)),
            message,
        };
        let inputs: Dict =
            serde_json::from_value(job.data.clone()).map_err(|error| wrong(error.to_string()))?;
        let id = |name: &str| file_id(name).ok_or_else(|| wrong(format!("\"{name}\" is no name of a file")));
        let main = id(&format!("{}.typ", job.paper))?;
        let mut sources = HashMap::new();
        for (name, text) in papers.layouts() {
            sources.insert(id(name)?, Source::new(id(name)?, text.to_owned()));
        }
        if !sources.contains_key(&main) {
            papers.find(&job.paper)?;
            return Err(wrong("there is no such layout".to_owned()));
        }
        let pictures = job.files.iter().map(|(name, bytes)| Ok((id(name)?, Bytes::new(bytes.clone()))));
        let pictures = pictures.collect::<Result<_, IssueError>>()?;
        let library = LazyHash::new(Library::builder().with_inputs(inputs).build());
        Ok(Self { press, library, main, sources, pictures })
    }

    /// The first of Typst's errors as one of ours, with the place in the layout.
    fn error(&self, papers: &Papers, errors: &[SourceDiagnostic]) -> IssueError {
        let Some(error) = errors.first() else {
            return IssueError::Layout { file: PathBuf::new(), message: "it cannot be set".to_owned() };
        };
        let id = error.span.id().unwrap_or(self.main);
        let file = papers.file(id.get().vpath().get_without_slash());
        let line = self.range(error.span).and_then(|range| {
            let text = self.sources.get(&id)?.text().get(..range.start)?;
            Some(text.matches('\n').count() + 1)
        });
        let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        IssueError::Layout { file, message: format!("{place}{}", error.message) }
    }
}

fn file_id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.get(&id).cloned().ok_or_else(|| absent(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.pictures.get(&id).cloned().ok_or_else(|| absent(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(PathBuf::from(id.get().vpath().get_without_slash()))
}
