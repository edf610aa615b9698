//! Tells what is struck through from what stands, so that the two are read apart (a mistake is struck through
//! and the right text written beside it: Circular 04/2020/TT-BTP, art. 35).

use super::components::{Component, Components};
use super::lines::Line;
use super::window::Window;
use crate::domain::Rectangle;

/// The stroke through a word is at least so many letters long, ...
const LEAST_LENGTH: f64 = 2.1;
/// ... at most this steep, ...
const STEEPEST: f64 = 0.09;
/// ... tried in so many steps on each side of level, ...
const SLOPE_STEPS: i32 = 6;
/// ... leaves its line by at most this many letters (standard deviation), ...
const UNEVEN: f64 = 0.076;
/// ... has ink above it and below it on this share of its length, ...
const CROSSED: f64 = 0.4;
/// ... and reaches beyond the word by so many letters on each side, ...
const OVERSHOOT: f64 = 0.07;
/// ... on both together by so many.
const OVERSHOOTS: f64 = 0.2;
/// A space is so many letters wide.
const SPACE: f64 = 0.25;
/// A line that runs on for so many letters ...
const ON: f64 = 0.6;
/// ... on this share of the columns beyond either end is a ruling.
const RULED: f64 = 0.85;
/// It may break for so many columns.
const BREAK: i32 = 2;
/// Where it may lie between the top and the bottom of what it strikes.
const HEIGHT: std::ops::Range<f64> = 0.25..0.8;
/// What reaches further than so many letters beyond the stroke stands.
const BEYOND: f64 = 0.5;

/// Parts `line` of `window` into what is struck through, left to right, and what stands, if anything does.
/// `letter` is how high its letters are, `thickest` how many rows a stroke may fill.
pub(super) fn part(
    window: &Window,
    components: &Components,
    line: Line,
    letter: i32,
    thickest: f64,
) -> Vec<Line> {
    let high = f64::from(letter);
    let wide = line.pieces.iter().filter(|piece| f64::from(piece.bounds.width()) >= LEAST_LENGTH * high);
    let found = wide.filter_map(|piece| {
        let strip = Strip::of(components, piece, line.rows)?;
        let (level, columns) = strip.stroke(high, thickest)?;
        let free =
            begins_a_word(columns.0, &line.pieces, high) && !strip.runs_on(window, level, columns, high);
        free.then_some(columns)
    });
    let mut strokes: Vec<(i32, i32)> = found.collect();
    if strokes.is_empty() {
        return vec![line];
    }
    strokes.sort_unstable();
    let mut standing = line.pieces.clone();
    let mut parts: Vec<Line> =
        strokes.iter().map(|stroke| under(&line, *stroke, letter, &mut standing)).collect();
    let cut = standing.iter().any(|piece| parts.iter().any(|part| part.pieces.contains(piece)));
    let columns = if cut { without(&line, &strokes) } else { line.columns.clone() };
    let rest = Line { pieces: standing, columns, ..line };
    if rest.pieces.iter().any(|piece| 2 * piece.extent() >= letter) {
        parts.push(rest);
    }
    parts
}

/// Whether a space stands left of a column.
fn begins_a_word(column: i32, pieces: &[Component], letter: f64) -> bool {
    let space = (f64::from(column) - SPACE * letter)..f64::from(column);
    let in_space =
        |bounds: Rectangle| f64::from(bounds.right) > space.start && f64::from(bounds.left) < space.end - 1.0;
    !pieces.iter().any(|piece| in_space(piece.bounds) && 3.0 * f64::from(piece.extent()) >= letter)
}

/// What lies under a stroke; taken out of `standing`, but for what reaches beyond it.
fn under(line: &Line, (from, to): (i32, i32), letter: i32, standing: &mut Vec<Component>) -> Line {
    let beyond = |piece: &Component| (from - piece.bounds.left).max(piece.bounds.right - to);
    let inside = |piece: &Component| (f64::from(from)..f64::from(to)).contains(&piece.middle_column());
    let whole = |piece: &Component| inside(piece) && f64::from(beyond(piece)) <= BEYOND * f64::from(letter);
    let crossing =
        |piece: &Component| piece.bounds.left < to && from < piece.bounds.right && beyond(piece) > 0;
    let (struck, rest): (Vec<Component>, Vec<Component>) = standing.drain(..).partition(whole);
    let wide = |piece: &&Component| {
        crossing(piece) && f64::from(piece.bounds.width()) >= LEAST_LENGTH * f64::from(letter)
    };
    let shared = rest.iter().filter(wide).cloned().collect::<Vec<_>>();
    let columns =
        match (shared.is_empty(), struck.iter().map(|piece| piece.bounds).reduce(|a, b| a.union(&b))) {
            (true, Some(all)) => (all.left.min(from), all.right.max(to)),
            _ => (from, to),
        };
    *standing = rest;
    Line { pieces: [struck, shared].concat(), rows: line.rows, columns: vec![columns], is_struck: true }
}

