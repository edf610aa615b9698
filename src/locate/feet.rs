//! Lines that nobody drew: the feet or the tops of a row of letters, which stand on one height.

use image::GrayImage;

use super::colons::Colon;
use super::ink::Ink;
use super::line::Line;
use super::rulings::Lines;

/// Letters stand within so many millimetres above or below a line, ...
const NEAR: (f64, f64) = (0.45, 1.8);
/// ... and their serifs reach so far out over its sides, in millimetres.
const SERIF: f64 = 0.3;
/// A line with letters over less than this share of its length is none of theirs.
const LEAST_LETTERS: f64 = 0.4;
/// Where no letter stands, a drawn line is darker than the paper beside it by so many grey levels on
/// the average.
const DRAWN: f64 = 4.5;
/// Fewer millimetres without letters tell nothing; ...
const LEAST_FREE: f64 = 0.25;
/// ... then a line with letters over this share of its length is of letters alone, for a drawn one goes on
/// between and beside them.
const ALL_LETTERS: f64 = 0.7;
/// A line that letters hide shows between them over at least so many millimetres in all.
const LEAST_BETWEEN: f64 = 0.8;
/// Words stand at least so many millimetres apart.
const LEAST_GAP: f64 = 0.8;
/// A line shows between words when it has this share of its darkness elsewhere there, ...
const SHOWN_IN_GAP: f64 = 0.5;
/// ... and so many grey levels at least; ...
const FAINTEST: f64 = 2.0;
/// ... so many in one gap, where paper seems darker sooner, ...
const FAINTEST_IN_GAP: f64 = 3.0;
/// ... over so many millimetres, in which a dotted or a dashed line has some ink.
const WINDOW: f64 = 1.6;
/// A dashed line may show in none of so many gaps running.
const MOST_HIDDEN_GAPS: usize = 1;
/// No word is longer than this, in millimetres; what stands all along a longer line is another line.
const LONGEST_WORD: f64 = 45.0;
/// A line goes on from what stands on its label's foot: it begins no further than so many millimetres
/// after that ends ...
const NEXT: f64 = 4.0;
/// ... and lies so many millimetres lower.
const LOWER: std::ops::Range<f64> = 0.35..2.0;
/// A label whose first letters make a line goes on for no more than so many millimetres after it, ...
const LABEL_GOES_ON: f64 = 30.0;
/// ... to a colon whose lower dot stands no further than so many millimetres from their foot.
const ON_FOOT: f64 = 0.8;
/// A line lies on the foot of a colon when it is no further from the middle of its lower dot, in millimetres.
const AT_FOOT: f64 = 0.5;

/// The lines of a page without those that a row of letters makes.
pub(super) fn without(image: &GrayImage, ink: &Ink, lines: &Lines) -> Vec<Line> {
    let is_label = |line: &Line| {
        let end = ends_at(line, &lines.colons, ink.millimetre);
        ends_in_colon(line, &lines.colons, ink.millimetre)
            || lines.horizontal.iter().any(|next| goes_on_to(line, end, next, ink.millimetre))
    };
    let kept = lines.horizontal.iter().filter(|line| {
        let free = free_columns(ink, line);
        !free.is_some_and(|free| is_label(line) || !is_drawn(image, ink, line, &free))
    });
    kept.cloned().collect()
}

/// Whether a line ends at a colon on whose foot it lies: one to write on lies lower.
fn ends_in_colon(line: &Line, colons: &[Colon], mm: f64) -> bool {
    let at_end = |colon: &Colon| {
        line.from < colon.left - mm
            && (line.to - colon.right).abs() < mm
            && (line.at(line.to) - colon.bottom).abs() < AT_FOOT * mm
    };
    colons.iter().any(at_end)
}

/// Where the label ends of whose first letters a line is: at its colon, when one follows on their foot.
fn ends_at(line: &Line, colons: &[Colon], mm: f64) -> f64 {
    let follows = |colon: &&Colon| {
        (line.to..line.to + LABEL_GOES_ON * mm).contains(&colon.left)
            && (colon.bottom - line.at(line.to)).abs() < ON_FOOT * mm
    };
    let colons = colons.iter().filter(follows).map(|colon| colon.right);
    colons.min_by(f64::total_cmp).unwrap_or(line.to)
}

