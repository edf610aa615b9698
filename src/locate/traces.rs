//! Lines too faint or too bent for the other searches: dark ridges of the page once it is averaged
//! along its rows, which keeps lines and wipes out grain.

use image::{GrayImage, imageops};

use super::ink::Ink;
use super::line::{Line, Mark};

/// Over so many millimetres of a row the page is averaged.
const WINDOW: f64 = 2.5;
/// A line is darker than the paper above and below it by so many grey levels, once averaged.
const DEPTH: f64 = 4.5;
/// A line shows for so many millimetres without a break somewhere, the window not counted.
const UNBROKEN: f64 = 5.0;
/// Writing breaks a line over at most so many millimetres.
const WIDEST_BREAK: f64 = 4.0;
/// Above the feet of a row of letters there is ink over more than this share of its length, ...
const LETTERS: f64 = 0.62;
/// ... and below what is not its feet there is ink over more than this one.
const BELOW: f64 = 0.3;
/// A trace tells more of a line by so many millimetres, or nothing.
const LEAST_MORE: f64 = 3.5;
/// Distance, in millimetres, of the points a bent line is kept by.
const POINTS: f64 = 5.0;

/// A line that is followed from left to right.
struct Trace {
    marks: Vec<Mark>,
    /// How it rises, by its last stretch.
    slope: f64,
}

impl Trace {
    fn last(&self) -> Mark {
        self.marks[self.marks.len() - 1]
    }

    /// How badly a mark carries the line on; none when it does not.
    fn misses(&self, mark: &Mark, mm: f64) -> Option<f64> {
        let last = self.last();
        let gap = mark.from - last.to;
        if gap > WIDEST_BREAK * mm || mark.to <= last.to {
            return None;
        }
        let off = (last.across + self.slope * gap.max(0.0) - mark.across).abs();
        let reach = if gap > 4.0 { 2.2 } else { 1.2 };
        (off <= reach).then_some(off + gap.abs() / mm)
    }

    fn take(&mut self, mark: Mark, mm: f64) {
        self.marks.push(mark);
        let back = self.marks.iter().rev().take_while(|other| mark.to - other.from < 15.0 * mm).last();
        let back = back.copied().unwrap_or(mark);
        let length = (mark.from + mark.to - back.from - back.to) / 2.0;
        self.slope = if length > 4.0 * mm { (mark.across - back.across) / length } else { 0.0 };
    }

    /// The longest stretch without a break, in pixels.
    fn unbroken(&self) -> f64 {
        let (mut longest, mut begin, mut end) = (0.0_f64, f64::NAN, f64::NEG_INFINITY);
        for mark in &self.marks {
            if mark.from > end + 4.0 {
                begin = mark.from;
            }
            end = mark.to;
            longest = longest.max(end - begin);
        }
        longest
    }

    /// The line, what the averaging added at its ends taken off.
    fn line(&self, mm: f64) -> Option<Line> {
        let (from, to) = (self.marks[0].from + 0.4 * WINDOW * mm, self.last().to - 0.4 * WINDOW * mm);
        let count = ((to - from) / (POINTS * mm)).ceil().max(1.0);
        let course = (0..=count as usize).map(|n| from + (to - from) * n as f64 / count);
        let course = course.map(|along| (along, self.across(along, 0.5 * POINTS * mm)));
        (to - from >= UNBROKEN * mm).then(|| Line::bent(course.collect(), false))
    }

    /// Where the line is at `along`: the marks within `reach`, by their lengths.
    fn across(&self, along: f64, reach: f64) -> f64 {
        let (mut weights, mut sum) = (0.0, 0.0);
        for mark in &self.marks {
            let part = mark.to.min(along + reach) - mark.from.max(along - reach);
            if part > 0.0 {
                weights += part;
                sum += part * mark.across;
            }
        }
        if weights > 0.0 {
            return sum / weights;
        }
        let away = |mark: &&Mark| (mark.from - along).abs().min((mark.to - along).abs());
        let near = self.marks.iter().min_by(|a, b| away(a).total_cmp(&away(b)));
        near.map_or(0.0, |mark| mark.across)
    }
}

/// The lines that show as ridges.
pub(super) fn find(image: &GrayImage, ink: &Ink) -> Vec<Line> {
    let lines = along_rows(image, ink.millimetre);
    lines.into_iter().filter(|line| !runs_through_letters(ink, line)).collect()
}

/// The upright lines of at least so many millimetres that show as ridges: the rulings of a table.
const SHORTEST_UPRIGHT: f64 = 15.0;

