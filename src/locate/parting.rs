//! Where the lines to write on begin and end beside their labels. Writing that stands on a line hides it: the line
//! seems to begin after the value, or to be two. Letters also seem to carry a faint line on, so that it runs
//! through the word before its beginning, or through the next label of its row.

use image::GrayImage;

use super::colons::Colon;
use super::feet;
use super::ink::Ink;
use super::line::Line;
use super::rulings::Lines;

/// Writing hides a line over no more than so many millimetres.
const LONGEST_HIDDEN: f64 = 120.0;
/// A line begins right after its colon unless it seems to begin so many millimetres after it, ...
const AFTER_ITS_COLON: f64 = 3.0;
/// ... and is whole unless so many millimetres seem to lack in it.
const SHORTEST_HIDDEN: f64 = 1.0;
/// What is shorter than so many millimetres is no upright ruling.
const WALL: f64 = 20.0;
/// What shows of a line that writing hides from end to end is made this long, in millimetres.
const BEGINNING: f64 = 6.0;
/// A line shows between letters at least with this share of its darkness elsewhere.
const AS_DARK: f64 = 0.7;
/// The lower dot of a colon may reach so many millimetres below the course of a line that is seen only further right.
const BELOW_LINE: f64 = -0.6;
/// The last letter of a label stands no further before its colon than so many millimetres.
const LAST_LETTER: f64 = 2.0;
/// Pieces of one line lie no further than so many millimetres from one another's course.
const OFF_COURSE: f64 = 0.7;

/// Lines, those whole that writing hides in part: what a colon comes before begins after it, and pieces between
/// which a value stands are one; between the letters the line shows.
pub(super) fn unhidden(image: &GrayImage, ink: &Ink, lines: &Lines) -> Vec<Line> {
    let mm = ink.millimetre;
    let colons = &lines.colons;
    // No line goes on across an upright ruling.
    let walls: Vec<&Line> = lines.vertical.iter().filter(|ruling| ruling.length() > WALL * mm).collect();
    let mut lines = lines.horizontal.clone();
    lines.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut whole: Vec<Line> = Vec::new();
    for mut line in lines {
        let before = |other: &&mut Line| {
            other.to <= line.from + mm && (other.at(other.to) - line.at(other.to)).abs() < OFF_COURSE * mm
        };
        let y = line.at(line.from);
        let passing = walls.iter().filter(|wall| wall.from < y && y < wall.to).map(|wall| wall.at(y));
        let wall = passing.filter(|x| *x < line.from + mm).fold(0.0, f64::max);
        let piece = whole.iter_mut().filter(before).max_by(|a, b| a.to.total_cmp(&b.to));
        let piece = piece.filter(|piece| piece.to > wall);
        let start = piece.as_ref().map_or(wall, |piece| piece.to);
        let between = colons.iter().filter(|colon| start < colon.left && colon.right < line.from);
        let colon =
            between.filter(|colon| in_row(&line, colon, mm)).max_by(|a, b| a.right.total_cmp(&b.right));
        let begin = colon.map_or(start, |colon| colon.right + 1.0);
        let shortest = if colon.is_some() { AFTER_ITS_COLON } else { SHORTEST_HIDDEN };
        let hidden = line.from - begin;
        let may_hide = hidden >= shortest * mm;
        let shown = (may_hide && hidden < LONGEST_HIDDEN * mm)
            .then(|| feet::shows_between(image, ink, &line, (begin, line.from)))
            .flatten();
        match (shown, colon, piece) {
            (Some(_), Some(_), _) => line.from = begin,
            (Some(shown), None, Some(piece))
                if shown > AS_DARK * feet::shows(image, ink, &line)
                    && feet::shows_throughout(image, ink, &line, (begin, line.from)) =>
            {
                *piece = piece.joined(&line);
                continue;
            }
            (_, None, _) if may_hide => {
                let bound = begin.max(line.from - LONGEST_HIDDEN * mm);
                line.from = feet::followed(image, ink, &line, bound).unwrap_or(line.from);
            }
            _ => {}
        }
        whole.push(line);
    }
    // On a form without lines colons alone tell where the writing begins.
    if whole.len() >= colons.len() / 2 {
        let hidden: Vec<Line> = colons.iter().filter_map(|colon| all_hidden(ink, &whole, colon)).collect();
        whole.extend(hidden);
    }
    whole
}

