//! Boxes that a person drew on the picture of a page, read from its scan, or from the kept picture where the
//! scan is no longer at hand.

use std::path::Path;

use super::{Models, PipelineError};
use crate::assemble::{self, EntryContext};
use crate::domain::catalogue::field_type;
use crate::domain::{
    BookCover, Confidence, DraftRecord, FieldName, FormId, Kind, LocatedEntry, LocatedField, Point,
    Projection, ReadError, Recognizer, Rectangle, Region, Scan, UprightPage,
};
use crate::ingest::{self, FoundFile, Limits};
use crate::{read, straighten};

/// A page that was read before.
#[derive(Debug, Clone, Copy)]
pub struct KnownPage<'p> {
    /// Its scan.
    pub scan: &'p Scan,
    /// The file of its picture for people.
    pub picture: &'p Path,
    /// From pixels of that picture to pixels of the scan.
    pub to_scan: &'p Projection,
}

/// A box for the fields written in it.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnBox {
    /// The fields, top to bottom; nearly always one.
    pub names: Vec<FieldName>,
    /// The box, in pixels of the picture for people.
    pub area: Rectangle,
}

/// An entry with the boxes drawn in it.
#[derive(Debug, Clone, Copy)]
pub struct DrawnEntry<'e> {
    /// Its number on the scan.
    pub number: u32,
    /// What it registers.
    pub kind: Kind,
    /// Its form.
    pub form: &'e FormId,
    /// What stands on the cover of its book.
    pub cover: &'e BookCover,
    /// The boxes.
    pub boxes: &'e [DrawnBox],
    /// Whether a person drew the very boxes, so that nothing of a printed label stands in them.
    pub exact: bool,
}

/// How far apart, in pixels of the scan, the corners of two pages may be that are the same.
const SAME_PAGE: f64 = 3.0;

/// The page again as it was when its picture was made: from the scan when its file still holds what it held,
/// else, coarser, from the picture.
///
/// # Errors
/// When neither can be used.
pub fn page_again(known: &KnownPage<'_>, models: &Models) -> Result<UprightPage, PipelineError> {
    if let Some(page) = from_scan(known, &models.limits) {
        return Ok(page);
    }
    let picture = Scan { path: known.picture.to_owned(), page: 0, page_count: 1, ..known.scan.clone() };
    let page = straighten::straighten(&ingest::load(&picture, &models.limits)?);
    Ok(UprightPage { to_scan: page.to_scan.then(known.to_scan), ..page })
}

/// The page from its scan; none when the file is gone or another, or straightens otherwise now.
fn from_scan(known: &KnownPage<'_>, limits: &Limits) -> Option<UprightPage> {
    let scan = known.scan;
    let file = FoundFile { path: scan.path.clone(), name: scan.name.0.clone(), book: scan.book.clone() };
    let found = ingest::open(&file, limits).ok()?.into_iter().nth(scan.page as usize)?;
    if found.hash != scan.hash {
        return None;
    }
    let upright = straighten::straighten(&ingest::load(scan, limits).ok()?);
    let is_known = |page: &UprightPage| is_same(page, known.to_scan);
    if is_known(&upright) {
        return Some(upright);
    }
    let halves = straighten::halves(&upright).into_iter().flatten().find(is_known);
    halves.or_else(|| straighten::poses(upright).find(is_known))
}

/// Whether the picture of `page` lies on the scan where `to_scan` says.
fn is_same(page: &UprightPage, to_scan: &Projection) -> bool {
    let (width, height) = page.colour.dimensions();
    let own = from_picture(page);
    [(0, 0), (width, 0), (0, height), (width, height)].iter().all(|(x, y)| {
        let corner = Point { x: f64::from(*x), y: f64::from(*y) };
        let (a, b) = (own.apply(corner), to_scan.apply(corner));
        (a.x - b.x).hypot(a.y - b.y) <= SAME_PAGE
    })
}

