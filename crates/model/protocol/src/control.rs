use crate::{
    AvatarBytes, ChatText, ContentHash, DisplayName, Grants, LeaveReason, Micros, ParticipantId, PersonId, PersonInfo,
    PoseEpoch, Presence, ReactionText, ReasonText, Role, RoomId, SeatId, ZoneId,
};
use serde::{Deserialize, Serialize};

/// What a client says on the control lane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ControlUp {
    /// Clock sync: answered at once by [`ControlDown::Pong`].
    Ping {
        /// Any number of the client's; comes back unchanged.
        client_us: u64,
    },
    /// Says something in the chat.
    Chat {
        /// The author's own number for it; the same number again has no second effect.
        nonce: u64,
        /// What is said.
        text: ChatText,
    },
    /// Raises or lowers one's own hand.
    RaiseHand {
        /// Up or down.
        up: bool,
    },
    /// Shows an emoji for a moment.
    React {
        /// The emoji.
        reaction: ReactionText,
    },
    /// Mutes or unmutes oneself.
    SetMuted {
        /// Muted or not.
        muted: bool,
    },
    /// Sits down.
    Sit {
        /// The seat.
        seat: SeatId,
    },
    /// Stands up.
    Stand,
    /// Changes how one looks.
    SetAvatar {
        /// The new description.
        avatar: AvatarBytes,
    },
    /// Changes one's name.
    SetName {
        /// The new name.
        name: DisplayName,
    },
    /// Starts or ends presenting (needs the grant `share`).
    Present {
        /// Start or end.
        on: bool,
    },
    /// Acts on another person (needs a higher role than theirs).
    Moderate {
        /// The person.
        target: ParticipantId,
        /// What is done.
        action: ModerateAction,
    },
    /// Mutes everyone of a lower role.
    MuteAll,
    /// Locks the room: nobody new gets in.
    SetLocked {
        /// Locked or open.
        locked: bool,
    },
    /// Whether people who come by a guest link wait in the lobby.
    SetLobby {
        /// Wait or walk in.
        enabled: bool,
    },
    /// Lifts a ban.
    Unban {
        /// The person.
        person: PersonId,
    },
    /// An owner takes ownership back from the people that they gave it to.
    RecallHost,
    /// Leaves for good: no resume.
    Leave,
    /// A message of a newer protocol; ignored.
    #[serde(other)]
    Unknown,
}

/// What may be done to another person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum ModerateAction {
    /// Mute; they cannot undo it.
    Mute,
    /// Let them unmute themselves again.
    AllowUnmute,
    /// Lower their hand.
    LowerHand,
    /// Remove from the meeting.
    Remove {
        /// A sentence for them.
        reason: ReasonText,
    },
    /// Remove and never let in again.
    Ban {
        /// A sentence for them.
        reason: ReasonText,
    },
    /// Let in from the lobby.
    Admit,
    /// Turn away from the lobby.
    Deny,
    /// Give another role, at most one's own.
    SetRole {
        /// The role.
        role: Role,
    },
    /// Give and take what they may do.
    SetGrants {
        /// All of it.
        grants: Grants,
    },
    /// Give one's own ownership to them; it can be recalled.
    TransferHost,
}

/// What the server says on the control lane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ControlDown {
    /// The first message after a join or resume.
    Welcome(Box<Welcome>),
    /// Files of the place that the welcome had no room for; all are known when the roster begins.
    MoreFiles {
        /// Some of the files.
        files: Vec<FileEntry>,
    },
    /// The visitor waits in the lobby until somebody admits them; then comes a `welcome`.
    InLobby {
        /// A sentence for them.
        message: ReasonText,
    },
    /// People who are here, in pieces that fit a message; the last has `complete`.
    Roster {
        /// Some of the people, oneself included.
        people: Vec<PersonInfo>,
        /// Nobody is missing after this piece.
        complete: bool,
    },
    /// Chat from before, oldest first, in pieces that fit a message.
    ChatHistory {
        /// Some of the messages.
        messages: Vec<ChatMessage>,
    },
    /// Somebody came in.
    Joined {
        /// Who.
        person: Box<PersonInfo>,
    },
    /// Somebody is no longer here.
    Left {
        /// Who.
        id: ParticipantId,
        /// Why.
        reason: LeaveReason,
    },
    /// Something about a person changed.
    Changed {
        /// Who.
        id: ParticipantId,
        /// What.
        change: PersonChange,
    },
    /// Something was said; it is on disk.
    Chat {
        /// What.
        message: ChatMessage,
    },
    /// Somebody shows an emoji.
    Reaction {
        /// Who.
        from: ParticipantId,
        /// The emoji.
        reaction: ReactionText,
    },
    /// You are moved: poses of older epochs no longer count.
    Placed {
        /// Where.
        placement: Placement,
        /// Why.
        reason: PlacedReason,
    },
    /// Somebody jumped: do not interpolate towards their next pose.
    Jumped {
        /// Who.
        id: ParticipantId,
        /// The epoch of their poses from now on.
        epoch: PoseEpoch,
    },
    /// The room's settings changed.
    Room {
        /// All of them.
        info: RoomInfo,
    },
    /// Somebody waits in the lobby (to those who may admit).
    Knock {
        /// Their attendance.
        id: ParticipantId,
        /// Who they are.
        person: PersonId,
        /// Their name.
        name: DisplayName,
    },
    /// Somebody waits no longer (to those who may admit).
    KnockEnded {
        /// Their attendance.
        id: ParticipantId,
    },
    /// The answer to a ping.
    Pong {
        /// The client's number.
        client_us: u64,
        /// The server's clock when it answered.
        server_us: Micros,
    },
    /// What you asked for is not done.
    Refused {
        /// The `type` of the message that asked for it.
        what: String,
        /// Which one, where messages of that type carry a number of their author's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nonce: Option<u64>,
        /// Why, for programs.
        code: RefusalCode,
        /// Why, for people.
        message: ReasonText,
    },
    /// The server ends the connection.
    Closing {
        /// Why, for programs.
        code: CloseCode,
        /// Why, for people.
        message: ReasonText,
    },
    /// A message of a newer protocol; ignored.
    #[serde(other)]
    Unknown,
}

