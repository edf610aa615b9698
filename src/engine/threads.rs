//! Keeps Tesseract from starting threads of its own.

/// Makes sure that `OMP_THREAD_LIMIT` is set, so that Tesseract works on one thread per engine.
/// Must be the first thing `main` does: when the variable is absent the program replaces itself by
/// a fresh start of itself with the variable set to 1 (same arguments, same process id). Returns
/// when the variable is there, whatever its value, or when the restart is not possible; the program
/// then works, only slower.
///
/// Tesseract asks OpenMP for four threads a line, whatever the machine; on short lines that costs
/// four to five times the processor time. OpenMP reads the variable before `main` begins, so it
/// cannot be set from inside.
pub fn limit_threads() {
    if std::env::var_os(VARIABLE).is_none() {
        restart_with_limit();
    }
}

/// The variable that OpenMP reads at program start.
const VARIABLE: &str = "OMP_THREAD_LIMIT";

#[cfg(unix)]
fn restart_with_limit() {
    use std::os::unix::process::CommandExt;
    let Ok(program) = std::env::current_exe() else { return };
    let mut arguments = std::env::args_os();
    let mut command = std::process::Command::new(program);
    if let Some(name) = arguments.next() {
        command.arg0(name);
    }
    // Returns only when it failed.
    let failure = command.args(arguments).env(VARIABLE, "1").exec();
    tracing::warn!(%failure, "could not restart with {VARIABLE}=1: reading will be slow");
}

#[cfg(not(unix))]
fn restart_with_limit() {}
