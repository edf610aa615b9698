//! What is accepted, and above all what is not, and why.

use super::bound::{Class, Stratum};
use super::{
    AuditsByStratum, Calibration, Contract, Evidence, Examples, Lines, ValueKind, Weighing, add_audit, settle,
};
use crate::domain::{
    BookCover, Candidate, Confidence, DraftField, DraftRecord, FieldStatus, FieldType, FiredRule, Fit,
    FormId, Kind, LinkedSource, LinkedValue, LinkedValues, Reason, Rectangle, ScanName, Seconded, Severity,
};

fn decide(records: &mut [DraftRecord], cover: &BookCover) -> Weighing {
    super::decide(records, cover, &LinkedValues::default(), None)
}

/// A field that reads `values`, each with its confidence.
fn field(name: &str, field_type: FieldType, values: &[(&str, f64)]) -> DraftField {
    let candidate = |(value, confidence): &(&str, f64)| Candidate {
        value: (*value).to_owned(),
        text: (*value).to_owned(),
        confidence: Confidence::clamped(*confidence),
        fit: Fit::Parsed(1.0),
        seconded: Seconded::Unknown,
    };
    let value = values.first().map_or("", |value| value.0).to_owned();
    DraftField {
        name: name.into(),
        field_type,
        raw: value.clone(),
        value,
        confidence: Confidence::NONE,
        status: FieldStatus::Review,
        ink: None,
        place: Rectangle::new(0, 0, 1, 1),
        engine: None,
        blank: Confidence::clamped(if values.is_empty() { 0.99 } else { 0.0 }),
        candidates: values.iter().map(candidate).collect(),
        reasons: Vec::new(),
        settled: false,
        marks: Vec::new(),
    }
}

fn record(entry: u32, fields: Vec<DraftField>) -> DraftRecord {
    DraftRecord {
        scan: ScanName(format!("b/{}.jpg", (entry - 1) / 4)),
        entry,
        kind: Kind::Birth,
        form: FormId::new("f"),
        form_match: Confidence::clamped(0.9),
        fields,
        rules: Vec::new(),
    }
}

/// A book of ten births whose numbers run from 41; `odd` is what is read for the number of the fifth.
fn book(odd: &[(&str, f64)]) -> Vec<DraftRecord> {
    let entry = |place: u32| {
        let number = (40 + place).to_string();
        let numbers = [(number.as_str(), 0.98)];
        record(
            place,
            vec![
                field("entry.number", FieldType::Number, if place == 5 { odd } else { &numbers }),
                field("registration.date", FieldType::Date, &[("1975-03-02", 0.98)]),
                field("child.name", FieldType::PersonName, &[("Lê Thị Hoa", 0.97)]),
                field("child.sex", FieldType::Sex, &[("female", 0.98)]),
                field("notes", FieldType::Text, &[]),
            ],
        )
    };
    (1..=10).map(entry).collect()
}

/// A calibration fitted to three hundred such books, one value in fifty of them misread without doubt; fitted once.
fn calibration() -> Calibration {
    static FITTED: std::sync::LazyLock<Calibration> = std::sync::LazyLock::new(fitted);
    FITTED.clone()
}

fn fitted() -> Calibration {
    let mut examples = Examples::default();
    for turn in 0..300_usize {
        let mut records = book(&[("45", 0.98)]);
        let unsure = turn % 3 == 0;
        if unsure {
            for field in records.iter_mut().flat_map(|record| &mut record.fields) {
                field.candidates.iter_mut().for_each(|read| read.confidence = Confidence::clamped(0.4));
            }
        }
        let weighing = decide(&mut records, &BookCover::default());
        examples.add(&records, &weighing, &|record, field| {
            let misread = unsure && (turn + record.entry as usize).is_multiple_of(2);
            Some(if misread && !field.value.is_empty() { "?".to_owned() } else { field.value.clone() })
        });
    }
    examples.fit("invented".to_owned()).unwrap().calibration
}

fn lines(calibration: &Calibration) -> Lines {
    Lines::draw(calibration, &Contract::default(), &AuditsByStratum::new())
}

fn weighed(mut records: Vec<DraftRecord>, calibration: &Calibration) -> Vec<DraftRecord> {
    let weighing = decide(&mut records, &BookCover::default());
    settle(&mut records, &weighing, calibration, &lines(calibration));
    records
}

