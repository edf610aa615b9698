//! A store that cannot be written, is in use, or comes from a newer version.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::office::{Office, code, text};

fn digitized() -> Office {
    let office = Office::new();
    office.take_sample("kt-2008/001.jpg", "book/1.jpg");
    assert_eq!(office.digitize(&[]).0, 0);
    office
}

#[test]
fn a_second_writer_is_refused_and_readers_are_not() {
    let office = digitized();
    let writer = hotich::store::Store::create_or_open(&office.store()).unwrap();
    let (exit, _, stderr) = office.digitize(&[]);
    assert_eq!(exit, 2);
    assert!(stderr.contains("another hotich"), "{stderr}");
    assert_eq!(office.export().1.len(), 1);
    drop(writer);
    assert_eq!(office.digitize(&[]).0, 0);
}

#[test]
fn a_store_of_a_newer_version_is_refused_untouched() {
    let office = digitized();
    let file = office.store().join("hotich.sqlite");
    let database = rusqlite::Connection::open(&file).unwrap();
    database.pragma_update(None, "user_version", 9999).unwrap();
    drop(database);
    let before = fs::read(&file).unwrap();
    let (exit, _, stderr) = office.digitize(&[]);
    assert_eq!(exit, 2);
    assert!(stderr.contains("newer"), "{stderr}");
    assert_eq!(code(&office.hotich(&["status"])), 2);
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_store_that_is_no_database_is_refused_untouched() {
    let office = digitized();
    let file = office.store().join("hotich.sqlite");
    fs::write(&file, "not a database").unwrap();
    let (exit, _, stderr) = office.digitize(&[]);
    assert_eq!(exit, 2, "{stderr}");
    assert_eq!(fs::read(&file).unwrap(), b"not a database");
}

#[test]
fn a_read_only_store_is_refused() {
    let office = digitized();
    fs::set_permissions(office.store(), fs::Permissions::from_mode(0o555)).unwrap();
    let probe = fs::write(office.store().join("probe"), "");
    if probe.is_ok() {
        return; // Whoever runs this may write anywhere.
    }
    let (exit, _, stderr) = office.digitize(&[]);
    fs::set_permissions(office.store(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(exit, 2);
    assert!(stderr.lines().count() == 1, "{stderr}");
}

#[test]
fn a_file_in_place_of_the_store_is_told() {
    let office = Office::new();
    office.take_sample("kt-2008/001.jpg", "book/1.jpg");
    fs::write(office.store(), "a file").unwrap();
    let (exit, _, stderr) = office.digitize(&[]);
    assert_eq!(exit, 2);
    assert!(stderr.contains("store"), "{stderr}");
}

/// A disk of two megabytes, in a namespace of its own.
#[test]
#[ignore = "needs the right to mount in a namespace"]
fn a_full_disk_keeps_what_was_done_and_says_so() {
    let office = Office::new();
    for (i, page) in
        ["kt-2008/001.jpg", "ks-2009/005.jpg", "kh-2011/001.jpg", "kt-2017/001.jpg", "kh-1988/003.jpg"]
            .iter()
            .enumerate()
    {
        office.take_sample(page, &format!("book/{i}.jpg"));
    }
    fs::create_dir(office.store()).unwrap();
    let program = assert_cmd::cargo::cargo_bin("hotich");
    let script = format!(
        "mount -t tmpfs -o size=1m none '{store}' && '{program}' digitize '{scans}' --jobs 1 --store '{store}'; echo \"exit $?\"; \
         '{program}' export --format jsonl --store '{store}' | wc -l",
        store = office.store().display(),
        program = program.display(),
        scans = office.scans().display(),
    );
    let output = std::process::Command::new("unshare").args(["-rm", "sh", "-c", &script]).output().unwrap();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(stdout.contains("exit 3") || stdout.contains("exit 2"), "{stdout}{stderr}");
    assert!(stderr.contains("full") || stderr.contains("space"), "{stderr}");
}
