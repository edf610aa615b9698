//! The samples, digitized: what the README promises a new user.

use serde_json::Value;

use crate::office::{Office, code, hotich, samples, text};

#[test]
fn samples_become_records_that_can_be_found_exported_and_measured() {
    let office = Office::new();
    let output =
        hotich(&["digitize", "--json", "--store"]).arg(office.store()).arg(samples()).output().unwrap();
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&summary["pages"], &summary["entries"]), (&12.into(), &30.into()));

    let (first, records) = office.export();
    assert_eq!(records.len(), 30);
    assert!(records.iter().all(|record| record["scan"].as_str().unwrap().starts_with("samples/")));

    let truth = samples().join("truth.jsonl");
    let evaluation = office.hotich(&["evaluate", "--json", "--truth", truth.to_str().unwrap()]);
    let figures: Value = serde_json::from_slice(&evaluation.stdout).unwrap();
    assert_eq!(figures["entries_found"], 1.0);
    assert_eq!(figures["kind_right"], 1.0);
    assert_eq!(figures["form_right"], 1.0);

    let printed = office.hotich(&["search", "--json", "--kind", "birth", "--book", "ks-2018-in"]);
    assert_eq!(text(&printed.stdout).lines().count(), 1, "one entry in the printed book");

    let again =
        hotich(&["digitize", "--json", "--store"]).arg(office.store()).arg(samples()).output().unwrap();
    let summary: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((code(&again), &summary["pages"], &summary["read_before"]), (0, &0.into(), &12.into()));
    assert_eq!(office.export().0, first, "reading again changes nothing");
}

#[test]
fn one_thread_or_many_give_the_same_bytes() {
    let export = |jobs: &str| {
        let office = Office::new();
        for (page, name) in [
            ("ks-2018-in/003.tif", "in/1.tif"),
            ("kt-2008/001.jpg", "tay/1.jpg"),
            ("kt-2017/001.jpg", "tay/2.jpg"),
        ] {
            office.take_sample(page, name);
        }
        assert_eq!(office.digitize(&["--jobs", jobs]).0, 0);
        office.export().0
    };
    assert_eq!(export("1"), export("3"));
}

#[test]
fn search_forgives_accents_and_speaks_tables_and_json() {
    let office = Office::new();
    office.take_sample("ks-2018-in/003.tif", "in/1.tif");
    assert_eq!(office.digitize(&[]).0, 0);
    let (_, records) = office.export();
    let name = records[0]["fields"]["child.name"]["value"].as_str().unwrap().to_owned();
    let plain = hotich::domain::text::fold(&name);
    let hits = office.hotich(&["search", "--json", &plain]);
    let first: Value = serde_json::from_str(text(&hits.stdout).lines().next().unwrap()).unwrap();
    assert_eq!(first["scan"], "scans/in/1.tif");
    assert!(text(&office.hotich(&["search", &plain]).stdout).contains(&name));
    let none = office.hotich(&["search", "--json", "--year", "1901..1902", &plain]);
    assert_eq!((code(&none), none.stdout.len()), (0, 0));
}