fn of<'r>(records: &'r [DraftRecord], entry: usize, name: &str) -> &'r DraftField {
    records[entry - 1].field(name).unwrap()
}

#[test]
fn what_is_surely_read_and_runs_on_goes_to_nobody() {
    let records = weighed(book(&[("45", 0.98)]), &calibration());
    for name in ["entry.number", "registration.date", "child.name", "child.sex"] {
        let field = of(&records, 5, name);
        assert_eq!(
            (field.status, field.reasons.as_slice()),
            (FieldStatus::Accepted, [].as_slice()),
            "{name}"
        );
        assert!(field.confidence.get() > 0.99, "{name}: {:?}", field.confidence);
    }
    assert_eq!(of(&records, 5, "notes").status, FieldStatus::Blank);
}

#[test]
fn what_every_entry_has_is_never_taken_for_blank() {
    let calibration = calibration();
    let mut records = book(&[("45", 0.98)]);
    records.truncate(1);
    records[0].fields[1] = field("registration.date", FieldType::Date, &[]);
    let records = weighed(records, &calibration);
    let date = of(&records, 1, "registration.date");
    assert_eq!(
        (date.status, date.reasons.as_slice()),
        (FieldStatus::Review, [Reason::BlankNotSure].as_slice())
    );
    assert_eq!(of(&records, 1, "notes").status, FieldStatus::Blank);
}

#[test]
fn a_date_that_only_its_neighbours_tell_is_proposed_to_a_person() {
    let calibration = calibration();
    // Not read at all, or with another month.
    for read in [&[] as &[(&str, f64)], &[("1975-08-02", 0.97)]] {
        let mut records = book(&[("45", 0.98)]);
        records[4].fields[1] = field("registration.date", FieldType::Date, read);
        let records = weighed(records, &calibration);
        let date = of(&records, 5, "registration.date");
        assert_eq!((date.value.as_str(), date.status), ("1975-03-02", FieldStatus::Review), "{read:?}");
        assert_eq!(date.reasons, [Reason::OutOfSequence]);
        assert_eq!(of(&records, 6, "registration.date").status, FieldStatus::Accepted);
    }
}

#[test]
fn a_number_that_the_next_entry_has_too_goes_to_a_person() {
    let mut records = book(&[("45", 0.98)]);
    for record in &mut records {
        record.fields[0] = field("entry.number", FieldType::Number, &[("03/1975", 0.98)]);
    }
    let records = weighed(records, &calibration());
    for entry in 1..=10 {
        let number = of(&records, entry, "entry.number");
        assert_eq!((number.value.as_str(), number.status), ("03/1975", FieldStatus::Review), "{entry}");
        assert!(number.reasons.contains(&Reason::OutOfSequence), "{entry}");
    }
}

#[test]
fn what_the_read_stage_doubts_to_be_blank_goes_to_a_person() {
    for (blank, status) in [(0.7, FieldStatus::Review), (0.99, FieldStatus::Blank)] {
        let mut records = book(&[("45", 0.98)]);
        let notes = records[4].fields.iter_mut().find(|field| field.name.as_str() == "notes").unwrap();
        notes.blank = Confidence::clamped(blank);
        assert_eq!(of(&weighed(records, &calibration()), 5, "notes").status, status, "{blank}");
    }
}

#[test]
fn a_number_that_does_not_run_on_is_chosen_or_asked_about() {
    let calibration = calibration();
    let chosen = weighed(book(&[("15", 0.6), ("45", 0.3)]), &calibration);
    assert_eq!(of(&chosen, 5, "entry.number").value, "45");
    for odd in [&[("15", 0.97)] as &[(&str, f64)], &[]] {
        let records = weighed(book(odd), &calibration);
        let number = of(&records, 5, "entry.number");
        assert_eq!((number.value.as_str(), number.status), ("45", FieldStatus::Review), "{odd:?}");
        assert_eq!(number.reasons[0], Reason::OutOfSequence);
        // Where nothing was read, the rows of the page may be cut wrongly; the next page begins with the ninth.
        let beside = of(&records, 6, "entry.number");
        assert_eq!(
            beside.reasons.as_slice(),
            if odd.is_empty() { &[Reason::PageUnsound] as &[_] } else { &[] }
        );
        assert_eq!(of(&records, 9, "entry.number").status, FieldStatus::Accepted);
    }
}

