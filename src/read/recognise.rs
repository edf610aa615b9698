//! Chooses how a line is read: as Vietnamese, as figures, or its words each in its own way.

use image::{GrayImage, imageops};

use super::LinePicture;
use super::words::word_columns;
use crate::domain::{
    Alphabet, Alternative, CharacterReading, Engines, FieldType, ReadError, ReadRequest, Reading, Recognizer,
    Segmentation,
};

/// A reading of figures at least this sure is not read again as words.
const SURE_FIGURES: f64 = 0.7;

/// The fewest figures of a whole date: 1/2/1976.
const WHOLE_DATE: usize = 6;
/// The words of a reading less sure than this are not worth reading again.
const HOPELESS: f64 = 0.3;

/// Reads lines, each by the engine that suits its writing. Also gives the column where each value
/// begins, 0 unless the end of the printed label stood before it.
pub(super) fn read_lines(
    lines: &[LinePicture<'_>],
    engines: &mut Engines<'_>,
) -> Result<Vec<(Reading, u32)>, ReadError> {
    let requests: Vec<ReadRequest<'_>> = lines
        .iter()
        .map(|line| ReadRequest {
            image: &line.picture.image,
            segmentation: Segmentation::Line,
            alphabet: Alphabet::Any,
            field_type: line.field_type,
        })
        .collect();
    let by_hand = engines.hand.read_all(&requests)?;
    Ok(by_hand.into_iter().map(without_label).collect())
}

/// A reading without the end of the printed label before it, and the column where the value begins.
fn without_label(reading: Reading) -> (Reading, u32) {
    let words: Vec<&str> = reading.text.split(' ').collect();
    if !ends_label(&words) {
        return (reading, 0);
    }
    let letters = words[0].chars().count();
    let begin = reading.characters.get(letters).map_or(0, |first| first.columns.0.max(0) as u32);
    (without_first_word(&reading), begin)
}

/// Reads `image`, a line that holds `letters` pieces of the size of a letter. Also gives the column
/// where the value begins, 0 unless the end of the printed label stood before it.
pub(super) fn read_line(
    image: &GrayImage,
    letters: usize,
    field_type: FieldType,
    recognizer: &mut dyn Recognizer,
) -> Result<(Reading, u32), ReadError> {
    if !matches!(field_type, FieldType::Number | FieldType::IdNumber | FieldType::Date) {
        return read_words(image, recognizer);
    }
    let figures = ask(image, Alphabet::DateFigures, recognizer)?;
    let digits = figures.text.chars().filter(char::is_ascii_digit).count();
    let only_figures = letters.abs_diff(digits) <= 1;
    if only_figures && (figures.confidence.get() >= SURE_FIGURES || digits > 0) {
        return Ok((figures, 0));
    }
    let (words, begin) = read_words(image, recognizer)?;
    let written_out = words.text.chars().filter(|c| c.is_alphabetic()).count() > 4;
    // Of two guesses the one of figures is the nearer to a date.
    let guess = words.confidence.get() < HOPELESS && digits >= WHOLE_DATE;
    let better = words.confidence > figures.confidence && (written_out || begin > 0) && !guess;
    Ok(if better || figures.text.is_empty() { (words, begin) } else { (figures, 0) })
}

/// Reads `image` as Vietnamese, the numbers in it as figures.
fn read_words(image: &GrayImage, recognizer: &mut dyn Recognizer) -> Result<(Reading, u32), ReadError> {
    let reading = ask(image, Alphabet::Any, recognizer)?;
    let words: Vec<&str> = reading.text.split(' ').collect();
    let label = ends_label(&words);
    let hopeless = reading.confidence.get() < HOPELESS;
    let figures = !hopeless && words.iter().any(|word| is_number(word));
    if !label && !figures {
        return Ok((reading, 0));
    }
    let Some(places) = word_columns(image, words.len()) else { return Ok((reading, 0)) };
    let reading = if figures { with_figures(reading, image, &places, recognizer)? } else { reading };
    Ok(if label { (without_first_word(&reading), places[0].1) } else { (reading, 0) })
}

/// Whether the first word is the end of the printed label: a few letters and a colon.
fn ends_label(words: &[&str]) -> bool {
    words.len() > 1 && words[0].ends_with(':') && words[0].chars().count() <= LONGEST_LABEL_END
}

/// What a region may hold of its label at most: letters and the colon.
const LONGEST_LABEL_END: usize = 6;

fn without_first_word(reading: &Reading) -> Reading {
    let (first, rest) = reading.text.split_once(' ').unwrap_or(("", &reading.text));
    let without = |text: &str| text.split_once(' ').map(|(_, rest)| rest.to_owned());
    let other = |alternative: &Alternative| {
        let text = without(&alternative.text)?;
        (text != rest).then_some(Alternative { text, confidence: alternative.confidence })
    };
    let mut skip = first.chars().count();
    let mut characters = reading.characters.clone();
    characters.retain(|character| {
        let label = skip > 0;
        skip = skip.saturating_sub(character.text.chars().count());
        !label
    });
    Reading {
        text: rest.to_owned(),
        characters,
        alternatives: reading.alternatives.iter().filter_map(other).collect(),
        ..reading.clone()
    }
}

fn ask(image: &GrayImage, alphabet: Alphabet, recognizer: &mut dyn Recognizer) -> Result<Reading, ReadError> {
    let field_type = FieldType::Text;
    recognizer.read(ReadRequest { image, segmentation: Segmentation::Line, alphabet, field_type })
}

/// `reading` with its numbers read again as figures; `places` are the columns of its words.
fn with_figures(
    reading: Reading,
    image: &GrayImage,
    places: &[(u32, u32)],
    recognizer: &mut dyn Recognizer,
) -> Result<Reading, ReadError> {
    let words: Vec<&str> = reading.text.split(' ').collect();
    let mut texts: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let mut characters = by_word(&reading, &words);
    let mut confidence = reading.confidence;
    for number in (0..words.len()).filter(|i| is_number(words[*i])) {
        let (left, right) = places[number];
        let part = imageops::crop_imm(image, left, 0, right - left, image.height()).to_image();
        let figures = ask(&part, Alphabet::DateFigures, recognizer)?;
        if same_shape(&figures.text, words[number]) {
            confidence = confidence.min(figures.confidence);
            texts[number] = figures.text;
            characters[number] = figures.characters.into_iter().map(|c| shifted(c, left as i32)).collect();
        }
    }
    let characters = characters.into_iter().flatten().collect();
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

#[cfg(test)]
mod tests;
