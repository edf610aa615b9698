//! How pages are read: the settings of the command line as a batch and its worker command.

use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::arguments::Reading;
use crate::batch::Batch;

/// The batch these settings ask for.
pub fn batch<'a>(
    settings: &Reading,
    worker: &'a (dyn Fn() -> Command + Sync),
    stop: &'a AtomicBool,
) -> Batch<'a> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Batch {
        jobs: settings.jobs.map_or(cores, usize::from),
        page_budget: Duration::from_secs(settings.page_seconds),
        worker,
        stop,
    }
}

/// The command that starts a worker: this program, out of reach of Ctrl-C, which is the batch's to
/// answer.
pub fn worker_command(settings: &Reading, verbose: u8) -> Command {
    let program = std::env::current_exe().unwrap_or_else(|_| "hotich".into());
    let mut command = Command::new(program);
    command.arg("worker").env("OMP_THREAD_LIMIT", "1");
    if let Some(forms) = &settings.forms {
        command.arg("--forms").arg(forms);
    }
    if let Some(weights) = &settings.weights.folder {
        command.arg("--handwriting").arg(weights);
    }
    if verbose == 0 {
        command.stderr(Stdio::null());
    }
    in_own_group(&mut command);
    command
}

#[cfg(unix)]
fn in_own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn in_own_group(_: &mut Command) {}
