//! The worker's side: reads scans named on stdin, one at a time, and answers on stdout.

use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::protocol::{Answer, Request};
use crate::domain::{Engines, FailureReason, ReadError, Recognizer, ScanResult};
use crate::pipeline::{self, Models, PipelineError, Timings};

/// The engines of a worker: for print and for handwriting.
pub type OwnEngines = (Box<dyn Recognizer>, Box<dyn Recognizer>);

/// Reads every scan asked for until there are no more requests. `start` gives fresh engines: at the
/// beginning, and again after a panic that may have left the old ones in disorder.
///
/// # Errors
/// When the batch is gone.
pub fn serve(
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    models: &Models,
    start: &dyn Fn() -> Result<OwnEngines, ReadError>,
) -> io::Result<()> {
    let mut engines = match start() {
        Ok(engines) => engines,
        Err(error) => return Answer::Unavailable(error.to_string()).write(output),
    };
    Answer::Ready.write(output)?;
    for line in input.lines() {
        let mut timings = Timings::default();
        let result = match read(&line?, models, &mut engines, &mut timings) {
            Some(result) => result,
            None => {
                match start() {
                    Ok(fresh) => engines = fresh,
                    Err(error) => return Answer::Unavailable(error.to_string()).write(output),
                }
                failed(
                    FailureReason::Crashed,
                    "the program panicked on this page: please report it with the page",
                )
            }
        };
        Answer::Ended(result, timings.0).write(output)?;
    }
    Ok(())
}

/// Reads one scan; none when the program panicked over it.
fn read(line: &str, models: &Models, engines: &mut OwnEngines, timings: &mut Timings) -> Option<ScanResult> {
    let request = match serde_json::from_str::<Request>(line)
        .map_err(|e| e.to_string())
        .and_then(Request::into_parts)
    {
        Ok(request) => request,
        Err(error) => {
            return Some(failed(FailureReason::Crashed, &format!("the request made no sense: {error}")));
        }
    };
    let (scan, cover) = request;
    let (print, hand) = engines;
    let mut engines = Engines { print: print.as_mut(), hand: hand.as_mut() };
    let read = || pipeline::read_scan(&scan, &cover, models, &mut engines, timings);
    let result = catch_unwind(AssertUnwindSafe(read)).ok()?;
    Some(match result {
        Ok(pages) => ScanResult::Read(pages),
        Err(error @ PipelineError::Ingest(_)) => failed(FailureReason::BadFile, &error.to_string()),
        Err(error) => failed(FailureReason::Crashed, &error.to_string()),
    })
}

fn failed(reason: FailureReason, message: &str) -> ScanResult {
    ScanResult::Failed { reason, message: message.to_owned() }
}
