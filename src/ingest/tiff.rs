//! Reads TIFF: several pages a file, strips or tiles, one bit to sixteen, grey or colour.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;

use image::metadata::Orientation;
use tiff::TiffError;
use tiff::decoder::ifd::Value;
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;

use super::flatten::flatten;
use super::resolution::{Unit, dots_per_inch};
use super::tiff_pixels::{Samples, to_image};
use super::{FoundFile, IngestError, Limits};
use crate::domain::{Scan, ScanImage};

/// Marks a smaller copy of another page or a mask (TIFF 6.0, section 8, NewSubfileType, bits 0
/// and 2).
const NOT_A_PAGE: u32 = 0b101;

/// An open TIFF file and what it is called in messages.
struct TiffFile<'a> {
    decoder: Decoder<BufReader<File>>,
    name: &'a str,
}

/// How many pages `file` has.
pub(super) fn page_count(file: &FoundFile, limits: &Limits) -> Result<u32, IngestError> {
    let mut tiff = TiffFile::open(File::open(&file.path), &file.name, limits)?;
    let pages = tiff.pages(limits)?;
    u32::try_from(pages.len()).map_err(|error| IngestError::damaged(&file.name, error))
}

/// Decodes the page of `scan`.
pub(super) fn load(scan: &Scan, limits: &Limits) -> Result<ScanImage, IngestError> {
    let name = &scan.name.0;
    let mut tiff = TiffFile::open(File::open(&scan.path), name, limits)?;
    let pages = tiff.pages(limits)?;
    let directory =
        pages.get(scan.page as usize).ok_or_else(|| IngestError::damaged(name, "no such page"))?;
    tiff.decoder.seek_to_image(*directory).map_err(|error| from_decoder(error, name))?;
    let mut pixels = flatten(tiff.decode(limits)?);
    pixels.apply_orientation(tiff.orientation());
    Ok(ScanImage { pixels, dots_per_inch: tiff.resolution() })
}

impl<'a> TiffFile<'a> {
    fn open(file: std::io::Result<File>, name: &'a str, limits: &Limits) -> Result<Self, IngestError> {
        let file = file.map_err(IngestError::unreadable(name))?;
        let mut allowed = tiff::decoder::Limits::default();
        allowed.decoding_buffer_size = usize::try_from(limits.decoder_bytes()).unwrap_or(usize::MAX);
        allowed.intermediate_buffer_size = usize::try_from(limits.file_bytes).unwrap_or(usize::MAX);
        let decoder = Decoder::new(BufReader::new(file)).map_err(|error| from_decoder(error, name))?;
        Ok(Self { decoder: decoder.with_limits(allowed), name })
    }

    /// The places of the pages among the file's directories; thumbnails and masks are none.
    fn pages(&mut self, limits: &Limits) -> Result<Vec<usize>, IngestError> {
        let (mut pages, mut seen) = (Vec::new(), BTreeSet::new());
        let mut next = self.decoder.ifd_pointer();
        while let Some(pointer) = next {
            let place = seen.len();
            if !seen.insert(pointer.0) {
                return Err(IngestError::damaged(self.name, "its list of pages runs in a circle"));
            }
            if place >= limits.pages as usize {
                let (name, pages, limit) = (self.name.into(), place + 1, limits.pages);
                return Err(IngestError::TooManyPages { name, pages, limit });
            }
            let wrong = |error| from_decoder(error, self.name);
            let directory = self.decoder.read_directory(pointer).map_err(wrong)?;
            next = directory.next();
            let mut tags = self.decoder.read_directory_tags(&directory);
            let kind = tags.find_tag_unsigned(Tag::NewSubfileType).map_err(wrong)?.unwrap_or(0);
            if kind & NOT_A_PAGE == 0 {
                pages.push(place);
            }
        }
        Ok(pages)
    }

