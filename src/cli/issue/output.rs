//! Documents to files: whole or not at all.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use super::super::exit::Failure;

/// Writes a document to `path`, or to stdout when there is none.
pub fn give(path: Option<&Path>, bytes: &[u8]) -> Result<(), Failure> {
    let Some(path) = path else {
        let mut output = io::stdout().lock();
        if output.is_terminal() {
            return Err(Failure::Usage("say where the document goes with -o FILE".to_owned()));
        }
        output.write_all(bytes)?;
        return Ok(output.flush()?);
    };
    write_new(path, bytes)
}

/// Writes a file under a temporary name and gives it its own when it is on the disk.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let unfinished = path.with_file_name(name);
    let write = || {
        let mut file = fs::File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)
    };
    write().map_err(|error| {
        let _ = fs::remove_file(&unfinished);
        Failure::Nothing(format!("{}: {error}", path.display()))
    })
}
