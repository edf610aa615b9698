//! Leaves out what stands beside a value and is none of it: the end of the label with its colon, and
//! specks and dots beyond its first and last letter.

use super::components::{Component, letter_height};
use crate::domain::Rectangle;

/// The largest dot of a colon, in millimetres.
const LARGEST_DOT: f64 = 1.0;
/// A piece at least this long, in millimetres, can be a letter or a dash, ...
const LETTER: f64 = 1.2;
/// ... or one of this share of the usual height of the letters beside it.
const SMALL_LETTER: f64 = 0.6;
/// A speck this many millimetres before the first letter is no part of it.
const BEFORE: f64 = 0.4;
/// A speck this many millimetres after the last letter is no part of it: a full stop stands nearer.
const AFTER: f64 = 1.0;
/// A dash at the end of a line stands no further than so many millimetres after the last letter, ...
const DASH_AFTER: f64 = 4.0;
/// ... is at least so long, and so many times as long as high.
const DASH: f64 = 0.6;
const FLAT: i32 = 2;
/// The colon of the label stands at most this many millimetres right of where its place begins.
const COLON_REACH: f64 = 2.5;

/// `pieces` without the end of the label; `begin` is the column where the place of the value begins,
/// `unit` a millimetre in pixels.
pub(super) fn without_label(mut pieces: Vec<Component>, begin: f64, unit: f64) -> Vec<Component> {
    if let Some(colon) = colon(&pieces, begin, unit) {
        pieces.retain(|piece| piece.bounds.left >= colon.right);
    }
    pieces
}

/// `pieces` without the specks beside the writing; `unit` is a millimetre in pixels.
pub(super) fn without_specks(mut pieces: Vec<Component>, unit: f64) -> Vec<Component> {
    let shortest = (LETTER * unit).min(SMALL_LETTER * f64::from(letter_height(&pieces)));
    let long = |piece: &Component| f64::from(piece.extent()) >= shortest;
    let dash = |piece: &Component| is_dash(piece, pieces.iter().filter(|other| long(other)), unit);
    let dashes: Vec<Rectangle> =
        pieces.iter().filter(|piece| dash(piece)).map(|piece| piece.bounds).collect();
    let letter = |piece: &&Component| long(piece) || dashes.contains(&piece.bounds);
    let whole = pieces.iter().filter(letter).map(|piece| piece.bounds).reduce(|a, b| a.union(&b));
    let Some(whole) = whole else { return pieces };
    let (left, right) = (f64::from(whole.left) - BEFORE * unit, f64::from(whole.right) + AFTER * unit);
    pieces.retain(|piece| f64::from(piece.bounds.right) > left && f64::from(piece.bounds.left) < right);
    pieces
}

/// Whether a short piece is the dash that a line ends with: at half the height of the letter before it, where no dot or
/// dash of a leader lies.
fn is_dash<'p>(piece: &Component, mut letters: impl Iterator<Item = &'p Component>, unit: f64) -> bool {
    let (place, middle) = (piece.bounds, (piece.bounds.top + piece.bounds.bottom) / 2);
    let flat = f64::from(place.width()) >= DASH * unit && place.width() >= FLAT * place.height();
    let follows = |letter: &Component| {
        let after = f64::from(place.left - letter.bounds.right);
        let quarter = letter.bounds.height() / 4;
        (0.0..DASH_AFTER * unit).contains(&after)
            && (letter.bounds.top + quarter..letter.bounds.bottom - quarter).contains(&middle)
    };
    flat && letters.any(follows)
}

/// The colon at the end of the label.
fn colon(pieces: &[Component], begin: f64, unit: f64) -> Option<Rectangle> {
    let reach = begin + COLON_REACH * unit;
    let dot = |piece: &&Component| is_dot(piece, unit) && f64::from(piece.bounds.left) < reach;
    let dots: Vec<&Component> = pieces.iter().filter(dot).collect();
    let pairs = dots.iter().flat_map(|upper| dots.iter().map(move |lower| (*upper, *lower)));
    let colons = pairs.filter(|(upper, lower)| is_pair(upper, lower, unit));
    let places = colons.map(|(upper, lower)| upper.bounds.union(&lower.bounds));
    let alone = |place: &Rectangle| pieces.iter().filter(|piece| shares_column(piece, *place)).count() == 2;
    places.filter(alone).min_by_key(|place| place.left)
}

fn is_dot(piece: &Component, unit: f64) -> bool {
    let (width, height) = (piece.bounds.width(), piece.bounds.height());
    f64::from(piece.extent()) <= LARGEST_DOT * unit && width <= 2 * height && height <= 2 * width
}

/// Whether two dots stand one above the other, as far apart as those of a colon.
fn is_pair(upper: &Component, lower: &Component, unit: f64) -> bool {
    let gap = f64::from(lower.bounds.top - upper.bounds.bottom) / unit;
    let beside = (upper.middle_column() - lower.middle_column()).abs() / unit;
    let (small, large) = (upper.area.min(lower.area), upper.area.max(lower.area));
    (0.3..2.5).contains(&gap) && beside < 0.4 && large <= 3 * small
}

fn shares_column(piece: &Component, place: Rectangle) -> bool {
    piece.bounds.left < place.right && place.left < piece.bounds.right
}

#[cfg(test)]
mod tests {
    use super::{Component, without_specks};
    use crate::domain::Rectangle;

    fn piece(left: i32, top: i32, right: i32, bottom: i32) -> Component {
        let area = ((right - left) * (bottom - top)) as u32 / 2;
        let rows = vec![1; (bottom - top) as usize];
        let bounds = Rectangle::new(left, top, right, bottom);
        Component { label: 1, bounds, area, darkest: 40, inside: area, rows }
    }

    #[test]
    fn specks_beside_the_writing_go_and_small_letters_stay() {
        let word = [piece(20, 0, 32, 17), piece(36, 0, 46, 17), piece(50, 4, 60, 17)];
        let (letter, speck) = (piece(74, 4, 84, 17), piece(110, 14, 113, 17));
        let kept = without_specks([&word[..], &[letter.clone(), speck]].concat(), 11.0);
        assert_eq!(kept, [&word[..], &[letter]].concat());
    }

    #[test]
    fn a_dash_ends_a_line_and_the_dash_of_a_leader_does_not() {
        let word = [piece(20, 0, 32, 17), piece(36, 0, 46, 17), piece(50, 4, 60, 17)];
        let (dash, leader) = (piece(84, 9, 92, 11), piece(84, 17, 92, 19));
        assert_eq!(
            without_specks([&word[..], std::slice::from_ref(&dash)].concat(), 11.0),
            [&word[..], &[dash]].concat()
        );
        assert_eq!(without_specks([&word[..], &[leader]].concat(), 11.0), word);
    }
}
