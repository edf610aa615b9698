//! Reads what stands on the cover of a book: `book.toml` in its folder.

use std::fs;
use std::io;
use std::path::Path;

use crate::domain::BookCover;

/// The name of the file.
pub(super) const FILE_NAME: &str = "book.toml";

/// The cover of the book in `folder`; the empty cover when there is no `book.toml`.
///
/// # Errors
/// A sentence that names the line and the cure, when the file cannot be read or understood.
pub(super) fn read(folder: &Path) -> Result<BookCover, String> {
    match fs::read(folder.join(FILE_NAME)) {
        Ok(bytes) => parse(&bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BookCover::default()),
        Err(error) => Err(format!("cannot be read ({error}); check its permissions")),
    }
}

fn parse(bytes: &[u8]) -> Result<BookCover, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("{}: not UTF-8; save it as UTF-8", line(bytes, error.valid_up_to())))?;
    // Notepad begins UTF-8 files with this mark.
    let text = text.trim_start_matches('\u{feff}');
    toml::from_str(text).map_err(|error| {
        let place = error.span().map_or_else(|| "line 1".into(), |span| line(text.as_bytes(), span.start));
        let message = error.message().replace('\n', " ");
        format!(
            "{place}: {message}; mend the line or delete it (kind, year, office, volume, first_number, \
             last_number, entries and pages may stand here)"
        )
    })
}

/// The line of `bytes` in which `offset` lies, in words.
fn line(bytes: &[u8], offset: usize) -> String {
    let before = &bytes[..offset.min(bytes.len())];
    format!("line {}", 1 + before.iter().filter(|byte| **byte == b'\n').count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Kind;

    #[test]
    fn a_cover_is_read_even_as_notepad_saves_it() {
        let text = "\u{feff}kind = \"death\"\r\nyear = 1983\r\noffice = \"xã Yên Phú\"\r\n";
        let cover = parse(text.as_bytes()).unwrap();
        assert_eq!((cover.kind, cover.year), (Some(Kind::Death), Some(1983)));
        assert_eq!(cover.office.as_deref(), Some("xã Yên Phú"));
        assert_eq!(cover.volume, None);
    }

    #[test]
    fn a_bad_line_is_named() {
        let wrong = parse(b"kind = \"birth\"\nyaer = 1983\n").unwrap_err();
        assert!(wrong.starts_with("line 2: unknown field `yaer`"), "{wrong}");
        let wrong = parse(b"# a\n# b\nkind = \"baptism\"\n").unwrap_err();
        assert!(wrong.starts_with("line 3: ") && wrong.contains("birth"), "{wrong}");
        let wrong = parse(b"year = 1983\noffice = \"x\xE3\"\n").unwrap_err();
        assert!(wrong.starts_with("line 2: not UTF-8"), "{wrong}");
        assert!(parse(b"year = \"1983").unwrap_err().starts_with("line 1: "));
    }

    #[test]
    fn no_file_is_no_error() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()).unwrap(), BookCover::default());
    }
}
