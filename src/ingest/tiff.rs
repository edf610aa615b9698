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
pub(super) struct TiffFile<'a> {
    pub(super) decoder: Decoder<BufReader<File>>,
    pub(super) name: &'a str,
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
        if let Some(page) = self.decode_fax(width, height)? {
            return Ok(page.into());
        }
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
        let mut offsets = self.numbers(Tag::StripOffsets)?;
        let mut lengths = self.numbers(Tag::StripByteCounts)?;
        offsets.extend(self.numbers(Tag::TileOffsets)?);
        lengths.extend(self.numbers(Tag::TileByteCounts)?);
        let is_beyond = |(offset, length): (&u64, &u64)| offset.saturating_add(*length) > end;
        match offsets.iter().zip(&lengths).any(is_beyond) {
            true => Err(IngestError::damaged(name, "its data ends too early")),
            false => Ok(()),
        }
    }

    /// The number that `tag` of the current page holds, else `default`.
    pub(super) fn number(&mut self, tag: Tag, default: u32) -> Result<u32, IngestError> {
        let number = self.decoder.find_tag_unsigned(tag);
        number.map(|number| number.unwrap_or(default)).map_err(|error| from_decoder(error, self.name))
    }

    /// The numbers that `tag` of the current page holds.
    pub(super) fn numbers(&mut self, tag: Tag) -> Result<Vec<u64>, IngestError> {
        let numbers = self.decoder.find_tag_unsigned_vec(tag);
        numbers.map(Option::unwrap_or_default).map_err(|error| from_decoder(error, self.name))
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
mod tests;
