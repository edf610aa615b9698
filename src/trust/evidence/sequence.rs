//! Entry numbers run on by one: the whole column is read at once.
//!
//! A hidden Markov model over the offset between the number of an entry and its place in the book:
//! it stays, or jumps where a page or a row is missing, twice or out of order, or a year begins.
//! Forward and backward sums give for every entry how likely each number is.

/// How likely the offset stays from one entry to the next.
const STAYS: f64 = 0.985;
/// The shares of the jumps: to higher numbers, to lower ones, to the first ones of a year.
const FORWARD: f64 = 0.6;
const BACKWARD: f64 = 0.25;
const NEW_YEAR: f64 = 0.15;
/// The numbers that the first entry of a year may have; those before it are missing.
const FIRST_OF_A_YEAR: i64 = 3;
/// How likely a number is that the reading does not hold, for every number there is, where the reading has this doubt
/// or more; ...
const MISREAD: f64 = 0.004;
const DOUBTFUL: f64 = 0.1;
/// ... where it has less, less by the square of it: of numbers of made books that were read with a doubt of 0.05 to 0.1, 6 in 103 were
/// wrong, of 4,000 with a hundredth or less, one (a figure was missing).
const LEAST_DOUBT: f64 = 0.01;
/// How likely a number is that differs from the one read in one figure other than the last. The last
/// figure changes from entry to entry, another one stays, and a hand whose 4 reads as 9 does so again
/// and again: such readings bear each other out less than others do.
const MISREAD_AGAIN: f64 = 0.2;
/// Ways less likely than this are not followed.
const NEGLIGIBLE: f64 = 1e-7;

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
    let rows: Vec<Row> = column
        .iter()
        .zip(0_i64..)
        .map(|(read, place)| {
            let numbers: Vec<i64> = offsets.iter().map(|offset| place + offset).collect();
            let emissions = numbers.iter().map(|number| emission(read, *number)).collect();
            Row { numbers, emissions }
        })
        .collect();
    let forward = sums(rows.iter(), follows);
    let mut backward = sums(rows.iter().rev(), |after, before| follows(before, after));
    backward.reverse();
    let found = forward.iter().zip(&backward).zip(&rows).map(|((f, b), row)| {
        // Both sums hold the emission of the entry itself.
        let weights: Vec<f64> = f.iter().zip(b).zip(&row.emissions).map(|((f, b), e)| f * b / e).collect();
        let total: f64 = weights.iter().sum();
        let best = (0..weights.len()).reduce(|a, b| if weights[b] > weights[a] { b } else { a });
        let best = best.unwrap_or_default();
        InSequence { number: row.numbers[best], likelihood: weights[best] / total }
    });
    Some(found.collect())
}

