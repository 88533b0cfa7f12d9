use crate::connection::open_writer;
use crate::data_dir::{DataDir, DataLock};
use crate::job::{Completion, Done, Job, Work};
use crate::readers::Readers;
use crate::writer::Writer;
use crate::{StoreBusy, StoreError};
use atrium_protocol::RoomId;
use atrium_room::Record;
use crossbeam_channel::{TrySendError, bounded};
use rusqlite::Connection;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The database of a data directory; clones are handles to the same. When the last one goes, everything that was
/// handed to it is stored first.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

// The fields are dropped in this order: the lock goes last.
struct Inner {
    writer: Writer,
    readers: Readers,
    _lock: DataLock,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.writer.stop();
    }
}

/// What the writer has done since the store was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreStats {
    /// Jobs on disk.
    pub stored_jobs: u64,
    /// Jobs of which nothing was stored.
    pub failed_jobs: u64,
    /// Transactions; each costs one `fsync`.
    pub commits: u64,
    /// Time spent in them, from their beginning to the end of their `fsync`.
    pub commit_time: Duration,
    /// Jobs that wait now.
    pub queued_jobs: usize,
}

impl Store {
    /// Opens the store in `data_dir`, creating and migrating what is not there. Several processes may have it open.
    ///
    /// # Errors
    /// A [`StoreError`] that says what is wrong with the directory or the database.
    pub fn open(data_dir: &Path) -> Result<Self, StoreError> {
        let data_dir = DataDir::prepare(data_dir)?;
        let lock = data_dir.lock_shared()?;
        let writer = Writer::start(open_writer(&data_dir)?)?;
        Ok(Self(Arc::new(Inner { writer, readers: Readers::open(&data_dir)?, _lock: lock })))
    }

    /// Hands records over to be stored, all or none, after those that were handed over before. Never waits.
    /// `done` runs on the writer's thread after they are on disk, or when nothing of them is.
    ///
    /// # Errors
    /// [`StoreBusy`] gives the records back when too much is waiting already; `done` is not called then.
    pub fn persist(&self, room: &RoomId, records: Vec<Record>, done: Done) -> Result<(), StoreBusy> {
        let work = Work::Records { room: room.clone(), records };
        self.0.writer.try_submit(Job { work, completion: Completion::new(done) }).map_err(|refused| {
            let closed = matches!(refused, TrySendError::Disconnected(_));
            let job = refused.into_inner();
            job.completion.forget();
            match job.work {
                Work::Records { records, .. } => StoreBusy { records, closed },
                Work::Call(_) => StoreBusy { records: Vec::new(), closed },
            }
        })
    }

    /// As [`Self::persist`], and waits until the records are on disk.
    ///
    /// # Errors
    /// [`StoreError`] when nothing of them is.
    pub fn persist_blocking(&self, room: &RoomId, records: Vec<Record>) -> Result<(), StoreError> {
        self.submit_and_wait(Work::Records { room: room.clone(), records })
    }

    /// What the writer has done so far.
    pub fn stats(&self) -> StoreStats {
        let counters = &self.0.writer.counters;
        StoreStats {
            stored_jobs: counters.stored_jobs.load(Ordering::Relaxed),
            failed_jobs: counters.failed_jobs.load(Ordering::Relaxed),
            commits: counters.commits.load(Ordering::Relaxed),
            commit_time: Duration::from_nanos(counters.commit_nanos.load(Ordering::Relaxed)),
            queued_jobs: self.0.writer.queued_jobs(),
        }
    }

    /// Stores what was handed over and takes nothing more, on any handle. Lookups go on.
    pub fn shutdown(&self) {
        self.0.writer.stop();
    }

    /// Runs `work` in a transaction (twice, when the first comes to nothing) and waits until it is on disk.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let answer = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&answer);
        self.submit_and_wait(Work::Call(Box::new(move |connection| {
            let value = work(connection)?;
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
            Ok(())
        })))?;
        answer.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or(StoreError::Closed)
    }

    /// Runs a lookup; all that it sees is of one moment.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.0.readers.read(look)
    }

    fn submit_and_wait(&self, work: Work) -> Result<(), StoreError> {
        let (sender, receiver) = bounded(1);
        let done: Done = Box::new(move |result| drop(sender.send(result)));
        self.0.writer.submit(Job { work, completion: Completion::new(done) });
        receiver.recv().unwrap_or(Err(StoreError::Closed))
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
