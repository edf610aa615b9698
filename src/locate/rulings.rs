//! Straight lines on a page: rulings, solid leaders and rows of dots.

use super::ink::{Ink, Run};

/// A straight line. For a horizontal line `along` is x and `across` is y; for a vertical one the
/// other way round. In pixels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// Where it begins along its direction.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Drawn through, not a row of dots.
    pub solid: bool,
    slope: f64,
    offset: f64,
}

impl Line {
    /// Where the line is across its direction, at `along`.
    pub fn at(&self, along: f64) -> f64 {
        self.offset + self.slope * along
    }

    /// Across, in its middle.
    pub fn middle(&self) -> f64 {
        self.at((self.from + self.to) / 2.0)
    }

    /// Length in pixels.
    pub fn length(&self) -> f64 {
        self.to - self.from
    }

    /// How far it drifts across per pixel along.
    pub fn slope(&self) -> f64 {
        self.slope
    }
}

/// The lines of a page.
pub(super) struct Lines {
    /// Lines from left to right, solid and dotted.
    pub horizontal: Vec<Line>,
    /// Solid lines from top to bottom.
    pub vertical: Vec<Line>,
}

/// One mark that may belong to a line: a short solid stretch or a dot.
#[derive(Debug, Clone, Copy)]
struct Mark {
    from: f64,
    to: f64,
    across: f64,
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
    let shortest = (2.2 * mm) as usize;
    let thickest = (0.9 * mm).max(3.0) as usize;
    let long = runs.iter().filter(|run| run.to - run.from >= shortest);
    let strokes = long.filter(|run| is_thin(run, thickest, |along, across| ink.dark(along, across)));
    let solid = chains(strokes.map(mark).collect(), 3.0 * mm, 2.2);
    let mut horizontal: Vec<Line> = solid.iter().filter_map(|chain| solid_line(chain, 7.0 * mm)).collect();
    let dots = chains(dots(ink, &runs), 6.0 * mm, 1.6_f64.max(0.2 * mm));
    let dotted: Vec<Line> = dots.iter().filter_map(|chain| dotted_line(chain, mm)).collect();
    let fresh: Vec<Line> =
        dotted.into_iter().filter(|line| !horizontal.iter().any(|s| lies_on(line, s, mm))).collect();
    horizontal.extend(fresh);
    let upright = ink.column_runs((4.0 * mm) as usize);
    let strokes =
        upright.iter().filter(|run| is_thin(run, thickest, |along, across| ink.dark(across, along)));
    let vertical = chains(strokes.map(mark).collect(), 6.0 * mm, 2.2);
    let vertical = vertical.iter().filter_map(|chain| solid_line(chain, 20.0 * mm)).collect();
    Lines { horizontal, vertical }
}

/// Whether `dotted` runs along the solid line (its own broken remains).
fn lies_on(dotted: &Line, solid: &Line, mm: f64) -> bool {
    let (from, to) = (dotted.from.max(solid.from), dotted.to.min(solid.to));
    to - from > 0.5 * dotted.length() && (solid.at(from) - dotted.at(from)).abs() < 0.8 * mm
}

fn mark(run: &Run) -> Mark {
    Mark { from: run.from as f64, to: run.to as f64, across: run.at as f64 }
}

/// Whether a stretch belongs to a thin stroke and not to a dark patch.
fn is_thin(run: &Run, thickest: usize, dark: impl Fn(usize, usize) -> bool) -> bool {
    let length = run.to - run.from;
    let thin = [1, 3, 5, 7].into_iter().filter(|eighth| {
        let along = run.from + length * eighth / 8;
        let above = (1..=thickest).take_while(|n| *n <= run.at && dark(along, run.at - n)).count();
        let below = (1..=thickest).take_while(|n| dark(along, run.at + n)).count();
        above + below < thickest
    });
    thin.count() >= 3
}

/// Small specks that stand alone: the dots (or dashes) of a leader.
fn dots(ink: &Ink, runs: &[Run]) -> Vec<Mark> {
    let (widest, highest) = ((1.6 * ink.millimetre) as usize, (0.75 * ink.millimetre).max(3.0) as usize);
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
    let share = ((mark.to - chain.to.min(mark.from)) / 60.0).clamp(0.1, 0.5);
    chain.across += share * (mark.across - chain.across);
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

/// A chain of strokes as a line, when it is long and mostly drawn.
fn solid_line(chain: &Chain, shortest: f64) -> Option<Line> {
    let from = chain.marks.iter().map(|m| m.from).fold(f64::INFINITY, f64::min);
    if chain.to - from < shortest {
        return None;
    }
    let mut drawn = 0.0;
    let mut end = from;
    for mark in &chain.marks {
        drawn += (mark.to - mark.from.max(end)).max(0.0);
        end = end.max(mark.to);
    }
    (drawn >= 0.6 * (chain.to - from)).then(|| fit(chain, from, true))
}

/// A chain of dots as a line, when they are many and evenly spaced.
fn dotted_line(chain: &Chain, mm: f64) -> Option<Line> {
    let marks = &chain.marks;
    let (from, to) = (marks.first()?.from, chain.to);
    if marks.len() < 5 || to - from < 4.0 * mm {
        return None;
    }
    let mut steps: Vec<f64> = marks.windows(2).map(|pair| pair[1].from - pair[0].from).collect();
    steps.sort_by(f64::total_cmp);
    let usual = steps[steps.len() * 2 / 5];
    let even = steps.iter().filter(|step| (0.65 * usual..1.45 * usual).contains(*step)).count();
    let regular = even * 2 >= steps.len() && usual <= 3.0 * mm;
    regular.then(|| fit(chain, from, false))
}

/// The straight line through the marks of a chain, by least squares weighted by length.
fn fit(chain: &Chain, from: f64, solid: bool) -> Line {
    let (mut w, mut x, mut y, mut xx, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for mark in &chain.marks {
        let (weight, along) = (mark.to - mark.from, (mark.from + mark.to) / 2.0 - from);
        w += weight;
        x += weight * along;
        y += weight * mark.across;
        xx += weight * along * along;
        xy += weight * along * mark.across;
    }
    let spread = w * xx - x * x;
    let slope = if spread > 1e-6 { (w * xy - x * y) / spread } else { 0.0 };
    let offset = (y - slope * x) / w.max(1e-9) - slope * from;
    Line { from, to: chain.to, solid, slope, offset }
}
