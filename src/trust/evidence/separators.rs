//! How a book parts its places: a clerk writes a comma, a dash with spaces or one without throughout. The dash that
//! an engine sees one letter nearer, the stop it sees beside a comma and the dash it does not see are told by the rest.

use std::collections::BTreeMap;

/// How often a way of parting is thought to stand in a book before anything is known of it.
const BEFORE: f64 = 1.0;
/// The most that one separator speaks against a value, as a logarithm.
const MOST: f64 = -3.0;

/// How often the parts of the places of a book are parted in each way.
#[derive(Debug, Default)]
pub(crate) struct Separators {
    counts: BTreeMap<String, f64>,
}

impl Separators {
    /// Counts those of a place that is right with this likelihood.
    pub(crate) fn add(&mut self, place: &str, likelihood: f64) {
        for separator in separators(place) {
            *self.counts.entry(separator.to_owned()).or_default() += likelihood;
        }
    }

    /// How much less likely (logarithm, 0 at most) `place` is for separators that the book does not use elsewhere;
    /// `own` is what was counted for it.
    pub(crate) fn support(&self, place: &str, own: Option<(&str, f64)>) -> f64 {
        let count = |separator: &str| {
            let all = self.counts.get(separator).copied().unwrap_or_default();
            let same = |(value, likelihood): (&str, f64)| {
                likelihood * separators(value).filter(|own| *own == separator).count() as f64
            };
            (all - own.map_or(0.0, same)).max(0.0)
        };
        let most = self.counts.keys().map(|separator| count(separator)).fold(0.0, f64::max);
        separators(place)
            .map(|separator| ((count(separator) + BEFORE) / (most + BEFORE)).ln().max(MOST))
            .fold(0.0, f64::min)
    }
}

/// What stands between the parts of a place: commas, semicolons and dashes with the spaces and stops about them. A
/// dash between figures is part of a number.
fn separators(place: &str) -> impl Iterator<Item = &str> {
    let parts = |c: char| matches!(c, ',' | ';' | '-' | '–');
    let about = move |c: char| parts(c) || matches!(c, ' ' | '.');
    let mut rest = place;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find(about)?;
            let (before, from) = rest.split_at(start);
            let end = from.find(|c| !about(c))?;
            let (separator, after) = from.split_at(end);
            rest = after;
            let figures = before.ends_with(|c: char| c.is_ascii_digit())
                && separator == "-"
                && after.starts_with(|c: char| c.is_ascii_digit());
            if separator.contains(parts) && !figures {
                return Some(separator);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Separators, separators};

    #[test]
    fn what_parts_is_told_from_what_does_not() {
        for (place, found) in [
            ("Số 12 Lê Lợi, xã Gio Mỹ - huyện Gio Linh-tỉnh Quảng Trị", &[", ", " - ", "-"][..]),
            ("P. An Cựu, TP. Huế", &[", "]),
            ("phường 1,.Bạc Liêu", &[",."]),
            ("12-14 Lê Lợi", &[]),
            ("Hà Nội -", &[]),
            ("", &[]),
        ] {
            assert_eq!(separators(place).collect::<Vec<_>>(), found, "{place}");
        }
    }

    #[test]
    fn a_book_is_parted_in_one_way() {
        let mut book = Separators::default();
        for _ in 0..10 {
            book.add("xã Vũ Mi - Na Rì", 0.9);
        }
        let own = Some(("xã Vũ Mi-Na Rì", 0.6));
        book.add("xã Vũ Mi-Na Rì", 0.6);
        assert!(book.support("xã Vũ Mi-Na Rì", own) < -2.0);
        assert_eq!(book.support("xã Vũ Mi - Na Rì", own), 0.0);
        assert_eq!(book.support("Na Rì", own), 0.0);
        // What is counted for itself alone says nothing.
        let mut lone = Separators::default();
        lone.add("A, B", 0.9);
        assert_eq!(lone.support("A-B", Some(("A, B", 0.9))), 0.0);
    }
}
