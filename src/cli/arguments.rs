//! What can be typed on the command line.

mod books;
mod links;
mod papers;
mod people;

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use books::{BookCommand, CertificateFormat, CertifyBook, KeyTotals, ListBooks, StateNumbers};
pub use links::{FindLinks, LinkVerdict, LinksCommand, ListLinks, SettleLink};
pub use people::{AddUser, ListUsers, Serve, UserCommand};

pub use papers::{Issue, LogFormat, SetOffice};

use crate::domain::Kind;
use crate::export::hotich158::NamePattern;

/// Turns scans of Vietnam's civil-status registers into records that can be trusted.
#[derive(Debug, Parser)]
#[command(name = "hotich", version, arg_required_else_help = true, disable_help_subcommand = true)]
#[command(
    after_help = "Exit codes: 0 all done; 1 wrong use; 2 nothing could be done; 3 done in part; 130 interrupted."
)]
pub struct Arguments {
    /// Say more on stderr about what is going on (twice for still more).
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// One verb each.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read scans into a store: book folders, folders of book folders, or files.
    Digitize(Digitize),
    /// Read once more what failed.
    Retry(Retry),
    /// Show what a store holds: books, pages, entries, fields and what failed.
    Status(Status),
    /// Find entries by name, place, number or year.
    Search(Search),
    /// Write the records of a store as JSON lines or CSV.
    Export(Export),
    /// Say what people should look at in the hours there are, and what error remains.
    Plan(Plan),
    /// Weigh the evidence of whole books again, and settle what may go to nobody.
    Weigh(Weigh),
    /// Fit confidence and acceptance to values whose truth is known.
    Calibrate(Calibrate),
    /// Measure the records of a store against truth.
    Evaluate(Evaluate),
    /// Look at scans while the book is still on the table: skew, focus, cut edges.
    Check(Check),
    /// Read line images, one line of writing a file.
    Read(Read),
    /// Train the handwriting reader further on what people have verified in a store.
    Adapt(Adapt),
    /// Books as a whole: what is missing, what people say of their numbers.
    #[command(subcommand)]
    Book(BookCommand),
    /// Entries that may be about the same event, person or parents.
    #[command(subcommand)]
    Links(LinksCommand),
    /// Lay a spreadsheet in the Ministry's columns beside what was read.
    Import(Import),
    /// Issue papers: extracts of verified records as PDF.
    Issue(Box<Issue>),
    /// Say what the office is called on its papers, who signs and what a copy costs.
    Office(SetOffice),
    /// Serve the web pages on which people settle what the machine was unsure of.
    Serve(Serve),
    /// Accounts of people who use the web pages.
    #[command(subcommand)]
    User(UserCommand),
    /// Work on form files.
    Forms(Forms),
    /// Say whether everything hotich needs is there and sound.
    Doctor(Doctor),
    /// Read pages named on stdin, one JSON line each, and answer on stdout (run by digitize).
    #[command(hide = true)]
    Worker(Worker),
}

/// The store a command works on.
#[derive(Debug, Args)]
pub struct StoreFolder {
    /// The folder that holds the records (one per office).
    #[arg(long, value_name = "DIR", env = "HOTICH_STORE")]
    pub store: PathBuf,
}

/// Which weights the handwriting reader takes.
#[derive(Debug, Args, Clone)]
pub struct Weights {
    /// Weights of the handwriting reader (reader.onnx and reader.toml) in place of the program's own.
    #[arg(long = "handwriting", value_name = "DIR", env = "HOTICH_HANDWRITING")]
    pub folder: Option<PathBuf>,
}

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
    /// Names or places, with or without accents; may be left out when a filter is given.
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

/// Arguments of `hotich forms`.
#[derive(Debug, Args)]
pub struct Forms {
    /// What to do with them.
    #[command(subcommand)]
    pub command: FormsCommand,
}

/// Verbs of `hotich forms`.
#[derive(Debug, Subcommand)]
pub enum FormsCommand {
    /// List the forms that are known.
    List,
    /// Check form files; every mistake is shown with its line and its cure.
    Check {
        /// Form files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// Arguments of `hotich doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// A store to look into as well.
    #[arg(long, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// The weights of the handwriting reader.
    #[command(flatten)]
    pub weights: Weights,
}

/// Arguments of `hotich worker`.
#[derive(Debug, Args)]
pub struct Worker {
    /// Further forms, beside those that are built in.
    #[arg(long, value_name = "DIR")]
    pub forms: Option<PathBuf>,
    /// The weights of the handwriting reader.
    #[command(flatten)]
    pub weights: Weights,
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
    use clap::CommandFactory;

    use super::{Arguments, years};

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn years_are_one_or_a_range() {
        assert_eq!(years("1975"), Ok((1975, 1975)));
        assert_eq!(years("1970..1980"), Ok((1970, 1980)));
        assert!(years("1980..1970").is_err() && years("soon").is_err());
    }
}
