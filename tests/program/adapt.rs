//! `adapt`: what it takes from a store, what it asks of the training code, and how it says no.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use hotich::domain::{ContentHash, FieldName};
use hotich::store::{FieldAddress, Store, Verdict};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::office::{Office, code, hotich, samples, text};

/// Stands in for Python: has all packages, keeps a list of what it was given, and says `report`.
fn fake_python(office: &Office, exit: i32, report: &str) -> PathBuf {
    let given = office.scans().parent().unwrap().join("given");
    let script = format!(
        "#!/bin/sh\n[ \"$1\" = -c ] && exit 0\nmkdir -p {given}\ncp -r \"$3\" {given}/lines\n\
         cp -r \"$5\" {given}/base\necho loss 1.0 >&2\necho '{report}'\nexit {exit}\n",
        given = given.display()
    );
    program(office, "python", &script)
}

fn program(office: &Office, name: &str, script: &str) -> PathBuf {
    let path = office.scans().parent().unwrap().join(name);
    fs::write(&path, script).unwrap();
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&path, executable).unwrap();
    path
}

fn adapt(office: &Office, python: &Path, further: &[&str]) -> Output {
    let to = office.scans().parent().unwrap().join("own");
    hotich(&["adapt", "--to"]).arg(to).arg("--python").arg(python).args(further).output().unwrap()
}

fn adapt_to_store(office: &Office, python: &Path, further: &[&str]) -> Output {
    let store = office.store();
    adapt(office, python, &[&["--store", store.to_str().unwrap()], further].concat())
}

/// Has a person confirm every value of the store as it was read; how many.
fn confirm_everything(office: &Office) -> usize {
    settle_everything(office, &office.export().1)
}

/// Has a person settle the fields of `records`, which have the shape of an export; how many.
fn settle_everything(office: &Office, records: &[Value]) -> usize {
    let mut store = Store::create_or_open(&office.store()).unwrap();
    let mut settled = 0;
    for record in records {
        let name = record["scan"].as_str().unwrap().trim_start_matches("scans/");
        let hash = Sha256::digest(fs::read(office.scans().join(name)).unwrap());
        for (field, read) in record["fields"].as_object().unwrap() {
            let Some(value) = read["value"].as_str().filter(|value| !value.is_empty()) else { continue };
            let address = FieldAddress {
                hash: ContentHash(hash.into()),
                page: 0,
                entry: record["entry"].as_u64().unwrap() as u32,
                field: FieldName::from(field.as_str()),
            };
            let verdict = Verdict::Value(value.to_owned());
            settled += usize::from(store.verify(&address, &verdict, "lan", Timestamp::UNIX_EPOCH).is_ok());
        }
    }
    settled
}

fn report(kept: bool) -> String {
    format!(
        r#"{{"kept": {kept}, "why": "{}", "version": "hotich-hand 1, adapted 0f3c", "learned_from": 60,
        "held_out": 15, "left_out": [], "error": {{"before": 0.2, "after": 0.1}}, "sure": 0.99, "regression": [],
        "step": 0.5, "seconds": 1.0}}"#,
        if kept { "" } else { "the lines held back are not read better" }
    )
    .replace('\n', "")
}

#[test]
fn verified_lines_are_cut_given_to_the_training_code_and_taken_away_again() {
    let office = Office::new();
    office.take_sample("kt-1991-may/001.jpg", "kt/1.jpg");
    assert_eq!(office.digitize(&[]).0, 0);
    let confirmed = confirm_everything(&office);
    let output = adapt_to_store(&office, &fake_python(&office, 0, &report(true)), &["--json"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&answer["kept"], &answer["error"]["after"]), (&true.into(), &0.1.into()));

    let home = office.scans().parent().unwrap().to_owned();
    assert_eq!(fs::read_dir(home.join("own")).unwrap().count(), 0, "no crop is left behind");
    let labels = fs::read_to_string(home.join("given/lines/labels.tsv")).unwrap();
    let rows: Vec<(&str, &str)> = labels.lines().skip(1).map(|row| row.split_once('\t').unwrap()).collect();
    assert!(rows.len() >= 80 && rows.len() <= 2 * confirmed, "{} of {confirmed}", rows.len());
    let iso = |text: &str| {
        text.len() > 4 && text.as_bytes()[..4].iter().all(u8::is_ascii_digit) && text.as_bytes()[4] == b'-'
    };
    assert!(rows.iter().all(|(_, text)| !iso(text)), "dates are given as written, not as kept");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/handwriting");
    for name in ["reader.onnx", "reader.toml"] {
        assert!(
            fs::read(home.join("given/base").join(name)).unwrap() == fs::read(shipped.join(name)).unwrap()
        );
    }
    // What was cut is what is read: nearly all of these typed lines read as their text.
    let mut read = hotich(&["read"]);
    for (image, _) in rows.iter().take(40) {
        read.arg("--line").arg(home.join("given/lines").join(image));
    }
    let readings = text(&read.output().unwrap().stdout);
    let same = readings.lines().zip(&rows).filter(|(line, (_, text))| {
        serde_json::from_str::<Value>(line).unwrap()["text"].as_str() == Some(*text)
    });
    assert!(same.count() >= 30, "{readings}");
}

