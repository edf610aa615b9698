//! Makes the picture of a line that the engine reads: clean paper, full contrast, usual height.

use image::{GrayImage, Luma, imageops};

use super::components::{Components, letter_height};
use super::lines::Line;
use super::window::Window;
use crate::domain::Rectangle;

/// The height that letters are scaled to, in pixels. Measured with `benches/read.rs`.
const LETTER_HEIGHT: f64 = 30.0;
/// White around the ink, in pixels.
const MARGIN: u32 = 12;
/// No crop is made wider than this.
const WIDEST: f64 = 6000.0;

/// The picture of a line.
pub(super) struct Picture {
    /// The picture.
    pub image: GrayImage,
    /// Pixels of the picture per pixel of the window.
    factor: f64,
}

impl Picture {
    /// The part of `bounds`, the rectangle around the line in the window, that lies right of a
    /// column of the picture.
    pub(super) fn right_of(&self, bounds: Rectangle, column: u32) -> Rectangle {
        let cut = (f64::from(column.saturating_sub(MARGIN)) / self.factor) as i32 - HALO;
        Rectangle { left: bounds.left + cut.max(0), ..bounds }
    }
}

impl Picture {
    /// The picture from a column on: the whole of it but for what stands before the value.
    pub(super) fn beginning_at(self, column: u32) -> GrayImage {
        let left = column.saturating_sub(MARGIN / 2).min(self.image.width().saturating_sub(1));
        match left {
            0 => self.image,
            _ => {
                let (width, height) = (self.image.width() - left, self.image.height());
                imageops::crop_imm(&self.image, left, 0, width, height).to_image()
            }
        }
    }
}

/// The picture of `line`.
pub(super) fn crop(window: &Window, components: &Components, line: &Line) -> Picture {
    let clean = ink_only(window, components, line);
    let letter = f64::from(letter_height(&line.pieces).max(4));
    let factor = (LETTER_HEIGHT / letter).clamp(0.25, 4.0).min(WIDEST / f64::from(clean.width().max(1)));
    let size = |side: u32| ((f64::from(side) * factor).round() as u32).max(1);
    let (width, height) = (size(clean.width()), size(clean.height()));
    let scaled = imageops::resize(&clean, width, height, imageops::FilterType::CatmullRom);
    let mut image = GrayImage::from_pixel(width + 2 * MARGIN, height + 2 * MARGIN, Luma([255]));
    imageops::replace(&mut image, &scaled, i64::from(MARGIN), i64::from(MARGIN));
    Picture { image, factor }
}

/// How far the soft edge of a stroke reaches beyond its ink pixels.
const HALO: i32 = 2;

/// The line's own ink on white, contrast stretched.
fn ink_only(window: &Window, components: &Components, line: &Line) -> GrayImage {
    let bounds = line.bounds().grown(HALO).within(window.grey.width(), window.grey.height());
    let near = near_own(components, line, bounds);
    let darkest = line.pieces.iter().map(|piece| f64::from(piece.darkest)).fold(255.0, f64::min);
    let span = (window.tone.paper - darkest).max(1.0);
    GrayImage::from_fn(bounds.width() as u32, bounds.height() as u32, |x, y| {
        if near.get_pixel(x, y).0[0] == 0 {
            return Luma([255]);
        }
        let grey = window.grey.get_pixel(x + bounds.left as u32, y + bounds.top as u32).0[0];
        Luma([((f64::from(grey) - darkest) / span * 255.0).clamp(0.0, 255.0) as u8])
    })
}

/// The pixels of `bounds` that are ink of `line` or within its soft edge: 255, all others 0.
fn near_own(components: &Components, line: &Line, bounds: Rectangle) -> GrayImage {
    let mut own = vec![false; components.count as usize + 1];
    line.pieces.iter().for_each(|piece| own[piece.label as usize] = true);
    let mut near = GrayImage::new(bounds.width() as u32, bounds.height() as u32);
    for y in bounds.top.max(line.rows.0)..bounds.bottom.min(line.rows.1) {
        for x in bounds.left..bounds.right {
            if line.takes(x) && own[components.labels.get_pixel(x as u32, y as u32).0[0] as usize] {
                near.put_pixel((x - bounds.left) as u32, (y - bounds.top) as u32, Luma([255]));
            }
        }
    }
    imageproc::morphology::dilate(&near, imageproc::distance_transform::Norm::LInf, HALO as u8)
}
