//! How connections, rooms and the shard itself end.

use super::Shard;
use crate::shard::rooms::RoomSlot;
use atrium_link::rtc_driver::Path;
use atrium_protocol::{
    CloseCode, ControlDown, JoinRefusal, JoinRefusalCode, Lane, ParticipantId, ReasonText, RoomId, encode_message,
    limits,
};
use atrium_room::RoomInput;
use bytes::Bytes;
use std::time::{Duration, Instant};

/// How long a closing connection may take to hand over its last messages.
pub(super) const CLOSE_LIMIT: Duration = Duration::from_secs(2);

impl Shard {
    pub(super) fn leave_room(&mut self, now: Instant, room: usize, input: RoomInput) {
        self.tell(now, room, input);
        self.run_room(now, room);
    }

    /// Drops a participant's connection without telling the room.
    pub(super) fn drop_connection(&mut self, room: usize, id: ParticipantId) {
        let Some(open) = self.rooms.open_mut(room) else { return };
        if let Some(index) = open.peers.remove(&id) {
            self.hang_up(index);
        }
    }

    /// Closes a peer that does not take what it is sent; it may resume over a better connection.
    pub(super) fn close_stalled(&mut self, now: Instant, index: usize) {
        let Some(peer) = self.peers.get_mut(index) else { return };
        tracing::info!(participant = %peer.id, "a connection takes nothing any more and is closed");
        self.meters.stalled += 1;
        let (id, room) = (peer.id, peer.room);
        self.hang_up(index);
        if let Some(open) = self.rooms.open_mut(room) {
            open.peers.remove(&id);
        }
        self.tell(now, room, RoomInput::Lost { id });
    }

    /// Closes a connection and tells the other end, as far as it listens.
    pub(super) fn hang_up(&mut self, index: usize) {
        if let Some(peer) = self.peers.get_mut(index) {
            peer.link.close();
        }
        self.drain_peer(index);
        if let Some(peer) = self.peers.remove(index) {
            for path in peer.mapped_paths {
                if let Path::Tcp { connection } = path {
                    self.tcp.remove(&connection);
                }
            }
        }
    }

    pub(super) fn close_room(&mut self, now: Instant, room: &RoomId) {
        let Some(index) = self.rooms.find(room) else { return };
        for id in self.joins.of_room(index) {
            if let Some(join) = self.joins.remove(id) {
                let message = "this room was deleted".to_owned();
                join.command.refuse(JoinRefusal { error: JoinRefusalCode::NoSuchRoom, message });
            }
        }
        let Some(RoomSlot::Open(open)) = self.rooms.remove(index) else { return };
        let message = ReasonText::truncated("this room was deleted");
        let closing = ControlDown::Closing { code: CloseCode::RoomDeleted, message };
        let bytes = encode_message(&closing, limits::CONTROL_MESSAGE_BYTES).map(Bytes::from).unwrap_or_default();
        for peer in open.peers.values() {
            self.send(now, *peer, Lane::Control, bytes.clone());
            if let Some(peer) = self.peers.get_mut(*peer) {
                peer.closing_at = Some(now + CLOSE_LIMIT);
            }
        }
    }

    pub(super) fn drain(&mut self, now: Instant) {
        self.draining_since.get_or_insert(now);
        let micros = self.clock.micros(now);
        for (_, open) in self.rooms.iter_open_mut() {
            open.room.handle(micros, RoomInput::Drain);
        }
        self.run_rooms(now);
    }

    pub(super) fn is_done(&mut self, now: Instant) -> bool {
        let Some(since) = self.draining_since else { return false };
        let is_stored = self.rooms.iter_open_mut().all(|(_, open)| open.unstored.is_empty());
        let is_over = self.peers.count() == 0 && is_stored;
        is_over || now.saturating_duration_since(since) > CLOSE_LIMIT * 2
    }
}
