//! Straight lines on a page: rulings, solid leaders and rows of dots.

use super::colons::{self, Colon};
use super::ink::{Ink, Run};
use super::line::{Line, Mark, fit};
use super::strokes;

/// The lines of a page.
#[derive(Clone)]
pub(super) struct Lines {
    /// Lines from left to right, solid and dotted.
    pub horizontal: Vec<Line>,
    /// Solid lines from top to bottom.
    pub vertical: Vec<Line>,
    /// The colons after labels.
    pub colons: Vec<Colon>,
}

/// A line that is growing mark by mark.
struct Chain {
    marks: Vec<Mark>,
    to: f64,
    across: f64,
}

/// Finds the lines of a page.
pub(super) fn find(ink: &Ink) -> Lines {
    let mm = ink.millimetre;
    let runs = ink.row_runs();
    let shortest = (LONGEST_DASH * mm) as usize;
    let long = runs.iter().filter(|run| run.to - run.from >= shortest);
    let strokes = long.filter(|run| is_thin(run, thickest(run, mm), |along, across| ink.dark(along, across)));
    let mut horizontal = strokes::lines(&strokes.copied().collect::<Vec<_>>(), 3.0 * mm, 7.0 * mm);
    let colons = colons::find(ink, &specks(ink, &runs, (WIDEST_DOT, colons::HIGHEST_DOT)));
    let dots = chains(specks(ink, &runs, (LONGEST_DASH, HIGHEST_DOT)), 6.0 * mm, 1.6_f64.max(0.2 * mm));
    let dotted: Vec<Line> = dots.iter().filter_map(|chain| dotted_line(ink, chain)).collect();
    let fresh: Vec<Line> =
        dotted.into_iter().filter(|line| !horizontal.iter().any(|s| lies_on(line, s, mm))).collect();
    horizontal.extend(fresh);
    let upright = ink.column_runs((4.0 * mm) as usize);
    let strokes = upright
        .iter()
        .filter(|run| is_thin(run, thickest(run, mm), |along, across| ink.faint(across, along)));
    let vertical = strokes::lines(&strokes.copied().collect::<Vec<_>>(), 4.0 * mm, 20.0 * mm);
    Lines { horizontal: cut_at(horizontal, &vertical, 0.6 * mm), vertical, colons }
}

/// Lines that only seem to go on on the other side of an upright ruling, cut there.
fn cut_at(mut lines: Vec<Line>, upright: &[Line], slack: f64) -> Vec<Line> {
    for ruling in upright {
        let parts = lines.into_iter().flat_map(|line| {
            let (x, y) = (ruling.middle(), line.middle());
            let meets = ruling.from < y && y < ruling.to && line.from < x && x < line.to;
            match meets.then(|| line.cut(ruling.at(y), slack)).flatten() {
                Some(parts) => parts.to_vec(),
                None => vec![line],
            }
        });
        lines = parts.collect();
    }
    lines
}

/// Whether `dotted` runs along the solid line (its own broken remains).
fn lies_on(dotted: &Line, solid: &Line, mm: f64) -> bool {
    let (from, to) = (dotted.from.max(solid.from), dotted.to.min(solid.to));
    to - from > 0.5 * dotted.length() && (solid.at(from) - dotted.at(from)).abs() < 0.8 * mm
}

/// How thick the stroke of a stretch may be: what is very long is a frame, which may be fat.
fn thickest(run: &Run, mm: f64) -> usize {
    let frame = (run.to - run.from) as f64 >= 60.0 * mm;
    ((if frame { 2.0 } else { 0.9 }) * mm).max(3.0) as usize
}

/// Whether a stretch belongs to a thin stroke and not to a dark patch. Writing may touch the stroke
/// over a good part of its length.
fn is_thin(run: &Run, thickest: usize, dark: impl Fn(usize, usize) -> bool) -> bool {
    let length = run.to - run.from;
    let samples = (length / 3).clamp(4, 40);
    let thin = (0..samples).map(|n| run.from + length * (2 * n + 1) / (2 * samples)).filter(|along| {
        let above = (1..=thickest).take_while(|n| *n <= run.at && dark(*along, run.at - n)).count();
        let below = (1..=thickest).take_while(|n| dark(*along, run.at + n)).count();
        above + below < thickest
    });
    5 * thin.count() >= 2 * samples
}

/// The dots of a leader are no higher than so many millimetres.
const HIGHEST_DOT: f64 = 0.75;
/// The dots of a colon are no wider than so many millimetres.
const WIDEST_DOT: f64 = 1.6;
/// The dashes of a leader are no longer than so many millimetres: what is longer is a piece of a solid line.
const LONGEST_DASH: f64 = 2.2;

/// Small specks that stand alone, at most (`widest`, `highest`) millimetres large: the dots (or dashes) of a
/// leader or of a colon.
fn specks(ink: &Ink, runs: &[Run], (widest, highest): (f64, f64)) -> Vec<Mark> {
    let (widest, highest) =
        ((widest * ink.millimetre) as usize, (highest * ink.millimetre).max(3.0) as usize);
    let small = runs.iter().filter(|run| run.to - run.from <= widest);
    small.filter_map(|run| dot(ink, run, widest, highest)).collect()
}

