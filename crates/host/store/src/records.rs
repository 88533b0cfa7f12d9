use crate::StoreError;
use crate::columns::{NonceColumn, PersonColumn, RoleColumn, integer, time};
use crate::snapshots::newest_snapshot;
use atrium_protocol::{BoardId, ChatMessage, InviteId, Micros, OperationBytes, PersonId, RoomId};
use atrium_room::Record;
use rusqlite::{Connection, OptionalExtension, params};

/// The number by which the tables know a room.
pub(crate) fn room_key(connection: &Connection, room: &RoomId) -> Result<i64, StoreError> {
    connection
        .prepare_cached("SELECT id FROM rooms WHERE name = ?1")?
        .query_row([room.as_str()], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StoreError::NoRoom(room.clone()))
}

/// Stores what a room asked for, in its order.
pub(crate) fn store(connection: &Connection, room: &RoomId, records: &[Record]) -> Result<(), StoreError> {
    let target = Target { connection, key: room_key(connection, room)?, room };
    records.iter().try_for_each(|record| target.store(record))
}

struct Target<'a> {
    connection: &'a Connection,
    key: i64,
    room: &'a RoomId,
}

impl Target<'_> {
    fn store(&self, record: &Record) -> Result<(), StoreError> {
        match record {
            Record::PersonSeen { person, name, at } => self.person_seen(*person, name, *at),
            Record::RoleGiven { person, role } => self.run(
                "INSERT INTO people (room, person, role) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET role = excluded.role",
                params![self.key, PersonColumn(*person), RoleColumn(*role)],
            ),
            Record::ParticipantIssued { next } => self.run(
                "UPDATE rooms SET next_participant = max(next_participant, ?2) WHERE id = ?1",
                params![self.key, next],
            ),
            Record::InviteSpent { invite, person, at } => self.run(
                "INSERT INTO invite_uses (room, invite, person, at_us) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO NOTHING",
                params![self.key, invite.as_str(), PersonColumn(*person), time(*at)?],
            ),
            Record::Banned { person, by, invite, reason, at } => {
                self.banned(*person, *by, invite.as_ref(), reason.as_str(), *at)
            }
            Record::Unbanned { person, .. } => {
                self.run("DELETE FROM bans WHERE room = ?1 AND person = ?2", params![self.key, PersonColumn(*person)])
            }
            Record::SettingsChanged { settings } => self.run(
                "INSERT INTO settings (room, locked, lobby) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET locked = excluded.locked, lobby = excluded.lobby",
                params![self.key, settings.locked, settings.lobby],
            ),
            Record::ChatSaid(message) => self.chat_said(message),
            Record::BoardAppended { board, sequence, author, nonce, operation, at } => {
                self.board_appended(*board, *sequence, (*author, *nonce), operation, *at)
            }
            Record::Audit { at, event, actor, subject, detail } => self.run(
                "INSERT INTO audit (room, at_us, event, actor, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    self.room.as_str(),
                    time(*at)?,
                    event,
                    actor.map(PersonColumn),
                    subject.map(PersonColumn),
                    detail
                ],
            ),
        }
    }

    fn person_seen(&self, person: PersonId, name: &str, at: Micros) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO people (room, person, name, first_seen_us, last_seen_us) VALUES (?1, ?2, ?3, ?4, ?4)
             ON CONFLICT DO UPDATE SET name = excluded.name, last_seen_us = excluded.last_seen_us,
                 first_seen_us = coalesce(first_seen_us, excluded.first_seen_us)",
            params![self.key, PersonColumn(person), name, time(at)?],
        )
    }

    fn banned(
        &self,
        person: PersonId,
        by: PersonId,
        invite: Option<&InviteId>,
        reason: &str,
        at: Micros,
    ) -> Result<(), StoreError> {
        let invite = invite.map(InviteId::as_str);
        self.run(
            "INSERT INTO bans (room, person, banned_by, invite, reason, at_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET banned_by = excluded.banned_by, invite = excluded.invite,
                 reason = excluded.reason, at_us = excluded.at_us",
            params![self.key, PersonColumn(person), PersonColumn(by), invite, reason, time(at)?],
        )?;
        let Some(invite) = invite else { return Ok(()) };
        self.run(
            "INSERT INTO tainted_invites (room, invite) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![self.key, invite],
        )
    }

    fn chat_said(&self, message: &ChatMessage) -> Result<(), StoreError> {
        let last = self.last("SELECT max(sequence) FROM chat WHERE room = ?1", params![self.key])?;
        let sequence = follow(last, message.sequence, "the chat")?;
        self.run(
            "INSERT INTO chat (room, sequence, at_ms, author, name, nonce, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                self.key,
                sequence,
                integer(message.at_ms)?,
                PersonColumn(message.author),
                message.name.as_str(),
                NonceColumn(message.nonce),
                message.text.as_str()
            ],
        )
    }

    fn board_appended(
        &self,
        board: BoardId,
        sequence: u64,
        (author, nonce): (PersonId, u64),
        operation: &OperationBytes,
        at: Micros,
    ) -> Result<(), StoreError> {
        let last = self
            .last("SELECT max(sequence) FROM board_log WHERE room = ?1 AND board = ?2", params![self.key, board.0])?;
        // An imported board goes on after its snapshot.
        let last = if last > 0 { last } else { newest_snapshot(self.connection, self.key, board.0)?.unwrap_or(0) };
        let sequence = follow(last, sequence, "the board's log")?;
        self.run(
            "INSERT INTO board_log (room, board, sequence, author, nonce, at_us, operation)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                self.key,
                board.0,
                sequence,
                PersonColumn(author),
                NonceColumn(nonce),
                time(at)?,
                operation.as_bytes()
            ],
        )
    }

    fn run(&self, sql: &str, params: impl rusqlite::Params) -> Result<(), StoreError> {
        self.connection.prepare_cached(sql)?.execute(params)?;
        Ok(())
    }

    fn last(&self, sql: &str, params: impl rusqlite::Params) -> Result<i64, StoreError> {
        let last: Option<i64> = self.connection.prepare_cached(sql)?.query_row(params, |row| row.get(0))?;
        Ok(last.unwrap_or(0))
    }
}

/// Sequences have no gaps, so that "everything up to n" means what it says.
fn follow(last: i64, sequence: u64, what: &str) -> Result<i64, StoreError> {
    let sequence = integer(sequence)?;
    if last.checked_add(1) == Some(sequence) {
        Ok(sequence)
    } else {
        Err(StoreError::Rejected(format!("{what} stands at {last}, so number {sequence} cannot come next")))
    }
}
