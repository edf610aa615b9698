//! Where a field stands within its entry: a book's clerk writes on one form, so a field that stands
//! elsewhere than in the other entries was mostly taken for another (husband for wife).

use std::collections::BTreeMap;

use crate::domain::{DraftField, DraftRecord, Rectangle};

/// Entries on one form before anything is said of where its fields stand.
const ENTRIES: usize = 3;

/// Where the middle of a field lies within its entry, 0..=1 both ways.
type Spot = (f64, f64);

/// How far every field stands from where it stands in the other entries of the book, in widths and
/// heights of the entry; record by record, field by field.
pub(crate) fn astray(records: &[DraftRecord]) -> Vec<Vec<f64>> {
    let spots: Vec<Vec<Option<Spot>>> = records.iter().map(spots).collect();
    let mut by_field: BTreeMap<(&str, &str), Vec<Spot>> = BTreeMap::new();
    for (record, spots) in records.iter().zip(&spots) {
        for (field, spot) in record.fields.iter().zip(spots) {
            by_field.entry((record.form.as_str(), field.name.as_str())).or_default().extend(*spot);
        }
    }
    let usual: BTreeMap<_, Spot> =
        by_field.into_iter().filter_map(|(key, spots)| Some((key, middle(&spots)?))).collect();
    let each = records.iter().zip(&spots);
    each.map(|(record, spots)| {
        let off = |(field, spot): (&DraftField, &Option<Spot>)| {
            let usual = usual.get(&(record.form.as_str(), field.name.as_str()))?;
            let spot = (*spot)?;
            Some((spot.0 - usual.0).abs().max((spot.1 - usual.1).abs()))
        };
        record.fields.iter().zip(spots).map(|pair| off(pair).unwrap_or_default()).collect()
    })
    .collect()
}

fn spots(record: &DraftRecord) -> Vec<Option<Spot>> {
    let places = record.fields.iter().map(|field| field.place).filter(|place| !place.is_empty());
    let Some(frame) = places.reduce(|all, place| all.union(&place)) else {
        return vec![None; record.fields.len()];
    };
    let spot = |place: Rectangle| {
        let share = |from: i32, to: i32, start: i32, size: i32| {
            (f64::from(from + to) / 2.0 - f64::from(start)) / f64::from(size.max(1))
        };
        (
            share(place.left, place.right, frame.left, frame.width()),
            share(place.top, place.bottom, frame.top, frame.height()),
        )
    };
    record.fields.iter().map(|field| (!field.place.is_empty()).then(|| spot(field.place))).collect()
}

/// The median both ways; none of too few.
fn middle(spots: &[Spot]) -> Option<Spot> {
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    (spots.len() >= ENTRIES).then(|| {
        (median(spots.iter().map(|spot| spot.0).collect()), median(spots.iter().map(|spot| spot.1).collect()))
    })
}
