use crate::files::{FilesError, RoomFiles};
use atrium_link::VoicePacket;
use atrium_protocol::{
    BoardDown, CloseCode, ControlDown, JoinRefusalCode, LiveRecord, ParticipantId, PersonId, PoseDown,
};
use std::time::Instant;

/// What a session says to its owner.
#[derive(Debug)]
pub enum SessionEvent {
    /// How the connection is.
    State(SessionState),
    /// A word of the control lane (clock sync excepted).
    Control(Box<ControlDown>),
    /// A word of the board lane; of fetched boards every operation once and in order, after the one that the fetch
    /// named. What comes before the fetch was sent may be out of turn: a reader takes only the operation that is next.
    /// Every operation of one's own is answered, settled or refused: settled with a number from before the fetch where
    /// it was in the snapshot already.
    Board(BoardDown),
    /// Other people's poses. Dropped when the owner does not keep up.
    Poses {
        /// The poses.
        poses: PoseDown,
        /// When they arrived here.
        arrived: Instant,
    },
    /// A packet of somebody's voice. Dropped when the owner does not keep up.
    Voice {
        /// In which of the voice slots.
        slot: u8,
        /// Whose.
        speaker: ParticipantId,
        /// The packet; its `marker` says that the slot has a new speaker or talk spurt.
        packet: VoicePacket,
        /// When it arrived here.
        arrived: Instant,
    },
    /// What people do at boards right now, perhaps oneself among them. Dropped when the owner does not keep up.
    Live {
        /// What each does.
        records: Vec<LiveRecord>,
        /// When it arrived here.
        arrived: Instant,
    },
    /// The place's files are here, or not.
    Files(Result<RoomFiles, FilesError>),
}

/// How a connection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// On the way in.
    Connecting,
    /// In the lobby until somebody opens; then comes [`Self::Connected`].
    InLobby {
        /// A sentence for the person.
        message: String,
    },
    /// In the room; the welcome came just before.
    Connected {
        /// One's attendance; the same as before after a resume.
        me: ParticipantId,
        /// Who the server takes one for.
        person: PersonId,
        /// Whether this is an earlier attendance that goes on.
        resumed: bool,
        /// How long it took.
        times: ConnectTimes,
    },
    /// The connection is lost; the session tries to come back.
    Reconnecting {
        /// Since when.
        since: Instant,
    },
    /// Over; nothing follows.
    Closed {
        /// Why, for programs.
        code: ClosedCode,
        /// Why, for people.
        message: String,
    },
}

/// The steps of a join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectTimes {
    /// The join request was sent.
    pub requested: Instant,
    /// The server's answer was there.
    pub answered: Instant,
    /// The control lane was open.
    pub opened: Instant,
    /// The welcome was there.
    pub welcomed: Instant,
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedCode {
    /// One left.
    Left,
    /// The server ended it.
    Server(CloseCode),
    /// The server refused the join.
    Refused(JoinRefusalCode),
    /// The server could not be reached, or is not the one that the link names.
    Unreachable,
}
