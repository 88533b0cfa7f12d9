use crate::columns::{RoleColumn, read_invite, read_optional_time, read_room, read_time, time};
use crate::records::room_key;
use crate::{Store, StoreError};
use atrium_protocol::{InviteId, Micros, Role, RoomId};
use rusqlite::{Row, params};

/// An invite as it was issued; its link carries the same in a signed token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// The token's `jti`.
    pub id: InviteId,
    /// Where it leads.
    pub room: RoomId,
    /// The role that it gives.
    pub role: Role,
    /// From when on it is good.
    pub not_before: Micros,
    /// Until when it is good.
    pub expires_at: Micros,
    /// How many people may use it; `None`: any number.
    pub uses: Option<u32>,
    /// When it was issued.
    pub created_at: Micros,
}

/// An invite and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteStatus {
    /// As it was issued.
    pub invite: Invite,
    /// Since when it is no longer good.
    pub revoked_at: Option<Micros>,
    /// How many people have used it.
    pub people: u32,
}

const SELECT: &str = "SELECT invites.id, rooms.name, role, not_before_us, expires_at_us, uses, invites.created_at_us,
    revoked_at_us,
    (SELECT count(*) FROM invite_uses WHERE invite_uses.room = invites.room AND invite_uses.invite = invites.id)
    FROM invites JOIN rooms ON rooms.id = invites.room";

impl Store {
    /// Remembers an invite that is about to be handed out.
    ///
    /// # Errors
    /// [`StoreError::NoRoom`], [`StoreError::Rejected`] when its id is taken, or what the disk or the database says.
    pub fn insert_invite(&self, invite: Invite) -> Result<(), StoreError> {
        self.write(move |connection| {
            let key = room_key(connection, &invite.room)?;
            connection
                .prepare_cached(
                    "INSERT INTO invites (id, room, role, not_before_us, expires_at_us, uses, created_at_us)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute(params![
                    invite.id.as_str(),
                    key,
                    RoleColumn(invite.role),
                    time(invite.not_before)?,
                    time(invite.expires_at)?,
                    invite.uses,
                    time(invite.created_at)?
                ])?;
            Ok(())
        })
    }

    /// The invites of a room, or of all rooms, oldest first.
    ///
    /// # Errors
    /// What the disk or the database says.
    pub fn list_invites(&self, room: Option<&RoomId>) -> Result<Vec<InviteStatus>, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached(&format!(
                    "{SELECT} WHERE ?1 IS NULL OR rooms.name = ?1 ORDER BY invites.created_at_us, invites.id"
                ))?
                .query_and_then([room.map(RoomId::as_str)], read_status)?
                .collect()
        })
    }

    /// Makes an invite worthless from `at` on (one that is revoked already keeps its time); `false`: there is none.
    ///
    /// # Errors
    /// What the disk or the database says.
    pub fn revoke_invite(&self, id: &InviteId, at: Micros) -> Result<bool, StoreError> {
        let (id, at) = (id.clone(), time(at)?);
        self.write(move |connection| {
            let revoked = connection
                .prepare_cached("UPDATE invites SET revoked_at_us = coalesce(revoked_at_us, ?2) WHERE id = ?1")?
                .execute(params![id.as_str(), at])?;
            Ok(revoked > 0)
        })
    }

    /// An invite and what became of it; `None`: it was not issued here, or its room was deleted. Refuse it then.
    ///
    /// # Errors
    /// What the disk or the database says.
    pub fn invite_status(&self, id: &InviteId) -> Result<Option<InviteStatus>, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached(&format!("{SELECT} WHERE invites.id = ?1"))?
                .query_and_then([id.as_str()], read_status)?
                .next()
                .transpose()
        })
    }
}

fn read_status(row: &Row<'_>) -> Result<InviteStatus, StoreError> {
    let RoleColumn(role) = row.get(2)?;
    let invite = Invite {
        id: read_invite(row, 0)?,
        room: read_room(row, 1)?,
        role,
        not_before: read_time(row, 3)?,
        expires_at: read_time(row, 4)?,
        uses: row.get(5)?,
        created_at: read_time(row, 6)?,
    };
    Ok(InviteStatus { invite, revoked_at: read_optional_time(row, 7)?, people: row.get(8)? })
}
