//! Has what the reader of the values is less than sure of read by a second engine as well, on pages whose
//! writing both can read: what two engines of different making read alike is hardly ever wrong.

use crate::domain::text::fold;
use crate::domain::{
    EngineVersion, Engines, FieldType, ReadError, ReadRequest, Reading, Recognizer, SecondReading,
};

/// The values of one page read by one engine, and where that is less than sure by a second one: by that of
/// the labels, which reads print and typewriters but no handwriting.
pub struct TwoReaders<'e> {
    first: &'e mut dyn Recognizer,
    second: &'e mut dyn Recognizer,
    /// Whether the second can read the writing of the page; none until it was tried.
    both: Option<bool>,
}

/// What was read as surely as this is not read again.
const SURE: f64 = 0.995;
/// Nor is what was read as unsurely as this: its place was found wrongly, or it cannot be read.
const HOPELESS: f64 = 0.3;
/// Figures of the shortest number of a paper.
const FIGURES: usize = 9;
/// The second engine is tried on a line of at least so many letters ...
const LETTERS: usize = 8;
/// ... and can read the page when it reads the line alike to this degree, accents aside.
const ALIKE: f64 = 0.85;

impl<'e> TwoReaders<'e> {
    /// For one page.
    pub fn of(engines: &'e mut Engines<'_>) -> Self {
        Self { first: &mut *engines.hand, second: &mut *engines.print, both: None }
    }

    /// Tries the second engine on the line read most surely.
    fn try_second(&mut self, requests: &[ReadRequest<'_>], readings: &[Reading]) -> Result<(), ReadError> {
        let long = requests.iter().zip(readings).filter(|(_, read)| read.text.chars().count() >= LETTERS);
        let surest = long.max_by(|(_, a), (_, b)| a.confidence.get().total_cmp(&b.confidence.get()));
        if let Some((request, reading)) = surest {
            let other = self.second.read(*request)?;
            let alike = strsim::normalized_levenshtein(&fold(&other.text), &fold(&reading.text));
            self.both = Some(alike >= ALIKE);
        }
        Ok(())
    }
}

impl Recognizer for TwoReaders<'_> {
    fn version(&self) -> EngineVersion {
        self.first.version()
    }

    fn read(&mut self, request: ReadRequest<'_>) -> Result<Reading, ReadError> {
        self.first.read(request)
    }

    fn read_all(&mut self, requests: &[ReadRequest<'_>]) -> Result<Vec<Reading>, ReadError> {
        let mut readings = self.first.read_all(requests)?;
        if self.both.is_none() {
            self.try_second(requests, &readings)?;
        }
        if self.both == Some(true) {
            for (request, reading) in requests.iter().zip(&mut readings) {
                reading.second = if is_worthwhile(request.field_type, reading) {
                    SecondReading::Text(self.second.read(*request)?.text)
                } else {
                    SecondReading::Unasked
                };
            }
        }
        Ok(readings)
    }
}

/// Whether a second reading is worth its time: of doubtful words, and of the long numbers of papers, which nothing
/// else on the page vouches for.
fn is_worthwhile(field_type: FieldType, reading: &Reading) -> bool {
    let doubtful = (HOPELESS..SURE).contains(&reading.confidence.get());
    match field_type {
        FieldType::PersonName | FieldType::Place | FieldType::Text => doubtful,
        FieldType::IdNumber | FieldType::Document => {
            reading.text.chars().filter(char::is_ascii_digit).count() >= FIGURES
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use image::GrayImage;

    use super::TwoReaders;
    use crate::domain::{
        Confidence, EngineVersion, Engines, FieldType, ReadError, ReadRequest, Reading, Recognizer,
        SecondReading, Segmentation,
    };

    /// Reads each picture as the text whose number is its width.
    struct Fixed {
        texts: Vec<(&'static str, f64)>,
        asked: usize,
    }

    impl Recognizer for Fixed {
        fn version(&self) -> EngineVersion {
            EngineVersion("fixed".to_owned())
        }

        fn read(&mut self, request: ReadRequest<'_>) -> Result<Reading, ReadError> {
            self.asked += 1;
            let (text, confidence) = self.texts[request.image.width() as usize];
            Ok(Reading {
                text: text.to_owned(),
                confidence: Confidence::clamped(confidence),
                characters: Vec::new(),
                alternatives: Vec::new(),
                engine: self.version(),
                second: SecondReading::None,
            })
        }
    }

    /// What the second engine says of each line, and how often it was asked.
    fn seconded(second: [&'static str; 4]) -> (Vec<SecondReading>, usize) {
        let first =
            [("Ủy ban nhân dân", 0.999), ("Lê Thị Lưu", 0.9), ("Lê Thị Hoa", 0.9), ("Lê Thị Tư", 0.1)];
        let mut hand = Fixed { texts: first.to_vec(), asked: 0 };
        let mut print = Fixed { texts: second.map(|text| (text, 0.9)).to_vec(), asked: 0 };
        let pictures: Vec<GrayImage> = (0..4).map(|width| GrayImage::new(width, 1)).collect();
        let request = |image| ReadRequest {
            image,
            segmentation: Segmentation::Line,
            field_type: FieldType::PersonName,
        };
        let requests: Vec<ReadRequest<'_>> = pictures.iter().map(request).collect();
        let mut engines = Engines { print: &mut print, hand: &mut hand };
        let readings = TwoReaders::of(&mut engines).read_all(&requests).unwrap();
        (readings.into_iter().map(|reading| reading.second).collect(), print.asked)
    }

    #[test]
    fn what_is_less_than_sure_is_read_twice() {
        let (each, asked) = seconded(["Uỷ ban nhân dân", "Lê Thị Lựu", "Lê Thị Hoa", "Lê Thị Tư"]);
        let text = |text: &str| SecondReading::Text(text.to_owned());
        assert_eq!(
            each,
            [SecondReading::Unasked, text("Lê Thị Lựu"), text("Lê Thị Hoa"), SecondReading::Unasked]
        );
        assert_eq!(asked, 3);
    }

    #[test]
    fn an_engine_that_cannot_read_the_writing_is_tried_once() {
        let (each, asked) = seconded(["Úy lan ulân đâu", "L", "Lê Thị Hoa", ""]);
        assert_eq!((each, asked), (vec![SecondReading::None; 4], 1));
    }
}
