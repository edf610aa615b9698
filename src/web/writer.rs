//! The one thread that writes: requests hand it work, what is there at the same moment goes into one
//! transaction, and nobody hears of success before it is on the disk.

use std::thread;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use crate::store::{Desk, DeskTransaction, StoreError};

/// The most pieces of work in one transaction.
const TOGETHER: usize = 64;
/// Pieces of work that may wait; more make requests wait.
const WAITING: usize = 1024;

/// Work within a transaction, or nothing when none could be begun. It gives back how to tell whoever asked, once
/// it is known to hold.
type Work = Box<dyn FnOnce(Option<&DeskTransaction<'_>>) -> Tell + Send>;
/// Tells whoever asked; the error when the transaction could not be committed.
type Tell = Box<dyn FnOnce(Option<StoreError>) + Send>;

/// Hands work to the thread that writes.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    work: mpsc::Sender<Work>,
}

impl Writer {
    /// Starts the thread; it ends when every `Writer` is gone, after what was handed to it.
    pub fn start(mut desk: Desk) -> (Self, thread::JoinHandle<()>) {
        let (work, mut waiting) = mpsc::channel::<Work>(WAITING);
        let thread = thread::spawn(move || {
            while let Some(first) = waiting.blocking_recv() {
                let mut together = vec![first];
                while together.len() < TOGETHER
                    && let Ok(next) = waiting.try_recv()
                {
                    together.push(next);
                }
                write(&mut desk, together);
            }
        });
        (Self { work }, thread)
    }

    /// Does `work` in a transaction, whole or not at all, and waits until it holds.
    ///
    /// # Errors
    /// Those of `work`, and those of committing it.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&DeskTransaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (tell, told) = oneshot::channel();
        let work: Work = Box::new(move |transaction: Option<&DeskTransaction<'_>>| {
            let result = transaction.map_or(Err(StoreError::Busy), |transaction| transaction.part(work));
            Box::new(move |failure| {
                let _ = tell.send(match failure {
                    None => result,
                    Some(failure) => Err(failure),
                });
            })
        });
        self.work.send(work).await.map_err(|_| StoreError::Busy)?;
        told.await.map_err(|_| StoreError::Busy)?
    }
}

/// Does all of `together` in one transaction and tells everybody.
fn write(desk: &mut Desk, together: Vec<Work>) {
    let (told, failure): (Vec<Tell>, Option<StoreError>) = match desk.begin(Timestamp::now()) {
        Ok(transaction) => {
            let told = together.into_iter().map(|work| work(Some(&transaction))).collect();
            (told, transaction.commit().err())
        }
        Err(error) => (together.into_iter().map(|work| work(None)).collect(), Some(error)),
    };
    for tell in told {
        tell(failure.as_ref().map(StoreError::told_again));
    }
}

#[cfg(test)]
mod tests {
    use super::Writer;
    use crate::domain::Role;
    use crate::store::{Store, StoreError};

    #[test]
    fn much_at_once_is_written_and_each_piece_for_itself() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, thread) = Writer::start(Store::open_desk(folder.path()).unwrap());
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        runtime.block_on(async {
            let tasks: Vec<_> = (0..200)
                .map(|number| {
                    let writer = writer.clone();
                    let name = format!("account {}", number / 2);
                    tokio::spawn(async move {
                        writer.write(move |desk| desk.add_account(&name, "", &[Role::Clerk], "test")).await
                    })
                })
                .collect();
            let mut refused = 0;
            for task in tasks {
                match task.await.unwrap() {
                    Ok(_) => {}
                    Err(StoreError::Unstorable { .. }) => refused += 1,
                    Err(error) => panic!("{error}"),
                }
            }
            assert_eq!(refused, 100);
        });
        drop(writer);
        thread.join().unwrap();
        assert_eq!(Store::open_read(folder.path()).unwrap().accounts().unwrap().len(), 100);
    }
}