/// From pixels of the picture for people to pixels of the scan.
pub(super) fn from_picture(page: &UprightPage) -> Projection {
    let (ink, colour) = (page.ink.dimensions(), page.colour.dimensions());
    let ratio = |ink: u32, colour: u32| f64::from(ink) / f64::from(colour.max(1));
    Projection::scaling(ratio(ink.0, colour.0), ratio(ink.1, colour.1)).then(&page.to_scan)
}

/// Reads what is written in the boxes of an entry; `to_scan` is that of the picture they were drawn on.
///
/// # Errors
/// When the engine fails.
pub fn read_drawn(
    page: &UprightPage,
    known: &KnownPage<'_>,
    entry: &DrawnEntry<'_>,
    hand: &mut dyn Recognizer,
) -> Result<DraftRecord, ReadError> {
    let to_ink = known.to_scan.then(&page.to_scan.inverse());
    let fields: Vec<LocatedField> = entry.boxes.iter().map(|drawn| located(drawn, entry, &to_ink)).collect();
    let areas = fields.iter().flat_map(|field| &field.regions).map(|region| region.area);
    let area = areas.reduce(|all, area| all.union(&area)).unwrap_or(Rectangle::new(0, 0, 0, 0));
    let located = LocatedEntry { number: entry.number, area, fields, labels: Vec::new() };
    let readings = read::read_entry(page, &located, hand)?;
    let context = EntryContext {
        scan: &known.scan.name,
        entry: entry.number,
        kind: entry.kind,
        form: entry.form,
        form_match: Confidence::FULL,
        cover: entry.cover,
        to_scan: &page.to_scan,
        bend: None,
    };
    Ok(assemble::assemble(&context, &readings))
}

fn located(drawn: &DrawnBox, entry: &DrawnEntry<'_>, to_ink: &Projection) -> LocatedField {
    LocatedField {
        wordings: Vec::new(),
        label: Confidence::FULL,
        names: drawn.names.clone(),
        types: drawn.names.iter().map(|name| field_type(entry.kind, name)).collect(),
        regions: vec![Region { area: to_ink.bounds(drawn.area), leader: None }],
        cell: entry.exact,
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{KnownPage, Models, from_picture, page_again};
    use crate::domain::{Point, Scan, UprightPage};
    use crate::ingest::{self, FoundFile, Limits};
    use crate::locate::FormSet;
    use crate::straighten;

    fn sample() -> (Scan, UprightPage) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/ks-1978/003.jpg");
        let file = FoundFile { path, name: "ks-1978/003.jpg".to_owned(), book: "ks-1978".to_owned() };
        let scan = ingest::open(&file, &Limits::default()).unwrap().remove(0);
        let upright = straighten::straighten(&ingest::load(&scan, &Limits::default()).unwrap());
        (scan, upright)
    }

    #[test]
    fn a_page_comes_again_from_its_scan_and_else_from_its_picture() {
        let (scan, upright) = sample();
        // It lay upside down when it was read.
        let known = straighten::poses(upright.clone()).nth(1).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let picture = folder.path().join("page.jpg");
        known.colour.save(&picture).unwrap();
        let to_scan = from_picture(&known);
        let models = Models { forms: FormSet::shipped(), limits: Limits::default() };
        let again = |scan: &Scan| {
            page_again(&KnownPage { scan, picture: &picture, to_scan: &to_scan }, &models).unwrap()
        };
        let page = again(&scan);
        assert_eq!(
            (page.ink.dimensions(), page.to_scan.rows()),
            (known.ink.dimensions(), known.to_scan.rows())
        );
        let gone = Scan { path: PathBuf::from("/no/such/scan.jpg"), ..scan.clone() };
        let another = Scan { hash: crate::domain::ContentHash([7; 32]), ..scan };
        for scan in [gone, another] {
            let coarse = again(&scan);
            assert!(coarse.ink.width() < known.ink.width());
            let middle = |page: &UprightPage| {
                let (width, height) = page.ink.dimensions();
                let middle = Point { x: f64::from(width) / 2.0, y: f64::from(height) / 2.0 };
                page.to_scan.apply(middle)
            };
            let (a, b) = (middle(&coarse), middle(&known));
            assert!((a.x - b.x).hypot(a.y - b.y) < 60.0, "{a:?} {b:?}");
        }
    }
}
