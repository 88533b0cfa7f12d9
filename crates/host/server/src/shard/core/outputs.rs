//! What rooms want done.

use super::Shard;
use super::ending::CLOSE_LIMIT;
use crate::shard::peers::Queued;
use crate::shard::worker::{Outcome, Task};
use atrium_protocol::{Lane, RoomId};
use atrium_room::{Record, RoomInput, RoomOutput, Ticket};
use atrium_store::StoreError;
use bytes::Bytes;
use std::sync::Arc;
use std::time::Instant;

impl Shard {
    pub(super) fn run_rooms(&mut self, now: Instant) {
        let micros = self.clock.micros(now);
        for index in self.rooms.indices() {
            let Some(open) = self.rooms.open_mut(index) else { continue };
            if open.room.poll_timeout().is_some_and(|due| due <= micros) {
                open.room.handle_timeout(micros);
            }
            self.run_room(now, index);
        }
    }

    /// Does what a room wants done.
    pub(super) fn run_room(&mut self, now: Instant, index: usize) {
        while let Some(open) = self.rooms.open_mut(index) {
            let Some(output) = open.room.poll_output() else { return };
            match output {
                RoomOutput::Send { to, lane, bytes } => {
                    let Some(peer) = open.peers.get(&to).copied() else { continue };
                    self.send(now, peer, lane, bytes);
                }
                RoomOutput::Close { id, code, reason } => {
                    tracing::info!(room = %open.id, participant = %id, ?code, %reason, "a connection is closed");
                    if let Some(peer) = open.peers.get(&id).and_then(|index| self.peers.get_mut(*index)) {
                        peer.closing_at = Some(now + CLOSE_LIMIT);
                    }
                }
                RoomOutput::Persist { ticket, records } => {
                    open.unstored.push(ticket);
                    let room = open.id.clone();
                    for board in open.count_operations(&records) {
                        self.wiring.boards.request(&room, board);
                    }
                    self.persist(room, ticket, records);
                }
                RoomOutput::LoadBoard { id, board, after, up_to, limit } => {
                    let task = Task::LoadBoard { room: open.id.clone(), id, board, after, up_to, limit };
                    if self.wiring.tasks.try_send(task).is_err() {
                        self.tell(now, index, RoomInput::BoardLoaded { id, board, entries: Vec::new() });
                    }
                }
            }
        }
    }

    fn persist(&mut self, room: RoomId, ticket: Ticket, records: Vec<Record>) {
        let (outcomes, waker) = (self.wiring.outcomes.clone(), Arc::clone(&self.wiring.waker));
        let stored_room = room.clone();
        let done = move |result: Result<(), StoreError>| {
            if let Err(error) = &result {
                tracing::error!(room = %stored_room, %error, "records were not stored");
            }
            // Waits if the shard is far behind: a commit must not be forgotten.
            let _ = outcomes.send(Outcome::Stored { room: stored_room, ticket, is_stored: result.is_ok() });
            let _ = waker.wake();
        };
        if self.wiring.store.persist(&room, records, Box::new(done)).is_err() {
            let outcome = Outcome::Stored { room, ticket, is_stored: false };
            if self.wiring.outcomes.try_send(outcome).is_err() {
                tracing::error!("the shard is too far behind to hear of a failed commit");
            }
        }
    }

    pub(super) fn send(&mut self, now: Instant, index: usize, lane: Lane, bytes: Bytes) {
        let Some(peer) = self.peers.get_mut(index) else { return };
        match peer.send(now, lane, bytes) {
            Queued::Taken => self.visits.note(now, index, peer),
            Queued::Dropped => self.meters.poses_dropped += u64::from(lane == Lane::Pose),
            Queued::Stalled => self.close_stalled(now, index),
        }
    }
}
