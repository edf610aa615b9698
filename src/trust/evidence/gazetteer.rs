//! The places there are: provinces of every era, districts, communes, streets, hospitals, in the form in
//! which values are compared. A name that is not listed is no error; a name that differs from a listed
//! one by its marks alone mostly is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::lists::{rows, variants};
use crate::domain::text::{comparable, fold};

/// What a name of a place names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Province,
    District,
    Commune,
    Hamlet,
    Street,
    Institution,
    Phrase,
}

impl Level {
    /// The levels whose names a place of this level may bear.
    fn names(self) -> &'static [Self] {
        match self {
            Self::Province => &[Self::Province],
            Self::District => &[Self::District, Self::Province],
            Self::Commune => &[Self::Commune, Self::District],
            Self::Hamlet => &[Self::Hamlet, Self::Commune, Self::District],
            Self::Street => &[Self::Street, Self::Hamlet, Self::Commune],
            Self::Institution => &[Self::Institution, Self::Province, Self::District],
            Self::Phrase => &[Self::Phrase],
        }
    }
}

/// How a name stands to the listed ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// It is one of them.
    Listed,
    /// It differs from one of them by its marks alone.
    MarksOff,
    /// It is none.
    Unlisted,
}

/// The names of one level.
#[derive(Default)]
struct Names {
    listed: BTreeSet<String>,
    folded: BTreeSet<String>,
}

/// All places.
pub(super) struct Gazetteer {
    names: BTreeMap<Level, Names>,
    /// Districts with the provinces they lie in, communes with their districts and provinces.
    within: BTreeSet<(String, String)>,
    /// The words for a level, the longer first, as syllables.
    words: Vec<(Vec<String>, Level)>,
}

/// The places that the lists of the program hold.
pub(super) static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::load);

#[derive(Deserialize)]
struct Province {
    name: String,
    #[serde(default)]
    variants: String,
}

#[derive(Deserialize)]
struct Unit {
    province: String,
    district: String,
    communes: String,
}

#[derive(Deserialize)]
struct Named {
    kind: String,
    name: String,
}

#[derive(Deserialize)]
struct Pattern {
    kind: String,
    name: String,
    forms: String,
}

impl Gazetteer {
    fn load() -> Self {
        let mut all = Self { names: BTreeMap::new(), within: BTreeSet::new(), words: Vec::new() };
        for list in [
            include_str!("../../../models/lists/provinces_63.csv"),
            include_str!("../../../models/lists/provinces_history.csv"),
            include_str!("../../../models/lists/provinces_2025.csv"),
        ] {
            for row in rows::<Province>(list) {
                std::iter::once(row.name.as_str())
                    .chain(variants(&row.variants))
                    .for_each(|name| all.add(Level::Province, name));
            }
        }
        for unit in rows::<Unit>(include_str!("../../../models/lists/administrative_units.csv")) {
            all.add_unit(&unit);
        }
        for row in rows::<Named>(include_str!("../../../models/lists/place_names.csv")) {
            all.add(named_level(&row.kind), &row.name);
        }
        for row in rows::<Pattern>(include_str!("../../../models/lists/place_patterns.csv")) {
            all.add_words(&row);
        }
        all.words.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        all.words.dedup();
        all
    }

    fn add(&mut self, level: Level, name: &str) {
        let names = self.names.entry(level).or_default();
        names.listed.insert(comparable(name));
        names.folded.insert(fold(name));
    }

    fn add_unit(&mut self, unit: &Unit) {
        let [province, district] = [&unit.province, &unit.district].map(|name| comparable(name));
        if !district.is_empty() {
            self.add(Level::District, &unit.district);
            self.within.insert((district.clone(), province.clone()));
        }
        for commune in variants(&unit.communes) {
            self.add(Level::Commune, commune);
            let commune = comparable(commune);
            self.within.insert((commune.clone(), province.clone()));
            self.within.insert((commune, district.clone()));
        }
    }

    fn add_words(&mut self, row: &Pattern) {
        let level = match (row.kind.as_str(), row.name.as_str()) {
            ("level", "Tỉnh") => Level::Province,
            ("level", "Huyện" | "Quận" | "Thị xã" | "Thành phố trực thuộc trung ương") => {
                Level::District
            }
            ("level", "Xã" | "Phường" | "Thị trấn" | "Đặc khu") => Level::Commune,
            ("level", "Đường") => Level::Street,
            ("level", _) => Level::Hamlet,
            ("hospital", _) => Level::Institution,
            _ => return,
        };
        for form in variants(&row.forms) {
            let form = form.split(" (").next().unwrap_or(form);
            let syllables: Vec<String> =
                comparable(&form.replace('.', " ")).split(' ').map(str::to_owned).collect();
            // A form with a number is an example.
            if !form.contains(|c: char| c.is_ascii_digit()) {
                self.words.push((syllables, level));
            }
        }
    }

    /// The words for a level that `syllables` begin with: how many, and each level they may mean.
    pub(super) fn level_words(&self, syllables: &[&str]) -> Option<(usize, Vec<Level>)> {
        let begins = |words: &[String]| {
            words.len() < syllables.len() && words.iter().zip(syllables).all(|(a, b)| a == b)
        };
        let length = self.words.iter().find(|(words, _)| begins(words))?.0.len();
        let same = self.words.iter().filter(|(words, _)| words.len() == length && begins(words));
        Some((length, same.map(|(_, level)| *level).collect()))
    }

    /// How `name`, as values are compared, stands to the names of a level.
    pub(super) fn look_up(&self, level: Level, name: &str) -> Known {
        let names = || level.names().iter().filter_map(|level| self.names.get(level));
        if names().any(|names| names.listed.contains(name)) {
            return Known::Listed;
        }
        let folded = fold(name);
        if names().any(|names| names.folded.contains(&folded)) { Known::MarksOff } else { Known::Unlisted }
    }

    /// Whether the place called `inner` lies in the one called `outer`.
    pub(super) fn lies_in(&self, inner: &str, outer: &str) -> bool {
        self.within.contains(&(inner.to_owned(), outer.to_owned()))
    }
}

fn named_level(kind: &str) -> Level {
    match kind {
        "street" => Level::Street,
        "institution" => Level::Institution,
        "phrase" => Level::Phrase,
        _ => Level::Hamlet,
    }
}
