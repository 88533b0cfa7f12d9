use crate::columns::{NonceColumn, RoleColumn, damaged, read_invite, read_person, read_unsigned};
use crate::history::read_chat;
use crate::records::room_key;
use crate::{Store, StoreError};
use atrium_protocol::{BoardId, ReasonText, RoomId, limits};
use atrium_room::{SavedRoom, SavedSettings};
use rusqlite::{Connection, OptionalExtension, Row, params};

impl Store {
    /// Everything that a room goes on from, as of one moment.
    ///
    /// # Errors
    /// [`StoreError::NoRoom`], or what the disk or the database says.
    pub fn load_room(&self, room: &RoomId) -> Result<SavedRoom, StoreError> {
        self.read(|connection| {
            let key = room_key(connection, room)?;
            let mut saved = SavedRoom {
                next_participant: next_participant(connection, key)?,
                settings: settings(connection, key)?,
                ..SavedRoom::default()
            };
            load_people(connection, key, &mut saved)?;
            load_bans(connection, key, &mut saved)?;
            load_invites(connection, key, &mut saved)?;
            load_chat(connection, key, &mut saved)?;
            load_boards(connection, key, &mut saved)?;
            Ok(saved)
        })
    }
}

fn next_participant(connection: &Connection, key: i64) -> Result<u32, StoreError> {
    let sql = "SELECT next_participant FROM rooms WHERE id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([key], |row| row.get(0))?)
}

fn settings(connection: &Connection, key: i64) -> Result<SavedSettings, StoreError> {
    let settings = connection
        .prepare_cached("SELECT locked, lobby FROM settings WHERE room = ?1")?
        .query_row([key], |row| Ok(SavedSettings { locked: row.get(0)?, lobby: row.get(1)? }))
        .optional()?;
    Ok(settings.unwrap_or_default())
}

fn load_people(connection: &Connection, key: i64, saved: &mut SavedRoom) -> Result<(), StoreError> {
    let sql = "SELECT person, role, first_seen_us IS NOT NULL FROM people WHERE room = ?1";
    for_each(connection, sql, key, |row| {
        let person = read_person(row, 0)?;
        if let Some(RoleColumn(role)) = row.get(1)? {
            saved.roles.insert(person, role);
        }
        if row.get(2)? {
            saved.known_people.insert(person);
        }
        Ok(())
    })
}

fn load_bans(connection: &Connection, key: i64, saved: &mut SavedRoom) -> Result<(), StoreError> {
    for_each(connection, "SELECT person, reason FROM bans WHERE room = ?1", key, |row| {
        let reason = ReasonText::new(row.get::<_, String>(1)?).map_err(damaged)?;
        saved.bans.insert(read_person(row, 0)?, reason);
        Ok(())
    })
}

fn load_invites(connection: &Connection, key: i64, saved: &mut SavedRoom) -> Result<(), StoreError> {
    for_each(connection, "SELECT invite FROM tainted_invites WHERE room = ?1", key, |row| {
        saved.tainted_invites.insert(read_invite(row, 0)?);
        Ok(())
    })?;
    for_each(connection, "SELECT invite, person FROM invite_uses WHERE room = ?1", key, |row| {
        saved.spent_invites.entry(read_invite(row, 0)?).or_default().insert(read_person(row, 1)?);
        Ok(())
    })
}

fn load_chat(connection: &Connection, key: i64, saved: &mut SavedRoom) -> Result<(), StoreError> {
    saved.chat = read_chat(connection, key, None, limits::CHAT_REPLAY as u64)?;
    saved.last_chat_sequence = saved.chat.last().map_or(0, |message| message.sequence);
    for_each(connection, "SELECT author, max(nonce) FROM chat WHERE room = ?1 GROUP BY author", key, |row| {
        let NonceColumn(nonce) = row.get(1)?;
        saved.chat_nonces.insert(read_person(row, 0)?, nonce);
        Ok(())
    })
}

/// Two queries, so that neither reads an operation: one needs the UNIQUE index alone, the other the ends of the logs.
fn load_boards(connection: &Connection, key: i64, saved: &mut SavedRoom) -> Result<(), StoreError> {
    let sql = "SELECT board, author, max(nonce) FROM board_log WHERE room = ?1 GROUP BY board, author";
    for_each(connection, sql, key, |row| {
        let NonceColumn(nonce) = row.get(2)?;
        saved.board_nonces.insert((BoardId(row.get(0)?), read_person(row, 1)?), nonce);
        Ok(())
    })?;
    // An imported board begins with a snapshot, and its log after that.
    for_each(
        connection,
        "SELECT board, max(sequence) FROM board_snapshots WHERE room = ?1 GROUP BY board",
        key,
        |row| {
            let (board, sequence) = (BoardId(row.get(0)?), read_unsigned(row, 1)?);
            saved.board_sequences.insert(board, sequence);
            saved.board_starts.insert(board, sequence);
            Ok(())
        },
    )?;
    let sql = "SELECT board, (SELECT min(sequence) FROM board_log WHERE room = ?1 AND board = boards.board),
                   (SELECT max(sequence) FROM board_log WHERE room = ?1 AND board = boards.board)
               FROM (SELECT DISTINCT board FROM board_log WHERE room = ?1) AS boards";
    for_each(connection, sql, key, |row| {
        let (board, first, last) = (BoardId(row.get(0)?), read_unsigned(row, 1)?, read_unsigned(row, 2)?);
        saved.board_sequences.insert(board, last);
        saved.board_starts.insert(board, first.saturating_sub(1));
        Ok(())
    })?;
    saved.board_starts.retain(|_, start| *start > 0);
    Ok(())
}

fn for_each(
    connection: &Connection,
    sql: &str,
    key: i64,
    mut read: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![key])?;
    while let Some(row) = rows.next()? {
        read(row)?;
    }
    Ok(())
}
