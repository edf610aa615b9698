//! Whole entries from readings.

use proptest::prelude::*;

use super::{EntryContext, assemble};
use crate::domain::{
    Alternative, BookCover, Confidence, DraftRecord, EngineVersion, FieldReading, FieldStatus, Fit, FormId,
    Kind, LineReading, Projection, Reading, Rectangle, ScanName, SecondReading, Seconded,
};

fn line(top: i32, text: &str, confidence: f64, alternatives: &[&str]) -> LineReading {
    let alternative = |text: &&str| Alternative {
        text: (*text).to_owned(),
        confidence: Confidence::clamped(confidence / 2.0),
    };
    LineReading {
        ink: Rectangle::new(10, top, 100, top + 20),
        reading: Reading {
            text: text.to_owned(),
            confidence: Confidence::clamped(confidence),
            characters: Vec::new(),
            alternatives: alternatives.iter().map(alternative).collect(),
            engine: EngineVersion("fake 1".to_owned()),
            second: SecondReading::None,
        },
        struck: Vec::new(),
    }
}

fn reading(fields: &[&str], lines: Vec<LineReading>) -> FieldReading {
    FieldReading {
        fields: fields.iter().map(|name| (*name).into()).collect(),
        blank: Confidence::clamped(if lines.is_empty() { 0.99 } else { 0.0 }),
        lines,
        place: Rectangle::new(0, 0, 200, 60),
    }
}

fn assembled(kind: Kind, year: Option<i16>, readings: &[FieldReading]) -> DraftRecord {
    let context = EntryContext {
        scan: &ScanName("b/1.jpg".to_owned()),
        entry: 2,
        kind,
        form: &FormId::new("f"),
        form_match: Confidence::FULL,
        cover: &BookCover { year, ..BookCover::default() },
        to_scan: &Projection::scaling(2.0, 2.0),
        bend: None,
    };
    assemble(&context, readings)
}

fn value<'r>(record: &'r DraftRecord, name: &str) -> &'r str {
    &record.field(name).unwrap().value
}

#[test]
fn lines_are_joined_and_led_back_to_their_ink() {
    let lines =
        vec![line(0, "Thôn Hạ - xã Bình Hưng -....", 0.9, &[]), line(30, "huyện Tuy Phong", 0.8, &[])];
    let record = assembled(Kind::Birth, None, &[reading(&["child.origin"], lines)]);
    let field = record.field("child.origin").unwrap();
    assert_eq!(field.value, "Thôn Hạ - xã Bình Hưng - huyện Tuy Phong");
    assert_eq!(field.raw, "Thôn Hạ - xã Bình Hưng -.... huyện Tuy Phong");
    assert_eq!(field.ink, Some(Rectangle::new(20, 0, 200, 100)));
    assert_eq!(field.place, Rectangle::new(0, 0, 400, 120));
    assert!((field.confidence.get() - 0.72).abs() < 1e-9);
    assert_eq!(field.engine, Some(EngineVersion("fake 1".to_owned())));
}

#[test]
fn what_every_entry_has_and_was_not_found_is_asked_for_with_the_whole_entry() {
    let readings = [
        reading(&["child.name"], vec![line(0, "Lê Thị Hoa", 0.9, &[])]),
        FieldReading { place: Rectangle::new(0, 60, 300, 90), ..reading(&["notes"], Vec::new()) },
    ];
    let record = assembled(Kind::Birth, None, &readings);
    let names: Vec<&str> = record.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["entry.number", "registration.date", "child.name", "notes"]);
    let number = record.field("entry.number").unwrap();
    assert_eq!((number.value.as_str(), number.ink, number.status), ("", None, FieldStatus::Review));
    assert_eq!((number.place, number.blank), (Rectangle::new(0, 0, 600, 180), Confidence::NONE));
}

#[test]
fn a_blank_has_no_value_and_no_ink() {
    let record = assembled(Kind::Birth, None, &[reading(&["notes"], Vec::new())]);
    let notes = record.field("notes").unwrap();
    assert_eq!((notes.value.as_str(), notes.ink, notes.blank.get()), ("", None, 0.99));
    assert!(notes.candidates.is_empty());
    // Whether the blank is certain is for the trust stage to say.
    assert_eq!(notes.status, FieldStatus::Review);
}

