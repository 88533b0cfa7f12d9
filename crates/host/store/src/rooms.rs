use crate::columns::{read_room, read_time, time};
use crate::records::room_key;
use crate::{Store, StoreError};
use atrium_protocol::{Micros, RoomId};
use rusqlite::{Row, params};

/// A room as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRow {
    /// Its name.
    pub room: RoomId,
    /// The place that it is held in.
    pub place: String,
    /// When it was created.
    pub created_at: Micros,
}

impl Store {
    /// Creates a room held in `place`; `false`: it exists already and stays as it is.
    ///
    /// # Errors
    /// What the disk or the database says.
    pub fn create_room(&self, room: &RoomId, place: &str, created_at: Micros) -> Result<bool, StoreError> {
        let (name, place, created_at) = (room.clone(), place.to_owned(), time(created_at)?);
        self.write(move |connection| {
            let created = connection
                .prepare_cached(
                    "INSERT INTO rooms (name, place, created_at_us) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                )?
                .execute(params![name.as_str(), place, created_at])?;
            Ok(created > 0)
        })
    }

    /// Whether there is a room of that name.
    ///
    /// # Errors
    /// What the disk or the database says.
    pub fn room_exists(&self, room: &RoomId) -> Result<bool, StoreError> {
        match self.read(|connection| room_key(connection, room)) {
            Ok(_) => Ok(true),
            Err(StoreError::NoRoom(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// One room.
    ///
    /// # Errors
    /// [`StoreError::NoRoom`], or what the disk or the database says.
    pub fn room(&self, room: &RoomId) -> Result<RoomRow, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT name, place, created_at_us FROM rooms WHERE name = ?1")?
                .query_and_then([room.as_str()], read_row)?
                .next()
                .unwrap_or_else(|| Err(StoreError::NoRoom(room.clone())))
        })
    }

    /// All rooms by name.
    ///
    /// # Errors
    /// What the disk or the database says.
    pub fn list_rooms(&self) -> Result<Vec<RoomRow>, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT name, place, created_at_us FROM rooms ORDER BY name")?
                .query_and_then([], read_row)?
                .collect()
        })
    }

    /// Deletes a room with its people, invites, chat and boards; its audit log stays. `false`: there was none.
    ///
    /// # Errors
    /// What the disk or the database says.
    pub fn delete_room(&self, room: &RoomId) -> Result<bool, StoreError> {
        let name = room.clone();
        self.write(move |connection| {
            let deleted = connection.prepare_cached("DELETE FROM rooms WHERE name = ?1")?.execute([name.as_str()])?;
            Ok(deleted > 0)
        })
    }
}

fn read_row(row: &Row<'_>) -> Result<RoomRow, StoreError> {
    Ok(RoomRow { room: read_room(row, 0)?, place: row.get(1)?, created_at: read_time(row, 2)? })
}
