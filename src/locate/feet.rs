//! Lines that nobody drew: the feet or the tops of a row of letters, which stand on one height.

use image::GrayImage;

use super::ink::Ink;
use super::line::Line;

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
/// No word is longer than this, in millimetres; what stands all along a longer line is another line.
const LONGEST_WORD: f64 = 45.0;
/// A line goes on from what stands on its label's foot: it begins no further than so many millimetres
/// after that ends ...
const NEXT: f64 = 4.0;
/// ... and lies so many millimetres lower.
const LOWER: std::ops::Range<f64> = 0.35..2.0;

/// The lines of a page without those that a row of letters makes.
pub(super) fn without(image: &GrayImage, ink: &Ink, lines: &[Line]) -> Vec<Line> {
    let is_label = |line: &Line| lines.iter().any(|next| goes_on_to(line, next, ink.millimetre));
    let kept = lines.iter().filter(|line| {
        let free = free_columns(ink, line);
        !free.is_some_and(|free| is_label(line) || !is_drawn(image, ink, line, &free))
    });
    kept.cloned().collect()
}

/// Whether `next` is the line to write on after a label whose letters make `line`.
fn goes_on_to(line: &Line, next: &Line, mm: f64) -> bool {
    let begins = (line.from + mm..line.to + NEXT * mm).contains(&next.from) && next.to > line.to + mm;
    let down = next.at(line.to.max(next.from)) - line.at(line.to);
    begins && LOWER.contains(&(down / mm))
}

/// The columns of a line where no letter stands on it or hangs from it, and the share of its length where one
/// does; none when it has too few letters to be of letters.
fn free_columns(ink: &Ink, line: &Line) -> Option<Free> {
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
    if covered < LEAST_LETTERS * columns.len() as f64 {
        return None;
    }
    let reach = (SERIF * mm).ceil() as usize;
    let clear = |n: &usize| {
        let beside = &letters[n.saturating_sub(reach)..(n + reach + 1).min(letters.len())];
        !beside.contains(&true)
    };
    let free = (0..columns.len()).filter(clear).map(|n| columns[n]).collect();
    Some(Free { columns: free, letters: covered / columns.len().max(1) as f64 })
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
    enough.then(|| darker(image, &stretch, &free.columns, ink.millimetre)).filter(|shown| *shown >= DRAWN)
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

    use super::super::ink::Ink;
    use super::super::line::Line;
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

    fn draw(image: &mut GrayImage, from: u32, to: u32, y: u32) {
        (from..to).for_each(|x| image.put_pixel(x, y, Luma([190])));
    }

    #[test]
    fn the_feet_of_words_are_no_line_and_a_pale_line_under_words_is_one() {
        let feet = Line::level(100.0, 292.0, 400.0);
        let mut image = words();
        assert_eq!(without(&image, &Ink::of(&image), std::slice::from_ref(&feet)), []);
        draw(&mut image, 90, 500, 400);
        let line = Line::level(90.0, 500.0, 400.0);
        assert_eq!(without(&image, &Ink::of(&image), std::slice::from_ref(&line)), [line]);
    }

    #[test]
    fn what_stands_right_above_the_line_that_goes_on_is_its_label() {
        let mut image = words();
        // The underline of a word shows between letters too.
        draw(&mut image, 100, 292, 400);
        draw(&mut image, 290, 700, 404);
        let (label, line) = (Line::level(100.0, 292.0, 400.0), Line::level(290.0, 700.0, 404.0));
        assert_eq!(without(&image, &Ink::of(&image), &[label, line.clone()]), [line]);
    }
}
