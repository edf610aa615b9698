//! Folders as they come from archives, with everything that has no business there.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use proptest::prelude::*;
use tempfile::TempDir;

use super::super::samples::write;
use super::*;
use crate::domain::Kind;

/// A folder `registers` with these (empty) files in it.
fn registers(files: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let root = fs::canonicalize(folder.path()).unwrap().join("registers");
    fs::create_dir(&root).unwrap();
    files.iter().for_each(|file| write(&root.join(file), b""));
    (folder, root)
}

fn names(found: &Discovery) -> Vec<&str> {
    found.files.iter().map(|file| file.name.as_str()).collect()
}

fn books(found: &Discovery) -> Vec<&str> {
    found.books.iter().map(|book| book.name.as_str()).collect()
}

#[test]
fn names_begin_at_the_parent_of_what_was_given() {
    let (_folder, root) = registers(&["ks-2009/001.jpg", "ks-2009/002.JPG", "kt-2008/1.tif"]);
    let all = discover(std::slice::from_ref(&root)).unwrap();
    assert_eq!(
        names(&all),
        ["registers/ks-2009/001.jpg", "registers/ks-2009/002.JPG", "registers/kt-2008/1.tif"]
    );
    assert_eq!(books(&all), ["ks-2009", "kt-2008"]);
    let book = discover(&[root.join("ks-2009")]).unwrap();
    assert_eq!(names(&book), ["ks-2009/001.jpg", "ks-2009/002.JPG"]);
    assert_eq!(books(&book), ["ks-2009"]);
    let file = discover(&[root.join("ks-2009/001.jpg")]).unwrap();
    assert_eq!((names(&file), books(&file)), (vec!["ks-2009/001.jpg"], vec!["ks-2009"]));
}

#[test]
fn books_may_lie_at_any_depth_and_beside_their_parent() {
    let (_folder, root) = registers(&["b/2.png", "b/old/1.png", "cover.jpg", "district/a/1.pdf"]);
    let found = discover(&[root]).unwrap();
    assert_eq!(books(&found), ["b", "b/old", "registers", "district/a"]);
    assert_eq!(
        names(&found),
        ["registers/b/2.png", "registers/b/old/1.png", "registers/cover.jpg", "registers/district/a/1.pdf"]
    );
}

#[test]
fn page_2_comes_before_page_10() {
    let (_folder, root) = registers(&["k/p10.jpg", "k/p2.jpg", "k/p1.jpg", "k/P3.jpg", "k/trang 1 (2).jpg"]);
    let found = discover(&[root.join("k")]).unwrap();
    let order: Vec<_> = names(&found).iter().map(|name| name.trim_start_matches("k/")).collect();
    assert_eq!(order, ["P3.jpg", "p1.jpg", "p2.jpg", "p10.jpg", "trang 1 (2).jpg"]);
}

#[test]
fn paths_that_overlap_give_each_file_once() {
    let (_folder, root) = registers(&["a/1.jpg", "a/2.jpg", "b/1.jpg"]);
    let paths = [root.join("a/1.jpg"), root.join("a"), root.clone(), root.join("../registers/b")];
    let found = discover(&paths).unwrap();
    assert_eq!(found, discover(std::slice::from_ref(&root)).unwrap());
    let two = discover(&[root.join("a/2.jpg"), root.join("a/1.jpg"), root.join("a/2.jpg")]).unwrap();
    assert_eq!((names(&two), books(&two)), (vec!["a/2.jpg", "a/1.jpg"], vec!["a"]));
}

#[test]
fn what_does_not_belong_is_reported_and_not_followed() {
    let (folder, root) = registers(&["a/1.jpg", "a/.2.jpg", "a/notes.txt", ".trash/1.jpg", "a/book.toml"]);
    write(&folder.path().join("outside/9.jpg"), b"");
    symlink(folder.path().join("outside"), root.join("link")).unwrap();
    symlink(root.join("a/1.jpg"), root.join("a/3.jpg")).unwrap();
    symlink(root.join("nowhere"), root.join("a/4.jpg")).unwrap();
    std::os::unix::net::UnixListener::bind(root.join("a/5.jpg")).unwrap();
    let found = discover(std::slice::from_ref(&root)).unwrap();
    assert_eq!(names(&found), ["registers/a/1.jpg"]);
    let mut passed_over: Vec<_> = found
        .passed_over
        .iter()
        .map(|it| (it.path.strip_prefix(&root).unwrap().to_str().unwrap(), it.reason.clone()))
        .collect();
    passed_over.sort_by_key(|(path, _)| *path);
    assert_eq!(
        passed_over,
        [
            (".trash", PassedOverReason::Hidden),
            ("a/.2.jpg", PassedOverReason::Hidden),
            ("a/3.jpg", PassedOverReason::SymbolicLink),
            ("a/4.jpg", PassedOverReason::SymbolicLink),
            ("a/5.jpg", PassedOverReason::SpecialFile),
            ("a/notes.txt", PassedOverReason::NotAPicture),
            ("link", PassedOverReason::SymbolicLink),
        ]
    );
}

