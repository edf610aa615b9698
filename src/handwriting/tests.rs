//! The shipped reader on lines of the samples, and on crops that hold no line.

use std::fs;
use std::path::{Path, PathBuf};

use image::{GrayImage, Luma, imageops};

use super::{Handwriting, WeightsError};
use crate::domain::{FieldType, ReadRequest, Reading, Recognizer, Segmentation};

fn reader() -> Handwriting {
    Handwriting::start(None).unwrap()
}

fn request(image: &GrayImage) -> ReadRequest<'_> {
    ReadRequest { image, segmentation: Segmentation::Line, field_type: FieldType::Text }
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The lines of `tests/lines` with what they say.
fn lines() -> Vec<(GrayImage, String)> {
    let labels = fs::read_to_string(folder("tests/lines/labels.tsv")).unwrap();
    let rows = labels.lines().skip(1).map(|line| line.split_once('\t').unwrap());
    rows.map(|(file, text)| {
        let picture = image::open(folder("tests/lines").join(file)).unwrap().into_luma8();
        (picture, text.to_owned())
    })
    .collect()
}

#[test]
fn the_alphabet_holds_all_of_vietnamese() {
    let reader = reader();
    let lower =
        "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz";
    assert_eq!(lower.chars().count(), 26 + 1 + 6 + 60);
    let upper = lower.to_uppercase();
    for character in lower.chars().chain(upper.chars()).chain("0123456789 .,-/:;()\"'+&%?".chars()) {
        assert!(reader.alphabet().contains(&character), "{character}");
    }
}

#[test]
fn the_lines_of_the_samples_are_read() {
    let mut reader = reader();
    let wrong: Vec<(String, String)> = lines()
        .into_iter()
        .map(|(picture, text)| (reader.read(request(&picture)).unwrap().text, text))
        .filter(|(read, text)| read != text)
        .collect();
    assert!(wrong.len() <= 2, "{wrong:?}");
}

#[test]
fn a_line_reads_the_same_alone_and_among_others() {
    let mut reader = reader();
    let mut pictures: Vec<GrayImage> = lines().into_iter().map(|(picture, _)| picture).collect();
    pictures.extend(pictures.clone());
    let requests: Vec<ReadRequest<'_>> = pictures.iter().map(request).collect();
    let together: Vec<Reading> = reader.read_all(&requests).unwrap();
    for (one, request) in together.iter().zip(&requests) {
        let alone = reader.read(*request).unwrap();
        assert_eq!(alone.text, one.text);
        assert!((alone.confidence.get() - one.confidence.get()).abs() < 1e-3);
    }
}

#[test]
fn nothing_is_read_where_nothing_is_written() {
    let mut reader = reader();
    let paper = |shade| GrayImage::from_pixel(400, 40, Luma([shade]));
    let mut ruled = paper(240);
    (0..400).for_each(|x| ruled.put_pixel(x, 30, Luma([60])));
    let wide = GrayImage::from_pixel(20_000, 40, Luma([230]));
    for crop in [paper(255), paper(0), paper(200), ruled, wide, GrayImage::new(0, 0), GrayImage::new(1, 1)] {
        let reading = reader.read(request(&crop)).unwrap();
        assert!(reading.text.is_empty() || reading.confidence.get() < 0.3, "{reading:?}");
    }
}

#[test]
fn a_line_upside_down_is_not_read_with_confidence() {
    let mut reader = reader();
    let surely = lines().into_iter().filter(|(picture, _)| {
        let turned = imageops::rotate180(picture);
        reader.read(request(&turned)).unwrap().confidence.get() > 0.5
    });
    assert_eq!(surely.count(), 0);
}

#[test]
fn damaged_or_missing_weights_are_named() {
    let scratch = tempfile::tempdir().unwrap();
    assert!(matches!(Handwriting::start(Some(scratch.path())), Err(WeightsError::Missing { .. })));
    for file in ["reader.onnx", "reader.toml"] {
        fs::copy(folder("models/handwriting").join(file), scratch.path().join(file)).unwrap();
    }
    assert!(Handwriting::start(Some(scratch.path())).is_ok());
    let mut bytes = fs::read(scratch.path().join("reader.onnx")).unwrap();
    bytes[1000] ^= 1;
    fs::write(scratch.path().join("reader.onnx"), &bytes).unwrap();
    let error = Handwriting::start(Some(scratch.path())).err().unwrap();
    assert!(matches!(error, WeightsError::Damaged { .. }), "{error}");
    fs::write(scratch.path().join("reader.toml"), "version = 3").unwrap();
    let error = Handwriting::start(Some(scratch.path())).err().unwrap();
    assert!(matches!(error, WeightsError::Description { .. }), "{error}");
}
