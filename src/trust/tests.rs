//! What is accepted, and above all what is not.

use super::{BLANK, settle};
use crate::domain::{
    Confidence, DraftField, DraftRecord, FieldStatus, FieldType, FiredRule, FormId, Kind, Rectangle,
    ScanName, Severity,
};

fn field(name: &str, field_type: FieldType, value: &str, confidence: f64, status: FieldStatus) -> DraftField {
    DraftField {
        name: name.into(),
        field_type,
        value: value.to_owned(),
        raw: value.to_owned(),
        confidence: Confidence::new(confidence).unwrap(),
        status,
        ink: None,
        place: Rectangle::new(0, 0, 1, 1),
        alternatives: Vec::new(),
        engine: None,
    }
}

fn settled(fields: Vec<DraftField>, rules: Vec<FiredRule>) -> DraftRecord {
    let mut record = DraftRecord {
        scan: ScanName("b/1.jpg".to_owned()),
        entry: 1,
        kind: Kind::Birth,
        form: FormId::new("f"),
        fields,
        rules,
    };
    settle(&mut record);
    record
}

fn status(record: &DraftRecord, name: &str) -> FieldStatus {
    record.field(name).unwrap().status
}

fn rule(severity: Severity, field: &str) -> FiredRule {
    FiredRule { rule: "V000".to_owned(), severity, fields: vec![field.into()], message: String::new() }
}

#[test]
fn only_certain_blanks_go_to_nobody() {
    use FieldStatus::{Blank, Review};
    let record = settled(
        vec![
            field("a", FieldType::Text, "", BLANK, Blank),
            field("b", FieldType::Text, "", BLANK - 0.01, Blank),
            field("c", FieldType::Text, "", 1.0, Review),
        ],
        Vec::new(),
    );
    assert_eq!(["a", "b", "c"].map(|name| status(&record, name)), [Blank, Review, Review]);
}

#[test]
fn values_are_accepted_when_sure_and_unquestioned() {
    let sex = |confidence| field("child.sex", FieldType::Sex, "male", confidence, FieldStatus::Review);
    let accepted = |record: &DraftRecord| status(record, "child.sex") == FieldStatus::Accepted;
    assert!(accepted(&settled(vec![sex(0.999)], Vec::new())));
    assert!(!accepted(&settled(vec![sex(0.8)], Vec::new())));
    assert!(!accepted(&settled(vec![sex(1.0)], vec![rule(Severity::Query, "child.sex")])));
    let mut unread = sex(1.0);
    unread.value = String::new();
    assert!(!accepted(&settled(vec![unread], Vec::new())));
}

#[test]
fn notes_and_numbers_of_papers_are_never_accepted() {
    for field_type in [FieldType::Text, FieldType::Document] {
        let value = field("a", field_type, "Đã cấp bản sao", 1.0, FieldStatus::Review);
        assert_eq!(status(&settled(vec![value], Vec::new()), "a"), FieldStatus::Review);
    }
}

#[test]
fn doubtful_dates_are_accepted_when_words_and_figures_agree() {
    let date = |name, field_type, value| field(name, field_type, value, 0.9, FieldStatus::Review);
    let figures = || date("child.birth_date", FieldType::Date, "1978-01-02");
    let words = |value| date("child.birth_date_words", FieldType::DateWords, value);
    let agreeing = settled(vec![figures(), words("1978-01-02")], Vec::new());
    assert_eq!(status(&agreeing, "child.birth_date"), FieldStatus::Accepted);
    assert!((agreeing.field("child.birth_date").unwrap().confidence.get() - 0.99).abs() < 1e-9);
    for differing in [vec![figures(), words("1978-01-03")], vec![figures(), words("")], vec![figures()]] {
        assert_eq!(status(&settled(differing, Vec::new()), "child.birth_date"), FieldStatus::Review);
    }
}

#[test]
fn broken_rules_lower_confidence() {
    let confidence = |rules| {
        settled(vec![field("a", FieldType::Sex, "male", 1.0, FieldStatus::Review)], rules).fields[0]
            .confidence
    };
    let [none, info, query, block] = [
        confidence(vec![]),
        confidence(vec![rule(Severity::Info, "a")]),
        confidence(vec![rule(Severity::Query, "a")]),
        confidence(vec![rule(Severity::Block, "a")]),
    ];
    assert!(none > info && info > query && query > block);
}

#[test]
fn what_a_person_said_stays() {
    for status_before in [FieldStatus::Verified, FieldStatus::Illegible] {
        let record = settled(vec![field("a", FieldType::Sex, "male", 1.0, status_before)], Vec::new());
        assert_eq!(status(&record, "a"), status_before);
    }
}

#[test]
fn an_entry_that_registers_no_one_goes_to_a_person() {
    let entry = |name| {
        let blank = field("wife.residence", FieldType::Place, "", 1.0, FieldStatus::Blank);
        let sure = field("husband.birth_date", FieldType::Date, "1957", 0.99, FieldStatus::Review);
        settled(
            vec![field("wife.name", FieldType::PersonName, name, 1.0, FieldStatus::Blank), blank, sure],
            Vec::new(),
        )
    };
    assert!(entry("").fields.iter().all(|field| field.status == FieldStatus::Review));
    let named = entry("Lê Thị Hoa");
    assert_eq!(status(&named, "wife.residence"), FieldStatus::Blank);
    assert_eq!(status(&named, "husband.birth_date"), FieldStatus::Accepted);
}
