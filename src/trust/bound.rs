//! How many errors there may be at most, and where to draw the line so that a limit is kept.
//!
//! Bound: Clopper and Pearson, "The use of confidence or fiducial limits" (Biometrika 26, 1934), one
//! side. Line: fixed-sequence testing as in Angelopoulos and others, "Learn then test" (2021): lines
//! are tried in an order set before any error is looked at, until one fails; so the chance that the
//! line taken breaks the limit is at most that of one test. Three sequences share the risk: half of it is
//! for the one from the strictest line on, a quarter each for those from the lines that half and three quarters of the
//! values pass: an error or two among the surest values, which no line keeps out, do not close a line that has thousands
//! of values to show.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Contract;

/// How likely a bound may be broken by chance.
pub const RISK: f64 = 0.05;
/// The part of it for the sequence from the strictest line on.
const FROM_STRICTEST: f64 = RISK / 2.0;
/// The part of it for each of the other two.
const FROM_WITHIN: f64 = RISK / 4.0;

/// The share of errors that is not exceeded, with 95 % certainty, where `wrong` of `verified` values
/// were wrong; 1 when none was verified.
#[must_use]
pub fn upper_bound(wrong: u64, verified: u64) -> f64 {
    bound_at(RISK, wrong, verified)
}

/// The same with another risk.
fn bound_at(risk: f64, wrong: u64, verified: u64) -> f64 {
    if wrong >= verified {
        return 1.0;
    }
    let (mut low, mut high) = (wrong as f64 / verified as f64, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if at_most(wrong, verified, middle) > risk {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// How likely at most `wrong` of `verified` values are wrong when each is with likelihood `share`.
fn at_most(wrong: u64, verified: u64, share: f64) -> f64 {
    let odds = (share / (1.0 - share)).ln();
    let mut term = verified as f64 * (1.0 - share).ln();
    let mut sum = term.exp();
    for k in 1..=wrong {
        term += ((verified - k + 1) as f64 / k as f64).ln() + odds;
        sum += term.exp();
    }
    sum
}

/// How likely at least `wrong` of `verified` values are wrong when each is with likelihood `share`.
fn at_least(wrong: u64, verified: u64, share: f64) -> f64 {
    if wrong == 0 { 1.0 } else { 1.0 - at_most(wrong - 1, verified, share) }
}

/// How many values must be verified, none of them wrong, before `limit` is kept.
#[must_use]
pub fn needed(limit: f64) -> u64 {
    (FROM_STRICTEST.ln() / (1.0 - limit).ln()).ceil() as u64
}

/// Verified values of one confidence or above, up to the next class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// The lowest confidence of the class.
    pub from: f64,
    /// Values verified.
    pub verified: u64,
    /// Those that were wrong.
    pub wrong: u64,
}

/// What is known of the values of one stratum: classes from the most confident to the least.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stratum(pub Vec<Class>);

/// Where the line was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub enum Line {
    /// Values of this confidence or above may be accepted; the bound on the errors among them.
    At {
        /// The confidence.
        confidence: f64,
        /// The bound that was kept on verified data.
        bound: f64,
    },
    /// Nothing may be accepted, and so many values more must be verified before anything can be (if
    /// none of them is wrong).
    Nowhere {
        /// How many.
        more: u64,
    },
    /// Nothing may be accepted: audits have broken the bound.
    Broken {
        /// What they found.
        audits: Audits,
    },
}

/// Accepted values of one stratum that people looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Audits {
    /// How many.
    pub verified: u64,
    /// Those that were wrong.
    pub wrong: u64,
}

/// So many values of an office's own halve what is known from elsewhere.
const FADES: f64 = 2000.0;
/// How unlikely an office's errors must be, by what is known from elsewhere, to stand alone. Every class
/// is looked at, so it is well below [`RISK`].
const CONTRADICTED: f64 = 0.001;

/// Classes of a stratum, at most about so many.
const CLASSES: usize = 150;
/// Values to a class at least.
const SMALLEST: usize = 8;

impl Stratum {
    /// The classes of verified values (confidence, right).
    #[must_use]
    pub fn of(mut values: Vec<(f64, bool)>) -> Self {
        values.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let size = (values.len() / CLASSES).max(SMALLEST);
        let mut classes: Vec<Class> = Vec::new();
        for (confidence, right) in values {
            let full = classes.last().is_none_or(|class| {
                // Values alike in confidence are never parted.
                class.verified >= size as u64 && confidence < class.from
            });
            if full {
                classes.push(Class { from: confidence, verified: 0, wrong: 0 });
            }
            if let Some(class) = classes.last_mut() {
                class.verified += 1;
                class.wrong += u64::from(!right);
                class.from = confidence;
            }
        }
        Self(classes)
    }

