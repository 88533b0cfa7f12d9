use crate::StoreError;
use crate::connection::open_reader;
use crate::data_dir::DataDir;
use crossbeam_channel::{Receiver, Sender, bounded};
use rusqlite::Connection;

/// Lookups that may run at the same time.
const CONNECTIONS: usize = 2;

/// A few connections for lookups; whoever finds none idle waits for one.
pub(crate) struct Readers {
    idle: Receiver<Connection>,
    give_back: Sender<Connection>,
}

impl Readers {
    pub(crate) fn open(data_dir: &DataDir) -> Result<Self, StoreError> {
        let (give_back, idle) = bounded(CONNECTIONS);
        let readers = Self { idle, give_back };
        for _ in 0..CONNECTIONS {
            readers.put_back(open_reader(data_dir)?);
        }
        Ok(readers)
    }

    /// All that `look` sees is of one moment.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let connection = self.idle.recv().map_err(|_| StoreError::Closed)?;
        let borrowed = Borrowed { connection: Some(connection), readers: self };
        let Some(connection) = &borrowed.connection else { return Err(StoreError::Closed) };
        let snapshot = connection.unchecked_transaction()?;
        look(&snapshot)
    }

    fn put_back(&self, connection: Connection) {
        // There is always a place free, because none but these connections come here.
        let _ = self.give_back.try_send(connection);
    }
}

/// Goes back even when a lookup panics.
struct Borrowed<'a> {
    connection: Option<Connection>,
    readers: &'a Readers,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.readers.put_back(connection);
        }
    }
}
