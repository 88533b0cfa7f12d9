use super::peers::{Drain, PeerTable, StagedVoice};
use super::rooms::OpenRoom;
use super::visits::Visits;
use atrium_link::{OutgoingVoice, VoicePacket};
use atrium_protocol::{Micros, ParticipantId};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Capture times further from the arrival than this are the sender's mistake.
const EARLIEST_CAPTURE: Duration = Duration::from_secs(2);
const LATEST_CAPTURE: Duration = Duration::from_millis(50);

/// Puts a speaker's packet into the slots of everyone who hears them; returns how many that are.
pub(super) fn stage_voice(
    now: Instant,
    micros: Micros,
    open: &mut OpenRoom,
    peers: &mut PeerTable,
    visits: &mut Visits,
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
        peer.staged.push(StagedVoice { slot: route.slot, speaker, voice: Arc::clone(&voice) });
        peer.drain = peer.drain.max(Drain::Together);
        visits.note(now, index, peer);
    }
    routes.len() as u64
}
