//! What can be typed after `hotich book`.

use clap::{Args, Subcommand, ValueEnum};

use super::StoreFolder;

/// Verbs of `hotich book`.
#[derive(Debug, Subcommand)]
pub enum BookCommand {
    /// List the books with what is missing; exit code 3 while something is unexplained.
    List(ListBooks),
    /// Account for every number of a book; exit code 3 while something is unexplained.
    Certify(CertifyBook),
    /// Say that numbers were voided or never given.
    Void(StateNumbers),
    /// Say that the pages of numbers are lost from the book.
    Lost(StateNumbers),
    /// Take back what was said of numbers.
    Withdraw(StateNumbers),
    /// Key the totals of a book's closing statement.
    Totals(KeyTotals),
}

/// Arguments of `hotich book list`.
#[derive(Debug, Args)]
pub struct ListBooks {
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// Print JSON lines.
    #[arg(long)]
    pub json: bool,
}

/// Formats of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CertificateFormat {
    /// Lines of text.
    Text,
    /// PDF/A.
    Pdf,
}

/// Arguments of `hotich book certify`.
#[derive(Debug, Args)]
pub struct CertifyBook {
    /// The book, by its name in the store.
    #[arg(value_name = "ID")]
    pub book: String,
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// Write the text in Vietnamese.
    #[arg(long)]
    pub vietnamese: bool,
    /// As text, or as PDF/A on the office's paper.
    #[arg(long, value_enum, default_value_t = CertificateFormat::Text, conflicts_with = "json")]
    pub format: CertificateFormat,
    /// Write the PDF to this file instead of stdout.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<std::path::PathBuf>,
}

/// Arguments of `hotich book void`, `lost` and `withdraw`.
#[derive(Debug, Args)]
pub struct StateNumbers {
    /// The book, by its name in the store.
    #[arg(value_name = "ID")]
    pub book: String,
    /// A number, or a range such as 46..50.
    #[arg(value_name = "NUMBER[..NUMBER]", value_parser = numbers)]
    pub numbers: (u32, u32),
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// The year whose numbers are meant, where a book holds several.
    #[arg(long)]
    pub year: Option<i16>,
    /// Why.
    #[arg(long)]
    pub reason: Option<String>,
    /// Who says so.
    #[arg(long, value_name = "WHO", env = "USER", default_value = "unknown")]
    pub by: String,
}

/// Arguments of `hotich book totals`.
#[derive(Debug, Args)]
pub struct KeyTotals {
    /// The book, by its name in the store.
    #[arg(value_name = "ID")]
    pub book: String,
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// How many entries the closing statement counts.
    #[arg(long, value_name = "N")]
    pub entries: Option<u32>,
    /// How many pages it counts.
    #[arg(long, value_name = "N")]
    pub pages: Option<u32>,
    /// The number of the first entry.
    #[arg(long, value_name = "N")]
    pub first: Option<u32>,
    /// The number of the last entry.
    #[arg(long, value_name = "N")]
    pub last: Option<u32>,
    /// Who keyed them.
    #[arg(long, value_name = "WHO", env = "USER", default_value = "unknown")]
    pub by: String,
}

/// Reads `46` or `46..50`.
fn numbers(text: &str) -> Result<(u32, u32), String> {
    let number =
        |part: &str| part.trim().parse::<u32>().map_err(|_| format!("\"{part}\" is no entry number"));
    let (first, last) = match text.split_once("..") {
        Some((first, last)) => (number(first)?, number(last.trim_start_matches('='))?),
        None => (number(text)?, number(text)?),
    };
    if first > last {
        Err(format!("{first} comes after {last}: write the lower number first"))
    } else {
        Ok((first, last))
    }
}