/// Whether `next` is the line to write on after a label that ends at column `end`, whose letters make `line`.
fn goes_on_to(line: &Line, end: f64, next: &Line, mm: f64) -> bool {
    let begins = (line.from + mm..end + NEXT * mm).contains(&next.from) && next.to > end + mm;
    let down = next.at(line.to.max(next.from)) - line.at(line.to);
    begins && LOWER.contains(&(down / mm))
}

/// The columns of a line where no letter stands on it, none when it has too few letters to be of letters.
fn free_columns(ink: &Ink, line: &Line) -> Option<Free> {
    Some(without_letters(ink, line)).filter(|free| free.letters >= LEAST_LETTERS)
}

/// The columns of a line where no letter stands on it or hangs from it, and the share of its length where one does.
fn without_letters(ink: &Ink, line: &Line) -> Free {
    let mm = ink.millimetre;
    let columns: Vec<i32> = (line.from.max(0.0) as i32..line.to as i32).collect();
    let (near, far) = (NEAR.0 * mm, NEAR.1 * mm);
    let inked = |x: i32, top: f64, bottom: f64| ink.count(x, top as i32, x + 1, bottom as i32) > 0;
    let stands = |x: &i32| {
        let y = line.at(f64::from(*x));
        inked(*x, y - far, y - near) || inked(*x, y + near, y + far)
    };
    let letters: Vec<bool> = columns.iter().map(stands).collect();
    let covered = letters.iter().filter(|letter| **letter).count() as f64;
    let reach = (SERIF * mm).ceil() as usize;
    let clear = |n: &usize| {
        let beside = &letters[n.saturating_sub(reach)..(n + reach + 1).min(letters.len())];
        !beside.contains(&true)
    };
    let free = (0..columns.len()).filter(clear).map(|n| columns[n]).collect();
    Free { columns: free, letters: covered / columns.len().max(1) as f64 }
}

/// By how many grey levels a line shows between the letters that stand on it from `from` to `to`, as the line below a
/// value does and nothing below a printed label; none where they leave too little to see.
pub(super) fn shows_between(
    image: &GrayImage,
    ink: &Ink,
    line: &Line,
    (from, to): (f64, f64),
) -> Option<f64> {
    let mut stretch = line.clone();
    (stretch.from, stretch.to) = (from, to);
    let free = free_columns(ink, &stretch)?;
    let enough = free.columns.len() as f64 >= LEAST_BETWEEN * ink.millimetre;
    let least = (SHOWN_IN_GAP * shows(image, ink, line)).clamp(FAINTEST, DRAWN);
    enough.then(|| darker(image, &stretch, &free.columns, ink.millimetre)).filter(|shown| *shown >= least)
}

/// Where a line begins that is seen only from its `from` on, for writing hides the rest: it is followed to the left
/// through the gaps between the words, to column `bound` at the farthest, as long as it shows in them.
pub(super) fn followed(image: &GrayImage, ink: &Ink, line: &Line, bound: f64) -> Option<f64> {
    let (mut begin, mut hidden) = (None, 0);
    for shown_from in gaps(image, ink, line, (bound, line.from))?.into_iter().rev() {
        if shown_from.is_some() {
            (begin, hidden) = (shown_from, 0);
        } else {
            hidden += 1;
        }
        if hidden > MOST_HIDDEN_GAPS {
            break;
        }
    }
    begin
}

/// Whether a line shows in all the gaps between the words that stand on it from `from` to `to`.
pub(super) fn shows_throughout(image: &GrayImage, ink: &Ink, line: &Line, between: (f64, f64)) -> bool {
    gaps(image, ink, line, between).is_some_and(|gaps| gaps.iter().all(Option::is_some))
}

/// The first column where a line shows in each gap between the words that stand on it from `from` to `to`, from left
/// to right, `None` for one in which it does not; none where there are no words.
fn gaps(image: &GrayImage, ink: &Ink, line: &Line, (from, to): (f64, f64)) -> Option<Vec<Option<f64>>> {
    let mm = ink.millimetre;
    let free = without_letters(ink, &line.between(from, to));
    if free.letters == 0.0 {
        return None;
    }
    let least = FAINTEST_IN_GAP.max(SHOWN_IN_GAP * shows(image, ink, line));
    let window = (WINDOW * mm) as usize;
    let gaps = free.columns.chunk_by(|a, b| a + 1 == *b).filter(|gap| gap.len() as f64 >= LEAST_GAP * mm);
    let shown_from = |gap: &[i32]| {
        let mut parts = gap.windows(window.min(gap.len()));
        let shown = parts.find(|part| darker(image, line, part, mm) >= least)?;
        shown.first().map(|x| f64::from(*x))
    };
    Some(gaps.map(shown_from).collect())
}

