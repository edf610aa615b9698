//! Figures worked out by hand, and agreement with the scoring script where it is at hand.

use super::{TruthEntry, evaluate, read_truth};
use crate::domain::ExportedRecord;

const TRUTH: &str = concat!(
    r#"{"scan":"b/1.jpg","entry":1,"kind":"birth","form":"birth-2006","writing":"hand","photo":false,"skew_deg":1.0,"fields":{"#,
    r#""child.name":{"value":"Lê Hoà","box":[0,0,10,10]},"child.sex":{"value":"male","box":[0,0,10,10]},"notes":{"value":"","box":null}}}"#,
    "\n\n",
    r#"{"scan":"b/1.jpg","entry":2,"kind":"birth","form":"birth-2006","fields":{"child.name":{"value":"An"}}}"#,
);

const RECORDS: &str = concat!(
    r#"{"scan":"x/a/b/1.jpg","entry":1,"kind":"birth","form":"birth-2016","skew_deg":1.1,"fields":{"#,
    r#""child.name":{"value":"LÊ HÒA.","raw":"","confidence":0.9,"status":"accepted","box":[0,0,10,8]},"#,
    r#""child.sex":{"value":"female","raw":"","confidence":0.8,"status":"accepted","box":[9,9,19,19]},"#,
    r#""notes":{"value":"","raw":"","confidence":1.0,"status":"review","box":null}}}"#,
);

fn truth() -> Vec<TruthEntry> {
    TRUTH.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn records() -> Vec<ExportedRecord> {
    RECORDS.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn figures_are_as_worked_out_by_hand() {
    let figures = evaluate(&truth(), records());
    assert_eq!((figures.entries, figures.entries_found, figures.form_right), (2, Some(0.5), Some(0.0)));
    assert_eq!(
        (figures.all.fields, figures.all.right, figures.all.filled_right),
        (4, Some(0.5), Some(1.0 / 3.0))
    );
    // "female" is two letters from "male", and the two letters of "An" are missing: 4 of 13 letters,
    // the tone of "hoà" counting as one.
    assert_eq!(figures.all.cer, Some(4.0 / 13.0));
    assert_eq!((figures.all.accepted, figures.all.accepted_wrong), (Some(0.5), Some(0.5)));
    assert_eq!(figures.all.boxes, Some(0.5));
    assert_eq!(figures.coverage_at_error["0.01"], 1.0 / 3.0);
    assert_eq!(figures.skew.unwrap().within, Some(1.0));
    assert_eq!(figures.by["type"]["sex"].right, Some(0.0));
}

#[test]
fn nothing_to_measure_is_no_figure() {
    let figures = evaluate(&[], []);
    assert_eq!((figures.entries_found, figures.all.right, figures.skew.clone()), (None, None, None));
    assert!(figures.to_string().contains("entries found"));
}

#[test]
fn a_bad_line_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("truth.jsonl");
    std::fs::write(&path, format!("{TRUTH}\n{{}}\n")).unwrap();
    let message = read_truth(&path).unwrap_err().to_string();
    assert!(message.contains("line 4") && message.contains("truth.jsonl"), "{message}");
    assert!(read_truth(&folder.path().join("none")).is_err());
}

/// A record for every entry but each seventh, with slips in every third field, as a reader makes
/// them.
fn with_slips(truth: &[TruthEntry]) -> Vec<ExportedRecord> {
    let mut number = 0;
    let mut field = |name: &crate::domain::FieldName, truth: &super::TruthField| {
        number += 1;
        let mut value = truth.value.clone();
        if number % 3 == 0 {
            value = value.replace(['à', 'n'], "ẞ\u{1c}");
        }
        if number % 11 == 0 {
            value = format!(" {}. ", value.to_uppercase());
        }
        let status = ["accepted", "review", "blank", "verified", "illegible"][number % 5];
        let json = serde_json::json!({"value": value, "raw": "", "confidence": f64::from(number as u32 % 97) / 97.0,
            "status": status, "box": truth.place});
        (name.clone(), serde_json::from_value(json).unwrap())
    };
    let record = |entry: &TruthEntry| ExportedRecord {
        scan: crate::domain::ScanName(format!("somewhere/{}", entry.scan)),
        entry: entry.entry,
        kind: if entry.entry == 3 { crate::domain::Kind::Death } else { entry.kind },
        form: entry.form.clone().unwrap(),
        skew_deg: None,
        fields: entry.fields.iter().map(|(name, truth)| field(name, truth)).collect(),
    };
    truth.iter().enumerate().filter(|(index, _)| index % 7 != 6).map(|(_, entry)| entry).map(record).collect()
}

/// Needs python3 and the scoring script: `HOTICH_SCORE_SCRIPT` is its path, `HOTICH_TRUTH` a truth.
#[test]
#[ignore = "needs the scoring script"]
fn figures_agree_with_the_scoring_script() {
    let [script, truth_path] =
        ["HOTICH_SCORE_SCRIPT", "HOTICH_TRUTH"].map(|name| std::env::var(name).unwrap());
    let truth = read_truth(truth_path.as_ref()).unwrap();
    let records = with_slips(&truth);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.jsonl");
    let lines: Vec<String> = records.iter().map(|record| serde_json::to_string(record).unwrap()).collect();
    std::fs::write(&path, lines.join("\n")).unwrap();
    let ours = serde_json::to_value(evaluate(&truth, records)).unwrap();
    for grouping in ["form", "writing", "field", "photo", "book"] {
        let output = std::process::Command::new("python3")
            .args([&script, &truth_path, path.to_str().unwrap(), "--json", "--by", grouping])
            .output()
            .unwrap();
        let mut theirs: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let groups = theirs["by"].take();
        assert_agrees("all", &theirs, &ours);
        for (group, figures) in groups.as_object().unwrap() {
            let group_name = if grouping == "photo" { group.to_lowercase() } else { group.clone() };
            assert_agrees(group, figures, &ours["by"][grouping][&group_name]);
        }
    }
}

/// Every figure of `theirs` is in `ours`, equal to four decimals.
fn assert_agrees(group: &str, theirs: &serde_json::Value, ours: &serde_json::Value) {
    for (name, figure) in theirs.as_object().unwrap().iter().filter(|(name, _)| *name != "by") {
        if figure.is_object() {
            assert_agrees(group, figure, &ours[name]);
            continue;
        }
        let close = match (figure.as_f64(), ours[name].as_f64()) {
            (Some(theirs), Some(ours)) => (theirs - ours).abs() < 5.1e-5,
            (theirs, ours) => theirs.is_none() && ours.is_none(),
        };
        assert!(close, "{group} {name}: {figure} by the script, {} here", ours[name]);
    }
}
