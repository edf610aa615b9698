//! Tesseract as a [`Recognizer`]: settings, one reading, and what it comes to.

use std::ffi::CStr;

use image::GrayImage;
use leptess::capi::{
    TessPageSegMode, TessPageSegMode_PSM_SINGLE_BLOCK, TessPageSegMode_PSM_SINGLE_LINE,
    TessPageSegMode_PSM_SINGLE_WORD,
};

use super::handle::{Handle, library_version};
use super::symbols::{Symbol, symbols};
use crate::domain::{
    Alternative, CharacterReading, Confidence, EngineVersion, ReadError, ReadRequest, Reading, Recognizer,
    SecondReading, Segmentation, text,
};

/// The language of the registers, by its name in Tesseract.
const LANGUAGE: &CStr = c"vie";

/// Settings that must stand before the language is loaded.
const SETTINGS_BEFORE: [(&CStr, &CStr); 1] = [(c"debug_file", c"/dev/null")];

/// Settings for crops of dark ink on light paper: no second look at the inverted picture, and other
/// characters kept at each place (costs under 2 % of the time).
const SETTINGS_AFTER: [(&CStr, &CStr); 2] = [(c"tessedit_do_invert", c"0"), (c"lstm_choice_mode", c"2")];

/// Crops come scaled to the letter height of a 300-dpi page.
const DOTS_PER_INCH: i32 = 300;

/// A crop with fewer columns or rows holds no character.
const SMALLEST_SIDE: u32 = 3;

/// How many other texts for the whole crop are kept.
const MOST_ALTERNATIVES: usize = 5;

/// A warm Tesseract with the Vietnamese model. Serves one thread at a time; what it reads does not depend
/// on what it read before.
pub struct Tesseract {
    handle: Handle,
    version: EngineVersion,
}

impl Tesseract {
    /// Starts an engine (about 100 ms and 35 MB each).
    ///
    /// # Errors
    /// [`ReadError::Unavailable`] when the Vietnamese model is not installed or damaged.
    pub fn start() -> Result<Self, ReadError> {
        Self::start_with(None)
    }

    /// Starts an engine with the model in `folder`, else in the usual place.
    fn start_with(folder: Option<&CStr>) -> Result<Self, ReadError> {
        let mut handle = Handle::new()
            .ok_or_else(|| ReadError::Unavailable("Tesseract could not be started: no memory".to_owned()))?;
        set_all(&mut handle, &SETTINGS_BEFORE)?;
        if !handle.load(folder, LANGUAGE) {
            return Err(ReadError::Unavailable(no_model()));
        }
        set_all(&mut handle, &SETTINGS_AFTER)?;
        let version =
            EngineVersion(format!("tesseract {} {}", library_version(), LANGUAGE.to_string_lossy()));
        Ok(Self { handle, version })
    }
}

impl Recognizer for Tesseract {
    fn version(&self) -> EngineVersion {
        self.version.clone()
    }

    fn read(&mut self, request: ReadRequest<'_>) -> Result<Reading, ReadError> {
        if is_empty(request.image) {
            return Ok(reading(Vec::new(), self.version.clone()));
        }
        self.handle.set_layout(layout(request.segmentation));
        let done = self.handle.recognize(request.image, DOTS_PER_INCH);
        let found = if done { symbols(&mut self.handle) } else { Vec::new() };
        self.handle.forget();
        if done {
            return Ok(reading(found, self.version.clone()));
        }
        let (width, height) = request.image.dimensions();
        Err(ReadError::Failed { width, height, reason: "Tesseract refused the picture".to_owned() })
    }
}

fn set_all(handle: &mut Handle, settings: &[(&CStr, &CStr)]) -> Result<(), ReadError> {
    let unknown = settings.iter().find(|(name, value)| !handle.set(name, value));
    unknown.map_or(Ok(()), |(name, _)| {
        let name = name.to_string_lossy();
        Err(ReadError::Unavailable(format!("this Tesseract knows no setting {name}: install version 5")))
    })
}

fn no_model() -> String {
    let place = match std::env::var("TESSDATA_PREFIX") {
        Ok(folder) => format!("in {folder} (TESSDATA_PREFIX)"),
        Err(_) => "in the system's tessdata folder".to_owned(),
    };
    format!(
        "Tesseract found no usable Vietnamese model {place}: apt install tesseract-ocr-vie, or point \
         TESSDATA_PREFIX at a folder that holds vie.traineddata"
    )
}

fn layout(segmentation: Segmentation) -> TessPageSegMode {
    match segmentation {
        Segmentation::Line => TessPageSegMode_PSM_SINGLE_LINE,
        Segmentation::Word => TessPageSegMode_PSM_SINGLE_WORD,
        Segmentation::Block => TessPageSegMode_PSM_SINGLE_BLOCK,
    }
}

/// Too small to hold a character, or all of one grey.
fn is_empty(image: &GrayImage) -> bool {
    let pixels = image.as_raw();
    image.width() < SMALLEST_SIDE
        || image.height() < SMALLEST_SIDE
        || pixels.iter().all(|pixel| Some(pixel) == pixels.first())
}

/// The symbols as one text. It is as sure as its least sure word: a value is wrong when any part of
/// it is.
fn reading(symbols: Vec<Symbol>, engine: EngineVersion) -> Reading {
    let mut whole = String::new();
    for symbol in &symbols {
        if symbol.begins_word.is_some() && !whole.is_empty() {
            whole.push(' ');
        }
        whole.push_str(&symbol.character.text);
    }
    let confidence = symbols.iter().filter_map(|s| s.begins_word).reduce(Confidence::min);
    let confidence = confidence.unwrap_or(Confidence::NONE);
    let alternatives = other_texts(&symbols, confidence);
    let characters: Vec<CharacterReading> = symbols.into_iter().map(|s| s.character).collect();
    Reading {
        text: text::clean(&whole),
        confidence,
        characters,
        alternatives,
        engine,
        second: SecondReading::None,
    }
}

/// The texts that differ from the best one in a single character, the likeliest first.
fn other_texts(symbols: &[Symbol], whole: Confidence) -> Vec<Alternative> {
    let mut others: Vec<Alternative> = Vec::new();
    for (place, symbol) in symbols.iter().enumerate() {
        let best = symbol.character.confidence.get().max(0.01);
        for other in &symbol.character.alternatives {
            let likelihood = whole.get() * other.confidence.get() / best;
            let text = with_character(symbols, place, &other.text);
            others.push(Alternative { text, confidence: Confidence::clamped(likelihood.min(whole.get())) });
        }
    }
    others.sort_by(|a, b| b.confidence.get().total_cmp(&a.confidence.get()));
    others.truncate(MOST_ALTERNATIVES);
    others
}

fn with_character(symbols: &[Symbol], place: usize, character: &str) -> String {
    let mut whole = String::new();
    for (i, symbol) in symbols.iter().enumerate() {
        if symbol.begins_word.is_some() {
            whole.push(' ');
        }
        whole.push_str(if i == place { character } else { &symbol.character.text });
    }
    text::clean(&whole)
}

#[cfg(test)]
mod tests;
