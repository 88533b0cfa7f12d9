use crate::{DisplayName, ParticipantId, PersonId, SeatId, ZoneId, limits};
use serde::{Deserialize, Serialize};

/// What a person may do by default, and whom they may moderate: only lower roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Came by a link, for this meeting.
    Guest,
    /// Belongs to the room.
    Member,
    /// Keeps order: mutes, admits, removes, bans.
    Moderator,
    /// Decides everything, moderators included. A room with people in it always has one.
    Owner,
}

/// What a person may do in the room; a moderator changes it while the meeting runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grants {
    /// Be heard.
    pub voice: bool,
    /// Write on boards.
    pub draw: bool,
    /// Share a screen, present.
    pub share: bool,
    /// Record the meeting.
    pub record: bool,
}

impl Grants {
    /// What a role starts with.
    pub fn for_role(role: Role) -> Self {
        let is_trusted = role >= Role::Moderator;
        Self { voice: true, draw: true, share: role >= Role::Member, record: is_trusted }
    }
}

/// Whether a person's connection is alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Connected.
    Here,
    /// Lost the connection less than 30 s ago; their id and seat wait for them.
    Reconnecting,
}

/// Why somebody is no longer in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveReason {
    /// Of their own will.
    Left,
    /// Did not come back within 30 s.
    TimedOut,
    /// Removed by a moderator.
    Removed,
    /// Banned by a moderator.
    Banned,
    /// Broke the protocol or flooded the room.
    Misbehaved,
}

/// An avatar description of at most 1 KiB, opaque to the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "serde_bytes::ByteBuf", into = "serde_bytes::ByteBuf")]
pub struct AvatarBytes(Vec<u8>);

impl AvatarBytes {
    /// # Errors
    /// A sentence when `bytes` has more than 1 KiB.
    pub fn new(bytes: Vec<u8>) -> Result<Self, String> {
        if bytes.len() > limits::AVATAR_BYTES {
            return Err(format!("an avatar description has at most {} bytes", limits::AVATAR_BYTES));
        }
        Ok(Self(bytes))
    }

    /// The description.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<serde_bytes::ByteBuf> for AvatarBytes {
    type Error = String;
    fn try_from(bytes: serde_bytes::ByteBuf) -> Result<Self, String> {
        Self::new(bytes.into_vec())
    }
}

impl From<AvatarBytes> for serde_bytes::ByteBuf {
    fn from(avatar: AvatarBytes) -> Self {
        Self::from(avatar.0)
    }
}

/// What everyone in the room knows of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonInfo {
    /// This attendance.
    pub id: ParticipantId,
    /// The person behind it: the hash of their device key.
    pub person: PersonId,
    /// Their name.
    pub name: DisplayName,
    /// Their role.
    pub role: Role,
    /// What they may do.
    pub grants: Grants,
    /// Muted by themselves.
    #[serde(default)]
    pub muted: bool,
    /// Muted by a moderator; they cannot undo it.
    #[serde(default)]
    pub muted_by_moderator: bool,
    /// When they raised their hand, in milliseconds of the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand_raised_at_ms: Option<u64>,
    /// Whether they present: then everyone hears them.
    #[serde(default)]
    pub presenting: bool,
    /// Where they sit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<SeatId>,
    /// The private zone that they stand in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<ZoneId>,
    /// Whether their connection is alive.
    pub presence: Presence,
    /// How they look.
    #[serde(default)]
    pub avatar: AvatarBytes,
}