/// The upright lines that show as ridges.
pub(super) fn upright(image: &GrayImage, ink: &Ink) -> Vec<Line> {
    let turned = imageops::flip_horizontal(&imageops::rotate90(image));
    let mut lines = along_rows(&turned, ink.millimetre);
    lines.retain(|line| line.length() >= SHORTEST_UPRIGHT * ink.millimetre);
    lines
}

/// The ridges that run along the rows of a picture of `mm` pixels a millimetre.
fn along_rows(image: &GrayImage, mm: f64) -> Vec<Line> {
    let averaged = averaged(image, ((WINDOW * mm) as usize).max(3));
    let marks = ridges(&averaged, image.width() as usize, ((0.4 * mm).round() as usize).max(2));
    let traces = follow(marks, mm);
    let long = traces.iter().filter(|trace| trace.unbroken() >= (UNBROKEN + WINDOW) * mm);
    long.filter_map(|trace| trace.line(mm)).collect()
}

/// Steps of an averaged grey level.
const STEPS: u32 = 8;

/// Every pixel as the mean of its row around it, in [`STEPS`] of a grey level.
fn averaged(image: &GrayImage, window: usize) -> Vec<u16> {
    let width = image.width() as usize;
    let half = window / 2;
    let mut averaged = Vec::with_capacity(image.as_raw().len());
    let mut sums = vec![0_u32; width + 1];
    for row in image.as_raw().chunks_exact(width.max(1)) {
        let mut sum = 0;
        for (x, value) in row.iter().enumerate() {
            sum += u32::from(*value);
            sums[x + 1] = sum;
        }
        averaged.extend((0..width).map(|x| {
            let (from, to) = (x.saturating_sub(half), (x + half + 1).min(width));
            (STEPS * (sums[to] - sums[from]) / (to - from) as u32) as u16
        }));
    }
    averaged
}

/// The stretches of rows that are darker than the rows around them, `step` and twice that away.
fn ridges(averaged: &[u16], width: usize, step: usize) -> Vec<Mark> {
    let depth = (DEPTH * f64::from(STEPS)) as u16;
    let rows: Vec<&[u16]> = averaged.chunks_exact(width.max(1)).collect();
    let mut marks = Vec::new();
    for y in 2 * step..rows.len().saturating_sub(2 * step) {
        let mut begin = None;
        let (above, below) = ([rows[y - step], rows[y - 2 * step]], [rows[y + step], rows[y + 2 * step]]);
        for x in 0..=width {
            let ridge = x < width && {
                let here = rows[y][x];
                let lowest = here <= rows[y - 1][x] && here <= rows[y + 1][x];
                let (up, down) = (above[0][x].max(above[1][x]), below[0][x].max(below[1][x]));
                lowest && up.min(down) >= here + depth
            };
            match (ridge, begin) {
                (true, None) => begin = Some(x),
                (false, Some(from)) => {
                    if x - from > 2 {
                        marks.push(Mark { from: from as f64, to: x as f64, across: y as f64 });
                    }
                    begin = None;
                }
                _ => {}
            }
        }
    }
    marks
}

/// Puts marks that carry each other on together.
fn follow(mut marks: Vec<Mark>, mm: f64) -> Vec<Trace> {
    marks.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.across.total_cmp(&b.across)));
    let mut traces: Vec<Trace> = Vec::new();
    // The traces by the row of their last mark.
    let mut at: std::collections::BTreeMap<i64, Vec<usize>> = std::collections::BTreeMap::new();
    for mark in marks {
        let row = mark.across as i64;
        let near = at.range(row - 4..=row + 4).flat_map(|(_, ids)| ids.iter().copied());
        let best = near
            .filter_map(|id| traces[id].misses(&mark, mm).map(|misses| (misses, id)))
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let id = match best {
            Some((_, id)) => {
                if let Some(ids) = at.get_mut(&(traces[id].last().across as i64)) {
                    ids.retain(|other| *other != id);
                }
                traces[id].take(mark, mm);
                id
            }
            None => {
                traces.push(Trace { marks: vec![mark], slope: 0.0 });
                traces.len() - 1
            }
        };
        let ids = at.entry(row).or_default();
        ids.retain(|other| mark.from - traces[*other].last().to <= WIDEST_BREAK * mm);
        ids.push(id);
    }
    traces
}

/// Whether a trace is the feet or the bars of a row of letters.
fn runs_through_letters(ink: &Ink, line: &Line) -> bool {
    let mm = ink.millimetre;
    above(ink, line, line.from, line.to) > LETTERS
        || beside(ink, line, (line.from, line.to), (0.5 * mm, 1.0 * mm)) > BELOW
}

