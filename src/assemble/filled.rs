//! Whether an entry that is printed on a page has been filled in at all.

use crate::domain::{FieldReading, PageProblem};

/// What no registrar leaves open: the number of the entry and whom it is about.
const ALWAYS_WRITTEN: [&str; 5] =
    ["entry.number", "child.name", "husband.name", "wife.name", "deceased.name"];
/// An entry with nothing there is not filled in when ink was found in at most this share of its
/// fields: seals, stains and what shines through from the back of the sheet.
const STRAY_INK: f64 = 0.35;
/// Surer than this that nothing is written, a field counts as blank.
const BLANK: f64 = 0.5;

/// What became of a printed entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// It is written in.
    Yes,
    /// Nothing is written in it.
    No,
    /// There is ink on it, but not where every entry has some.
    Stray,
}

impl Filled {
    /// What `readings`, those of all fields of an entry, tell.
    #[must_use]
    pub fn of(readings: &[FieldReading]) -> Self {
        let blank = |reading: &&FieldReading| reading.blank.get() >= BLANK;
        let inked = readings.iter().filter(|reading| !blank(reading)).count();
        let mut named = readings
            .iter()
            .filter(|reading| reading.fields.iter().any(|field| ALWAYS_WRITTEN.contains(&field.as_str())));
        let unnamed = named.clone().count() >= 2 && named.all(|reading| blank(&reading));
        match inked {
            0 => Self::No,
            inked if unnamed && inked as f64 <= STRAY_INK * readings.len() as f64 => Self::Stray,
            _ => Self::Yes,
        }
    }

    /// What a person should know of it.
    #[must_use]
    pub fn problem(self) -> Option<PageProblem> {
        (self == Self::Stray).then_some(PageProblem::UnfilledEntry)
    }
}

#[cfg(test)]
mod tests {
    use super::Filled;
    use crate::domain::{Confidence, FieldName, FieldReading, Rectangle};

    fn readings(inked: &[&str]) -> Vec<FieldReading> {
        let names =
            ["entry.number", "registration.date", "child.name", "child.sex", "child.birth_date", "notes"];
        let reading = |name: &&str| FieldReading {
            fields: vec![FieldName::new(*name)],
            lines: Vec::new(),
            blank: Confidence::clamped(if inked.contains(name) { 0.0 } else { 1.0 }),
            place: Rectangle::new(0, 0, 9, 9),
        };
        names.iter().map(reading).collect()
    }

    #[test]
    fn an_entry_with_a_number_or_a_name_is_filled_in() {
        assert_eq!(Filled::of(&readings(&["entry.number"])), Filled::Yes);
        assert_eq!(Filled::of(&readings(&["child.name", "notes"])), Filled::Yes);
    }

    #[test]
    fn stray_ink_makes_no_entry_and_is_reported() {
        assert_eq!(Filled::of(&readings(&[])), Filled::No);
        let stray = Filled::of(&readings(&["child.sex", "notes"]));
        assert!(stray == Filled::Stray && stray.problem().is_some());
        // Too much ink to be chance: a person must see it.
        assert_eq!(Filled::of(&readings(&["child.sex", "child.birth_date", "notes"])), Filled::Yes);
    }

    #[test]
    fn an_entry_whose_name_was_not_found_is_kept() {
        let only_date: Vec<FieldReading> = readings(&["registration.date"])
            .into_iter()
            .filter(|r| r.fields[0].as_str() != "child.name")
            .collect();
        assert_eq!(Filled::of(&only_date), Filled::Yes);
    }
}
