//! `hotich user`: accounts of people who use the web pages.

use std::io::{self, BufRead, Write};

use jiff::Timestamp;

use super::arguments::{AddUser, ListUsers, UserCommand};
use super::exit::{Failure, Outcome};
use super::opening::existing_store;
use super::print_json;
use crate::store::{Store, StoreError};
use crate::web;

/// Who made an account that was made on the command line.
const WHO: &str = "hotich user";

/// Makes or lists accounts.
pub fn user(command: UserCommand) -> Result<Outcome, Failure> {
    match command {
        UserCommand::Add(arguments) => add(&arguments),
        UserCommand::List(arguments) => list(&arguments),
    }
}

fn add(arguments: &AddUser) -> Result<Outcome, Failure> {
    if !web::is_account_name(&arguments.name) {
        let message = "an account name has 2 to 40 small letters without accents, figures, dots and hyphens";
        return Err(Failure::Usage(message.to_owned()));
    }
    let hash = if arguments.password_stdin { Some(hash_from_stdin()?) } else { None };
    let mut desk = Store::open_desk(existing_store(&arguments.store.store)?).map_err(Failure::nothing)?;
    let mut make = || -> Result<i64, StoreError> {
        let transaction = desk.begin(Timestamp::now())?;
        let id = transaction.add_account(&arguments.name, &arguments.full_name, &arguments.roles, WHO)?;
        if let Some(hash) = &hash {
            transaction.set_password(id, hash, WHO)?;
        }
        transaction.commit()?;
        Ok(id)
    };
    let id = make().map_err(Failure::nothing)?;
    if hash.is_none() {
        let link = web::invitation(&mut desk, id).map_err(Failure::nothing)?;
        let mut output = io::stdout().lock();
        writeln!(output, "{link}")?;
        let _ = writeln!(
            io::stderr(),
            "the end of a one-time link, three days long: put the address that hotich serve tells before it"
        );
    }
    Ok(Outcome::Done)
}

fn hash_from_stdin() -> Result<String, Failure> {
    let mut password = String::new();
    io::stdin().lock().read_line(&mut password).map_err(Failure::nothing)?;
    web::hash_password(password.trim_end_matches(['\r', '\n'])).map_err(Failure::Usage)
}

fn list(arguments: &ListUsers) -> Result<Outcome, Failure> {
    let store = Store::open_read(&arguments.store.store).map_err(Failure::nothing)?;
    let mut output = io::stdout().lock();
    for account in store.accounts().map_err(Failure::nothing)? {
        if arguments.json {
            print_json(&mut output, &account)?;
            continue;
        }
        let roles = account.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
        let state = match (account.active, account.has_password) {
            (false, _) => " (closed)",
            (true, false) => " (no password yet)",
            (true, true) => "",
        };
        writeln!(output, "{}: {} [{roles}]{state}", account.name, account.full_name)?;
    }
    Ok(Outcome::Done)
}
