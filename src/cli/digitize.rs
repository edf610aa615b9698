//! `hotich digitize` and `hotich retry`: scans into a store, many at once, nothing lost.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::Serialize;

use super::arguments::{Digitize, Reading, Retry};
use super::exit::{Failure, Outcome};
use super::progress::{Progress, Tally};
use super::{print_json, reading};
use crate::batch::BatchError;
use crate::domain::{BookCover, FailureReason, Scan, ScanOutcome};
use crate::ingest::{self, Discovery, FoundFile, IngestError, Limits, PassedOver, PassedOverReason};
use crate::store::{FailedScan, Store, StoreError, StoreWriter};
use crate::weighing;

/// The list of what failed, beside the database: one JSON object a line.
const FAILED_FILE: &str = "failed.jsonl";

/// So many files are opened, then read, before the next are opened: keeps the first page near the
/// start and memory bounded.
const FILES_AT_A_TIME: usize = 1000;

/// What a run did, for people and machines.
#[derive(Debug, Serialize)]
struct Summary {
    #[serde(flatten)]
    tally: Tally,
    /// Pages that were read by an earlier run.
    read_before: u64,
    /// Pages that are under another name already.
    duplicates: Vec<String>,
    /// Files that were not taken, and why.
    passed_over: Vec<String>,
    /// Everything in the store that failed, with the reason.
    failures: Vec<FailureLine>,
    interrupted: bool,
}

#[derive(Debug, Serialize)]
struct FailureLine {
    scan: String,
    reason: FailureReason,
    message: String,
}

/// A run over one store.
struct Run {
    store: Mutex<StoreWriter>,
    covers: BTreeMap<String, BookCover>,
    reading: Reading,
    verbose: u8,
    stop: Arc<AtomicBool>,
    progress: Progress,
}

/// Reads everything below the paths that is not in the store yet.
pub fn digitize(arguments: Digitize, verbose: u8) -> Result<Outcome, Failure> {
    let Discovery { books, files, passed_over } =
        ingest::discover(&arguments.paths).map_err(Failure::nothing)?;
    let told = |item: &PassedOver| format!("{}: {}", item.path.display(), item.reason);
    for item in &passed_over {
        match item.reason {
            PassedOverReason::NotAPicture => tracing::info!("passed over {}", told(item)),
            _ => tracing::warn!("passed over {}", told(item)),
        }
    }
    let passed_over: Vec<String> = passed_over.iter().map(told).collect();
    if files.is_empty() {
        let message = "no scans found: give folders that hold JPEG, PNG, TIFF or PDF files, or such files";
        return Err(Failure::Nothing(message.to_owned()));
    }
    let mut store = Store::create_or_open(&arguments.store.store).map_err(Failure::nothing)?;
    store.register_books(&books).map_err(Failure::nothing)?;
    let covers = books.into_iter().map(|book| (book.name, book.cover)).collect();
    let run = Run::begin(store, covers, arguments.reading, verbose, files.len())?;
    let mut summary = Summary { passed_over, ..Summary::empty() };
    for files in files.chunks(FILES_AT_A_TIME) {
        let scans = run.open(files)?;
        let pending = run.register(&scans, &mut summary)?;
        run.read(pending)?;
    }
    run.end(summary, &arguments.store.store, arguments.json)
}

/// Reads once more what failed.
pub fn retry(arguments: Retry, verbose: u8) -> Result<Outcome, Failure> {
    let folder = &arguments.store.store;
    Store::open_read(folder).map_err(Failure::nothing)?; // Retrying makes no store.
    let store = Store::create_or_open(folder).map_err(Failure::nothing)?;
    let failed = store.failed_scans().map_err(Failure::nothing)?;
    let covers = store.covers().map_err(Failure::nothing)?;
    let run = Run::begin(store, covers, arguments.reading, verbose, failed.len())?;
    let mut scans: Vec<Scan> = failed.iter().filter_map(|failed| failed.scan.clone()).collect();
    let unopened = failed.iter().filter(|failed| failed.scan.is_none());
    let files: Vec<FoundFile> = unopened
        .map(|file| FoundFile { path: file.path.clone(), name: file.name.clone(), book: file.book.clone() })
        .collect();
    let mut summary = Summary::empty();
    let opened = run.open(&files)?;
    scans.extend(run.register(&opened, &mut summary)?);
    run.read(scans)?;
    run.end(summary, folder, arguments.json)
}

