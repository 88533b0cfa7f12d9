//! What happens because time passes.

use super::{Shard, TIMER_STEP};
use crate::shard::rooms::RoomSlot;
use crate::shard::worker::Task;
use atrium_protocol::Lane;
use atrium_room::RoomInput;
use std::time::{Duration, Instant};

/// A connection that is not open by then is given up.
const CONNECT_LIMIT: Duration = Duration::from_secs(20);
/// The room speaks once the client has spoken, or after this. The server's end of a lane opens before the client's (by
/// half a round trip, or by a retransmission where the last packet of the handshake was lost), and some clients
/// lose what reaches them in between.
const GREET_SILENT_AFTER: Duration = Duration::from_secs(10);
/// An empty room is forgotten after this; the store remembers it.
const EMPTY_ROOM_LIMIT: Duration = Duration::from_secs(30);

impl Shard {
    pub(super) fn run_timers(&mut self, now: Instant) {
        if now.saturating_duration_since(self.timers_seen) < TIMER_STEP {
            return;
        }
        self.timers_seen = now;
        for index in self.peers.indices() {
            let Some(peer) = self.peers.get_mut(index) else { continue };
            if peer.due.is_some_and(|due| due <= now) {
                peer.link.handle_timeout(now);
                peer.answer_soon();
                self.visits.note(now, index, peer);
            }
            if std::mem::take(&mut peer.is_timer_stale) {
                peer.link.settle();
                peer.due = peer.link.poll_timeout();
            }
            self.take_events(now, index);
            self.check_peer(now, index);
        }
        self.forget_empty_rooms(now);
        if !self.meters.is_due(now) {
            return;
        }
        let micros = self.clock.micros(now);
        let mut rooms = 0;
        let mut elements = 0;
        for (_, open) in self.rooms.iter_open_mut() {
            let stats = open.room.stats(micros);
            self.meters.count_room(&open.reported, &stats);
            rooms += 1;
            elements += stats.board_elements;
            open.reported = stats;
        }
        self.meters.report(now, self.config.index, [self.peers.count(), rooms, elements]);
    }

    fn check_peer(&mut self, now: Instant, index: usize) {
        self.greet_the_silent(now, index);
        self.retry_waiting(now, index);
        self.check_end(now, index);
    }

    fn greet_the_silent(&mut self, now: Instant, index: usize) {
        let Some(peer) = self.peers.get_mut(index) else { return };
        let is_silent = peer.opened.is_some_and(|opened| now.saturating_duration_since(opened) > GREET_SILENT_AFTER);
        if is_silent && !std::mem::replace(&mut peer.is_connected, true) {
            let (input, room) = (RoomInput::Connected { id: peer.id }, peer.room);
            self.tell(now, room, input);
        }
    }

    fn retry_waiting(&mut self, now: Instant, index: usize) {
        let Some(peer) = self.peers.get_mut(index) else { return };
        if peer.has_waiting() {
            peer.retry_waiting(now);
            self.visits.note(now, index, peer);
        }
        let is_congested = peer.has_waiting();
        if std::mem::replace(&mut peer.is_congested, is_congested) != is_congested {
            let (input, room) = (RoomInput::Congested { id: peer.id, congested: is_congested }, peer.room);
            self.tell(now, room, input);
        }
    }

    fn check_end(&mut self, now: Instant, index: usize) {
        let Some(peer) = self.peers.get_mut(index) else { return };
        let (id, room) = (peer.id, peer.room);
        let never_opened = !peer.is_connected && now.saturating_duration_since(peer.created) > CONNECT_LIMIT;
        if let Some(closing_at) = peer.closing_at {
            let is_out = !peer.has_waiting() && peer.link.outstanding_bytes(Lane::Control) == 0;
            if is_out || closing_at <= now {
                self.hang_up(index);
                if let Some(open) = self.rooms.open_mut(room)
                    && open.peers.get(&id) == Some(&index)
                {
                    open.peers.remove(&id);
                }
            }
        } else if never_opened || peer.is_stalled(now) {
            self.close_stalled(now, index);
        }
    }

    /// Taking apart boards full of drawings takes a while.
    fn forget_room(&mut self, index: usize) {
        if let Some(RoomSlot::Open(open)) = self.rooms.remove(index) {
            // A full queue hands it back, and it goes here.
            let _ = self.wiring.tasks.try_send(Task::Forget(open));
        }
    }

    fn forget_empty_rooms(&mut self, now: Instant) {
        for index in self.rooms.indices() {
            let has_joins = !self.joins.of_room(index).is_empty();
            let Some(open) = self.rooms.open_mut(index) else { continue };
            let is_in_use = has_joins || !open.room.is_empty() || !open.peers.is_empty() || !open.unstored.is_empty();
            if is_in_use {
                open.empty_since = None;
            } else if now.saturating_duration_since(*open.empty_since.get_or_insert(now)) > EMPTY_ROOM_LIMIT {
                self.forget_room(index);
            }
        }
    }
}