/// What may be the number of one entry, one for each offset, and how likely each is by the reading.
struct Row {
    numbers: Vec<i64>,
    emissions: Vec<f64>,
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

fn emission(read: &[(i64, f64)], number: i64) -> f64 {
    let shares = read.iter().map(|(other, likelihood)| match *other {
        same if same == number => *likelihood,
        other if differ_in_a_figure_that_stays(other, number) => MISREAD_AGAIN * likelihood,
        _ => 0.0,
    });
    let surest = read.iter().map(|(_, likelihood)| *likelihood).fold(0.0, f64::max);
    let doubt = (1.0 - surest).clamp(LEAST_DOUBT, DOUBTFUL);
    shares.sum::<f64>() + MISREAD * (doubt / DOUBTFUL).powi(2)
}

/// Whether two numbers of as many figures differ in one figure, which is not the last.
fn differ_in_a_figure_that_stays(one: i64, other: i64) -> bool {
    let mut difference = (one - other).abs();
    if one.min(other) < 10 || difference == 0 || one.ilog10() != other.ilog10() {
        return false;
    }
    let mut power = 1;
    while difference % 10 == 0 {
        difference /= 10;
        power *= 10;
    }
    // 190 and 200 differ by one ten and in two figures.
    power > 1 && difference < 10 && one / (power * 10) == other / (power * 10)
}

/// The sum of 1 / n^1.5 over all n from 1.
const ALL_DISTANCES: f64 = 2.612;

/// How likely the entry after the one with the number `before` has the number `after`: the next one
/// mostly, else rather one that lies near.
fn follows(before: i64, after: i64) -> f64 {
    let jump = after - before - 1;
    let near = || {
        let distance = jump.unsigned_abs() as f64;
        1.0 / (distance * distance.sqrt() * ALL_DISTANCES)
    };
    let jumps = match jump {
        0 => return STAYS,
        1.. => FORWARD * near(),
        _ if (1..=FIRST_OF_A_YEAR).contains(&after) => NEW_YEAR / FIRST_OF_A_YEAR as f64,
        _ => BACKWARD * near(),
    };
    (1.0 - STAYS) * jumps
}

/// The sums of the likelihoods of all ways to each number of each entry, scaled to 1 an entry. `step`:
/// how likely a way leads from the number of one entry to that of the next, in the direction of the walk.
fn sums<'r>(rows: impl Iterator<Item = &'r Row>, step: impl Fn(i64, i64) -> f64) -> Vec<Vec<f64>> {
    let mut all: Vec<Vec<f64>> = Vec::new();
    let mut last: Option<&Row> = None;
    for row in rows {
        let mut sums = match (all.last(), last) {
            (Some(sums), Some(last)) => {
                let from: Vec<(&i64, &f64)> =
                    last.numbers.iter().zip(sums).filter(|(_, sum)| **sum > NEGLIGIBLE).collect();
                let arrived =
                    |number: &i64| from.iter().map(|(from, sum)| *sum * step(**from, *number)).sum();
                row.numbers.iter().map(arrived).collect()
            }
            _ => vec![1.0; row.numbers.len()],
        };
        sums.iter_mut().zip(&row.emissions).for_each(|(sum, emission)| *sum *= emission);
        let total: f64 = sums.iter().sum();
        sums.iter_mut().for_each(|sum| *sum = (*sum / total).max(1e-300));
        all.push(sums);
        last = Some(row);
    }
    all
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
    fn a_page_missing_after_the_first_or_before_the_last_leaves_their_numbers_sure() {
        for written in [[49, 51, 52, 53], [130, 131, 132, 134]] {
            let column: Vec<_> = written.iter().map(|number| vec![(*number, 0.99)]).collect();
            assert_eq!(numbers(&column), written);
            assert!(run_on(&column).unwrap().iter().all(|found| found.likelihood > 0.95));
            // With doubts, either may be.
            let column: Vec<_> = written.iter().map(|number| vec![(*number, 0.9)]).collect();
            assert!(run_on(&column).unwrap().iter().any(|found| found.likelihood < 0.9));
        }
    }

    #[test]
    fn a_figure_misread_again_and_again_is_no_jump() {
        // A hand whose 4 reads as 9: 130, ... 139, 190, ... 194.
        let before: Vec<i64> = (130..140).collect();
        let mut column = sure(&before);
        column.extend((140..145).map(|number| vec![(number + 50, 0.9), (number, 0.08)]));
        assert_eq!(numbers(&column), (130..145).collect::<Vec<_>>());
        // Where much more speaks for the jump, it is one.
        let jump: Vec<i64> = before.into_iter().chain(190..202).collect();
        assert_eq!(numbers(&sure(&jump)), jump);
    }

    #[test]
    fn a_year_begins_anew() {
        let years: Vec<i64> = (203..210).chain(1..9).collect();
        assert_eq!(numbers(&sure(&years)), years);
        assert!(run_on(&sure(&years)).unwrap().iter().all(|found| found.likelihood > 0.9));
    }

    #[test]
    fn figures_that_stay() {
        for (one, other, differ) in [
            (140, 190, true),
            (25, 85, true),
            (1_204, 1_304, true),
            (190, 200, false),
            (141, 147, false),
            (95, 195, false),
            (7, 9, false),
            (140, 140, false),
            (1_140, 2_240, false),
        ] {
            assert_eq!(super::differ_in_a_figure_that_stays(one, other), differ, "{one} {other}");
            assert_eq!(super::differ_in_a_figure_that_stays(other, one), differ, "{other} {one}");
        }
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
