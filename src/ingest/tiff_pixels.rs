//! Turns the samples of a TIFF page into a picture.

use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};
use tiff::ColorType;
use tiff::decoder::DecodingResult;

/// The decoded samples of one page.
pub(super) struct Samples {
    /// Row by row; when there are several planes, one plane after the other.
    pub(super) data: DecodingResult,
    /// 1 when the channels of a pixel stand together, else one plane a channel.
    pub(super) planes: usize,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// The picture that `samples` are in `colour`; none when the kind is not read here. Zero is black.
pub(super) fn to_image(samples: Samples, colour: ColorType) -> Option<DynamicImage> {
    let Samples { data, planes, width, height } = samples;
    let mut bytes = eight_bits(data)?;
    if planes > 1 {
        bytes = together(&bytes, planes);
    }
    match colour {
        ColorType::Gray(bits @ (1 | 2 | 4)) => {
            GrayImage::from_raw(width, height, unpack(&bytes, width, bits)).map(DynamicImage::ImageLuma8)
        }
        ColorType::Gray(_) => GrayImage::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8),
        ColorType::GrayA(_) | ColorType::Multiband { num_samples: 2, .. } => {
            GrayAlphaImage::from_raw(width, height, bytes).map(DynamicImage::ImageLumaA8)
        }
        ColorType::RGB(_) => RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8),
        ColorType::RGBA(_) => RgbaImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8),
        ColorType::YCbCr(_) => {
            bytes.as_chunks_mut().0.iter_mut().for_each(|pixel| *pixel = from_ycbcr(*pixel));
            RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8)
        }
        ColorType::CMYK(_) => {
            let pixels = bytes.as_chunks().0.iter().flat_map(|pixel| from_cmyk(*pixel)).collect();
            RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8)
        }
        _ => None,
    }
}

/// The samples with eight bits each (or packed, when they have fewer).
fn eight_bits(data: DecodingResult) -> Option<Vec<u8>> {
    match data {
        DecodingResult::U8(bytes) => Some(bytes),
        DecodingResult::U16(words) => Some(words.into_iter().map(|word| (word >> 8) as u8).collect()),
        _ => None,
    }
}

/// Puts the channels of each pixel together that stood in a plane each.
fn together(bytes: &[u8], planes: usize) -> Vec<u8> {
    let plane = bytes.len() / planes;
    (0..plane * planes).map(|at| bytes[at % planes * plane + at / planes]).collect()
}

/// Samples of fewer than eight bits, one a byte and stretched to 0..=255; each row of `bytes` begins
/// at a whole byte.
fn unpack(bytes: &[u8], width: u32, bits: u8) -> Vec<u8> {
    let (width, bits) = (width as usize, usize::from(bits));
    let (mask, per_byte) = ((1_u8 << bits) - 1, 8 / bits);
    let row = |row: &[u8]| -> Vec<u8> {
        let sample = |x: usize| row[x / per_byte] >> (8 - bits - x % per_byte * bits) & mask;
        (0..width).map(|x| sample(x) * (255 / mask)).collect()
    };
    bytes.chunks_exact(width.div_ceil(per_byte)).flat_map(row).collect()
}

/// Luminance and colour differences to red, green and blue (ITU-T T.871, section 7).
fn from_ycbcr([luminance, blue, red]: [u8; 3]) -> [u8; 3] {
    let luminance = f32::from(luminance);
    let (blue, red) = (f32::from(blue) - 128.0, f32::from(red) - 128.0);
    [luminance + 1.402 * red, luminance - 0.344_136 * blue - 0.714_136 * red, luminance + 1.772 * blue]
        .map(|channel| channel.round() as u8)
}

/// Printing inks to red, green and blue, without a colour profile.
fn from_cmyk([cyan, magenta, yellow, black]: [u8; 4]) -> [u8; 3] {
    let light = 255 - u32::from(black);
    [cyan, magenta, yellow].map(|ink| ((255 - u32::from(ink)) * light / 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_bits_are_stretched_and_rows_begin_at_bytes() {
        assert_eq!(
            unpack(&[0b1010_0000, 0b1000_0000, 0, 0b1000_0000], 9, 1),
            [255, 0, 255, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 255]
        );
        assert_eq!(unpack(&[0b0001_1011], 3, 2), [0, 85, 170]);
        assert_eq!(unpack(&[0x5F], 2, 4), [85, 255]);
    }

    #[test]
    fn planes_are_put_together() {
        assert_eq!(together(&[1, 2, 10, 20, 100, 200], 3), [1, 10, 100, 2, 20, 200]);
    }

    #[test]
    fn colours_come_out_right() {
        assert_eq!(from_ycbcr([128, 128, 128]), [128; 3]);
        assert_eq!(from_ycbcr([76, 85, 255]), [254, 0, 0]);
        assert_eq!(from_cmyk([0, 0, 0, 255]), [0; 3]);
        assert_eq!(from_cmyk([0, 255, 0, 0]), [255, 0, 255]);
    }
}