#[test]
fn a_jump_that_one_misread_figure_explains_goes_to_people() {
    let mut records = book(&[("45", 0.98)]);
    let written: Vec<i64> =
        records.iter().map(|record| record.field("entry.number").unwrap().value.parse().unwrap()).collect();
    for (record, number) in records.iter_mut().zip(&written).skip(5) {
        let (read, other) = ((number + 40).to_string(), number.to_string());
        record.fields[0] = field("entry.number", FieldType::Number, &[(&read, 0.95), (&other, 0.04)]);
    }
    let records = weighed(records, &calibration());
    for entry in 6..=10 {
        assert!(of(&records, entry, "entry.number").reasons.contains(&Reason::OutOfSequence), "{entry}");
    }
}

#[test]
fn nothing_is_accepted_where_little_was_verified() {
    let mut little = calibration();
    for stratum in little.strata.values_mut() {
        *stratum = Stratum(vec![Class { from: 0.0, verified: 200, wrong: 0 }]);
    }
    let records = weighed(book(&[("45", 0.98)]), &little);
    let date = of(&records, 1, "registration.date");
    assert_eq!(
        (date.status, date.reasons.as_slice()),
        (FieldStatus::Review, [Reason::TooFewVerified].as_slice())
    );
    assert_eq!(of(&records, 1, "notes").reasons, [Reason::BlankNotSure]);
}

#[test]
fn a_stricter_contract_accepts_less() {
    let (calibration, mut records) = (calibration(), book(&[("45", 0.98)]));
    let weighing = decide(&mut records, &BookCover::default());
    let strict = Contract { error_limit: 1e-5, critical_error_limit: 1e-5 };
    let strict = Lines::draw(&calibration, &strict, &AuditsByStratum::new());
    settle(&mut records, &weighing, &calibration, &strict);
    let all = records.iter().flat_map(|record| &record.fields);
    assert!(all.clone().all(|field| field.status == FieldStatus::Review && !field.reasons.is_empty()));
}

#[test]
fn a_broken_bound_sends_its_stratum_to_people() {
    let (calibration, mut records) = (calibration(), book(&[("45", 0.98)]));
    let mut audits = AuditsByStratum::new();
    for look in 0..100 {
        let name = ValueKind { field_type: FieldType::PersonName, plain: false, critical: true };
        add_audit(&mut audits, name, look > 3);
        add_audit(&mut audits, ValueKind { plain: true, ..name }, true);
        add_audit(&mut audits, ValueKind { critical: false, ..name }, true);
    }
    let lines = Lines::draw(&calibration, &Contract::default(), &audits);
    assert_eq!(lines.broken(), ["hand, critical"]);
    let weighing = decide(&mut records, &BookCover::default());
    settle(&mut records, &weighing, &calibration, &lines);
    assert_eq!(of(&records, 1, "child.name").reasons, [Reason::BoundBroken]);
    assert_eq!(of(&records, 1, "entry.number").status, FieldStatus::Accepted);
}

#[test]
fn a_rule_that_asks_is_answered_by_a_person() {
    let (calibration, mut records) = (calibration(), book(&[("45", 0.98)]));
    let weighing = decide(&mut records, &BookCover::default());
    for (entry, severity) in [(0, Severity::Info), (1, Severity::Query)] {
        let fields = vec!["child.sex".into()];
        let rule = FiredRule { rule: "V047".to_owned(), severity, fields, message: String::new() };
        records[entry].rules = vec![rule];
    }
    settle(&mut records, &weighing, &calibration, &lines(&calibration));
    assert_eq!(of(&records, 1, "child.sex").status, FieldStatus::Accepted);
    assert_eq!(of(&records, 2, "child.sex").reasons, [Reason::Rule("V047".to_owned())]);
}

