//! Reading the store: a few connections, handed out one to a request, off the threads that serve.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::store::{Store, StoreError};

/// Connections kept open.
const KEPT: usize = 8;

/// Connections to read through.
#[derive(Clone, Debug)]
pub(super) struct Readers {
    folder: Arc<PathBuf>,
    free: Arc<Mutex<Vec<Store>>>,
}

impl Readers {
    /// Connections to the store in `folder`.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder: Arc::new(folder), free: Arc::default() }
    }

    /// The folder of the store.
    pub fn folder(&self) -> Arc<PathBuf> {
        Arc::clone(&self.folder)
    }

    /// Reads.
    ///
    /// # Errors
    /// Those of `read`, and those of opening the store.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let readers = self.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let store = match readers.take() {
                Some(store) => store,
                None => Store::open_read(&readers.folder)?,
            };
            let result = read(&store);
            readers.give_back(store);
            result
        });
        reading.await.unwrap_or(Err(StoreError::Busy))
    }

    fn take(&self) -> Option<Store> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn give_back(&self, store: Store) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < KEPT {
            free.push(store);
        }
    }
}
