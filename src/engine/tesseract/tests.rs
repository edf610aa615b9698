//! Tests that need nothing but Tesseract and its Vietnamese model.

use image::{GrayImage, Luma, imageops};

use super::{ReadError, ReadRequest, Recognizer, Segmentation, Tesseract};
use crate::domain::FieldType;

/// Figures as 5 x 7 dots, one row a number of five bits.
const FIGURES: [[u8; 7]; 10] = [
    [0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e],
    [0x04, 0x0c, 0x04, 0x04, 0x04, 0x04, 0x0e],
    [0x0e, 0x11, 0x01, 0x02, 0x04, 0x08, 0x1f],
    [0x0e, 0x11, 0x01, 0x06, 0x01, 0x11, 0x0e],
    [0x02, 0x06, 0x0a, 0x12, 0x1f, 0x02, 0x02],
    [0x1f, 0x10, 0x1e, 0x01, 0x01, 0x11, 0x0e],
    [0x06, 0x08, 0x10, 0x1e, 0x11, 0x11, 0x0e],
    [0x1f, 0x01, 0x02, 0x04, 0x04, 0x04, 0x04],
    [0x0e, 0x11, 0x11, 0x0e, 0x11, 0x11, 0x0e],
    [0x0e, 0x11, 0x11, 0x0f, 0x01, 0x02, 0x0c],
];

/// A line of figures, about 28 pixels tall on white.
fn picture(figures: &str) -> GrayImage {
    let digits: Vec<usize> = figures.chars().filter_map(|c| c.to_digit(10)).map(|d| d as usize).collect();
    let mut dots = GrayImage::from_pixel(7 * digits.len() as u32 + 4, 13, Luma([255]));
    for (place, digit) in digits.into_iter().enumerate() {
        for (row, bits) in FIGURES[digit].into_iter().enumerate() {
            for column in (0..5).filter(|c| bits >> (4 - c) & 1 == 1) {
                dots.put_pixel(3 + 7 * place as u32 + column, 3 + row as u32, Luma([20]));
            }
        }
    }
    let (width, height) = (dots.width() * 9 / 2, dots.height() * 9 / 2);
    imageops::resize(&dots, width, height, imageops::FilterType::Gaussian)
}

fn read(engine: &mut Tesseract, image: &GrayImage) -> super::Reading {
    engine.read(ReadRequest { image, segmentation: Segmentation::Line, field_type: FieldType::Text }).unwrap()
}

#[test]
fn reads_figures_and_says_how_sure_it_is() {
    let mut engine = Tesseract::start().unwrap();
    let reading = read(&mut engine, &picture("1947"));
    assert_eq!(reading.text, "1947");
    assert!(reading.confidence.get() > 0.3, "{reading:?}");
    assert_eq!(reading.characters.len(), 4);
    let columns: Vec<i32> = reading.characters.iter().map(|c| c.columns.0).collect();
    assert!(columns.is_sorted() && columns[3] > columns[0], "{columns:?}");
    assert!(reading.engine.0.starts_with("tesseract 5"), "{}", reading.engine.0);
    assert!(engine.version().0.ends_with(" vie"));
}

#[test]
fn keeps_what_else_it_held_possible() {
    let mut engine = Tesseract::start().unwrap();
    let reading = read(&mut engine, &picture("3806"));
    assert!(reading.characters.iter().any(|c| !c.alternatives.is_empty()), "{reading:?}");
    assert!(!reading.alternatives.is_empty());
    for other in &reading.alternatives {
        assert_ne!(other.text, reading.text);
        assert!(other.confidence <= reading.confidence);
    }
}

#[test]
fn a_reading_does_not_depend_on_the_ones_before() {
    let mut engine = Tesseract::start().unwrap();
    let (one, other) = (picture("120634"), picture("98"));
    let first = read(&mut engine, &one);
    read(&mut engine, &other);
    assert_eq!(read(&mut engine, &one), first);
    assert_eq!(read(&mut Tesseract::start().unwrap(), &one), first);
}

#[test]
fn a_crop_without_ink_or_of_any_size_is_no_error() {
    let mut engine = Tesseract::start().unwrap();
    for (width, height) in [(0, 0), (1, 1), (2, 40), (40, 2), (300, 60)] {
        let paper = GrayImage::from_pixel(width, height, Luma([255]));
        assert_eq!(read(&mut engine, &paper).text, "", "{width} x {height}");
    }
    for (width, height) in [(3, 3), (3, 90), (200, 3), (17, 500)] {
        let noise = GrayImage::from_fn(width, height, |x, y| Luma([((x * 37 + y * 91) % 256) as u8]));
        read(&mut engine, &noise);
    }
}

#[test]
fn a_missing_model_is_said_with_its_cure() {
    let empty = tempfile::tempdir().unwrap();
    let folder = std::ffi::CString::new(empty.path().to_str().unwrap()).unwrap();
    match Tesseract::start_with(Some(&folder)).err() {
        Some(ReadError::Unavailable(why)) => assert!(why.contains("apt install tesseract-ocr-vie"), "{why}"),
        other => panic!("{other:?}"),
    }
}

/// Takes some seconds: `cargo test --lib -- --ignored memory`.
#[test]
#[ignore = "slow"]
#[cfg(target_os = "linux")]
fn thousands_of_readings_need_no_more_memory() {
    let resident = || -> usize {
        let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
        pages.split(' ').nth(1).unwrap().parse().unwrap()
    };
    let mut engine = Tesseract::start().unwrap();
    let (one, other) = (picture("120634"), picture("98"));
    let mut after_some = 0;
    for round in 0..3000 {
        read(&mut engine, &one);
        read(&mut engine, &other);
        if round == 500 {
            after_some = resident();
        }
    }
    // 4 KiB a page: 2 MiB for 5,000 readings would be 400 bytes each.
    assert!(resident() < after_some + 512, "{} pages, then {}", after_some, resident());
}
