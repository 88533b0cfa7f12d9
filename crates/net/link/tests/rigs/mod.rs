//! A client and the server's end with a network between them.

#[cfg(feature = "webrtc")]
mod sockets;
mod virtual_time;

use atrium_link::{ClosedBy, LinkEvent, SendError, VoicePacket};
use atrium_protocol::{Lane, ParticipantId};
#[cfg(feature = "webrtc")]
pub(crate) use sockets::SocketRig;
use std::time::{Duration, Instant};
pub(crate) use virtual_time::{UFRAG, VirtualRig};

/// The ends of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Client,
    Server,
}

pub(crate) const BOTH_ENDS: [End; 2] = [End::Client, End::Server];

impl End {
    pub(crate) fn other(self) -> Self {
        if self == Self::Client { Self::Server } else { Self::Client }
    }
}

/// How long anything may take, in the rig's own time: a message that is lost several times over needs seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection whose time and network a test drives.
pub(crate) trait Rig {
    fn now(&self) -> Instant;

    /// Lets a little time pass: at most a few milliseconds.
    fn step(&mut self);

    /// All that an end has heard so far.
    fn heard(&self, end: End) -> &[LinkEvent];

    fn try_send(&mut self, from: End, lane: Lane, bytes: &[u8]) -> Result<(), SendError>;

    fn client_voice(&mut self, packet: &VoicePacket) -> Result<(), SendError>;

    fn server_voice(&mut self, slot: u8, speaker: ParticipantId, packet: &VoicePacket);

    fn close(&mut self, end: End);

    /// From now on every n-th datagram is lost, counted each way.
    fn lose_every(&mut self, n: usize);

    /// From now on every datagram is lost.
    fn cut(&mut self) {
        self.lose_every(1);
    }

    fn until(&mut self, what: &str, done: impl Fn(&Self) -> bool)
    where
        Self: Sized,
    {
        let deadline = self.now() + PATIENCE;
        while !done(self) {
            assert!(self.now() < deadline, "{what}: not within {PATIENCE:?}");
            self.step();
        }
    }

    fn pass(&mut self, time: Duration) {
        let end = self.now() + time;
        while self.now() < end {
            self.step();
        }
    }

    /// Sends, waiting while the lane is full.
    fn send(&mut self, from: End, lane: Lane, bytes: &[u8]) {
        let deadline = self.now() + PATIENCE;
        loop {
            match self.try_send(from, lane, bytes) {
                Err(SendError::Full) if self.now() < deadline => self.step(),
                sent => return sent.expect("the lane is open and takes the message"),
            }
        }
    }

    /// The messages that an end has heard on a lane.
    fn messages(&self, at: End, wanted: Lane) -> Vec<Vec<u8>> {
        let bytes = |event: &LinkEvent| match event {
            LinkEvent::Message { lane, bytes } if *lane == wanted => Some(bytes.to_vec()),
            _ => None,
        };
        self.heard(at).iter().filter_map(bytes).collect()
    }

    /// The voice packets that an end has heard, with slot and speaker.
    fn voices(&self, at: End) -> Vec<(u8, Option<ParticipantId>, VoicePacket)> {
        let voice = |event: &LinkEvent| match event {
            LinkEvent::Voice { slot, speaker, packet } => Some((*slot, *speaker, packet.clone())),
            _ => None,
        };
        self.heard(at).iter().filter_map(voice).collect()
    }

    fn open_lanes(&self, at: End) -> Vec<Lane> {
        let lane = |event: &LinkEvent| if let LinkEvent::LaneOpen(lane) = event { Some(*lane) } else { None };
        self.heard(at).iter().filter_map(lane).collect()
    }

    fn closed(&self, at: End) -> Option<ClosedBy> {
        self.heard(at).iter().find_map(|event| if let LinkEvent::Closed(by) = event { Some(*by) } else { None })
    }

    fn until_open(&mut self)
    where
        Self: Sized,
    {
        self.until("all lanes open", |rig| BOTH_ENDS.iter().all(|end| rig.open_lanes(*end).len() == 3));
    }
}

/// The losses of one direction.
#[derive(Debug)]
struct Losses {
    every: usize,
    sent: usize,
}

impl Losses {
    fn none() -> Self {
        Self { every: usize::MAX, sent: 0 }
    }

    fn passes(&mut self) -> bool {
        self.sent += 1;
        !self.sent.is_multiple_of(self.every)
    }
}