/// The speck whose topmost row is `run`, when it is small and alone.
fn dot(ink: &Ink, run: &Run, widest: usize, highest: usize) -> Option<Mark> {
    let (mut left, mut right, mut y) = (run.from, run.to, run.at);
    let inked = |y: usize, left: usize, right: usize| {
        (left.saturating_sub(1)..=right).filter(move |x| ink.dark(*x, y))
    };
    if y > 0 && inked(y - 1, left, right).next().is_some() {
        return None;
    }
    loop {
        while left > 0 && ink.dark(left - 1, y) {
            left -= 1;
        }
        while ink.dark(right, y) {
            right += 1;
        }
        if right - left > widest || y - run.at >= highest {
            return None;
        }
        let next = inked(y + 1, left, right);
        let (low, high) = next.fold((usize::MAX, 0), |(low, high), x| (low.min(x), high.max(x + 1)));
        if low == usize::MAX {
            break;
        }
        (left, right, y) = (left.min(low), right.max(high), y + 1);
    }
    let across = (run.at + y) as f64 / 2.0;
    Some(Mark { from: left as f64, to: right as f64, across })
}

/// Marks that follow each other along nearly the same line. `gap`: the widest break bridged;
/// `drift`: how far the next mark may lie off.
fn chains(mut marks: Vec<Mark>, gap: f64, drift: f64) -> Vec<Chain> {
    marks.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.across.total_cmp(&b.across)));
    let reach = drift.ceil() as i64;
    let mut done: Vec<Chain> = Vec::new();
    let mut at: std::collections::BTreeMap<i64, Vec<usize>> = std::collections::BTreeMap::new();
    for mark in marks {
        let key = mark.across.round() as i64;
        let near = at.range(key - reach..=key + reach).flat_map(|(_, ids)| ids.iter().copied());
        let fits = near.filter(|id| {
            let chain = &done[*id];
            mark.from - chain.to <= gap && (chain.across - mark.across).abs() <= drift
        });
        let best = fits.min_by(|a, b| {
            let off = |id: usize| (done[id].across - mark.across).abs();
            off(*a).total_cmp(&off(*b)).then(a.cmp(b))
        });
        match best {
            Some(id) => extend(&mut done, &mut at, id, mark),
            None => {
                let stale = |id: &usize| mark.from - done[*id].to <= gap;
                at.entry(key).or_default().retain(stale);
                at.entry(key).or_default().push(done.len());
                done.push(Chain { marks: vec![mark], to: mark.to, across: mark.across });
            }
        }
    }
    done
}

/// Adds a mark to a chain and moves the chain to its new place in the index.
fn extend(chains: &mut [Chain], at: &mut std::collections::BTreeMap<i64, Vec<usize>>, id: usize, mark: Mark) {
    let chain = &mut chains[id];
    let before = chain.across.round() as i64;
    // A single dot says only roughly where the line runs.
    chain.across += 0.25 * (mark.across - chain.across);
    chain.to = chain.to.max(mark.to);
    chain.marks.push(mark);
    let after = chain.across.round() as i64;
    if before != after {
        if let Some(ids) = at.get_mut(&before) {
            ids.retain(|other| *other != id);
        }
        at.entry(after).or_default().push(id);
    }
}

/// Marks at least so many millimetres long are dashes: few of them are a line, for neither specks nor letters make such.
const SHORTEST_DASH: f64 = 1.2;

/// A chain of dots or dashes as a line, when they are many and evenly spaced.
fn dotted_line(ink: &Ink, chain: &Chain) -> Option<Line> {
    let mm = ink.millimetre;
    let usual = usual_step(&chain.marks)?;
    let marks = trimmed(ink, &chain.marks, 2.5 * usual);
    let (from, to) = (marks.first()?.from, marks.last()?.to);
    let drawn: f64 = marks.iter().map(|mark| mark.to - mark.from).sum();
    let dashed = drawn >= SHORTEST_DASH * mm * marks.len() as f64;
    let (fewest, widest) = if dashed { (3, 4.0) } else { (5, 3.0) };
    if marks.len() < fewest || to - from < 4.0 * mm || usual > widest * mm {
        return None;
    }
    // Dots that writing hides make steps of twice, three times, ... the usual length.
    let on_grid = |step: &f64| {
        let times = step / usual;
        (0.5..8.5).contains(&times) && (times - times.round()).abs() <= 0.24
    };
    let steps = marks.windows(2).map(|pair| pair[1].from - pair[0].from);
    let even = steps.filter(on_grid).count();
    (10 * even >= 7 * (marks.len() - 1)).then(|| fit(marks, (from, to), false))
}

/// The usual distance from one dot to the next; missing dots make some steps longer.
fn usual_step(marks: &[Mark]) -> Option<f64> {
    let mut steps: Vec<f64> = marks.windows(2).map(|pair| pair[1].from - pair[0].from).collect();
    steps.sort_by(f64::total_cmp);
    steps.get(steps.len() * 3 / 10).copied()
}

/// Without a dot at either end that stands apart from the rest and under ink: that of a letter
/// beside the leader.
fn trimmed<'a>(ink: &Ink, marks: &'a [Mark], wide: f64) -> &'a [Mark] {
    let apart = |a: &Mark, b: &Mark| b.from - a.to > wide;
    let marks = match marks {
        [dot, next, ..] if apart(dot, next) && is_under_ink(ink, dot) => &marks[1..],
        _ => marks,
    };
    match marks {
        [.., before, dot] if apart(before, dot) && is_under_ink(ink, dot) => &marks[..marks.len() - 1],
        _ => marks,
    }
}

/// Whether there is ink close above a dot.
fn is_under_ink(ink: &Ink, dot: &Mark) -> bool {
    let reach = (1.6 * ink.millimetre) as i32;
    let (left, right, bottom) = (dot.from as i32, dot.to as i32, dot.across as i32 - 2);
    ink.count(left - 1, bottom - reach, right + 1, bottom) > 2
}
