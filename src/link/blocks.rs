//! Which entries are compared at all: those that share a key. Every kind of link has several keys, so
//! that a misread field takes only some of them away.

use rayon::prelude::*;

use super::event::{Day, Event, Events, Person};
use super::syllables::Name;
use crate::domain::Kind;

/// Entries with one key that are compared with each other; of more, a key says too little.
const MOST_IN_GROUP: usize = 120;

/// A way of forming keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    /// Whole name of a subject and year of birth.
    NameAndYear,
    /// Given name of a subject and day of birth.
    GivenAndDay,
    /// Whole name of a subject.
    Name,
    /// Whole names of father and mother, or husband and wife.
    Couple,
    /// Whole name of the woman, given name of the man.
    Woman,
    /// Whole name of the man, given name of the woman.
    Man,
    /// Kind, number and day of registration.
    Registration,
    /// Given name and day of death.
    Death,
}

impl Family {
    pub const ALL: [Self; 8] = [
        Self::NameAndYear,
        Self::GivenAndDay,
        Self::Name,
        Self::Couple,
        Self::Woman,
        Self::Man,
        Self::Registration,
        Self::Death,
    ];
}

/// Entries by one family of keys.
pub(super) struct Blocks {
    /// Key and entry, in ascending order.
    keyed: Vec<(u64, u32)>,
}

impl Blocks {
    /// The groups worth comparing.
    pub fn groups(&self) -> impl Iterator<Item = &[(u64, u32)]> {
        self.keyed.chunk_by(|a, b| a.0 == b.0).filter(|group| (2..=MOST_IN_GROUP).contains(&group.len()))
    }
}

/// The entries by the keys of one family.
pub(super) fn of(events: &Events, family: Family) -> Blocks {
    let mut keyed = Vec::with_capacity(events.list.len());
    for (place, event) in (0_u32..).zip(&events.list) {
        keys(event, family, |key| keyed.push((key, place)));
    }
    keyed.par_sort_unstable();
    keyed.dedup();
    Blocks { keyed }
}

fn keys(event: &Event, family: Family, mut give: impl FnMut(u64)) {
    let subjects =
        event.subjects().map(|person| &event.people[person]).filter(|person| !person.name.is_empty());
    match family {
        Family::NameAndYear => subjects
            .filter(|person| person.born.known())
            .for_each(|person| give(mix(name(&person.folded), person.born.year as u64))),
        Family::GivenAndDay => subjects
            .filter(|person| person.born.whole())
            .for_each(|person| give(mix(given(person), day(person.born)))),
        Family::Name => subjects.for_each(|person| give(name(&person.folded))),
        Family::Couple | Family::Woman | Family::Man => {
            let Some((woman, man)) = event.couple() else { return };
            if woman.name.is_empty() || man.name.is_empty() {
                return;
            }
            give(match family {
                Family::Couple => mix(name(&woman.folded), name(&man.folded)),
                Family::Woman => mix(name(&woman.folded), given(man)),
                _ => mix(given(woman), name(&man.folded)),
            });
        }
        Family::Registration if event.number > 0 && event.registered.whole() => {
            let kind = Kind::ALL.iter().position(|kind| *kind == event.kind).unwrap_or(0);
            give(mix(mix(kind as u64, u64::from(event.number)), day(event.registered)));
        }
        Family::Death if event.death.whole() => {
            subjects.for_each(|person| give(mix(given(person), day(event.death))));
        }
        Family::Registration | Family::Death => {}
    }
}

fn name(name: &Name) -> u64 {
    name.syllables()
        .iter()
        .fold(name.syllables().len() as u64, |key, syllable| mix(key, u64::from(*syllable)))
}

fn given(person: &Person) -> u64 {
    u64::from(person.folded.syllables().last().copied().unwrap_or(0))
}

fn day(day: Day) -> u64 {
    day.year as u64 * 400 + day.month as u64 * 32 + day.day as u64
}

/// One key of two (the finaliser of SplitMix64; Steele, Lea and Flood, 2014).
fn mix(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(b).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
