//! Labels that stand on a line which was traced: letters seem to carry a faint line on, so that it runs
//! through the word before its beginning, or through the next label of its row.

use super::colons::Colon;
use super::ink::Ink;
use super::line::Line;

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
    parts.retain(|part| part.length() >= SHORTEST_PART * mm);
    parts
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
    use super::without_labels;

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
}