/// What somebody who comes in needs first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Welcome {
    /// Your attendance.
    pub you: ParticipantId,
    /// The room.
    pub room: RoomId,
    /// Its settings.
    pub info: RoomInfo,
    /// Your role.
    pub role: Role,
    /// What you may do.
    pub grants: Grants,
    /// Where you stand.
    pub placement: Placement,
    /// The server's clock.
    pub server_us: Micros,
    /// Pose datagrams a second, each way.
    pub tick_hz: u16,
    /// The files of the place: `GET /v1/rooms/{room}/files/{hash}`.
    pub files: Vec<FileEntry>,
}

/// A room's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomInfo {
    /// Nobody new gets in.
    pub locked: bool,
    /// Guests wait in the lobby.
    pub lobby: bool,
    /// The place's name.
    pub place: String,
    /// Most people at a time.
    pub capacity: u32,
}

/// A file of a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its path in the place's folder, with `/`.
    pub path: String,
    /// SHA-256 of its content.
    pub hash: ContentHash,
    /// Its size in bytes.
    pub size: u64,
}

/// A place to stand: feet, in the room's space (metres, y up, right-handed).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// The epoch of poses from now on.
    pub epoch: PoseEpoch,
    /// Feet position `[x, y, z]` in metres.
    #[serde(deserialize_with = "crate::codec::finite")]
    pub position: [f32; 3],
    /// Turn about +y in radians; 0 looks along −z.
    #[serde(deserialize_with = "crate::codec::finite_number")]
    pub yaw: f32,
    /// The seat, if one sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<SeatId>,
}

/// Why one was moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlacedReason {
    /// Came in.
    Spawn,
    /// Sat down or stood up.
    Seat,
    /// Moved by the room.
    Teleport,
    /// One's own pose was not possible.
    Correction,
}

/// A change to one person; only what changed is present.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonChange {
    /// New name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<DisplayName>,
    /// New role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// New grants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grants: Option<Grants>,
    /// Muted by themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub muted: Option<bool>,
    /// Muted by a moderator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub muted_by_moderator: Option<bool>,
    /// Raised at that millisecond, or 0: lowered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hand_raised_at_ms: Option<u64>,
    /// Presents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presenting: Option<bool>,
    /// Sits there, or -1: stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat: Option<i32>,
    /// Is in that private zone, or -1: in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<i32>,
    /// Connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
    /// New looks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<AvatarBytes>,
}

impl PersonChange {
    /// Puts the change into `person`.
    pub fn apply_to(&self, person: &mut PersonInfo) {
        let index = |value: i32| u16::try_from(value).ok();
        if let Some(name) = &self.name {
            person.name = name.clone();
        }
        if let Some(avatar) = &self.avatar {
            person.avatar = avatar.clone();
        }
        person.role = self.role.unwrap_or(person.role);
        person.grants = self.grants.unwrap_or(person.grants);
        person.muted = self.muted.unwrap_or(person.muted);
        person.muted_by_moderator = self.muted_by_moderator.unwrap_or(person.muted_by_moderator);
        person.presenting = self.presenting.unwrap_or(person.presenting);
        person.presence = self.presence.unwrap_or(person.presence);
        if let Some(at_ms) = self.hand_raised_at_ms {
            person.hand_raised_at_ms = Some(at_ms).filter(|at_ms| *at_ms != 0);
        }
        if let Some(seat) = self.seat {
            person.seat = index(seat).map(SeatId);
        }
        if let Some(zone) = self.zone {
            person.zone = index(zone).map(ZoneId);
        }
    }
}

/// Something said in the chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// 1, 2, 3 … in this room.
    pub sequence: u64,
    /// When, in milliseconds of the server's clock.
    pub at_ms: u64,
    /// By whom.
    pub author: PersonId,
    /// Their name at that time.
    pub name: DisplayName,
    /// The author's own number for it.
    pub nonce: u64,
    /// What.
    pub text: ChatText,
}

/// Why something is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// Your role or grants do not allow it.
    NotAllowed,
    /// The person, seat or board does not exist (any longer).
    NotFound,
    /// Somebody else has it.
    Taken,
    /// Too much at a time; try again in a moment.
    TooFast,
    /// It makes no sense.
    Invalid,
    /// The server cannot store it now.
    StorageFailed,
    /// A code of a newer protocol.
    #[serde(other)]
    Unknown,
}

/// Why the server ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseCode {
    /// Removed by a moderator.
    Removed,
    /// Banned by a moderator.
    Banned,
    /// Turned away from the lobby.
    Denied,
    /// The same attendance came back over a new connection.
    Replaced,
    /// The server stops; try again shortly.
    Draining,
    /// Too much of what the room must refuse.
    Misbehaved,
    /// The connection did not take what was sent.
    Stalled,
    /// The room was deleted.
    RoomDeleted,
    /// A code of a newer protocol.
    #[serde(other)]
    Unknown,
}

impl CloseCode {
    /// Whether the client should try to resume by itself.
    pub fn may_resume(self) -> bool {
        matches!(self, Self::Draining | Self::Stalled)
    }
}
