//! What comes in from the network, and what goes out to it.

use super::Shard;
use crate::shard::forward::stage_voice;
use crate::shard::peers::Drain;
use atrium_link::rtc_driver::Path;
use atrium_link::{ClosedBy, LinkEvent, summarise_stun};
use atrium_protocol::Lane;
use atrium_room::RoomInput;
use std::time::Instant;

impl Shard {
    pub(super) fn receive(&mut self, now: Instant) {
        for socket in 0..self.sockets.count() {
            let Some(inbox) = self.sockets.receive(socket) else { continue };
            for (remote, datagram) in inbox.datagrams() {
                self.meters.datagrams_in += 1;
                self.take_datagram(now, Path::Udp { socket: socket as u8, remote }, datagram);
            }
            self.sockets.give_back(inbox);
        }
    }

    pub(super) fn take_datagram(&mut self, now: Instant, path: Path, datagram: &[u8]) {
        let Some(index) = self.receiver_of(path, datagram) else {
            self.meters.datagrams_unknown += 1;
            return;
        };
        let Some(peer) = self.peers.get_mut(index) else { return };
        peer.link.handle_datagram(now, path, datagram);
        // Voice is most of what arrives; it leaves nothing behind in the link.
        if datagram.first().is_none_or(|byte| !(128..192).contains(byte)) {
            peer.answer_soon();
            self.visits.note(now, index, peer);
        }
        self.take_events(now, index);
        if !self.peers.get_mut(index).is_some_and(|peer| peer.mapped_paths.contains(&path)) {
            self.drain_peer(index);
            if self.peers.get_mut(index).is_some_and(|peer| peer.link.knows(path)) {
                self.peers.map_path(path, index);
            }
        }
    }

    /// A check says whom it is for. All else is for whoever proved last that the path is theirs: somebody new may have the
    /// address of somebody who is gone without a word.
    fn receiver_of(&self, path: Path, datagram: &[u8]) -> Option<usize> {
        let named = summarise_stun(datagram).and_then(|stun| stun.local_ufrag);
        named.and_then(|ufrag| self.peers.by_ufrag(ufrag)).or_else(|| self.peers.by_path(path))
    }

    pub(super) fn take_events(&mut self, now: Instant, index: usize) {
        let micros = self.clock.micros(now);
        while let Some(peer) = self.peers.get_mut(index) {
            let (id, room) = (peer.id, peer.room);
            let Some(event) = peer.link.poll_event() else { return };
            let Some(open) = self.rooms.open_mut(room) else { return };
            match event {
                LinkEvent::Voice { packet, .. } => {
                    self.meters.voice_in += 1;
                    self.meters.voice_out +=
                        stage_voice(now, micros, open, &mut self.peers, &mut self.visits, id, packet);
                }
                LinkEvent::Message { lane, bytes } => {
                    if lane == Lane::Control && !std::mem::replace(&mut peer.is_connected, true) {
                        open.room.handle(micros, RoomInput::Connected { id });
                    }
                    open.room.handle(micros, RoomInput::Received { id, lane, bytes });
                }
                LinkEvent::LaneOpen(Lane::Control) => peer.opened = Some(now),
                LinkEvent::LaneOpen(_) => {}
                LinkEvent::Closed(by) => {
                    open.peers.remove(&id);
                    let input = if by == ClosedBy::Peer { RoomInput::Left { id } } else { RoomInput::Lost { id } };
                    open.room.handle(micros, input);
                    self.peers.remove(index);
                    return;
                }
            }
        }
    }

    pub(super) fn flush(&mut self, now: Instant) {
        for index in self.visits.take_urgent() {
            self.visit(now, index);
        }
        for index in self.visits.take_due(now) {
            if let Some(peer) = self.peers.get_mut(index) {
                peer.is_queued = false;
                self.visit(now, index);
            }
        }
        self.send_queued();
    }

    fn visit(&mut self, now: Instant, index: usize) {
        let Some(peer) = self.peers.get_mut(index) else { return };
        peer.is_urgent = false;
        if peer.drain > Drain::Never {
            self.meters.visits += 1;
            peer.release_voices(now);
            self.drain_peer(index);
        }
        // The first must not wait until the last is written.
        if self.sockets.is_batch_full() {
            self.send_queued();
        }
    }

    fn send_queued(&mut self) {
        let sent = self.sockets.flush();
        self.meters.datagrams_out += sent.datagrams;
        self.meters.datagrams_dropped += sent.dropped;
        self.meters.send_calls += sent.calls;
    }

    pub(super) fn drain_peer(&mut self, index: usize) {
        let Some(peer) = self.peers.get_mut(index) else { return };
        peer.drain = Drain::Never;
        while let Some((path, datagram)) = peer.link.poll_datagram() {
            match path {
                Path::Udp { socket, remote } => self.sockets.queue(socket, remote, datagram),
                Path::Tcp { connection } => {
                    let is_taken =
                        self.tcp.get(&connection).is_some_and(|writer| writer.try_send(datagram.freeze()).is_ok());
                    self.meters.datagrams_dropped += u64::from(!is_taken);
                }
            }
        }
    }

    pub(super) fn forget_tcp(&mut self, id: u64) {
        self.tcp.remove(&id);
        let path = Path::Tcp { connection: id };
        if let Some(peer) = self.peers.by_path(path).and_then(|index| self.peers.get_mut(index)) {
            peer.link.forget(path);
        }
    }
}
