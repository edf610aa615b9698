//! Cuts the lines that people have verified out of the scans, with their texts, into a folder nobody
//! else may look into.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use image::GrayImage;

use super::super::arguments::Adapt;
use super::super::exit::Failure;
use super::super::opening;
use super::parting::parted;
use crate::assemble::as_it_stands;
use crate::domain::{BookCover, DraftField, Engines, text};
use crate::engine::Tesseract;
use crate::handwriting::Handwriting;
use crate::pipeline::{self, CutLine};
use crate::store::VerifiedScan;

/// How much of the ink must be the same as when the field was read, as intersection over union.
const SAME_INK: f64 = 0.9;

/// A folder for personal data: only its owner may look into it, and it is gone at the end.
#[derive(Debug)]
pub struct PrivateFolder {
    path: PathBuf,
    keep: bool,
}

impl PrivateFolder {
    /// A fresh folder at `path`; what lies there from an earlier time is removed.
    pub fn make(path: PathBuf, keep: bool) -> Result<Self, Failure> {
        let wrong = |error| Failure::Nothing(format!("{}: {error}", path.display()));
        if path.exists() {
            fs::remove_dir_all(&path).map_err(wrong)?;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(wrong)?;
        }
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(wrong)?;
        Ok(Self { path, keep })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for PrivateFolder {
    fn drop(&mut self) {
        if self.keep {
            return;
        }
        if let Err(error) = fs::remove_dir_all(&self.path) {
            tracing::warn!("{} could not be removed: {error}", self.path.display());
        }
    }
}

/// What was found in a store, and what was not.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Lines to learn from.
    pub lines: usize,
    /// Fields whose ink is not where it was when they were read, or whose lines cannot be told apart.
    pub elsewhere: usize,
    /// Scans that cannot be opened any more.
    pub unopened: usize,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lines, elsewhere, unopened } = self;
        write!(f, "{lines} verified lines")?;
        if *elsewhere > 0 {
            write!(
                f,
                ", {elsewhere} fields left out whose ink is found elsewhere now or whose lines cannot be told apart"
            )?;
        }
        if *unopened > 0 {
            write!(f, ", {unopened} scans could not be opened")?;
        }
        Ok(())
    }
}

/// How many verified fields of a scan have a text to learn from.
pub fn with_text(scan: &VerifiedScan) -> usize {
    scan.fields.iter().filter(|(_, field)| field.ink.is_some() && as_it_stands(field).is_some()).count()
}

/// Lines and their texts in a folder: pictures and `labels.tsv` (image, text).
pub struct Collection {
    folder: PathBuf,
    labels: csv::Writer<fs::File>,
    found: Found,
}

impl Collection {
    /// An empty one in `folder`.
    pub fn new(folder: &Path) -> Result<Self, Failure> {
        let mut options = csv::WriterBuilder::new();
        let path = folder.join("labels.tsv");
        let labels = options.delimiter(b'\t').quote_style(csv::QuoteStyle::Never).from_path(path);
        let mut labels = labels.map_err(Failure::nothing)?;
        labels.write_record(["image", "text"]).map_err(Failure::nothing)?;
        Ok(Self { folder: folder.to_owned(), labels, found: Found::default() })
    }

    /// Adds the verified lines of `scans`, each scan read anew, until `stop` is raised.
    pub fn cut(
        &mut self,
        scans: &[VerifiedScan],
        covers: &BTreeMap<String, BookCover>,
        arguments: &Adapt,
        stop: &AtomicBool,
    ) -> Result<(), Failure> {
        let models = opening::models(arguments.forms.as_deref())?;
        let mut print = Tesseract::start().map_err(Failure::nothing)?;
        let mut hand = Handwriting::start(arguments.weights.folder.as_deref()).map_err(Failure::nothing)?;
        let mut engines = Engines { print: &mut print, hand: &mut hand };
        for scan in scans.iter().filter(|scan| with_text(scan) > 0) {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let cover = covers.get(&scan.scan.book).cloned().unwrap_or_default();
            match pipeline::cut_lines(&scan.scan, &cover, &models, &mut engines) {
                Ok(lines) => self.add(scan, &lines)?,
                Err(error) => {
                    tracing::warn!("{}: {error}", scan.scan.name);
                    self.found.unopened += 1;
                }
            }
        }
        Ok(())
    }

    /// Adds the verified lines of one scan.
    fn add(&mut self, scan: &VerifiedScan, lines: &BTreeMap<u32, Vec<CutLine>>) -> Result<(), Failure> {
        for (entry, field) in &scan.fields {
            let Some(text) = as_it_stands(field) else { continue };
            let lines = lines.get(entry).and_then(|lines| lines_of(field, lines));
            match lines.and_then(|lines| with_texts(&text, lines)) {
                Some(lines) => lines.iter().try_for_each(|(line, text)| self.put(&line.picture, text))?,
                None => self.found.elsewhere += 1,
            }
        }
        Ok(())
    }

    fn put(&mut self, picture: &GrayImage, text: &str) -> Result<(), Failure> {
        let name = format!("{:05}.png", self.found.lines);
        picture.save(self.folder.join(&name)).map_err(Failure::nothing)?;
        self.labels.write_record([&name, &text::clean(text)]).map_err(Failure::nothing)?;
        self.found.lines += 1;
        Ok(())
    }

    /// Writes what is left to write and says what was found.
    pub fn finish(mut self) -> Result<Found, Failure> {
        self.labels.flush()?;
        Ok(self.found)
    }
}

