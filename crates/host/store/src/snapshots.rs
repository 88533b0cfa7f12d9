use crate::columns::{HashColumn, integer, read_unsigned};
use crate::records::room_key;
use crate::{Store, StoreError};
use atrium_protocol::{BoardId, ContentHash, RoomId};
use rusqlite::{Connection, OptionalExtension, params};

/// A board's document as of one operation; what is in the bytes is not the store's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSnapshot {
    /// The last operation that is in it.
    pub sequence: u64,
    /// The document, written down.
    pub data: Vec<u8>,
    /// The bytes are those that were stored. Others are of no use.
    pub is_intact: bool,
}

impl Store {
    /// The newest snapshot of a board among those with a sequence number under `below`. A caller who cannot use it asks
    /// for the one before: the log goes on from each.
    ///
    /// # Errors
    /// [`StoreError::NoRoom`], or what the disk or the database says.
    pub fn snapshot(&self, room: &RoomId, board: BoardId, below: u64) -> Result<Option<StoredSnapshot>, StoreError> {
        let below = i64::try_from(below).unwrap_or(i64::MAX);
        self.read(|connection| {
            let key = room_key(connection, room)?;
            connection
                .prepare_cached(
                    "SELECT sequence, hash, data FROM board_snapshots
                     WHERE room = ?1 AND board = ?2 AND sequence < ?3 ORDER BY sequence DESC LIMIT 1",
                )?
                .query_and_then(params![key, board.0, below], |row| {
                    let (HashColumn(hash), data) = (row.get(1)?, row.get::<_, Vec<u8>>(2)?);
                    let is_intact = ContentHash::of(&data) == hash;
                    Ok(StoredSnapshot { sequence: read_unsigned(row, 0)?, data, is_intact })
                })?
                .next()
                .transpose()
        })
    }

    /// Where a board stands: the last operation of its newest snapshot, and its last operation of all. Both are 0 for
    /// one that nobody has drawn on.
    ///
    /// # Errors
    /// [`StoreError::NoRoom`], or what the disk or the database says.
    pub fn board_extent(&self, room: &RoomId, board: BoardId) -> Result<(u64, u64), StoreError> {
        self.read(|connection| {
            let key = room_key(connection, room)?;
            let last = |table| {
                let sql = format!("SELECT max(sequence) FROM {table} WHERE room = ?1 AND board = ?2");
                let last: Option<i64> =
                    connection.prepare_cached(&sql)?.query_row(params![key, board.0], |row| row.get(0))?;
                Ok::<_, StoreError>(u64::try_from(last.unwrap_or(0)).unwrap_or(0))
            };
            let (snapshot, log) = (last("board_snapshots")?, last("board_log")?);
            Ok((snapshot, log.max(snapshot)))
        })
    }

    /// The boards of a room that were drawn on.
    ///
    /// # Errors
    /// [`StoreError::NoRoom`], or what the disk or the database says.
    pub fn drawn_boards(&self, room: &RoomId) -> Result<Vec<BoardId>, StoreError> {
        self.read(|connection| {
            let key = room_key(connection, room)?;
            connection
                .prepare_cached(
                    "SELECT board FROM board_log WHERE room = ?1 UNION SELECT board FROM board_snapshots WHERE room = ?1
                     ORDER BY board",
                )?
                .query_and_then([key], |row| Ok(BoardId(row.get(0)?)))?
                .collect()
        })
    }

    /// Stores a board's document as of operation `sequence`, in place of earlier ones that the log can make up for, and
    /// waits until it is on disk.
    ///
    /// # Errors
    /// [`StoreError`] when nothing of it is.
    pub fn put_snapshot(&self, room: &RoomId, board: BoardId, sequence: u64, data: Vec<u8>) -> Result<(), StoreError> {
        let (room, hash) = (room.clone(), ContentHash::of(&data));
        self.write(move |connection| {
            let key = room_key(connection, &room)?;
            insert_snapshot(connection, key, board, sequence, hash, &data)?;
            connection
                .prepare_cached(
                    "DELETE FROM board_snapshots WHERE room = ?1 AND board = ?2 AND sequence < ?3 AND sequence >=
                     coalesce((SELECT min(sequence) FROM board_log WHERE room = ?1 AND board = ?2), ?3)",
                )?
                .execute(params![key, board.0, integer(sequence)?])?;
            Ok(())
        })
    }
}

pub(crate) fn insert_snapshot(
    connection: &Connection,
    key: i64,
    board: BoardId,
    sequence: u64,
    hash: ContentHash,
    data: &[u8],
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO board_snapshots (room, board, sequence, hash, data) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET hash = excluded.hash, data = excluded.data",
        )?
        .execute(params![key, board.0, integer(sequence)?, HashColumn(hash), data])?;
    Ok(())
}

/// The sequence number that a board's log goes on after when nothing is in it yet.
pub(crate) fn newest_snapshot(connection: &Connection, key: i64, board: u16) -> Result<Option<i64>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT max(sequence) FROM board_snapshots WHERE room = ?1 AND board = ?2")?
        .query_row(params![key, board], |row| row.get(0))
        .optional()?
        .flatten())
}
