//! Grey closing: takes thin dark marks (writing, rulings) out of a picture and leaves its paper.

use image::GrayImage;

/// `grey` with every dark mark thinner than `2 * radius + 1` pixels filled with its surroundings.
/// Beyond the frame the picture goes on as its outermost pixels.
pub(super) fn closed(grey: &GrayImage, radius: usize) -> GrayImage {
    let lightest = filtered(grey, radius, u8::max);
    filtered(&lightest, radius, u8::min)
}

/// The `pick`ed value of the square window around every pixel.
fn filtered(grey: &GrayImage, radius: usize, pick: fn(u8, u8) -> u8) -> GrayImage {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    if width == 0 || height == 0 {
        return grey.clone();
    }
    let mut rows = vec![0; width * height];
    for (row, out) in grey.as_raw().chunks_exact(width).zip(rows.chunks_exact_mut(width)) {
        across(row, out, radius, pick);
    }
    let mut both = rows.clone();
    for y in 0..height {
        let out = &mut both[y * width..(y + 1) * width];
        for other in y.saturating_sub(radius)..(y + radius + 1).min(height) {
            let row = &rows[other * width..(other + 1) * width];
            out.iter_mut().zip(row).for_each(|(value, with)| *value = pick(*value, *with));
        }
    }
    GrayImage::from_raw(grey.width(), grey.height(), both).unwrap_or_else(|| grey.clone())
}

/// The `pick`ed value of the window along one row.
fn across(row: &[u8], out: &mut [u8], radius: usize, pick: fn(u8, u8) -> u8) {
    out.copy_from_slice(row);
    for shift in 1..=radius.min(row.len().saturating_sub(1)) {
        let kept = row.len() - shift;
        out[..kept].iter_mut().zip(&row[shift..]).for_each(|(value, with)| *value = pick(*value, *with));
        out[shift..].iter_mut().zip(&row[..kept]).for_each(|(value, with)| *value = pick(*value, *with));
    }
}