    /// The classes of values (confidence, right, book) whose errors come in books: a hand or a printing that is read
    /// wrongly once is so again. Counts are drawn to as many as would say the same if each value stood for itself (the
    /// design effect; Kish, "Survey sampling", 1965, 5.4), so that a bound holds for books that nobody has seen.
    #[must_use]
    pub fn of_books(values: &[(f64, bool, usize)]) -> Self {
        let all = Self::of(values.iter().map(|(confidence, right, _)| (*confidence, *right)).collect());
        let Line::At { confidence, .. } = all.line(Contract::default().error_limit) else { return all };
        let accepted = values.iter().filter(|(value, ..)| *value >= confidence);
        Self(all.faded(1.0 / design_effect(accepted.map(|(_, right, book)| (*right, *book)))))
    }

    /// These verified values together with an office's own: they fade as its own grow many, and count
    /// nothing where its own contradict them.
    #[must_use]
    pub fn pooled(&self, own: Self) -> Self {
        if self.is_contradicted_by(&own) {
            return own;
        }
        let share = FADES / (FADES + own.verified() as f64);
        let mut classes = self.faded(share);
        classes.extend(own.0);
        classes.sort_by(|a, b| b.from.total_cmp(&a.from));
        let mut pooled: Vec<Class> = Vec::with_capacity(classes.len());
        for class in classes {
            match pooled.last_mut().filter(|last| last.from.total_cmp(&class.from).is_eq()) {
                Some(last) => {
                    (last.verified, last.wrong) = (last.verified + class.verified, last.wrong + class.wrong)
                }
                None => pooled.push(class),
            }
        }
        Self(pooled)
    }

    /// How many values there are.
    fn verified(&self) -> u64 {
        self.0.iter().map(|class| class.verified).sum()
    }

    /// The classes with each count drawn to `share` of it: rounded so that from the most confident class on
    /// there are never fewer errors, nor more values, than that share.
    fn faded(&self, share: f64) -> Vec<Class> {
        let (mut sum, mut kept) = (Class { from: 1.0, verified: 0, wrong: 0 }, (0, 0));
        let fade = |class: &Class| {
            (sum.verified, sum.wrong) = (sum.verified + class.verified, sum.wrong + class.wrong);
            let now =
                ((sum.verified as f64 * share).floor() as u64, (sum.wrong as f64 * share).ceil() as u64);
            let faded = Class { from: class.from, verified: now.0 - kept.0, wrong: now.1 - kept.1 };
            kept = now;
            faded
        };
        self.0.iter().map(fade).collect()
    }

    /// Whether, among the values of some confidence or above, an office finds more errors than these values
    /// allow by chance.
    fn is_contradicted_by(&self, own: &Self) -> bool {
        let mut sum = (0, 0);
        own.0.iter().any(|class| {
            sum = (sum.0 + class.verified, sum.1 + class.wrong);
            // What is surer than anything known is held to the surest that is.
            let known = self.0.iter().enumerate();
            let known = known.take_while(|(place, known)| *place == 0 || known.from >= class.from);
            let known = known
                .map(|(_, class)| class)
                .fold((0, 0), |sum, class| (sum.0 + class.verified, sum.1 + class.wrong));
            known.0 > 0 && at_least(sum.1, sum.0, upper_bound(known.1, known.0)) < CONTRADICTED
        })
    }

    /// Where the line can be drawn so that `limit` is kept, by what was known beforehand and by what
    /// audits of accepted values have found since. When these break the bound, nothing is accepted.
    #[must_use]
    pub fn audited_line(&self, limit: f64, audits: Audits) -> Line {
        let line = self.line(limit);
        let Line::At { confidence, .. } = line else { return line };
        let above = self.0.iter().take_while(|class| class.from >= confidence);
        let (verified, wrong) = above.fold((audits.verified, audits.wrong), |(verified, wrong), class| {
            (verified + class.verified, wrong + class.wrong)
        });
        let audited = bound_at(FROM_STRICTEST, wrong, verified);
        // What the office found itself weighs more than what was found elsewhere.
        let found = audits.wrong > 0 && at_least(audits.wrong, audits.verified, limit) < RISK;
        if audited > limit || found { Line::Broken { audits } } else { line }
    }