/// The columns of a line but for the `strokes`, which stand in order.
fn without(line: &Line, strokes: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let begins = strokes.iter().map(|(_, end)| *end);
    let ends = strokes.iter().map(|(begin, _)| *begin);
    let all = line.bounds();
    let gaps = std::iter::once(all.left).chain(begins).zip(ends.chain([all.right]));
    gaps.filter(|(from, to)| from < to).collect()
}

/// The ink of one piece.
struct Strip {
    /// Its place in the window.
    place: Rectangle,
    /// Ink or not, row by row.
    ink: Vec<bool>,
}

/// A nearly level line: its row in the middle of a strip, and its slope.
type Level = (f64, f64);

impl Strip {
    /// The part of a piece within `rows`; none when there is none.
    fn of(components: &Components, piece: &Component, rows: (i32, i32)) -> Option<Self> {
        let place = Rectangle {
            top: piece.bounds.top.max(rows.0),
            bottom: piece.bounds.bottom.min(rows.1),
            ..piece.bounds
        };
        let is_own = |x: i32, y: i32| components.labels.get_pixel(x as u32, y as u32).0[0] == piece.label;
        let ink =
            (place.top..place.bottom).flat_map(|y| (place.left..place.right).map(move |x| is_own(x, y)));
        (!place.is_empty()).then(|| Self { place, ink: ink.collect() })
    }

    /// Whether there is ink at a column and row of the strip.
    fn inked(&self, x: i32, y: i32) -> bool {
        (0..self.place.height()).contains(&y) && self.ink[(y * self.place.width() + x) as usize]
    }

    /// The columns of the window that a stroke through the piece takes, where there is one.
    fn stroke(&self, letter: f64, thickest: f64) -> Option<(Level, (i32, i32))> {
        let row = |share: f64| (share * f64::from(self.place.height())) as i32;
        let slopes =
            (-SLOPE_STEPS..=SLOPE_STEPS).map(|step| f64::from(step) / f64::from(SLOPE_STEPS) * STEEPEST);
        let levels = slopes.flat_map(|slope| {
            (row(HEIGHT.start)..row(HEIGHT.end)).map(move |middle| (f64::from(middle), slope))
        });
        let strokes = levels.filter_map(|level| {
            let (from, to) = self.longest_run(level);
            let long = f64::from(to - from) >= LEAST_LENGTH * letter;
            let bare = long.then(|| self.bare_of_stroke(level, (from, to), letter, thickest)).flatten()?;
            Some((bare, level, (from, to)))
        });
        let (_, level, (from, to)) = strokes.max_by_key(|(bare, ..)| *bare)?;
        Some((level, (self.place.left + from, self.place.left + to)))
    }

    /// The row of a line at a column.
    fn at(&self, (middle, slope): Level, x: i32) -> f64 {
        middle + slope * (f64::from(x) - f64::from(self.place.width()) / 2.0)
    }

    /// Whether a line runs on in `window` beyond columns of it, as a ruling does that was taken out there.
    fn runs_on(&self, window: &Window, level: Level, (from, to): (i32, i32), letter: f64) -> bool {
        let (width, height) = (window.grey.width() as i32, window.grey.height() as i32);
        let lightest = window.tone.threshold();
        let dark = |x: i32| {
            let y = self.place.top + self.at(level, x - self.place.left).round() as i32;
            let rows = (y - 2).max(0)..(y + 3).min(height);
            rows.into_iter().any(|y| f64::from(window.grey.get_pixel(x as u32, y as u32).0[0]) < lightest)
        };
        let beyond = (ON * letter) as i32;
        let ruled = |columns: std::ops::Range<i32>| {
            let columns: Vec<i32> = columns.filter(|x| (0..width).contains(x)).collect();
            let inked = columns.iter().filter(|x| dark(**x)).count();
            // At the edge of the window it has left the place of the value.
            columns.len() < 3 || inked as f64 >= RULED * columns.len() as f64
        };
        ruled(from - beyond..from - 1) || ruled(to + 1..to + beyond)
    }

    /// The row nearest to a line that has ink at a column.
    fn on(&self, level: Level, x: i32) -> Option<i32> {
        let y = self.at(level, x).round() as i32;
        [y, y - 1, y + 1].into_iter().find(|y| self.inked(x, *y))
    }

    /// The columns of the longest run of ink along a line.
    fn longest_run(&self, level: Level) -> (i32, i32) {
        let (mut longest, mut run) = ((0, 0), (0, 0));
        for x in (0..self.place.width()).filter(|x| self.on(level, *x).is_some()) {
            run = if x - run.1 > BREAK { (x, x + 1) } else { (run.0, x + 1) };
            if run.1 - run.0 > longest.1 - longest.0 {
                longest = run;
            }
        }
        longest
    }

