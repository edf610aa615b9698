//! The one door to whatever turns pixels into text.

use image::GrayImage;

use super::{EngineVersion, FieldType, Reading};

/// How the writing in a crop is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Segmentation {
    /// One line.
    Line,
    /// One word.
    Word,
    /// A block of lines.
    Block,
}

/// One crop to read: dark ink on light paper.
#[derive(Debug, Clone, Copy)]
pub struct ReadRequest<'a> {
    /// The crop, 8-bit grey, ink dark.
    pub image: &'a GrayImage,
    /// Its layout.
    pub segmentation: Segmentation,
    /// What kind of value it is, for engines that weigh what they see with what such a value may
    /// say; [`FieldType::Text`] where nothing is known.
    pub field_type: FieldType,
}

/// An engine failed on a crop (not: found nothing, which is an empty reading).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The engine could not be started: its library or model files are missing or damaged.
    #[error("{0}")]
    Unavailable(String),
    /// The engine failed on this crop.
    #[error("the engine failed on a crop of {width} x {height} pixels: {reason}")]
    Failed {
        /// Columns of the crop.
        width: u32,
        /// Rows of the crop.
        height: u32,
        /// What the engine said.
        reason: String,
    },
}

/// The engines a page is read with.
pub struct Engines<'a> {
    /// Reads what is printed on the forms, their labels, and values in print that the other is less than sure of.
    pub print: &'a mut dyn Recognizer,
    /// Reads the values, whether written by hand, typed or printed.
    pub hand: &'a mut dyn Recognizer,
}

/// Reads crops. One instance serves one thread at a time and is kept warm between crops.
pub trait Recognizer: Send {
    /// Who it is, kept beside every reading.
    fn version(&self) -> EngineVersion;

    /// Reads one crop. An empty crop or one without ink gives an empty reading.
    ///
    /// # Errors
    /// When the engine itself fails.
    fn read(&mut self, request: ReadRequest<'_>) -> Result<Reading, ReadError>;

    /// Reads several crops, in their order; an engine that gains by it takes them together.
    ///
    /// # Errors
    /// When the engine itself fails.
    fn read_all(&mut self, requests: &[ReadRequest<'_>]) -> Result<Vec<Reading>, ReadError> {
        requests.iter().map(|request| self.read(*request)).collect()
    }
}
