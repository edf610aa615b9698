//! A scan as it came: where it lies, what it is called, its picture.

use std::path::PathBuf;

use image::DynamicImage;
use serde::{Deserialize, Serialize};

/// SHA-256 of a file's bytes; the identity of what was ingested.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash(pub [u8; 32]);

impl std::fmt::Display for ContentHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

impl std::str::FromStr for ContentHash {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is no SHA-256 in 64 hexadecimal digits");
        if text.len() != 64 || !text.is_ascii() {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

/// How a scan is called: its path below the ingested folder's parent, with `/` between the parts,
/// and `#page=N` (from 1) when its file holds several pages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScanName(pub String);

impl std::fmt::Display for ScanName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// One page to read: a file, or one page of a file that holds several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// How it is called everywhere.
    pub name: ScanName,
    /// The file, as an absolute path. Never written to.
    pub path: PathBuf,
    /// SHA-256 of the whole file.
    pub hash: ContentHash,
    /// Which page of the file, from 0.
    pub page: u32,
    /// How many pages the file has.
    pub page_count: u32,
    /// The book it belongs to (`Book::name`).
    pub book: String,
}

/// The picture of a scan, upright as its camera said (EXIF orientation applied).
#[derive(Debug, Clone)]
pub struct ScanImage {
    /// The pixels: 8-bit grey or colour.
    pub pixels: DynamicImage,
    /// Pixels per inch as the file states, when it does and the figure is believable (50..=1200).
    pub dots_per_inch: Option<f64>,
}
