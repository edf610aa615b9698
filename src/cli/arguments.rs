//! What can be typed on the command line.

mod books;
mod links;
mod pages;
mod papers;
mod people;
mod records;
mod trust;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use books::{BookCommand, CertificateFormat, CertifyBook, KeyTotals, ListBooks, StateNumbers};
pub use links::{FindLinks, LinkVerdict, LinksCommand, ListLinks, SettleLink};
pub use pages::{Adapt, Check, Digitize, Read, Reading, Retry};
pub use papers::{Issue, LogFormat, SetOffice};
pub use people::{AddUser, ListUsers, Serve, UserCommand};
pub use records::{Evaluate, Export, ExportFormat, Import, Search, Status};
pub use trust::{Calibrate, Plan, Weigh};

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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
