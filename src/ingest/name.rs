//! Names of files and books, made of paths.

use std::ffi::OsStr;
use std::fmt::Write;
use std::path::Path;

/// The parts of `path` joined by `/`; bytes that are not UTF-8 are written as `\xFF`, so that two
/// files never get the same name.
pub(super) fn of_path(path: &Path) -> String {
    path.iter().map(of_part).collect::<Vec<_>>().join("/")
}

/// One part of a path as text.
fn of_part(part: &OsStr) -> String {
    let mut name = String::new();
    for chunk in part.as_encoded_bytes().utf8_chunks() {
        name.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(name, "\\x{byte:02X}");
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn names_that_are_not_utf8_stay_different() {
        let names = [b"a/\xFF.jpg", b"a/\xFE.jpg"].map(|bytes| of_path(Path::new(OsStr::from_bytes(bytes))));
        assert_eq!(names, ["a/\\xFF.jpg", "a/\\xFE.jpg"]);
        assert_eq!(of_path(Path::new("sổ 1/trang 'a'.jpg")), "sổ 1/trang 'a'.jpg");
    }
}
