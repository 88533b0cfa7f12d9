use crate::columns::{HashColumn, read_unsigned};
use crate::records::room_key;
use crate::{Store, StoreError};
use atrium_protocol::{ContentHash, RoomId};
use rusqlite::{Connection, OptionalExtension, params};

/// What an image counts for at least, so that many tiny ones do not come for free.
const COUNTED_MIN: usize = 4_096;

/// A picture on a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredImage {
    /// SHA-256 of its bytes.
    pub hash: ContentHash,
    /// What the bytes are, as HTTP says it.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl StoredImage {
    /// What it takes of a room's quota.
    pub fn counted(&self) -> u64 {
        self.bytes.len().max(COUNTED_MIN) as u64
    }
}

/// What became of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImagePut {
    /// It is on disk, now or since earlier.
    Stored,
    /// The room's images would be more than it may have.
    OverQuota,
}

impl Store {
    /// Stores an image, if the room's images stay within `quota_bytes`, and waits until it is on disk.
    ///
    /// # Errors
    /// [`StoreError`] when it is not.
    pub fn put_image(&self, room: &RoomId, image: StoredImage, quota_bytes: u64) -> Result<ImagePut, StoreError> {
        let room = room.clone();
        self.write(move |connection| {
            let key = room_key(connection, &room)?;
            let is_known = connection
                .prepare_cached("SELECT 1 FROM images WHERE room = ?1 AND hash = ?2")?
                .exists(params![key, HashColumn(image.hash)])?;
            if is_known {
                return Ok(ImagePut::Stored);
            }
            let used: u64 = connection
                .prepare_cached("SELECT coalesce(sum(counted), 0) FROM images WHERE room = ?1")?
                .query_row([key], |row| row.get::<_, i64>(0))
                .map(|used| u64::try_from(used).unwrap_or(u64::MAX))?;
            if used.saturating_add(image.counted()) > quota_bytes {
                return Ok(ImagePut::OverQuota);
            }
            insert_image(connection, key, &image)?;
            Ok(ImagePut::Stored)
        })
    }

    /// An image of a room.
    ///
    /// # Errors
    /// [`StoreError::NoRoom`], or what the disk or the database says.
    pub fn image(&self, room: &RoomId, hash: ContentHash) -> Result<Option<StoredImage>, StoreError> {
        self.read(|connection| {
            let key = room_key(connection, room)?;
            let found = connection
                .prepare_cached("SELECT media_type, bytes FROM images WHERE room = ?1 AND hash = ?2")?
                .query_row(params![key, HashColumn(hash)], |row| {
                    Ok(StoredImage { hash, media_type: row.get(0)?, bytes: row.get(1)? })
                })
                .optional()?;
            Ok(found)
        })
    }

    /// The images of a room, with the size of each in bytes.
    ///
    /// # Errors
    /// [`StoreError::NoRoom`], or what the disk or the database says.
    pub fn images(&self, room: &RoomId) -> Result<Vec<(ContentHash, u64)>, StoreError> {
        self.read(|connection| {
            let key = room_key(connection, room)?;
            connection
                .prepare_cached("SELECT hash, length(bytes) FROM images WHERE room = ?1 ORDER BY hash")?
                .query_and_then([key], |row| {
                    let HashColumn(hash) = row.get(0)?;
                    Ok((hash, read_unsigned(row, 1)?))
                })?
                .collect()
        })
    }
}

pub(crate) fn insert_image(connection: &Connection, key: i64, image: &StoredImage) -> Result<(), StoreError> {
    let counted = i64::try_from(image.counted()).unwrap_or(i64::MAX);
    connection
        .prepare_cached("INSERT INTO images (room, hash, media_type, counted, bytes) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![key, HashColumn(image.hash), image.media_type, counted, image.bytes])?;
    Ok(())
}