/// The share of a line, between two columns, over which ink stands.
fn above(ink: &Ink, line: &Line, from: f64, to: f64) -> f64 {
    beside(ink, line, (from, to), (-1.6 * ink.millimetre, -0.4 * ink.millimetre))
}

/// The share of a line, between two columns, that has ink so far above (below 0) or below it.
fn beside(ink: &Ink, line: &Line, (from, to): (f64, f64), (top, bottom): (f64, f64)) -> f64 {
    let columns = from as i32..to as i32;
    let all = columns.len().max(1);
    let inked = columns.filter(|x| {
        let y = line.at(f64::from(*x));
        let rows = (y + top).max(0.0) as usize..(y + bottom).max(0.0) as usize;
        rows.into_iter().any(|row| ink.faint((*x).max(0) as usize, row))
    });
    inked.count() as f64 / all as f64
}

/// The lines of a page, and those of the traces that were not found otherwise; where a trace shows a
/// good deal more of a line, it takes the place of the pieces.
pub(super) fn complete(ink: &Ink, lines: &[Line], traces: Vec<Line>) -> Vec<Line> {
    let mm = ink.millimetre;
    let mut whole = lines.to_vec();
    for mut trace in traces {
        let own: Vec<Line> = whole.iter().filter(|line| lies_on(line, &trace, mm)).cloned().collect();
        let from = own.iter().map(|line| line.from).fold(f64::INFINITY, f64::min);
        let to = own.iter().map(|line| line.to).fold(f64::NEG_INFINITY, f64::max);
        if !own.is_empty() {
            trace.from = begin(ink, &trace, from);
            trace.to = end(ink, &trace, to);
        }
        let covered: f64 = own.iter().map(|line| line.to.min(trace.to) - line.from.max(trace.from)).sum();
        let part = whole.iter().any(|line| has(line, &trace, mm));
        if part || trace.length() - covered < LEAST_MORE * mm {
            continue;
        }
        trace.solid = own.iter().any(|line| line.solid);
        whole.retain(|line| !lies_on(line, &trace, mm));
        whole.push(trace);
    }
    let before_a_line = |line: &Line| {
        whole.iter().any(|next| {
            let down = next.at(next.from) - line.at(line.to);
            (-1.5 * mm..2.5 * mm).contains(&(next.from - line.to)) && (0.35 * mm..2.0 * mm).contains(&down)
        })
    };
    let label = |line: &Line| !lines.contains(line) && before_a_line(line);
    whole.iter().filter(|line| !label(line)).cloned().collect()
}

/// Where a trace begins whose known pieces begin at `known`: print beside a line can seem to carry it
/// on, and writing can hide its beginning.
fn begin(ink: &Ink, trace: &Line, known: f64) -> f64 {
    let longer = known - trace.from > LEAST_MORE * ink.millimetre;
    if longer && above(ink, trace, trace.from, known) <= LETTERS { trace.from } else { known }
}

/// Where a trace ends whose known pieces end at `known`.
fn end(ink: &Ink, trace: &Line, known: f64) -> f64 {
    let longer = trace.to - known > LEAST_MORE * ink.millimetre;
    if longer && above(ink, trace, known, trace.to) <= LETTERS { trace.to } else { known }
}

/// Whether a line is a piece of a trace.
fn lies_on(line: &Line, trace: &Line, mm: f64) -> bool {
    let (from, to) = (line.from.max(trace.from), line.to.min(trace.to));
    let middle = (from + to) / 2.0;
    to - from > 0.5 * line.length() && (line.at(middle) - trace.at(middle)).abs() < 0.7 * mm
}

/// Whether a trace is a piece of a line.
fn has(line: &Line, trace: &Line, mm: f64) -> bool {
    let middle = trace.middle_along();
    line.from <= trace.from + mm
        && line.to >= trace.to - mm
        && (line.at(middle) - trace.at(middle)).abs() < 0.7 * mm
}

/// A line that leaves its chord by fewer millimetres is straight.
const STRAIGHT: f64 = 0.4;
/// The thickest that a faint or bent line is, in millimetres.
const THICKEST: f64 = 0.5;

