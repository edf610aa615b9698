//! A record whose values people stand behind; extracts are made of nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{DraftField, DraftRecord, FieldName, FieldStatus, FormId, Kind, RecordName, Severity, catalogue};

/// What a field holds, for certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerifiedValue {
    /// This.
    Value(String),
    /// Nothing is written there.
    Blank,
    /// Something is written there that nobody can read, or the paper is torn off.
    Illegible,
}

/// Why a field keeps a record from being issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyMissing {
    /// It changes whom or what the record is about, and no person has settled it.
    NobodySettledIt,
    /// A rule that blocks speaks of it, and no person has settled it.
    RuleBlocks,
    /// The machine is not sure of it, and no person has looked.
    NotSure,
    /// People could not read it; another copy of the book may say it.
    Illegible,
}

/// A field that keeps a record from being issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// Which field.
    pub field: FieldName,
    /// What it is called on paper, in Vietnamese.
    pub label: String,
    /// Why.
    pub why: WhyMissing,
}

/// A record whose critical fields (`models/lists/record_fields.csv`) were all settled by people, and of
/// whose other fields that are needed none is in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedRecord {
    name: RecordName,
    kind: Kind,
    form: FormId,
    values: BTreeMap<FieldName, VerifiedValue>,
}

impl VerifiedRecord {
    /// The record with its critical fields and those `needed`. A field that the form does not have
    /// is blank; a critical one that nobody can read must be looked up in another copy of the book.
    ///
    /// # Errors
    /// What is missing, in the order of the form.
    pub fn new(record: &DraftRecord, needed: &BTreeSet<FieldName>) -> Result<Self, Vec<Missing>> {
        let wanted = |field: &&DraftField| {
            catalogue::is_critical(record.kind, &field.name) || needed.contains(&field.name)
        };
        let fields: Vec<&DraftField> = record.fields.iter().filter(wanted).collect();
        let missing: Vec<Missing> = fields.iter().filter_map(|field| missing(record, field)).collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        Ok(Self {
            name: record.record_name(),
            kind: record.kind,
            form: record.form.clone(),
            values: fields.into_iter().map(|field| (field.name.clone(), certain(field))).collect(),
        })
    }

    /// What the record is called.
    #[must_use]
    pub fn name(&self) -> &RecordName {
        &self.name
    }

    /// What it registers.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The form it stands on.
    #[must_use]
    pub fn form(&self) -> &FormId {
        &self.form
    }

    /// What the field called `name` holds; blank when the form does not have it.
    #[must_use]
    pub fn value(&self, name: &FieldName) -> &VerifiedValue {
        self.values.get(name).unwrap_or(&VerifiedValue::Blank)
    }

    /// The text of the field called `name`; empty when it is blank or illegible.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        match self.value(&FieldName::from(name)) {
            VerifiedValue::Value(text) => text,
            VerifiedValue::Blank | VerifiedValue::Illegible => "",
        }
    }
}

/// What keeps `field` from being issued, if anything does.
fn missing(record: &DraftRecord, field: &DraftField) -> Option<Missing> {
    let critical = catalogue::is_critical(record.kind, &field.name);
    let blocks = || {
        let mut blocking = record.rules.iter().filter(|rule| rule.severity == Severity::Block);
        blocking.any(|rule| rule.fields.contains(&field.name))
    };
    let why = match (field.settled, critical) {
        (true, true) if is_lost(field) => WhyMissing::Illegible,
        (true, _) => return None,
        (false, true) => WhyMissing::NobodySettledIt,
        (false, false) if blocks() => WhyMissing::RuleBlocks,
        (false, false) if field.status == FieldStatus::Review => WhyMissing::NotSure,
        (false, false) => return None,
    };
    let label = catalogue::find(record.kind, &field.name).map(|entry| entry.label.clone());
    Some(Missing { field: field.name.clone(), label: label.unwrap_or_default(), why })
}

/// Whether it is certain that something stood there, and nobody can say what.
fn is_lost(field: &DraftField) -> bool {
    matches!(field.status, FieldStatus::Illegible | FieldStatus::Torn)
}

