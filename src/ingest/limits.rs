//! How much one file may ask of the machine.

use super::IngestError;

/// The shortest side a picture must have, in pixels: below it no line of writing can be read.
const SHORTEST_SIDE: u32 = 16;

/// Bytes a decoder may hold for each pixel it is allowed (16-bit colour with alpha needs 8).
const BYTES_PER_PIXEL: u64 = 8;

/// What a file may ask for before it is refused. They guard against decompression bombs and against
/// running out of memory; ordinary scans stay far below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file.
    pub file_bytes: u64,
    /// Pixels of a page, as its header declares them.
    pub pixels: u64,
    /// Pages of a file.
    pub pages: u32,
}

impl Default for Limits {
    /// 512 MiB a file; 150 million pixels a page (an A2 sheet, which is an open A3 book, at 600 dpi
    /// has 139 million; as colour that is 450 MB of memory); 5,000 pages a file.
    fn default() -> Self {
        Self { file_bytes: 512 << 20, pixels: 150_000_000, pages: 5_000 }
    }
}

impl Limits {
    /// Refuses a page whose declared size is more than is allowed, or too small to hold writing.
    pub(super) fn check_page(&self, name: &str, width: u32, height: u32) -> Result<(), IngestError> {
        if width.min(height) < SHORTEST_SIDE {
            return Err(IngestError::TooSmall { name: name.into(), width, height });
        }
        if u64::from(width) * u64::from(height) > self.pixels {
            let limit = self.pixels;
            return Err(IngestError::TooManyPixels { name: name.into(), width, height, limit });
        }
        Ok(())
    }

    /// The most a decoder may allocate for one page, in bytes.
    pub(super) fn decoder_bytes(&self) -> u64 {
        self.pixels.saturating_mul(BYTES_PER_PIXEL)
    }
}
