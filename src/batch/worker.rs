//! One worker process as the batch sees it: asked for one scan at a time, watched by the clock,
//! replaced when it dies. A page that hangs, crashes the engine or eats all memory takes down its
//! worker only, never the batch.

use std::io::{BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use super::protocol::{Answer, Request};
use crate::domain::{FailureReason, ScanResult};

/// How long a worker may take to warm its engine.
const START_BUDGET: Duration = Duration::from_secs(60);

/// No worker can be had.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The program could not be started again.
    #[error("a worker process could not be started: {0}")]
    Start(#[from] std::io::Error),
    /// The worker came up but the engine did not.
    #[error("{0}")]
    Unavailable(String),
    /// The worker died or hung before it was ready.
    #[error("a worker process ended before it was ready: run `hotich doctor`")]
    NotReady,
}

/// A worker that is ready for a scan.
#[derive(Debug)]
pub struct Worker {
    child: Child,
    requests: Option<ChildStdin>,
    answers: Receiver<Answer>,
}

impl Worker {
    /// Starts a worker and waits until its engine is warm.
    ///
    /// # Errors
    /// When it cannot be started or its engine is missing.
    pub fn start(mut command: Command) -> Result<Self, WorkerError> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (requests, output) = (child.stdin.take(), child.stdout.take());
        let (sender, answers) = channel();
        if let Some(output) = output {
            std::thread::spawn(move || {
                let mut output = BufReader::new(output);
                while let Ok(answer) = Answer::read(&mut output) {
                    if sender.send(answer).is_err() {
                        break;
                    }
                }
            });
        }
        let worker = Self { child, requests, answers };
        match worker.answers.recv_timeout(START_BUDGET) {
            Ok(Answer::Ready) => Ok(worker),
            Ok(Answer::Unavailable(message)) => Err(WorkerError::Unavailable(message)),
            _ => Err(WorkerError::NotReady),
        }
    }

    /// Has one scan read within `budget`. The second value says whether the worker can go on.
    pub fn read(&mut self, request: &Request, budget: Duration) -> (ScanResult, Vec<(String, f64)>, bool) {
        if self.ask(request).is_err() {
            return (self.crashed(), Vec::new(), false);
        }
        match self.answers.recv_timeout(budget) {
            Ok(Answer::Ended(result, timings)) => (result, timings, true),
            Ok(_) | Err(RecvTimeoutError::Disconnected) => (self.crashed(), Vec::new(), false),
            Err(RecvTimeoutError::Timeout) => (out_of_time(budget), Vec::new(), false),
        }
    }

    fn ask(&mut self, request: &Request) -> std::io::Result<()> {
        let Some(requests) = self.requests.as_mut() else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        serde_json::to_writer(&mut *requests, request)?;
        requests.write_all(b"\n")?;
        requests.flush()
    }

    /// The worker's death, as the reason its page failed.
    fn crashed(&mut self) -> ScanResult {
        let how = self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        ScanResult::Failed {
            reason: FailureReason::Crashed,
            message: format!("the worker process died on this page ({how}): please report it with the page"),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Without requests a healthy worker ends by itself; one that hangs is made to.
        self.requests = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn out_of_time(budget: Duration) -> ScanResult {
    ScanResult::Failed {
        reason: FailureReason::OutOfTime,
        message: format!(
            "not read within {} s and given up: run `hotich retry --page-seconds` with more time",
            budget.as_secs()
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::Duration;

    use super::{Worker, WorkerError};
    use crate::batch::protocol::Request;
    use crate::domain::{BookCover, ContentHash, FailureReason, Scan, ScanName, ScanResult};

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn request() -> Request {
        let scan = Scan {
            name: ScanName("book/1.jpg".into()),
            path: "/book/1.jpg".into(),
            hash: ContentHash([0; 32]),
            page: 0,
            page_count: 1,
            book: "book".into(),
        };
        Request::new(&scan, &BookCover::default()).unwrap()
    }

    fn reason(script: &str) -> (FailureReason, bool) {
        let mut worker = Worker::start(shell(script)).unwrap();
        let (result, _, goes_on) = worker.read(&request(), Duration::from_millis(300));
        let ScanResult::Failed { reason, .. } = result else { panic!("read by a shell script") };
        (reason, goes_on)
    }

    #[test]
    fn a_page_that_hangs_is_given_up() {
        assert_eq!(reason("echo '\"ready\"'; exec sleep 60"), (FailureReason::OutOfTime, false));
    }

    #[test]
    fn a_page_that_kills_its_worker_is_told_apart() {
        assert_eq!(reason("echo '\"ready\"'; read line; kill -SEGV $$"), (FailureReason::Crashed, false));
    }

    #[test]
    fn an_answer_of_nonsense_is_a_crash() {
        assert_eq!(reason("echo '\"ready\"'; read line; echo nonsense"), (FailureReason::Crashed, false));
    }

    #[test]
    fn a_failure_is_passed_on_and_the_worker_goes_on() {
        let answer = r#"{"failed":{"reason":"bad_file","message":"empty","timings":[]}}"#;
        let script = format!("echo '\"ready\"'; read line; echo '{answer}'; exec sleep 60");
        assert_eq!(reason(&script), (FailureReason::BadFile, true));
    }

    #[test]
    fn a_missing_engine_is_reported_at_the_start() {
        let started = Worker::start(shell(r#"echo '{"unavailable":"install it"}'"#));
        assert!(matches!(started, Err(WorkerError::Unavailable(message)) if message == "install it"));
        assert!(matches!(Worker::start(shell("exit 1")), Err(WorkerError::NotReady)));
    }
}
