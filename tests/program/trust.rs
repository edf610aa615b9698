//! What may go to nobody, and what it would take.

use serde_json::Value;

use crate::office::{Office, code, hotich, samples, text};

fn json(output: &std::process::Output) -> Value {
    assert_eq!(code(output), 0, "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn books_are_weighed_planned_for_and_held_to_their_limit() {
    let office = Office::new();
    for page in ["ks-2018-in/003.tif", "kt-1991-may/001.jpg", "kh-2011/001.jpg"] {
        office.take_sample(page, page);
    }
    let (exit, summary, _) = office.digitize(&[]);
    let [accepted, review, read] =
        ["fields_accepted", "fields_to_review", "fields_read"].map(|name| summary[name].as_u64().unwrap());
    assert_eq!((exit, accepted + review), (0, read));
    assert!(accepted > 0 && review > 0, "{summary}");
    let (before, records) = office.export();
    let status = |status: &str| {
        let fields = records.iter().flat_map(|record| record["fields"].as_object().unwrap().values());
        fields.filter(|field| field["status"] == status).count() as u64
    };
    assert_eq!(status("review"), review);

    let plan = json(&office.hotich(&["plan", "--hours", "100", "--json"]));
    assert_eq!((&plan["fields"], &plan["fields_in_review"]), (&review.into(), &review.into()));
    assert_eq!(plan["errors_left"]["in_review"].to_string(), "0.0");
    let none = json(&office.hotich(&["plan", "--hours", "0", "--json"]));
    assert_eq!(none["errors_left"]["in_review"], plan["errors_found"]);

    assert_eq!(json(&office.hotich(&["weigh", "--json"]))["accepted"], accepted);
    assert_eq!(office.export().0, before, "weighing again changes nothing");
    let limits = ["weigh", "--json", "--error-limit", "0.000001", "--critical-error-limit", "0.000001"];
    assert_eq!(json(&office.hotich(&limits))["accepted"], 0);
    assert_eq!(json(&office.hotich(&["weigh", "--json"]))["accepted"], 0, "the limit is kept");
}

#[test]
fn wrong_use_is_named() {
    let office = Office::new();
    let error = |arguments: &[&str]| {
        let output = office.hotich(arguments);
        (code(&output), text(&output.stderr))
    };
    assert_eq!(error(&["weigh"]).0, 2, "there is no store");
    assert!(!office.store().exists());
    office.take_sample("ks-2018-in/003.tif", "in/1.tif");
    office.digitize(&[]);
    for (arguments, exit, named) in [
        (&["weigh", "--book", "no such"] as &[&str], 1, "no book \"no such\""),
        (&["weigh", "--error-limit", "5"], 1, "no share between 0 and 1"),
        (&["plan", "--hours", "soon"], 1, "no number of hours"),
        (&["calibrate"], 2, "at least 100 are needed"),
        (&["calibrate", "--truth", "a", "--truth", "b"], 1, "one --truth for each --store"),
    ] {
        let (code, message) = error(arguments);
        assert_eq!(code, exit, "{arguments:?}: {message}");
        assert!(message.contains(named), "{arguments:?}: {message}");
    }
}

#[test]
fn a_calibration_is_measured_against_truth() {
    let office = Office::new();
    let store = office.store();
    let samples_read = hotich(&["digitize", "--store"]).arg(&store).arg(samples()).output().unwrap();
    assert_eq!(code(&samples_read), 0);
    let truth = samples().join("truth.jsonl");
    let output = office.hotich(&["calibrate", "--dry-run", "--json", "--truth", truth.to_str().unwrap()]);
    // The samples hold fewer values than a calibration needs.
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("at least 500"), "{}", text(&output.stderr));
}
