//! The rim: what is typed becomes calls, what comes back becomes text, JSON and an exit code.
//! stdout is data, stderr is for people.

mod adapt;
mod archive;
pub mod arguments;
mod book;
mod calibrate;
mod check;
mod digitize;
mod doctor;
mod evaluate;
mod exit;
mod export;
mod forms;
mod handover;
mod import;
mod issue;
mod links;
mod opening;
mod plan;
mod progress;
mod read_lines;
mod reading;
mod search;
mod serve;
mod status;
mod user;
mod weighing;
mod worker;

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use tracing_indicatif::IndicatifLayer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::engine;
use arguments::{Arguments, Command};
use exit::{Failure, Outcome, WRONG_USE};

/// Runs the command line `arguments` (the program's name first) and says how it ended.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    engine::limit_threads();
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return answer_clap(&error),
    };
    start_log(arguments.verbose);
    match perform(arguments) {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            if let Some(message) = failure.message() {
                let _ = writeln!(std::io::stderr(), "hotich: {message}");
            }
            failure.exit_code()
        }
    }
}

fn perform(arguments: Arguments) -> Result<Outcome, Failure> {
    let verbose = arguments.verbose;
    match arguments.command {
        Command::Digitize(arguments) => digitize::digitize(arguments, verbose),
        Command::Retry(arguments) => digitize::retry(arguments, verbose),
        Command::Status(arguments) => status::status(&arguments),
        Command::Search(arguments) => search::search(arguments),
        Command::Export(arguments) => export::export(&arguments),
        Command::Plan(arguments) => plan::plan(&arguments),
        Command::Weigh(arguments) => weighing::weigh(&arguments),
        Command::Calibrate(arguments) => calibrate::calibrate(&arguments),
        Command::Evaluate(arguments) => evaluate::evaluate(&arguments),
        Command::Check(arguments) => check::check(&arguments),
        Command::Read(arguments) => read_lines::read_lines(&arguments),
        Command::Adapt(arguments) => adapt::adapt(&arguments),
        Command::Book(command) => book::book(command),
        Command::Links(command) => links::links(command),
        Command::Import(arguments) => import::import(&arguments),
        Command::Issue(arguments) => issue::issue(&arguments),
        Command::Office(arguments) => issue::office(&arguments),
        Command::Forms(arguments) => forms::forms(arguments.command),
        Command::Doctor(arguments) => doctor::doctor(&arguments),
        Command::Serve(arguments) => serve::serve(&arguments),
        Command::User(command) => user::user(command),
        Command::Worker(arguments) => worker::worker(&arguments),
    }
}

/// Help and version go to stdout with 0; everything else is wrong use.
fn answer_clap(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::from(WRONG_USE),
    }
}

/// Log lines go to stderr, above a progress bar when there is one.
fn start_log(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("HOTICH_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let indicatif = IndicatifLayer::new();
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(indicatif.get_stderr_writer())
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .without_time()
        .with_filter(filter);
    let _ = tracing_subscriber::registry().with(lines).with(indicatif).try_init();
}

/// Writes one value as a line of JSON.
fn print_json(output: &mut dyn Write, value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(Failure::nothing)?;
    writeln!(output, "{text}")?;
    Ok(())
}
