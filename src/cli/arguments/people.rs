//! What can be typed of the web pages and the people who use them.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{StoreFolder, Weights};
use crate::domain::Role;

/// Arguments of `hotich serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8158")]
    pub listen: SocketAddr,
    /// The certificate for TLS with what signs it (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The private key of the certificate (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Listen beyond this computer without TLS: passwords and records then cross the network for anybody to
    /// read.
    #[arg(long)]
    pub without_tls: bool,
    /// Weigh a book again when people have settled fields in it and nobody has for so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub weigh_after: u64,
    /// Further forms, beside those that are built in: what entries can be said to stand on.
    #[arg(long, value_name = "DIR")]
    pub forms: Option<PathBuf>,
    /// The weights of the handwriting reader, for boxes that people draw.
    #[command(flatten)]
    pub weights: Weights,
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make an account, and a one-time link by which its owner sets a password.
    Add(AddUser),
    /// List the accounts.
    List(ListUsers),
}

/// Arguments of `hotich user add`.
#[derive(Debug, Args)]
pub struct AddUser {
    /// The name to sign in with: small letters, figures, dots and hyphens.
    pub name: String,
    /// What the person is called.
    #[arg(long, value_name = "NAME")]
    pub full_name: String,
    /// What the person may do: administrator, archive, verifier, clerk, supervisor or auditor. May be given
    /// several times.
    #[arg(long = "role", value_name = "ROLE", required = true)]
    pub roles: Vec<Role>,
    /// Read the password from the first line of stdin instead of making a link.
    #[arg(long)]
    pub password_stdin: bool,
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
}

/// Arguments of `hotich user list`.
#[derive(Debug, Args)]
pub struct ListUsers {
    /// The store.
    #[command(flatten)]
    pub store: StoreFolder,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}