#[test]
fn the_page_images_of_a_store_are_no_scans() {
    let (_folder, root) =
        registers(&["a/1.jpg", "store/hotich.sqlite", "store/pages/1.jpg", "b/pages/1.jpg"]);
    let found = discover(std::slice::from_ref(&root)).unwrap();
    assert_eq!(names(&found), ["registers/a/1.jpg", "registers/b/pages/1.jpg"]);
    let store = PassedOver { path: root.join("store/pages"), reason: PassedOverReason::Store };
    assert!(found.passed_over.contains(&store));
}

#[test]
fn covers_are_read_and_bad_ones_reported() {
    let (_folder, root) = registers(&["a/1.jpg", "b/1.jpg"]);
    write(&root.join("a/book.toml"), b"kind = \"death\"\nyear = 1983\n");
    write(&root.join("b/book.toml"), b"kind = \"death\"\nyear = \"1983\"\n");
    let found = discover(std::slice::from_ref(&root)).unwrap();
    assert_eq!((found.books[0].cover.kind, found.books[0].cover.year), (Some(Kind::Death), Some(1983)));
    assert_eq!(found.books[1].cover, BookCover::default());
    assert_eq!(found.passed_over.len(), 1);
    assert_eq!(found.passed_over[0].path, root.join("b/book.toml"));
    assert!(found.passed_over[0].reason.to_string().starts_with("line 2: "));
    let single = discover(&[root.join("a/1.jpg")]).unwrap();
    assert_eq!(single.books[0].cover.kind, Some(Kind::Death));
}

#[test]
fn two_folders_of_one_name_are_refused() {
    let (_folder, root) = registers(&["hanoi/ks-2009/1.jpg", "hue/ks-2009/1.jpg"]);
    let error = discover(&[root.join("hanoi/ks-2009"), root.join("hue/ks-2009")]).unwrap_err();
    assert!(matches!(error, IngestError::SameBookName { .. }));
    let both = discover(&[root]).unwrap();
    assert_eq!(books(&both), ["hanoi/ks-2009", "hue/ks-2009"]);
}

#[test]
fn a_path_that_is_not_there_is_named() {
    let error = discover(&[PathBuf::from("/no/such/book")]).unwrap_err();
    assert!(error.to_string().starts_with("/no/such/book: cannot be opened"), "{error}");
}

#[test]
fn odd_names_are_kept() {
    let long = format!("{}.jpg", "d".repeat(251));
    let (_folder, root) = registers(&["sổ hộ tịch 'A' \"1\"/trang 1.jpg", &format!("a/{long}")]);
    write(&root.join(OsStr::from_bytes(b"a/\xFF.jpg")), b"x");
    let found = discover(&[root]).unwrap();
    assert_eq!(names(&found)[0], "registers/a/\\xFF.jpg");
    assert_eq!(names(&found)[1], format!("registers/a/{long}"));
    assert_eq!(names(&found)[2], "registers/sổ hộ tịch 'A' \"1\"/trang 1.jpg");
    assert_eq!(fs::read(&found.files[0].path).unwrap(), b"x");
}

proptest! {
    #[test]
    fn any_names_can_be_ordered(mut names in proptest::collection::vec("[01a10ệ章 -]{0,6}", 0..60)) {
        names.sort_by(|a, b| alphanumeric_sort::compare_str(a, b).then_with(|| a.cmp(b)));
        for pair in names.windows(2) {
            prop_assert!(alphanumeric_sort::compare_str(&pair[0], &pair[1]).is_le());
        }
    }
}