/// By how many grey levels a line is darker than the paper beside it.
pub(super) fn shows(image: &GrayImage, ink: &Ink, line: &Line) -> f64 {
    let columns: Vec<i32> = (line.from.max(0.0) as i32..line.to as i32).collect();
    darker(image, line, &columns, ink.millimetre)
}

/// Where a line has no letters.
struct Free {
    columns: Vec<i32>,
    /// The share of its length that has.
    letters: f64,
}

/// Whether a line shows where no letter stands.
fn is_drawn(image: &GrayImage, ink: &Ink, line: &Line, free: &Free) -> bool {
    if (free.columns.len() as f64) < LEAST_FREE * ink.millimetre {
        return free.letters < ALL_LETTERS || line.length() > LONGEST_WORD * ink.millimetre;
    }
    darker(image, line, &free.columns, ink.millimetre) >= DRAWN
}

/// By how many grey levels a line is darker than the paper above and below it, over some columns.
fn darker(image: &GrayImage, line: &Line, columns: &[i32], mm: f64) -> f64 {
    let grey = |x: i32, y: i32| {
        let pixel = u32::try_from(x).ok().zip(u32::try_from(y).ok());
        pixel.and_then(|(x, y)| image.get_pixel_checked(x, y)).map_or(255.0, |pixel| f64::from(pixel[0]))
    };
    let mean = |off: i32| {
        let sum: f64 = columns.iter().map(|x| grey(*x, line.at(f64::from(*x)).round() as i32 + off)).sum();
        sum / columns.len().max(1) as f64
    };
    let beside = ((0.4 * mm).round() as i32).max(3);
    let paper = mean(-beside).min(mean(beside));
    paper - (-1..=1).map(mean).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::super::colons::Colon;
    use super::super::ink::Ink;
    use super::super::line::Line;
    use super::super::rulings::Lines;
    use super::without;

    /// A sheet of 4 pixels a millimetre with words of letters that have feet, standing on row 400 from
    /// column 100 to 292.
    fn words() -> GrayImage {
        let mut image = GrayImage::from_pixel(840, 1188, Luma([255]));
        for word in 0..4 {
            for letter in 0..4 {
                let left = 100 + 51 * word + 10 * letter;
                (388..400).for_each(|y| (1..7).for_each(|x| image.put_pixel(left + x, y, Luma([40]))));
                (399..401).for_each(|y| (0..8).for_each(|x| image.put_pixel(left + x, y, Luma([40]))));
            }
        }
        image
    }

    fn left(image: &GrayImage, lines: &[Line], colons: &[Colon]) -> Vec<Line> {
        let lines = Lines { horizontal: lines.to_vec(), vertical: Vec::new(), colons: colons.to_vec() };
        without(image, &Ink::of(image), &lines)
    }

    fn draw(image: &mut GrayImage, from: u32, to: u32, y: u32) {
        (from..to).for_each(|x| image.put_pixel(x, y, Luma([190])));
    }

    #[test]
    fn the_feet_of_words_are_no_line_and_a_pale_line_under_words_is_one() {
        let feet = Line::level(100.0, 292.0, 400.0);
        let mut image = words();
        assert_eq!(left(&image, std::slice::from_ref(&feet), &[]), []);
        draw(&mut image, 90, 500, 400);
        let line = Line::level(90.0, 500.0, 400.0);
        assert_eq!(left(&image, std::slice::from_ref(&line), &[]), [line]);
    }

    #[test]
    fn what_stands_right_above_the_line_that_goes_on_is_its_label() {
        let mut image = words();
        // The underline of a word shows between letters too.
        draw(&mut image, 100, 292, 400);
        draw(&mut image, 290, 700, 404);
        let (label, line) = (Line::level(100.0, 292.0, 400.0), Line::level(290.0, 700.0, 404.0));
        assert_eq!(left(&image, &[label, line.clone()], &[]), [line]);
        // Of a label whose first words alone make a line, the colon tells where it ends.
        let (words, line) = (Line::level(100.0, 190.0, 400.0), Line::level(300.0, 700.0, 404.0));
        let colon = Colon { left: 296.0, right: 298.0, top: 391.0, bottom: 398.0 };
        assert_eq!(left(&image, &[words.clone(), line.clone()], &[]), [words.clone(), line.clone()]);
        assert_eq!(left(&image, &[words, line.clone()], &[colon]), [line]);
    }
}
