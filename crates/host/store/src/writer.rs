use crate::StoreError;
use crate::job::Job;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use rusqlite::Connection;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Jobs that may wait; beyond it they are refused and the sender slows down.
const QUEUE_JOBS: usize = 1_024;
/// Most jobs in one transaction.
const GROUP_JOBS: usize = 256;
/// A commit starts this long after the one before: a lone job goes to disk at once, a stream of jobs is grouped.
const GROUP_INTERVAL: Duration = Duration::from_millis(4);

/// The thread that owns the write connection.
pub(crate) struct Writer {
    /// Taken away to stop the thread, which first stores what is in the queue.
    queue: Mutex<Option<Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    pub(crate) counters: Arc<Counters>,
}

/// What the writer has done so far.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) stored_jobs: AtomicU64,
    pub(crate) failed_jobs: AtomicU64,
    pub(crate) commits: AtomicU64,
    pub(crate) commit_nanos: AtomicU64,
}

impl Writer {
    pub(crate) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (queue, jobs) = bounded(QUEUE_JOBS);
        let counters = Arc::<Counters>::default();
        let loop_counters = Arc::clone(&counters);
        let thread = thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || WriterLoop { connection, jobs, counters: loop_counters }.run())
            .map_err(|error| StoreError::Io(format!("no thread for the store: {error}")))?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)), counters })
    }

    /// Gives the job back when the queue is full ([`TrySendError::Full`]) or the writer is gone.
    pub(crate) fn try_submit(&self, job: Job) -> Result<(), TrySendError<Job>> {
        match self.queue() {
            Some(queue) => queue.try_send(job),
            None => Err(TrySendError::Disconnected(job)),
        }
    }

    /// Waits for a place in the queue. A job that comes too late completes with [`StoreError::Closed`].
    pub(crate) fn submit(&self, job: Job) {
        match self.queue() {
            // A job that is not sent is dropped, which completes it.
            Some(queue) => drop(queue.send(job)),
            None => drop(job),
        }
    }

    pub(crate) fn queued_jobs(&self) -> usize {
        self.queue().map_or(0, |queue| queue.len())
    }

    /// Stores what is in the queue, then ends the thread.
    pub(crate) fn stop(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            // A `done` may hold the last handle of the store: the thread cannot wait for its own end.
            && thread.thread().id() != thread::current().id()
            && thread.join().is_err()
        {
            tracing::error!("the store's writer thread panicked; what it acknowledged is on disk");
        }
    }

    fn queue(&self) -> Option<Sender<Job>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct WriterLoop {
    connection: Connection,
    jobs: Receiver<Job>,
    counters: Arc<Counters>,
}

impl WriterLoop {
    fn run(mut self) {
        let mut commit_not_before = Instant::now();
        while let Ok(first) = self.jobs.recv() {
            let group = self.gather(first, commit_not_before);
            self.commit_group(group);
            commit_not_before = Instant::now() + GROUP_INTERVAL;
        }
    }

    fn gather(&self, first: Job, commit_not_before: Instant) -> Vec<Job> {
        let mut group = vec![first];
        while group.len() < GROUP_JOBS {
            match self.jobs.recv_deadline(commit_not_before) {
                Ok(job) => group.push(job),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        group
    }

    fn commit_group(&mut self, mut group: Vec<Job>) {
        let started_at = Instant::now();
        if let Err(error) = self.connection.execute_batch("BEGIN IMMEDIATE") {
            return self.fail(group, &error.into());
        }
        match store_and_commit(&self.connection, &mut group) {
            Ok(results) => {
                self.count_commit(started_at, &results);
                for (job, result) in group.into_iter().zip(results) {
                    job.completion.complete(result);
                }
            }
            Err(error) if group.len() == 1 => self.fail(group, &error),
            Err(error) => {
                // One large job can make a whole group not fit: each gets a transaction of its own.
                tracing::warn!(%error, jobs = group.len(), "a group of jobs failed; storing them one by one");
                for job in group {
                    self.commit_group(vec![job]);
                }
            }
        }
    }

    fn fail(&self, group: Vec<Job>, error: &StoreError) {
        tracing::error!(%error, jobs = group.len(), "nothing of these jobs is stored");
        self.counters.failed_jobs.fetch_add(group.len() as u64, Ordering::Relaxed);
        for job in group {
            job.completion.complete(Err(error.clone()));
        }
    }

    fn count_commit(&self, started_at: Instant, results: &[Result<(), StoreError>]) {
        let failed = results.iter().filter(|result| result.is_err()).count() as u64;
        let stored = results.len() as u64 - failed;
        let nanos = u64::try_from(started_at.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.counters.stored_jobs.fetch_add(stored, Ordering::Relaxed);
        self.counters.failed_jobs.fetch_add(failed, Ordering::Relaxed);
        self.counters.commits.fetch_add(1, Ordering::Relaxed);
        self.counters.commit_nanos.fetch_add(nanos, Ordering::Relaxed);
    }
}

/// Runs a group in the open transaction and commits it. On an error the transaction is gone, and all of the group with it.
fn store_and_commit(connection: &Connection, group: &mut [Job]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    let stored = store_group(connection, group)
        .and_then(|results| connection.execute_batch("COMMIT").map(|()| results).map_err(StoreError::from));
    if stored.is_err() && !connection.is_autocommit() {
        // If even this fails, the next BEGIN says so.
        let _ = connection.execute_batch("ROLLBACK");
    }
    stored
}

fn store_group(connection: &Connection, group: &mut [Job]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    let mut results = Vec::with_capacity(group.len());
    for job in group {
        connection.prepare_cached("SAVEPOINT job")?.execute([])?;
        let result = job.work.apply(connection);
        if connection.is_autocommit() {
            // A full or failing disk can make SQLite roll back the transaction by itself.
            let lost = StoreError::Io("the transaction was rolled back".into());
            return Err(result.err().unwrap_or(lost));
        }
        if result.is_err() {
            connection.prepare_cached("ROLLBACK TO job")?.execute([])?;
        }
        connection.prepare_cached("RELEASE job")?.execute([])?;
        results.push(result);
    }
    Ok(results)
}
