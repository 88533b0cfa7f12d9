use atrium_board::Document;
use atrium_protocol::{BoardId, ChatMessage, InviteId, Micros, OperationBytes, PersonId, ReasonText, Role};
use std::collections::{BTreeMap, BTreeSet};

/// Something that must be on disk before the room lets anyone rely on it.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// A person came in; their last name and role are kept.
    PersonSeen {
        /// Who.
        person: PersonId,
        /// Their name this time.
        name: String,
        /// When.
        at: Micros,
    },
    /// A person's role in this room from now on.
    RoleGiven {
        /// Who.
        person: PersonId,
        /// The role.
        role: Role,
    },
    /// Participant ids below `next` are used up.
    ParticipantIssued {
        /// The next free id.
        next: u32,
    },
    /// One use of an invite is spent.
    InviteSpent {
        /// The invite.
        invite: InviteId,
        /// By whom.
        person: PersonId,
        /// When.
        at: Micros,
    },
    /// A person may never come in again.
    Banned {
        /// Who.
        person: PersonId,
        /// The moderator.
        by: PersonId,
        /// The invite that they had come by: unknown keys on it wait in the lobby from now on.
        invite: Option<InviteId>,
        /// The sentence for them.
        reason: ReasonText,
        /// When.
        at: Micros,
    },
    /// A ban is lifted.
    Unbanned {
        /// Who.
        person: PersonId,
        /// The moderator.
        by: PersonId,
        /// When.
        at: Micros,
    },
    /// The room's settings from now on.
    SettingsChanged {
        /// All of them.
        settings: SavedSettings,
    },
    /// Something was said in the chat.
    ChatSaid(ChatMessage),
    /// One more operation in a board's log.
    BoardAppended {
        /// The board.
        board: BoardId,
        /// Its place in the log: 1, 2, 3 … without gaps.
        sequence: u64,
        /// By whom.
        author: PersonId,
        /// The author's own number for it, growing.
        nonce: u64,
        /// The operation.
        operation: OperationBytes,
        /// When.
        at: Micros,
    },
    /// A line of the audit log, which nothing changes or deletes.
    Audit {
        /// When.
        at: Micros,
        /// What, as a stable word: `join`, `resume`, `leave`, `role`, `grants`, `mute`, `mute_all`, `remove`,
        /// `ban`, `unban`, `admit`, `deny`, `lock`, `lobby`, `transfer_host`, `recall_host`, `board_clear`,
        /// `board_freeze`.
        event: &'static str,
        /// Who did it.
        actor: Option<PersonId>,
        /// To whom.
        subject: Option<PersonId>,
        /// Particulars for a human reader; never a secret.
        detail: String,
    },
}

/// Settings that outlive a meeting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SavedSettings {
    /// Nobody new gets in.
    pub locked: bool,
    /// Guests wait in the lobby.
    pub lobby: bool,
}

/// What the store knows of a room when it is opened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SavedRoom {
    /// The next free participant id (ids start at 1).
    pub next_participant: u32,
    /// Settings.
    pub settings: SavedSettings,
    /// Roles that were given.
    pub roles: BTreeMap<PersonId, Role>,
    /// Who is banned, and why.
    pub bans: BTreeMap<PersonId, ReasonText>,
    /// Invites by which a banned person had come.
    pub tainted_invites: BTreeSet<InviteId>,
    /// Everyone who ever came in (so that a tainted invite knows whom it does not know).
    pub known_people: BTreeSet<PersonId>,
    /// Who has spent a use of which invite.
    pub spent_invites: BTreeMap<InviteId, BTreeSet<PersonId>>,
    /// The latest chat, oldest first, at most [`atrium_protocol::limits::CHAT_REPLAY`] messages.
    pub chat: Vec<ChatMessage>,
    /// The number of the last chat message, 0 if none.
    pub last_chat_sequence: u64,
    /// Each author's last chat nonce.
    pub chat_nonces: BTreeMap<PersonId, u64>,
    /// The last sequence number of each board that has operations.
    pub board_sequences: BTreeMap<BoardId, u64>,
    /// The sequence number after which the log of a board begins, where that is not 0: what was before came with an
    /// import, as a document.
    pub board_starts: BTreeMap<BoardId, u64>,
    /// Each author's last nonce on each board.
    pub board_nonces: BTreeMap<(BoardId, PersonId), u64>,
    /// What the operations of each board have made; whoever opens the room puts them there.
    pub documents: BTreeMap<BoardId, Document>,
}

/// One settled operation, as the store gives it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardEntry {
    /// Its place in the log.
    pub sequence: u64,
    /// By whom.
    pub author: PersonId,
    /// The author's own number for it.
    pub nonce: u64,
    /// The operation.
    pub operation: OperationBytes,
    /// When the room took it.
    pub at: Micros,
}
