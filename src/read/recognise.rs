//! Has the lines of an entry read, all at once, and takes off what is left of the printed labels beside them.

use super::LinePicture;
use super::next_label::own_words;
use crate::domain::text::fold;
use crate::domain::{
    Alternative, FieldType, ReadError, ReadRequest, Reading, Recognizer, SecondReading, Segmentation,
};

/// What a region may hold of its label at most: letters and the colon.
const LONGEST_LABEL_END: usize = 6;

/// Reads lines. Also gives the column where each value begins, 0 unless the end of the printed label
/// stood before it. None for a line that is nothing but the label after the value.
pub(super) fn read_lines(
    lines: &[LinePicture<'_>],
    recognizer: &mut dyn Recognizer,
) -> Result<Vec<Option<(Reading, u32)>>, ReadError> {
    let request = |line| request(line);
    let requests: Vec<ReadRequest<'_>> = lines.iter().map(request).collect();
    let readings = recognizer.read_all(&requests)?.into_iter().zip(lines);
    let trimmed = readings.map(|(reading, line)| {
        let (reading, begin) = without_label(reading, line.field_type, line.wordings);
        Some((without_next_label(reading, line)?, begin))
    });
    Ok(trimmed.collect())
}

/// A reading without the label after it, none when it is nothing else.
fn without_next_label(reading: Reading, line: &LinePicture<'_>) -> Option<Reading> {
    let own = |text: &str| {
        let words: Vec<&str> = text.split(' ').collect();
        words[..own_words(&words, line.field_type, line.labels, line.continues)].join(" ")
    };
    let text = own(&reading.text);
    if text == reading.text {
        return Some(reading);
    }
    let mut letters = text.chars().filter(|c| *c != ' ').count();
    let mut characters = reading.characters;
    characters.retain(|character| {
        let kept = letters > 0;
        letters = letters.saturating_sub(character.text.chars().count());
        kept
    });
    let others =
        reading.alternatives.into_iter().map(|other| Alternative { text: own(&other.text), ..other });
    let alternatives = others.filter(|other| other.text != text).collect();
    let second = match reading.second {
        SecondReading::Text(text) => SecondReading::Text(own(&text)),
        unasked => unasked,
    };
    let is_value = !text.is_empty();
    is_value.then_some(Reading { text, characters, alternatives, second, ..reading })
}

fn request<'p>(line: &'p LinePicture<'_>) -> ReadRequest<'p> {
    ReadRequest { image: &line.picture.image, segmentation: Segmentation::Line, field_type: line.field_type }
}

/// A reading without the end of the printed label before it, which has these `wordings`, and the column where the
/// value begins.
fn without_label(reading: Reading, field_type: FieldType, wordings: &[String]) -> (Reading, u32) {
    let words: Vec<&str> = reading.text.split(' ').collect();
    let of_label = match ends_label(&words) {
        true => 1,
        false => words_of_label(&words, field_type, wordings),
    };
    if of_label == 0 {
        return (reading, 0);
    }
    let letters = words[..of_label].iter().map(|word| word.chars().count()).sum::<usize>();
    let begin = reading.characters.get(letters).map_or(0, |first| first.columns.0.max(0) as u32);
    let rest = (0..of_label).fold(reading, |reading, _| without_first_word(&reading));
    (rest, begin)
}

/// Whether the first word is the end of the printed label: a few letters and a colon.
fn ends_label(words: &[&str]) -> bool {
    words.len() > 1 && words[0].ends_with(':') && words[0].chars().count() <= LONGEST_LABEL_END
}

/// No more words than these are left of a label.
const MOST_WORDS: usize = 4;
/// From so many letters on, the end of a label may be misread in one.
const LONG: usize = 6;

/// How many of the first words are the end of a label without its colon ("khai tử UBND xã Lộc Hòa"): no value that begins
/// in lower case goes on with a capital or a figure after the very words that its label ends with. A date may.
fn words_of_label(words: &[&str], field_type: FieldType, wordings: &[String]) -> usize {
    if matches!(field_type, FieldType::Date | FieldType::DateWords) {
        return 0;
    }
    let begins = |word: &str, with: fn(char) -> bool| word.chars().next().is_some_and(with);
    let printed = |count: &usize| {
        let next = words[*count];
        let parted = begins(words[0], char::is_lowercase) || *count > 1;
        parted
            && begins(next, |c| c.is_uppercase() || c.is_numeric())
            && wordings.iter().any(|wording| ends_with(wording, &fold(&words[..*count].join(" "))))
    };
    (1..=MOST_WORDS.min(words.len().saturating_sub(1))).rev().find(printed).unwrap_or(0)
}

/// Whether a folded wording ends as `read`, spaces aside.
fn ends_with(wording: &str, read: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<Vec<_>>();
    let (wording, read) = (letters(wording), letters(read));
    let Some(end) = wording.len().checked_sub(read.len()).map(|begin| &wording[begin..]) else {
        return false;
    };
    let misread = end.iter().zip(&read).filter(|(printed, read)| printed != read).count();
    !read.is_empty() && misread <= usize::from(read.len() >= LONG)
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
