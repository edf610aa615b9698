//! What can be typed after `hotich issue` and `hotich office`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

use super::StoreFolder;
use crate::domain::{CopyNumber, RecordName};

/// Arguments of `hotich issue`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").required(true)))]
pub struct Issue {
    /// The record, as `hotich search --json` names it: its scan and entry, such as ks-1978/012.jpg:3.
    #[arg(value_name = "RECORD", group = "what")]
    pub record: Option<RecordName>,
    /// Issue a copy for each line of this CSV file: its columns are named record, requester, relation,
    /// identity_paper, copies, fee, note and paper; only the first two must be there.
    #[arg(long, value_name = "FILE", group = "what")]
    pub batch: Option<PathBuf>,
    /// Say whether a document or the code on its proof page is a copy that this office issued.
    #[arg(long, value_name = "FILE_OR_CODE", group = "what")]
    pub verify: Option<String>,
    /// Give out once more the very document that was issued under this number.
    #[arg(long, value_name = "NUMBER", group = "what")]
    pub reprint: Option<CopyNumber>,
    /// Void the copy with this number, a spoiled print for instance; say why with --reason.
    #[arg(long, value_name = "NUMBER", group = "what", requires = "reason")]
    pub void: Option<CopyNumber>,
    /// Give out the log of issued copies.
    #[arg(long, group = "what")]
    pub log: bool,
    /// Print a paper with invented data, to look at its layout: birth-extract, marriage-extract, death-extract,
    /// birth-certificate-copy, or one of --templates.
    #[arg(long, value_name = "PAPER", group = "what")]
    pub preview: Option<String>,

    /// The folder that holds the records (one per office).
    #[arg(long, value_name = "DIR", env = "HOTICH_STORE", required_unless_present = "preview")]
    pub store: Option<PathBuf>,
    /// The paper [default: the extract of the record's kind].
    #[arg(long, value_name = "NAME")]
    pub paper: Option<String>,
    /// What goes into the log.
    #[command(flatten)]
    pub request: RequestArguments,
    /// Add a page with the picture of the entry and a code that --verify checks.
    #[arg(long)]
    pub proof: bool,
    /// Why a copy is voided.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Only the log of this year.
    #[arg(long, value_name = "YEAR", requires = "log")]
    pub year: Option<i16>,
    /// The format of the log.
    #[arg(long, value_enum, default_value_t = LogFormat::Pdf)]
    pub format: LogFormat,
    /// Layouts that come before those that are built in, file by file [default: templates/ of the store].
    #[arg(long, value_name = "DIR", env = "HOTICH_TEMPLATES")]
    pub templates: Option<PathBuf>,
    /// Write the document to this file; with --batch, the documents to this folder.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Print what was issued, or what is missing, as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What goes into the log beside the copy.
#[derive(Debug, Args)]
pub struct RequestArguments {
    /// Who asks for the copy.
    #[arg(long, value_name = "NAME")]
    pub requester: Option<String>,
    /// What they are to the person registered.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub relation: String,
    /// The identity paper they showed.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub identity_paper: String,
    /// How many copies.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=999))]
    pub copies: u32,
    /// What they pay for all of them, in đồng [default: the office's fee for each copy].
    #[arg(long, value_name = "DONG")]
    pub fee: Option<u32>,
    /// Who signs [default: the office's usual signer].
    #[arg(long, value_name = "NAME", default_value = "")]
    pub signer: String,
    /// The office the signer holds.
    #[arg(long, value_name = "TEXT", default_value = "", requires = "signer")]
    pub signer_title: String,
    /// Whatever else the log is to keep.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub note: String,
    /// Who issues.
    #[arg(long, value_name = "WHO", env = "USER", default_value = "unknown")]
    pub by: String,
}

/// Formats of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// As it is printed.
    Pdf,
    /// A spreadsheet.
    Xlsx,
    /// One copy a line, with everything the log keeps.
    Jsonl,
}

/// Arguments of `hotich office`.
#[derive(Debug, Args)]
pub struct SetOffice {
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// The office above it, in the first line of papers, such as 'thành phố Hà Nội'.
    #[arg(long, value_name = "TEXT")]
    pub superior: Option<String>,
    /// Its name, such as 'Ủy ban nhân dân phường Vĩnh Tuy'.
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// The place in front of dates, such as 'Vĩnh Tuy'.
    #[arg(long, value_name = "TEXT")]
    pub place: Option<String>,
    /// Who signs when nobody else is named.
    #[arg(long, value_name = "NAME")]
    pub signer: Option<String>,
    /// The office the usual signer holds.
    #[arg(long, value_name = "TEXT")]
    pub signer_title: Option<String>,
    /// The fee for one copy, in đồng.
    #[arg(long, value_name = "DONG")]
    pub fee: Option<u32>,
    /// The number of the first copy of this year, such as TLKS-BS=57, for an office that kept its log elsewhere until
    /// now; only before the first is issued.
    #[arg(long, value_name = "SYMBOL=N", value_parser = first_number)]
    pub first_number: Vec<(String, u32)>,
}

/// A series with its first number, as it is typed.
fn first_number(text: &str) -> Result<(String, u32), String> {
    let parts = text.split_once('=').filter(|(symbol, _)| !symbol.is_empty());
    let parsed = parts.and_then(|(symbol, first)| Some((symbol.to_owned(), first.parse().ok()?)));
    parsed
        .filter(|(_, first)| *first > 0)
        .ok_or_else(|| format!("\"{text}\" is no first number: write it as TLKS-BS=57"))
}
