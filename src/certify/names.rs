//! What the names of scans say of their order: `007.jpg` after `005.jpg` leaves one out.

use std::collections::BTreeSet;

use crate::domain::ScanName;

/// Share of neighbouring scans that must follow each other by one for the names to mean anything.
const RUNNING_SHARE: f64 = 0.6;

/// How many scans are missing before each of `scans` (in page order), by their names. `others` are
/// further names that were met (second names of the same content).
pub(super) fn left_out(scans: &[&ScanName], others: &BTreeSet<&str>) -> Vec<u32> {
    let numbered: Vec<_> = scans.iter().map(|scan| numbered(&scan.0)).collect();
    let known: BTreeSet<_> = others
        .iter()
        .filter_map(|name| self::numbered(name))
        .map(|name| (name.before, name.number))
        .collect();
    let steps: Vec<_> = numbered.windows(2).map(|pair| step(pair, &known)).collect();
    let forward = steps.iter().flatten().filter(|step| **step > 0).count();
    let single = steps.iter().flatten().filter(|step| **step == 1).count();
    let mut left_out = vec![0; scans.len()];
    if forward == 0 || (single as f64) < RUNNING_SHARE * forward as f64 {
        return left_out;
    }
    for (position, step) in steps.iter().enumerate() {
        left_out[position + 1] = step.map_or(0, |step| u32::try_from(step - 1).unwrap_or(0));
    }
    if let Some(Some(first)) = numbered.first() {
        left_out[0] = before_first(first);
    }
    left_out
}

/// A scan's name as text before a number, and the number.
struct NumberedName<'a> {
    before: &'a str,
    number: i64,
    padded: bool,
}

fn numbered(name: &str) -> Option<NumberedName<'_>> {
    let stem = match name.rsplit_once("#page=") {
        Some(_) => name,
        None => name.rsplit_once('.').map_or(name, |(stem, _)| stem),
    };
    let digits = stem.len() - stem.bytes().rev().take_while(u8::is_ascii_digit).count();
    let text = &stem[digits..];
    let number = text.parse().ok()?;
    Some(NumberedName { before: &stem[..digits], number, padded: text.starts_with('0') })
}

/// By how much the second name runs on from the first, those `known` elsewhere left out.
fn step(pair: &[Option<NumberedName<'_>>], known: &BTreeSet<(&str, i64)>) -> Option<i64> {
    let [Some(first), Some(second)] = pair else { return None };
    if first.before != second.before {
        return None;
    }
    let between =
        known.range((first.before, first.number + 1)..(first.before, second.number.max(first.number + 1)));
    Some(second.number - first.number - between.count() as i64)
}

/// Scans missing before the first: a plain padded number (`002`, `003`) that leaves one or two out.
fn before_first(first: &NumberedName<'_>) -> u32 {
    let plain = first.before.is_empty() || first.before.ends_with('/');
    match first.number {
        number @ 2..=3 if plain && first.padded => number as u32 - 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str], others: &[&str]) -> Vec<u32> {
        let scans: Vec<_> = names.iter().map(|name| ScanName((*name).to_owned())).collect();
        left_out(&scans.iter().collect::<Vec<_>>(), &others.iter().copied().collect())
    }

    #[test]
    fn a_number_left_out_is_a_scan_left_out() {
        assert_eq!(of(&["b/001.jpg", "b/002.jpg", "b/004.jpg", "b/005.png"], &[]), [0, 0, 1, 0]);
        assert_eq!(of(&["b/002.jpg", "b/003.jpg", "b/004.jpg"], &[]), [1, 0, 0]);
        let file = ["b/a.tif#page=1", "b/a.tif#page=2", "b/a.tif#page=5", "b/a.tif#page=6"];
        assert_eq!(of(&file, &[]), [0, 0, 2, 0]);
    }

    #[test]
    fn a_second_name_leaves_nothing_out() {
        assert_eq!(of(&["b/001.jpg", "b/002.jpg", "b/004.jpg"], &["b/003.jpg"]), [0, 0, 0]);
    }

    #[test]
    fn names_that_do_not_run_on_mean_nothing() {
        assert_eq!(of(&["b/12.jpg", "b/40.jpg", "b/77.jpg"], &[]), [0, 0, 0]);
        assert_eq!(of(&["b/IMG_0302.jpg", "b/IMG_0303.jpg"], &[]), [0, 0]);
        assert_eq!(of(&["b/front.jpg", "b/back.jpg"], &[]), [0, 0]);
        assert!(of(&[], &[]).is_empty());
    }
}
