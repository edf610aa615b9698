//! What the batch and its worker processes say to each other: one JSON line each way a scan, the
//! pictures of its pages as plain bytes behind the answer.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::domain::{BookCover, ContentHash, FailureReason, PageRead, Scan, ScanName, ScanResult};

/// The largest answer a worker may give, in bytes: far above any page, so that a broken stream
/// cannot ask for all memory.
const PICTURE_BYTES: u64 = 256 << 20;

/// A scan to read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    name: ScanName,
    path: PathBuf,
    hash: String,
    page: u32,
    page_count: u32,
    book: String,
    cover: BookCover,
}

impl Request {
    /// The request to read `scan` of a book with this cover; none when its path is not Unicode and
    /// so cannot be written as JSON.
    #[must_use]
    pub fn new(scan: &Scan, cover: &BookCover) -> Option<Self> {
        scan.path.to_str()?;
        Some(Self {
            name: scan.name.clone(),
            path: scan.path.clone(),
            hash: scan.hash.to_string(),
            page: scan.page,
            page_count: scan.page_count,
            book: scan.book.clone(),
            cover: cover.clone(),
        })
    }

    /// The scan asked for, and the cover of its book.
    ///
    /// # Errors
    /// When the hash is none.
    pub fn into_parts(self) -> Result<(Scan, BookCover), String> {
        let hash: ContentHash = self.hash.parse()?;
        let Self { name, path, page, page_count, book, cover, .. } = self;
        Ok((Scan { name, path, hash, page, page_count, book }, cover))
    }
}

/// What a worker answers; before the first request it says [`Answer::Ready`] once.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The engine is warm.
    Ready,
    /// The engine cannot be started at all: why, and what to do.
    Unavailable(String),
    /// How the reading of the scan ended, with milliseconds per stage.
    Ended(ScanResult, Vec<(String, f64)>),
}

/// An answer as it stands on its line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Ready,
    Unavailable(String),
    Read { pages: Vec<PageRead>, picture_bytes: Vec<u64>, timings: Vec<(String, f64)> },
    Failed { reason: FailureReason, message: String, timings: Vec<(String, f64)> },
}

impl Answer {
    /// Writes the answer and flushes.
    ///
    /// # Errors
    /// When the other side is gone.
    pub fn write(self, output: &mut dyn Write) -> io::Result<()> {
        let (line, pictures) = match self {
            Self::Ready => (Line::Ready, Vec::new()),
            Self::Unavailable(message) => (Line::Unavailable(message), Vec::new()),
            Self::Ended(ScanResult::Failed { reason, message }, timings) => {
                (Line::Failed { reason, message, timings }, Vec::new())
            }
            Self::Ended(ScanResult::Read(mut pages), timings) => {
                let pictures: Vec<Vec<u8>> =
                    pages.iter_mut().map(|page| std::mem::take(&mut page.image)).collect();
                let picture_bytes = pictures.iter().map(|picture| picture.len() as u64).collect();
                (Line::Read { pages, picture_bytes, timings }, pictures)
            }
        };
        serde_json::to_writer(&mut *output, &line)?;
        output.write_all(b"\n")?;
        pictures.iter().try_for_each(|picture| output.write_all(picture))?;
        output.flush()
    }

    /// Reads the next answer.
    ///
    /// # Errors
    /// When the other side is gone or what it wrote is no answer.
    pub fn read(input: &mut dyn BufRead) -> io::Result<Self> {
        let mut text = String::new();
        if input.read_line(&mut text)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(match serde_json::from_str(&text)? {
            Line::Ready => Self::Ready,
            Line::Unavailable(message) => Self::Unavailable(message),
            Line::Failed { reason, message, timings } => {
                Self::Ended(ScanResult::Failed { reason, message }, timings)
            }
            Line::Read { mut pages, picture_bytes, timings } => {
                for (page, bytes) in pages.iter_mut().zip(picture_bytes) {
                    page.image = read_picture(input, bytes)?;
                }
                Self::Ended(ScanResult::Read(pages), timings)
            }
        })
    }
}

fn read_picture(input: &mut dyn BufRead, bytes: u64) -> io::Result<Vec<u8>> {
    if bytes > PICTURE_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the picture of a page is impossibly large"));
    }
    let mut picture = vec![0; bytes as usize];
    input.read_exact(&mut picture)?;
    Ok(picture)
}

#[cfg(test)]
mod tests {
    use super::{Answer, Request};
    use crate::domain::{
        BookCover, ContentHash, NotAForm, PageFinding, PageRead, Projection, Scan, ScanName, ScanResult,
    };

    #[test]
    fn answers_arrive_as_sent() {
        let page = |image: &[u8]| PageRead {
            finding: PageFinding::NotAForm(NotAForm::Cover),
            skew: None,
            problems: Vec::new(),
            to_scan: Projection::identity().rows(),
            image: image.to_vec(),
        };
        let answer =
            Answer::Ended(ScanResult::Read(vec![page(b"one\n"), page(b"")]), vec![("read".into(), 1.5)]);
        let mut bytes = Vec::new();
        Answer::Ready.write(&mut bytes).unwrap();
        answer.clone().write(&mut bytes).unwrap();
        let mut input = bytes.as_slice();
        assert_eq!(Answer::read(&mut input).unwrap(), Answer::Ready);
        assert_eq!(Answer::read(&mut input).unwrap(), answer);
        assert!(Answer::read(&mut input).is_err());
    }

    #[test]
    fn a_request_names_its_scan() {
        let scan = Scan {
            name: ScanName("sổ 1/trang \"2\".jpg".into()),
            path: "/sổ 1/trang \"2\".jpg".into(),
            hash: ContentHash([7; 32]),
            page: 1,
            page_count: 3,
            book: "sổ 1".into(),
        };
        let line = serde_json::to_string(&Request::new(&scan, &BookCover::default())).unwrap();
        let request: Request = serde_json::from_str(&line).unwrap();
        assert_eq!(request.into_parts().unwrap(), (scan, BookCover::default()));
    }
}
