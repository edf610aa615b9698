//! Brings decoded pixels to what the stages work on: 8-bit grey or colour, nothing see-through.

use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};

/// The picture as 8-bit grey or colour; what is see-through shows white paper.
pub(super) fn flatten(image: DynamicImage) -> DynamicImage {
    use DynamicImage::{
        ImageLuma8, ImageLuma16, ImageLumaA8, ImageLumaA16, ImageRgb8, ImageRgba8, ImageRgba16,
    };
    match image {
        ImageLuma8(_) | ImageRgb8(_) => image,
        ImageLuma16(_) => ImageLuma8(image.into_luma8()),
        ImageLumaA8(image) => ImageLuma8(grey_on_white(&image)),
        ImageLumaA16(_) => ImageLuma8(grey_on_white(&image.into_luma_alpha8())),
        ImageRgba8(image) => ImageRgb8(colour_on_white(&image)),
        ImageRgba16(_) => ImageRgb8(colour_on_white(&image.into_rgba8())),
        _ => ImageRgb8(image.into_rgb8()),
    }
}

fn grey_on_white(image: &GrayAlphaImage) -> GrayImage {
    GrayImage::from_fn(image.width(), image.height(), |x, y| {
        let [grey, alpha] = image.get_pixel(x, y).0;
        [on_white(grey, alpha)].into()
    })
}

fn colour_on_white(image: &RgbaImage) -> RgbImage {
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        [red, green, blue].map(|channel| on_white(channel, alpha)).into()
    })
}

/// One channel painted over white.
fn on_white(channel: u8, alpha: u8) -> u8 {
    let (channel, alpha) = (u32::from(channel), u32::from(alpha));
    ((channel * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use image::{ImageBuffer, Luma, LumaA, Rgba};

    use super::*;

    #[test]
    fn see_through_is_white_paper() {
        let clear = RgbaImage::from_pixel(2, 1, Rgba([0, 0, 0, 0]));
        assert_eq!(flatten(clear.into()).to_rgb8().get_pixel(1, 0).0, [255; 3]);
        let half = GrayAlphaImage::from_pixel(1, 1, LumaA([0, 128]));
        assert_eq!(flatten(half.into()), DynamicImage::ImageLuma8(GrayImage::from_pixel(1, 1, Luma([127]))));
        let solid = RgbaImage::from_pixel(1, 1, Rgba([1, 2, 3, 255]));
        assert_eq!(flatten(solid.into()).to_rgb8().get_pixel(0, 0).0, [1, 2, 3]);
    }

    #[test]
    fn sixteen_bits_become_eight() {
        let deep: ImageBuffer<Luma<u16>, _> = ImageBuffer::from_pixel(1, 1, Luma([0x80FF]));
        assert_eq!(flatten(deep.into()), DynamicImage::ImageLuma8(GrayImage::from_pixel(1, 1, Luma([0x80]))));
    }
}
