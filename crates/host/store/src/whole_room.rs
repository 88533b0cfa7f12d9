use crate::columns::time;
use crate::images::insert_image;
use crate::records::{room_key, store};
use crate::snapshots::insert_snapshot;
use crate::{Store, StoreError, StoredImage};
use atrium_protocol::{BoardId, ChatMessage, ContentHash, Micros, RoomId};
use atrium_room::Record;
use rusqlite::params;

/// All that a room brings along when it comes from elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WholeRoom {
    /// The place that it is held in.
    pub place: String,
    /// What is on its boards: the board, the last operation, the document.
    pub boards: Vec<(BoardId, u64, Vec<u8>)>,
    /// The pictures on them.
    pub images: Vec<StoredImage>,
    /// What was said, numbered 1, 2, 3 …
    pub chat: Vec<ChatMessage>,
}

impl Store {
    /// Creates a room with all that it has, or nothing; `false`: there is a room of that name, which stays as it is.
    ///
    /// # Errors
    /// What the disk or the database says.
    pub fn create_whole_room(&self, room: &RoomId, created_at: Micros, whole: WholeRoom) -> Result<bool, StoreError> {
        let (name, created_at) = (room.clone(), time(created_at)?);
        let chat: Vec<Record> = whole.chat.into_iter().map(Record::ChatSaid).collect();
        let (place, boards, images) = (whole.place, whole.boards, whole.images);
        self.write(move |connection| {
            let created = connection
                .prepare_cached(
                    "INSERT INTO rooms (name, place, created_at_us) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                )?
                .execute(params![name.as_str(), place, created_at])?;
            if created == 0 {
                return Ok(false);
            }
            let key = room_key(connection, &name)?;
            for (board, sequence, data) in &boards {
                insert_snapshot(connection, key, *board, *sequence, ContentHash::of(data), data)?;
            }
            images.iter().try_for_each(|image| insert_image(connection, key, image))?;
            store(connection, &name, &chat)?;
            Ok(true)
        })
    }
}
