//! How many errors remain when the surest values go to nobody: risk against coverage (El-Yaniv and Wiener,
//! "On the foundations of noise-free selective classification", JMLR 11, 2010).

use serde::Serialize;

/// The limits on errors at which coverage is told.
pub const LIMITS: [f64; 6] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05];

/// Points of a curve: one for every hundredth of the values.
const POINTS: usize = 100;

/// Errors that remain, by how many of the values are taken, the surest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// The share of errors among the surest 1 %, 2 %, ... 100 % of the values.
    pub risk: Vec<f64>,
    /// The largest share of the values with no more errors than each of [`LIMITS`].
    pub coverage: [f64; LIMITS.len()],
    /// The area below the curve: the mean of the share of errors over all coverages.
    pub area: f64,
}

impl Curve {
    /// The curve of values with their confidence and whether they are right; of equals the wrong ones
    /// count first.
    #[must_use]
    pub fn of(mut values: Vec<(f64, bool)>) -> Self {
        values.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut wrong = 0;
        let risks: Vec<f64> = values
            .iter()
            .zip(1_usize..)
            .map(|((_, right), taken)| {
                wrong += usize::from(!right);
                wrong as f64 / taken as f64
            })
            .collect();
        let all = risks.len().max(1);
        let at =
            |hundredth: usize| risks.get((all * hundredth / POINTS).max(1) - 1).copied().unwrap_or_default();
        let within = |limit: f64| risks.iter().rposition(|risk| *risk <= limit).map_or(0, |last| last + 1);
        Self {
            risk: (1..=POINTS).map(at).collect(),
            coverage: LIMITS.map(|limit| within(limit) as f64 / all as f64),
            area: risks.iter().sum::<f64>() / all as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Curve;

    #[test]
    fn the_surest_are_taken_first() {
        let mut values: Vec<(f64, bool)> =
            (0..1000).map(|place| (1.0 - f64::from(place) / 2000.0, true)).collect();
        values[900..].iter_mut().for_each(|value| value.1 = false);
        let curve = Curve::of(values);
        assert_eq!((curve.risk[89], curve.risk[99]), (0.0, 0.1));
        assert!((curve.coverage[3] - 0.909).abs() < 1e-9, "{:?}", curve.coverage);
        assert!(curve.area > 0.0 && curve.area < 0.01);
        assert_eq!(Curve::of(Vec::new()).coverage[0], 0.0);
    }
}
