//! Where the words of a line stand, by the gaps between them.

use image::GrayImage;

/// A column is a gap when nothing in it is darker than this.
const PAPER: u8 = 170;
/// The narrowest gap between words is at least this much wider than the widest within one.
const CLEAR: f64 = 1.25;

/// The columns of each of `count` words in the picture of a line, with half of the gaps beside them;
/// none when the gaps do not make that many words beyond doubt.
pub(super) fn word_columns(image: &GrayImage, count: usize) -> Option<Vec<(u32, u32)>> {
    let gaps = gaps(image);
    let (first, last) = (gaps.first()?, gaps.last()?);
    let mut inner: Vec<(u32, u32)> = gaps[1..gaps.len() - 1].to_vec();
    inner.sort_by_key(|(left, right)| (std::cmp::Reverse(right - left), *left));
    let (between, within) = inner.split_at_checked(count.checked_sub(1)?)?;
    let width = |gap: Option<&(u32, u32)>| gap.map(|(left, right)| f64::from(right - left));
    if width(between.last()).zip(width(within.first())).is_some_and(|(narrow, wide)| narrow < CLEAR * wide) {
        return None;
    }
    let mut edges: Vec<u32> = between.iter().map(|(left, right)| (left + right) / 2).collect();
    edges.sort_unstable();
    edges.insert(0, first.0);
    edges.push(last.1);
    Some(edges.windows(2).map(|pair| (pair[0], pair[1])).collect())
}

/// The runs of empty columns, left to right: the margin first, the other margin last.
fn gaps(image: &GrayImage) -> Vec<(u32, u32)> {
    let mut gaps: Vec<(u32, u32)> = Vec::new();
    for column in 0..image.width() {
        if (0..image.height()).any(|row| image.get_pixel(column, row).0[0] < PAPER) {
            continue;
        }
        match gaps.last_mut() {
            Some(gap) if gap.1 == column => gap.1 = column + 1,
            _ => gaps.push((column, column + 1)),
        }
    }
    gaps
}