    /// Where the line can be drawn so that `limit` is kept.
    #[must_use]
    pub fn line(&self, limit: f64) -> Line {
        let sums: Vec<Class> = self
            .0
            .iter()
            .scan((0, 0), |(verified, wrong), class| {
                (*verified, *wrong) = (*verified + class.verified, *wrong + class.wrong);
                Some(Class { from: class.from, verified: *verified, wrong: *wrong })
            })
            .collect();
        let all = sums.last().map_or(0, |class| class.verified);
        let first =
            |enough: u64| sums.iter().position(|class| class.verified >= enough).unwrap_or(sums.len());
        let share = |quarters: u64| first(needed(limit).max((quarters * all).div_ceil(4)));
        let bound = |risk: f64, class: &Class| bound_at(risk, class.wrong, class.verified);
        let last_kept = |start: usize, risk: f64| {
            let kept = sums[start..].iter().take_while(|class| bound(risk, class) <= limit).last();
            kept.map(|class| Line::At { confidence: class.from, bound: bound(risk, class) })
        };
        let strictest = first(needed(limit));
        last_kept(share(3), FROM_WITHIN)
            .or_else(|| last_kept(share(2), FROM_WITHIN))
            .or_else(|| last_kept(strictest, FROM_STRICTEST))
            .unwrap_or_else(|| Line::Nowhere {
                more: more_needed(sums.get(strictest).or(sums.last()), limit),
            })
    }
}

/// How much more the numbers of errors of books (right, book) vary than if errors fell on values one by one; 1 at least.
fn design_effect(values: impl Iterator<Item = (bool, usize)>) -> f64 {
    let mut books: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for (right, book) in values {
        let (verified, wrong) = books.entry(book).or_default();
        (*verified, *wrong) = (*verified + 1.0, *wrong + f64::from(u8::from(!right)));
    }
    let (verified, wrong) = books.values().fold((0.0, 0.0), |sum, book| (sum.0 + book.0, sum.1 + book.1));
    let (share, count) = (wrong / verified, books.len() as f64);
    let off: f64 = books.values().map(|(verified, wrong)| (wrong - share * verified).powi(2)).sum();
    let by_value = verified * share * (1.0 - share);
    // Without errors, or with one book, nothing is known of it.
    if by_value > 0.0 && count > 1.0 { (off / by_value * count / (count - 1.0)).max(1.0) } else { 1.0 }
}

