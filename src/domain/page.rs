//! A page on its way: straightened, then with its form and fields found.

use image::{GrayImage, RgbImage};
use serde::{Deserialize, Serialize};

use super::{Bend, Confidence, FieldName, FieldType, FormId, Kind, Projection, Rectangle, Segment};

/// The skew of a scan in degrees: negative when the writing rises to the right (turned
/// counter-clockwise as seen), positive when it falls.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SkewAngle(pub f64);

/// Something about the picture a person should know; never a reason to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageProblem {
    /// The estimates of the angle disagree: the page was left as it lies.
    SkewUnsure,
    /// The picture is out of focus or shaken.
    Blurred,
    /// A side of the sheet is cut off.
    CutEdges,
    /// Parts are over-exposed.
    Glare,
    /// Too dark or too faint to read well.
    LowContrast,
    /// Fewer pixels than reading needs.
    LowResolution,
    /// A printed entry has neither number nor name, only a stray mark: it was taken as not filled in.
    UnfilledEntry,
}

/// A page turned upright and flattened, ready to be searched for its form.
#[derive(Debug, Clone)]
pub struct UprightPage {
    /// Evened-out grey for reading: paper near 255, ink dark, uneven light and bleed-through taken
    /// out. At most about 8.7 megapixels (an A4 at 300 dpi, an A3 at 200).
    pub ink: GrayImage,
    /// Colour for people, the same extent as `ink` at a smaller scale.
    pub colour: RgbImage,
    /// From pixels of `ink` to pixels of the scan as stored in its file (after its EXIF
    /// orientation).
    pub to_scan: Projection,
    /// The angle that was taken out; none when the stage abstained.
    pub skew: Option<SkewAngle>,
    /// What a person should know.
    pub problems: Vec<PageProblem>,
}

/// A part of the page that belongs to one field (or to several that share it).
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Where to look for ink, in pixels of the straightened page. Its upper and lower edges may be
    /// crossed by descenders and marks of this line and its neighbours.
    pub area: Rectangle,
    /// The dotted or solid line the value is written on, when there is one.
    pub leader: Option<Segment>,
}

/// One field found on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct LocatedField {
    /// The fields written here, top to bottom; one, but for columns such as "họ tên cha, nghề
    /// nghiệp" that hold several.
    pub names: Vec<FieldName>,
    /// The type of each of `names`.
    pub types: Vec<FieldType>,
    /// Its parts in reading order: the slot after the label, then continuation lines; or one cell.
    pub regions: Vec<Region>,
    /// Whether it is a cell of a table (several lines of writing may stand in one region).
    pub cell: bool,
    /// The wordings of the label that the form prints before it, folded; none before a cell.
    pub wordings: Vec<String>,
    /// How like what was read before it is to the label that the form prints there; a value may have been read as part
    /// of the label, or as the label.
    pub label: Confidence,
}

/// One entry found on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct LocatedEntry {
    /// From 1, top to bottom.
    pub number: u32,
    /// Where it is, in pixels of the straightened page.
    pub area: Rectangle,
    /// Its fields, in the order of the form.
    pub fields: Vec<LocatedField>,
    /// The wordings of every label that the form prints beside a line, folded; none for a table.
    pub labels: Vec<String>,
}

/// Why a page holds no entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotAForm {
    /// Nothing is printed or written on it.
    BlankPage,
    /// The cover or the title page of a book.
    Cover,
    /// A form of ours, but no entry is filled in.
    NoEntries,
    /// Writing, but of no form known here.
    UnknownForm,
}

/// What a page turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum PageContent {
    /// A page of a known form.
    Form {
        /// Which form.
        form: FormId,
        /// What it registers.
        kind: Kind,
        /// How well its labels matched, 0..=1.
        match_score: f64,
        /// The entries on it.
        entries: Vec<LocatedEntry>,
    },
    /// None of the forms.
    Other(NotAForm),
}

/// The straightened page together with what was found on it.
#[derive(Debug, Clone)]
pub struct LocatedPage {
    /// The page, turned so that the form stands upright.
    pub page: UprightPage,
    /// Where the sheet did not lie flat: the rows of `page.ink` were made level, and this is the way
    /// back to the page as pictured, which `page.to_scan` starts from. None for a page that is no form.
    pub bend: Option<Bend>,
    /// What it is.
    pub content: PageContent,
}
