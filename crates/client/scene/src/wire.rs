//! The bounded queues between the scene and the network, which know nothing of each other.

use atrium_protocol::{
    BoardDown, BoardId, BoardUp, ContentHash, ControlDown, ControlUp, Micros, ParticipantId, Pose, PoseDown,
};
use bevy::prelude::*;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// Words that may wait for the scene: a second of a crowded room.
const INBOX: usize = 1_024;
/// Words that may wait for the network.
const OUTBOX: usize = 256;

/// Reads the server's clock, which poses and voices carry.
#[derive(Resource, Clone)]
pub struct RoomClock(Arc<dyn Fn(Instant) -> Micros + Send + Sync>);

impl RoomClock {
    /// A clock that `server_time` reads for a moment of this machine.
    pub fn new(server_time: impl Fn(Instant) -> Micros + Send + Sync + 'static) -> Self {
        Self(Arc::new(server_time))
    }

    /// The server's time at a moment of this machine.
    pub fn at(&self, moment: Instant) -> Micros {
        (self.0)(moment)
    }
}

impl Default for RoomClock {
    /// Counts from now on, for scenes without a server.
    fn default() -> Self {
        let start = Instant::now();
        Self::new(move |at| Micros(u64::try_from(at.saturating_duration_since(start).as_micros()).unwrap_or(u64::MAX)))
    }
}

impl std::fmt::Debug for RoomClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("RoomClock").finish()
    }
}

/// What the room says to the scene.
#[derive(Debug)]
pub enum FromRoom {
    /// The clock of the server that one enters.
    Clock(RoomClock),
    /// How the connection is.
    Link(LinkState),
    /// A word of the control lane.
    Control(Box<ControlDown>),
    /// A word of the board lane.
    Board(BoardDown),
    /// A board as a whole, asked for with [`ToRoom::Snapshot`]; or why it is not here.
    Snapshot {
        /// Which board.
        board: BoardId,
        /// What `atrium_board::read_snapshot` reads.
        bytes: Result<Vec<u8>, String>,
    },
    /// What somebody does at a board right now.
    Live {
        /// Who.
        from: ParticipantId,
        /// Which board.
        board: BoardId,
        /// What `atrium_board::Live` reads.
        payload: Vec<u8>,
    },
    /// A picture, asked for with [`ToRoom::FetchPicture`]: PNG or JPEG; or why it is not here.
    Picture {
        /// Which.
        hash: ContentHash,
        /// The file.
        file: Result<Vec<u8>, String>,
    },
    /// The room has a picture of one's own, given with [`ToRoom::StorePicture`]; or why it has not.
    PictureStored {
        /// The number that was given with it.
        ticket: u64,
        /// What it is called now.
        hash: Result<ContentHash, String>,
    },
    /// Other people's poses.
    Poses {
        /// The poses.
        poses: PoseDown,
        /// When they arrived here.
        arrived: Instant,
    },
    /// How loud somebody is right now, from the packets of their voice.
    VoiceLevel {
        /// Who.
        speaker: ParticipantId,
        /// RFC 6464: 0 is loudest, 127 silence.
        level_dbov: u8,
    },
    /// The place is on this machine: the folder that holds `room.ron` and what it names.
    Place(Result<PathBuf, String>),
    /// A link that lets others in.
    Invite(String),
}

/// How the connection is, as far as a person cares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// On the way in.
    Connecting(Approach),
    /// In the lobby; a sentence says what is waited for.
    InLobby(String),
    /// In the room.
    Connected {
        /// One's attendance.
        me: ParticipantId,
        /// Whether this is an earlier attendance that goes on.
        resumed: bool,
    },
    /// Lost; the network tries to come back.
    Reconnecting {
        /// Since when.
        since: Instant,
    },
    /// Over.
    Ended(Ending),
}

/// How a meeting ended for this person, and what they may do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// What kind of end.
    pub kind: EndingKind,
    /// What happened and what to do, in a sentence.
    pub message: String,
}

/// Kinds of endings, each with a screen of its own.
pub use atrium_panels::EndKind as EndingKind;

/// How far one is on the way in.
pub use atrium_panels::Approach;

/// What the scene says to the network.
#[derive(Clone, Debug)]
pub enum ToRoom {
    /// A word for the control lane.
    Control(ControlUp),
    /// A word for the board lane.
    Board(BoardUp),
    /// What one does at a board right now.
    Live {
        /// Which board.
        board: BoardId,
        /// As `atrium_board::Live` writes it.
        payload: Vec<u8>,
    },
    /// Asks for a board as a whole.
    Snapshot(BoardId),
    /// Asks for a picture.
    FetchPicture(ContentHash),
    /// Gives the room a picture.
    StorePicture {
        /// A number for the answer.
        ticket: u64,
        /// PNG or JPEG.
        file: Vec<u8>,
    },
    /// Where one's head and hands are now.
    Pose(Pose),
    /// Something said in the chat; the network numbers it.
    Chat(String),
    /// Asks the server that runs in this process for a link.
    Invite,
    /// Enter a meeting.
    Enter(Entrance),
    /// Leave for good.
    Leave,
}

/// The way into a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entrance {
    /// Host a room of that name on this machine.
    Host {
        /// The room's name.
        room: String,
        /// The name that others see.
        name: String,
        /// How one looks.
        avatar: atrium_protocol::AvatarBytes,
    },
    /// By an invite link.
    Join {
        /// The link, as it was pasted.
        link: String,
        /// The name that others see.
        name: String,
        /// How one looks.
        avatar: atrium_protocol::AvatarBytes,
    },
}

/// The scene's end of the queues.
#[derive(Resource, Debug)]
pub struct RoomWire {
    inbox: Receiver<FromRoom>,
    outbox: Sender<ToRoom>,
}

/// The network's end of the queues.
#[derive(Clone, Debug)]
pub struct NetworkWire {
    /// Words for the scene. When it is full, poses, levels and live words are dropped, all else waits.
    pub to_scene: Sender<FromRoom>,
    /// Words of the scene.
    pub from_scene: Receiver<ToRoom>,
}

/// Both ends of a pair of queues.
pub fn wire() -> (RoomWire, NetworkWire) {
    let (to_scene, inbox) = bounded(INBOX);
    let (outbox, from_scene) = bounded(OUTBOX);
    (RoomWire { inbox, outbox }, NetworkWire { to_scene, from_scene })
}

impl RoomWire {
    /// The next word of the room, if there is one.
    pub fn next(&self) -> Option<FromRoom> {
        self.inbox.try_recv().ok()
    }

    /// Says something to the network. Poses and live words are dropped when it does not keep up; anything else that finds
    /// no room is lost with a warning, which takes hundreds of clicks within a frame.
    pub fn say(&self, word: ToRoom) {
        match self.outbox.try_send(word) {
            Ok(()) | Err(TrySendError::Full(ToRoom::Pose(_) | ToRoom::Live { .. }) | TrySendError::Disconnected(_)) => {
            }
            Err(TrySendError::Full(word)) => warn!("the network does not keep up: dropped {word:?}"),
        }
    }

    /// Says something that must not be lost; gives it back when there is no room at this moment.
    pub fn offer(&self, word: ToRoom) -> Option<ToRoom> {
        match self.outbox.try_send(word) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => None,
            Err(TrySendError::Full(word)) => Some(word),
        }
    }
}
