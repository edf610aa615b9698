//! Syllables that names of persons are made of; a weak hint, never a reason to change a name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::text::comparable;

use crate::domain::lists::rows;

#[derive(Deserialize)]
struct Row {
    kind: String,
    syllable: String,
}

/// The syllables of the list, in comparable form.
struct Syllables {
    families: BTreeSet<String>,
    all: BTreeSet<String>,
}

static SYLLABLES: LazyLock<Syllables> = LazyLock::new(|| {
    let mut kinds: BTreeMap<bool, BTreeSet<String>> = BTreeMap::new();
    for row in rows::<Row>(include_str!("../../models/lists/names.csv")) {
        let family = row.kind.starts_with("family");
        kinds.entry(family).or_default().extend(row.syllable.split(' ').map(comparable));
    }
    let families = kinds.remove(&true).unwrap_or_default();
    let others = kinds.remove(&false).unwrap_or_default();
    Syllables { all: families.union(&others).cloned().collect(), families }
});

/// Whether `syllable` is a family name of the list.
pub(super) fn is_family_name(syllable: &str) -> bool {
    SYLLABLES.families.contains(&comparable(syllable))
}

/// Whether `name` has two to six syllables, begins with a family name of the list, and holds only
/// syllables of the list. Names of minorities and foreigners often are not usual.
pub(super) fn is_usual(name: &str) -> bool {
    let syllables: Vec<&str> = name.split(' ').collect();
    (2..=6).contains(&syllables.len())
        && is_family_name(syllables[0])
        && syllables.iter().all(|syllable| SYLLABLES.all.contains(&comparable(syllable)))
}

#[cfg(test)]
mod tests {
    use super::is_usual;

    #[test]
    fn usual_names_are_known_in_any_spelling() {
        assert!(is_usual("Nguyễn Thị Hòa") && is_usual("NGUYỄN THỊ HOÀ") && is_usual("Lê Văn An"));
        assert!(!is_usual("Nguyễn") && !is_usual("Văn Nguyễn Xq") && !is_usual(""));
    }
}
