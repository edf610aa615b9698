//! Logistic regression with a quadratic penalty, fitted by Newton's method (iteratively reweighted least
//! squares; Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", 4.4.1).

use nalgebra::{DMatrix, DVector};

/// Newton's steps at most; it settles in about ten.
const STEPS: usize = 30;

/// One observation: the numbers that are not zero by their place, and whether it was right.
#[derive(Debug, Clone)]
pub(super) struct Observation {
    pub numbers: Vec<(usize, f64)>,
    pub right: bool,
}

/// The weights of `penalties.len()` numbers that make the observations likeliest, each drawn to where it
/// starts by its penalty (which must be above 0).
pub(super) fn fit(observations: &[Observation], penalties: &[f64], start: &[f64]) -> Vec<f64> {
    let size = penalties.len();
    let mut weights = DVector::from_column_slice(start);
    for _ in 0..STEPS {
        let mut slope = DVector::<f64>::zeros(size);
        let mut curvature = DMatrix::<f64>::zeros(size, size);
        for (place, penalty) in penalties.iter().enumerate() {
            slope[place] = -penalty * (weights[place] - start[place]);
            curvature[(place, place)] = *penalty;
        }
        for observation in observations {
            let likely = likelihood(&observation.numbers, weights.as_slice());
            let off = f64::from(u8::from(observation.right)) - likely;
            let spread = (likely * (1.0 - likely)).max(1e-9);
            for (row, a) in &observation.numbers {
                slope[*row] += off * a;
                for (column, b) in &observation.numbers {
                    curvature[(*row, *column)] += spread * a * b;
                }
            }
        }
        // Positive definite by the penalties.
        let Some(step) = curvature.cholesky().map(|cholesky| cholesky.solve(&slope)) else { break };
        let longest = step.amax();
        // A long step overshoots where the likelihood is flat.
        weights += step * (2.0 / longest.max(2.0));
        if longest < 1e-6 {
            break;
        }
    }
    weights.as_slice().to_vec()
}

/// How likely an observation with these numbers is right.
pub(super) fn likelihood(numbers: &[(usize, f64)], weights: &[f64]) -> f64 {
    let sum: f64 = numbers.iter().map(|(place, number)| weights[*place] * number).sum();
    1.0 / (1.0 + (-sum).exp())
}

#[cfg(test)]
mod tests {
    use super::{Observation, fit, likelihood};

    #[test]
    fn shares_become_likelihoods() {
        let observation = |x: f64, right| Observation { numbers: vec![(0, 1.0), (1, x)], right };
        let mut all = Vec::new();
        for (x, right, of) in [(0.0, 50, 100), (1.0, 90, 100)] {
            all.extend((0..of).map(|n| observation(x, n < right)));
        }
        let weights = fit(&all, &[1e-6, 1e-6], &[0.0; 2]);
        let at = |x| likelihood(&[(0, 1.0), (1, x)], &weights);
        assert!((at(0.0) - 0.5).abs() < 1e-3 && (at(1.0) - 0.9).abs() < 1e-3);
    }

    #[test]
    fn what_never_fails_keeps_a_doubt() {
        let all = vec![Observation { numbers: vec![(0, 1.0)], right: true }; 50];
        let weights = fit(&all, &[0.1], &[0.0]);
        let sure = likelihood(&[(0, 1.0)], &weights);
        assert!(sure > 0.95 && sure < 1.0);
    }

    #[test]
    fn little_data_stays_near_what_is_known() {
        let few = vec![Observation { numbers: vec![(0, 1.0)], right: false }; 3];
        let weights = fit(&few, &[20.0], &[3.0]);
        assert!(weights[0] < 3.0 && weights[0] > 2.5, "{weights:?}");
    }
}
