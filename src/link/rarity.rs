//! How likely two people share a name by chance, from the names of the store itself.

use std::collections::HashMap;

use super::event::Events;
use super::syllables::Name;

/// The name counts as met by this share even when nobody else in the store bears it.
const LEAST: f64 = 1e-9;

/// How often syllables are family names, middle names and given names, and whole names are borne.
#[derive(Debug, Default)]
pub(super) struct Rarity {
    people: f64,
    exact: [HashMap<u16, u32>; 3],
    folded: [HashMap<u16, u32>; 3],
    whole: HashMap<Name, u32>,
}

/// Where in a name a syllable stands.
fn part(place: usize, length: usize) -> usize {
    match place {
        0 => 0,
        place if place + 1 == length => 2,
        _ => 1,
    }
}

impl Rarity {
    /// Counts the names of everybody in the store.
    pub fn of(events: &Events) -> Self {
        let mut rarity = Self::default();
        let people =
            events.list.iter().flat_map(|event| &event.people).filter(|person| !person.name.is_empty());
        for person in people {
            rarity.people += 1.0;
            count(&mut rarity.exact, &person.name);
            count(&mut rarity.folded, &person.folded);
            *rarity.whole.entry(person.folded).or_default() += 1;
        }
        rarity.people = rarity.people.max(1.0);
        rarity
    }

    /// The chance that somebody else bears `name`, accents and all.
    pub fn exact(&self, name: &Name, folded: &Name) -> f64 {
        let product = chance(&self.exact, name, None, self.people);
        product.max(self.borne(folded) * product / self.folded(folded).max(LEAST)).max(LEAST)
    }

    /// The chance that somebody else bears `folded`, a name without accents.
    pub fn folded(&self, folded: &Name) -> f64 {
        chance(&self.folded, folded, None, self.people).max(self.borne(folded)).max(LEAST)
    }

    /// The chance of `folded` with any syllable in place of the one at `place`.
    pub fn without(&self, folded: &Name, place: usize) -> f64 {
        chance(&self.folded, folded, Some(place), self.people).max(self.folded(folded))
    }

    /// The share of people who bear the name, the two that are compared left out.
    fn borne(&self, folded: &Name) -> f64 {
        f64::from(self.whole.get(folded).copied().unwrap_or(0).saturating_sub(2)) / self.people
    }
}

fn count(parts: &mut [HashMap<u16, u32>; 3], name: &Name) {
    let length = name.syllables().len();
    for (place, syllable) in name.syllables().iter().enumerate() {
        *parts[part(place, length)].entry(*syllable).or_default() += 1;
    }
}

/// The product of the shares of the syllables in their parts of the name, `left_out` left out.
fn chance(parts: &[HashMap<u16, u32>; 3], name: &Name, left_out: Option<usize>, people: f64) -> f64 {
    let length = name.syllables().len();
    let syllables = name.syllables().iter().enumerate().filter(|(place, _)| Some(*place) != left_out);
    syllables
        .map(|(place, syllable)| {
            let met = parts[part(place, length)].get(syllable).copied().unwrap_or(0);
            (f64::from(met) + 0.5) / (people + 1.0)
        })
        .product()
}
