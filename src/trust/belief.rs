//! What a field may say, value by value, as the reading and then the evidence has it.

use crate::domain::{DraftField, Seconded, text::comparable};

/// The part of a reading that is never ruled out: what was read may be something no engine proposed.
const ELSEWHERE: f64 = 0.01;

/// One value a field may have.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    /// Which candidate of the field it is; the likeliest text of the value.
    pub candidate: usize,
    /// The value.
    pub value: String,
    /// The value as values are compared.
    pub comparable: String,
    /// How likely the reading alone holds it, 0..=1.
    pub read: f64,
    /// Whether a second engine reads it.
    pub seconded: Seconded,
    /// The same weighed with evidence, as the logarithm of a weight.
    pub weight: f64,
}

/// The values one field may have.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Belief {
    /// The values, the one that the reading alone speaks for first; empty when nothing was read.
    pub choices: Vec<Choice>,
    /// How likely the reading is none of them.
    pub elsewhere: f64,
}

impl Belief {
    /// What the reading of `field` alone says, or the person who settled it.
    pub(super) fn of(field: &DraftField) -> Self {
        if field.settled {
            return Self::certain(&field.value);
        }
        let mut choices: Vec<Choice> = Vec::new();
        for (candidate, read) in field.candidates.iter().enumerate() {
            if read.value.is_empty() {
                continue;
            }
            let value = comparable(&read.value);
            match choices.iter_mut().find(|choice| choice.comparable == value) {
                Some(known) => {
                    known.read += read.confidence.get();
                    known.seconded = known.seconded.max(read.seconded);
                }
                None => choices.push(Choice {
                    candidate,
                    value: read.value.clone(),
                    comparable: value,
                    read: read.confidence.get(),
                    seconded: read.seconded,
                    weight: 0.0,
                }),
            }
        }
        let sum: f64 = choices.iter().map(|choice| choice.read).sum();
        let scale = if sum > 1.0 - ELSEWHERE { (1.0 - ELSEWHERE) / sum } else { 1.0 };
        for choice in &mut choices {
            choice.weight = (choice.read * scale).max(1e-9).ln();
        }
        Self { elsewhere: (1.0 - sum * scale).max(ELSEWHERE), choices }
    }

    /// What a person said: the value, or that there is none.
    fn certain(value: &str) -> Self {
        let choice = Choice {
            candidate: 0,
            value: value.to_owned(),
            comparable: comparable(value),
            read: 1.0,
            seconded: Seconded::Unknown,
            weight: 0.0,
        };
        let choices = if value.is_empty() { Vec::new() } else { vec![choice] };
        Self { choices, elsewhere: 1e-6 }
    }

    /// Weighs every value by the likelihood (logarithm) that `evidence` gives it.
    pub(super) fn weigh(&mut self, evidence: impl Fn(&Choice) -> f64) {
        for choice in &mut self.choices {
            choice.weight += evidence(choice);
        }
    }

    /// The value most likely after the evidence; the earlier one of equals.
    pub(super) fn best(&self) -> Option<&Choice> {
        self.choices.iter().reduce(|best, other| if other.weight > best.weight { other } else { best })
    }

    /// How likely `choice` is after the evidence, among all values and none of them.
    pub(super) fn likelihood(&self, choice: &Choice) -> f64 {
        let all: f64 = self.choices.iter().map(|choice| choice.weight.exp()).sum();
        choice.weight.exp() / (all + self.elsewhere)
    }

    /// How likely the value that is compared as `comparable` is.
    pub(super) fn likelihood_of(&self, comparable: &str) -> f64 {
        let choice = self.choices.iter().find(|choice| choice.comparable == comparable);
        choice.map_or(0.0, |choice| self.likelihood(choice))
    }

    /// How much likelier the best value is than the next, as the logarithm of the odds.
    pub(super) fn margin(&self) -> f64 {
        let Some(best) = self.best() else { return 0.0 };
        let others = self.choices.iter().filter(|other| other.candidate != best.candidate);
        let next = others.map(|other| other.weight).fold(self.elsewhere.ln(), f64::max);
        best.weight - next
    }
}
