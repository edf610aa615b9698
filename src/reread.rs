//! Parts of a page read anew where a person drew them: the door of the web pages to the reader, which is kept
//! warm and reads one page at a time.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::domain::{
    BookCover, DraftField, FieldName, FieldType, FormId, Kind, Projection, ReadError, Scan, UprightPage,
    catalogue::field_type,
};
use crate::handwriting::{Handwriting, WeightsError};
use crate::ingest::Limits;
use crate::locate::FormSet;
use crate::pipeline::{self, DrawnEntry, KnownPage, Models, PipelineError};

pub use crate::locate::FormSetError;
pub use crate::pipeline::DrawnBox;

/// Why nothing was read.
#[derive(Debug, thiserror::Error)]
pub enum RereadError {
    /// Neither the scan nor the picture of the page can be used.
    #[error(transparent)]
    Page(#[from] PipelineError),
    /// The weights of the reader.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] ReadError),
}

/// A printed form: what it registers, and its fields in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct FormOutline {
    /// Its name.
    pub form: FormId,
    /// What it registers.
    pub kind: Kind,
    /// Its fields.
    pub fields: Vec<(FieldName, FieldType)>,
}

/// What to read.
#[derive(Debug, Clone)]
pub struct ToRead {
    /// The scan of the page.
    pub scan: Scan,
    /// The file of the picture on which the boxes were drawn.
    pub picture: PathBuf,
    /// From pixels of that picture to pixels of the scan.
    pub to_scan: Projection,
    /// What stands on the cover of the book.
    pub cover: BookCover,
    /// The number of the entry on its scan.
    pub number: u32,
    /// What it registers.
    pub kind: Kind,
    /// Its form.
    pub form: FormId,
    /// The boxes of its fields.
    pub boxes: Vec<DrawnBox>,
    /// Whether a person drew the very boxes.
    pub exact: bool,
}

impl ToRead {
    fn page(&self) -> KnownPage<'_> {
        KnownPage { scan: &self.scan, picture: &self.picture, to_scan: &self.to_scan }
    }
}

/// Reads boxes.
#[derive(Debug)]
pub struct Rereader {
    models: Models,
    weights: Option<PathBuf>,
    warm: Mutex<Warm>,
}

/// What is kept from one box to the next: the boxes of a page are drawn one after the other.
#[derive(Default)]
struct Warm {
    hand: Option<Handwriting>,
    page: Option<(PathBuf, UprightPage)>,
}

impl std::fmt::Debug for Warm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Warm").field("started", &self.hand.is_some()).finish_non_exhaustive()
    }
}

impl Rereader {
    /// A reader that knows the forms of the program and those of `forms`, and reads with the weights of the
    /// program or those of `weights`. It starts when it is first asked.
    ///
    /// # Errors
    /// When the forms cannot be read.
    pub fn new(forms: Option<&Path>, weights: Option<PathBuf>) -> Result<Self, FormSetError> {
        let models = Models { forms: FormSet::shipped_with(forms)?, limits: Limits::default() };
        Ok(Self { models, weights, warm: Mutex::default() })
    }

    /// The forms that are known, by kind and name.
    #[must_use]
    pub fn forms(&self) -> Vec<FormOutline> {
        let mut outlines: Vec<FormOutline> = Vec::new();
        for form in self.models.forms.forms() {
            let mut fields: Vec<(FieldName, FieldType)> = Vec::new();
            for name in form.slots.iter().flat_map(|slot| &slot.names) {
                if fields.iter().all(|(known, _)| known != name) {
                    fields.push((name.clone(), field_type(form.kind, name)));
                }
            }
            outlines.push(FormOutline { form: form.id.clone(), kind: form.kind, fields });
        }
        outlines.sort_by(|a, b| (a.kind, a.form.as_str()).cmp(&(b.kind, b.form.as_str())));
        outlines
    }

    /// The form called `name`.
    #[must_use]
    pub fn form(&self, name: &str) -> Option<FormOutline> {
        self.forms().into_iter().find(|outline| outline.form.as_str() == name)
    }

    /// Reads the boxes; waits until those asked for before are read.
    ///
    /// # Errors
    /// When page or reader cannot be used.
    pub fn read(&self, asked: &ToRead) -> Result<Vec<DraftField>, RereadError> {
        let mut warm = self.warm.lock().unwrap_or_else(PoisonError::into_inner);
        let Warm { hand, page } = &mut *warm;
        let hand = match hand {
            Some(hand) => hand,
            None => hand.insert(Handwriting::start(self.weights.as_deref())?),
        };
        let known = asked.page();
        let page = match page {
            Some((picture, page)) if *picture == asked.picture => page,
            _ => &mut page.insert((asked.picture.clone(), pipeline::page_again(&known, &self.models)?)).1,
        };
        let entry = DrawnEntry {
            number: asked.number,
            kind: asked.kind,
            form: &asked.form,
            cover: &asked.cover,
            boxes: &asked.boxes,
            exact: asked.exact,
        };
        Ok(pipeline::read_drawn(page, &known, &entry, hand)?.fields)
    }
}
