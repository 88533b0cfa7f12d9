use atrium_protocol::{BoardId, BoardUp, ControlUp, Pose};
use bytes::Bytes;
use std::time::Instant;
use tokio::sync::mpsc;

/// Words that may wait on a reliable lane until the session takes them.
const RELIABLE: usize = 64;
/// Poses, voice packets and ink in the making that may wait: the session takes them at once while it is connected.
const FRESH: usize = 16;

/// What the owner of a session says to it.
#[derive(Clone, Debug)]
pub enum SessionCommand {
    /// A word for the control lane. `Leave` ends the session, pings are the session's own business.
    Control(ControlUp),
    /// A word for the board lane.
    Board(BoardUp),
    /// Where one's head and hands are.
    Pose {
        /// The pose, with the epoch of the last placement that went into it.
        pose: Pose,
        /// When they were there.
        captured: Instant,
    },
    /// A packet of one's own voice.
    Voice(VoiceFrame),
    /// What one does at a board that only matters while it is fresh. The session numbers it.
    Live(LiveWord),
}

/// Ink in the making, a pointer, or where to look: `atrium-board` knows what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveWord {
    /// The board.
    pub board: BoardId,
    /// At most [`LIVE_BYTES`](atrium_protocol::limits::LIVE_BYTES); more is not sent.
    pub payload: Vec<u8>,
}

/// An encoded packet of voice. Frames that the encoder keeps silent about (DTX) are not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoiceFrame {
    /// Samples since any moment at 48 kHz, silence included.
    pub timestamp: u32,
    /// RFC 6464: 0 is loudest, 127 silence.
    pub level_dbov: u8,
    /// The first packet after silence.
    pub marker: bool,
    /// When the first sample was spoken.
    pub captured: Instant,
    /// One Opus packet.
    pub payload: Bytes,
}

/// Why a command was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// Too much waits already: try again in a moment; poses, voice and live words are better left out.
    #[error("the connection does not keep up")]
    Full,
    /// The session is over.
    #[error("the session is over")]
    Closed,
}

/// The sending ends: one queue a lane, so that no lane waits for another.
#[derive(Clone, Debug)]
pub(crate) struct CommandSenders {
    control: mpsc::Sender<ControlUp>,
    board: mpsc::Sender<BoardUp>,
    pose: mpsc::Sender<(Pose, Instant)>,
    voice: mpsc::Sender<VoiceFrame>,
    live: mpsc::Sender<LiveWord>,
}

/// The receiving ends.
#[derive(Debug)]
pub(crate) struct CommandReceivers {
    pub(crate) control: mpsc::Receiver<ControlUp>,
    pub(crate) board: mpsc::Receiver<BoardUp>,
    pub(crate) pose: mpsc::Receiver<(Pose, Instant)>,
    pub(crate) voice: mpsc::Receiver<VoiceFrame>,
    pub(crate) live: mpsc::Receiver<LiveWord>,
}

pub(crate) fn command_queues() -> (CommandSenders, CommandReceivers) {
    let (control, control_out) = mpsc::channel(RELIABLE);
    let (board, board_out) = mpsc::channel(RELIABLE);
    let (pose, pose_out) = mpsc::channel(FRESH);
    let (voice, voice_out) = mpsc::channel(FRESH);
    let (live, live_out) = mpsc::channel(FRESH);
    let receivers =
        CommandReceivers { control: control_out, board: board_out, pose: pose_out, voice: voice_out, live: live_out };
    (CommandSenders { control, board, pose, voice, live }, receivers)
}

impl CommandSenders {
    pub(crate) fn try_send(&self, command: SessionCommand) -> Result<(), CommandError> {
        match command {
            SessionCommand::Control(message) => try_send(&self.control, message),
            SessionCommand::Board(message) => try_send(&self.board, message),
            SessionCommand::Pose { pose, captured } => try_send(&self.pose, (pose, captured)),
            SessionCommand::Voice(frame) => try_send(&self.voice, frame),
            SessionCommand::Live(word) => try_send(&self.live, word),
        }
    }

    pub(crate) async fn send(&self, command: SessionCommand) -> Result<(), CommandError> {
        let sent = match command {
            SessionCommand::Control(message) => self.control.send(message).await.is_ok(),
            SessionCommand::Board(message) => self.board.send(message).await.is_ok(),
            fresh => return self.try_send(fresh),
        };
        if sent { Ok(()) } else { Err(CommandError::Closed) }
    }
}

impl CommandReceivers {
    /// Forgets what was fresh before a connection stood.
    pub(crate) fn drop_stale(&mut self) {
        while self.pose.try_recv().is_ok() {}
        while self.voice.try_recv().is_ok() {}
        while self.live.try_recv().is_ok() {}
    }
}

fn try_send<T>(queue: &mpsc::Sender<T>, item: T) -> Result<(), CommandError> {
    queue.try_send(item).map_err(|error| match error {
        mpsc::error::TrySendError::Full(_) => CommandError::Full,
        mpsc::error::TrySendError::Closed(_) => CommandError::Closed,
    })
}
