//! Grey closing, which takes thin dark marks (writing, rulings) out of a picture and leaves its paper; and
//! the gradient of the same filters, which tells a rough desk from smooth paper.

use image::GrayImage;

/// `grey` with every dark mark thinner than `2 * radius + 1` pixels filled with its surroundings.
/// Beyond the frame the picture goes on as its outermost pixels.
pub(super) fn closed(grey: &GrayImage, radius: usize) -> GrayImage {
    let lightest = filtered(grey, radius, |a, b| a.max(b));
    filtered(&lightest, radius, |a, b| a.min(b))
}

/// How far the lightest and the darkest pixel of the square window of `2 * radius + 1` pixels around every
/// pixel differ: the morphological gradient, high on wood or cloth, low on paper without writing.
pub(super) fn roughness(grey: &GrayImage, radius: usize) -> GrayImage {
    let mut lightest = filtered(grey, radius, |a, b| a.max(b));
    let darkest = filtered(grey, radius, |a, b| a.min(b));
    lightest.iter_mut().zip(darkest.iter()).for_each(|(light, dark)| *light -= dark);
    lightest
}

/// The `pick`ed value of the square window around every pixel.
fn filtered(grey: &GrayImage, radius: usize, pick: impl Fn(u8, u8) -> u8 + Copy) -> GrayImage {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    if width == 0 || height == 0 {
        return grey.clone();
    }
    let mut rows = vec![0; width * height];
    for (row, out) in grey.as_raw().chunks_exact(width).zip(rows.chunks_exact_mut(width)) {
        across(row, out, radius, pick);
    }
    let mut both = rows.clone();
    for (y, out) in both.chunks_exact_mut(width).enumerate() {
        let around = y.saturating_sub(radius)..(y + radius + 1).min(height);
        for other in rows[around.start * width..around.end * width].chunks_exact(width) {
            merge(out, other, pick);
        }
    }
    GrayImage::from_raw(grey.width(), grey.height(), both).unwrap_or_else(|| grey.clone())
}

/// The `pick`ed value of the window along one row.
fn across(row: &[u8], out: &mut [u8], radius: usize, pick: impl Fn(u8, u8) -> u8 + Copy) {
    out.copy_from_slice(row);
    for shift in 1..=radius.min(row.len().saturating_sub(1)) {
        let kept = row.len() - shift;
        merge(&mut out[..kept], &row[shift..], pick);
        merge(&mut out[shift..], &row[..kept], pick);
    }
}

/// The `pick`ed of every value and the one that lies at its place in `with`.
#[inline(always)]
fn merge(values: &mut [u8], with: &[u8], pick: impl Fn(u8, u8) -> u8) {
    values.iter_mut().zip(with).for_each(|(value, with)| *value = pick(*value, *with));
}
