//! What can be typed after `hotich issue`.

use std::path::PathBuf;

use clap::Args;

/// Arguments of `hotich issue`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("what").required(true)))]
pub struct Issue {
    /// Print a paper with invented data, to look at its layout: birth-extract, marriage-extract, death-extract,
    /// birth-certificate-copy, or one of --templates.
    #[arg(long, value_name = "PAPER", group = "what")]
    pub preview: Option<String>,
    /// Layouts that come before those that are built in, file by file.
    #[arg(long, value_name = "DIR", env = "HOTICH_TEMPLATES")]
    pub templates: Option<PathBuf>,
    /// Write the document to this file.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}
