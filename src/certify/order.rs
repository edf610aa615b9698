//! Entries out of their order, and registration dates that go back.

use super::account::place;
use super::certificate::{Finding, What};
use super::numbering::{Fit, Placed};
use super::sighting::{Row, registered};
use crate::domain::{FieldStatus, Severity};

/// What stands out of order.
pub(super) fn findings(rows: &[Row<'_>], placed: &[Placed], findings: &mut Vec<Finding>) {
    let keys: Vec<_> = placed.iter().map(|placed| (placed.run, placed.number)).collect();
    let ordered = longest_rising(&keys);
    let astray: Vec<_> =
        (0..placed.len()).filter(|row| !ordered[*row] && placed[*row].fit == Fit::Read).collect();
    // Entries that go on from one another on one page are one finding.
    for group in astray.chunk_by(|a, b| b - a == 1 && rows[*a].folio == rows[*b].folio) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let twice = placed.iter().filter(|other| (other.run, other.number) == keys[*first]).count() > 1;
        if !twice {
            let (first_number, last_number) = (placed[*first].number, placed[*last].number);
            let what =
                What::WrongOrder { place: place(&rows[*first]), first: first_number, last: last_number };
            findings.push(Finding::noted(Severity::Query, what));
        }
    }
    dates(rows, findings);
}

/// Registration dates that go back although both are sure.
fn dates(rows: &[Row<'_>], findings: &mut Vec<Finding>) {
    let sure = |row: &&Row<'_>| {
        let field = row.record.field("registration.date");
        field.is_some_and(|field| matches!(field.status, FieldStatus::Accepted | FieldStatus::Verified))
    };
    let dated: Vec<_> =
        rows.iter().filter(sure).filter_map(|row| Some((row, registered(row.record)?))).collect();
    let ordered = longest_rising(&dated.iter().map(|(_, date)| date.latest()).collect::<Vec<_>>());
    for ((row, _), _) in dated.iter().zip(&ordered).filter(|(_, ordered)| !**ordered) {
        findings.push(Finding::noted(Severity::Query, What::DateOrder { place: place(row) }));
    }
}

/// Which of the keys belong to a longest sequence that never falls (patience sorting).
fn longest_rising<T: Ord>(keys: &[T]) -> Vec<bool> {
    let mut tails: Vec<usize> = Vec::new();
    let mut before = vec![usize::MAX; keys.len()];
    for position in 0..keys.len() {
        let pile = tails.partition_point(|tail| keys[*tail] <= keys[position]);
        if pile > 0 {
            before[position] = tails[pile - 1];
        }
        match tails.get_mut(pile) {
            Some(tail) => *tail = position,
            None => tails.push(position),
        }
    }
    let mut ordered = vec![false; keys.len()];
    let mut at = tails.last().copied();
    while let Some(position) = at {
        ordered[position] = true;
        at = Some(before[position]).filter(|before| *before != usize::MAX);
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::longest_rising;

    #[test]
    fn what_breaks_the_order_is_left_out() {
        assert_eq!(longest_rising(&[1, 2, 9, 3, 3, 4]), [true, true, false, true, true, true]);
        assert_eq!(longest_rising::<u8>(&[]), [] as [bool; 0]);
    }
}
