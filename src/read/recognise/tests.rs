//! The choice between words and figures, with a recogniser that answers as told.

use image::{GrayImage, Luma};
use imageproc::drawing::draw_filled_rect_mut;
use imageproc::rect::Rect;

use super::read_line;
use crate::domain::{
    Alphabet, CharacterReading, Confidence, EngineVersion, FieldType, ReadError, ReadRequest, Reading,
    Recognizer,
};

/// Answers `words` to what may be anything, and `figures` to what may be figures only.
struct Told {
    words: &'static str,
    figures: (&'static str, f64),
    asked: Vec<(Alphabet, u32)>,
}

impl Recognizer for Told {
    fn version(&self) -> EngineVersion {
        EngineVersion("told".to_owned())
    }

    fn read(&mut self, request: ReadRequest<'_>) -> Result<Reading, ReadError> {
        self.asked.push((request.alphabet, request.image.width()));
        let (text, sure) = if request.alphabet == Alphabet::Any { (self.words, 0.9) } else { self.figures };
        let confidence = Confidence::clamped(sure);
        let character = |c: char| CharacterReading {
            text: c.to_string(),
            confidence,
            columns: (0, 1),
            alternatives: Vec::new(),
        };
        let characters = text.chars().filter(|c| *c != ' ').map(character).collect();
        let (text, engine) = (text.to_owned(), self.version());
        Ok(Reading { text, confidence, characters, alternatives: Vec::new(), engine })
    }
}

/// A line of words of so many letters each.
fn line(words: &[u32]) -> GrayImage {
    let mut image = GrayImage::from_pixel(600, 50, Luma([255]));
    let mut x = 12;
    for letters in words {
        for _ in 0..*letters {
            draw_filled_rect_mut(&mut image, Rect::at(x, 12).of_size(14, 26), Luma([0]));
            x += 18;
        }
        x += 16;
    }
    image
}

fn read(image: &GrayImage, letters: usize, field_type: FieldType, told: &mut Told) -> (Reading, u32) {
    read_line(image, letters, field_type, told).unwrap()
}

#[test]
fn a_sure_number_is_read_once() {
    let mut told = Told { words: "4955", figures: ("1955", 0.95), asked: Vec::new() };
    let (reading, begin) = read(&line(&[4]), 4, FieldType::Number, &mut told);
    assert_eq!((reading.text.as_str(), begin), ("1955", 0));
    assert_eq!(told.asked.len(), 1);
}

#[test]
fn a_date_with_words_in_it_is_not_pressed_into_figures() {
    let mut told =
        Told { words: "26 tháng 01 năm 2013", figures: ("26 1 01 2013", 0.75), asked: Vec::new() };
    let (reading, _) = read(&line(&[2, 5, 2, 3, 4]), 16, FieldType::Date, &mut told);
    assert_eq!(reading.text, "26 tháng 01 năm 2013");
}

#[test]
fn a_number_among_words_is_read_again_from_its_own_place() {
    let mut told = Told { words: "CMND 936", figures: ("036", 0.8), asked: Vec::new() };
    let image = line(&[4, 3]);
    let (reading, _) = read(&image, 7, FieldType::Document, &mut told);
    assert_eq!(reading.text, "CMND 036");
    assert_eq!(reading.confidence.get(), 0.8);
    let texts: String = reading.characters.iter().map(|c| c.text.as_str()).collect();
    assert_eq!(texts, "CMND036");
    assert!(told.asked[1].1 < image.width());
}

#[test]
fn figures_of_another_shape_do_not_replace_what_was_read() {
    let mut told = Told { words: "số 12/8", figures: ("1218", 0.99), asked: Vec::new() };
    let (reading, _) = read(&line(&[2, 4]), 6, FieldType::Place, &mut told);
    assert_eq!(reading.text, "số 12/8");
}

#[test]
fn the_end_of_a_label_is_left_out_with_its_column() {
    let mut told = Told { words: "tộc: Kinh", figures: ("", 0.0), asked: Vec::new() };
    let (reading, begin) = read(&line(&[4, 4]), 8, FieldType::Ethnicity, &mut told);
    assert_eq!(reading.text, "Kinh");
    assert_eq!(reading.characters.len(), 4);
    assert!((84..100).contains(&begin), "{begin}");
}

#[test]
fn words_without_clear_gaps_stay_as_read() {
    let mut told = Told { words: "12 34", figures: ("99", 0.99), asked: Vec::new() };
    let (reading, _) = read(&line(&[4]), 4, FieldType::Text, &mut told);
    assert_eq!(reading.text, "12 34");
}
