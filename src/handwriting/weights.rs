//! The trained weights with their description: shipped in the program, or of an office in a folder.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The network shipped with the program.
const SHIPPED: &[u8] = include_bytes!("../../models/handwriting/reader.onnx");
/// Its description.
const SHIPPED_DESCRIPTION: &str = include_str!("../../models/handwriting/reader.toml");

/// The weights in a folder.
const WEIGHTS_FILE: &str = "reader.onnx";
/// Their description in a folder.
const DESCRIPTION_FILE: &str = "reader.toml";

/// What stands beside the weights, in `reader.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Description {
    /// Kept beside every reading, such as `hotich-hand 1`.
    pub version: String,
    /// SHA-256 of the weights, in hexadecimal.
    pub sha256: String,
    /// The characters of classes 1, 2, ...; class 0 is "no character here" of CTC.
    pub alphabet: String,
    /// The command and data that made the weights.
    #[allow(dead_code, reason = "for people; kept so that no description goes without")]
    pub made_by: String,
}

/// Writes the weights of the program, or those in `from`, into the folder `to` as `reader.onnx` and
/// `reader.toml`, after checking them; returns their version.
///
/// # Errors
/// When weights are missing or damaged, or cannot be written.
pub fn copy_weights(from: Option<&Path>, to: &Path) -> Result<String, WeightsError> {
    let (weights, text) = match from {
        None => (Weights::shipped()?, SHIPPED_DESCRIPTION.to_owned()),
        Some(folder) => {
            let path = folder.join(DESCRIPTION_FILE);
            let text = fs::read_to_string(&path).map_err(|source| WeightsError::Missing { path, source })?;
            (Weights::load(folder)?, text)
        }
    };
    for (name, bytes) in [(WEIGHTS_FILE, weights.network.as_slice()), (DESCRIPTION_FILE, text.as_bytes())] {
        let path = to.join(name);
        fs::write(&path, bytes).map_err(|source| WeightsError::Unwritten { path, source })?;
    }
    Ok(weights.description.version)
}

/// Weights and what they are.
#[derive(Debug, Clone)]
pub(super) struct Weights {
    /// A network in ONNX format.
    pub network: Vec<u8>,
    /// What it is.
    pub description: Description,
}

/// Why weights cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// A file is not there or cannot be read.
    #[error(
        "{path}: {source}: the weights of the handwriting reader are missing; put {WEIGHTS_FILE} and \
             {DESCRIPTION_FILE} back, or leave out --handwriting to use those of the program"
    )]
    Missing {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A copy of them cannot be written.
    #[error("{path}: {source}: make room there or name another folder")]
    Unwritten {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The description makes no sense.
    #[error("{path}: {message}")]
    Description {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the line.
        message: String,
    },
    /// The weights are not those described.
    #[error("{path} is damaged: its checksum is {found}, not {expected}; copy it again from where it came")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The checksum that `reader.toml` names.
        expected: String,
        /// The checksum of the file.
        found: String,
    },
    /// The weights are no network that this program can run.
    #[error("the handwriting reader cannot be started: {0}")]
    Network(String),
}

impl Weights {
    /// The weights shipped with the program.
    pub(super) fn shipped() -> Result<Self, WeightsError> {
        Self::checked(SHIPPED.to_vec(), SHIPPED_DESCRIPTION, Path::new("models/handwriting"))
    }

    /// The weights in `folder`: `reader.onnx` and `reader.toml`.
    pub(super) fn load(folder: &Path) -> Result<Self, WeightsError> {
        let missing = |path: PathBuf| |source| WeightsError::Missing { path, source };
        let (weights, description) = (folder.join(WEIGHTS_FILE), folder.join(DESCRIPTION_FILE));
        let description = fs::read_to_string(&description).map_err(missing(description))?;
        let network = fs::read(&weights).map_err(missing(weights))?;
        Self::checked(network, &description, folder)
    }

    fn checked(network: Vec<u8>, description: &str, folder: &Path) -> Result<Self, WeightsError> {
        let description: Description = toml::from_str(description).map_err(|error| {
            WeightsError::Description { path: folder.join(DESCRIPTION_FILE), message: error.to_string() }
        })?;
        let found: String = Sha256::digest(&network).iter().map(|byte| format!("{byte:02x}")).collect();
        if found != description.sha256 {
            let path = folder.join(WEIGHTS_FILE);
            return Err(WeightsError::Damaged { path, expected: description.sha256, found });
        }
        Ok(Self { network, description })
    }
}
