//! Chooses how a line is read: as Vietnamese, as figures, or its words each in its own way.

use image::{GrayImage, imageops};

use super::words::word_columns;
use crate::domain::{
    Alphabet, CharacterReading, Confidence, FieldType, ReadError, ReadRequest, Reading, Recognizer,
    Segmentation,
};

/// A reading of figures at least this sure is not read again as words.
const SURE_FIGURES: f64 = 0.7;

/// Reads `image`, a line that holds `letters` pieces of the size of a letter.
pub(super) fn read_line(
    image: &GrayImage,
    letters: usize,
    field_type: FieldType,
    recognizer: &mut dyn Recognizer,
) -> Result<Reading, ReadError> {
    if !matches!(field_type, FieldType::Number | FieldType::IdNumber | FieldType::Date) {
        let words = ask(image, Alphabet::Any, recognizer)?;
        return with_figures(words, image, recognizer);
    }
    let figures = ask(image, Alphabet::DateFigures, recognizer)?;
    let digits = figures.text.chars().filter(char::is_ascii_digit).count();
    if figures.confidence.get() >= SURE_FIGURES && letters.abs_diff(digits) <= 1 {
        return Ok(figures);
    }
    let words = ask(image, Alphabet::Any, recognizer)?;
    let written_out = words.text.chars().filter(|c| c.is_alphabetic()).count() > 4;
    let better = words.confidence > figures.confidence && (written_out || figures.text.is_empty());
    Ok(if better { words } else { figures })
}

fn ask(image: &GrayImage, alphabet: Alphabet, recognizer: &mut dyn Recognizer) -> Result<Reading, ReadError> {
    recognizer.read(ReadRequest { image, segmentation: Segmentation::Line, alphabet })
}

/// `reading` with its numbers read again as figures.
fn with_figures(
    reading: Reading,
    image: &GrayImage,
    recognizer: &mut dyn Recognizer,
) -> Result<Reading, ReadError> {
    let words: Vec<&str> = reading.text.split(' ').collect();
    let numbers: Vec<usize> = (0..words.len()).filter(|i| is_number(words[*i])).collect();
    if numbers.is_empty() {
        return Ok(reading);
    }
    let Some(places) = word_columns(image, words.len()) else { return Ok(reading) };
    let mut texts: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let mut characters = by_word(&reading, &words);
    for number in numbers {
        let (left, right) = places[number];
        let part = imageops::crop_imm(image, left, 0, right - left, image.height()).to_image();
        let figures = ask(&part, Alphabet::DateFigures, recognizer)?;
        if same_shape(&figures.text, words[number]) {
            texts[number] = figures.text;
            characters[number] = figures.characters.into_iter().map(|c| shifted(c, left as i32)).collect();
        }
    }
    let characters: Vec<CharacterReading> = characters.into_iter().flatten().collect();
    let confidence = characters.iter().map(|c| c.confidence).reduce(Confidence::min);
    let confidence = confidence.unwrap_or(Confidence::NONE).min(reading.confidence);
    Ok(Reading { text: texts.join(" "), confidence, characters, ..reading })
}

/// Two figures or more, and nothing else but the marks between them.
fn is_number(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    digits >= 2 && word.chars().all(|c| c.is_ascii_digit() || "/-.".contains(c))
}

/// As many characters, and the marks between the figures in the same places.
fn same_shape(one: &str, other: &str) -> bool {
    let shape =
        |text: &str| -> String { text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect() };
    shape(one) == shape(other)
}

/// The characters of `reading`, word by word.
fn by_word(reading: &Reading, words: &[&str]) -> Vec<Vec<CharacterReading>> {
    let mut rest = reading.characters.iter().cloned();
    let mut all = Vec::new();
    for word in words {
        let (mut own, mut length) = (Vec::new(), 0);
        while length < word.chars().count() {
            let Some(character) = rest.next() else { break };
            length += character.text.chars().count();
            own.push(character);
        }
        all.push(own);
    }
    all
}

fn shifted(character: CharacterReading, by: i32) -> CharacterReading {
    let columns = (character.columns.0 + by, character.columns.1 + by);
    CharacterReading { columns, ..character }
}
