//! Cuts entries out of the pictures of their pages, small enough to be put on paper or handed over.

use fast_image_resize::Resizer;
use image::{DynamicImage, ImageReader};

use super::IssueError;
use crate::domain::Rectangle;

/// How large a picture may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureSize {
    /// Pixels of its longer side.
    pub side: u32,
    /// Bytes of its file; met by lower quality as far as that is possible.
    pub bytes: usize,
}

impl PictureSize {
    /// For a page of paper beside an extract.
    pub const PROOF: Self = Self { side: 1800, bytes: 400_000 };
    /// For the Ministry's software: about 100 kB an A4 page (its guidance on digitizing registers of 2019).
    pub const HANDED_OVER: Self = Self { side: 1754, bytes: 100_000 };
}

/// Qualities to be tried, best first.
const QUALITIES: [u8; 6] = [80, 70, 60, 50, 40, 30];

/// The part `area` of the JPEG `page` (all of it when there is no area) as a JPEG of that size.
///
/// # Errors
/// [`IssueError::Picture`] when the page is no picture.
pub fn cut(page: &[u8], area: Option<Rectangle>, size: PictureSize) -> Result<Vec<u8>, IssueError> {
    let wrong = |error: String| IssueError::Picture(error);
    let reader = ImageReader::with_format(std::io::Cursor::new(page), image::ImageFormat::Jpeg);
    let picture = reader.decode().map_err(|error| wrong(error.to_string()))?;
    let area =
        area.map(|area| area.within(picture.width(), picture.height())).filter(|area| !area.is_empty());
    let picture = match area.map(<[i32; 4]>::from) {
        Some([left, top, right, bottom]) => {
            let pixels = |from: i32, to: i32| u32::try_from(to - from).unwrap_or(1);
            picture.crop_imm(pixels(0, left), pixels(0, top), pixels(left, right), pixels(top, bottom))
        }
        None => picture,
    };
    encoded(&shrunk(picture, size.side).map_err(wrong)?.to_rgb8(), size.bytes).map_err(wrong)
}

/// The picture with its longer side no longer than `side`.
fn shrunk(picture: DynamicImage, side: u32) -> Result<DynamicImage, String> {
    let longer = picture.width().max(picture.height());
    if longer <= side {
        return Ok(picture);
    }
    let length = |of: u32| ((u64::from(of) * u64::from(side)).div_ceil(u64::from(longer)) as u32).max(1);
    let (width, height) = (length(picture.width()), length(picture.height()));
    let mut small = DynamicImage::new(width, height, picture.color());
    Resizer::new().resize(&picture, &mut small, None).map_err(|error| error.to_string())?;
    Ok(small)
}

/// The best quality that needs no more than `bytes`; the lowest when none does.
fn encoded(picture: &image::RgbImage, bytes: usize) -> Result<Vec<u8>, String> {
    let mut jpeg = Vec::new();
    for quality in QUALITIES {
        jpeg.clear();
        let side = |pixels: u32| u16::try_from(pixels).map_err(|error| error.to_string());
        let (width, height) = (side(picture.width())?, side(picture.height())?);
        let encoder = jpeg_encoder::Encoder::new(&mut jpeg, quality);
        encoder
            .encode(picture.as_raw(), width, height, jpeg_encoder::ColorType::Rgb)
            .map_err(|error| error.to_string())?;
        if jpeg.len() <= bytes {
            break;
        }
    }
    Ok(jpeg)
}

#[cfg(test)]
mod tests {
    use super::{PictureSize, cut, encoded};
    use crate::domain::Rectangle;

    fn page() -> Vec<u8> {
        let noise = |x: u32, y: u32| ((x * 7919 + y * 104_729) % 251) as u8;
        let picture = image::RgbImage::from_fn(600, 900, |x, y| image::Rgb([noise(x, y), noise(y, x), 9]));
        encoded(&picture, usize::MAX).unwrap()
    }

    #[test]
    fn an_entry_is_cut_out_and_made_small() {
        let size = PictureSize { side: 200, bytes: 12_000 };
        let jpeg = cut(&page(), Some(Rectangle::new(-10, 300, 700, 600)), size).unwrap();
        let picture = image::load_from_memory(&jpeg).unwrap();
        assert_eq!((picture.width(), picture.height()), (200, 100));
        assert!(jpeg.len() <= size.bytes, "{}", jpeg.len());
        let whole = image::load_from_memory(&cut(&page(), None, PictureSize::PROOF).unwrap()).unwrap();
        assert_eq!((whole.width(), whole.height()), (600, 900));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(cut(b"not a picture", None, PictureSize::PROOF).is_err());
    }
}