    /// On how many columns the run along a line lies bare; none when it is no stroke through a word.
    fn bare_of_stroke(
        &self,
        level: Level,
        (from, to): (i32, i32),
        letter: f64,
        thickest: f64,
    ) -> Option<usize> {
        let columns: Vec<Crossing> = (from..to).map(|x| self.crossing(level, x, thickest)).collect();
        let share = |is: fn(&Crossing) -> bool| {
            columns.iter().filter(|column| is(column)).count() as f64 / columns.len() as f64
        };
        let alone = |column: &&Crossing| column.off.is_some() && !column.above && !column.below;
        let lead = columns.iter().take_while(alone).count() as f64 / letter;
        let tail = columns.iter().rev().take_while(alone).count() as f64 / letter;
        let off: Vec<f64> = columns.iter().filter_map(|column| column.off).collect();
        let mean = off.iter().sum::<f64>() / off.len().max(1) as f64;
        let variance = off.iter().map(|off| (off - mean).powi(2)).sum::<f64>() / off.len().max(1) as f64;
        let is_stroke = share(|column| column.above) >= CROSSED
            && share(|column| column.below) >= CROSSED
            && lead.min(tail) >= OVERSHOOT
            && lead + tail >= OVERSHOOTS
            && variance.sqrt() <= UNEVEN * letter;
        is_stroke.then_some(off.len())
    }

    /// What there is of a line, above it and below it at a column.
    fn crossing(&self, level: Level, x: i32, thickest: f64) -> Crossing {
        let Some(y) = self.on(level, x) else { return Crossing { off: None, above: false, below: false } };
        let top = (0..=y).rev().take_while(|y| self.inked(x, *y)).last().unwrap_or(y);
        let bottom = (y..self.place.height()).take_while(|y| self.inked(x, *y)).last().unwrap_or(y);
        let bare = f64::from(bottom - top + 1) <= thickest.ceil();
        Crossing {
            off: bare.then(|| f64::from(top + bottom) / 2.0 - self.at(level, x)),
            above: !bare || (0..top).any(|y| self.inked(x, y)),
            below: !bare || (bottom + 1..self.place.height()).any(|y| self.inked(x, y)),
        }
    }
}

/// One column of what may be a stroke through a word.
struct Crossing {
    /// How many rows its middle lies below the line; none where a letter crosses it or it breaks.
    off: Option<f64>,
    /// Whether there is ink above it.
    above: bool,
    /// Whether there is ink below it.
    below: bool,
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::super::components::components;
    use super::super::lines::Line;
    use super::super::window::{Tone, Window};
    use super::part;
    use crate::domain::Rectangle;

    const LETTER: i32 = 24;

    /// Two words of upright bars, and a level stroke over `columns`; the ink of each part of the line, and
    /// whether it is struck through.
    fn parts(columns: std::ops::Range<u32>) -> Vec<(i32, i32, bool)> {
        let mask = GrayImage::from_fn(260, 60, |x, y| {
            let word = (20..104).contains(&x) || (132..216).contains(&x);
            let letter = word && x % 12 >= 5 && (18..42).contains(&y);
            Luma([if letter || columns.contains(&x) && (29..31).contains(&y) { 255 } else { 0 }])
        });
        let mut grey = mask.clone();
        image::imageops::invert(&mut grey);
        let place = Rectangle::new(0, 0, 260, 60);
        let tone = Tone { paper: 255.0, noise: 1.0, dark: 0.0 };
        let components = components(&mask, &grey, place);
        let line = Line {
            pieces: components.list.clone(),
            rows: (0, 60),
            columns: vec![(0, 260)],
            is_struck: false,
        };
        let window = Window { grey, mask, region: place, place, tone };
        let parts = part(&window, &components, line, LETTER, 3.0);
        parts.iter().map(|part| (part.bounds().left, part.bounds().right, part.is_struck)).collect()
    }

    #[test]
    fn a_word_struck_through_is_told_from_the_one_beside_it() {
        assert_eq!(parts(14..110), [(14, 110, true), (137, 216, false)]);
        assert_eq!(parts(130..222), [(130, 222, true), (20, 104, false)]);
    }

    #[test]
    fn all_of_a_line_may_be_struck() {
        assert_eq!(parts(14..224), [(14, 224, true)]);
    }

    #[test]
    fn bars_of_letters_and_rulings_strike_nothing() {
        for level in [0..0, 20..60, 20..104, 0..260, 140..260] {
            assert!(!parts(level.clone()).iter().any(|(.., is_struck)| *is_struck), "{level:?}");
        }
    }
}