/// The neighbouring lines whose ink together is the ink of `field`, where it was when the field was
/// read; nearly always one.
fn lines_of<'l>(field: &DraftField, lines: &'l [CutLine]) -> Option<Vec<&'l CutLine>> {
    let ink = field.ink?;
    let own: Vec<&CutLine> = lines.iter().filter(|line| line.fields.contains(&field.name)).collect();
    let runs = (1..=own.len()).flat_map(|long| own.windows(long));
    let same = |run: &[&CutLine]| {
        let together = run.iter().map(|line| line.ink).reduce(|all, ink| all.union(&ink));
        together.map_or(0.0, |together| ink.intersection_over_union(&together))
    };
    let best = runs.map(|run| (same(run), run)).filter(|(same, _)| *same >= SAME_INK);
    best.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, run)| run.to_vec())
}

/// Each of the lines with its part of `text`; none when it cannot be told where the lines end.
fn with_texts<'l>(text: &str, lines: Vec<&'l CutLine>) -> Option<Vec<(&'l CutLine, String)>> {
    if let [line] = lines[..] {
        return Some(vec![(line, text.to_owned())]);
    }
    let readings: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    Some(lines.into_iter().zip(parted(text, &readings)?).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use image::GrayImage;

    use super::{Collection, Found, PrivateFolder, with_text};
    use crate::domain::{
        Confidence, ContentHash, DraftField, FieldName, FieldStatus, FieldType, Rectangle, Scan, ScanName,
    };
    use crate::pipeline::CutLine;
    use crate::store::VerifiedScan;

    fn field(
        name: &str,
        field_type: FieldType,
        value: &str,
        raw: &str,
        ink: Option<Rectangle>,
    ) -> DraftField {
        DraftField {
            value: value.to_owned(),
            raw: raw.to_owned(),
            confidence: Confidence::FULL,
            status: FieldStatus::Verified,
            ink,
            ..DraftField::unread(FieldName::from(name), field_type, Rectangle::new(0, 0, 500, 100))
        }
    }

    fn line(names: &[&str], top: i32, grey: u8, text: &str) -> CutLine {
        CutLine {
            fields: names.iter().map(|&name| FieldName::from(name)).collect(),
            ink: Rectangle::new(10, top, 210, top + 40),
            text: text.to_owned(),
            picture: GrayImage::from_pixel(20, 8, image::Luma([grey])),
        }
    }

    fn verified() -> VerifiedScan {
        let ink = |top| Some(Rectangle::new(10, top, 210, top + 40));
        let scan = Scan {
            name: ScanName("a-1/1.jpg".into()),
            path: "1.jpg".into(),
            hash: ContentHash([1; 32]),
            page: 0,
            page_count: 1,
            book: "a-1".into(),
        };
        let two_lines = Some(Rectangle::new(10, 300, 210, 400));
        let fields = vec![
            (1, field("child.name", FieldType::PersonName, "Lê Ân", "Lc Am", ink(0))),
            (1, field("child.birth_date", FieldType::Date, "1956-08-12", "12/8/1956", ink(100))),
            (1, field("registration.date", FieldType::Date, "1956-08-14", "17/8/1956", ink(200))),
            (1, field("child.birth_place", FieldType::Place, "xã Hòa An huyện Phú Hòa", "", two_lines)),
            (2, field("child.name", FieldType::PersonName, "Lê Bơ", "Lê Bo", ink(50))),
        ];
        VerifiedScan { scan, fields }
    }

    #[test]
    fn lines_are_taken_where_the_text_is_sure_and_the_ink_is_where_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let work = PrivateFolder::make(folder.path().join("lines"), false).unwrap();
        let (scan, mut collection) = (verified(), Collection::new(work.path()).unwrap());
        assert_eq!(with_text(&scan), 4, "nobody said how the corrected date is written");
        let lines = BTreeMap::from([
            (
                1,
                vec![
                    line(&["child.name"], 2, 10, "Lc Am"),
                    line(&["child.birth_date"], 100, 20, "12/8/1956"),
                    line(&["registration.date"], 200, 30, "17/8/1956"),
                    line(&["child.birth_place"], 300, 40, "xa Hoa An"),
                    line(&["child.birth_place"], 360, 50, "huyện Phú Hoà"),
                ],
            ),
            (2, vec![line(&["child.name"], 0, 60, "Lê Bo"), line(&["mother.name"], 50, 70, "Lê Bo")]),
        ]);
        collection.add(&scan, &lines).unwrap();
        let found = collection.finish().unwrap();
        assert_eq!(found, Found { lines: 4, elsewhere: 1, unopened: 0 });
        let labels = fs::read_to_string(work.path().join("labels.tsv")).unwrap();
        assert_eq!(
            labels,
            "image\ttext\n00000.png\tLê Ân\n00001.png\t12/8/1956\n00002.png\txã Hòa An\n00003.png\thuyện Phú Hòa\n"
        );
        let picture = image::open(work.path().join("00001.png")).unwrap().into_luma8();
        assert_eq!(picture.get_pixel(3, 3).0, [20]);
        assert_eq!(
            found.to_string(),
            "4 verified lines, 1 fields left out whose ink is found elsewhere now or whose lines cannot be told apart"
        );
    }

    #[test]
    fn the_folder_is_private_and_gone_afterwards_unless_it_is_kept() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("to/lines");
        for keep in [false, true] {
            let folder = PrivateFolder::make(path.clone(), keep).unwrap();
            fs::write(folder.path().join("00000.png"), b"ink").unwrap();
            #[cfg(unix)]
            {
                let mode =
                    std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions());
                assert_eq!(mode & 0o777, 0o700);
            }
            drop(folder);
            assert_eq!(path.exists(), keep);
        }
        PrivateFolder::make(path.clone(), false).unwrap();
        assert!(!path.exists(), "what an earlier run left goes as well");
    }
}