#[test]
fn a_rule_about_one_number_is_answered_by_a_second_engine() {
    let calibration = calibration();
    let reasons = |seconded: Seconded, alone: bool| {
        let mut records = book(&[("45", 0.98)]);
        let mut number = field("declarant.document", FieldType::Document, &[("053057128659", 0.999)]);
        number.candidates[0].seconded = seconded;
        records[0].fields.push(number);
        let mut fields = vec!["declarant.document".into()];
        fields.extend((!alone).then(|| "child.sex".into()));
        let (rule, severity) = ("V056".to_owned(), Severity::Query);
        let weighing = decide(&mut records, &BookCover::default());
        records[0].rules = vec![FiredRule { rule, severity, fields, message: String::new() }];
        settle(&mut records, &weighing, &calibration, &lines(&calibration));
        of(&records, 1, "declarant.document").reasons.contains(&Reason::Rule("V056".to_owned()))
    };
    assert!(!reasons(Seconded::Agrees, true));
    assert!(reasons(Seconded::Agrees, false) && reasons(Seconded::Unasked, true));
    assert!(reasons(Seconded::Differs, true) && reasons(Seconded::Unknown, true));
}

#[test]
fn an_entry_that_registers_no_one_goes_to_a_person() {
    let mut records = book(&[("45", 0.98)]);
    records[2].fields[2] = field("child.name", FieldType::PersonName, &[]);
    let records = weighed(records, &calibration());
    for field in &records[2].fields {
        assert_eq!(field.status, FieldStatus::Review);
        assert!(field.reasons.contains(&Reason::NobodyRegistered));
    }
}

#[test]
fn what_a_person_settled_stays_and_counts_as_evidence() {
    let mut records = book(&[("15", 0.97)]);
    let number = &mut records[4].fields[0];
    (number.value, number.status, number.settled) = ("15".to_owned(), FieldStatus::Verified, true);
    let records = weighed(records, &calibration());
    let number = of(&records, 5, "entry.number");
    assert_eq!((number.value.as_str(), number.status), ("15", FieldStatus::Verified));
}

#[test]
fn weighing_twice_changes_nothing() {
    let calibration = calibration();
    let once = weighed(book(&[("15", 0.6), ("45", 0.3)]), &calibration);
    assert_eq!(weighed(once.clone(), &calibration), once);
}

#[test]
fn a_field_that_stands_elsewhere_goes_to_a_person() {
    let (calibration, mut records) = (calibration(), book(&[("45", 0.98)]));
    for record in &mut records {
        for (column, field) in (0..).zip(&mut record.fields) {
            field.place = Rectangle::new(column * 100, 0, column * 100 + 90, 40);
        }
    }
    assert_eq!(of(&weighed(records.clone(), &calibration), 4, "child.name").status, FieldStatus::Accepted);
    records[3].fields[2].place = records[3].fields[0].place;
    let records = weighed(records, &calibration);
    assert_eq!(of(&records, 4, "child.name").reasons, [Reason::Astray]);
    assert_eq!(of(&records, 4, "child.sex").status, FieldStatus::Accepted);
}

#[test]
fn places_are_chosen_by_the_places_there_are_and_the_cover() {
    let mut records = book(&[("45", 0.98)]);
    let places = &[("Xã Quang Phú, huyện Ba Vi", 0.6), ("Xã Quảng Phú, huyện Ba Vì", 0.3)];
    records[0].fields.push(field("child.birth_place", FieldType::Place, places));
    let value = |cover: &BookCover, without| {
        let mut records = records.clone();
        super::decide(&mut records, cover, &LinkedValues::default(), without);
        of(&records, 1, "child.birth_place").value.clone()
    };
    let cover =
        BookCover { office: Some("xã Quảng Phú, huyện Ba Vì".to_owned()), ..BookCover::default() };
    assert_eq!(value(&BookCover::default(), None), places[1].0);
    assert_eq!(value(&BookCover::default(), Some(Evidence::Lists)), places[0].0);
    assert_eq!(value(&cover, Some(Evidence::Lists)), places[1].0);
}

