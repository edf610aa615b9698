//! Likelihoods at each step to texts: which text the ink and the kind of the field speak for together.

mod language;
mod search;
mod syllables;
mod trie;
mod vocabulary;

use search::{Candidate, search};

use super::network::Likelihoods;
use crate::domain::{
    Alternative, CharacterReading, Confidence, EngineVersion, FieldType, Reading, SecondReading, text,
};

/// Other texts kept for a line.
const MOST_ALTERNATIVES: usize = 8;
/// Other characters kept at a place.
const MOST_CHARACTERS: usize = 3;
/// A line is empty only when that is likelier than any writing at all.
const LIKELY_EMPTY: f32 = -0.693;

/// What is decoded: where the network saw what, and what may stand there.
pub(super) struct Seen<'a> {
    /// The network's answer.
    pub likelihoods: &'a Likelihoods,
    /// The characters of classes 1, 2, ...
    pub characters: &'a [char],
    /// Columns of the crop per step.
    pub columns_per_step: f32,
}

/// The likeliest reading of a line, with the other texts it may hold.
pub(super) fn decode(seen: &Seen<'_>, field_type: FieldType, engine: EngineVersion) -> Reading {
    let language = vocabulary::language(field_type);
    let found = search(seen.likelihoods, seen.characters, language);
    let empty = |candidate: &Candidate| candidate.classes.is_empty();
    let is_empty = found.iter().any(|c| empty(c) && c.ink > LIKELY_EMPTY);
    let written: Vec<Candidate> = found.into_iter().filter(|c| !empty(c)).collect();
    let Some(best) = written.first().filter(|_| !is_empty) else {
        let (characters, alternatives) = (Vec::new(), Vec::new());
        return Reading {
            text: String::new(),
            confidence: Confidence::NONE,
            characters,
            alternatives,
            engine,
            second: SecondReading::None,
        };
    };
    let total: f32 = written.iter().map(|other| (other.score - best.score).exp()).sum();
    let seen_at_all: f32 = written.iter().map(|other| other.ink.exp()).sum::<f32>().min(1.0);
    let share = |candidate: &Candidate| {
        Confidence::clamped(f64::from((candidate.score - best.score).exp() / total * seen_at_all))
    };
    let spelled = |candidate: &Candidate| {
        let letters = candidate.classes.iter().map(|class| seen.characters[*class as usize - 1]);
        text::clean(&letters.collect::<String>())
    };
    let others = written.iter().skip(1).take(MOST_ALTERNATIVES);
    let alternatives =
        others.map(|other| Alternative { text: spelled(other), confidence: share(other) }).collect();
    let characters = characters(seen, best);
    let (text, confidence) = (spelled(best), share(best));
    Reading { text, confidence, characters, alternatives, engine, second: SecondReading::None }
}

/// The characters of a text with where each was seen and what else was seen there.
fn characters(seen: &Seen<'_>, text: &Candidate) -> Vec<CharacterReading> {
    let steps: Vec<&[f32]> = seen.likelihoods.steps().collect();
    let mut all = Vec::with_capacity(text.classes.len());
    for (i, (class, step)) in text.classes.iter().zip(&text.steps).enumerate() {
        let character = seen.characters[*class as usize - 1];
        if character == ' ' {
            continue;
        }
        let begin = if i == 0 { step.saturating_sub(2) } else { (text.steps[i - 1] + step) / 2 };
        let end = text.steps.get(i + 1).map_or(step + 3, |next| (step + next).div_ceil(2));
        let column = |step: usize| (step as f32 * seen.columns_per_step).round() as i32;
        all.push(CharacterReading {
            text: character.to_string(),
            confidence: Confidence::clamped(f64::from(steps[*step][*class as usize].exp())),
            columns: (column(begin), column(end)),
            alternatives: others(seen, steps[*step], *class),
        });
    }
    all
}

/// What else may stand at a step, best first.
fn others(seen: &Seen<'_>, step: &[f32], chosen: u16) -> Vec<Alternative> {
    let mut all: Vec<(usize, f32)> = (1..step.len())
        .filter(|class| *class != chosen as usize && step[*class] > -7.0 && seen.characters[class - 1] != ' ')
        .map(|class| (class, step[class]))
        .collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let best = all.into_iter().take(MOST_CHARACTERS);
    let likely = |log: f32| Confidence::clamped(f64::from(log.exp()));
    best.map(|(class, log)| Alternative {
        text: seen.characters[class - 1].to_string(),
        confidence: likely(log),
    })
    .collect()
}

#[cfg(test)]
mod tests;
