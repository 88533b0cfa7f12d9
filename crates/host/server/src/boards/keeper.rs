use super::load::load_board;
use atrium_board::{SnapshotError, write_snapshot};
use atrium_protocol::{BoardId, RoomId};
use atrium_store::{Store, StoreError};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::collections::HashSet;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Instant;

/// A board is written down again after so many operations: whoever comes late reads no longer a log than this.
pub(crate) const SNAPSHOT_EVERY: u64 = 2_000;
/// Requests that wait; more are left out, since the next operations ask again.
const REQUESTS: usize = 64;
/// Boards that are written down at the same time.
const AT_A_TIME: usize = 2;

/// A board as it is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptSnapshot {
    /// The last operation that is in it.
    pub(crate) sequence: u64,
    pub(crate) data: Vec<u8>,
}

/// Why there is no snapshot.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeeperError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

/// Writes boards down as snapshots, each at most once at a time, on a thread of its own or of whoever asks.
pub(crate) struct BoardKeeper {
    store: Store,
    requests: Sender<Board>,
    busy: Mutex<HashSet<Board>>,
    done: Condvar,
}

type Board = (RoomId, BoardId);

impl BoardKeeper {
    /// # Errors
    /// When the system gives no thread.
    pub(crate) fn start(store: Store) -> std::io::Result<Arc<Self>> {
        let (requests, inbox) = bounded(REQUESTS);
        let keeper = Arc::new(Self { store, requests, busy: Mutex::default(), done: Condvar::new() });
        let weak = Arc::downgrade(&keeper);
        std::thread::Builder::new().name("board-keeper".into()).spawn(move || work(&weak, &inbox))?;
        Ok(keeper)
    }

    /// Asks for a board to be written down soon. Never waits.
    pub(crate) fn request(&self, room: &RoomId, board: BoardId) {
        let _ = self.requests.try_send((room.clone(), board));
    }

    /// A board that lacks at most [`SNAPSHOT_EVERY`] of its operations. May take as long as reading all of it.
    ///
    /// # Errors
    /// What the store says, or that the board is too large to be written down.
    pub(crate) fn snapshot(&self, room: &RoomId, board: BoardId) -> Result<KeptSnapshot, KeeperError> {
        if let Some(fresh) = self.fresh(room, board)? {
            return Ok(fresh);
        }
        let _turn = self.take_turn((room.clone(), board));
        // Somebody else may have asked for the same.
        match self.fresh(room, board)? {
            Some(fresh) => Ok(fresh),
            None => self.write_down(room, board),
        }
    }

    fn fresh(&self, room: &RoomId, board: BoardId) -> Result<Option<KeptSnapshot>, StoreError> {
        let (written, last) = self.store.board_extent(room, board)?;
        if written == 0 || last - written > SNAPSHOT_EVERY {
            return Ok(None);
        }
        let stored = self.store.snapshot(room, board, last.saturating_add(1))?;
        let intact = stored.filter(|stored| stored.is_intact && stored.sequence == written);
        Ok(intact.map(|stored| KeptSnapshot { sequence: stored.sequence, data: stored.data }))
    }

    fn write_down(&self, room: &RoomId, board: BoardId) -> Result<KeptSnapshot, KeeperError> {
        let start = Instant::now();
        let (_, last) = self.store.board_extent(room, board)?;
        let document = load_board(&self.store, room, board, last)?.document;
        let (sequence, elements) = (document.sequence(), document.len());
        let data = write_snapshot(&document)?;
        let (bytes, took) = (data.len(), start.elapsed());
        tracing::debug!(%room, board = board.0, sequence, elements, bytes, ?took, "a board is written down");
        metrics::counter!("atrium_board_snapshots_total").increment(1);
        metrics::gauge!("atrium_board_snapshot_last_seconds").set(took.as_secs_f64());
        if sequence > 0
            && let Err(error) = self.store.put_snapshot(room, board, sequence, data.clone())
        {
            // Nothing is lost: the log has it all.
            tracing::warn!(%room, board = board.0, %error, "a snapshot cannot be stored");
        }
        Ok(KeptSnapshot { sequence, data })
    }