/// Takes the bent lines out of a picture, where no writing crosses them: later stages know lines
/// that are straight.
pub(super) fn erase(image: &mut GrayImage, ink: &Ink, lines: &[Line]) {
    let thickest = (THICKEST * ink.millimetre).max(3.0) as u32;
    for line in lines.iter().filter(|line| line.bend() > STRAIGHT * ink.millimetre) {
        let (from, to) = (line.from.max(0.0) as u32, (line.to.max(0.0) as u32).min(image.width()));
        for x in from..to {
            let y = line.at(f64::from(x)).round().max(0.0) as u32;
            erase_column(image, x, y, thickest);
        }
    }
}

/// Makes the stroke that passes row `y` of a column paper, when it is at most `thickest` pixels thick.
fn erase_column(image: &mut GrayImage, x: u32, y: u32, thickest: u32) {
    let dark = |row: u32| image.get_pixel_checked(x, row).is_some_and(|pixel| pixel[0] < NEARLY_PAPER);
    let Some(seed) =
        [y, y + 1, y.saturating_sub(1), y + 2, y.saturating_sub(2)].into_iter().find(|row| dark(*row))
    else {
        return;
    };
    let top = (0..=seed).rev().take_while(|row| dark(*row)).last().unwrap_or(seed);
    let bottom = (seed..).take_while(|row| dark(*row)).last().unwrap_or(seed);
    if bottom - top < thickest {
        (top..=bottom).for_each(|row| image.put_pixel(x, row, image::Luma([255])));
    }
}

/// Grey from which a pixel is paper or the soft edge of a stroke.
const NEARLY_PAPER: u8 = 238;

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::super::ink::Ink;
    use super::{complete, erase, find, upright};

    /// A sheet of 4 pixels a millimetre with a faint line that sinks at its right end.
    fn sheet() -> GrayImage {
        let mut image = GrayImage::from_pixel(840, 1188, Luma([250]));
        for x in 100..700_u32 {
            image.put_pixel(x, sinking(x), Luma([226]));
        }
        image
    }

    fn sinking(x: u32) -> u32 {
        400 + x.saturating_sub(400) * x.saturating_sub(400) / 6000
    }

    #[test]
    fn a_faint_and_bent_line_is_found_where_it_runs() {
        let image = sheet();
        let lines = find(&image, &Ink::of(&image));
        assert_eq!(lines.len(), 1);
        let line = &lines[0];
        assert!((line.from - 100.0).abs() < 8.0 && (line.to - 700.0).abs() < 8.0, "{line:?}");
        for x in [120, 400, 560, 690] {
            assert!((line.at(f64::from(x)) - f64::from(sinking(x))).abs() < 1.5, "{x}: {line:?}");
        }
    }

    #[test]
    fn a_faint_upright_line_is_found_where_it_stands() {
        let mut image = GrayImage::from_pixel(840, 1188, Luma([250]));
        (200..900).for_each(|y| image.put_pixel(300, y, Luma([232])));
        let lines = upright(&image, &Ink::of(&image));
        assert_eq!(lines.len(), 1);
        let line = &lines[0];
        assert!((line.from - 200.0).abs() < 8.0 && (line.to - 900.0).abs() < 8.0, "{line:?}");
        assert!((line.at(500.0) - 300.0).abs() < 1.0, "{line:?}");
    }

    #[test]
    fn the_feet_of_letters_are_no_line() {
        let mut image = GrayImage::from_pixel(840, 1188, Luma([250]));
        for letter in 0..40 {
            let left = 100 + 9 * letter;
            for y in 394..401 {
                [0, 1, 6, 7].into_iter().for_each(|x| image.put_pixel(left + x, y, Luma([40])));
            }
            for y in [394, 400] {
                (left..left + 8).for_each(|x| image.put_pixel(x, y, Luma([40])));
            }
        }
        assert_eq!(find(&image, &Ink::of(&image)), []);
    }

    #[test]
    fn a_bent_line_is_erased_but_for_the_writing_across_it() {
        let mut image = sheet();
        (380..420).for_each(|y| image.put_pixel(300, y, Luma([40])));
        let ink = Ink::of(&image);
        let lines = find(&image, &ink);
        erase(&mut image, &ink, &lines);
        let left: Vec<u32> = (110..690).filter(|x| image.get_pixel(*x, sinking(*x))[0] < 230).collect();
        assert_eq!(left, [300]);
    }

    #[test]
    fn a_line_that_is_known_stays_as_it_is() {
        let image = sheet();
        let ink = Ink::of(&image);
        let known = find(&image, &ink);
        assert_eq!(complete(&ink, &known, find(&image, &ink)), known);
        let piece = super::Line::level(300.0, 380.0, 400.0);
        let whole = complete(&ink, &[piece], find(&image, &ink));
        assert_eq!(whole, known);
    }
}
