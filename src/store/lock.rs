//! The lock file that keeps a second writer out. The system releases it when its process ends,
//! however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::StoreError;

/// The name of the lock file in the folder of a store.
const LOCK_FILE: &str = "hotich.lock";

/// How often the lock is tried.
const ATTEMPTS: u32 = 4;
/// How long between two attempts.
const MOMENT: Duration = Duration::from_millis(15);

/// Held while its owner may write.
#[derive(Debug)]
pub(super) struct WriterLock {
    /// Locked as long as it is open.
    _file: File,
}

impl WriterLock {
    /// Takes the lock of the store in `folder` and leaves the number of this process in it.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process (or another writer of this one) holds it.
    pub(super) fn take(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(LOCK_FILE);
        let io = |error| StoreError::io(&path, error);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
        for attempt in 1.. {
            match file.try_lock() {
                Ok(()) => break,
                // Whoever only asks whether somebody writes holds it for a moment.
                Err(TryLockError::WouldBlock) if attempt < ATTEMPTS => thread::sleep(MOMENT),
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::InUse { process: holder(&mut file) });
                }
                Err(TryLockError::Error(error)) => return Err(io(error)),
            }
        }
        file.set_len(0).map_err(io)?;
        file.rewind().map_err(io)?;
        writeln!(file, "{}", std::process::id()).map_err(io)?;
        Ok(Self { _file: file })
    }
}

/// Whether a writer holds the store in `folder`.
pub(super) fn is_held(folder: &Path) -> bool {
    let file = OpenOptions::new().read(true).open(folder.join(LOCK_FILE));
    file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// The process number written in the lock file, when it can be read.
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
