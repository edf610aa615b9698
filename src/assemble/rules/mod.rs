//! The rules of `models/lists/validation_rules.csv` that one entry alone can break. A rule asks
//! "is the transcription right?"; none changes a value.

mod dates;
mod identity;
mod people;
mod writing;

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use crate::domain::{BookCover, DraftField, DraftRecord, FieldName, FiredRule, Kind, PartialDate, Severity};

use crate::domain::lists::rows;

/// The fields that broke a rule together; a rule may be broken more than once in an entry.
type Broken = Vec<Vec<FieldName>>;

/// A rule that can be checked: its id in the list, what is odd when it is broken (in words that
/// hold no value), and how to find out.
struct Check {
    rule: &'static str,
    message: &'static str,
    broken: fn(&Entry<'_>) -> Broken,
}

/// Every rule that can be checked, in the order of the list.
fn checks() -> impl Iterator<Item = &'static Check> {
    let mut all: Vec<&Check> =
        [dates::CHECKS, people::CHECKS, identity::CHECKS, writing::CHECKS].into_iter().flatten().collect();
    all.sort_by_key(|check| check.rule);
    all.into_iter()
}

/// What the list says of a rule.
#[derive(Debug, Deserialize)]
struct Listed {
    id: String,
    register: String,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
    severity: Severity,
}

static LISTED: LazyLock<Vec<Listed>> =
    LazyLock::new(|| rows(include_str!("../../../models/lists/validation_rules.csv")));

impl Listed {
    /// Whether the rule speaks of an entry of this kind registered on this day; a rule for certain
    /// years does not speak of an entry whose year is not known.
    fn speaks_of(&self, kind: Kind, registered: Option<PartialDate>) -> bool {
        let register = match kind {
            Kind::Birth => "KS",
            Kind::Marriage => "KH",
            Kind::Death => "KT",
        };
        let kind_fits =
            self.register.split(',').any(|named| matches!(named.trim(), "ALL") || named.trim() == register);
        let after = self.valid_from.is_none_or(|from| registered.is_some_and(|date| date.latest() >= from));
        let before = self.valid_to.is_none_or(|to| registered.is_some_and(|date| date.earliest() <= to));
        kind_fits && after && before
    }
}

/// The rules that `record` breaks, in the order of the list.
pub(super) fn broken_rules(record: &DraftRecord, cover: &BookCover) -> Vec<FiredRule> {
    let entry = Entry { record, cover };
    let registered = entry.registered();
    let mut fired = Vec::new();
    for check in checks() {
        let listed = LISTED.iter().find(|listed| listed.id == check.rule);
        let Some(listed) = listed.filter(|listed| listed.speaks_of(record.kind, registered)) else {
            continue;
        };
        fired.extend((check.broken)(&entry).into_iter().map(|fields| FiredRule {
            rule: check.rule.to_owned(),
            severity: listed.severity,
            fields,
            message: check.message.to_owned(),
        }));
    }
    fired
}

/// An entry as the rules look at it.
struct Entry<'r> {
    record: &'r DraftRecord,
    cover: &'r BookCover,
}

impl<'r> Entry<'r> {
    fn field(&self, name: &str) -> Option<&'r DraftField> {
        self.record.field(name)
    }

    /// The value of a field that has one.
    fn value(&self, name: &str) -> Option<&'r str> {
        self.field(name).map(|field| field.value.as_str()).filter(|value| !value.is_empty())
    }

    fn date(&self, name: &str) -> Option<PartialDate> {
        self.value(name)?.parse().ok()
    }

    /// When the entry was made, as closely as it is known: its own date, or the year of the cover.
    fn registered(&self) -> Option<PartialDate> {
        self.date("registration.date").or_else(|| PartialDate::from_year(self.cover.year?))
    }

    /// The names of the fields for which `odd` holds, each a breach of its own.
    fn each(&self, odd: impl Fn(&DraftField) -> bool) -> Broken {
        self.record.fields.iter().filter(|field| odd(field)).map(|field| vec![field.name.clone()]).collect()
    }
}

/// One breach of these fields when `odd` holds, none otherwise.
fn when(odd: bool, fields: &[&str]) -> Broken {
    if odd { vec![fields.iter().map(|name| FieldName::from(*name)).collect()] } else { Vec::new() }
}

#[cfg(test)]
mod tests;