fn certain(field: &DraftField) -> VerifiedValue {
    match field {
        _ if is_lost(field) => VerifiedValue::Illegible,
        _ if field.value.is_empty() => VerifiedValue::Blank,
        _ => VerifiedValue::Value(field.value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{VerifiedRecord, WhyMissing};
    use crate::domain::{
        Confidence, DraftField, DraftRecord, FieldName, FieldStatus, FieldType, FiredRule, FormId, Kind,
        Rectangle, ScanName, Severity,
    };

    fn field(name: &str, value: &str, status: FieldStatus, settled: bool) -> DraftField {
        let unread = DraftField::unread(name.into(), FieldType::Text, Rectangle::new(0, 0, 1, 1));
        DraftField { value: value.to_owned(), status, settled, ..unread }
    }

    fn record(fields: Vec<DraftField>) -> DraftRecord {
        DraftRecord {
            scan: ScanName("a-1/1.jpg".to_owned()),
            entry: 2,
            kind: Kind::Birth,
            form: FormId::new("birth-2006"),
            form_match: Confidence::FULL,
            fields,
            rules: Vec::new(),
        }
    }

    fn whys(record: &DraftRecord, needed: &[&str]) -> Vec<(String, WhyMissing)> {
        let needed: BTreeSet<FieldName> = needed.iter().map(|name| FieldName::from(*name)).collect();
        let missing = VerifiedRecord::new(record, &needed).err().unwrap_or_default();
        missing.into_iter().map(|missing| (missing.field.to_string(), missing.why)).collect()
    }

    #[test]
    fn critical_fields_must_be_settled_by_people_however_sure_the_machine_is() {
        let mut record = record(vec![
            field("entry.number", "7", FieldStatus::Verified, true),
            field("child.name", "Lê An", FieldStatus::Accepted, false),
            field("mother.name", "", FieldStatus::Blank, false),
            field("child.birth_place", "xã Hòa An", FieldStatus::Accepted, false),
        ]);
        let place = ["child.birth_place"];
        assert_eq!(
            whys(&record, &place),
            [
                ("child.name".to_owned(), WhyMissing::NobodySettledIt),
                ("mother.name".to_owned(), WhyMissing::NobodySettledIt)
            ]
        );
        record.fields[1].settled = true;
        record.fields[2].settled = true;
        let verified = VerifiedRecord::new(&record, &place.map(FieldName::from).into()).unwrap();
        assert_eq!(verified.text("child.birth_place"), "xã Hòa An");
        assert_eq!((verified.text("mother.name"), verified.text("father.name")), ("", ""));
        assert_eq!(verified.name().to_string(), "a-1/1.jpg:2");
    }

    #[test]
    fn other_fields_keep_a_record_back_only_when_they_are_needed_and_in_doubt() {
        let doubtful = field("child.birth_place", "xã Hòa An", FieldStatus::Review, false);
        let mut record = record(vec![field("child.name", "Lê An", FieldStatus::Verified, true), doubtful]);
        assert!(whys(&record, &[]).is_empty());
        assert_eq!(
            whys(&record, &["child.birth_place"]),
            [("child.birth_place".to_owned(), WhyMissing::NotSure)]
        );
        record.fields[1].status = FieldStatus::Accepted;
        assert!(whys(&record, &["child.birth_place"]).is_empty());
        record.rules.push(FiredRule {
            rule: "V001".to_owned(),
            severity: Severity::Block,
            fields: vec!["child.birth_place".into()],
            message: "odd".to_owned(),
        });
        assert_eq!(
            whys(&record, &["child.birth_place"]),
            [("child.birth_place".to_owned(), WhyMissing::RuleBlocks)]
        );
    }

    #[test]
    fn what_nobody_can_read_is_looked_up_elsewhere_before_it_is_issued() {
        let record = record(vec![field("child.name", "", FieldStatus::Illegible, true)]);
        assert_eq!(whys(&record, &[]), [("child.name".to_owned(), WhyMissing::Illegible)]);
    }
}
