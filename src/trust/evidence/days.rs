//! Registration dates do not go back: the whole column is read at once.
//!
//! A hidden Markov model over the dates each entry may have by its reading, with one more state for
//! a date that no reading holds; forward and backward sums give the likelihood of each.

use crate::domain::PartialDate;

/// How likely a date that no reading holds is at least.
const MISREAD: f64 = 0.02;

/// How well `later` follows `earlier` in a book, 0..=1: within a month mostly, never before.
fn follows(earlier: PartialDate, later: PartialDate) -> f64 {
    let days = |date: PartialDate| date.earliest().since(date_zero()).map_or(0, |span| span.get_days());
    let first = days(earlier);
    let last = later.latest().since(date_zero()).map_or(0, |span| span.get_days());
    match last - first {
        0..=31 => 1.0,
        32..=366 => 0.15,
        _ => 0.004,
    }
}

fn date_zero() -> jiff::civil::Date {
    jiff::civil::Date::constant(1800, 1, 1)
}

/// How well a date that no reading holds fits between two others.
const UNKNOWN: f64 = 0.5;

/// For every entry how likely each of its dates is in the column, from what the readings alone say
/// (date and likelihood).
pub(crate) fn in_order(column: &[Vec<(PartialDate, f64)>]) -> Vec<Vec<f64>> {
    let forward = sums(column.iter(), |before, after| match (before, after) {
        (Some(before), Some(after)) => follows(before, after),
        _ => UNKNOWN,
    });
    let mut backward = sums(column.iter().rev(), |after, before| match (before, after) {
        (Some(before), Some(after)) => follows(before, after),
        _ => UNKNOWN,
    });
    backward.reverse();
    let each = column.iter().zip(forward.iter().zip(&backward));
    each.map(|(dates, (forward, backward))| {
        let emissions = emissions(dates);
        let weights: Vec<f64> =
            forward.iter().zip(backward).zip(&emissions).map(|((f, b), e)| f * b / e).collect();
        let total: f64 = weights.iter().sum();
        weights[..dates.len()].iter().map(|weight| weight / total).collect()
    })
    .collect()
}

/// The likelihood of each date by its reading, and last that of any other.
fn emissions(dates: &[(PartialDate, f64)]) -> Vec<f64> {
    let read: f64 = dates.iter().map(|(_, likelihood)| likelihood).sum();
    let each = dates.iter().map(|(_, likelihood)| likelihood.max(1e-6));
    each.chain(std::iter::once((1.0 - read).max(MISREAD))).collect()
}

fn sums<'c>(
    column: impl Iterator<Item = &'c Vec<(PartialDate, f64)>>,
    fits: impl Fn(Option<PartialDate>, Option<PartialDate>) -> f64,
) -> Vec<Vec<f64>> {
    let mut all: Vec<Vec<f64>> = Vec::new();
    let mut before: Vec<Option<PartialDate>> = Vec::new();
    for dates in column {
        let states: Vec<Option<PartialDate>> =
            dates.iter().map(|(date, _)| Some(*date)).chain(std::iter::once(None)).collect();
        let mut sums: Vec<f64> = match all.last() {
            None => vec![1.0; states.len()],
            Some(last) => states
                .iter()
                .map(|state| last.iter().zip(&before).map(|(sum, from)| sum * fits(*from, *state)).sum())
                .collect(),
        };
        sums.iter_mut().zip(emissions(dates)).for_each(|(sum, emission)| *sum *= emission);
        let total: f64 = sums.iter().sum();
        sums.iter_mut().for_each(|sum| *sum /= total);
        all.push(sums);
        before = states;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn a_date_between_its_neighbours_wins() {
        let date = |text: &str, likelihood| (text.parse().unwrap(), likelihood);
        let column = vec![
            vec![date("1975-03-02", 0.95)],
            vec![date("1975-08-04", 0.6), date("1975-03-04", 0.3)],
            vec![date("1975-03-07", 0.95)],
        ];
        let found = in_order(&column);
        assert!(found[1][1] > found[1][0], "{found:?}");
        assert!(found[0][0] > 0.9 && found[2][0] > 0.9);
        assert_eq!(in_order(&[Vec::new()]), [Vec::<f64>::new()]);
    }
}
