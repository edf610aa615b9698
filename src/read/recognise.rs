//! Has the lines of an entry read, all at once, and takes off what is left of a printed label.

use super::LinePicture;
use crate::domain::{Alternative, ReadError, ReadRequest, Reading, Recognizer, SecondReading, Segmentation};

/// What a region may hold of its label at most: letters and the colon.
const LONGEST_LABEL_END: usize = 6;

/// Reads lines. Also gives the column where each value begins, 0 unless the end of the printed label
/// stood before it.
pub(super) fn read_lines(
    lines: &[LinePicture<'_>],
    recognizer: &mut dyn Recognizer,
) -> Result<Vec<(Reading, u32)>, ReadError> {
    let request = |line| request(line);
    let requests: Vec<ReadRequest<'_>> = lines.iter().map(request).collect();
    Ok(recognizer.read_all(&requests)?.into_iter().map(without_label).collect())
}

fn request<'p>(line: &'p LinePicture<'_>) -> ReadRequest<'p> {
    ReadRequest { image: &line.picture.image, segmentation: Segmentation::Line, field_type: line.field_type }
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

/// Whether the first word is the end of the printed label: a few letters and a colon.
fn ends_label(words: &[&str]) -> bool {
    words.len() > 1 && words[0].ends_with(':') && words[0].chars().count() <= LONGEST_LABEL_END
}

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
        second: match &reading.second {
            SecondReading::Text(text) => SecondReading::Text(without(text).unwrap_or_default()),
            unasked => unasked.clone(),
        },
        ..reading.clone()
    }
}

#[cfg(test)]
mod tests;
