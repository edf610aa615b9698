//! Decodes the strips of fax-coded TIFF pages: CCITT Groups 3 and 4, one bit a pixel.

use std::io::{Read, Seek, SeekFrom};

use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};
use image::GrayImage;
use tiff::tags::Tag;

use super::IngestError;
use super::tiff::TiffFile;

/// Compression: runs of Group 3, each row at a whole byte (TIFF 6.0, section 10).
const HUFFMAN: u32 = 2;
/// Compression: Group 3 (TIFF 6.0, section 11).
const GROUP_3: u32 = 3;
/// Compression: Group 4.
const GROUP_4: u32 = 4;
/// T4Options: rows may be coded by the row above.
const TWO_DIMENSIONAL: u32 = 1;
/// PhotometricInterpretation: what is coded as white is white.
const WHITE_IS_ZERO: u32 = 0;
/// FillOrder: the first pixel is in the lowest bit of a byte.
const LOW_BIT_FIRST: u32 = 2;
/// The tag T4Options, which the TIFF library does not name.
const T4_OPTIONS: Tag = Tag::Unknown(292);

/// How the rows of a page are coded.
struct Coding {
    encoding: EncodingMode,
    rows_are_byte_aligned: bool,
    is_low_bit_first: bool,
    is_negative: bool,
    rows_per_strip: u32,
}

impl TiffFile<'_> {
    /// The pixels of the current page, which has this size; none when it is not fax-coded in strips.
    pub(super) fn decode_fax(&mut self, width: u32, height: u32) -> Result<Option<GrayImage>, IngestError> {
        let Some(coding) = self.fax_coding()? else { return Ok(None) };
        let offsets = self.numbers(Tag::StripOffsets)?;
        let lengths = self.numbers(Tag::StripByteCounts)?;
        let mut rows = Rows::new(width, coding.is_negative);
        for (strip, (offset, length)) in offsets.into_iter().zip(lengths).enumerate() {
            let data = self.strip(offset, length, coding.is_low_bit_first)?;
            let first = coding.rows_per_strip.saturating_mul(strip as u32).min(height);
            let last = first.saturating_add(coding.rows_per_strip).min(height);
            let decoded = hayro_ccitt::decode(&data, &mut rows, &mut context(&coding, width, last - first));
            decoded.map_err(|error| IngestError::damaged(self.name, error))?;
            if rows.pixels.len() as u64 != u64::from(width) * u64::from(last) {
                return Err(IngestError::damaged(self.name, "rows are missing"));
            }
        }
        let image = GrayImage::from_raw(width, height, rows.pixels);
        image.map(Some).ok_or_else(|| IngestError::damaged(self.name, "rows are missing"))
    }

    fn fax_coding(&mut self) -> Result<Option<Coding>, IngestError> {
        let is_two_dimensional = self.number(T4_OPTIONS, 0)? & TWO_DIMENSIONAL != 0;
        let compression = self.number(Tag::Compression, 1)?;
        let encoding = match compression {
            GROUP_4 => EncodingMode::Group4,
            GROUP_3 if is_two_dimensional => EncodingMode::Group3_2D,
            GROUP_3 | HUFFMAN => EncodingMode::Group3_1D,
            _ => return Ok(None),
        };
        let is_bilevel =
            self.number(Tag::BitsPerSample, 1)? == 1 && self.number(Tag::SamplesPerPixel, 1)? == 1;
        let coding = Coding {
            encoding,
            rows_are_byte_aligned: compression == HUFFMAN,
            is_low_bit_first: self.number(Tag::FillOrder, 1)? == LOW_BIT_FIRST,
            is_negative: self.number(Tag::PhotometricInterpretation, WHITE_IS_ZERO)? != WHITE_IS_ZERO,
            rows_per_strip: self.number(Tag::RowsPerStrip, u32::MAX)?,
        };
        let has_strips = !self.numbers(Tag::StripOffsets)?.is_empty();
        Ok((is_bilevel && has_strips).then_some(coding))
    }

    /// The bytes of a strip, the first pixel in the highest bit.
    fn strip(&mut self, offset: u64, length: u64, is_low_bit_first: bool) -> Result<Vec<u8>, IngestError> {
        let name = self.name;
        let file = self.decoder.inner();
        file.seek(SeekFrom::Start(offset)).map_err(IngestError::unreadable(name))?;
        let mut data = Vec::new();
        file.take(length).read_to_end(&mut data).map_err(IngestError::unreadable(name))?;
        if is_low_bit_first {
            data.iter_mut().for_each(|byte| *byte = byte.reverse_bits());
        }
        Ok(data)
    }
}

fn context(coding: &Coding, columns: u32, rows: u32) -> DecoderContext {
    DecoderContext::new(DecodeSettings {
        columns,
        rows,
        end_of_block: true,
        end_of_line: false,
        rows_are_byte_aligned: coding.rows_are_byte_aligned,
        encoding: coding.encoding,
        // A damaged row of Group 3 is mended by the next; in Group 4 it spoils all that follow.
        strict: coding.encoding == EncodingMode::Group4,
    })
}

/// The rows decoded so far, one byte a pixel.
struct Rows {
    pixels: Vec<u8>,
    width: usize,
    white: u8,
}

impl Rows {
    fn new(width: u32, is_negative: bool) -> Self {
        Self { pixels: Vec::new(), width: width as usize, white: if is_negative { 0 } else { 255 } }
    }
}

impl Decoder for Rows {
    fn push_row(&mut self, changes: &[u32]) {
        let start = self.pixels.len();
        self.pixels.resize(start + self.width, self.white);
        let row = &mut self.pixels[start..];
        for run in changes.chunks(2) {
            let end = run.get(1).map_or(self.width, |end| *end as usize);
            if let Some(black) = row.get_mut(run[0] as usize..end) {
                black.fill(!self.white);
            }
        }
    }
}