    /// The pixels of the current page, as stored.
    fn decode(&mut self, limits: &Limits) -> Result<image::DynamicImage, IngestError> {
        let name = self.name;
        let wrong = |error| from_decoder(error, name);
        let (width, height) = self.decoder.dimensions().map_err(wrong)?;
        limits.check_page(name, width, height)?;
        self.check_complete()?;
        let colour = self.decoder.colortype().map_err(wrong)?;
        let mut data = DecodingResult::U8(Vec::new());
        let layout = self.decoder.read_image_to_buffer(&mut data).map_err(wrong)?;
        let samples = Samples { data, planes: layout.planes, width, height };
        to_image(samples, colour)
            .ok_or_else(|| IngestError::unsupported(name, format!("TIFF of the kind {colour:?}")))
    }

    /// Refuses a page whose data lies beyond the end of the file: decoders fill that up with grey.
    fn check_complete(&mut self) -> Result<(), IngestError> {
        let name = self.name;
        let end = self.decoder.inner().get_ref().metadata().map_err(IngestError::unreadable(name))?.len();
        let mut numbers = |tag| {
            let numbers = self.decoder.find_tag_unsigned_vec::<u64>(tag);
            numbers.map(Option::unwrap_or_default).map_err(|error| from_decoder(error, name))
        };
        let mut offsets = numbers(Tag::StripOffsets)?;
        let mut lengths = numbers(Tag::StripByteCounts)?;
        offsets.extend(numbers(Tag::TileOffsets)?);
        lengths.extend(numbers(Tag::TileByteCounts)?);
        let is_beyond = |(offset, length): (&u64, &u64)| offset.saturating_add(*length) > end;
        match offsets.iter().zip(&lengths).any(is_beyond) {
            true => Err(IngestError::damaged(name, "its data ends too early")),
            false => Ok(()),
        }
    }

    fn orientation(&mut self) -> Orientation {
        let code = self.decoder.find_tag_unsigned::<u8>(Tag::Orientation).ok().flatten();
        code.and_then(Orientation::from_exif).unwrap_or(Orientation::NoTransforms)
    }

    fn resolution(&mut self) -> Option<f64> {
        // TIFF 6.0, section 8: 1 is no unit, 2 (also when nothing is said) inches, 3 centimetres.
        let unit = match self.decoder.find_tag_unsigned::<u16>(Tag::ResolutionUnit).ok()? {
            None | Some(2) => Unit::Inch,
            Some(3) => Unit::Centimetre,
            Some(_) => return None,
        };
        let mut figure = |tag| match self.decoder.find_tag(tag).ok()?? {
            Value::Rational(figure, divisor) => Some(f64::from(figure) / f64::from(divisor)),
            _ => None,
        };
        dots_per_inch(figure(Tag::XResolution)?, figure(Tag::YResolution)?, unit)
    }
}

