//! Decodes PNG: also palettes, 16 bits a channel, and see-through parts (shown on white).

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use image::codecs::png::PngDecoder;
use image::error::ImageError;
use image::{DynamicImage, ImageDecoder};

use super::exif::Exif;
use super::flatten::flatten;
use super::resolution::{Unit, dots_per_inch};
use super::{IngestError, Limits};
use crate::domain::{Scan, ScanImage};

/// Bytes of the signature before the first chunk.
const SIGNATURE: u64 = 8;

/// Decodes the PNG file of `scan`.
pub(super) fn load(scan: &Scan, limits: &Limits) -> Result<ScanImage, IngestError> {
    let name = &scan.name.0;
    let wrong = |error| from_decoder(error, name);
    let mut file = BufReader::new(File::open(&scan.path).map_err(IngestError::unreadable(name))?);
    let resolution = resolution(&mut file);
    file.rewind().map_err(IngestError::unreadable(name))?;
    let mut decoder = PngDecoder::new(file).map_err(wrong)?;
    let (width, height) = decoder.dimensions();
    limits.check_page(name, width, height)?;
    decoder.set_limits(allocation(limits)).map_err(wrong)?;
    let exif = Exif::parse(decoder.exif_metadata().ok().flatten().as_deref());
    let mut pixels = flatten(DynamicImage::from_decoder(decoder).map_err(wrong)?);
    pixels.apply_orientation(exif.orientation);
    Ok(ScanImage { pixels, dots_per_inch: resolution.or(exif.dots_per_inch) })
}

fn allocation(limits: &Limits) -> image::Limits {
    let mut allowed = image::Limits::no_limits();
    allowed.max_alloc = Some(limits.decoder_bytes());
    allowed
}

fn from_decoder(error: ImageError, name: &str) -> IngestError {
    match error {
        ImageError::Unsupported(what) => IngestError::unsupported(name, what),
        other => IngestError::damaged(name, other),
    }
}

/// The resolution stated by the chunk pHYs, which stands before the pixels (PNG, third edition,
/// 11.3.4.3).
fn resolution(file: &mut (impl Read + Seek)) -> Option<f64> {
    file.seek(SeekFrom::Start(SIGNATURE)).ok()?;
    loop {
        let mut head = [0; 8];
        file.read_exact(&mut head).ok()?;
        let [length @ .., _, _, _, _] = head;
        match &head[4..] {
            b"pHYs" => return physical_size(file),
            b"IDAT" | b"IEND" => return None,
            _ => file.seek_relative(i64::from(u32::from_be_bytes(length)) + 4).ok()?,
        }
    }
}

fn physical_size(file: &mut impl Read) -> Option<f64> {
    let mut body = [0; 9];
    file.read_exact(&mut body).ok()?;
    let [a, b, c, d, e, f, g, h, unit] = body;
    let figures = [[a, b, c, d], [e, f, g, h]].map(|bytes| f64::from(u32::from_be_bytes(bytes)));
    // Unit 1 is the metre; 0 states only the shape of a pixel.
    (unit == 1).then(|| dots_per_inch(figures[0], figures[1], Unit::Metre)).flatten()
}

#[cfg(test)]
mod tests {
    use image::{ImageBuffer, LumaA, Rgba};

    use super::super::samples::{SIZE, colour_picture, load_page, picture, png, shows_picture, with_chunk};
    use super::*;

    #[test]
    fn every_depth_becomes_eight_bits() {
        for image in [DynamicImage::from(picture()), colour_picture().into()] {
            for deep in [image.clone(), image.to_luma16().into(), image.to_rgb16().into()] {
                let page = load_page(&png(&deep)).unwrap().pixels;
                assert!(matches!(page, DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_)));
                assert!(shows_picture(&page));
            }
        }
    }

    #[test]
    fn see_through_paper_is_white() {
        let ink = |x, y| if picture().get_pixel(x, y).0 == [0] { 255 } else { 0 };
        let colour = ImageBuffer::from_fn(SIZE.0, SIZE.1, |x, y| Rgba([0, 0, 0, ink(x, y)]));
        let grey = ImageBuffer::from_fn(SIZE.0, SIZE.1, |x, y| LumaA([0_u16, u16::from(ink(x, y)) * 257]));
        for image in [DynamicImage::ImageRgba8(colour), DynamicImage::ImageLumaA16(grey)] {
            assert!(shows_picture(&load_page(&png(&image)).unwrap().pixels));
        }
    }

    #[test]
    fn the_resolution_is_found_among_other_chunks() {
        let mut body = [0, 0, 0x2E, 0x23, 0, 0, 0x2E, 0x23, 1];
        let plain = png(&picture().into());
        assert_eq!(load_page(&plain).unwrap().dots_per_inch, None);
        let stated = with_chunk(&with_chunk(&plain, *b"pHYs", &body), *b"tEXt", b"Comment\0a");
        assert!((load_page(&stated).unwrap().dots_per_inch.unwrap() - 300.0).abs() < 0.1);
        body[8] = 0;
        assert_eq!(load_page(&with_chunk(&plain, *b"pHYs", &body)).unwrap().dots_per_inch, None);
    }

    #[test]
    fn a_bomb_is_refused_by_its_header() {
        let mut bytes = png(&picture().into());
        let mut header = [60_000_u32.to_be_bytes(), 60_000_u32.to_be_bytes()].concat();
        header.extend([8, 0, 0, 0, 0]);
        // The new header goes behind the old one, which is then taken out.
        bytes = with_chunk(&bytes, *b"IHDR", &header);
        bytes.drain(8..33);
        let error = load_page(&bytes).unwrap_err();
        assert_eq!(
            error.to_string(),
            "book/001: has 60000 x 60000 pixels, more than the 150000000 allowed; scan it again at 300 dpi"
        );
    }

    #[test]
    fn a_picture_cut_short_is_an_error() {
        let whole = png(&colour_picture().into());
        // The last 12 bytes close the file and hold no pixels.
        for length in 8..whole.len() - 16 {
            let error = load_page(&whole[..length]).expect_err("cut short");
            assert!(matches!(error, IngestError::Damaged { .. }), "{length}: {error}");
        }
    }

    #[test]
    fn a_single_pixel_is_no_page() {
        let dot = png(&image::GrayImage::new(1, 1).into());
        assert!(matches!(load_page(&dot), Err(IngestError::TooSmall { width: 1, height: 1, .. })));
    }
}
