//! What can be typed after `hotich links`.

use clap::{Args, Subcommand, ValueEnum};

use super::StoreFolder;

/// Verbs of `hotich links`.
#[derive(Debug, Subcommand)]
pub enum LinksCommand {
    /// Search the store for entries that may belong together.
    Find(FindLinks),
    /// List what was found and what people say of it.
    List(ListLinks),
    /// Say whether two entries belong together.
    Settle(SettleLink),
}

/// Arguments of `hotich links find`.
#[derive(Debug, Args)]
pub struct FindLinks {
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// Only links with an entry of this book.
    #[arg(long)]
    pub book: Option<String>,
    /// The lowest score, 0 to 1.
    #[arg(long, default_value_t = 0.8)]
    pub least: f64,
}

/// Arguments of `hotich links list`.
#[derive(Debug, Args)]
pub struct ListLinks {
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// Print JSON lines.
    #[arg(long)]
    pub json: bool,
}

/// What a person says of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LinkVerdict {
    /// The entries belong together.
    Same,
    /// They do not.
    Different,
}

/// Arguments of `hotich links settle`.
#[derive(Debug, Args)]
pub struct SettleLink {
    /// The number of the link.
    #[arg(value_name = "ID")]
    pub id: i64,
    /// What you say of it.
    #[arg(value_enum)]
    pub verdict: LinkVerdict,
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// Who says so.
    #[arg(long, value_name = "WHO")]
    pub by: String,
}
