//! Every rule with an entry that breaks it and one that does not.

use super::{LISTED, broken_rules, checks};
use crate::domain::catalogue::field_type;
use crate::domain::{
    BookCover, Confidence, DraftField, DraftRecord, FieldName, FieldStatus, FormId, Kind, Rectangle, ScanName,
};

/// A record of these values; `value|raw` where what was read differs from the value.
fn record(kind: Kind, values: &[(&str, &str)]) -> DraftRecord {
    let field = |(name, text): &(&str, &str)| {
        let (value, raw) = text.split_once('|').unwrap_or((text, text));
        let name = FieldName::from(*name);
        DraftField {
            field_type: field_type(kind, &name),
            name,
            value: value.to_owned(),
            raw: raw.to_owned(),
            confidence: Confidence::FULL,
            status: FieldStatus::Review,
            ink: Some(Rectangle::new(0, 0, 9, 9)),
            place: Rectangle::new(0, 0, 9, 9),
            blank: Confidence::NONE,
            candidates: Vec::new(),
            reasons: Vec::new(),
            settled: false,
            marks: Vec::new(),
            engine: None,
        }
    };
    DraftRecord {
        scan: ScanName("b/1.jpg".to_owned()),
        entry: 1,
        kind,
        form: FormId::new("f"),
        form_match: Confidence::FULL,
        fields: values.iter().map(field).collect(),
        rules: Vec::new(),
    }
}

fn rules(kind: Kind, values: &[(&str, &str)]) -> Vec<String> {
    let fired = broken_rules(&record(kind, values), &BookCover::default());
    for rule in &fired {
        for (_, value) in values.iter().filter(|(_, value)| value.len() > 2) {
            assert!(!rule.message.contains(value), "{} tells a value", rule.rule);
        }
    }
    fired.into_iter().map(|rule| rule.rule).collect()
}

/// A line a case: the kind, the rule, whether it is broken, then the fields.
#[test]
fn cases() {
    let (mut seen, mut wrong) = (std::collections::BTreeSet::new(), Vec::new());
    for line in include_str!("../../../tests/cases/rules.tsv").lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [rule, kind, broken] = [columns[0], columns[1], columns[2]];
        let values: Vec<(&str, &str)> =
            columns[3..].iter().map(|field| field.split_once('=').unwrap()).collect();
        let fired = rules(kind.parse().unwrap(), &values);
        if fired.iter().any(|id| id == rule) != (broken == "broken") {
            wrong.push(format!("{line}: {fired:?}"));
        }
        seen.insert((rule.to_owned(), broken == "broken"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for check in checks() {
        for broken in [true, false] {
            assert!(seen.contains(&(check.rule.to_owned(), broken)), "{} has no case ({broken})", check.rule);
        }
    }
}

#[test]
fn every_check_is_in_the_list_once() {
    let ids: Vec<&str> = checks().map(|check| check.rule).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
    for id in ids {
        assert!(LISTED.iter().any(|listed| listed.id == id), "{id}");
    }
}

#[test]
fn the_whole_list_is_understood() {
    let list = include_str!("../../../models/lists/validation_rules.csv");
    assert_eq!(LISTED.len(), list.lines().filter(|line| line.starts_with('V')).count());
}

#[test]
fn a_rule_changes_no_value() {
    let before =
        record(Kind::Birth, &[("child.birth_date", "1980-01-01"), ("registration.date", "1978-01-01")]);
    let after = before.clone();
    assert!(!broken_rules(&after, &BookCover::default()).is_empty());
    assert_eq!(before, after);
}
