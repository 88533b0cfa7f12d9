use crate::columns::{
    NonceColumn, PersonColumn, RoleColumn, damaged, integer, read_optional_time, read_person, read_time, read_unsigned,
};
use crate::records::room_key;
use crate::{Store, StoreError};
use atrium_protocol::{
    BoardId, ChatMessage, ChatText, DisplayName, InviteId, Micros, OperationBytes, PersonId, ReasonText, Role, RoomId,
};
use atrium_room::BoardEntry;
use rusqlite::{Connection, Row, params};

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// Its place in the log of all rooms; it grows.
    pub id: u64,
    /// When.
    pub at: Micros,
    /// What, as a stable word (see [`atrium_room::Record::Audit`]).
    pub event: String,
    /// Who did it.
    pub actor: Option<PersonId>,
    /// To whom.
    pub subject: Option<PersonId>,
    /// Particulars for a human reader.
    pub detail: String,
}

/// A person as a room remembers them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Who.
    pub person: PersonId,
    /// Their last name; `None`: they were given a role but never came in.
    pub name: Option<String>,
    /// The role that they were given, if any.
    pub role: Option<Role>,
    /// When they first came in.
    pub first_seen: Option<Micros>,
    /// When they last came in.
    pub last_seen: Option<Micros>,
}

/// Someone who may not come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ban {
    /// Who.
    pub person: PersonId,
    /// The moderator.
    pub by: PersonId,
    /// The invite that they had come by.
    pub invite: Option<InviteId>,
    /// The sentence for them.
    pub reason: ReasonText,
    /// When.
    pub at: Micros,
}

impl Store {
    /// A piece of a board's log, in order: entries after `after`, up to and including `up_to`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NoRoom`], or what the disk or the database says.
    pub fn load_board(
        &self,
        room: &RoomId,
        board: BoardId,
        after: u64,
        up_to: u64,
        limit: u32,
    ) -> Result<Vec<BoardEntry>, StoreError> {
        // No sequence number is larger than SQLite's largest integer.
        let [after, up_to] = [after, up_to].map(|bound| i64::try_from(bound).unwrap_or(i64::MAX));
        self.read(|connection| {
            let key = room_key(connection, room)?;
            connection
                .prepare_cached(
                    "SELECT sequence, author, nonce, operation, at_us FROM board_log
                     WHERE room = ?1 AND board = ?2 AND sequence > ?3 AND sequence <= ?4 ORDER BY sequence LIMIT ?5",
                )?
                .query_and_then(params![key, board.0, after, up_to, limit], read_board_entry)?
                .collect()
        })
    }

    /// The latest `limit` lines of a room's audit log, oldest first; also of a room that was deleted.
    ///
    /// # Errors
    /// What the disk or the database says.
    pub fn audit(&self, room: &RoomId, limit: u32) -> Result<Vec<AuditLine>, StoreError> {
        self.read(|connection| {
            let mut lines: Vec<AuditLine> = connection
                .prepare_cached(
                    "SELECT id, at_us, event, actor, subject, detail FROM audit
                     WHERE room = ?1 ORDER BY id DESC LIMIT ?2",
                )?
                .query_and_then(params![room.as_str(), limit], read_audit_line)?
                .collect::<Result<_, StoreError>>()?;
            lines.reverse();
            Ok(lines)
        })
    }

    /// The latest `limit` chat messages before number `before` (`None`: the very latest), oldest first.
    ///
    /// # Errors
    /// [`StoreError::NoRoom`], or what the disk or the database says.
    pub fn chat(&self, room: &RoomId, before: Option<u64>, limit: u32) -> Result<Vec<ChatMessage>, StoreError> {
        self.read(|connection| read_chat(connection, room_key(connection, room)?, before, u64::from(limit)))
    }

