//! What a field may say and how likely each text is: a weighted automaton of word lists.
//!
//! A language is a set of slots, each a list of words (or any letters at all), and the ways from one
//! slot to the next. The likelihood of the beginning of a text is the sum over all the ways to write
//! it, so a word that is in no list stays possible: it only has to be seen more clearly.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::trie::{ROOT, Trie};

/// Ways of writing a text that are this much less likely (as a logarithm) than the best are dropped.
const NEGLIGIBLE: f32 = 30.0;
/// The logarithm of what cannot be.
pub(super) const NEVER: f32 = -1e9;

/// Names a slot of a language while it is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SlotId(usize);

/// A language of values.
#[derive(Debug, Clone)]
pub(super) struct Language {
    slots: Vec<Slot>,
    starts: Vec<(usize, f32)>,
    /// How likely a word begins with a capital.
    capital: f32,
}

#[derive(Debug, Clone)]
struct Slot {
    words: Words,
    next: Vec<(usize, f32)>,
    stop: f32,
}

#[derive(Debug, Clone)]
enum Words {
    Listed(Arc<Trie>),
    /// Any run of these characters; after each the run goes on with this likelihood.
    Any {
        characters: Arc<Characters>,
        go_on: f32,
    },
}

/// Characters with the logarithms of their likelihoods.
pub(super) type Characters = BTreeMap<char, f32>;

/// How far a text has come.
#[derive(Debug, Clone)]
pub(super) struct State {
    places: Vec<Place>,
    case: f32,
    last: Option<char>,
    before: Option<char>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    slot: usize,
    node: u32,
    log: f32,
}

impl Language {
    /// A language without slots, whose words begin with a capital this often.
    pub(super) fn new(capital: f32) -> Self {
        Self { slots: Vec::new(), starts: Vec::new(), capital }
    }

    /// A slot of listed words.
    pub(super) fn listed(&mut self, words: &Arc<Trie>) -> SlotId {
        self.slot(Words::Listed(words.clone()))
    }

    /// A slot of any run of `characters`, on average 1 / (1 - `go_on`) long.
    pub(super) fn any(&mut self, characters: &Arc<Characters>, go_on: f32) -> SlotId {
        self.slot(Words::Any { characters: characters.clone(), go_on })
    }

    fn slot(&mut self, words: Words) -> SlotId {
        self.slots.push(Slot { words, next: Vec::new(), stop: NEVER });
        SlotId(self.slots.len() - 1)
    }

    /// Texts begin in `slot` with this likelihood.
    pub(super) fn starts(&mut self, slot: SlotId, likelihood: f32) {
        self.starts.push((slot.0, likelihood.ln()));
    }

    /// After a word of `from` a word of `to` follows with this likelihood.
    pub(super) fn follows(&mut self, from: SlotId, to: SlotId, likelihood: f32) {
        self.slots[from.0].next.push((to.0, likelihood.ln()));
    }

    /// After a word of `slot` the text ends with this likelihood.
    pub(super) fn stops(&mut self, slot: SlotId, likelihood: f32) {
        self.slots[slot.0].stop = likelihood.ln();
    }

    /// Before the first character.
    pub(super) fn beginning(&self) -> State {
        let places = self.starts.iter().map(|(slot, log)| Place { slot: *slot, node: ROOT, log: *log });
        State { places: places.collect(), case: 0.0, last: None, before: None }
    }

    /// One character further; none when no text goes on so.
    pub(super) fn after(&self, state: &State, character: char) -> Option<State> {
        let lower = character.to_lowercase().next().unwrap_or(character);
        let mut places = Vec::with_capacity(state.places.len());
        for place in &state.places {
            self.step(*place, lower, place.log, &mut places);
            let Some(end) = self.end_of_word(*place) else { continue };
            for (slot, log) in &self.slots[place.slot].next {
                let entered = Place { slot: *slot, node: ROOT, log: 0.0 };
                self.step(entered, lower, place.log + end + log, &mut places);
            }
        }
        let best = places.iter().map(|place| place.log).fold(NEVER, f32::max);
        places.retain(|place| place.log > best - NEGLIGIBLE);
        let case = state.case + self.case(state, character);
        (!places.is_empty()).then_some(State { places, case, last: Some(character), before: state.last })
    }

    /// Adds where `letter` leads from `place`, reached with the logarithm `log`.
    fn step(&self, place: Place, letter: char, log: f32, places: &mut Vec<Place>) {
        let reached = match &self.slots[place.slot].words {
            Words::Listed(trie) => trie.child(place.node, letter).map(|child| Place {
                node: child,
                log: log + trie.share(place.node, child).ln() as f32,
                ..place
            }),
            Words::Any { characters, go_on } => characters.get(&letter).map(|likelihood| {
                let again = if place.node == ROOT { 0.0 } else { go_on.ln() };
                Place { node: ROOT + 1, log: log + again + likelihood, ..place }
            }),
        };
        let Some(reached) = reached else { return };
        match places.iter_mut().find(|p| p.slot == reached.slot && p.node == reached.node) {
            Some(known) => known.log = sum_of_logs(known.log, reached.log),
            None => places.push(reached),
        }
    }

    /// The logarithm of the likelihood that the word at `place` ends there.
    fn end_of_word(&self, place: Place) -> Option<f32> {
        let share = match &self.slots[place.slot].words {
            Words::Listed(trie) => trie.end_share(place.node) as f32,
            Words::Any { go_on, .. } => {
                if place.node == ROOT {
                    0.0
                } else {
                    1.0 - go_on
                }
            }
        };
        (share > 0.0).then(|| share.ln())
    }

    /// The logarithm of the likelihood of all texts that begin like this one.
    pub(super) fn likelihood(&self, state: &State) -> f32 {
        state.case + state.places.iter().fold(NEVER, |sum, place| sum_of_logs(sum, place.log))
    }

    /// The logarithm of the likelihood that the text is this and nothing more.
    pub(super) fn whole(&self, state: &State) -> f32 {
        let ends = state.places.iter().filter_map(|place| {
            let end = self.end_of_word(*place)?;
            Some(place.log + end + self.slots[place.slot].stop)
        });
        state.case + ends.fold(NEVER, sum_of_logs)
    }

    /// The logarithm of the likelihood that `character` is a capital or not where it stands.
    fn case(&self, state: &State, character: char) -> f32 {
        if !character.is_alphabetic() {
            return 0.0;
        }
        let capital = match (state.before, state.last) {
            (_, None) => self.capital.max(0.75),
            (_, Some(last)) if !last.is_alphabetic() => self.capital,
            (_, Some(last)) if last.is_lowercase() => 0.004,
            (Some(before), _) if before.is_alphabetic() => {
                if before.is_uppercase() {
                    0.97
                } else {
                    0.1
                }
            }
            _ => 0.2,
        };
        if character.is_uppercase() { capital.ln() } else { (1.0 - capital).ln() }
    }
}

/// The logarithm of the sum of two numbers given as logarithms.
pub(super) fn sum_of_logs(a: f32, b: f32) -> f32 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low < high - 30.0 { high } else { high + (low - high).exp().ln_1p() }
}
