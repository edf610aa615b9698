//! The clerk's own words: what a book says again and again is likelier than what it says once.

use std::collections::BTreeMap;

use super::places;
use crate::domain::text::{comparable, fold};
use crate::domain::{BookCover, FieldName, FieldType};

/// Weight of one more time a part of a value stands elsewhere in the book.
const ONCE_MORE: f64 = 0.8;
/// Beyond so many times a part is no more usual.
const USUAL: f64 = 12.0;
/// A part so often in a book makes another, one slip away, suspicious.
const OFTEN: f64 = 3.0;
/// What stands on the cover counts as much as so many entries.
const ON_THE_COVER: f64 = 6.0;
/// Parts shorter than this are not compared for slips.
const SHORTEST: usize = 4;

/// How often the parts of values stand in a book, by kind of field.
#[derive(Debug, Default)]
pub(crate) struct BookWords {
    counts: BTreeMap<&'static str, BTreeMap<String, f64>>,
    /// The same without marks.
    folded: BTreeMap<&'static str, BTreeMap<String, f64>>,
}

/// A value and the likelihood with which it was counted itself.
pub(crate) type Own<'v> = Option<(&'v str, f64)>;

/// What a book says of one value.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Support {
    /// The logarithm of how much likelier the value is for what stands elsewhere.
    pub usual: f64,
    /// The share of its parts that stand elsewhere too.
    pub known: f64,
    /// How much oftener a part stands elsewhere with other marks than with these, as the logarithm of the
    /// odds; 0 when none does.
    pub rival: f64,
}

/// Fields whose words the book is asked about together; none for what differs from entry to entry.
fn group(name: &FieldName, field_type: FieldType) -> Option<&'static str> {
    Some(match (name.as_str(), field_type) {
        ("signer.name" | "officer.name", _) => "signer",
        ("registration.book", _) => "book",
        (_, FieldType::Place) => "place",
        (_, FieldType::Ethnicity) => "ethnicity",
        (_, FieldType::Nationality) => "nationality",
        (_, FieldType::Occupation) => "occupation",
        (_, FieldType::Choice) => "choice",
        (_, FieldType::Relation) => "relation",
        (_, FieldType::Cause) => "cause",
        _ => return None,
    })
}

/// The parts of a value: what stands between commas and dashes of a place, else the whole.
fn parts(field_type: FieldType, value: &str) -> Vec<String> {
    match field_type {
        FieldType::Place => places::parts(value),
        _ => vec![comparable(value)],
    }
}

impl BookWords {
    /// Counts a value that is right with this likelihood.
    pub(crate) fn add(&mut self, name: &FieldName, field_type: FieldType, value: &str, likelihood: f64) {
        let Some(group) = group(name, field_type) else { return };
        self.count(group, parts(field_type, value), likelihood);
    }

    /// Counts what stands on the cover of the book: its office and its volume.
    pub(crate) fn add_cover(&mut self, cover: &BookCover) {
        let office = cover.office.iter().flat_map(|office| places::parts(office)).collect();
        self.count("place", office, ON_THE_COVER);
        let (volume, year) = (cover.volume.iter(), cover.year);
        let volumes = volume.flat_map(|volume| {
            let with_year = year.map(|year| comparable(&format!("{volume}/{year}")));
            std::iter::once(comparable(volume)).chain(with_year)
        });
        self.count("book", volumes.collect(), ON_THE_COVER);
    }

    fn count(&mut self, group: &'static str, parts: Vec<String>, times: f64) {
        for part in parts {
            *self.folded.entry(group).or_default().entry(fold(&part)).or_default() += times;
            *self.counts.entry(group).or_default().entry(part).or_default() += times;
        }
    }

    /// What the book says of `value`, in a field that itself was counted as `own`; none for fields that
    /// differ from entry to entry.
    pub(crate) fn support(
        &self,
        name: &FieldName,
        field_type: FieldType,
        value: &str,
        own: Own<'_>,
    ) -> Option<Support> {
        let elsewhere = self.elsewhere(name, field_type, value, own)?;
        let rivals = elsewhere.iter().map(|(part, count)| self.rival(name, field_type, part, *count));
        let rival = rivals.fold(0.0, f64::max);
        let each: Vec<f64> = elsewhere.into_iter().map(|(_, count)| count).collect();
        let usual = each.iter().map(|count| (1.0 + ONCE_MORE * count.min(USUAL)).ln()).sum();
        let known = each.iter().filter(|count| **count >= 0.5).count() as f64 / each.len().max(1) as f64;
        Some(Support { usual, known, rival })
    }