/// Whether a colon stands at the height of a label of this line; `mm` is a millimetre in pixels.
fn in_row(line: &Line, colon: &Colon, mm: f64) -> bool {
    (BELOW_LINE * mm..ABOVE_LINE * mm).contains(&(line.at(colon.right) - colon.bottom))
}

/// The beginning of a line that writing hides from end to end: after a colon in the row of a line that ends before
/// it, or in a row of no lines between rows that have some.
fn all_hidden(ink: &Ink, lines: &[Line], colon: &Colon) -> Option<Line> {
    let mm = ink.millimetre;
    let mut row = lines.iter().filter(|line| in_row(line, colon, mm));
    let begins_or_passes = |line: &Line| line.to > colon.left && line.from < colon.right + BEGINNING * mm;
    let has_line = row.clone().any(begins_or_passes);
    let is_empty = row.clone().next().is_none();
    let y = colon.bottom;
    let amid = || {
        let near = |line: &&Line| (line.at(colon.right) - y).abs() < NEAR_ROWS * mm;
        let (above, below) = (|line: &Line| line.at(colon.right) < y, |line: &Line| line.at(colon.right) > y);
        let mut near = lines.iter().filter(near);
        near.clone().any(above) && near.any(below)
    };
    let before = match row.rfind(|line| line.to < colon.left - LAST_LETTER * mm) {
        Some(before) => before.clone(),
        None if is_empty && amid() => Line::level(colon.left, colon.right, y + 0.5 * mm),
        None => return None,
    };
    let inked = |from: f64, to: f64| {
        ink.count(from as i32, (y - 2.5 * mm) as i32, to as i32, (y + 0.3 * mm) as i32) > 0
    };
    let is_label = inked(colon.left - LAST_LETTER * mm, colon.left - 0.2 * mm);
    let is_written = inked(colon.right + 0.5 * mm, colon.right + BEGINNING * mm);
    (!has_line && is_label && is_written).then(|| {
        let mut line = before;
        (line.from, line.to) = (colon.right + 1.0, colon.right + BEGINNING * mm);
        line
    })
}

/// Of a row of no lines the rows of lines above and below it are no further than so many millimetres.
const NEAR_ROWS: f64 = 25.0;

/// The last word of a label is no longer than so many millimetres, its colon included, ...
const LAST_WORD: f64 = 15.0;
/// ... and no gap in it wider than this.
const WORD_GAP: f64 = 2.2;
/// The lower dot of a colon stands less than so many millimetres above its line, ...
const ABOVE_LINE: f64 = 2.2;
/// ... which begins at most so many after it.
const AFTER_COLON: f64 = 3.0;

/// A label within a line is no longer than so many millimetres.
const LONGEST_LABEL: f64 = 45.0;

/// Nothing is written on less than so many millimetres.
const SHORTEST_PART: f64 = 4.0;

/// Lines, the traces among them without the labels that stand on them, for letters seem to carry a line on:
/// a trace begins after the colon of its label's last word, and is cut where another label stands on it.
pub(super) fn without_labels(ink: &Ink, lines: Vec<Line>, colons: &[Colon]) -> Vec<Line> {
    lines
        .into_iter()
        .flat_map(|line| if line.is_traced() { parted(ink, line, colons) } else { vec![line] })
        .collect()
}

/// A trace in the parts that lie between labels.
fn parted(ink: &Ink, line: Line, colons: &[Colon]) -> Vec<Line> {
    let mm = ink.millimetre;
    let on_line = |colon: &&Colon| {
        (0.0..ABOVE_LINE * mm).contains(&(line.at(colon.right) - colon.bottom))
            && (line.from - AFTER_COLON * mm..line.to).contains(&colon.right)
    };
    let mut on_line: Vec<&Colon> = colons.iter().filter(on_line).collect();
    on_line.sort_by(|a, b| a.right.total_cmp(&b.right));
    let mut parts = vec![line];
    for (nth, colon) in on_line.into_iter().enumerate() {
        let Some(rest) = parts.last_mut() else { break };
        let word = word_start(ink, rest, colon.left);
        if nth == 0 && colon.right - rest.from < LAST_WORD * mm {
            if word <= rest.from {
                rest.from = rest.from.max(colon.right + 1.0);
            }
        } else if word > rest.from && colon.left - word < LONGEST_LABEL * mm {
            let mut next = rest.clone();
            (rest.to, next.from) = (word, colon.right + 1.0);
            parts.push(next);
        }
    }
    if let Some(last) = parts.last_mut() {
        last.to = last.to.min(next_label(ink, last, colons));
    }
    parts.retain(|part| part.length() >= SHORTEST_PART * mm);
    parts
}

