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

/// How a record is called: its scan and which entry of it, from 1, with a colon between them, such as
/// `ks-1978/012.jpg:3`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordName {
    /// The scan it stands on.
    pub scan: ScanName,
    /// Which entry of the scan, from 1, top to bottom.
    pub entry: u32,
}

impl std::fmt::Display for RecordName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.scan, self.entry)
    }
}

impl std::str::FromStr for RecordName {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.rsplit_once(':').filter(|(scan, _)| !scan.is_empty());
        let entry = parts.and_then(|(_, entry)| entry.parse().ok()).filter(|entry| *entry > 0);
        match (parts, entry) {
            (Some((scan, _)), Some(entry)) => Ok(Self { scan: ScanName(scan.to_owned()), entry }),
            _ => Err(format!(
                "\"{text}\" names no record: write its scan and entry, such as ks-1978/012.jpg:3"
            )),
        }
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

#[cfg(test)]
mod tests {
    use super::RecordName;

    #[test]
    fn a_record_is_named_by_its_scan_and_entry() {
        for text in ["ks-1978/012.jpg:3", "ks 1978/a:b.tif#page=2:1"] {
            assert_eq!(text.parse::<RecordName>().map(|name| name.to_string()).as_deref(), Ok(text));
        }
        for wrong in ["", "ks-1978/012.jpg", ":3", "a.jpg:0", "a.jpg:x"] {
            assert!(wrong.parse::<RecordName>().is_err(), "{wrong}");
        }
    }
}