    /// How much oftener `part`, which stands elsewhere so often, stands there with other marks.
    fn rival(&self, name: &FieldName, field_type: FieldType, part: &str, count: f64) -> f64 {
        let of = |counts: &BTreeMap<&'static str, BTreeMap<String, f64>>, part: &str| {
            group(name, field_type)
                .and_then(|group| counts.get(group)?.get(part).copied())
                .unwrap_or_default()
        };
        let others = of(&self.folded, &fold(part)) - of(&self.counts, part);
        if others < 0.5 { 0.0 } else { ((1.0 + others) / (0.5 + count)).ln().max(0.0) }
    }

    /// How often the book has, elsewhere, a part one slip away from a part of `value` that it has only
    /// here.
    pub(crate) fn near(&self, name: &FieldName, field_type: FieldType, value: &str, own: Own<'_>) -> f64 {
        let Some(parts) = self.elsewhere(name, field_type, value, own) else { return 0.0 };
        let Some(counts) = group(name, field_type).and_then(|group| self.counts.get(group)) else {
            return 0.0;
        };
        let unknown = parts.iter().filter(|(_, count)| *count < 0.5);
        unknown.map(|(part, _)| most_near(counts, part)).fold(0.0, f64::max)
    }

    /// The parts of `value`, each with how often it stands elsewhere in the book.
    fn elsewhere(
        &self,
        name: &FieldName,
        field_type: FieldType,
        value: &str,
        own: Own<'_>,
    ) -> Option<Vec<(String, f64)>> {
        let counts = self.counts.get(group(name, field_type)?);
        let own = own.map(|(value, likelihood)| (parts(field_type, value), likelihood));
        let count = |part: &String| {
            let own = own.as_ref().filter(|(parts, _)| parts.contains(part));
            let all = counts.and_then(|counts| counts.get(part)).copied().unwrap_or_default();
            (all - own.map_or(0.0, |(_, likelihood)| *likelihood)).max(0.0)
        };
        let parts = parts(field_type, value);
        Some(parts.into_iter().map(|part| (part.clone(), count(&part))).collect())
    }
}

/// How often the commonest part one slip away from `part` stands in the book.
fn most_near(counts: &BTreeMap<String, f64>, part: &str) -> f64 {
    let length = part.chars().count();
    if length < SHORTEST {
        return 0.0;
    }
    let often = counts.iter().filter(|(other, count)| {
        **count >= OFTEN && other.chars().count().abs_diff(length) <= 1 && *other != part
    });
    often
        .filter(|(other, _)| strsim::levenshtein(other, part) <= 2 && !differ_in_figures(other, part))
        .map(|(_, count)| *count)
        .fold(0.0, f64::max)
}

/// Whether two parts have different figures: house 12 is not a misread house 13.
fn differ_in_figures(a: &str, b: &str) -> bool {
    let figures = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    figures(a) != figures(b)
}

#[cfg(test)]
mod tests {
    use super::BookWords;
    use crate::domain::BookCover;
    use crate::domain::FieldType::{Ethnicity, Number, Place};

    #[test]
    fn what_stands_elsewhere_is_likelier() {
        let mut words = BookWords::default();
        for house in 0..6 {
            let place = format!("Số {house} Lê Lợi, xã Khánh Thượng, huyện Yên Mô");
            words.add(&"child.birth_place".into(), Place, &place, 0.9);
        }
        let support = |value: &str| words.support(&"father.residence".into(), Place, value, None).unwrap();
        let right = support("Đội 9, xã Khánh Thượng, huyện Yên Mô");
        let merged = support("Đội 9, xã Khánh Thượng huyện Yên Mô");
        let slip = support("Đội 9, xã Khánh Thương, huyện Yên Mô");
        assert!(right.usual > slip.usual && slip.usual > merged.usual);
        let near = |value: &str| words.near(&"father.residence".into(), Place, value, None);
        assert!(near("Đội 9, xã Khánh Thương, huyện Yên Mô") > 3.0);
        assert_eq!(near("Đội 9, xã Khánh Thượng, huyện Yên Mô"), 0.0);
        assert!((right.known - 2.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn a_value_does_not_vouch_for_itself() {
        let mut words = BookWords::default();
        words.add(&"father.ethnicity".into(), Ethnicity, "Bih", 0.8);
        let own = words.support(&"father.ethnicity".into(), Ethnicity, "Bih", Some(("Bih", 0.8))).unwrap();
        assert_eq!(own.usual, 0.0);
        assert_eq!(words.support(&"entry.number".into(), Number, "5", None), None);
    }

    #[test]
    fn other_marks_elsewhere_and_on_the_cover_speak_against_a_value() {
        let mut words = BookWords::default();
        let cover = BookCover {
            office: Some("Xã Khánh Thượng, huyện Yên Mô".to_owned()),
            ..BookCover::default()
        };
        words.add_cover(&cover);
        let rival =
            |value: &str| words.support(&"father.residence".into(), Place, value, None).unwrap().rival;
        assert!(rival("Đội 9, xã Khánh Thương") > 1.0);
        assert_eq!(rival("Đội 9, xã Khánh Thượng"), 0.0);
    }

    #[test]
    fn another_house_is_no_slip() {
        let mut words = BookWords::default();
        for _ in 0..6 {
            words.add(&"father.residence".into(), Place, "Số 12 Lê Lợi", 1.0);
        }
        assert_eq!(words.near(&"father.residence".into(), Place, "Số 13 Lê Lợi", None), 0.0);
    }
}
