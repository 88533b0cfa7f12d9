use super::peers::{Drain, PeerTable, StagedVoice};
use super::rooms::OpenRoom;
use atrium_link::{OutgoingVoice, VoicePacket};
use atrium_protocol::{Micros, ParticipantId};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long datagrams wait for others to the same receiver. Touching a connection costs mostly cold memory, so
/// packets that are written together cost less than what they cost alone. A loaded shard gathers longer by
/// itself, since the next release begins after the last one ended.
const GATHER: Duration = Duration::from_millis(3);
/// Capture times further from the arrival than this are the sender's mistake.
const EARLIEST_CAPTURE: Duration = Duration::from_secs(2);
const LATEST_CAPTURE: Duration = Duration::from_millis(50);

/// What is on its way and may wait a moment, gathered per receiver.
#[derive(Default)]
pub(super) struct VoiceGather {
    receivers: Vec<usize>,
    due: Option<Instant>,
}

impl VoiceGather {
    /// When [`Self::release`] is due.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Something waits for the next release.
    pub(super) fn want(&mut self, now: Instant) {
        self.due.get_or_insert(now + GATHER);
    }

    /// Puts a speaker's packet into the slots of everyone who hears them; returns how many that are.
    pub(super) fn stage(
        &mut self,
        now: Instant,
        micros: Micros,
        open: &mut OpenRoom,
        peers: &mut PeerTable,
        speaker: ParticipantId,
        mut packet: VoicePacket,
    ) -> u64 {
        let honest = (micros - EARLIEST_CAPTURE)..(micros + LATEST_CAPTURE);
        packet.captured = packet.captured.filter(|captured| honest.contains(captured)).or(Some(micros));
        let routes = open.room.route_voice(micros, speaker, packet.level_dbov, packet.payload.len());
        if routes.is_empty() {
            return 0;
        }
        let voice = Arc::new(OutgoingVoice::new(packet));
        for route in routes {
            let Some(index) = open.peers.get(&route.to).copied() else { continue };
            let Some(peer) = peers.get_mut(index) else { continue };
            if peer.staged.is_empty() {
                self.receivers.push(index);
            }
            peer.staged.push(StagedVoice { slot: route.slot, speaker, voice: Arc::clone(&voice) });
        }
        self.want(now);
        routes.len() as u64
    }

    /// Writes everything into the links; the caller drains them.
    pub(super) fn release(&mut self, now: Instant, peers: &mut PeerTable) {
        for index in self.receivers.drain(..) {
            let Some(peer) = peers.get_mut(index) else { continue };
            for staged in peer.staged.drain(..) {
                peer.link.send_voice(now, staged.slot, staged.speaker, &staged.voice);
            }
            peer.drain = peer.drain.max(Drain::Together);
        }
        self.due = None;
    }
}
