//! Golden pages: sample pages walked through the whole pipeline with recognisers that answer as the
//! engines did when the page was recorded, so that every other stage is held to the letter.
//!
//! `HOTICH_ACCEPT=1 cargo test --test golden` records anew and accepts what comes out; the change is
//! then reviewed in the diff of `tests/golden/`.

#![allow(clippy::unwrap_used)] // A test that cannot go on shall stop.

use std::fs;
use std::path::{Path, PathBuf};

use hotich::domain::exported::ExportedRecord;
use hotich::domain::{
    BookCover, EngineVersion, Engines, PageFinding, ReadError, ReadRequest, Reading, Recognizer,
};
use hotich::engine::Tesseract;
use hotich::handwriting::Handwriting;
use hotich::ingest::{self, Limits};
use hotich::locate::FormSet;
use hotich::pipeline::{Models, Timings, read_scan};

/// Answers from a recording, in order; or asks the engine and records.
enum Recorded {
    Replay(std::vec::IntoIter<Reading>),
    Record(Box<dyn Recognizer>, Vec<Reading>),
}

impl Recognizer for Recorded {
    fn version(&self) -> EngineVersion {
        EngineVersion("recorded".to_owned())
    }

    fn read(&mut self, request: ReadRequest<'_>) -> Result<Reading, ReadError> {
        match self {
            Self::Replay(answers) => answers.next().ok_or_else(|| {
                ReadError::Unavailable("the recording is too short: HOTICH_ACCEPT=1 records anew".to_owned())
            }),
            Self::Record(engine, answers) => {
                let answer = engine.read(request)?;
                answers.push(answer.clone());
                Ok(answer)
            }
        }
    }
}

impl Recorded {
    fn replay(recording: &Path) -> Self {
        let answers = fs::read_to_string(recording).unwrap();
        let answers: Vec<Reading> = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        Self::Replay(answers.into_iter())
    }

    fn write(self, recording: &Path) {
        let Self::Record(_, answers) = self else { unreachable!() };
        fs::write(recording, lines(&answers)).unwrap();
    }

    fn used_up(self) -> bool {
        let Self::Replay(mut left) = self else { unreachable!() };
        left.next().is_none()
    }
}

fn golden(page: &str) {
    let name = page.replace('/', "-");
    let file = |what: &str| {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.{what}.jsonl"))
    };
    let (print, hand, records) = (file("print"), file("hand"), file("records"));
    if std::env::var_os("HOTICH_ACCEPT").is_some() {
        let mut tesseract = Recorded::Record(Box::new(Tesseract::start().unwrap()), Vec::new());
        let mut reader = Recorded::Record(Box::new(Handwriting::start(None).unwrap()), Vec::new());
        fs::write(&records, walk(page, &mut tesseract, &mut reader)).unwrap();
        tesseract.write(&print);
        reader.write(&hand);
    }
    let (mut print, mut hand) = (Recorded::replay(&print), Recorded::replay(&hand));
    let found = walk(page, &mut print, &mut hand);
    assert_eq!(found, fs::read_to_string(&records).unwrap(), "{page} comes out otherwise");
    assert!(print.used_up() && hand.used_up(), "{page} asked for fewer readings than were recorded");
}

/// The records of a sample page, one JSON object a line.
fn walk(page: &str, print: &mut Recorded, hand: &mut Recorded) -> String {
    let samples: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(page);
    let discovery = ingest::discover(&[samples]).unwrap();
    let models = Models { forms: FormSet::shipped(), limits: Limits::default() };
    let scans = ingest::open(&discovery.files[0], &models.limits).unwrap();
    let cover: &BookCover = &discovery.books[0].cover;
    let mut engines = Engines { print, hand };
    let pages = read_scan(&scans[0], cover, &models, &mut engines, &mut Timings::default()).unwrap();
    let records = pages.iter().flat_map(|page| match &page.finding {
        PageFinding::Records { records, .. } => {
            records.iter().map(|record| ExportedRecord::from_draft(record, page.skew)).collect()
        }
        PageFinding::NotAForm(_) => Vec::new(),
    });
    lines(&records.collect::<Vec<_>>())
}

fn lines(values: &[impl serde::Serialize]) -> String {
    values.iter().map(|value| serde_json::to_string(value).unwrap() + "\n").collect()
}

#[test]
fn a_printed_entry_on_a_page() {
    golden("ks-2018-in/003.tif");
}

#[test]
fn typed_entries_in_boxes() {
    golden("ks-1984-may/004.jpg");
}

#[test]
fn typed_rows_of_a_table() {
    golden("kt-1991-may/001.jpg");
}

#[test]
fn husband_and_wife_side_by_side_on_a_photo() {
    golden("kh-2013-anh/005.jpg");
}