    /// Everyone whom the room knows, by their id.
    ///
    /// # Errors
    /// [`StoreError::NoRoom`], or what the disk or the database says.
    pub fn people(&self, room: &RoomId) -> Result<Vec<PersonRow>, StoreError> {
        self.read(|connection| {
            let key = room_key(connection, room)?;
            connection
                .prepare_cached(
                    "SELECT person, name, role, first_seen_us, last_seen_us FROM people
                     WHERE room = ?1 ORDER BY person",
                )?
                .query_and_then([key], read_person_row)?
                .collect()
        })
    }

    /// Everyone who is banned, by their id.
    ///
    /// # Errors
    /// [`StoreError::NoRoom`], or what the disk or the database says.
    pub fn bans(&self, room: &RoomId) -> Result<Vec<Ban>, StoreError> {
        self.read(|connection| {
            let key = room_key(connection, room)?;
            connection
                .prepare_cached(
                    "SELECT person, banned_by, invite, reason, at_us FROM bans WHERE room = ?1 ORDER BY person",
                )?
                .query_and_then([key], read_ban)?
                .collect()
        })
    }
}

pub(crate) fn read_chat(
    connection: &Connection,
    key: i64,
    before: Option<u64>,
    limit: u64,
) -> Result<Vec<ChatMessage>, StoreError> {
    let before = before.map_or(i64::MAX, |before| i64::try_from(before).unwrap_or(i64::MAX));
    let mut messages: Vec<ChatMessage> = connection
        .prepare_cached(
            "SELECT sequence, at_ms, author, name, nonce, text FROM chat
             WHERE room = ?1 AND sequence < ?2 ORDER BY sequence DESC LIMIT ?3",
        )?
        .query_and_then(params![key, before, integer(limit)?], read_chat_message)?
        .collect::<Result<_, StoreError>>()?;
    messages.reverse();
    Ok(messages)
}

fn read_chat_message(row: &Row<'_>) -> Result<ChatMessage, StoreError> {
    let NonceColumn(nonce) = row.get(4)?;
    Ok(ChatMessage {
        sequence: read_unsigned(row, 0)?,
        at_ms: read_unsigned(row, 1)?,
        author: read_person(row, 2)?,
        name: DisplayName::new(row.get::<_, String>(3)?).map_err(damaged)?,
        nonce,
        text: ChatText::new(row.get::<_, String>(5)?).map_err(damaged)?,
    })
}

fn read_board_entry(row: &Row<'_>) -> Result<BoardEntry, StoreError> {
    let NonceColumn(nonce) = row.get(2)?;
    Ok(BoardEntry {
        sequence: read_unsigned(row, 0)?,
        author: read_person(row, 1)?,
        nonce,
        operation: OperationBytes::new(row.get(3)?).map_err(damaged)?,
        at: read_time(row, 4)?,
    })
}

fn read_audit_line(row: &Row<'_>) -> Result<AuditLine, StoreError> {
    let person = |column| Ok::<_, StoreError>(row.get::<_, Option<PersonColumn>>(column)?.map(|PersonColumn(id)| id));
    Ok(AuditLine {
        id: read_unsigned(row, 0)?,
        at: read_time(row, 1)?,
        event: row.get(2)?,
        actor: person(3)?,
        subject: person(4)?,
        detail: row.get(5)?,
    })
}

fn read_person_row(row: &Row<'_>) -> Result<PersonRow, StoreError> {
    Ok(PersonRow {
        person: read_person(row, 0)?,
        name: row.get(1)?,
        role: row.get::<_, Option<RoleColumn>>(2)?.map(|RoleColumn(role)| role),
        first_seen: read_optional_time(row, 3)?,
        last_seen: read_optional_time(row, 4)?,
    })
}

fn read_ban(row: &Row<'_>) -> Result<Ban, StoreError> {
    Ok(Ban {
        person: read_person(row, 0)?,
        by: read_person(row, 1)?,
        invite: row.get::<_, Option<String>>(2)?.map(|id| InviteId::parse(&id)).transpose().map_err(damaged)?,
        reason: ReasonText::new(row.get::<_, String>(3)?).map_err(damaged)?,
        at: read_time(row, 4)?,
    })
}
