//! How far fields agree, and what that weighs: log2 of how much likelier the agreement is between two
//! entries that belong together than between two that do not (Fellegi and Sunter, 1969).

use super::Agreement;
use super::event::{Day, Person, Sex};
use super::rarity::Rarity;
use super::syllables::Syllables;

/// A weight with the agreement it comes from.
pub(super) type Weighed = (Agreement, f64);

/// Of names that are the same person's and were read amiss, the share amiss in each way.
const AMISS_ACCENTS: f64 = 0.35;
const AMISS_LETTER: f64 = 0.30;
const AMISS_PART: f64 = 0.25;
const AMISS_WHOLLY: f64 = 0.10;
/// The share of same people whose names are written otherwise in another entry, however well read.
const WRITTEN_OTHERWISE: f64 = 0.04;
/// Readings of names are never surer than this, nor less sure.
const SURENESS: (f64, f64) = (0.45, 0.97);
/// One-letter neighbours a name has, in what is written in registers.
const NEIGHBOURS: f64 = 12.0;
/// Years over which births, and registrations, of a store are spread (for chance agreement).
const YEARS: f64 = 40.0;

/// How two names agree; none when one of them is not known.
pub(super) fn names(a: &Person, b: &Person, syllables: &Syllables, rarity: &Rarity) -> Option<Weighed> {
    if a.name.is_empty() || b.name.is_empty() {
        return None;
    }
    let amiss = 1.0 - sure(a.name_sure) * sure(b.name_sure) * (1.0 - WRITTEN_OTHERWISE);
    let (agreement, place) = agreement(a, b, syllables);
    let (likely, chance) = match agreement {
        Agreement::Exact => (1.0 - amiss, rarity.exact(&a.name, &a.folded)),
        Agreement::AccentsOff => (amiss * AMISS_ACCENTS, rarity.folded(&a.folded)),
        Agreement::OneLetter => {
            (amiss * AMISS_LETTER, rarity.folded(&a.folded).max(rarity.folded(&b.folded)) * NEIGHBOURS)
        }
        Agreement::Partly => (amiss * AMISS_PART, rarity.without(&a.folded, place) * 2.0),
        Agreement::Differs => (amiss * AMISS_WHOLLY, 1.0),
    };
    Some((agreement, (likely / chance.min(1.0)).log2()))
}

fn sure(reading: f32) -> f64 {
    f64::from(reading).clamp(SURENESS.0, SURENESS.1)
}

/// How two names agree, and where the syllable stands that does not.
fn agreement(a: &Person, b: &Person, syllables: &Syllables) -> (Agreement, usize) {
    if a.name == b.name {
        return (Agreement::Exact, 0);
    }
    if a.folded == b.folded {
        return (Agreement::AccentsOff, 0);
    }
    let (short, long) =
        if a.folded.syllables().len() <= b.folded.syllables().len() { (a, b) } else { (b, a) };
    let (short, long) = (short.folded.syllables(), long.folded.syllables());
    if short.len() == long.len() {
        let differing: Vec<_> = (0..short.len()).filter(|place| short[*place] != long[*place]).collect();
        return match differing[..] {
            [place] if syllables.one_letter_apart(short[place], long[place]) => (Agreement::OneLetter, place),
            [place] if short.len() >= 3 => (Agreement::Partly, place),
            _ => (Agreement::Differs, 0),
        };
    }
    let left_out = (0..long.len()).find(|place| {
        let rest = long.iter().enumerate().filter(|(other, _)| other != place).map(|(_, syllable)| syllable);
        rest.eq(short.iter())
    });
    match left_out {
        Some(place) if short.len() >= 2 => {
            (Agreement::Partly, place.min(a.folded.syllables().len().saturating_sub(1)))
        }
        _ => (Agreement::Differs, 0),
    }
}

/// How two dates agree; none when one of them is not known.
pub(super) fn days(a: Day, b: Day, sure: f64) -> Option<Weighed> {
    if !a.known() || !b.known() {
        return None;
    }
    let amiss = 1.0 - sure.clamp(SURENESS.0, SURENESS.1) * 0.97;
    let parts = [a.year == b.year, a.month == b.month, a.day == b.day];
    let same = parts.iter().filter(|part| **part).count();
    let (agreement, likely, chance) = if a.whole() && b.whole() {
        match same {
            3 => (Agreement::Exact, 1.0 - amiss, 1.0 / (365.0 * YEARS)),
            2 => (Agreement::OneLetter, amiss * 0.7, 0.006),
            _ if parts[0] => (Agreement::Partly, amiss * 0.15, 1.0 / YEARS),
            _ => (Agreement::Differs, amiss * 0.15, 1.0),
        }
    } else {
        // Ages and years from memory are off by one as often as not.
        match a.year.abs_diff(b.year) {
            0 => (Agreement::Partly, 0.85, 1.0 / YEARS),
            1 => (Agreement::OneLetter, 0.08, 2.0 / YEARS),
            _ => (Agreement::Differs, amiss * 0.3, 1.0),
        }
    };
    Some((agreement, (likely / chance).log2()))
}

/// How two sexes agree; none when one of them is not known.
pub(super) fn sexes(a: Sex, b: Sex) -> Option<Weighed> {
    match (a, b) {
        (Sex::Unknown, _) | (_, Sex::Unknown) => None,
        (a, b) if a == b => Some((Agreement::Exact, 0.97)),
        _ => Some((Agreement::Differs, -4.6)),
    }
}

/// How surely both dates of birth were read.
pub(super) fn born_sure(a: &Person, b: &Person) -> f64 {
    sure(a.born_sure) * sure(b.born_sure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(syllables: &mut Syllables, name: &str) -> Person {
        let name = syllables.name(name);
        Person { name, folded: syllables.folded(&name), name_sure: 0.9, ..Person::default() }
    }

    #[test]
    fn names_agree_by_degrees() {
        let mut syllables = Syllables::default();
        let of = |a: &str, b: &str, syllables: &mut Syllables| {
            let (a, b) = (person(syllables, a), person(syllables, b));
            agreement(&a, &b, syllables).0
        };
        for (a, b, wanted) in [
            ("Lê Thị Hoa", "LÊ THỊ HOA", Agreement::Exact),
            ("Lê Thị Hoa", "Le Thi Hoà", Agreement::AccentsOff),
            ("Lê Thị Hoa", "Lê Thị Hoan", Agreement::OneLetter),
            ("Lê Thị Hoa", "Lê Thị Minh", Agreement::Partly),
            ("Lê Thị Kim Hoa", "Lê Thị Hoa", Agreement::Partly),
            ("Lê Hoa", "Lê Minh", Agreement::Differs),
            ("Lê Thị Hoa", "Trần Thị Minh", Agreement::Differs),
        ] {
            assert_eq!(of(a, b, &mut syllables), wanted, "{a} {b}");
        }
    }

    #[test]
    fn better_agreement_never_weighs_less() {
        let day = |year, month, day| Day { year, month, day };
        let weigh = |a, b| days(a, b, 0.8).unwrap().1;
        let whole = day(1975, 3, 2);
        assert!(weigh(whole, whole) > weigh(whole, day(1975, 3, 7)));
        assert!(weigh(whole, day(1975, 3, 7)) > weigh(whole, day(1981, 11, 5)));
        assert!(weigh(whole, day(1975, 0, 0)) > weigh(whole, day(1976, 0, 0)));
        assert!(days(whole, Day::default(), 1.0).is_none());
        assert!(sexes(Sex::Male, Sex::Male).unwrap().1 > sexes(Sex::Male, Sex::Female).unwrap().1);
    }
}
