//! Keeps the PDF files that are being read in memory, each once for all threads: pages are loaded
//! one by one, and reading a file of hundreds of pages anew for each takes longer than its page.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use hayro::hayro_syntax::Pdf;

use super::IngestError;
use crate::domain::ContentHash;

thread_local! {
    /// The file this thread has read last; it stays until the thread reads another.
    static LAST: RefCell<Option<(ContentHash, Arc<Pdf>)>> = const { RefCell::new(None) };
}

/// The files that some thread keeps.
static KEPT: Mutex<Vec<(ContentHash, Weak<Pdf>)>> = Mutex::new(Vec::new());

/// The file whose bytes have this `hash`: as some thread keeps it, else as `read` gives it.
pub(super) fn opened(
    hash: ContentHash,
    read: impl FnOnce() -> Result<Pdf, IngestError>,
) -> Result<Arc<Pdf>, IngestError> {
    let last = LAST.take().filter(|(kept, _)| *kept == hash);
    let pdf = match last {
        Some((_, pdf)) => pdf,
        None => shared(hash, read)?,
    };
    LAST.set(Some((hash, Arc::clone(&pdf))));
    Ok(pdf)
}

/// The file as another thread keeps it; else it is read, while the others wait for it.
fn shared(
    hash: ContentHash,
    read: impl FnOnce() -> Result<Pdf, IngestError>,
) -> Result<Arc<Pdf>, IngestError> {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.retain(|(_, pdf)| pdf.strong_count() > 0);
    let found = kept.iter().find(|(known, _)| *known == hash).and_then(|(_, pdf)| pdf.upgrade());
    if let Some(pdf) = found {
        return Ok(pdf);
    }
    let pdf = Arc::new(read()?);
    kept.push((hash, Arc::downgrade(&pdf)));
    Ok(pdf)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::super::samples::{PdfPage, pdf};
    use super::*;

    fn read() -> Result<Pdf, IngestError> {
        let page = PdfPage { content: String::new(), keys: "" };
        Pdf::new(pdf(&[page], &[])).map_err(|_| IngestError::damaged("book/001", "no PDF"))
    }

    #[test]
    fn a_file_is_read_once_for_all_threads_and_goes_with_the_last() {
        let hash = ContentHash([7; 32]);
        let never = || -> Result<Pdf, IngestError> { panic!("read twice") };
        let first = opened(hash, read).unwrap();
        assert!(Arc::ptr_eq(&first, &opened(hash, never).unwrap()));
        thread::scope(|scope| {
            let other = scope.spawn(|| opened(hash, never).unwrap());
            assert!(Arc::ptr_eq(&first, &other.join().unwrap()));
        });
        let gone = Arc::downgrade(&first);
        drop(first);
        assert!(gone.upgrade().is_some());
        opened(ContentHash([8; 32]), read).unwrap();
        assert!(gone.upgrade().is_none());
    }
}
