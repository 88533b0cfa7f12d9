use atrium_link::rtc_driver::{Path, ServerPeer};
use atrium_link::{OutgoingVoice, SendError};
use atrium_protocol::{Lane, ParticipantId};
use bytes::Bytes;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Messages that may wait for room on a reliable lane; a peer that needs more is closed.
const PENDING_MESSAGES: usize = 8_192;
const PENDING_BYTES: usize = 1024 * 1024;
/// A peer whose queue never empties for so long does not read.
const STALL_LIMIT: Duration = Duration::from_secs(20);

/// A voice packet on its way to one receiver.
pub(super) struct StagedVoice {
    pub(super) slot: u8,
    pub(super) speaker: ParticipantId,
    pub(super) voice: Arc<OutgoingVoice>,
}

/// One connection and what waits for it.
pub(super) struct Peer {
    pub(super) id: ParticipantId,
    /// Index of the room in the shard's table.
    pub(super) room: usize,
    pub(super) link: Box<ServerPeer>,
    pub(super) ufrag: String,
    pub(super) created: Instant,
    /// When the control lane opened.
    pub(super) opened: Option<Instant>,
    /// The room knows that they are there.
    pub(super) is_connected: bool,
    /// Close when everything is out, or at this moment.
    pub(super) closing_at: Option<Instant>,
    pub(super) staged: Vec<StagedVoice>,
    /// Whether something may wait in the link to be sent.
    pub(super) drain: Drain,
    /// It stands in the queue of visits, or of those that cannot wait.
    pub(super) is_queued: bool,
    pub(super) is_urgent: bool,
    /// The cached timer may be wrong.
    pub(super) is_timer_stale: bool,
    pub(super) due: Option<Instant>,
    pub(super) mapped_paths: Vec<Path>,
    waiting: VecDeque<(Lane, Bytes)>,
    waiting_bytes: usize,
    waiting_since: Option<Instant>,
    pub(super) is_congested: bool,
}

/// When a link must be drained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Drain {
    /// Nothing waits.
    Never,
    /// With the next visit, so that all that goes to one receiver costs one visit.
    Together,
    /// At once.
    Now,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Queued {
    /// It is in the link, or waits in order.
    Taken,
    /// A datagram that would have been late and nobody misses, or a message over its lane's limit.
    Dropped,
    /// The peer takes nothing any more and must be closed.
    Stalled,
}

impl Peer {
    pub(super) fn new(id: ParticipantId, room: usize, link: Box<ServerPeer>, ufrag: String, now: Instant) -> Self {
        Self {
            id,
            room,
            link,
            ufrag,
            created: now,
            opened: None,
            is_connected: false,
            closing_at: None,
            staged: Vec::new(),
            drain: Drain::Never,
            is_queued: false,
            is_urgent: false,
            is_timer_stale: true,
            due: None,
            mapped_paths: Vec::new(),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            waiting_since: None,
            is_congested: false,
        }
    }

    /// Something came in that the link may want to answer: at once while it connects, with other things later.
    pub(super) fn answer_soon(&mut self) {
        let wanted = if self.is_connected { Drain::Together } else { Drain::Now };
        self.drain = self.drain.max(wanted);
        self.is_timer_stale = true;
    }

    /// Writes the voices that wait into the link.
    pub(super) fn release_voices(&mut self, now: Instant) {
        for staged in self.staged.drain(..) {
            self.link.send_voice(now, staged.slot, staged.speaker, &staged.voice);
        }
    }

