//! The likeliest sequence of entry numbers over a whole book.
//!
//! Viterbi over the numbers each entry may have: what it reads, what else it may read, and what the
//! entries around it say it should be. Numbers run on by one at no cost; a gap, a number twice, a step
//! back and a misreading have theirs. Costs are negative logarithms of probabilities (nats); the
//! probabilities are judgements, stated beside each.

use std::collections::{BTreeMap, BTreeSet};

use super::sighting::Row;

/// A gap between two pages: one in a hundred; in the middle of a page a fourth of that. Where the names
/// of scans leave one out a gap is what is to be expected.
const GAP_AT_PAGE: f64 = 4.6;
const GAP_IN_PAGE: f64 = 6.0;
const GAP_BY_NAME: f64 = 1.5;
/// Long gaps are rarer: a gap of n has n^-1.5 of the chance of a gap of one.
const GAP_LENGTH: f64 = 1.5;
/// The same number on the next entry: three in ten thousand; an entry without any number that stands
/// between numbers which run on is more often a stray mark taken for an entry.
const SAME_NUMBER: f64 = 8.0;
const STRAY_ROW: f64 = 5.0;
/// A step back: one in sixty thousand, less for a long one, and less again within a page.
const STEP_BACK: f64 = 11.0;
const STEP_BACK_IN_PAGE: f64 = 3.0;
/// Numbers begin again: likely where the year changes, rare where it is not known.
const NEW_YEAR: f64 = 1.0;
const NEW_RUN_UNSEEN: f64 = 9.0;
/// A number beyond the last one stated.
const BEYOND_LAST: f64 = 12.0;
/// Of the misread numbers, one in 20 reads as a given number one figure away, one in 200 as another.
const MISREAD_NEAR: f64 = 3.0;
const MISREAD_FAR: f64 = 5.3;
/// How far around an entry its neighbours say what it should be.
const REACH: usize = 24;
/// Sequences that are carried on whatever the neighbours read.
const CARRIED: usize = 16;

/// The first and last number of the book, as far as they are stated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bounds {
    /// The first number of the first run.
    pub first: Option<u32>,
    /// The last number of the last run.
    pub last: Option<u32>,
}

/// How the number of an entry goes with what it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It is what it reads as first.
    Read,
    /// It was read as something else.
    Misread,
    /// Nothing was read.
    Unread,
}

/// The number of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed {
    /// The number.
    pub number: u32,
    /// Which run of numbers it belongs to, from 0.
    pub run: usize,
    /// How that goes with what it reads.
    pub fit: Fit,
}

/// A number an entry may have, with the cheapest way to it.
#[derive(Debug, Clone, Copy)]
struct State {
    number: u32,
    cost: f64,
    from: usize,
    restart: bool,
}

