//! The colons that end printed labels: two small dots, one above the other.

use super::ink::Ink;
use super::line::Mark;

/// A colon, in pixels of the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Colon {
    /// First column.
    pub left: f64,
    /// Column after the last.
    pub right: f64,
    /// The middle of its upper dot.
    pub top: f64,
    /// The middle of its lower dot, just above the foot of the letters.
    pub bottom: f64,
}

/// The dots of a colon in the boldest print are no wider and no higher than so many millimetres.
pub(super) const HIGHEST_DOT: f64 = 1.0;

/// The colons among the specks of a page, from left to right.
pub(super) fn find(ink: &Ink, specks: &[Mark]) -> Vec<Colon> {
    let mm = ink.millimetre;
    let small = |mark: &&Mark| (0.15 * mm..=HIGHEST_DOT * mm).contains(&(mark.to - mark.from));
    let mut dots: Vec<&Mark> = specks.iter().filter(small).collect();
    dots.sort_by(|a, b| middle(a).total_cmp(&middle(b)).then(a.across.total_cmp(&b.across)));
    let mut colons = Vec::new();
    for (n, dot) in dots.iter().enumerate() {
        let near = dots[n + 1..].iter().take_while(|other| middle(other) - middle(dot) <= 0.3 * mm);
        colons.extend(near.filter_map(|other| colon(ink, dot, other)));
    }
    colons
}

fn middle(mark: &Mark) -> f64 {
    (mark.from + mark.to) / 2.0
}

/// Two dots as a colon, when they are alike, at the right distance and nothing is between them or
/// close beside them.
fn colon(ink: &Ink, a: &Mark, b: &Mark) -> Option<Colon> {
    let mm = ink.millimetre;
    let (top, bottom) = if a.across < b.across { (a, b) } else { (b, a) };
    let (wide, narrow) = ((a.to - a.from).max(b.to - b.from), (a.to - a.from).min(b.to - b.from));
    let (left, right) = (a.from.min(b.from), a.to.max(b.to));
    let apart = bottom.across - top.across;
    if wide > 2.0 * narrow + 1.0 || !(0.7 * mm..2.6 * mm).contains(&apart) || apart < 1.5 * wide {
        return None;
    }
    let dot = 0.6 * wide + 1.0;
    let (from, to) = (top.across + dot, bottom.across - dot);
    let ink_between = ink.count(left as i32, from as i32, right as i32, to as i32);
    (ink_between <= 1).then_some(Colon { left, right, top: top.across, bottom: bottom.across })
}
