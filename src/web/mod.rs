//! The web pages: verifiers settle what was read, archive staff look after pages, supervisors see how
//! far it is. One server for an office, everything it shows inside the program, nothing from a network.
//!
//! A request passes: security headers, the guard (who is signed in, may this role come here), the
//! handler. Handlers read through [`readers::Readers`] and write through [`writer::Writer`], the one
//! thread that holds the desk.

mod accounts;
mod assets;
mod copies;
mod error;
mod groups;
mod guard;
mod issue;
mod language;
mod layout;
mod lookups;
mod office;
mod page;
mod papers;
mod pictures;
mod presented;
mod quality;
mod readers;
mod record;
mod related;
mod routes;
mod search;
mod secrets;
mod server;
mod shaping;
mod sign_in;
mod state;
mod summary;
mod telling;
mod verification;
mod weighing;
mod writer;

pub use accounts::is_account_name;
pub use secrets::{hash_password, invitation};
pub use server::{Certificate, Listening, ServeError, Serving, serve};