    /// Waits until nobody writes this board down, and few do others.
    fn take_turn(&self, board: Board) -> Turn<'_> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        while busy.contains(&board) || busy.len() >= AT_A_TIME {
            busy = self.done.wait(busy).unwrap_or_else(PoisonError::into_inner);
        }
        busy.insert(board.clone());
        Turn { keeper: self, board }
    }
}

struct Turn<'a> {
    keeper: &'a BoardKeeper,
    board: Board,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.keeper.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.board);
        self.keeper.done.notify_all();
    }
}

/// Ends when nobody holds the keeper any more.
fn work(keeper: &Weak<BoardKeeper>, inbox: &Receiver<Board>) {
    while let Ok((room, board)) = inbox.recv() {
        let Some(keeper) = keeper.upgrade() else { return };
        match keeper.snapshot(&room, board) {
            Ok(_) => {}
            // The room was deleted, or the server stops.
            Err(KeeperError::Store(StoreError::NoRoom(_) | StoreError::Closed)) => {}
            Err(error) => tracing::warn!(%room, board = board.0, %error, "a board cannot be written down"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boards::test_boards::{BOARD, Drawn, rectangle};
    use atrium_board::read_snapshot;
    use std::time::Duration;

    fn of(keeper: &BoardKeeper, drawn: &Drawn) -> (u64, usize) {
        let kept = keeper.snapshot(&drawn.room, BOARD).unwrap();
        let document = read_snapshot(&kept.data).unwrap();
        assert_eq!(document.sequence(), kept.sequence);
        (kept.sequence, document.len())
    }

    #[test]
    fn a_board_is_written_down_when_its_log_has_grown_long() {
        let mut drawn = Drawn::new();
        let keeper = BoardKeeper::start(drawn.store.clone()).unwrap();
        assert_eq!(of(&keeper, &drawn), (0, 0), "nobody has drawn");
        assert_eq!(drawn.store.snapshot(&drawn.room, BOARD, 9).unwrap(), None, "nothing is worth storing");
        drawn.append(vec![rectangle(1)]);
        assert_eq!(of(&keeper, &drawn), (1, 1));
        drawn.append_many(SNAPSHOT_EVERY);
        assert_eq!(of(&keeper, &drawn), (1, 1), "the rest comes over the lane");
        drawn.append(vec![rectangle(2)]);
        assert_eq!(of(&keeper, &drawn), (SNAPSHOT_EVERY + 2, SNAPSHOT_EVERY as usize + 2));
    }

    #[test]
    fn many_who_ask_at_once_get_one_snapshot() {
        let mut drawn = Drawn::new();
        drawn.append_many(3_000);
        let keeper = BoardKeeper::start(drawn.store.clone()).unwrap();
        let jobs = drawn.store.stats().stored_jobs;
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(of(&keeper, &drawn), (3_000, 3_000)));
            }
        });
        assert_eq!(drawn.store.stats().stored_jobs - jobs, 1);
    }

    #[test]
    fn a_request_is_fulfilled_in_a_moment_and_the_thread_ends_with_its_keeper() {
        let mut drawn = Drawn::new();
        drawn.append_many(2_500);
        let keeper = BoardKeeper::start(drawn.store.clone()).unwrap();
        keeper.request(&drawn.room, BOARD);
        keeper.request(&RoomId::parse("nowhere").unwrap(), BOARD);
        let deadline = Instant::now() + Duration::from_secs(20);
        while drawn.store.board_extent(&drawn.room, BOARD).unwrap().0 == 0 {
            assert!(Instant::now() < deadline, "no snapshot");
            std::thread::sleep(Duration::from_millis(5));
        }
        let weak = Arc::downgrade(&keeper);
        drop(keeper);
        while weak.strong_count() > 0 {
            assert!(Instant::now() < deadline, "the thread holds on");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_damaged_snapshot_is_written_anew() {
        let mut drawn = Drawn::new();
        drawn.append_many(10);
        let keeper = BoardKeeper::start(drawn.store.clone()).unwrap();
        assert_eq!(of(&keeper, &drawn), (10, 10));
        let raw = rusqlite::Connection::open(drawn.folder.path().join("atrium.sqlite3")).unwrap();
        raw.execute("UPDATE board_snapshots SET data = x'00'", []).unwrap();
        assert_eq!(of(&keeper, &drawn), (10, 10));
        assert!(drawn.store.snapshot(&drawn.room, BOARD, 11).unwrap().unwrap().is_intact);
    }
}