/// The number of every row; empty when no number was read anywhere.
pub(super) fn decode(rows: &[Row<'_>], bounds: Bounds) -> Vec<Placed> {
    if rows.iter().all(|row| row.candidates.is_empty()) {
        return Vec::new();
    }
    let mut columns: Vec<Vec<State>> = Vec::with_capacity(rows.len());
    for position in 0..rows.len() {
        let column = column(rows, position, columns.last(), bounds);
        columns.push(column);
    }
    let mut placed = walk_back(rows, &columns, bounds);
    restore_exchanged(rows, &mut placed);
    placed
}

/// The states of one row, each reached the cheapest way.
fn column(rows: &[Row<'_>], position: usize, before: Option<&Vec<State>>, bounds: Bounds) -> Vec<State> {
    let row = &rows[position];
    let numbers = numbers(rows, position, before, bounds);
    let states = numbers.into_iter().map(|number| {
        let (cost, from, restart) = match before {
            None => (bounds.first.map_or(0.0, |first| first_step(first, number, row)), 0, false),
            Some(before) => cheapest(rows, position, before, number),
        };
        State { number, cost: cost + reading(row, number), from, restart }
    });
    states.collect()
}

/// The cheapest way to `number` at `position`.
fn cheapest(rows: &[Row<'_>], position: usize, before: &[State], number: u32) -> (f64, usize, bool) {
    let mut best = (f64::INFINITY, 0, false);
    for (from, state) in before.iter().enumerate() {
        let (step, restart) = step(rows, position, state.number, number);
        if state.cost + step < best.0 {
            best = (state.cost + step, from, restart);
        }
    }
    best
}

/// The numbers worth considering for the row at `position`, in ascending order.
fn numbers(rows: &[Row<'_>], position: usize, before: Option<&Vec<State>>, bounds: Bounds) -> BTreeSet<u32> {
    let shifted = |other: usize| {
        let top = rows[other].candidates.iter().take(3);
        top.filter_map(move |(number, _)| {
            u32::try_from(i64::from(*number) + position as i64 - other as i64).ok()
        })
    };
    let near = position.saturating_sub(REACH)..rows.len().min(position + REACH + 1);
    let mut numbers: BTreeSet<u32> = near.flat_map(shifted).collect();
    let next = (position..rows.len()).find(|row| !rows[*row].candidates.is_empty());
    numbers.extend(next.into_iter().flat_map(shifted));
    numbers.extend(bounds.first.map(|first| first.saturating_add(position as u32)));
    let remaining = (rows.len() - 1 - position) as u32;
    numbers.extend(bounds.last.and_then(|last| last.checked_sub(remaining)));
    if let Some(before) = before {
        let mut best: Vec<_> = before.iter().collect();
        best.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        numbers.extend(
            best.iter().take(CARRIED).flat_map(|state| [state.number, state.number.saturating_add(1)]),
        );
    }
    numbers.remove(&0);
    if numbers.is_empty() {
        // Unread rows before the number that must be the first: they are strays, or it is misread.
        numbers.insert(1);
    }
    numbers
}

/// What it costs that the row says what it says while its number is `number`.
fn reading(row: &Row<'_>, number: u32) -> f64 {
    if row.candidates.is_empty() {
        return 0.0;
    }
    if let Some((_, probability)) = row.candidates.iter().find(|candidate| candidate.0 == number) {
        return -probability.ln();
    }
    let near = row.candidates.iter().any(|candidate| one_figure_apart(candidate.0, number));
    -row.elsewhere.ln() + if near { MISREAD_NEAR } else { MISREAD_FAR }
}

/// Whether one figure was taken for another, left out or put in.
pub(super) fn one_figure_apart(a: u32, b: u32) -> bool {
    strsim::levenshtein(&a.to_string(), &b.to_string()) == 1
}

/// The cost of the way to the first entry where the first number is stated.
fn first_step(first: u32, number: u32, row: &Row<'_>) -> f64 {
    match number.checked_sub(first) {
        Some(0) => 0.0,
        Some(gap) => gap_cost(gap, row),
        None => STEP_BACK,
    }
}

/// The cost of a number after another, and whether numbers begin again there.
fn step(rows: &[Row<'_>], position: usize, from: u32, to: u32) -> (f64, bool) {
    let row = &rows[position];
    if to == from.saturating_add(1) && to > from {
        return (0.0, false);
    }
    if to > from {
        return (gap_cost(to - from - 1, row), false);
    }
    if to == from {
        let unread = row.candidates.is_empty();
        return (if unread { STRAY_ROW } else { SAME_NUMBER }, false);
    }
    let back = STEP_BACK + f64::from(from - to).ln() + if row.starts_page { 0.0 } else { STEP_BACK_IN_PAGE };
    let restart = restart_cost(rows, position, to);
    if restart < back { (restart, true) } else { (back, false) }
}

fn gap_cost(gap: u32, row: &Row<'_>) -> f64 {
    let base = match (row.starts_page, row.left_out) {
        (false, _) => GAP_IN_PAGE,
        (true, 0) => GAP_AT_PAGE,
        (true, _) => GAP_BY_NAME,
    };
    base + GAP_LENGTH * f64::from(gap).ln()
}

/// The cost of beginning again with `number`.
fn restart_cost(rows: &[Row<'_>], position: usize, number: u32) -> f64 {
    let year_before = rows[..position].iter().rev().find_map(|row| row.year);
    let base = match (year_before, rows[position].year) {
        (Some(before), Some(year)) if year > before => NEW_YEAR,
        (Some(_), Some(_)) => return f64::INFINITY,
        _ => NEW_RUN_UNSEEN,
    };
    base + f64::from(number).ln()
}

/// The cheapest sequence.
fn walk_back(rows: &[Row<'_>], columns: &[Vec<State>], bounds: Bounds) -> Vec<Placed> {
    let end = |state: &State| match bounds.last {
        Some(last) if state.number > last => state.cost + BEYOND_LAST,
        Some(last) if state.number < last => {
            state.cost + GAP_AT_PAGE + GAP_LENGTH * f64::from(last - state.number).ln()
        }
        _ => state.cost,
    };
    let last = columns.last().into_iter().flatten().enumerate();
    let Some((mut at, _)) = last.min_by(|a, b| end(a.1).total_cmp(&end(b.1))) else { return Vec::new() };
    let mut placed = Vec::with_capacity(columns.len());
    let mut restarts = 0;
    for (position, column) in columns.iter().enumerate().rev() {
        let state = column[at];
        placed.push(Placed { number: state.number, run: restarts, fit: fit(&rows[position], state.number) });
        restarts += usize::from(state.restart);
        at = state.from;
    }
    placed.reverse();
    placed.iter_mut().for_each(|placed| placed.run = restarts - placed.run);
    placed
}

fn fit(row: &Row<'_>, number: u32) -> Fit {
    match row.reads() {
        None => Fit::Unread,
        Some(reads) if reads == number => Fit::Read,
        Some(_) => Fit::Misread,
    }
}

/// Entries that seem misread but only stand in one another's places, and entries whose reading nobody
/// else has while their place is taken, are right and out of order.
fn restore_exchanged(rows: &[Row<'_>], placed: &mut [Placed]) {
    let mut holders: BTreeMap<(usize, u32), Vec<usize>> = BTreeMap::new();
    for (position, placed) in placed.iter().enumerate() {
        holders.entry((placed.run, placed.number)).or_default().push(position);
    }
    let mut restored = BTreeSet::new();
    for start in 0..placed.len() {
        let mut chain = vec![start];
        let mut free = false;
        while let Some(next) = chain.last().copied().filter(|row| placed[*row].fit == Fit::Misread) {
            let Some(reads) = rows[next].reads() else { break };
            match holders.get(&(placed[next].run, reads)).map(Vec::as_slice) {
                Some([holder]) if *holder == start => {
                    free = true;
                    break;
                }
                Some([holder]) if !chain.contains(holder) => chain.push(*holder),
                _ => break,
            }
        }
        let reads = rows[start].reads().map(|reads| (placed[start].run, reads));
        let taken =
            holders.get(&(placed[start].run, placed[start].number)).is_some_and(|rows| rows.len() > 1);
        let alone = placed[start].fit == Fit::Misread
            && taken
            && reads.is_some_and(|reads| !holders.contains_key(&reads));
        let within = rows[start].reads().is_some_and(|reads| within_run(placed, start, reads));
        if free && chain.len() > 1 || alone && within {
            restored.insert(start);
        }
    }
    for position in restored {
        if let Some(reads) = rows[position].reads() {
            placed[position] = Placed { number: reads, fit: Fit::Read, ..placed[position] };
        }
    }
}

/// Whether `number` lies between the lowest and the highest of the run of `row`.
fn within_run(placed: &[Placed], row: usize, number: u32) -> bool {
    let numbers = placed.iter().filter(|other| other.run == placed[row].run).map(|other| other.number);
    numbers.clone().min().is_some_and(|lowest| lowest < number)
        && numbers.max().is_some_and(|highest| number < highest)
}