#[test]
fn a_keyed_spreadsheet_raises_what_it_agrees_with_and_asks_where_it_differs() {
    let calibration = calibration();
    let weighed = |keyed: Option<&str>| {
        let mut records = book(&[("45", 0.98)]);
        records[1].fields[2] =
            field("child.name", FieldType::PersonName, &[("Lê Thị Hoà", 0.6), ("Lê Thị Hoa", 0.3)]);
        let value = |value: &str| LinkedValue {
            field: "child.name".into(),
            value: value.to_owned(),
            source: LinkedSource::Spreadsheet,
        };
        let keyed = LinkedValues(vec![Vec::new(), keyed.map(value).into_iter().collect()]);
        let weighing = super::decide(&mut records, &BookCover::default(), &keyed, None);
        settle(&mut records, &weighing, &calibration, &lines(&calibration));
        of(&records, 2, "child.name").clone()
    };
    let (alone, agreed, differs) = (weighed(None), weighed(Some("LÊ THỊ HOÀ")), weighed(Some("Lê Thị Huê")));
    assert_eq!((alone.value.as_str(), agreed.value.as_str()), ("Lê Thị Hoà", "Lê Thị Hoà"));
    assert!(agreed.confidence > alone.confidence, "{:?} {:?}", agreed.confidence, alone.confidence);
    assert!(differs.reasons.contains(&Reason::UnlikeKeyed), "{:?}", differs.reasons);
    assert!(!agreed.reasons.contains(&Reason::UnlikeKeyed));
}

#[test]
fn linked_entries_vouch_for_a_value_or_ask_about_it() {
    let calibration = calibration();
    let mut records = book(&[("45", 0.98)]);
    records[1].fields[2] =
        field("child.name", FieldType::PersonName, &[("Lê Thị Hoà", 0.6), ("Lê Thị Hoa", 0.3)]);
    let named = |value: &str| LinkedValue {
        field: "child.name".into(),
        value: value.to_owned(),
        source: LinkedSource::Entry,
    };
    let linked = LinkedValues(vec![vec![named("Lê Thị Huệ")], vec![named("LÊ THỊ HOA")]]);
    let weighing = super::decide(&mut records, &BookCover::default(), &linked, None);
    settle(&mut records, &weighing, &calibration, &lines(&calibration));
    assert_eq!(of(&records, 2, "child.name").value, "Lê Thị Hoa");
    assert!(!of(&records, 2, "child.name").reasons.contains(&Reason::UnlikeLinked));
    let other = of(&records, 1, "child.name");
    assert_eq!(
        (other.value.as_str(), other.reasons.as_slice()),
        ("Lê Thị Hoa", [Reason::UnlikeLinked].as_slice())
    );
}

#[test]
fn a_calibration_survives_being_written() {
    let calibration = calibration();
    assert_eq!(Calibration::parse(&calibration.to_json().unwrap()).unwrap(), calibration);
    assert!(Calibration::parse("{}").is_err());
    let other = calibration.to_json().unwrap().replace("\"reading\"", "\"reeding\"");
    assert!(Calibration::parse(&other).unwrap_err().to_string().contains("another version"));
    Calibration::shipped().unwrap();
}

#[test]
fn a_calibration_needs_values() {
    let error = Examples::default().fit(String::new()).unwrap_err();
    assert!(error.to_string().contains("there are 0 values"), "{error}");
}

#[test]
fn what_has_something_struck_through_goes_to_a_person() {
    let mut records = book(&[("45", 0.98)]);
    records[4].fields[2].raw = "⟦Trần⟧ Lê Thị Hoa".to_owned();
    let records = weighed(records, &calibration());
    let name = of(&records, 5, "child.name");
    assert_eq!((name.status, name.reasons.as_slice()), (FieldStatus::Review, [Reason::Struck].as_slice()));
    assert_eq!(of(&records, 4, "child.name").status, FieldStatus::Accepted);
}

#[test]
fn a_number_that_nobody_read_is_proposed_by_its_only_neighbour() {
    let mut records = book(&[("45", 0.98)]);
    records.truncate(2);
    records[0].fields[0] = field("entry.number", FieldType::Number, &[("ĐĂNG KÝ", 0.7)]);
    let records = weighed(records, &calibration());
    let number = of(&records, 1, "entry.number");
    assert_eq!((number.value.as_str(), number.status), ("41", FieldStatus::Review));
    assert_eq!(number.reasons, [Reason::OutOfSequence]);
    // So is one that was not found on the page.
    let mut records = book(&[("45", 0.98)]);
    records[2].fields[0] = field("entry.number", FieldType::Number, &[]);
    let records = weighed(records, &calibration());
    let number = of(&records, 3, "entry.number");
    assert_eq!((number.value.as_str(), number.status), ("43", FieldStatus::Review));
}
