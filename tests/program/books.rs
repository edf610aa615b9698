//! Books as a whole: what is missing, and what people say of it.

use crate::office::{Office, code, text};

#[test]
fn a_book_is_certified_and_people_have_the_last_word() {
    let office = Office::new();
    office.take_sample("kt-1991-may/001.jpg", "kt-1991-may/001.jpg");
    office.take_sample("kt-1991-may/book.toml", "kt-1991-may/book.toml");
    let (exit, ..) = office.digitize(&[]);
    assert_eq!(exit, 0);
    let certify =
        |arguments: &[&str]| office.hotich(&[&["book", "certify", "kt-1991-may"], arguments].concat());
    let output = certify(&["--json"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stdout));
    let certificate: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let (first, last) = (&certificate["runs"][0]["first"], &certificate["runs"][0]["last"]);
    assert_eq!((first.as_u64(), last.as_u64()), (Some(27), Some(34)), "{certificate}");

    let key = |arguments: &[&str]| code(&office.hotich(&[&["book"], arguments].concat()));
    assert_eq!(key(&["totals", "kt-1991-may", "--last", "36", "--by", "lan"]), 0);
    let output = certify(&[]);
    assert_eq!(code(&output), 3);
    assert!(text(&output.stdout).contains("35-36"), "{}", text(&output.stdout));
    assert_eq!(key(&["list"]), 3);
    assert_eq!(key(&["void", "kt-1991-may", "35", "--by", "lan"]), 1, "a reason must be given");
    assert_eq!(key(&["void", "kt-1991-may", "35..36", "--reason", "struck out", "--by", "lan"]), 0);
    assert_eq!((code(&certify(&[])), key(&["list"])), (0, 0));
    assert_eq!(key(&["withdraw", "kt-1991-may", "36", "--by", "lan"]), 0);
    assert_eq!(code(&certify(&["--vietnamese"])), 3);
    assert_eq!(key(&["certify", "no-such-book"]), 2);
}
