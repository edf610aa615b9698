//! Entry numbers run on by one: the whole column is read at once.
//!
//! A hidden Markov model over the offset between the number of an entry and its place in the book:
//! it stays, or jumps where a page or a row is missing, twice or out of order. Forward and backward
//! sums give for every entry how likely each number is.

/// How likely the offset stays from one entry to the next.
const STAYS: f64 = 0.985;
/// How likely a jump, when there is one, is to higher numbers.
const FORWARD: f64 = 0.8;
/// How likely a number is that the reading does not hold, for every number there is.
const MISREAD: f64 = 0.004;

/// What a column says of one of its entries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct InSequence {
    /// The likeliest number.
    pub number: i64,
    /// How likely it is, 0..=1.
    pub likelihood: f64,
}

/// For every entry the number that runs on, from the numbers each may have by its reading alone
/// (value and likelihood, at most one of each value). None where nothing at all was read.
pub(crate) fn run_on(column: &[Vec<(i64, f64)>]) -> Option<Vec<InSequence>> {
    let offsets = offsets(column);
    if offsets.is_empty() {
        return None;
    }
    let emissions: Vec<Vec<f64>> = column
        .iter()
        .zip(0_i64..)
        .map(|(numbers, place)| offsets.iter().map(|offset| emission(numbers, place + offset)).collect())
        .collect();
    let forward = sums(&offsets, emissions.iter(), FORWARD);
    let mut backward = sums(&offsets, emissions.iter().rev(), 1.0 - FORWARD);
    backward.reverse();
    let found = forward.iter().zip(&backward).zip(&emissions).zip(0_i64..).map(|(((f, b), e), place)| {
        // Both sums hold the emission of the entry itself.
        let weights: Vec<f64> = f.iter().zip(b).zip(e).map(|((f, b), e)| f * b / e).collect();
        let total: f64 = weights.iter().sum();
        let best = (0..weights.len()).reduce(|a, b| if weights[b] > weights[a] { b } else { a });
        let best = best.unwrap_or_default();
        InSequence { number: place + offsets[best], likelihood: weights[best] / total }
    });
    Some(found.collect())
}

/// Every offset that some reading speaks for, in order.
fn offsets(column: &[Vec<(i64, f64)>]) -> Vec<i64> {
    let each = column.iter().zip(0_i64..);
    let mut all: Vec<i64> =
        each.flat_map(|(numbers, place)| numbers.iter().map(move |(number, _)| number - place)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn emission(numbers: &[(i64, f64)], number: i64) -> f64 {
    numbers.iter().find(|(read, _)| *read == number).map_or(0.0, |(_, likelihood)| *likelihood) + MISREAD
}

/// The sums of the likelihoods of all ways to each offset of each entry, scaled to 1 an entry.
/// `forward` is how likely a jump goes to a higher offset in the direction of the walk.
fn sums<'e>(offsets: &[i64], emissions: impl Iterator<Item = &'e Vec<f64>>, forward: f64) -> Vec<Vec<f64>> {
    let mut all: Vec<Vec<f64>> = Vec::new();
    for emission in emissions {
        let mut sums: Vec<f64> = match all.last() {
            None => vec![1.0; offsets.len()],
            Some(before) => steps(before, forward),
        };
        sums.iter_mut().zip(emission).for_each(|(sum, emission)| *sum *= emission);
        let total: f64 = sums.iter().sum();
        sums.iter_mut().for_each(|sum| *sum = (*sum / total).max(1e-300));
        all.push(sums);
    }
    all
}

/// One step: the offset stays, or jumps up or down to any other.
fn steps(before: &[f64], forward: f64) -> Vec<f64> {
    let total: f64 = before.iter().sum();
    let jump = (1.0 - STAYS) / before.len().max(2) as f64;
    let mut lower = 0.0;
    before
        .iter()
        .map(|own| {
            let higher = total - lower - own;
            let arrived = STAYS * own + 2.0 * jump * (forward * lower + (1.0 - forward) * higher);
            lower += own;
            arrived
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::run_on;

    fn numbers(column: &[Vec<(i64, f64)>]) -> Vec<i64> {
        run_on(column).unwrap().iter().map(|found| found.number).collect()
    }

    fn sure(numbers: &[i64]) -> Vec<Vec<(i64, f64)>> {
        numbers.iter().map(|number| vec![(*number, 0.98)]).collect()
    }

    #[test]
    fn a_misread_number_is_outvoted_by_its_neighbours() {
        let mut column = sure(&[27, 28, 29, 30, 31]);
        column[2] = vec![(19, 0.6), (29, 0.3)];
        assert_eq!(numbers(&column), [27, 28, 29, 30, 31]);
        column[2] = Vec::new();
        assert_eq!(numbers(&column), [27, 28, 29, 30, 31]);
        assert!(run_on(&column).unwrap()[2].likelihood > 0.9);
    }

    #[test]
    fn a_missing_page_is_a_jump_and_not_a_misreading() {
        let column = sure(&[5, 6, 7, 8, 12, 13, 14, 15]);
        assert_eq!(numbers(&column), [5, 6, 7, 8, 12, 13, 14, 15]);
        assert!(run_on(&column).unwrap().iter().all(|found| found.likelihood > 0.9));
    }

    #[test]
    fn a_lone_number_is_left_to_its_reading() {
        assert_eq!(numbers(&sure(&[41])), [41]);
        assert_eq!(run_on(&[Vec::new(), Vec::new()]), None);
        assert_eq!(run_on(&[]), None);
    }

    proptest! {
        #[test]
        fn one_misreading_never_moves_another_number(
            first in 1_i64..500, length in 6_usize..40, at in 0_usize..40, read in 1_i64..600,
        ) {
            let written: Vec<i64> = (first..).take(length).collect();
            let mut column = sure(&written);
            column[at % length] = vec![(read, 0.9)];
            let found = numbers(&column);
            for (place, number) in written.iter().enumerate() {
                prop_assert!(found[place] == *number || place == at % length);
            }
        }
    }
}
