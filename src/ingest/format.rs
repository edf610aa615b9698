//! Tells what a file is by its first bytes; names lie too often.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::IngestError;

/// How much of a file is looked at: a PDF may begin anywhere in its first 1,024 bytes
/// (ISO 32000-1, annex H, note 13).
pub(super) const HEAD_BYTES: usize = 1024;

/// A kind of file that is read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
    Tiff,
    Pdf,
}

impl Format {
    /// What the file at `path` is.
    pub(super) fn of_file(path: &Path, name: &str) -> Result<Self, IngestError> {
        let mut head = Vec::new();
        let file = File::open(path).map_err(IngestError::unreadable(name))?;
        file.take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(IngestError::unreadable(name))?;
        Self::of_head(&head, name)
    }

    /// What a file is that begins with `head`.
    pub(super) fn of_head(head: &[u8], name: &str) -> Result<Self, IngestError> {
        if head.is_empty() {
            return Err(IngestError::Empty { name: name.into() });
        }
        if head.starts_with(b"\xFF\xD8\xFF") {
            Ok(Self::Jpeg)
        } else if head.starts_with(b"\x89PNG\r\n\x1A\n") {
            Ok(Self::Png)
        } else if [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|magic| head.starts_with(*magic)) {
            Ok(Self::Tiff)
        } else if head.windows(5).any(|window| window == b"%PDF-") {
            Ok(Self::Pdf)
        } else {
            Err(IngestError::NotAPicture { name: name.into(), found: guess(head) })
        }
    }
}

/// What bytes that are no picture look like, in words for a person.
fn guess(head: &[u8]) -> &'static str {
    let is = |offset: usize, magic: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    if is(0, b"GIF8") {
        "a GIF picture"
    } else if is(0, b"BM") {
        "a BMP picture"
    } else if is(0, b"RIFF") && is(8, b"WEBP") {
        "a WebP picture"
    } else if is(4, b"ftyphei") || is(4, b"ftypmif1") {
        "a HEIC picture"
    } else if is(4, b"jP  ") || is(0, b"\xFF\x4F\xFF\x51") {
        "a JPEG 2000 picture"
    } else if is(0, b"PK\x03\x04") {
        "a ZIP or Office file"
    } else if head.iter().all(|byte| *byte == 0) {
        "only zeroes"
    } else if head.iter().all(|byte| *byte >= b' ' || byte.is_ascii_whitespace()) {
        "a text file"
    } else {
        "something unknown"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_decide() {
        assert_eq!(Format::of_head(b"\xFF\xD8\xFF\xE0", "a").unwrap(), Format::Jpeg);
        assert_eq!(Format::of_head(b"MM\0*....", "a").unwrap(), Format::Tiff);
        assert_eq!(Format::of_head(b"junk\n%PDF-1.4", "a").unwrap(), Format::Pdf);
        let text = Format::of_head("Họ và tên: ...".as_bytes(), "ks/1.jpg").unwrap_err();
        assert_eq!(
            text.to_string(),
            "ks/1.jpg: is a text file, not a JPEG, PNG, TIFF or PDF; remove it or scan the page again"
        );
        assert!(matches!(Format::of_head(b"", "a"), Err(IngestError::Empty { .. })));
        assert!(Format::of_head(b"GIF89a", "a").unwrap_err().to_string().contains("GIF"));
    }
}
