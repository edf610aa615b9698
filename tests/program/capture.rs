//! `check`, `read`, `forms` and `doctor`.

use std::fs;

use serde_json::Value;

use crate::office::{Office, code, hotich, sample, text};

#[test]
fn a_good_page_passes_the_gate_and_a_blurred_one_does_not() {
    let office = Office::new();
    let sharp = sample("kt-2008/001.jpg");
    let picture = image::open(&sharp).unwrap().into_luma8();
    let blurred = office.scans().join("blurred.png");
    image::imageops::fast_blur(&picture, 9.0).save(&blurred).unwrap();
    let output = hotich(&["check"]).arg(&sharp).arg(&blurred).output().unwrap();
    let answers: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers[0]["pass"], true, "{}", answers[0]);
    assert!(answers[0]["skew_deg"].is_number());
    assert_eq!(answers[1]["pass"], false, "{}", answers[1]);
    assert!(answers[1]["problems"].as_array().unwrap().contains(&"blurred".into()), "{}", answers[1]);
    assert_eq!(code(&output), 3);
}

#[test]
fn lines_are_read_and_a_missing_one_is_told() {
    let office = Office::new();
    let page = image::open(sample("ks-2018-in/003.tif")).unwrap().into_luma8();
    let blank = office.scans().join("blank.png");
    image::GrayImage::from_pixel(400, 40, image::Luma([255])).save(&blank).unwrap();
    let line = office.scans().join("line.png");
    image::imageops::crop_imm(&page, 0, 0, page.width(), 400).to_image().save(&line).unwrap();
    let output = hotich(&["read", "--line"]).args([&blank, &line]).arg("gone.png").output().unwrap();
    assert_eq!(code(&output), 3);
    let answers: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((answers.len(), &answers[0]["text"]), (2, &"".into()));
    assert!(text(&output.stderr).contains("gone.png"));
}

#[test]
fn a_wrong_form_file_is_told_by_line_and_cure() {
    let office = Office::new();
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/models/forms/death-2006.toml");
    assert_eq!(code(&hotich(&["forms", "check", shipped]).output().unwrap()), 0);
    let wrong = fs::read_to_string(shipped).unwrap().replace("deceased.name", "deceased.nmae");
    let path = office.put("wrong.toml", wrong.as_bytes());
    let output = hotich(&["forms", "check"]).arg(&path).output().unwrap();
    assert_eq!(code(&output), 2);
    let told = text(&output.stdout);
    assert!(told.contains("deceased.nmae") && told.contains("line"), "{told}");
}

#[test]
fn the_doctor_finds_the_engine() {
    let output = hotich(&["doctor"]).output().unwrap();
    assert_eq!(code(&output), 0);
    assert!(text(&output.stdout).contains("tesseract") && text(&output.stdout).contains("hotich-hand"));
    let without = hotich(&["doctor"]).env("TESSDATA_PREFIX", "/nowhere").output().unwrap();
    assert_eq!(code(&without), 2);
    assert!(text(&without.stdout).contains("apt install tesseract-ocr-vie"));
}
