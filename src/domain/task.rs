//! The queue, priced: how many errors a person finds in a second, by what an error would cost.
//!
//! A confidence is a probability, so a field in review holds `1 - confidence` errors on average. What
//! it costs to look depends on what must be typed. Those fields come first in which a second finds most.

use std::cmp::Ordering;

use serde::Serialize;

use super::catalogue::is_critical;
use super::{DraftField, FieldStatus, Kind};

/// What an error in a field an extract is about weighs, against one in any other field.
const CRITICAL_WEIGHT: f64 = 5.0;

/// Seconds to look at the ink and confirm what stands beside it.
const LOOK: f64 = 2.5;
/// Seconds to find out that it is wrong, beyond looking, before typing.
const DECIDE: f64 = 2.0;
/// Seconds to type a letter with its marks.
const LETTER: f64 = 0.45;

/// One field a person would look at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Task {
    /// How many errors looking finds on average.
    pub errors: f64,
    /// The same by what an error weighs.
    pub weighted_errors: f64,
    /// How many seconds it takes on average.
    pub seconds: f64,
}

impl Task {
    /// The task of looking at `field` of an entry of this kind; none when nobody need look at it.
    #[must_use]
    pub fn of(kind: Kind, field: &DraftField) -> Option<Self> {
        if field.status != FieldStatus::Review {
            return None;
        }
        let errors = 1.0 - field.confidence.get();
        let weight = if is_critical(kind, &field.name) { CRITICAL_WEIGHT } else { 1.0 };
        let letters = field.value.chars().count() as f64;
        let seconds = LOOK + errors * (DECIDE + LETTER * letters);
        Some(Self { errors, weighted_errors: errors * weight, seconds })
    }

    /// Weighted errors found in a second.
    #[must_use]
    pub fn worth(&self) -> f64 {
        self.weighted_errors / self.seconds
    }

    /// The task worth most first.
    #[must_use]
    pub fn by_worth(&self, other: &Self) -> Ordering {
        other.worth().total_cmp(&self.worth())
    }
}

/// The tasks that fit into `seconds`, of tasks that stand with the one worth most first: how many.
#[must_use]
pub fn affordable<'t>(tasks: impl IntoIterator<Item = &'t Task>, seconds: f64) -> usize {
    let mut spent = 0.0;
    tasks
        .into_iter()
        .take_while(|task| {
            spent += task.seconds;
            spent <= seconds
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::super::{Confidence, DraftField, FieldStatus, FieldType, Kind, Rectangle};
    use super::{Task, affordable};

    fn field(name: &str, confidence: f64, status: FieldStatus) -> DraftField {
        DraftField {
            value: "Lê Thị Hoa".to_owned(),
            confidence: Confidence::clamped(confidence),
            status,
            ..DraftField::unread(name.into(), FieldType::PersonName, Rectangle::new(0, 0, 1, 1))
        }
    }

    fn task(name: &str, confidence: f64) -> Task {
        Task::of(Kind::Birth, &field(name, confidence, FieldStatus::Review)).unwrap()
    }

    #[test]
    fn what_is_doubtful_and_grave_comes_first() {
        let mut tasks = [task("registration.page", 0.5), task("child.name", 0.9), task("child.name", 0.5)];
        tasks.sort_by(Task::by_worth);
        assert_eq!(tasks, [task("child.name", 0.5), task("child.name", 0.9), task("registration.page", 0.5)]);
        assert!(task("child.name", 0.5).seconds > task("child.name", 0.9).seconds);
    }

    #[test]
    fn nobody_need_look_at_what_is_settled() {
        for status in [FieldStatus::Accepted, FieldStatus::Blank, FieldStatus::Verified] {
            assert_eq!(Task::of(Kind::Birth, &field("child.name", 0.5, status)), None);
        }
    }

    #[test]
    fn hours_buy_so_many_tasks() {
        let tasks = [task("child.name", 0.5); 10];
        assert_eq!(affordable(&tasks, 3.0 * tasks[0].seconds + 0.1), 3);
        assert_eq!(affordable(&tasks, 0.0), 0);
        assert_eq!(affordable(&tasks, 1e9), 10);
    }
}
