//! Our own reader of handwritten lines: a convolutional network with a recurrent layer, trained for
//! Vietnamese registers, and a search for the text that ink and field speak for together.
//!
//! A crop is normalised (`normalise`), the network says at each step which characters it sees
//! (`network`), and the search weighs them with what such a field may say (`decode`). How the weights
//! came to be stands in `models/handwriting`.

mod circle;
mod decode;
mod network;
mod normalise;
mod plane;
mod weights;

use std::collections::BTreeMap;
use std::path::Path;

use circle::is_circle;
use decode::{Seen, decode};
use network::{Likelihoods, Network};
use normalise::{COLUMNS_PER_STEP, Line, normalise};
use weights::Weights;
pub use weights::{WeightsError, copy_weights};

use crate::domain::{Confidence, EngineVersion, ReadError, ReadRequest, Reading, Recognizer};

/// Lines read at once at most; more cost memory and gain no time.
const BATCH: usize = 8;

/// A lone nought whose outline is a circle is more likely a stamp's ring: this sure at most.
const RING: f64 = 0.2;

/// A warm reader of handwriting, on one thread. What it reads does not depend on what it read before
/// nor on the lines read at once with it.
pub struct Handwriting {
    network: Network,
    characters: Vec<char>,
    version: EngineVersion,
}

impl Handwriting {
    /// A reader with the weights of the program, or those in `folder` (`reader.onnx`, `reader.toml`).
    ///
    /// # Errors
    /// When weights are missing, damaged (their checksum is wrong) or no network for this program.
    pub fn start(folder: Option<&Path>) -> Result<Self, WeightsError> {
        let Weights { network, description } = folder.map_or_else(Weights::shipped, Weights::load)?;
        let characters: Vec<char> = description.alphabet.chars().collect();
        let network = Network::load(network, characters.len() + 1)?;
        Ok(Self { network, characters, version: EngineVersion(description.version) })
    }

    /// The characters it can read.
    #[must_use]
    pub fn alphabet(&self) -> &[char] {
        &self.characters
    }

    fn decoded(&self, request: &ReadRequest<'_>, line: Option<&Line>, seen: Option<&Likelihoods>) -> Reading {
        let nothing = Likelihoods { classes: self.characters.len() + 1, logarithms: Vec::new() };
        let seen = Seen {
            likelihoods: seen.unwrap_or(&nothing),
            characters: &self.characters,
            columns_per_step: line.map_or(1.0, |line| line.crop_per_column * COLUMNS_PER_STEP as f32),
        };
        let mut reading = decode(&seen, request.field_type, self.version.clone());
        if matches!(reading.text.as_str(), "0" | "O" | "o") && is_circle(&normalise::ink(request.image)) {
            reading.confidence = reading.confidence.min(Confidence::clamped(RING));
        }
        reading
    }
}

impl Recognizer for Handwriting {
    fn version(&self) -> EngineVersion {
        self.version.clone()
    }

    fn read(&mut self, request: ReadRequest<'_>) -> Result<Reading, ReadError> {
        let mut readings = self.read_all(&[request])?;
        readings
            .pop()
            .ok_or_else(|| ReadError::Unavailable("the handwriting reader gave no answer".to_owned()))
    }

    fn read_all(&mut self, requests: &[ReadRequest<'_>]) -> Result<Vec<Reading>, ReadError> {
        let lines: Vec<Option<Line>> = requests.iter().map(|request| normalise(request.image)).collect();
        let mut by_columns: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (i, line) in lines.iter().enumerate() {
            if let Some(line) = line {
                by_columns.entry(Network::columns(line)).or_default().push(i);
            }
        }
        let mut seen: Vec<Option<Likelihoods>> = vec![None; requests.len()];
        for batch in by_columns.values().flat_map(|alike| alike.chunks(BATCH)) {
            let batch_lines: Vec<&Line> = batch.iter().filter_map(|i| lines[*i].as_ref()).collect();
            let answers =
                self.network.run(&batch_lines).map_err(|e| ReadError::Unavailable(e.to_string()))?;
            batch.iter().zip(answers).for_each(|(i, answer)| seen[*i] = Some(answer));
        }
        let all = requests.iter().zip(&lines).zip(&seen);
        Ok(all.map(|((request, line), seen)| self.decoded(request, line.as_ref(), seen.as_ref())).collect())
    }
}

#[cfg(test)]
mod tests;
