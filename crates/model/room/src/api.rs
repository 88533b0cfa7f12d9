use crate::{BoardEntry, Record};
use atrium_protocol::{
    AvatarBytes, BoardId, CloseCode, DisplayName, FileEntry, InviteId, JoinRefusalCode, Lane, ParticipantId, PersonId,
    ReasonText, ResumeClaim, ResumeSecret, Role, RoomId,
};
use bytes::Bytes;
use std::time::Duration;

/// What a room is opened with.
#[derive(Clone, Debug)]
pub struct RoomConfig {
    /// The room.
    pub room: RoomId,
    /// Most people at a time.
    pub capacity: u32,
    /// Pose datagrams a second to each receiver.
    pub tick_hz: u16,
    /// Bytes of pose lane a second for each receiver.
    pub pose_budget_bytes_per_sec: u32,
    /// How long a lost connection may come back.
    pub resume_window: Duration,
    /// The files of the place, for the welcome.
    pub files: Vec<FileEntry>,
}

impl RoomConfig {
    /// The usual numbers: 300 people, 30 Hz, 32 kB/s, 30 s.
    pub fn new(room: RoomId) -> Self {
        Self {
            room,
            capacity: 300,
            tick_hz: 30,
            pose_budget_bytes_per_sec: 32_000,
            resume_window: Duration::from_secs(30),
            files: Vec::new(),
        }
    }
}

/// A join whose token and signature were checked.
#[derive(Clone, Debug)]
pub struct Admission {
    /// Who asks.
    pub person: PersonId,
    /// Their name.
    pub name: DisplayName,
    /// How they look.
    pub avatar: AvatarBytes,
    /// The invite of their token.
    pub invite: InviteId,
    /// The role that the invite gives (a role that was given in the room before counts more).
    pub invited_role: Role,
    /// How many people may use the invite; `None`: any number.
    pub uses: Option<u32>,
    /// The claim to an earlier attendance.
    pub resume: Option<ResumeClaim>,
    /// A fresh random secret, which becomes theirs.
    pub new_secret: ResumeSecret,
}

/// A join that the room accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// Their attendance.
    pub participant: ParticipantId,
    /// Their role.
    pub role: Role,
    /// They wait in the lobby.
    pub lobby: bool,
    /// The earlier attendance goes on; its old connection, if any, must be dropped without a sound.
    pub resumed: bool,
    /// Answer the person only after this ticket is committed.
    pub ticket: Option<Ticket>,
}

/// A join that the room refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why, for programs.
    pub code: JoinRefusalCode,
    /// Why and what to do, for people.
    pub message: String,
}

/// A promise to put records on disk; tickets are committed in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What happens to a room.
#[derive(Clone, Debug)]
pub enum RoomInput {
    /// A participant's control channel is open (after a join, resume or out of the lobby nothing changes).
    Connected {
        /// Whose.
        id: ParticipantId,
    },
    /// A message or datagram arrived on a lane; not yet decoded.
    Received {
        /// From whom.
        id: ParticipantId,
        /// On which lane.
        lane: Lane,
        /// The bytes.
        bytes: Bytes,
    },
    /// A participant's connection is gone without a word: they may resume.
    Lost {
        /// Whose.
        id: ParticipantId,
    },
    /// A participant closed their connection on purpose.
    Left {
        /// Who.
        id: ParticipantId,
    },
    /// The driver's queue for a participant is full or has room again; while it is full the room sends them no
    /// poses, and the driver closes them if that lasts.
    Congested {
        /// Whose.
        id: ParticipantId,
        /// Full or not.
        congested: bool,
    },
    /// The records of a ticket are on disk.
    Committed {
        /// Which.
        ticket: Ticket,
    },
    /// The records of a ticket could not be stored; nothing of it happened.
    CommitFailed {
        /// Which.
        ticket: Ticket,
    },
    /// The answer to [`RoomOutput::LoadBoard`].
    BoardLoaded {
        /// For whom.
        id: ParticipantId,
        /// Of which board.
        board: BoardId,
        /// In order; fewer than asked for: no more.
        entries: Vec<BoardEntry>,
    },
    /// The server stops: tell everyone.
    Drain,
}

/// What a room wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum RoomOutput {
    /// Send on a lane of a participant's connection.
    Send {
        /// To whom.
        to: ParticipantId,
        /// On which lane.
        lane: Lane,
        /// The bytes, shared between receivers where they are the same.
        bytes: Bytes,
    },
    /// Close a participant's connection after what was sent before; the closing message is among it.
    Close {
        /// Whose.
        id: ParticipantId,
        /// Why, for the log.
        code: CloseCode,
        /// Why, for the log.
        reason: ReasonText,
    },
    /// Put records on disk, all or none, then say [`RoomInput::Committed`] or [`RoomInput::CommitFailed`].
    Persist {
        /// The promise.
        ticket: Ticket,
        /// The records.
        records: Vec<Record>,
    },
    /// Read a piece of a board's log, then say [`RoomInput::BoardLoaded`].
    LoadBoard {
        /// For whom.
        id: ParticipantId,
        /// Of which board.
        board: BoardId,
        /// Entries after this sequence number …
        after: u64,
        /// … up to and including this one …
        up_to: u64,
        /// … and at most so many.
        limit: u32,
    },
}

/// Where a voice packet goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoiceRoute {
    /// To whom.
    pub to: ParticipantId,
    /// In which of their voice slots.
    pub slot: u8,
}
