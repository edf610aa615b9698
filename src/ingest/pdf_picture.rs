//! Takes the one picture of a PDF page as it is, so that no pixel is painted anew.

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, LumaData, RgbData,
    SoftMask,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath};
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};

use super::IngestError;
use super::pdf_survey::{Picture, interpret};
use super::resolution::{Unit, dots_per_inch};
use crate::domain::ScanImage;

/// Points in an inch (ISO 32000-1, 8.3.2.3).
pub(super) const POINTS: f64 = 72.0;

/// How far the sides of a picture may lie off the upright, as a share of their length.
const UPRIGHT_TOLERANCE: f64 = 0.002;

/// The pixels of `picture`, the only one on `page`, turned as the page shows it.
pub(super) fn own_pixels(page: &Page<'_>, picture: &Picture, name: &str) -> Result<ScanImage, IngestError> {
    let mut taken = Taken::default();
    interpret(page, &mut taken);
    let mut pixels =
        taken.pixels.ok_or_else(|| IngestError::damaged(name, "its picture cannot be decoded"))?;
    pixels.apply_orientation(orientation(picture.to_page).unwrap_or(Orientation::NoTransforms));
    let (across, down) = picture.pixels_per_point();
    Ok(ScanImage { pixels, dots_per_inch: dots_per_inch(across * POINTS, down * POINTS, Unit::Inch) })
}

/// How a picture is turned or mirrored by `to_page`; none when it stands askew.
pub(super) fn orientation(to_page: Affine) -> Option<Orientation> {
    let [a, b, c, d, ..] = to_page.as_coeffs();
    let small = UPRIGHT_TOLERANCE * a.hypot(b).max(c.hypot(d));
    let (lies, stands) = (b.abs().max(c.abs()) <= small, a.abs().max(d.abs()) <= small);
    match (lies, stands) {
        (true, false) => Some(match (a > 0.0, d > 0.0) {
            (true, true) => Orientation::NoTransforms,
            (false, true) => Orientation::FlipHorizontal,
            (true, false) => Orientation::FlipVertical,
            (false, false) => Orientation::Rotate180,
        }),
        (false, true) => Some(match (b > 0.0, c > 0.0) {
            (true, false) => Orientation::Rotate90,
            (false, true) => Orientation::Rotate270,
            (true, true) => Orientation::Rotate90FlipH,
            (false, false) => Orientation::Rotate270FlipH,
        }),
        _ => None,
    }
}

/// Keeps the pixels of the picture that is painted; nothing when they cannot all be decoded.
#[derive(Default)]
struct Taken {
    pixels: Option<DynamicImage>,
}

impl<'a> Device<'a> for Taken {
    fn draw_image(&mut self, image: Image<'a, '_>, _: ImageDrawProps<'a>) {
        let declared = image.height();
        match image {
            Image::Raster(raster) => raster.with_rgba(
                |data, _| {
                    self.pixels = match data {
                        ImageData::Luma(grey) => grey_image(grey, declared),
                        ImageData::Rgb(colour) => colour_image(colour, declared),
                    };
                },
                None,
            ),
            Image::Stencil(stencil) => stencil.with_stencil(
                |ink, _| {
                    self.pixels = grey_image(ink, declared);
                    self.pixels.iter_mut().for_each(DynamicImage::invert);
                },
                None,
            ),
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn pop_clip(&mut self) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_transparency_group(&mut self) {}
}

fn grey_image(grey: LumaData, declared: u32) -> Option<DynamicImage> {
    let whole = is_whole(grey.height, grey.scale_factors.1, declared);
    let image = whole.then(|| GrayImage::from_raw(grey.width, grey.height, grey.data));
    image.flatten().map(DynamicImage::ImageLuma8)
}

fn colour_image(colour: RgbData, declared: u32) -> Option<DynamicImage> {
    let whole = is_whole(colour.height, colour.scale_factors.1, declared);
    let image = whole.then(|| RgbImage::from_raw(colour.width, colour.height, colour.data));
    image.flatten().map(DynamicImage::ImageRgb8)
}

/// Whether all rows are there: where data is missing, the decoder returns fewer rows.
fn is_whole(rows: u32, scale: f32, declared: u32) -> bool {
    (f64::from(rows) + 1.0) * f64::from(scale) >= f64::from(declared)
}