impl Run {
    fn begin(
        mut store: StoreWriter,
        covers: BTreeMap<String, BookCover>,
        reading: Reading,
        verbose: u8,
        pages: usize,
    ) -> Result<Self, Failure> {
        let program = concat!("hotich ", env!("CARGO_PKG_VERSION"));
        store.begin_run(program, Timestamp::now()).map_err(Failure::nothing)?;
        let stop = stop_on_interrupt()?;
        let progress = Progress::new(pages as u64);
        Ok(Self { store: Mutex::new(store), covers, reading, verbose, stop, progress })
    }

    fn store(&self) -> MutexGuard<'_, StoreWriter> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pages of the files; what cannot be opened is recorded as failed.
    fn open(&self, files: &[FoundFile]) -> Result<Vec<Scan>, Failure> {
        let limits = Limits::default();
        let open = |file| (file, ingest::open(file, &limits));
        let opened: Vec<(&FoundFile, Result<Vec<Scan>, IngestError>)> = files.par_iter().map(open).collect();
        let mut scans = Vec::new();
        for (file, result) in opened {
            match result {
                Ok(pages) => {
                    self.progress.expect_more(pages.len().saturating_sub(1) as u64);
                    scans.extend(pages);
                }
                Err(error) => self.cannot_open(file, &error)?,
            }
        }
        Ok(scans)
    }

    fn cannot_open(&self, file: &FoundFile, error: &IngestError) -> Result<(), Failure> {
        let message = error.to_string();
        tracing::error!("{message}");
        self.progress.fail();
        let (who, why) = ((file.name.as_str(), file.path.as_path(), file.book.as_str()), message.as_str());
        let noted = self.store().file_failed(who, (FailureReason::BadFile, why), Timestamp::now());
        noted.map_err(Failure::nothing)
    }

    /// Those of the scans that are still to be read.
    fn register(&self, scans: &[Scan], summary: &mut Summary) -> Result<Vec<Scan>, Failure> {
        let mut store = self.store();
        let registration = store.register_scans(scans).map_err(Failure::nothing)?;
        for (name, first) in registration.aliases {
            summary.duplicates.push(format!("{name} is the same as {first}"));
        }
        for name in registration.same_name {
            tracing::warn!(
                "{name}: the file has changed since it was read; what was read of the old one is kept"
            );
        }
        let pending = store.pending(scans).map_err(Failure::nothing)?;
        let before = (scans.len() - pending.len()) as u64;
        summary.read_before += before;
        self.progress.skip(before);
        Ok(pending)
    }

    /// Reads the scans, each committed as soon as it is read; a book is weighed when its last one is.
    fn read(&self, scans: Vec<Scan>) -> Result<(), Failure> {
        let mut left: BTreeMap<String, usize> = BTreeMap::new();
        for scan in &scans {
            *left.entry(scan.book.clone()).or_default() += 1;
        }
        let left = Mutex::new(left);
        let work = scans.into_iter().map(|scan| {
            let cover = self.covers.get(&scan.book).cloned().unwrap_or_default();
            (scan, cover)
        });
        let finished = |outcome: ScanOutcome| -> Result<(), StoreError> {
            let mut store = self.store();
            store.commit(&outcome, Timestamp::now())?;
            if is_last_of_its_book(&left, &outcome.scan.book) && !self.stop.load(Ordering::Relaxed) {
                self.progress.weighed(weighing::weigh_book(&mut store, &outcome.scan.book)?);
            }
            self.progress.add(&outcome);
            Ok(())
        };
        let worker = || reading::worker_command(&self.reading, self.verbose);
        let batch = reading::batch(&self.reading, &worker, &self.stop);
        batch.run(work, &finished).map_err(|error| match error {
            BatchError::Handover(error) => self.cannot_keep(&error),
            other => Failure::nothing(other),
        })
    }

