//! Many scans at once: a pool of threads, each with a worker process of its own that reads one scan
//! after the other. What is finished is handed over at once; one bad page never stops the rest.

mod protocol;
mod serve;
mod worker;

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::domain::{BookCover, FailureReason, Scan, ScanOutcome, ScanResult};
use protocol::Request;
pub use serve::{OwnEngines, serve};
use worker::Worker;
pub use worker::WorkerError;

/// How a batch is run.
pub struct Batch<'a> {
    /// How many scans are read at once.
    pub jobs: usize,
    /// How long one scan may take.
    pub page_budget: Duration,
    /// The command that starts a worker: this program again, as `hotich worker`.
    pub worker: &'a (dyn Fn() -> Command + Sync),
    /// Set when the batch shall finish the pages in hand and start no more.
    pub stop: &'a AtomicBool,
}

/// Why a batch ended before its last scan.
#[derive(Debug, thiserror::Error)]
pub enum BatchError<E: std::error::Error> {
    /// No worker can be had, so no scan can be read.
    #[error(transparent)]
    Worker(#[from] WorkerError),
    /// The threads could not be started.
    #[error("the threads of the batch could not be started: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// What was finished could not be handed over.
    #[error("{0}")]
    Handover(E),
}

/// One thread's worker, when it has one that is fit to go on.
type Seat = Mutex<Option<Worker>>;

impl Batch<'_> {
    /// Reads every scan of `work` and hands each outcome to `finished` as soon as it exists, from
    /// whichever thread read it.
    ///
    /// # Errors
    /// When no worker can be had or `finished` fails; what was handed over before stays.
    pub fn run<E: std::error::Error + Send>(
        &self,
        work: impl Iterator<Item = (Scan, BookCover)> + Send,
        finished: &(dyn Fn(ScanOutcome) -> Result<(), E> + Sync),
    ) -> Result<(), BatchError<E>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.jobs).build()?;
        let seats: Vec<Seat> = (0..self.jobs).map(|_| Mutex::new(None)).collect();
        let wanted = work.take_while(|_| !self.stop.load(Ordering::Relaxed));
        pool.install(|| {
            wanted.par_bridge().try_for_each(|(scan, cover)| {
                let seat = &seats[rayon::current_thread_index().unwrap_or(0)];
                let outcome = self.read(seat, scan, &cover)?;
                finished(outcome).map_err(BatchError::Handover)
            })
        })
    }

    fn read(&self, seat: &Seat, scan: Scan, cover: &BookCover) -> Result<ScanOutcome, WorkerError> {
        let mut seat = seat.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(request) = Request::new(&scan, cover) else { return Ok(unnameable(scan)) };
        let worker = match seat.as_mut() {
            Some(worker) => worker,
            None => seat.insert(Worker::start((self.worker)())?),
        };
        let (result, timings, goes_on) = worker.read(&request, self.page_budget);
        if !goes_on {
            *seat = None;
        }
        Ok(ScanOutcome { scan, result, timings })
    }
}

fn unnameable(scan: Scan) -> ScanOutcome {
    let message = format!("{}: the name is not Unicode: rename the file and run again", scan.name);
    ScanOutcome {
        scan,
        result: ScanResult::Failed { reason: FailureReason::BadFile, message },
        timings: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::process::Command;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use super::Batch;
    use crate::domain::{BookCover, ContentHash, Scan, ScanName, ScanOutcome, ScanResult};

    /// A worker that fails the scans whose name holds "bad", dies over "deadly" and hangs on "slow".
    const WORKER: &str = r#"
        echo '"ready"'
        while read line; do
            case "$line" in
                *deadly*) kill -9 $$ ;;
                *slow*) exec sleep 60 ;;
                *bad*) echo '{"failed":{"reason":"bad_file","message":"bad","timings":[]}}' ;;
                *) echo '{"read":{"pages":[],"picture_bytes":[],"timings":[]}}' ;;
            esac
        done"#;

    fn scan(name: &str) -> (Scan, BookCover) {
        let scan = Scan {
            name: ScanName(name.into()),
            path: name.into(),
            hash: ContentHash([0; 32]),
            page: 0,
            page_count: 1,
            book: String::new(),
        };
        (scan, BookCover::default())
    }

    fn run(names: &[&str], stop: &AtomicBool) -> Vec<(String, bool)> {
        let worker = || {
            let mut command = Command::new("sh");
            command.args(["-c", WORKER]);
            command
        };
        let batch = Batch { jobs: 2, page_budget: Duration::from_millis(700), worker: &worker, stop };
        let done = Mutex::new(Vec::new());
        let finished = |outcome: ScanOutcome| {
            let read = matches!(outcome.result, ScanResult::Read(_));
            done.lock().unwrap().push((outcome.scan.name.0, read));
            Ok::<_, Infallible>(())
        };
        batch.run(names.iter().map(|name| scan(name)), &finished).unwrap();
        let mut done = done.into_inner().unwrap();
        done.sort();
        done
    }

    #[test]
    fn bad_pages_never_stop_the_batch() {
        let done =
            run(&["1", "2-bad", "3-deadly", "4", "5-slow", "6", "7-deadly", "8"], &AtomicBool::new(false));
        let read: Vec<_> = done.iter().filter(|(_, read)| *read).map(|(name, _)| name.as_str()).collect();
        assert_eq!(done.len(), 8);
        assert_eq!(read, ["1", "4", "6", "8"]);
    }

    #[test]
    fn a_stop_starts_no_more_pages() {
        let stop = AtomicBool::new(true);
        assert!(run(&["1", "2"], &stop).is_empty());
        stop.store(false, Ordering::Relaxed);
        assert_eq!(run(&["1", "2"], &stop).len(), 2);
    }
}