    /// Sends on a lane, or keeps the message until there is room.
    pub(super) fn send(&mut self, now: Instant, lane: Lane, bytes: Bytes) -> Queued {
        if bytes.len() > lane.spec().max_message_bytes {
            tracing::error!(?lane, size = bytes.len(), "a message of ours is over its lane's limit");
            return Queued::Dropped;
        }
        self.drain = if lane == Lane::Pose { self.drain.max(Drain::Together) } else { Drain::Now };
        self.is_timer_stale = true;
        if lane == Lane::Pose {
            let is_sent = self.link.send(now, lane, &bytes).is_ok();
            return if is_sent { Queued::Taken } else { Queued::Dropped };
        }
        if self.waiting.is_empty() {
            match self.link.send(now, lane, &bytes) {
                Ok(()) => return Queued::Taken,
                Err(SendError::TooLarge) => return Queued::Dropped,
                Err(SendError::Full | SendError::NotOpen) => {}
            }
        }
        if self.waiting.len() >= PENDING_MESSAGES || self.waiting_bytes + bytes.len() > PENDING_BYTES {
            return Queued::Stalled;
        }
        self.waiting_bytes += bytes.len();
        self.waiting_since.get_or_insert(now);
        self.waiting.push_back((lane, bytes));
        Queued::Taken
    }

    /// Tries again what waits, in order.
    pub(super) fn retry_waiting(&mut self, now: Instant) {
        while let Some((lane, bytes)) = self.waiting.front() {
            if matches!(self.link.send(now, *lane, bytes), Err(SendError::Full | SendError::NotOpen)) {
                return;
            }
            self.drain = Drain::Now;
            self.is_timer_stale = true;
            self.waiting_bytes -= bytes.len();
            self.waiting_since = Some(now);
            self.waiting.pop_front();
        }
        self.waiting_since = None;
    }

    pub(super) fn has_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether nothing that waits has moved for too long on an open connection.
    pub(super) fn is_stalled(&self, now: Instant) -> bool {
        self.is_connected && self.waiting_since.is_some_and(|since| now.saturating_duration_since(since) > STALL_LIMIT)
    }
}

/// The connections of a shard, found by index, by ICE user name, and by path.
#[derive(Default)]
pub(super) struct PeerTable {
    peers: Vec<Option<Peer>>,
    free: Vec<usize>,
    by_ufrag: HashMap<String, usize>,
    by_path: HashMap<Path, usize>,
    count: usize,
}

impl PeerTable {
    pub(super) fn insert(&mut self, peer: Peer) -> usize {
        let index = self.free.pop().unwrap_or_else(|| {
            self.peers.push(None);
            self.peers.len() - 1
        });
        self.by_ufrag.insert(peer.ufrag.clone(), index);
        self.peers[index] = Some(peer);
        self.count += 1;
        index
    }

    pub(super) fn remove(&mut self, index: usize) -> Option<Peer> {
        let peer = self.peers.get_mut(index)?.take()?;
        self.by_ufrag.remove(&peer.ufrag);
        for path in &peer.mapped_paths {
            if self.by_path.get(path) == Some(&index) {
                self.by_path.remove(path);
            }
        }
        self.free.push(index);
        self.count -= 1;
        Some(peer)
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut Peer> {
        self.peers.get_mut(index)?.as_mut()
    }

    pub(super) fn by_ufrag(&self, ufrag: &str) -> Option<usize> {
        self.by_ufrag.get(ufrag).copied()
    }

    pub(super) fn by_path(&self, path: Path) -> Option<usize> {
        self.by_path.get(&path).copied()
    }

    /// Remembers that `path` has proved to be the peer's own.
    pub(super) fn map_path(&mut self, path: Path, index: usize) {
        const PATHS_A_PEER: usize = 8;
        let Some(peer) = self.peers.get_mut(index).and_then(Option::as_mut) else { return };
        if peer.mapped_paths.contains(&path) {
            return;
        }
        if peer.mapped_paths.len() >= PATHS_A_PEER {
            let oldest = peer.mapped_paths.remove(0);
            self.by_path.remove(&oldest);
        }
        peer.mapped_paths.push(path);
        let before = self.by_path.insert(path, index).and_then(|before| self.get_mut(before));
        before.into_iter().for_each(|before| before.mapped_paths.retain(|mapped| *mapped != path));
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn indices(&self) -> impl Iterator<Item = usize> + use<> {
        0..self.peers.len()
    }
}
