//! The normal form is that of `models/handwriting/train/normalise.py`, which made the pictures in
//! `tests/lines` beginning with `normalised-`.

use std::path::Path;

use image::{GrayImage, Luma};

use super::{Line, ROWS, normalise};

fn picture(name: &str) -> GrayImage {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lines").join(name);
    image::open(path).unwrap().into_luma8()
}

#[test]
fn the_line_is_the_one_that_training_saw() {
    for name in ["hand-name-0", "hand-birth_date-1", "typed-name-2", "print-name-3", "hand-residence-4"] {
        let line = normalise(&picture(&format!("{name}.png"))).unwrap().ink;
        let wanted = picture(&format!("normalised-{name}.png"));
        assert_eq!((line.columns, line.rows), (wanted.width() as usize, ROWS), "{name}");
        let differences = line
            .pixels()
            .map(|(x, y, ink)| (f32::from(wanted.get_pixel(x as u32, y as u32).0[0]) / 255.0 - ink).abs());
        let mean = differences.sum::<f32>() / line.values.len() as f32;
        assert!(mean < 0.004, "{name}: {mean}");
    }
}

#[test]
fn lines_cut_tightly_or_generously_look_alike() {
    let tight = picture("hand-name-0.png");
    let mut wide = GrayImage::from_pixel(tight.width(), tight.height() * 2, *tight.get_pixel(0, 0));
    image::imageops::replace(&mut wide, &tight, 0, i64::from(tight.height() / 2));
    let (tight, wide) = (normalise(&tight).unwrap(), normalise(&wide).unwrap());
    let change = tight.ink.columns as f32 / wide.ink.columns as f32;
    assert!((0.9..1.1).contains(&change), "{change}");
}

#[test]
fn no_crop_is_too_strange() {
    assert!(normalise(&GrayImage::new(0, 0)).is_none());
    assert!(normalise(&GrayImage::new(1, 40)).is_none());
    for (columns, rows) in [(2, 2), (20_000, 30), (3, 4000), (500, 40)] {
        for shade in [0, 255] {
            let line = normalise(&GrayImage::from_pixel(columns, rows, Luma([shade])));
            let Some(Line { ink: line, .. }) = line else { continue };
            assert!(line.columns <= 2400 && line.values.iter().all(|ink| (0.0..1.001).contains(ink)));
        }
    }
}