    fn cannot_keep(&self, error: &StoreError) -> Failure {
        match self.progress.tally().pages {
            0 => Failure::nothing(error),
            pages => Failure::Partly(format!("{error} ({pages} pages were finished before)")),
        }
    }

    fn end(self, mut summary: Summary, folder: &Path, json: bool) -> Result<Outcome, Failure> {
        self.store().finish_run(Timestamp::now()).map_err(Failure::nothing)?;
        summary.interrupted = self.stop.load(Ordering::Relaxed);
        if !summary.interrupted {
            self.progress.weighed(weighing::weigh_what_is_new(&mut self.store()).map_err(Failure::nothing)?);
        }
        let failed = self.store().failed_scans().map_err(Failure::nothing)?;
        let line = |failed: FailedScan| FailureLine {
            scan: failed.name,
            reason: failed.reason,
            message: failed.message,
        };
        summary.failures = failed.into_iter().map(line).collect();
        summary.tally = self.progress.tally();
        self.progress.finish();
        let list = write_failures(folder, &summary.failures)?;
        if json {
            print_json(&mut io::stdout().lock(), &summary)?;
        }
        summary.tell(&mut io::stderr().lock(), list.as_deref())?;
        Ok(summary.outcome())
    }
}

/// Whether the last scan of `book` is done; counts one.
fn is_last_of_its_book(left: &Mutex<BTreeMap<String, usize>>, book: &str) -> bool {
    let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
    left.get_mut(book).is_some_and(|count| {
        *count = count.saturating_sub(1);
        *count == 0
    })
}

impl Summary {
    fn empty() -> Self {
        Self {
            tally: Tally::default(),
            read_before: 0,
            duplicates: Vec::new(),
            passed_over: Vec::new(),
            failures: Vec::new(),
            interrupted: false,
        }
    }

    fn outcome(&self) -> Outcome {
        let done = self.tally.pages + self.read_before;
        match (self.interrupted, self.failures.is_empty(), done) {
            (true, ..) => Outcome::Interrupted,
            (false, true, _) => Outcome::Done,
            (false, false, 0) => Outcome::Nothing,
            (false, false, _) => Outcome::Partly,
        }
    }

    fn tell(&self, output: &mut dyn Write, list: Option<&Path>) -> io::Result<()> {
        let Tally { pages, pages_without_entries, entries, fields_accepted, fields_to_review, .. } =
            self.tally;
        writeln!(output, "{pages} pages read, {} read before, {entries} entries", self.read_before)?;
        writeln!(output, "{fields_accepted} fields accepted, {fields_to_review} to review")?;
        if pages_without_entries > 0 {
            writeln!(
                output,
                "{pages_without_entries} pages without entries (covers, blank or unknown pages)"
            )?;
        }
        if !self.passed_over.is_empty() {
            writeln!(output, "{} files passed over (-v names them)", self.passed_over.len())?;
        }
        for line in &self.duplicates {
            writeln!(output, "{line}: read once")?;
        }
        if let Some(list) = list {
            let count = self.failures.len();
            writeln!(
                output,
                "{count} failed: see {} or `hotich status`; `hotich retry` reads them again",
                list.display()
            )?;
        }
        if self.interrupted {
            writeln!(output, "interrupted: run the same command again to go on")?;
        }
        Ok(())
    }
}

/// Writes the list of what failed, whole or not at all; none when nothing did.
fn write_failures(folder: &Path, failures: &[FailureLine]) -> Result<Option<PathBuf>, Failure> {
    let file = folder.join(FAILED_FILE);
    if failures.is_empty() {
        return match std::fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(None),
        };
    }
    let aside = folder.join(format!("{FAILED_FILE}.new"));
    let mut output = BufWriter::new(File::create(&aside)?);
    for failure in failures {
        print_json(&mut output, failure)?;
    }
    output.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    std::fs::rename(&aside, &file)?;
    Ok(Some(file))
}

/// A flag that Ctrl-C (or a request to terminate) raises; the second one ends the program at once.
fn stop_on_interrupt() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if raised.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        let _ = writeln!(io::stderr(), "finishing the pages in hand; once more to stop at once");
    })
    .map_err(Failure::nothing)?;
    Ok(stop)
}
