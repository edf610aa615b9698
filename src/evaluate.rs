//! Measures exported records against records that are known to be right.

mod score;
mod table;
mod truth;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Serialize;

use crate::domain::catalogue;
use crate::domain::{DraftRecord, ExportedField, ExportedRecord, FieldName};

use score::{Count, coverage};

pub use score::Score;
pub use truth::{TruthEntry, TruthError, TruthField, read_truth};

/// How far the angle of a page may be off and still count as right, in degrees.
const SKEW_TOLERANCE: f64 = 0.2;

/// How well a set of records agrees with the truth. Shares are 0..=1, none when there is nothing to
/// take a share of. Values are compared as `domain::text::comparable` has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Entries in the truth.
    pub entries: usize,
    /// Share of them that the records have.
    pub entries_found: Option<f64>,
    /// Share whose kind is right.
    pub kind_right: Option<f64>,
    /// Share whose form is right, of the entries whose truth names a form.
    pub form_right: Option<f64>,
    /// Share whose every field is right.
    pub records_right: Option<f64>,
    /// All fields together.
    #[serde(flatten)]
    pub all: Score,
    /// For an error among the values taken (the key), the share of filled values that can be taken,
    /// most confident first.
    pub coverage_at_error: IndexMap<String, f64>,
    /// The angles of flatbed pages; none when the truth has none.
    pub skew: Option<SkewScore>,
    /// The same scores by `type`, `field`, `writing`, `form`, `photo` and `book`, then by group.
    pub by: IndexMap<String, BTreeMap<String, Score>>,
}

/// How well the angles of flatbed pages were found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SkewScore {
    /// Pages whose angle is known and that have a record.
    pub pages: usize,
    /// Share within 0.2 degrees.
    pub within: Option<f64>,
    /// Share left as they lie, because the angle was not sure.
    pub abstained: Option<f64>,
    /// The largest error in degrees, where an angle was given.
    pub worst: Option<f64>,
}

/// Compares `records` with `truth`. Of several records of one entry the first counts; scans are the
/// same when the last two parts of their paths are.
#[must_use]
pub fn evaluate(truth: &[TruthEntry], records: impl IntoIterator<Item = ExportedRecord>) -> Evaluation {
    let records = index(records);
    let mut tally = Tally::default();
    for entry in truth {
        tally.add(entry, records.get(&(last_two(&entry.scan.0), entry.entry)));
    }
    tally.finish()
}

/// The entries of a truth by the end of the path of their scan.
#[must_use]
pub fn by_scan(truth: Vec<TruthEntry>) -> BTreeMap<String, Vec<TruthEntry>> {
    let mut scans: BTreeMap<String, Vec<TruthEntry>> = BTreeMap::new();
    for entry in truth {
        scans.entry(last_two(&entry.scan.0)).or_default().push(entry);
    }
    scans
}

/// The entry of the truth that `record` is of: the one whose ink lies where its fields do, whatever its
/// number; by number where the truth knows no places.
#[must_use]
pub fn entry_of<'t>(
    scans: &'t BTreeMap<String, Vec<TruthEntry>>,
    record: &DraftRecord,
) -> Option<&'t TruthEntry> {
    let entries = scans.get(&last_two(&record.scan.0))?;
    let shared = |entry: &&TruthEntry| {
        let fields = record.fields.iter().filter(|field| {
            let place = entry.fields.values().filter_map(|truth| truth.place);
            let mut overlaps = place.map(|place| field.ink.map_or(0, |ink| place.intersection(&ink).area()));
            overlaps.any(|overlap| 2 * overlap > field.ink.map_or(0, |ink| ink.area()))
        });
        fields.count()
    };
    let best = entries.iter().max_by_key(|entry| (shared(entry), entry.entry == record.entry))?;
    if shared(&best) > 0 { Some(best) } else { entries.iter().find(|entry| entry.entry == record.entry) }
}

/// The last two parts of the path of a scan.
fn last_two(scan: &str) -> String {
    let scan = scan.replace('\\', "/");
    let parts: Vec<&str> = scan.rsplitn(3, '/').take(2).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join("/")
}

/// Records by the end of their scan's path and their number.
fn index(records: impl IntoIterator<Item = ExportedRecord>) -> BTreeMap<(String, u32), ExportedRecord> {
    let mut first: IndexMap<(String, u32), ExportedRecord> = IndexMap::new();
    for record in records {
        first.entry((record.scan.0.replace('\\', "/"), record.entry)).or_insert(record);
    }
    first.into_iter().map(|((scan, entry), record)| ((last_two(&scan), entry), record)).collect()
}

