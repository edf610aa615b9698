//! What can be typed of reading pages and lines, and of teaching the reader.

use std::path::PathBuf;

use clap::Args;

use super::{StoreFolder, Weights};

/// How pages are read.
#[derive(Debug, Args, Clone)]
pub struct Reading {
    /// How many pages to read at once [default: as many as there are cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Give a page up after this many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub page_seconds: u64,
    /// Further forms, beside those that are built in.
    #[arg(long, value_name = "DIR")]
    pub forms: Option<PathBuf>,
    /// The weights of the handwriting reader.
    #[command(flatten)]
    pub weights: Weights,
}

/// Arguments of `hotich digitize`.
#[derive(Debug, Args)]
pub struct Digitize {
    /// Book folders, folders of book folders, or files.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// How pages are read.
    #[command(flatten)]
    pub reading: Reading,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `hotich retry`.
#[derive(Debug, Args)]
pub struct Retry {
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// How pages are read.
    #[command(flatten)]
    pub reading: Reading,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `hotich check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Scans to look at.
    #[arg(required = true, value_name = "IMAGE")]
    pub images: Vec<PathBuf>,
}

/// Arguments of `hotich read`.
#[derive(Debug, Args)]
pub struct Read {
    /// Images of one line of writing each.
    #[arg(long = "line", required = true, num_args = 1.., value_name = "IMAGE")]
    pub lines: Vec<PathBuf>,
    /// The weights of the handwriting reader.
    #[command(flatten)]
    pub weights: Weights,
}

/// Arguments of `hotich adapt`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 the new weights are better and were kept; 3 they are not, and nothing was kept; \
                  1 wrong use; 2 nothing could be done; 130 interrupted."
)]
pub struct Adapt {
    /// The folder whose verified fields are learned from.
    #[arg(long, value_name = "DIR", env = "HOTICH_STORE", required_unless_present = "lines")]
    pub store: Option<PathBuf>,
    /// Learn from these lines instead: a folder of line images with labels.tsv (image, text).
    #[arg(long, value_name = "DIR")]
    pub lines: Option<PathBuf>,
    /// Only fields of this book, by its name in the store (may be given several times).
    #[arg(long = "book", value_name = "NAME")]
    pub books: Vec<String>,
    /// Where new weights go if they are better: a folder for --handwriting.
    #[arg(long, value_name = "FOLDER")]
    pub to: PathBuf,
    /// Leave the crops and their texts in FOLDER/adapted-from (they are personal data).
    #[arg(long)]
    pub keep: bool,
    /// Line images with labels.tsv that must not be read worse afterwards (may be given several times).
    #[arg(long, value_name = "DIR")]
    pub regression: Vec<PathBuf>,
    /// The training code [default: models/handwriting/train beside the program, above it, or here].
    #[arg(long, value_name = "DIR", env = "HOTICH_TRAINING")]
    pub training: Option<PathBuf>,
    /// The Python that has its packages [default: .venv/bin/python in the training code, else python3].
    #[arg(long, value_name = "PROGRAM", env = "HOTICH_PYTHON")]
    pub python: Option<PathBuf>,
    /// Further forms, beside those that are built in.
    #[arg(long, value_name = "DIR")]
    pub forms: Option<PathBuf>,
    /// The weights to begin with.
    #[command(flatten)]
    pub weights: Weights,
    /// Print the report as JSON.
    #[arg(long)]
    pub json: bool,
}
