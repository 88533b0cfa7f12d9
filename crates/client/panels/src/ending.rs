use crate::{Icon, Key};
use atrium_protocol::{CloseCode, JoinRefusalCode};

/// How a meeting ended for this person: each has a screen that says what happened and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndKind {
    /// One left.
    Left,
    /// Removed by a moderator.
    Removed,
    /// Banned by a moderator.
    Banned,
    /// Turned away from the lobby.
    TurnedAway,
    /// No room for one more.
    RoomFull,
    /// The room is locked.
    Locked,
    /// The link no longer works, or not yet.
    LinkExpired,
    /// The server did not let one in, for another reason.
    Refused,
    /// The server cannot be reached, or is not the one that the link names.
    Unreachable,
    /// The server stops.
    ServerStopped,
    /// The room is no longer there.
    RoomDeleted,
    /// The same attendance goes on elsewhere.
    Elsewhere,
    /// The place cannot be shown.
    BrokenPlace,
}

impl EndKind {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Left,
        Self::Removed,
        Self::Banned,
        Self::TurnedAway,
        Self::RoomFull,
        Self::Locked,
        Self::LinkExpired,
        Self::Refused,
        Self::Unreachable,
        Self::ServerStopped,
        Self::RoomDeleted,
        Self::Elsewhere,
        Self::BrokenPlace,
    ];

    /// The ending that a refused join means.
    pub fn of_refusal(code: JoinRefusalCode) -> Self {
        match code {
            JoinRefusalCode::Banned => Self::Banned,
            JoinRefusalCode::RoomFull => Self::RoomFull,
            JoinRefusalCode::Locked => Self::Locked,
            JoinRefusalCode::TokenExpired | JoinRefusalCode::TokenRevoked | JoinRefusalCode::TokenSpent => {
                Self::LinkExpired
            }
            JoinRefusalCode::Draining => Self::ServerStopped,
            JoinRefusalCode::NoSuchRoom => Self::RoomDeleted,
            _ => Self::Refused,
        }
    }

    /// The ending that a closed connection means.
    pub fn of_closing(code: CloseCode) -> Self {
        match code {
            CloseCode::Removed => Self::Removed,
            CloseCode::Banned => Self::Banned,
            CloseCode::Denied => Self::TurnedAway,
            CloseCode::Replaced => Self::Elsewhere,
            CloseCode::Draining => Self::ServerStopped,
            CloseCode::RoomDeleted => Self::RoomDeleted,
            CloseCode::Misbehaved | CloseCode::Stalled | CloseCode::Unknown => Self::Unreachable,
        }
    }

    /// Whether the same way in may work when tried again.
    pub fn may_try_again(self) -> bool {
        !matches!(self, Self::Banned | Self::LinkExpired | Self::RoomDeleted | Self::BrokenPlace)
    }

    /// What happened, and what to do.
    pub(crate) fn keys(self) -> (Key, Key) {
        match self {
            Self::Left => (Key("ended-left"), Key("ended-left-do")),
            Self::Removed => (Key("ended-removed"), Key("ended-removed-do")),
            Self::Banned => (Key("ended-banned"), Key("ended-banned-do")),
            Self::TurnedAway => (Key("ended-turned-away"), Key("ended-turned-away-do")),
            Self::RoomFull => (Key("ended-full"), Key("ended-full-do")),
            Self::Locked => (Key("ended-locked"), Key("ended-locked-do")),
            Self::LinkExpired => (Key("ended-expired"), Key("ended-expired-do")),
            Self::Refused => (Key("ended-refused"), Key("ended-refused-do")),
            Self::Unreachable => (Key("ended-unreachable"), Key("ended-unreachable-do")),
            Self::ServerStopped => (Key("ended-stopped"), Key("ended-stopped-do")),
            Self::RoomDeleted => (Key("ended-deleted"), Key("ended-deleted-do")),
            Self::Elsewhere => (Key("ended-elsewhere"), Key("ended-elsewhere-do")),
            Self::BrokenPlace => (Key("ended-broken"), Key("ended-broken-do")),
        }
    }

    pub(crate) fn icon(self) -> Icon {
        match self {
            Self::Left | Self::Elsewhere => Icon::Leave,
            Self::Locked | Self::LinkExpired => Icon::Lock,
            Self::RoomFull => Icon::People,
            Self::Unreachable | Self::ServerStopped => Icon::Reconnect,
            _ => Icon::Door,
        }
    }
}
