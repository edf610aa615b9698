//! What all requests share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::papers::Papers;
use super::pictures::Pictures;
use super::readers::Readers;
use super::writer::Writer;
use crate::reread::Rereader;
use crate::store::{Store, StoreError};

/// Passwords that are tried at the same time: each costs 20 ms of a core.
const PASSWORDS_AT_ONCE: usize = 2;

/// What all requests share.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    /// Reads the store.
    pub readers: Readers,
    /// Writes the store.
    pub writer: Writer,
    /// Cuts pictures out of pages.
    pub pictures: Arc<Pictures>,
    /// Reads boxes that people draw.
    pub rereader: Arc<Rereader>,
    /// Whether cookies travel over TLS only.
    pub secure: bool,
    /// Holds back who tries passwords.
    pub attempts: Arc<Attempts>,
    /// How many fields wait.
    pub waiting: Waiting,
    /// Makes papers.
    pub papers: Papers,
    /// Passwords being tried.
    pub trying: Arc<Semaphore>,
}

impl Shared {
    /// For a store that is read and written through these.
    pub fn new(
        readers: Readers,
        writer: Writer,
        pictures: Pictures,
        rereader: Rereader,
        secure: bool,
    ) -> Self {
        Self {
            readers,
            writer,
            pictures: Arc::new(pictures),
            rereader: Arc::new(rereader),
            secure,
            attempts: Arc::default(),
            waiting: Waiting::default(),
            papers: Papers::default(),
            trying: Arc::new(Semaphore::new(PASSWORDS_AT_ONCE)),
        }
    }
}

/// How long a count of half a million fields is good enough to show.
const COUNT_HOLDS: Duration = Duration::from_secs(10);

/// How many fields wait in the queue, counted now and then: counting takes longer than an answer may.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting(Arc<Mutex<Option<(Instant, u64)>>>);

impl Waiting {
    /// The count, as it was within the last seconds.
    pub fn of(&self, store: &Store) -> Result<u64, StoreError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, count)) = *known
            && at.elapsed() < COUNT_HOLDS
        {
            return Ok(count);
        }
        let count = store.waiting()?;
        *known = Some((Instant::now(), count));
        Ok(count)
    }
}

/// Attempts before anybody has to wait.
const FREE_ATTEMPTS: u32 = 5;
/// The longest anybody has to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// Names remembered at most.
const NAMES: usize = 10_000;

/// Failed attempts to sign in, by the name that was tried.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    failed: Mutex<HashMap<String, (u32, Instant)>>,
}

impl Attempts {
    /// How long `name` must wait before the next attempt, if at all: after five failures twice as long
    /// each time.
    pub fn wait(&self, name: &str, now: Instant) -> Option<Duration> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, last) = failed.get(name)?;
        let over = count.checked_sub(FREE_ATTEMPTS)?;
        let wait = Duration::from_secs(1 << over.min(16)).min(LONGEST_WAIT);
        (*last + wait).checked_duration_since(now).filter(|left| !left.is_zero())
    }

    /// Notes a failure.
    pub fn failed(&self, name: &str, now: Instant) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.len() >= NAMES {
            failed.retain(|_, (_, last)| now.duration_since(*last) < LONGEST_WAIT);
        }
        let (count, last) = failed.entry(name.to_owned()).or_insert((0, now));
        (*count, *last) = (*count + 1, now);
    }

    /// Forgets the failures of `name`.
    pub fn succeeded(&self, name: &str) {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Attempts;

    #[test]
    fn who_fails_often_waits_longer_each_time() {
        let (attempts, start) = (Attempts::default(), Instant::now());
        for _ in 0..4 {
            attempts.failed("lan", start);
            assert_eq!(attempts.wait("lan", start), None);
        }
        attempts.failed("lan", start);
        assert_eq!(attempts.wait("lan", start), Some(Duration::from_secs(1)));
        attempts.failed("lan", start);
        assert_eq!(attempts.wait("lan", start), Some(Duration::from_secs(2)));
        assert_eq!(attempts.wait("lan", start + Duration::from_secs(3)), None);
        (0..40).for_each(|_| attempts.failed("lan", start));
        assert_eq!(attempts.wait("lan", start), Some(Duration::from_secs(300)));
        assert_eq!(attempts.wait("minh", start), None);
        attempts.succeeded("lan");
        assert_eq!(attempts.wait("lan", start), None);
    }
}
