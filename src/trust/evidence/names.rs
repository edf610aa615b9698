//! How a person's name stands to the names there are (`models/lists/names.csv`): a weak hint that chooses
//! among what was read and lowers confidence; it never changes a name.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::lists::rows;
use crate::domain::text::{comparable, fold};

/// How much likelier (logarithm) a name is for a family name and a given name that are usual, for syllables
/// between that names are made of, and for each family name more than one.
const FAMILY: f64 = 0.7;
const GIVEN: f64 = 0.25;
const MIDDLE: f64 = 0.5;
const DOUBLED: f64 = -0.4;
/// ... and for a last syllable that only ever stands between, such as *Thị*: so usual there, and no given name.
const UNFINISHED: f64 = -3.0;
const USUAL_BETWEEN: f64 = 100.0;
/// ... and for one that is not usual where *Nguyễn*, *Thị* or *Văn* stand, and differs from them by its marks alone
/// (`Nguyên Thi Hoa`).
const MISTAKEN: f64 = -2.5;

#[derive(Deserialize)]
struct Row {
    kind: String,
    syllable: String,
    #[serde(default)]
    weight: Option<f64>,
}

/// The syllables of names with how usual they are in each place, in the form in which values are compared.
#[derive(Default)]
struct Syllables {
    families: BTreeMap<String, f64>,
    given: BTreeMap<String, f64>,
    middle: BTreeMap<String, f64>,
    /// The most usual of the families and of those between, without their marks.
    usual_families: Vec<String>,
    usual_middle: Vec<String>,
}

/// The most usual syllables of one place in a name, without their marks.
fn most_usual(syllables: &BTreeMap<String, f64>) -> Vec<String> {
    let most_usual = syllables.iter().filter(|(_, weight)| **weight >= USUAL_BETWEEN);
    most_usual.map(|(syllable, _)| fold(syllable)).collect()
}

/// Whether a syllable is none of those `known` in its place, but one of the most `usual` with other marks.
fn is_mistaken(known: &BTreeMap<String, f64>, usual: &[String], syllable: &str) -> bool {
    !known.contains_key(syllable) && usual.contains(&fold(syllable))
}

static SYLLABLES: LazyLock<Syllables> = LazyLock::new(|| {
    let mut all = Syllables::default();
    for row in rows::<Row>(include_str!("../../../models/lists/names.csv")) {
        let kind = match row.kind.as_str() {
            "given" => &mut all.given,
            "middle" => &mut all.middle,
            "middle2" => continue,
            _ => &mut all.families,
        };
        *kind.entry(comparable(&row.syllable)).or_default() += row.weight.unwrap_or(0.1);
    }
    all.usual_families = most_usual(&all.families);
    all.usual_middle = most_usual(&all.middle);
    all
});

/// How a name stands to the names there are.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Standing {
    /// Family names that follow the first, and a syllable said twice running, which counts as two: mostly
    /// the end of what stands before.
    pub families: f64,
    /// How usual the last syllable is as a given name: the logarithm of its weight and 1, 0 when unlisted.
    pub given: f64,
    /// The share of the syllables between that names are made of.
    pub middle: f64,
    /// How usual the first syllable is as a family name: the logarithm of its weight and 1.
    pub family: f64,
    /// Whether the last syllable only ever stands between.
    pub unfinished: bool,
    /// Syllables at the beginning and after it that are one of the most usual there with other marks.
    pub mistaken: f64,
}

impl Standing {
    /// How much likelier it makes the name, as a logarithm.
    pub(crate) fn score(&self) -> f64 {
        FAMILY * self.family.min(1.0)
            + GIVEN * self.given.min(2.0)
            + MIDDLE * self.middle
            + DOUBLED * self.families
            + MISTAKEN * self.mistaken
            + if self.unfinished { UNFINISHED } else { 0.0 }
    }
}

/// How `name`, as values are compared, stands to the names there are.
pub(crate) fn standing(name: &str) -> Standing {
    let syllables: Vec<&str> = name.split(' ').collect();
    let [first, middle @ .., last] = syllables.as_slice() else { return Standing::default() };
    let known = |syllable: &&&str| {
        SYLLABLES.middle.contains_key(**syllable) || SYLLABLES.given.contains_key(**syllable)
    };
    let weight = |of: &BTreeMap<String, f64>, syllable: &str| {
        of.get(syllable).map_or(0.0, |weight| (1.0 + weight).ln())
    };
    let second = middle.iter().take_while(|syllable| SYLLABLES.families.contains_key(**syllable)).count();
    let twice = syllables.windows(2).filter(|pair| pair[0] == pair[1]).count();
    Standing {
        families: if SYLLABLES.families.contains_key(*first) { second as f64 } else { 0.0 }
            + 2.0 * twice as f64,
        given: weight(&SYLLABLES.given, last),
        middle: if middle.is_empty() {
            1.0
        } else {
            middle.iter().filter(known).count() as f64 / middle.len() as f64
        },
        family: weight(&SYLLABLES.families, first),
        unfinished: !SYLLABLES.given.contains_key(*last)
            && SYLLABLES.middle.get(*last).is_some_and(|weight| *weight >= USUAL_BETWEEN),
        mistaken: f64::from(u8::from(is_mistaken(&SYLLABLES.families, &SYLLABLES.usual_families, first)))
            + f64::from(u8::from(
                middle
                    .first()
                    .is_some_and(|next| is_mistaken(&SYLLABLES.middle, &SYLLABLES.usual_middle, next)),
            )),
    }
}

#[cfg(test)]
mod tests {
    use super::standing;
    use crate::domain::text::comparable;

    #[test]
    fn what_is_no_name_is_told() {
        let of = |name: &str| standing(&comparable(name));
        assert!(of("Trần Võ Văn Hiệp").families > of("Võ Văn Hiệp").families);
        assert!(of("Lê Thị Hoa").given > of("Lê Thị Hoạ").given);
        assert_eq!(of("Lê Xqz Hoa").middle, 0.0);
        assert!(of("Nguyễn An").family > of("Nguyên An").family);
        assert_eq!(of("").family, 0.0);
        assert!(of("Đặng Văn Thi").score() > of("Đặng Văn Thị").score() + 2.0);
        assert!(of("Trần Thị Hoa").score() > of("Trần Thi Hoa").score() + 2.0);
        assert!(of("Nguyễn Văn An").score() > of("Nguyên Văn An").score() + 2.0);
        assert_eq!(of("Trần Thi Hoa").mistaken, 1.0);
        assert_eq!(of("Trần Thu Hoa").mistaken, 0.0);
        assert!(of("Đặng Thị Thi").score() > of("Đặng Thi Thị").score());
    }
}
