//! `hotich read --line`: one line of writing an image, one JSON line an answer.

use std::io;
use std::path::Path;

use image::GrayImage;
use serde::Serialize;

use super::arguments::Read;
use super::exit::{Failure, Outcome};
use super::{opening, print_json};
use crate::domain::{FieldType, ReadRequest, Recognizer, Segmentation};
use crate::handwriting::Handwriting;

#[derive(Serialize)]
struct Answer<'a> {
    image: &'a Path,
    text: String,
    confidence: f64,
}

/// Reads every image; those that cannot be opened are named on stderr.
pub fn read_lines(arguments: &Read) -> Result<Outcome, Failure> {
    let mut engine = Handwriting::start(arguments.weights.folder.as_deref()).map_err(Failure::nothing)?;
    let mut output = io::stdout().lock();
    let mut failed = 0;
    for path in &arguments.lines {
        let pixels = match opening::picture(path) {
            Ok(pixels) => pixels,
            Err(message) => {
                tracing::error!("{message}");
                failed += 1;
                continue;
            }
        };
        let image: GrayImage = pixels.into_luma8();
        let request =
            ReadRequest { image: &image, segmentation: Segmentation::Line, field_type: FieldType::Text };
        let reading = engine.read(request).map_err(Failure::nothing)?;
        let answer = Answer { image: path, text: reading.text, confidence: reading.confidence.get() };
        print_json(&mut output, &answer)?;
    }
    Ok(opening::outcome(arguments.lines.len(), failed))
}
