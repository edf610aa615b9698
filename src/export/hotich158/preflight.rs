//! What stands in the way of handing a book over, entry by entry.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{HandedOver, NamePattern};
use crate::domain::{FieldName, FieldStatus, Kind, PartialDate, catalogue};

/// What is wrong with an entry. No official list of mandatory columns was found; these are those that contractors'
/// checks come to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A value that must be there is blank.
    Blank,
    /// People have yet to look at it.
    Open,
    /// It is no number, or no date, of the kind the sheet takes.
    Malformed,
    /// Another entry of the book has the same number in the same year.
    Twice,
    /// It registers something else than its book.
    OtherKind,
    /// The name of its picture does not read back as what it was made of.
    Name,
    /// Another entry's picture would have the same name.
    SameName,
    /// There is no picture of its page.
    NoPicture,
    /// The sheet has no room for the month of a date whose day is not known: only its year is written.
    MonthCut,
}

impl What {
    /// Whether the entry cannot be handed over as long as it is so.
    #[must_use]
    pub fn blocks(&self) -> bool {
        *self != Self::MonthCut
    }
}

/// One thing about one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Obstacle {
    /// The entry, by its record name: where to go to mend it.
    pub record: String,
    /// The field, when it is about one.
    pub field: Option<FieldName>,
    /// What is wrong.
    pub what: What,
}

/// What the preflight of a book found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preflight {
    /// What was found, in the order of the entries.
    pub obstacles: Vec<Obstacle>,
    /// Which entries can be handed over, by their place among those looked at.
    #[serde(skip)]
    pub ready: Vec<usize>,
    /// How many entries there are.
    pub entries: usize,
}

/// Looks at every entry of a book.
#[must_use]
pub fn preflight(entries: &[HandedOver<'_>], pattern: &NamePattern) -> Preflight {
    let mut numbers: BTreeMap<_, usize> = BTreeMap::new();
    let mut names: BTreeMap<_, usize> = BTreeMap::new();
    for entry in entries {
        *numbers.entry(identity(entry)).or_default() += 1;
        *names.entry(pattern.name(entry).0).or_default() += 1;
    }
    let (mut obstacles, mut ready) = (Vec::new(), Vec::new());
    for (index, entry) in entries.iter().enumerate() {
        let mut found = alone(entry, pattern);
        if numbers.get(&identity(entry)).is_some_and(|count| *count > 1) {
            found.push((Some("entry.number".into()), What::Twice));
        }
        if names.get(&pattern.name(entry).0).is_some_and(|count| *count > 1) {
            found.push((None, What::SameName));
        }
        if !found.iter().any(|(_, what)| what.blocks()) {
            ready.push(index);
        }
        let record = entry.record.record_name().to_string();
        obstacles.extend(found.into_iter().map(|(field, what)| Obstacle {
            record: record.clone(),
            field,
            what,
        }));
    }
    Preflight { obstacles, ready, entries: entries.len() }
}

/// What tells an entry from every other: kind, volume, number and year.
fn identity(entry: &HandedOver<'_>) -> (Kind, String, String, Option<i16>) {
    let number = entry.value("entry.number").trim_start_matches('0').to_owned();
    (entry.record.kind, entry.volume(), number, entry.registered().map(PartialDate::year))
}

/// What can be said of an entry by itself.
fn alone(entry: &HandedOver<'_>, pattern: &NamePattern) -> Vec<(Option<FieldName>, What)> {
    let mut found = open(entry);
    let is_open = |found: &[(Option<FieldName>, What)], field: &str| {
        found.iter().any(|(open, _)| open.as_ref().is_some_and(|open| open.as_str() == field))
    };
    for field in mandatory(entry.record.kind) {
        if entry.value(field).is_empty() && !is_open(&found, field) {
            found.push((Some((*field).into()), What::Blank));
        }
    }
    found.extend(malformed(entry));
    if entry.volume().is_empty() {
        found.push((Some("registration.book".into()), What::Blank));
    }
    if entry.value("registration.place").is_empty() && entry.cover.office.is_none() {
        found.push((Some("registration.place".into()), What::Blank));
    }
    if entry.cover.kind.is_some_and(|kind| kind != entry.record.kind) {
        found.push((None, What::OtherKind));
    }
    if !pattern.name(entry).1 && found.iter().all(|(_, what)| !what.blocks()) {
        found.push((None, What::Name));
    }
    if !entry.pictured {
        found.push((None, What::NoPicture));
    }
    found
}

/// The fields that go into the sheet and wait for people.
fn open(entry: &HandedOver<'_>) -> Vec<(Option<FieldName>, What)> {
    let in_sheet = |name: &FieldName| {
        catalogue::find(entry.record.kind, name).is_some_and(|entry| !entry.hotich158_column.is_empty())
    };
    let fields = entry.record.fields.iter();
    let open = fields.filter(|field| field.status == FieldStatus::Review && in_sheet(&field.name));
    open.map(|field| (Some(field.name.clone()), What::Open)).collect()
}

/// The fields without which the software takes no row, as far as contractors' checks tell.
fn mandatory(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Birth => &["entry.number", "registration.date", "child.name", "child.birth_date"],
        Kind::Marriage => &["entry.number", "registration.date", "husband.name", "wife.name"],
        Kind::Death => &["entry.number", "registration.date", "deceased.name", "death.date"],
    }
}

/// Numbers that are none, and dates that are less than the sheet asks for.
fn malformed(entry: &HandedOver<'_>) -> Vec<(Option<FieldName>, What)> {
    let mut found = Vec::new();
    let number = entry.value("entry.number");
    if !number.is_empty() && number.trim_start_matches('0').parse::<u32>().is_err() {
        found.push((Some("entry.number".into()), What::Malformed));
    }
    for field in &entry.record.fields {
        let Ok(date) = field.value.parse::<PartialDate>() else { continue };
        let whole_day = ["registration.date", "death.date"].contains(&field.name.as_str());
        match (date.month(), date.day()) {
            (_, None) if whole_day => found.push((Some(field.name.clone()), What::Malformed)),
            (Some(_), None) => found.push((Some(field.name.clone()), What::MonthCut)),
            _ => {}
        }
    }
    found
}
