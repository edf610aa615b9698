//! Invented scans and entries for the tests of the store.

use jiff::Timestamp;

use super::desk::{Action, Answer, Said};
use super::{Store, StoreWriter, Verdict};
use crate::domain::outcome::{FailureReason, PageFinding, PageRead, ScanOutcome, ScanResult};
use crate::domain::{
    Book, BookCover, Candidate, Confidence, ContentHash, DraftField, DraftRecord, EngineVersion, FieldName,
    FieldStatus, FieldType, FiredRule, Fit, FormId, Kind, NotAForm, PageProblem, Rectangle, Scan, ScanName,
    Seconded, Severity, SkewAngle,
};

/// A moment.
pub fn moment() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

/// A fresh store with the books `a-1` and `b-10`.
pub fn store() -> (tempfile::TempDir, StoreWriter) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::create_or_open(folder.path()).unwrap();
    let book = |name: &str| Book { name: name.to_owned(), cover: BookCover::default() };
    store.register_books(&[book("a-1"), book("b-10")]).unwrap();
    store.begin_run("hotich 0.1.0", moment()).unwrap();
    (folder, store)
}

/// The scan called `name`, whose content is `content` over and over.
pub fn scan(name: &str, content: u8) -> Scan {
    let book = name.split('/').next().unwrap().to_owned();
    let path = format!("/scans/{name}").into();
    Scan {
        name: ScanName(name.to_owned()),
        path,
        hash: ContentHash([content; 32]),
        page: 0,
        page_count: 1,
        book,
    }
}

/// A field that was read and goes to review.
pub fn field(name: &str, field_type: FieldType, value: &str) -> DraftField {
    DraftField {
        name: FieldName::from(name),
        field_type,
        value: value.to_owned(),
        raw: value.to_owned(),
        confidence: Confidence::clamped(0.5),
        status: if value.is_empty() { FieldStatus::Blank } else { FieldStatus::Review },
        ink: (!value.is_empty()).then(|| Rectangle::new(1, 2, 3, 4)),
        place: Rectangle::new(0, 0, 9, 9),
        blank: Confidence::NONE,
        candidates: vec![Candidate {
            value: value.to_owned(),
            text: value.to_owned(),
            confidence: Confidence::clamped(0.5),
            fit: Fit::Free,
            seconded: Seconded::Unknown,
        }],
        reasons: Vec::new(),
        settled: false,
        marks: Vec::new(),
        engine: Some(EngineVersion("fake 1".to_owned())),
    }
}

/// The birth of `child`, entry `entry` of `scan`.
pub fn birth(scan: &Scan, entry: u32, child: &str) -> DraftRecord {
    DraftRecord {
        scan: scan.name.clone(),
        entry,
        kind: Kind::Birth,
        form: FormId::new("birth-2006"),
        form_match: Confidence::clamped(0.9),
        fields: vec![
            field("entry.number", FieldType::Number, &entry.to_string()),
            field("registration.date", FieldType::Date, "1975-03-02"),
            field("child.name", FieldType::PersonName, child),
            field("child.birth_place", FieldType::Place, "xã Hòa An, huyện Phú Hòa"),
        ],
        rules: vec![FiredRule {
            rule: "V001".to_owned(),
            severity: Severity::Query,
            fields: vec![FieldName::from("child.name")],
            message: "odd".to_owned(),
        }],
    }
}

/// `records` as read from `scan`.
pub fn read(scan: &Scan, records: Vec<DraftRecord>) -> ScanOutcome {
    let finding = PageFinding::Records {
        form: FormId::new("birth-2006"),
        kind: Kind::Birth,
        match_score: 0.9,
        records,
    };
    outcome(scan, ScanResult::Read(vec![page(finding)]))
}

/// `scan` found to be a cover.
pub fn cover(scan: &Scan) -> ScanOutcome {
    outcome(scan, ScanResult::Read(vec![page(PageFinding::NotAForm(NotAForm::Cover))]))
}

/// `scan` failed.
pub fn failure(scan: &Scan) -> ScanOutcome {
    let message = "the engine failed: try again".to_owned();
    outcome(scan, ScanResult::Failed { reason: FailureReason::Crashed, message })
}

fn outcome(scan: &Scan, result: ScanResult) -> ScanOutcome {
    ScanOutcome { scan: scan.clone(), result, timings: vec![("read".to_owned(), 12.5)] }
}

fn page(finding: PageFinding) -> PageRead {
    PageRead {
        finding,
        skew: Some(SkewAngle(-1.25)),
        problems: vec![PageProblem::Blurred],
        to_scan: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        image: b"a picture".to_vec(),
    }
}

/// What `an`, the first account, says of a field on the page of its record.
pub fn said_on_record(entry: i64, name: &str, value: &str) -> Answer {
    Answer {
        id: format!("{entry} {name} {value}"),
        account: 1,
        person: "an".to_owned(),
        lease: None,
        entry,
        field: FieldName::from(name),
        action: Action::OnRecord,
        said: Said::Verdict(Verdict::Value(value.to_owned())),
        marks: Vec::new(),
        remark: String::new(),
        seconds: None,
        shown: None,
    }
}

/// Every record of the store as the values of `child.name` with scan and entry.
pub fn children(store: &Store) -> Vec<(String, u32, String)> {
    let child = |record: crate::domain::ExportedRecord| {
        let value = record.fields[&FieldName::from("child.name")].value.clone();
        (record.scan.0, record.entry, value)
    };
    store.records().unwrap().map(|record| child(record.unwrap())).collect()
}
