//! Grey for reading out of colour, and smaller copies of pictures.

use std::borrow::Cow;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, GenericImageView, GrayImage, RgbImage};

use super::seal;

/// The grey in which ink is looked for: a mix of red and green. Blue, violet and black ink are dark
/// in both; brown stains and red seals are light in red; blue light holds mostly the yellow of old
/// paper and the noise of the camera. Red seals are taken out.
pub(super) fn reading_grey(pixels: &DynamicImage) -> Cow<'_, GrayImage> {
    match pixels {
        DynamicImage::ImageLuma8(grey) => Cow::Borrowed(grey),
        DynamicImage::ImageRgb8(colour) => Cow::Owned(without_seals(colour)),
        other if other.color().has_color() => Cow::Owned(without_seals(&other.to_rgb8())),
        other => Cow::Owned(other.to_luma8()),
    }
}

/// The mix, red seals taken out.
fn without_seals(colour: &RgbImage) -> GrayImage {
    let mut grey = mix(colour);
    seal::remove(colour, &mut grey);
    grey
}

/// Half red, half green.
pub(super) fn mix(colour: &RgbImage) -> GrayImage {
    let grey = colour
        .as_raw()
        .chunks_exact(3)
        .map(|pixel| (u16::from(pixel[0]) + u16::from(pixel[1])).div_ceil(2) as u8)
        .collect();
    GrayImage::from_raw(colour.width(), colour.height(), grey).unwrap_or_default()
}

/// The darkest channel of a pixel: what is burnt out in it is burnt out in all.
pub(super) fn darkest_channel(pixels: &DynamicImage, x: u32, y: u32) -> u8 {
    let [red, green, blue, _] = pixels.get_pixel(x, y).0;
    red.min(green).min(blue)
}

/// The extent of a picture of `width` x `height` pixels scaled by `factor`, at least one pixel.
pub(super) fn scaled_extent(width: u32, height: u32, factor: f64) -> (u32, u32) {
    let scaled = |length: u32| ((f64::from(length) * factor).round() as u32).max(1);
    (scaled(width), scaled(height))
}

/// `grey` brought to `width` x `height` pixels, each the mean of the area it covers.
pub(super) fn shrink_grey(grey: &GrayImage, width: u32, height: u32) -> GrayImage {
    let pixels = shrink(grey.as_raw(), (grey.width(), grey.height()), (width, height), PixelType::U8);
    GrayImage::from_raw(width, height, pixels).unwrap_or_else(|| GrayImage::new(width, height))
}

/// `colour` brought to `width` x `height` pixels, each the mean of the area it covers.
pub(super) fn shrink_colour(colour: &RgbImage, width: u32, height: u32) -> RgbImage {
    let pixels = shrink(colour.as_raw(), (colour.width(), colour.height()), (width, height), PixelType::U8x3);
    RgbImage::from_raw(width, height, pixels).unwrap_or_else(|| RgbImage::new(width, height))
}

/// Area averaging; an empty answer when an extent is zero.
fn shrink(pixels: &[u8], from: (u32, u32), to: (u32, u32), kind: PixelType) -> Vec<u8> {
    let Ok(source) = ImageRef::new(from.0, from.1, pixels, kind) else {
        return Vec::new();
    };
    let mut target = Image::new(to.0, to.1, kind);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Box));
    match Resizer::new().resize(&source, &mut target, &options) {
        Ok(()) => target.into_vec(),
        Err(_) => Vec::new(),
    }
}