#[test]
fn a_date_that_does_not_parse_keeps_its_reading() {
    let record =
        assembled(Kind::Birth, None, &[reading(&["child.birth_date"], vec![line(0, "31/2/1978", 0.9, &[])])]);
    let field = record.field("child.birth_date").unwrap();
    assert_eq!(
        (field.value.as_str(), field.raw.as_str(), field.status),
        ("", "31/2/1978", FieldStatus::Review)
    );
    assert_eq!(field.candidates[0].fit, Fit::Unread);
    assert!(record.rules.iter().any(|rule| rule.rule == "V014"));
}

#[test]
fn the_century_comes_from_the_book() {
    let entry = |registered: &str, year| {
        let readings = [
            reading(&["registration.date"], vec![line(0, registered, 0.9, &[])]),
            reading(&["child.birth_date"], vec![line(0, "30-12-77", 0.9, &[])]),
            reading(&["mother.birth_year"], vec![line(0, "79", 0.9, &[])]),
        ];
        let record = assembled(Kind::Birth, year, &readings);
        ["registration.date", "child.birth_date", "mother.birth_year"]
            .map(|name| value(&record, name).to_owned())
    };
    assert_eq!(entry("3/1/78", Some(1976)), ["1978-01-03", "1977-12-30", "1879"]);
    assert_eq!(entry("3/1/1978", None), ["1978-01-03", "1977-12-30", "1879"]);
    assert_eq!(entry("3/1/78", None), ["", "", ""]);
}

#[test]
fn an_alternative_that_parses_is_taken() {
    let lines = vec![line(0, "3l/2/1978", 0.9, &["21/2/1978", "11/2/1978"])];
    let record = assembled(Kind::Birth, None, &[reading(&["child.birth_date"], lines)]);
    let field = record.field("child.birth_date").unwrap();
    assert_eq!((field.value.as_str(), field.raw.as_str()), ("1978-02-21", "3l/2/1978"));
    assert_eq!(field.confidence.get(), 0.45);
    let texts: Vec<&str> = field.candidates.iter().map(|other| other.text.as_str()).collect();
    assert_eq!(texts, ["21/2/1978", "3l/2/1978", "11/2/1978"]);
}

#[test]
fn a_clear_text_stands_though_no_list_has_it() {
    let cause = |text, confidence| {
        let lines = vec![line(0, text, confidence, &["Viêm gan"])];
        value(&assembled(Kind::Death, None, &[reading(&["death.cause"], lines)]), "death.cause").to_owned()
    };
    assert_eq!(cause("Viêm gan B", 0.95), "Viêm gan B");
    assert_eq!(cause("Viêm gan ?", 0.4), "Viêm gan");
}

#[test]
fn names_are_never_mended() {
    let lines = vec![line(0, "Nguyẽn Vãn An", 0.9, &["Nguyễn Văn An"])];
    assert_eq!(
        value(&assembled(Kind::Birth, None, &[reading(&["child.name"], lines)]), "child.name"),
        "Nguyẽn Vãn An"
    );
}

#[test]
fn a_cell_of_two_fields_is_cut_between_them() {
    let cases: [(&[&str], &str, &str); 6] = [
        (&["Nguyễn Văn Kỷ", "Dệt vải"], "Nguyễn Văn Kỷ", "Dệt vải"),
        (&["Nguyễn Văn", "Kỷ", "Dệt vải"], "Nguyễn Văn Kỷ", "Dệt vải"),
        (&["Nguyễn Văn Kỷ", "Xã viên", "HTX"], "Nguyễn Văn Kỷ", "Xã viên HTX"),
        (&["Nguyễn Văn Kỷ"], "Nguyễn Văn Kỷ", ""),
        (&["Làm ruộng"], "", "Làm ruộng"),
        (&["Xquyn Vun K", "Dct vui"], "Xquyn Vun K", "Dct vui"),
    ];
    for (lines, name, occupation) in cases {
        let lines = (0..).step_by(30).zip(lines).map(|(top, text)| line(top, text, 0.9, &[])).collect();
        let record = assembled(Kind::Birth, None, &[reading(&["father.name", "father.occupation"], lines)]);
        assert_eq!([value(&record, "father.name"), value(&record, "father.occupation")], [name, occupation]);
    }
}

