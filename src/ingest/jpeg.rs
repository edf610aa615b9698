//! Decodes JPEG strictly: a picture that is cut short is an error, not a page half grey.

use std::fs;

use image::{DynamicImage, GrayImage, RgbImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::exif::Exif;
use super::resolution::{Unit, dots_per_inch};
use super::{IngestError, Limits};
use crate::domain::{Scan, ScanImage};

/// Start of the entropy-coded data (ITU-T T.81, table B.1).
const START_OF_SCAN: u8 = 0xDA;
/// Where JFIF keeps the resolution.
const APPLICATION_0: u8 = 0xE0;

/// Decodes the JPEG file of `scan`.
pub(super) fn load(scan: &Scan, limits: &Limits) -> Result<ScanImage, IngestError> {
    let name = &scan.name.0;
    let bytes = fs::read(&scan.path).map_err(IngestError::unreadable(name))?;
    decode(&bytes, name, limits)
}

/// Decodes a JPEG picture.
pub(super) fn decode(bytes: &[u8], name: &str, limits: &Limits) -> Result<ScanImage, IngestError> {
    let damaged = |error: DecodeErrors| match error {
        DecodeErrors::Unsupported(scheme) => IngestError::unsupported(name, format!("{scheme:?} JPEG")),
        other => IngestError::damaged(name, other),
    };
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().unwrap_or((0, 0));
    let (width, height) = (width as u32, height as u32);
    limits.check_page(name, width, height)?;
    let is_grey = decoder.input_colorspace() == Some(ColorSpace::Luma);
    let colours = if is_grey { ColorSpace::Luma } else { ColorSpace::RGB };
    decoder.set_options(options.jpeg_set_out_colorspace(colours));
    let pixels = decoder.decode().map_err(damaged)?;
    if !has_end(bytes) {
        return Err(IngestError::damaged(name, "its end is missing"));
    }
    let mut image = if is_grey {
        GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8)
    } else {
        RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8)
    }
    .ok_or_else(|| IngestError::damaged(name, "it has too few pixels"))?;
    let exif = Exif::parse(decoder.exif().map(Vec::as_slice));
    image.apply_orientation(exif.orientation);
    Ok(ScanImage { pixels: image, dots_per_inch: jfif_resolution(bytes).or(exif.dots_per_inch) })
}

/// Whether the entropy-coded data is closed by an end-of-image marker. The decoder forgives up to a
/// row of blocks that is missing; this does not.
pub(super) fn has_end(bytes: &[u8]) -> bool {
    let data = segments(bytes).find(|(marker, _)| *marker == START_OF_SCAN).map_or(bytes, |(_, rest)| rest);
    data.windows(2).any(|pair| pair == [0xFF, 0xD9])
}

/// The resolution that a JFIF header states (ITU-T T.871, 10.1).
fn jfif_resolution(bytes: &[u8]) -> Option<f64> {
    let (_, header) = segments(bytes).find(|(marker, _)| *marker == APPLICATION_0)?;
    let unit = match header.strip_prefix(b"JFIF\0")?.get(2)? {
        1 => Unit::Inch,
        2 => Unit::Centimetre,
        _ => return None,
    };
    let figure = |at: usize| Some(f64::from(u16::from_be_bytes([*header.get(at)?, *header.get(at + 1)?])));
    dots_per_inch(figure(8)?, figure(10)?, unit)
}

/// The marker of each segment before the entropy-coded data, and what follows its length; the last
/// is the start of scan.
fn segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = bytes.get(2..).unwrap_or_default();
    let mut over = false;
    std::iter::from_fn(move || {
        // Any number of 0xFF may stand before a marker.
        while let [0xFF, 0xFF, ..] = rest {
            rest = &rest[1..];
        }
        let [0xFF, marker, high, low, body @ ..] = rest else { return None };
        let length = usize::from(u16::from_be_bytes([*high, *low])).saturating_sub(2);
        if over {
            return None;
        }
        over = *marker == START_OF_SCAN;
        rest = body.get(length..).unwrap_or_default();
        Some((*marker, body))
    })
}

#[cfg(test)]
mod tests {
    use super::super::samples::{colour_picture, jpeg, load_page, picture, shows_picture, turned_jpeg};
    use super::*;

    #[test]
    fn grey_stays_grey_and_colour_colour() {
        let grey = load_page(&jpeg(&picture().into())).unwrap();
        assert!(matches!(grey.pixels, DynamicImage::ImageLuma8(_)) && shows_picture(&grey.pixels));
        assert_eq!(grey.dots_per_inch, Some(300.0));
        let colour = load_page(&jpeg(&colour_picture().into())).unwrap();
        assert!(matches!(colour.pixels, DynamicImage::ImageRgb8(_)) && shows_picture(&colour.pixels));
    }

    #[test]
    fn the_camera_says_which_way_is_up() {
        let upright = load_page(&turned_jpeg(1)).unwrap();
        assert!(shows_picture(&upright.pixels));
        assert_eq!(upright.dots_per_inch, Some(200.0));
        let quarter = load_page(&turned_jpeg(6)).unwrap().pixels;
        assert!(shows_picture(&quarter.rotate270()));
        let half = load_page(&turned_jpeg(3)).unwrap().pixels;
        assert!(shows_picture(&half.rotate180()));
    }

    #[test]
    fn a_picture_cut_short_anywhere_is_an_error() {
        let whole = jpeg(&colour_picture().into());
        for length in 4..whole.len() - 1 {
            let error = load_page(&whole[..length]).expect_err("cut short");
            assert!(matches!(error, IngestError::Damaged { .. }), "{length}: {error}");
        }
    }

    #[test]
    fn more_pixels_than_allowed_are_refused_by_the_header() {
        let mut bytes = jpeg(&picture().into());
        let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        bytes[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
        assert!(matches!(load_page(&bytes), Err(IngestError::TooManyPixels { width: 65535, .. })));
    }
}