/// Where the label begins into which a trace runs at its end, its colon standing further right.
fn next_label(ink: &Ink, line: &Line, colons: &[Colon]) -> f64 {
    let mm = ink.millimetre;
    let next = colons
        .iter()
        .filter(|colon| line.to <= colon.right && colon.left < line.to + LONGEST_LABEL * mm)
        .filter(|colon| (0.0..ABOVE_LINE * mm).contains(&(line.at(colon.right) - colon.bottom)));
    let Some(colon) = next.min_by(|a, b| a.left.total_cmp(&b.left)) else { return line.to };
    let reaching = line.between(line.from, colon.left);
    let word = word_start(ink, &reaching, colon.left);
    if word > line.from && colon.left - word < LONGEST_LABEL * mm { word } else { line.to }
}

/// Where the ink on a line that ends at column `to` begins: after a wide gap, or at or before the
/// beginning of the line.
fn word_start(ink: &Ink, line: &Line, to: f64) -> f64 {
    let mm = ink.millimetre;
    let inked = |x: &i32| {
        let y = line.at(f64::from(*x));
        ink.count(*x, (y - 3.2 * mm) as i32, *x + 1, (y - 0.4 * mm) as i32) > 0
    };
    let mut first = to as i32;
    for x in (line.from as i32..to as i32).rev().filter(inked) {
        if f64::from(first - x) > WORD_GAP * mm {
            return f64::from(first);
        }
        first = x;
    }
    if f64::from(first) - line.from > WORD_GAP * mm { f64::from(first) } else { line.from }
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::super::colons::Colon;
    use super::super::ink::Ink;
    use super::super::line::Line;
    use super::super::rulings::Lines;
    use super::{unhidden, without_labels};

    /// A sheet of 4 pixels a millimetre with a faint line from 100 to 700 at row 400, and letters standing on it
    /// from these columns to those.
    fn written(letters: &[(u32, u32)]) -> GrayImage {
        let mut image = GrayImage::from_pixel(840, 1188, Luma([250]));
        (100..700).for_each(|x| image.put_pixel(x, 400, Luma([226])));
        for x in letters.iter().flat_map(|(from, to)| *from..*to).filter(|x| x % 5 < 2) {
            (389..398).for_each(|y| image.put_pixel(x, y, Luma([40])));
        }
        image
    }

    fn colon(left: f64) -> Colon {
        Colon { left, right: left + 2.0, top: 391.0, bottom: 397.0 }
    }

    fn parts(letters: &[(u32, u32)], colons: &[Colon]) -> Vec<(i32, i32)> {
        let image = written(letters);
        let ink = Ink::of(&image);
        let line = Line::bent(vec![(100.0, 400.0), (400.0, 400.0), (700.0, 400.0)], false);
        let parts = without_labels(&ink, vec![line], colons);
        parts.iter().map(|part| (part.from as i32, part.to as i32)).collect()
    }

    #[test]
    fn a_line_begins_after_the_label_that_stands_on_it() {
        assert_eq!(parts(&[(100, 136)], &[colon(140.0)]), [(143, 700)]);
        // White paper before the colon: what stands before it is none of the label.
        assert_eq!(parts(&[(100, 110)], &[colon(140.0)]), [(100, 700)]);
        assert_eq!(parts(&[(100, 136)], &[]), [(100, 700)]);
    }

    #[test]
    fn a_line_is_cut_where_another_label_stands_on_it() {
        assert_eq!(parts(&[(110, 180), (400, 460)], &[colon(464.0)]), [(100, 400), (467, 700)]);
        // Writing that runs up to the colon without a gap is no label.
        assert_eq!(parts(&[(105, 460)], &[colon(464.0)]), [(100, 700)]);
    }

    /// A sheet with words that stand on row 400 from these columns to those, and a drawn line below some of them.
    fn on_a_line(words: &[(u32, u32)], drawn: &[(u32, u32)]) -> GrayImage {
        let mut image = GrayImage::from_pixel(840, 1188, Luma([250]));
        let mut draw = |(from, to): (u32, u32), rows: std::ops::Range<u32>, tone: u8| {
            (from..to).for_each(|x| rows.clone().for_each(|y| image.put_pixel(x, y, Luma([tone]))));
        };
        drawn.iter().for_each(|line| draw(*line, 400..401, 120));
        for (from, to) in words {
            (*from..*to).filter(|x| x % 6 < 4).for_each(|x| draw((x, x + 1), 390..399, 40));
        }
        image
    }

    fn whole(image: &GrayImage, seen: &[(f64, f64)], colons: &[Colon]) -> Vec<(i32, i32)> {
        let horizontal = seen.iter().map(|(from, to)| Line::level(*from, *to, 400.0)).collect();
        let lines = Lines { horizontal, vertical: Vec::new(), colons: colons.to_vec() };
        let lines = unhidden(image, &Ink::of(image), &lines);
        lines.iter().map(|line| (line.from as i32, line.to as i32)).collect()
    }

    #[test]
    fn a_line_that_its_value_hides_begins_after_the_colon() {
        let words = [(100, 136), (160, 220), (240, 300), (320, 390)];
        let drawn = on_a_line(&words, &[(150, 700)]);
        assert_eq!(whole(&drawn, &[(395.0, 700.0)], &[colon(140.0)]), [(143, 700)]);
        // Nothing is drawn below the words: they are print before the line.
        let print = on_a_line(&words, &[(395, 700)]);
        assert_eq!(whole(&print, &[(395.0, 700.0)], &[colon(140.0)]), [(395, 700)]);
    }

    #[test]
    fn a_line_without_a_colon_begins_where_it_shows_first_between_words() {
        let words = [(100, 136), (160, 220), (240, 300), (320, 390)];
        // Half of what is looked at at once shows it.
        assert_eq!(whole(&on_a_line(&words, &[(150, 700)]), &[(395.0, 700.0)], &[]), [(147, 700)]);
        assert_eq!(whole(&on_a_line(&words, &[(395, 700)]), &[(395.0, 700.0)], &[]), [(395, 700)]);
    }

    #[test]
    fn a_line_hidden_in_a_row_without_lines_is_known_by_its_colon() {
        let mut image = on_a_line(&[(100, 138), (150, 400)], &[]);
        (100..700).for_each(|x| [360, 440].iter().for_each(|y| image.put_pixel(x, *y, Luma([120]))));
        let found = |rows: &[f64]| {
            let horizontal = rows.iter().map(|y| Line::level(100.0, 700.0, *y)).collect();
            let lines = Lines { horizontal, vertical: Vec::new(), colons: vec![colon(140.0)] };
            unhidden(&image, &Ink::of(&image), &lines).len()
        };
        assert_eq!(found(&[360.0, 440.0]), 3);
        // Below the last line stands what belongs to no form.
        assert_eq!(found(&[360.0]), 1);
    }

    #[test]
    fn pieces_between_which_a_value_stands_are_one_line() {
        let words = [(300, 360), (380, 440)];
        let seen = [(100.0, 295.0), (445.0, 700.0)];
        let image = on_a_line(&words, &[(100, 700)]);
        assert_eq!(whole(&image, &seen, &[]), [(100, 700)]);
        // They are two where a ruling parts them.
        let horizontal = seen.iter().map(|(from, to)| Line::level(*from, *to, 400.0)).collect();
        let ruling = Line::level(300.0, 500.0, 297.0);
        let lines = Lines { horizontal, vertical: vec![ruling], colons: Vec::new() };
        assert_eq!(unhidden(&image, &Ink::of(&image), &lines).len(), 2);
        // A label stands there, on no line.
        let label = on_a_line(&words, &[(100, 295), (445, 700)]);
        assert_eq!(whole(&label, &seen, &[]), [(100, 295), (445, 700)]);
    }

    #[test]
    fn a_line_hidden_from_end_to_end_is_known_by_the_colon_of_its_label() {
        let image = on_a_line(&[(320, 398), (420, 700)], &[(100, 300)]);
        assert_eq!(whole(&image, &[(100.0, 300.0)], &[colon(400.0)]), [(100, 300), (403, 426)]);
        let blank = on_a_line(&[(320, 398)], &[(100, 300)]);
        assert_eq!(whole(&blank, &[(100.0, 300.0)], &[colon(400.0)]), [(100, 300)]);
    }
}
