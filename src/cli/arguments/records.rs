//! What can be typed of records: finding them, handing them on, taking keyed ones in.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::StoreFolder;
use crate::domain::Kind;
use crate::export::hotich158::NamePattern;

/// Arguments of `hotich status`.
#[derive(Debug, Args)]
pub struct Status {
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `hotich search`.
#[derive(Debug, Args)]
pub struct Search {
    /// A name or a place, with or without accents, and beside it a date, a year, a number or the role of the person: 'sinh
    /// 12/8/1956 hai ba trung', 'số 45/1978', 'mẹ trần thị đào'. May be left out when a filter is given.
    #[arg(default_value = "")]
    pub query: String,
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// Only births, marriages or deaths.
    #[arg(long)]
    pub kind: Option<Kind>,
    /// Registered or born in this year, or range of years such as 1970..1980.
    #[arg(long, value_name = "YEAR[..YEAR]", value_parser = years)]
    pub year: Option<(i16, i16)>,
    /// The entry's number in its book.
    #[arg(long)]
    pub number: Option<String>,
    /// The book, by its name in the store.
    #[arg(long)]
    pub book: Option<String>,
    /// A place that stands in the entry.
    #[arg(long)]
    pub place: Option<String>,
    /// Whose name it is: child, mother, father, husband, wife, deceased, declarant, signer.
    #[arg(long)]
    pub role: Option<String>,
    /// How many hits at most.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub limit: u16,
    /// Print JSON lines.
    #[arg(long)]
    pub json: bool,
}

/// Formats of `hotich export`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// One record a line, with confidence, status and box of every field.
    Jsonl,
    /// One row an entry, values only.
    Csv,
    /// The Ministry's bundle of one book: a spreadsheet and a ZIP with a PDF an entry, in the folder --output.
    Hotich158,
    /// One book for long-term keeping, in the folder --output: a BagIt bag with the pictures of its pages, their text as
    /// ALTO and as one searchable PDF/A, its records and its certificate.
    Bag,
}

/// Arguments of `hotich export`.
#[derive(Debug, Args)]
pub struct Export {
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// The format.
    #[arg(long, value_enum)]
    pub format: ExportFormat,
    /// Write here instead of stdout; an existing file is replaced only when all went well. With hotich158 a folder.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The book, by its name in the store (hotich158, bag).
    #[arg(long, value_name = "ID")]
    pub book: Option<String>,
    /// Hand over the entries that are ready, though others are not (hotich158).
    #[arg(long)]
    pub partial: bool,
    /// Only say what stands in the way (hotich158).
    #[arg(long)]
    pub preflight: bool,
    /// How the pictures of entries are named (hotich158) [default: {kind}.{year}.{book}.{date}.{number}.pdf].
    #[arg(long, value_name = "PATTERN", value_parser = NamePattern::from_str)]
    pub names: Option<NamePattern>,
    /// Where `hotich serve` serves the pages that mend what stands in the way: where its links lead (hotich158).
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8158")]
    pub pages: String,
    /// Print what stands in the way as JSON (hotich158).
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `hotich import`.
#[derive(Debug, Args)]
pub struct Import {
    /// The spreadsheet (XLSX): keyed earlier, or sent back with errors.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// The book it is about, by its name in the store.
    #[arg(long, value_name = "ID")]
    pub book: String,
    /// Print what came of each row as JSON lines.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `hotich evaluate`.
#[derive(Debug, Args)]
pub struct Evaluate {
    /// The truth, as JSON lines.
    #[arg(long, value_name = "FILE")]
    pub truth: PathBuf,
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Reads `1970` or `1970..1980`.
fn years(text: &str) -> Result<(i16, i16), String> {
    let year = |part: &str| part.trim().parse::<i16>().map_err(|_| format!("\"{part}\" is no year"));
    let (from, to) = match text.split_once("..") {
        Some((from, to)) => (year(from)?, year(to.trim_start_matches('='))?),
        None => (year(text)?, year(text)?),
    };
    if from > to {
        Err(format!("{from} comes after {to}: write the earlier year first"))
    } else {
        Ok((from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::years;

    #[test]
    fn years_are_one_or_a_range() {
        assert_eq!(years("1975"), Ok((1975, 1975)));
        assert_eq!(years("1970..1980"), Ok((1970, 1980)));
        assert!(years("1980..1970").is_err() && years("soon").is_err());
    }
}