fn from_decoder(error: TiffError, name: &str) -> IngestError {
    match error {
        TiffError::UnsupportedError(what) => IngestError::unsupported(name, what),
        other => IngestError::damaged(name, other),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::DynamicImage;
    use tiff::encoder::{Compression, DeflateLevel, TiffEncoder, colortype};

    use super::super::samples::{
        GROUP_4, OneFile, SIZE, TiffPage, colour_picture, jpeg, load_page, load_pages, picture,
        shows_picture, tiff,
    };
    use super::*;

    const NONE: u16 = 1;
    const FAX_3: u16 = 3;
    const FAX_4: u16 = 4;
    const JPEG: u16 = 7;
    const WHITE_IS_ZERO: u16 = 0;
    const BLACK_IS_ZERO: u16 = 1;
    const YCBCR: u16 = 6;

    #[test]
    fn every_packing_is_read() {
        let packings = [
            Compression::Uncompressed,
            Compression::Lzw,
            Compression::Deflate(DeflateLevel::Balanced),
            Compression::Packbits,
        ];
        for packing in packings {
            let mut bytes = Cursor::new(Vec::new());
            let mut encoder = TiffEncoder::new(&mut bytes).unwrap().with_compression(packing);
            encoder.write_image::<colortype::Gray8>(SIZE.0, SIZE.1, &picture()).unwrap();
            encoder.write_image::<colortype::RGB8>(SIZE.0, SIZE.1, &colour_picture()).unwrap();
            let deep: Vec<u16> = picture().iter().map(|grey| u16::from(*grey) * 257).collect();
            encoder.write_image::<colortype::Gray16>(SIZE.0, SIZE.1, &deep).unwrap();
            let pages = load_pages(bytes.get_ref()).unwrap();
            assert!(pages.len() == 3 && pages.iter().all(|page| shows_picture(&page.pixels)));
            assert!(matches!(pages[1].pixels, DynamicImage::ImageRgb8(_)));
        }
    }

    /// One bit a pixel, set where there is ink.
    fn bits() -> Vec<u8> {
        let pixels: Vec<u8> = picture().into_raw();
        pixels
            .chunks(8)
            .map(|eight| eight.iter().fold(0, |byte, grey| byte << 1 | u8::from(*grey == 0)))
            .collect()
    }

    #[test]
    fn one_bit_a_pixel_in_both_senses() {
        let ink_is_one = TiffPage::new(bits(), NONE, WHITE_IS_ZERO, 1);
        let page = load_page(&tiff(&[ink_is_one])).unwrap();
        assert!(matches!(page.pixels, DynamicImage::ImageLuma8(_)) && shows_picture(&page.pixels));
        assert_eq!(page.dots_per_inch, Some(200.0));
        let paper_is_one = bits().iter().map(|byte| !byte).collect();
        let page = load_page(&tiff(&[TiffPage::new(paper_is_one, NONE, BLACK_IS_ZERO, 1)])).unwrap();
        assert!(shows_picture(&page.pixels));
    }

    #[test]
    fn fax_group_4_is_read_in_both_senses() {
        let page = |photometric| tiff(&[TiffPage::new(GROUP_4.to_vec(), FAX_4, photometric, 1)]);
        let mut negative = load_page(&page(WHITE_IS_ZERO)).unwrap().pixels;
        negative.invert();
        assert!(shows_picture(&negative));
        assert!(shows_picture(&load_page(&page(BLACK_IS_ZERO)).unwrap().pixels));
    }

    #[test]
    fn jpeg_inside_is_read() {
        let grey = TiffPage::new(jpeg(&picture().into()), JPEG, BLACK_IS_ZERO, 8);
        let colour = TiffPage::new(jpeg(&colour_picture().into()), JPEG, YCBCR, 8).with(277, 3);
        let pages = load_pages(&tiff(&[grey, colour])).unwrap();
        assert!(pages.iter().all(|page| shows_picture(&page.pixels)));
        let red = pages[1].pixels.to_rgb8().get_pixel(16, 12).0;
        assert!(red[0] > 180 && red[1] < 30 && red[2] < 30, "{red:?}");
    }

    #[test]
    fn thumbnails_are_no_pages_and_turned_pages_are_turned() {
        let page = || TiffPage::new(picture().into_raw(), NONE, BLACK_IS_ZERO, 8);
        let bytes = tiff(&[page(), page().with(254, 1), page().with(274, 8)]);
        let names: Vec<_> =
            OneFile::new(&bytes).open().unwrap().into_iter().map(|scan| scan.name.0).collect();
        assert_eq!(names, ["book/001#page=1", "book/001#page=2"]);
        let turned = load_pages(&bytes).unwrap().remove(1).pixels;
        assert!(shows_picture(&turned.rotate90()));
    }

    #[test]
    fn what_cannot_be_read_says_so() {
        let error = load_page(&tiff(&[TiffPage::new(vec![0; 40], FAX_3, WHITE_IS_ZERO, 1)])).unwrap_err();
        assert!(matches!(error, IngestError::Unsupported { .. }), "{error}");
    }

    #[test]
    fn a_file_cut_short_anywhere_is_an_error() {
        let pages = || [TiffPage::new(GROUP_4.to_vec(), FAX_4, BLACK_IS_ZERO, 1)];
        let whole = tiff(&pages());
        for length in 4..whole.len() {
            let error = load_pages(&whole[..length]).expect_err("cut short");
            assert!(matches!(error, IngestError::Damaged { .. }), "{length}: {error}");
        }
    }

    #[test]
    fn a_circle_of_pages_ends() {
        let mut bytes = tiff(&[TiffPage::new(picture().into_raw(), NONE, BLACK_IS_ZERO, 8)]);
        let next = 8 + 2 + 12 * 10;
        bytes[next] = 8;
        assert!(matches!(OneFile::new(&bytes).open(), Err(IngestError::Damaged { .. })));
    }
}
