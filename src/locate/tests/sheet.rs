//! A small drawn page, read by a fake engine that counts letters.

use image::{GrayImage, Luma, RgbImage};

use super::super::forms::{FormSet, check};
use super::super::locate;
use crate::domain::{
    BookCover, CharacterReading, Confidence, EngineVersion, LocatedEntry, PageContent, Projection, ReadError,
    ReadRequest, Reading, Recognizer, Rectangle, SecondReading, UprightPage,
};

/// What a label of so many letters says.
const WORDS: [(i32, &str); 10] = [
    (3, "Số"),
    (4, "Dân tộc"),
    (5, "Nam, nữ"),
    (6, "Ngày đăng ký"),
    (7, "Nơi sinh"),
    (8, "Họ tên"),
    (9, "Ghi chú"),
    (10, "Ngày sinh"),
    (11, "Nơi cư trú"),
    (8 + WRITTEN, LABEL_AND_VALUE),
];

/// Letters that [`Sheet::write`] writes.
const WRITTEN: i32 = 4;
/// A row of which the value stands right after its label.
const LABEL_AND_VALUE: &str = "Họ tên La";

/// Reads a picture by counting its letters (runs of columns with ink).
struct Counting;

impl Recognizer for Counting {
    fn version(&self) -> EngineVersion {
        EngineVersion("fake".to_owned())
    }

    fn read(&mut self, request: ReadRequest<'_>) -> Result<Reading, ReadError> {
        let image = request.image;
        let inked = |x: u32| (0..image.height()).any(|y| image.get_pixel(x, y).0[0] < 128);
        let begins: Vec<u32> =
            (0..image.width()).filter(|x| inked(*x) && (*x == 0 || !inked(x - 1))).collect();
        let word = WORDS.iter().find(|(count, _)| *count as usize == begins.len());
        let value = word.filter(|(_, word)| *word == LABEL_AND_VALUE).map_or("", |(_, word)| *word);
        let spelled: Vec<char> = value.chars().filter(|c| *c != ' ').collect();
        let column = |place: usize| begins[place * begins.len() / spelled.len()] as i32;
        let character = |(place, letter): (usize, &char)| CharacterReading {
            text: letter.to_string(),
            confidence: Confidence::clamped(0.95),
            columns: (column(place), column(place) + 5),
            alternatives: Vec::new(),
        };
        Ok(Reading {
            text: word.map_or(String::new(), |(_, word)| (*word).to_owned()),
            confidence: Confidence::clamped(0.95),
            characters: spelled.iter().enumerate().map(character).collect(),
            alternatives: Vec::new(),
            engine: self.version(),
            second: SecondReading::None,
        })
    }
}

/// A white sheet to draw on; 4 pixels a millimetre.
pub(super) struct Sheet(pub GrayImage);

impl Sheet {
    pub fn standing() -> Self {
        Self(GrayImage::from_pixel(840, 1188, Luma([255])))
    }

    pub fn lying() -> Self {
        Self(GrayImage::from_pixel(1680, 1188, Luma([255])))
    }

    pub fn fill(&mut self, area: [i32; 4]) {
        self.paint(area, 40);
    }

    pub fn erase(&mut self, area: [i32; 4]) {
        self.paint(area, 255);
    }

    pub fn paint(&mut self, [left, top, right, bottom]: [i32; 4], grey: u8) {
        for y in top..bottom {
            for x in left..right {
                self.0.put_pixel(x as u32, y as u32, Luma([grey]));
            }
        }
    }

    /// Prints a label; its left end and the row's line are given. Gives its right end.
    pub fn label(&mut self, x: i32, line: i32, word: &str) -> i32 {
        let letters = WORDS.iter().find(|(_, known)| *known == word).unwrap().0;
        for n in 0..letters {
            self.fill([x + 8 * n, line - 15, x + 8 * n + 5, line - 4]);
        }
        x + 8 * letters
    }

    /// A label and the line to write on after it.
    pub fn slot(&mut self, x: i32, line: i32, word: &str, end: i32, dotted: bool) {
        let from = self.label(x, line, word) + 6;
        self.leader(from, line, end, dotted);
    }

    pub fn leader(&mut self, from: i32, line: i32, end: i32, dotted: bool) {
        if dotted {
            (from..end - 2).step_by(5).for_each(|x| self.fill([x, line, x + 2, line + 2]));
        } else {
            self.fill([from, line, end, line + 2]);
        }
    }

    /// Some writing; gives its place.
    pub fn write(&mut self, x: i32, line: i32) -> Rectangle {
        for n in 0..4 {
            self.fill([x + 12 * n, line - 16 - n, x + 12 * n + 3, line - 3]);
            self.fill([x + 12 * n, line - 10, x + 12 * n + 8, line - 8]);
        }
        Rectangle::new(x, line - 19, x + 44, line - 3)
    }

    pub fn content(&self, forms: &[&str]) -> PageContent {
        let forms = FormSet::new(forms.iter().map(|text| check(text).unwrap()).collect());
        let page = UprightPage {
            ink: self.0.clone(),
            colour: RgbImage::new(1, 1),
            to_scan: Projection::identity(),
            skew: None,
            problems: Vec::new(),
        };
        locate(page, &forms, &BookCover::default(), &mut Counting).unwrap().content
    }

    pub fn entries(&self, forms: &[&str]) -> Vec<LocatedEntry> {
        match self.content(forms) {
            PageContent::Form { entries, .. } => entries,
            other => panic!("{other:?}"),
        }
    }
}