#[test]
fn weights_that_are_no_better_are_told_apart() {
    let office = Office::new();
    let lines = office.scans().to_str().unwrap().to_owned();
    let output = adapt(&office, &fake_python(&office, 3, &report(false)), &["--lines", &lines]);
    assert_eq!(code(&output), 3);
    let said = text(&output.stdout);
    assert!(said.ends_with("not kept: the lines held back are not read better\n"), "{said}");
}

#[test]
fn a_store_with_little_verified_says_how_much_is_missing() {
    let office = Office::new();
    let python = fake_python(&office, 0, &report(true));
    let output = adapt_to_store(&office, &python, &[]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("there is no store in"), "{}", text(&output.stderr));
    office.take_sample("ks-2018-in/003.tif", "in/1.tif");
    assert_eq!(office.digitize(&[]).0, 0);
    let output = adapt_to_store(&office, &python, &[]);
    assert_eq!(code(&output), 2);
    let said = text(&output.stderr);
    assert!(said.contains("0 verified fields") && said.contains("verify at least 60 more fields"), "{said}");
    let output = adapt_to_store(&office, &python, &["--book", "elsewhere"]);
    assert_eq!(
        (code(&output), text(&output.stderr).contains("the book elsewhere is not in this store")),
        (2, true)
    );
}

#[test]
fn what_is_missing_for_training_is_told_with_its_cure() {
    let office = Office::new();
    let lines = office.scans().to_str().unwrap().to_owned();
    let output = adapt(&office, Path::new("/nowhere/python3"), &["--lines", &lines]);
    let said = text(&output.stderr);
    assert_eq!(code(&output), 2);
    assert!(
        said.contains("/nowhere/python3 cannot be started") && said.contains("install Python 3.11"),
        "{said}"
    );

    let script = "#!/bin/sh\necho \"ModuleNotFoundError: No module named 'torch'\" >&2\nexit 1\n";
    let output = adapt(&office, &program(&office, "bare", script), &["--lines", &lines]);
    let said = text(&output.stderr);
    assert_eq!(code(&output), 2);
    assert!(said.contains("No module named 'torch'") && said.contains("requirements.txt"), "{said}");

    let output = adapt(&office, Path::new("python3"), &["--lines", &lines, "--training", &lines]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("the training code is missing"));

    let broken = "#!/bin/sh\n[ \"$1\" = -c ] && exit 0\necho 'Traceback' >&2\nexit 1\n";
    let output = adapt(&office, &program(&office, "broken", broken), &["--lines", &lines]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("the training code ended with 1"));

    let output = hotich(&["adapt", "--to", "own"]).env_remove("HOTICH_STORE").output().unwrap();
    assert_eq!(code(&output), 1, "neither a store nor lines");
}

#[test]
fn an_interrupted_training_leaves_no_crop_behind() {
    let office = Office::new();
    office.take_sample("kt-1991-may/001.jpg", "kt/1.jpg");
    assert_eq!(office.digitize(&[]).0, 0);
    confirm_everything(&office);
    let home = office.scans().parent().unwrap().to_owned();
    let started = home.join("started");
    let script =
        format!("#!/bin/sh\n[ \"$1\" = -c ] && exit 0\ntouch {}\nexec sleep 60\n", started.display());
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_hotich"))
        .args(["adapt", "--to"])
        .arg(home.join("own"))
        .arg("--python")
        .arg(program(&office, "slow", &script))
        .arg("--store")
        .arg(office.store())
        .spawn()
        .unwrap();
    while !started.exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before training began");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(fs::read_dir(home.join("own")).unwrap().count(), 0);
}

#[test]
#[ignore = "needs Python with the packages of models/handwriting/train (HOTICH_PYTHON) and minutes"]
fn the_training_code_adapts_to_the_verified_samples() {
    let office = Office::new();
    let truth = fs::read_to_string(samples().join("truth.jsonl")).unwrap();
    let records: Vec<Value> = truth.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for record in &records {
        let scan = record["scan"].as_str().unwrap();
        office.take_sample(scan, scan);
    }
    assert_eq!(office.digitize(&[]).0, 0);
    assert!(settle_everything(&office, &records) > 200);
    let to = office.scans().parent().unwrap().join("own");
    let output =
        hotich(&["adapt", "--json", "--to"]).arg(&to).arg("--store").arg(office.store()).output().unwrap();
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
    assert_eq!(code(&output), if report["kept"] == true { 0 } else { 3 }, "{report}");
    if report["kept"] == true {
        let line = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lines/typed-name-2.png");
        let read = hotich(&["read", "--handwriting"]).arg(&to).arg("--line").arg(line).output().unwrap();
        assert_eq!(code(&read), 0, "{}", text(&read.stderr));
    }
    println!("{report}");
}
