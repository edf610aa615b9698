//! Makes one scan of every page of a file: its identity, its kind, its page count.

use std::fs::File;
use std::io::{ErrorKind, Read};

use sha2::{Digest, Sha256};

use super::format::{Format, HEAD_BYTES};
use super::{FoundFile, IngestError, Limits, guarded, pdf, tiff};
use crate::domain::{ContentHash, Scan, ScanName};

/// Bytes read at a time.
const BLOCK: usize = 1 << 18;

/// One scan for every page of `file`, in order. The whole file is read once, for its hash; no
/// picture is decoded.
///
/// # Errors
/// When the file cannot be read, is empty, is no picture, is damaged where its pages are listed, is
/// encrypted, or is larger or has more pages than `limits` allow.
pub fn open(file: &FoundFile, limits: &Limits) -> Result<Vec<Scan>, IngestError> {
    let (hash, head) = hash(file, limits)?;
    let page_count = match Format::of_head(&head, &file.name)? {
        Format::Jpeg | Format::Png => 1,
        Format::Tiff => guarded(&file.name, || tiff::page_count(file, limits))?,
        Format::Pdf => guarded(&file.name, || pdf::page_count(file, limits))?,
    };
    Ok((0..page_count).map(|page| scan(file, hash, page, page_count)).collect())
}

fn scan(file: &FoundFile, hash: ContentHash, page: u32, page_count: u32) -> Scan {
    let name = match page_count {
        1 => file.name.clone(),
        _ => format!("{}#page={}", file.name, page + 1),
    };
    Scan { name: ScanName(name), path: file.path.clone(), hash, page, page_count, book: file.book.clone() }
}

/// The SHA-256 of the file's bytes, and its first bytes.
fn hash(file: &FoundFile, limits: &Limits) -> Result<(ContentHash, Vec<u8>), IngestError> {
    let mut source = File::open(&file.path).map_err(IngestError::unreadable(&file.name))?;
    let (mut hasher, mut head, mut bytes) = (Sha256::new(), Vec::new(), 0);
    let mut block = vec![0; BLOCK];
    loop {
        let count = match source.read(&mut block) {
            Ok(0) => return Ok((ContentHash(hasher.finalize().into()), head)),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(IngestError::unreadable(&file.name)(error)),
        };
        // Counted as it is read: a file may grow while it is copied.
        bytes += count as u64;
        if bytes > limits.file_bytes {
            return Err(too_large(file, &source, bytes, limits));
        }
        head.extend(block[..count].iter().take(HEAD_BYTES - head.len()));
        hasher.update(&block[..count]);
    }
}

fn too_large(file: &FoundFile, source: &File, read: u64, limits: &Limits) -> IngestError {
    let bytes = source.metadata().map_or(read, |metadata| metadata.len().max(read));
    IngestError::FileTooLarge { name: file.name.clone(), bytes, limit: limits.file_bytes }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{OneFile, TiffPage, picture, png, tiff};
    use super::*;

    #[test]
    fn the_same_bytes_are_the_same_scan() {
        let bytes = png(&picture().into());
        let (one, other) = (OneFile::new(&bytes), OneFile::new(&bytes));
        let (one, other) = (one.open().unwrap().remove(0), other.open().unwrap().remove(0));
        assert_eq!(one.hash, other.hash);
        assert_ne!(one.path, other.path);
        assert_eq!((one.page, one.page_count, one.name.0.as_str()), (0, 1, "book/001"));
    }

    #[test]
    fn the_hash_is_sha_256() {
        let file = OneFile::new(b"\xFF\xD8\xFF");
        let scan = file.open().unwrap().remove(0);
        let expected = "6e568e1f67fba258184c78181539e5e8fdee447e49bb706fc0ea34fbf12336a5";
        assert_eq!(scan.hash.to_string(), expected);
    }

    #[test]
    fn limits_hold() {
        let file = OneFile::new(&png(&picture().into()));
        let small = Limits { file_bytes: 50, ..Limits::default() };
        assert!(matches!(open(&file.file, &small), Err(IngestError::FileTooLarge { limit: 50, .. })));
        let page = || TiffPage::new(picture().into_raw(), 1, 1, 8);
        let file = OneFile::new(&tiff(&[page(), page(), page()]));
        let few = Limits { pages: 2, ..Limits::default() };
        let error = open(&file.file, &few).unwrap_err();
        assert_eq!(
            error.to_string(),
            "book/001: has 3 pages, more than the 2 allowed; split it into smaller files"
        );
    }

    #[test]
    fn empty_missing_and_foreign_files_are_told_apart() {
        assert!(matches!(OneFile::new(b"").open(), Err(IngestError::Empty { .. })));
        assert!(matches!(OneFile::new(b"hello").open(), Err(IngestError::NotAPicture { .. })));
        let mut gone = OneFile::new(b"x");
        gone.file.path.push("gone");
        assert!(matches!(gone.open(), Err(IngestError::Unreadable { .. })));
    }
}
