//! `hotich serve` and `hotich user`: what they refuse, and what they say.

use crate::office::{Office, code, hotich, text};

fn read_office() -> Office {
    let office = Office::new();
    office.take_sample("ks-2018-in/003.tif", "in/1.tif");
    assert_eq!(office.digitize(&[]).0, 0);
    office
}

#[test]
fn nobody_is_served_beyond_this_computer_without_tls() {
    let office = read_office();
    let refused = office.hotich(&["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(code(&refused), 1);
    assert!(text(&refused.stderr).contains("--tls-cert"), "{}", text(&refused.stderr));
    let refused =
        office.hotich(&["serve", "--listen", "0.0.0.0:0", "--tls-cert", "no.pem", "--tls-key", "no.key"]);
    assert_eq!(code(&refused), 2);
    assert!(text(&refused.stderr).contains("no.pem"), "{}", text(&refused.stderr));
    assert_eq!(code(&office.hotich(&["serve", "--tls-cert", "no.pem"])), 1);
}

#[test]
fn there_must_be_a_store_to_serve_and_to_make_accounts_in() {
    let office = Office::new();
    for arguments in
        [&["serve"][..], &["user", "list"], &["user", "add", "lan", "--full-name", "L", "--role", "clerk"]]
    {
        let output = office.hotich(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(text(&output.stderr).contains("there is no store"), "{}", text(&output.stderr));
    }
}

#[test]
fn accounts_are_made_with_a_link_or_a_password_and_listed() {
    let office = read_office();
    let made = office.hotich(&["user", "add", "lan", "--full-name", "Lan", "--role", "verifier"]);
    assert_eq!(code(&made), 0, "{}", text(&made.stderr));
    assert!(text(&made.stdout).starts_with("/welcome/"));
    for (name, role, wanted) in [("Lân", "verifier", 1), ("minh", "king", 1), ("lan", "clerk", 2)] {
        let refused = office.hotich(&["user", "add", name, "--full-name", "x", "--role", role]);
        assert_eq!(code(&refused), wanted, "{name} {role}: {}", text(&refused.stderr));
    }
    let mut add = hotich(&[
        "user",
        "add",
        "hoa",
        "--full-name",
        "Hoa",
        "--role",
        "clerk",
        "--password-stdin",
        "--store",
    ]);
    let output = add.arg(office.store()).write_stdin("short\n").output().unwrap();
    assert_eq!(code(&output), 1);
    assert!(text(&output.stderr).contains("too short"));
    let listed = office.hotich(&["user", "list"]);
    assert_eq!(text(&listed.stdout), "lan: Lan [verifier] (no password yet)\n");
}
