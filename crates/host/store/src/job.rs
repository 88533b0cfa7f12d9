use crate::{StoreError, records};
use atrium_protocol::RoomId;
use atrium_room::Record;
use rusqlite::Connection;

/// Told once whether a job is on disk, on the writer's thread: it must be quick, and must not wait for the store.
pub type Done = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// Work for a transaction; it may run twice, when the first transaction comes to nothing.
pub(crate) type Call = Box<dyn FnMut(&Connection) -> Result<(), StoreError> + Send>;

pub(crate) enum Work {
    Records { room: RoomId, records: Vec<Record> },
    Call(Call),
}

impl Work {
    pub(crate) fn apply(&mut self, connection: &Connection) -> Result<(), StoreError> {
        match self {
            Self::Records { room, records } => records::store(connection, room, records),
            Self::Call(call) => call(connection),
        }
    }
}

/// Something to be stored, all of it or nothing.
pub(crate) struct Job {
    pub(crate) work: Work,
    pub(crate) completion: Completion,
}

/// Makes sure that whoever waits for a job hears of it, even when the writer is gone.
pub(crate) struct Completion(Option<Done>);

impl Completion {
    pub(crate) fn new(done: Done) -> Self {
        Self(Some(done))
    }

    pub(crate) fn complete(mut self, result: Result<(), StoreError>) {
        if let Some(done) = self.0.take() {
            done(result);
        }
    }

    /// Whoever waits hears in another way.
    pub(crate) fn forget(mut self) {
        self.0 = None;
    }
}

impl Drop for Completion {
    fn drop(&mut self) {
        if let Some(done) = self.0.take() {
            done(Err(StoreError::Closed));
        }
    }
}
