//! A task as the browser gets it.

use serde::Serialize;

use super::language::Language;
use super::pictures::page_box;
use super::telling::{reason_word, reasons, shown};
use crate::domain::catalogue::is_critical;
use crate::domain::text::comparable;
use crate::domain::{DraftField, FieldType, Rectangle};
use crate::store::desk::{EntryView, Policy, Purpose, Ticket};
use crate::store::{Store, StoreError};

/// Other readings offered on digit keys.
const ALTERNATIVES: usize = 5;

/// A reading that may be chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Offered {
    /// The value.
    pub value: String,
    /// The value as people write it.
    pub shown: String,
    /// How likely it is, in hundredths; none for what a person keyed.
    pub hundredths: Option<u8>,
    /// Where it comes from, when it was not read.
    pub origin: Option<&'static str>,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Presented {
    /// The entry.
    pub entry: i64,
    /// Its field.
    pub field: String,
    /// What the field is called.
    pub label: String,
    /// The type of the field.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// The book.
    pub book: String,
    /// The scan, and which entry of it.
    #[serde(rename = "place")]
    pub stands: String,
    /// What is registered.
    pub kind: &'static str,
    /// Whether an extract is about it.
    pub critical: bool,
    /// Whether nothing that was read or keyed is shown.
    pub blind: bool,
    /// Whether two people keyed it differently; their keyings stand in `offered`.
    pub third: bool,
    /// What is filled in: the best reading; none when keyed blind.
    pub best: Option<Offered>,
    /// Other readings, likeliest first.
    pub offered: Vec<Offered>,
    /// Why somebody must look.
    pub reasons: Vec<String>,
    /// What colleagues ask.
    pub asked: Vec<String>,
    /// The picture of the field.
    pub picture: String,
    /// The picture of its page.
    pub page: String,
    /// The field on the picture of its page.
    #[serde(rename = "box")]
    pub place: Rectangle,
}

impl Presented {
    /// The task `ticket` for a person; none when its entry is gone.
    pub fn of(store: &Store, language: Language, ticket: &Ticket) -> Result<Option<Self>, StoreError> {
        let Some(entry) = store.entry_view(ticket.entry)? else { return Ok(None) };
        let Some(view) = entry.field(&ticket.field) else { return Ok(None) };
        let policy = store.policy()?;
        let (blind, third) = secrecy(&policy, &entry, ticket);
        let field = &view.field;
        let (best, mut offered) = match (blind, third) {
            (true, _) => (None, Vec::new()),
            (_, true) => (None, keyed(store, ticket, field)?),
            _ => readings(field, ticket.purpose),
        };
        // What was drawn by lot must look as everything else does.
        let mut reasons = match ticket.purpose {
            Purpose::Review if !blind => reasons(language, &entry, field),
            Purpose::Audit | Purpose::Seed => {
                vec![reason_word(language, "not_sure").to_owned()]
            }
            _ => Vec::new(),
        };
        if !blind && !third && matches!(ticket.purpose, Purpose::Review | Purpose::Second) {
            add_sheets(store, language, ticket, field, (&mut offered, &mut reasons))?;
        }
        Ok(Some(Self {
            entry: entry.id,
            field: field.name.as_str().to_owned(),
            label: language.field(entry.kind, &field.name),
            field_type: field.field_type,
            book: entry.page.book.clone(),
            stands: format!("{} · {}", entry.page.scan, entry.number),
            kind: language.kind(entry.kind),
            critical: is_critical(entry.kind, &field.name),
            blind,
            third,
            best,
            offered,
            reasons,
            asked: store.asked(ticket.entry, &ticket.field)?,
            picture: picture(&entry, field),
            page: format!("/pictures/page/{}/{}", entry.page.id.scan, entry.page.id.half),
            place: page_box(&entry.page, field),
        }))
    }
}

/// Where the picture of a field is.
pub(super) fn picture(entry: &EntryView, field: &DraftField) -> String {
    format!("/pictures/field/{}/{}", entry.id, field.name)
}

/// Whether a task is keyed blind, and whether a third person settles it.
fn secrecy(policy: &Policy, entry: &EntryView, ticket: &Ticket) -> (bool, bool) {
    let blind = match ticket.purpose {
        Purpose::Second => true,
        Purpose::Review => policy.needs_two(entry.kind, &ticket.field),
        Purpose::Third | Purpose::Audit | Purpose::Seed => false,
    };
    (blind, ticket.purpose == Purpose::Third)
}

/// The best reading and the others. What is known already is shown as the machine read it.
fn readings(field: &DraftField, purpose: Purpose) -> (Option<Offered>, Vec<Offered>) {
    let offer = |value: &str, likely: f64| Offered {
        value: value.to_owned(),
        shown: shown(field.field_type, value),
        hundredths: Some((likely * 100.0).round() as u8),
        origin: None,
    };
    let best = match purpose {
        Purpose::Seed => field.candidates.first().map(|first| (first.value.clone(), first.confidence.get())),
        _ => Some((field.value.clone(), field.confidence.get())),
    };
    let best = best.unwrap_or_default();
    let mut offered: Vec<Offered> = Vec::new();
    for other in &field.candidates {
        let known = other.value == best.0 || offered.iter().any(|offered| offered.value == other.value);
        if !known && !other.value.is_empty() && offered.len() < ALTERNATIVES {
            offered.push(offer(&other.value, other.confidence.get()));
        }
    }
    (Some(offer(&best.0, best.1)), offered)
}

/// Adds what spreadsheets say: a value that differs is offered first, and why a row was sent back is a reason.
fn add_sheets(
    store: &Store,
    language: Language,
    ticket: &Ticket,
    field: &DraftField,
    (offered, reasons): (&mut Vec<Offered>, &mut Vec<String>),
) -> Result<(), StoreError> {
    let keyed = store.keyed_value(ticket.entry, &ticket.field)?;
    if let Some(value) = keyed.filter(|keyed| comparable(keyed) != comparable(&field.value)) {
        let shown = shown(field.field_type, &value);
        offered.retain(|other| other.value != value);
        offered
            .insert(0, Offered { value, shown, hundredths: None, origin: Some(language.clerk().from_sheet) });
        offered.truncate(ALTERNATIVES);
        let told = reason_word(language, "unlike_keyed").to_owned();
        if !reasons.contains(&told) {
            reasons.push(told);
        }
    }
    if let Some(why) = store.sent_back(ticket.entry, &ticket.field)? {
        reasons.insert(0, format!("{}: {why}", reason_word(language, "sent_back")));
    }
    Ok(())
}

/// What the two people keyed.
fn keyed(store: &Store, ticket: &Ticket, field: &DraftField) -> Result<Vec<Offered>, StoreError> {
    let keyings = store.keyings(ticket.entry, &ticket.field)?;
    let offer = |(verdict, value): (String, String)| {
        let shown = if verdict == "value" { shown(field.field_type, &value) } else { format!("[{verdict}]") };
        Offered {
            value: if verdict == "value" { value } else { format!("\u{0}{verdict}") },
            shown,
            hundredths: None,
            origin: None,
        }
    };
    Ok(keyings.into_iter().map(offer).collect())
}