/// The counts so far.
#[derive(Default)]
struct Tally {
    entries: usize,
    found: usize,
    kind_right: usize,
    forms: usize,
    form_right: usize,
    records_right: usize,
    all: Count,
    /// For every filled value, in order: how sure the record was, and whether it was right.
    curve: Vec<(f64, bool)>,
    groups: IndexMap<&'static str, BTreeMap<String, Count>>,
    /// For every flatbed page: its angle, and the one given.
    skews: BTreeMap<String, (f64, Option<f64>)>,
}

impl Tally {
    fn add(&mut self, entry: &TruthEntry, record: Option<&ExportedRecord>) {
        self.entries += 1;
        self.found += usize::from(record.is_some());
        self.kind_right += usize::from(record.is_some_and(|record| record.kind == entry.kind));
        if let Some(form) = &entry.form {
            self.forms += 1;
            self.form_right += usize::from(record.is_some_and(|record| record.form == *form));
        }
        let mut all_right = true;
        for (name, truth) in &entry.fields {
            all_right &=
                self.add_field(entry, name, truth, record.and_then(|record| record.fields.get(name)));
        }
        self.records_right += usize::from(all_right);
        if let (Some(angle), Some(record), false) = (entry.skew_deg, record, entry.photo.unwrap_or(false)) {
            self.skews.entry(last_two(&entry.scan.0)).or_insert((angle, record.skew_deg.map(|skew| skew.0)));
        }
    }

    /// Adds one field to every group it belongs to; whether it is right.
    fn add_field(
        &mut self,
        entry: &TruthEntry,
        name: &FieldName,
        truth: &TruthField,
        read: Option<&ExportedField>,
    ) -> bool {
        let count = Count::of(truth, read);
        self.all.add(&count);
        for (grouping, group) in groups_of(entry, name) {
            self.groups.entry(grouping).or_default().entry(group).or_default().add(&count);
        }
        if count.filled > 0 {
            self.curve.push((read.map_or(0.0, |read| read.confidence.get()), count.right > 0));
        }
        count.right > 0
    }

    fn finish(self) -> Evaluation {
        let share = |part: usize| score::share(part, self.entries);
        let by = |(grouping, groups): (&'static str, BTreeMap<String, Count>)| {
            (grouping.to_owned(), groups.into_iter().map(|(group, count)| (group, count.score())).collect())
        };
        Evaluation {
            entries: self.entries,
            entries_found: share(self.found),
            kind_right: share(self.kind_right),
            form_right: score::share(self.form_right, self.forms),
            records_right: share(self.records_right),
            all: self.all.score(),
            coverage_at_error: coverage(self.curve),
            skew: skew_score(&self.skews),
            by: self.groups.into_iter().map(by).collect(),
        }
    }
}

/// The groups a field belongs to, as (grouping, group).
fn groups_of(entry: &TruthEntry, name: &FieldName) -> Vec<(&'static str, String)> {
    let field_type = catalogue::field_type(entry.kind, name);
    let field_type = serde_json::to_value(field_type).ok().and_then(|word| word.as_str().map(str::to_owned));
    let optional = [
        ("type", field_type),
        ("field", Some(name.to_string())),
        ("writing", entry.writing.clone()),
        ("form", entry.form.as_ref().map(ToString::to_string)),
        ("photo", entry.photo.map(|photo| photo.to_string())),
        ("book", entry.book.clone()),
    ];
    optional.into_iter().filter_map(|(grouping, group)| Some((grouping, group?))).collect()
}

fn skew_score(skews: &BTreeMap<String, (f64, Option<f64>)>) -> Option<SkewScore> {
    let errors: Vec<Option<f64>> =
        skews.values().map(|(angle, given)| given.map(|given| (given - angle).abs())).collect();
    let within = errors.iter().flatten().filter(|error| **error <= SKEW_TOLERANCE).count();
    let abstained = errors.iter().filter(|error| error.is_none()).count();
    (!errors.is_empty()).then(|| SkewScore {
        pages: errors.len(),
        within: score::share(within, errors.len()),
        abstained: score::share(abstained, errors.len()),
        worst: errors.iter().flatten().copied().max_by(f64::total_cmp),
    })
}

#[cfg(test)]
mod tests;
