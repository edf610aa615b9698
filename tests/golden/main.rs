//! Golden pages: sample pages walked through the whole pipeline with a recogniser that answers as
//! Tesseract did when the page was recorded, so that every other stage is held to the letter.
//!
//! `HOTICH_ACCEPT=1 cargo test --test golden` records anew and accepts what comes out; the change is
//! then reviewed in the diff of `tests/golden/`.

#![allow(clippy::unwrap_used)] // A test that cannot go on shall stop.

use std::fs;
use std::path::{Path, PathBuf};

use hotich::domain::exported::ExportedRecord;
use hotich::domain::{BookCover, EngineVersion, PageFinding, ReadError, ReadRequest, Reading, Recognizer};
use hotich::engine::Tesseract;
use hotich::ingest::{self, Limits};
use hotich::locate::FormSet;
use hotich::pipeline::{Models, Timings, read_scan};

/// Answers from a recording, in order; or asks Tesseract and records.
enum Recorded {
    Replay(std::vec::IntoIter<Reading>),
    Record(Box<Tesseract>, Vec<Reading>),
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

fn golden(page: &str) {
    let name = page.replace('/', "-");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let (recording, records) =
        (folder.join(format!("{name}.readings.jsonl")), folder.join(format!("{name}.records.jsonl")));
    if std::env::var_os("HOTICH_ACCEPT").is_some() {
        let mut recognizer = Recorded::Record(Box::new(Tesseract::start().unwrap()), Vec::new());
        let found = walk(page, &mut recognizer);
        let Recorded::Record(_, answers) = recognizer else { unreachable!() };
        fs::write(&recording, lines(&answers)).unwrap();
        fs::write(&records, found).unwrap();
    }
    let answers = fs::read_to_string(&recording).unwrap();
    let answers: Vec<Reading> = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut recognizer = Recorded::Replay(answers.into_iter());
    let found = walk(page, &mut recognizer);
    assert_eq!(found, fs::read_to_string(&records).unwrap(), "{page} comes out otherwise");
    let Recorded::Replay(mut left) = recognizer else { unreachable!() };
    assert!(left.next().is_none(), "{page} asked for fewer readings than were recorded");
}

/// The records of a sample page, one JSON object a line.
fn walk(page: &str, recognizer: &mut Recorded) -> String {
    let samples: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(page);
    let discovery = ingest::discover(&[samples]).unwrap();
    let models = Models { forms: FormSet::shipped(), limits: Limits::default() };
    let scans = ingest::open(&discovery.files[0], &models.limits).unwrap();
    let cover: &BookCover = &discovery.books[0].cover;
    let pages = read_scan(&scans[0], cover, &models, recognizer, &mut Timings::default()).unwrap();
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