#[test]
fn a_field_read_twice_is_taken_from_where_something_is_written() {
    let readings = [
        reading(&["notes"], Vec::new()),
        reading(&["notes"], vec![line(0, "Đăng ký lại", 0.9, &[])]),
        reading(&["notes"], vec![line(0, "x", 0.9, &[])]),
    ];
    let record = assembled(Kind::Birth, None, &readings);
    let notes = record.fields.iter().filter(|field| field.name.as_str() == "notes");
    assert_eq!((notes.count(), value(&record, "notes")), (1, "Đăng ký lại"));
}

proptest! {
    #[test]
    fn no_reading_stops_it(texts in proptest::collection::vec("\\PC{0,40}", 0..4), blank in 0.0..=1.0) {
        let lines: Vec<LineReading> = (0..).step_by(30).zip(&texts).map(|(top, text)| line(top, text, 0.5, &["12"])).collect();
        for entry in crate::domain::catalogue::entries() {
            let mut one = reading(&[entry.field.as_str()], lines.clone());
            one.blank = Confidence::clamped(blank);
            let record = assembled(entry.kind, Some(1978), &[one]);
            let own: Vec<_> = record.fields.iter().filter(|field| field.name == entry.field).collect();
            prop_assert_eq!(own.len(), 1);
            prop_assert_eq!(&own[0].value, &crate::domain::text::clean(&own[0].value));
        }
    }
}

#[test]
fn what_is_struck_through_is_kept_beside_the_value_and_is_none_of_it() {
    let mut one = line(0, "Nguyễn Thị Tin", 0.9, &[]);
    one.struck = vec!["Trần".to_owned()];
    let mut all = line(0, "", 1.0, &[]);
    all.struck = vec!["12/8/1976".to_owned()];
    let readings = [reading(&["child.name"], vec![one]), reading(&["child.birth_date"], vec![all])];
    let record = assembled(Kind::Birth, Some(1976), &readings);
    let both = |name: &str| record.field(name).map(|field| (field.value.as_str(), field.raw.as_str()));
    assert_eq!(both("child.name"), Some(("Nguyễn Thị Tin", "⟦Trần⟧ Nguyễn Thị Tin")));
    assert_eq!(both("child.birth_date"), Some(("", "⟦12/8/1976⟧")));
}

#[test]
fn what_a_second_engine_reads_is_one_more_candidate_and_vouches_for_its_like() {
    let seconded = |second: SecondReading| {
        let mut read = line(0, "Trần Văn Lựu", 0.8, &["Trần Văn Lưu"]);
        read.reading.second = second;
        let record = assembled(Kind::Birth, None, &[reading(&["father.name"], vec![read])]);
        let candidates = &record.field("father.name").unwrap().candidates;
        candidates.iter().map(|candidate| (candidate.text.clone(), candidate.seconded)).collect::<Vec<_>>()
    };
    let text = |text: &str| SecondReading::Text(text.to_owned());
    let (luu, luuw) = ("Trần Văn Lưu".to_owned(), "Trần Văn Lựu".to_owned());
    let both = |a: Seconded, b: Seconded| vec![(luuw.clone(), a), (luu.clone(), b)];
    assert_eq!(seconded(SecondReading::None), both(Seconded::Unknown, Seconded::Unknown));
    assert_eq!(seconded(SecondReading::Unasked), both(Seconded::Unasked, Seconded::Unasked));
    assert_eq!(seconded(text("Trần Văn Lưu")), both(Seconded::Differs, Seconded::Agrees));
    let mut three = both(Seconded::Differs, Seconded::Differs);
    three.push(("Trần Văn Lụa".to_owned(), Seconded::Agrees));
    assert_eq!(seconded(text("Trần Văn Lụa")), three);
}
