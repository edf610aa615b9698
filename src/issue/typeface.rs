//! Finds the typeface of the papers on this machine: Liberation Serif, which has the widths of Times New Roman
//! (asked for by Nghị định 30/2020/NĐ-CP, annex I) and every letter of Vietnamese.

use std::fs;
use std::path::{Path, PathBuf};

use super::IssueError;

/// Where Debian, Fedora, Arch and people put it.
const FOLDERS: [&str; 5] = [
    "/usr/share/fonts/truetype/liberation2",
    "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/liberation-serif",
    "/usr/share/fonts/liberation",
    "/usr/local/share/fonts",
];

/// Its faces.
const FACES: [&str; 4] = ["Regular", "Bold", "Italic", "BoldItalic"];

/// The files of the typeface.
#[derive(Debug, Clone)]
pub struct Typeface {
    /// The folder they were found in.
    pub folder: PathBuf,
    /// Their contents: regular, bold, italic, bold italic.
    pub(super) faces: Vec<Vec<u8>>,
}

impl Typeface {
    /// Looks in `HOTICH_FONTS` and in the usual folders.
    ///
    /// # Errors
    /// [`IssueError::NoTypeface`] when it is in none of them.
    pub fn find() -> Result<Self, IssueError> {
        let own = std::env::var_os("HOTICH_FONTS").map(PathBuf::from);
        Self::find_in(own.into_iter().chain(FOLDERS.map(PathBuf::from)))
    }

    /// Looks in `folders`, in this order.
    fn find_in(folders: impl IntoIterator<Item = PathBuf>) -> Result<Self, IssueError> {
        let mut found =
            folders.into_iter().filter_map(|folder| faces(&folder).map(|faces| Self { folder, faces }));
        found.next().ok_or(IssueError::NoTypeface)
    }
}

/// The four faces in `folder`, when all are there.
fn faces(folder: &Path) -> Option<Vec<Vec<u8>>> {
    let read = |face: &str| fs::read(folder.join(format!("LiberationSerif-{face}.ttf"))).ok();
    FACES.iter().map(|face| read(face)).collect()
}

#[cfg(test)]
mod tests {
    use super::{FACES, Typeface};
    use crate::issue::IssueError;

    #[test]
    fn a_folder_that_lacks_a_face_is_passed_over() {
        let (empty, full) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for face in FACES {
            std::fs::write(full.path().join(format!("LiberationSerif-{face}.ttf")), face).unwrap();
        }
        std::fs::write(empty.path().join("LiberationSerif-Bold.ttf"), "Bold").unwrap();
        let folders = [empty.path().to_owned(), full.path().to_owned()];
        assert_eq!(Typeface::find_in(folders).unwrap().folder, full.path());
        let error = Typeface::find_in([empty.path().to_owned()]).unwrap_err();
        assert!(matches!(error, IssueError::NoTypeface));
        assert!(error.to_string().contains("fonts-liberation2"));
    }
}
