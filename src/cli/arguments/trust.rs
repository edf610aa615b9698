//! What can be typed of weighing, calibrating and planning.

use std::path::PathBuf;

use clap::Args;

use super::StoreFolder;

/// Arguments of `hotich plan`.
#[derive(Debug, Args)]
pub struct Plan {
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// The hours people have.
    #[arg(long, value_parser = hours)]
    pub hours: f64,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `hotich weigh`.
#[derive(Debug, Args)]
pub struct Weigh {
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// Only these books, by their names in the store.
    #[arg(long = "book", value_name = "NAME")]
    pub books: Vec<String>,
    /// From now on allow this share of errors among accepted values [at first 0.005].
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub error_limit: Option<f64>,
    /// The same for fields an extract is about [at first 0.003].
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub critical_error_limit: Option<f64>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `hotich calibrate`.
#[derive(Debug, Args)]
pub struct Calibrate {
    /// Stores to learn from: what people have verified in them, or what --truth says of them.
    #[arg(long = "store", value_name = "DIR", required = true)]
    pub stores: Vec<PathBuf>,
    /// What the entries of each store really say, as JSON lines; in the order of the stores.
    #[arg(long = "truth", value_name = "FILE")]
    pub truths: Vec<PathBuf>,
    /// Pool the values with the calibration in this file. What people have verified is pooled with the one
    /// that comes with the program unless --alone is given.
    #[arg(long, value_name = "FILE", conflicts_with = "alone")]
    pub known: Option<PathBuf>,
    /// Fit to the values alone, and forget what is known from elsewhere.
    #[arg(long)]
    pub alone: bool,
    /// Write the calibration to this file instead of setting it for the store.
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// Write every value with its confidence and its truth to this file, as JSON lines. Holds what
    /// entries say: keep it as safe as the store.
    #[arg(long, value_name = "FILE")]
    pub details: Option<PathBuf>,
    /// Only measure: write no calibration and set none.
    #[arg(long)]
    pub dry_run: bool,
    /// Also print how many errors remain at every share of values accepted, and what each kind of evidence
    /// is worth: fitted anew without it.
    #[arg(long)]
    pub curves: bool,
    /// Also try the promised bound: in so many random splits half of the values draws the lines and the
    /// other half counts the errors.
    #[arg(long, value_name = "TIMES")]
    pub splits: Option<usize>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Reads a number of hours.
fn hours(text: &str) -> Result<f64, String> {
    let hours = text.parse::<f64>().ok().filter(|hours| hours.is_finite() && *hours >= 0.0);
    hours.ok_or_else(|| format!("\"{text}\" is no number of hours: write 40 or 7.5"))
}

/// Reads a share between 0 and 1.
fn share(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| *share > 0.0 && *share < 1.0);
    share.ok_or_else(|| format!("\"{text}\" is no share between 0 and 1: write 0.005 for 0.5 %"))
}