/// How many values more must be verified, none of them wrong, before `limit` is kept where `known` is.
fn more_needed(known: Option<&Class>, limit: f64) -> u64 {
    let (verified, wrong) = known.map_or((0, 0), |class| (class.verified, class.wrong));
    let mut more = needed(limit).saturating_sub(verified).max(1);
    while bound_at(FROM_STRICTEST, wrong, verified + more) > limit {
        more += (more / 8).max(1);
    }
    more
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Audits, Line, Stratum, needed, upper_bound};

    /// Bounds from tables of the binomial distribution: the rule of three, and R's
    /// `binom.test(k, n, alternative = "less")`.
    #[test]
    fn bounds_are_those_of_the_tables() {
        for (wrong, verified, bound) in [
            (0, 598, 0.004_997),
            (0, 100, 0.029_513),
            (1, 100, 0.046_559),
            (5, 1000, 0.010_482),
            (0, 0, 1.0),
            (3, 3, 1.0),
        ] {
            assert!(
                (upper_bound(wrong, verified) - bound).abs() < 2e-5,
                "{wrong} of {verified}: {}",
                upper_bound(wrong, verified)
            );
        }
        assert_eq!(needed(0.005), 736);
    }

    #[test]
    fn nothing_is_accepted_on_little_evidence() {
        let few = Stratum::of(vec![(0.999, true); 300]);
        assert_eq!(few.line(0.005), Line::Nowhere { more: 436 });
        let enough = Stratum::of(vec![(0.999, true); 740]);
        assert!(matches!(enough.line(0.005), Line::At { confidence: 0.999, .. }));
        assert_eq!(Stratum::default().line(0.005), Line::Nowhere { more: 736 });
    }

    #[test]
    fn errors_that_come_in_one_book_say_less() {
        let values = |wrong: fn(usize) -> bool| -> Vec<(f64, bool, usize)> {
            let confidence = |place: usize| 1.0 - place as f64 / 1e5;
            (0..20_000).map(|place| (confidence(place), !wrong(place), place % 100)).collect()
        };
        let kept = |stratum: &Stratum| stratum.0.iter().map(|class| class.verified).sum::<u64>();
        // Forty errors, one in every other book or so, and all in four books.
        let spread = Stratum::of_books(&values(|place| place % 501 == 0));
        let in_books = Stratum::of_books(&values(|place| place % 500 == 7));
        assert!(kept(&spread) > 19_000, "{}", kept(&spread));
        assert!(kept(&in_books) < 5_000, "{}", kept(&in_books));
        assert_eq!(kept(&Stratum::of_books(&values(|_| false))), 20_000);
        assert_eq!(Stratum::of_books(&[]), Stratum::default());
    }

    #[test]
    fn the_line_stops_where_errors_begin() {
        let mut values = vec![(0.99, true); 2000];
        values.extend(vec![(0.5, false); 100]);
        let Line::At { confidence, bound } = Stratum::of(values).line(0.005) else { panic!() };
        assert!((confidence, bound) > (0.5, 0.0) && bound <= 0.005);
    }

    #[test]
    fn audits_close_a_line_that_does_not_hold() {
        let stratum = Stratum::of(vec![(0.99, true); 5000]);
        let line = |verified, wrong| stratum.audited_line(0.005, Audits { verified, wrong });
        assert_eq!(line(0, 0), stratum.line(0.005));
        assert_eq!(line(400, 1), stratum.line(0.005));
        // Three of a hundred is more than chance allows where one of two hundred is promised.
        assert_eq!(line(100, 3), Line::Broken { audits: Audits { verified: 100, wrong: 3 } });
        assert!(matches!(line(20_000, 120), Line::Broken { .. }));
    }

    #[test]
    fn little_of_an_office_adds_to_what_is_known() {
        let known = Stratum::of(vec![(0.99, true); 3000]);
        let pooled = |own: Vec<(f64, bool)>| known.pooled(Stratum::of(own));
        assert_eq!(pooled(Vec::new()), known);
        let few = pooled(vec![(0.995, true); 100]);
        assert_eq!(few.0.iter().map(|class| class.verified).sum::<u64>(), 100 + 2857);
        let many = pooled(vec![(0.995, true); 18_000]);
        assert_eq!(many.0.iter().map(|class| class.verified).sum::<u64>(), 18_000 + 300);
    }

    #[test]
    fn an_office_that_finds_more_errors_stands_alone() {
        let known = Stratum::of(vec![(0.99, true); 3000]);
        let own = Stratum::of((0..200).map(|place| (0.995, place % 20 > 0)).collect());
        assert_eq!(known.pooled(own.clone()), own);
    }

    #[test]
    fn faded_errors_are_never_rounded_away() {
        let known =
            Stratum::of((0..4000).map(|place| (1.0 - f64::from(place) / 1e4, place % 97 > 0)).collect());
        let faded = known.faded(0.1);
        let sum = |of: fn(&super::Class) -> u64| faded.iter().map(of).sum::<u64>();
        assert_eq!((sum(|class| class.verified), sum(|class| class.wrong)), (400, 5));
    }

    #[test]
    fn one_early_error_does_not_close_the_line() {
        let mut values = vec![(0.99, true); 4000];
        values[10] = (0.999, false);
        assert!(matches!(Stratum::of(values).line(0.005), Line::At { .. }));
    }

    #[test]
    fn errors_among_the_surest_do_not_close_a_line_with_thousands_behind_it() {
        let mut values: Vec<(f64, bool)> =
            (0..4000).map(|place| (1.0 - f64::from(place) / 1e4, true)).collect();
        values[..2].iter_mut().for_each(|value| value.1 = false);
        assert!(matches!(Stratum::of(values.clone()).line(0.003), Line::At { .. }));
        values[..12].iter_mut().for_each(|value| value.1 = false);
        assert!(matches!(Stratum::of(values).line(0.003), Line::Nowhere { .. }));
    }

    /// Values whose true share of errors is known: the line taken breaks the limit in at most one of
    /// twenty draws (and a little, for the draws themselves are few).
    #[test]
    fn the_promise_is_kept() {
        let mut state = 7_u64;
        let mut dice = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let mut broken = 0;
        for _ in 0..200 {
            // The error falls with the confidence: error = (1 - confidence) / 8.
            let mut draw = || {
                let confidence = dice();
                (confidence, dice() >= (1.0 - confidence) / 8.0)
            };
            let values: Vec<(f64, bool)> = (0..3000).map(|_| draw()).collect();
            if let Line::At { confidence, .. } = Stratum::of(values).line(0.02) {
                let share = (1.0 - confidence) / 16.0;
                broken += usize::from(share > 0.02);
            }
        }
        assert!(broken <= 16, "{broken} of 200");
    }

    proptest! {
        #[test]
        fn classes_lose_nothing(values in prop::collection::vec((0_u8..50, any::<bool>()), 0..400)) {
            let values: Vec<(f64, bool)> = values.into_iter().map(|(c, right)| (f64::from(c) / 50.0, right)).collect();
            let stratum = Stratum::of(values.clone());
            prop_assert_eq!(stratum.0.iter().map(|class| class.verified).sum::<u64>(), values.len() as u64);
            prop_assert_eq!(stratum.0.iter().map(|class| class.wrong).sum::<u64>(), values.iter().filter(|value| !value.1).count() as u64);
            prop_assert!(stratum.0.windows(2).all(|pair| pair[0].from > pair[1].from));
        }
    }
}
