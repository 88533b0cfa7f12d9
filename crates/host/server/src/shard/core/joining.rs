//! From a join request to a connection.

use super::Shard;
use crate::places::LoadedPlace;
use crate::shard::joins::{JoinWords, PendingJoin};
use crate::shard::peers::Peer;
use crate::shard::rooms::{OpenRoom, RoomSlot, WAITING_JOINS};
use crate::shard::worker::{Negotiated, Task};
use crate::shard_api::JoinCommand;
use atrium_protocol::{JoinAnswer, JoinRefusal, JoinRefusalCode, PROTOCOL_VERSION, RoomId};
use atrium_room::{Room, RoomConfig, RoomInput, RoomStats, SavedRoom, Ticket};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

impl Shard {
    pub(super) fn begin_join(&mut self, now: Instant, command: JoinCommand) {
        if self.draining_since.is_some() {
            let message = "the server is stopping: try again in a moment".to_owned();
            return JoinWords::of(command).refuse(JoinRefusal { error: JoinRefusalCode::Draining, message });
        }
        match self.rooms.find(&command.room) {
            Some(index) => match self.rooms.get_mut(index) {
                Some(RoomSlot::Loading { waiting, .. }) if waiting.len() < WAITING_JOINS => waiting.push(command),
                Some(RoomSlot::Open(_)) => self.admit(now, index, command),
                _ => JoinWords::of(command).refuse(busy()),
            },
            None => self.load_room(command),
        }
    }

    fn load_room(&mut self, command: JoinCommand) {
        let Some(place) = self.wiring.places.get(&command.place_name) else {
            let message = format!(
                "the place '{}' of this room is missing on the server: ask the host to restore it",
                command.place_name
            );
            return JoinWords::of(command).refuse(JoinRefusal { error: JoinRefusalCode::ServerError, message });
        };
        let room = command.room.clone();
        if self.wiring.tasks.try_send(Task::LoadRoom { room: room.clone(), place }).is_err() {
            return JoinWords::of(command).refuse(busy());
        }
        self.rooms.insert(room.clone(), RoomSlot::Loading { id: room, waiting: vec![command] });
    }

    pub(super) fn open_room(
        &mut self,
        now: Instant,
        id: RoomId,
        place: &LoadedPlace,
        saved: Result<Box<SavedRoom>, String>,
    ) {
        let Some(index) = self.rooms.find(&id) else { return };
        let saved = match saved {
            Ok(saved) => saved,
            Err(error) => {
                tracing::error!(room = %id, %error, "a room cannot be read from the store");
                if let Some(RoomSlot::Loading { waiting, .. }) = self.rooms.remove(index) {
                    let message = "this room cannot be read on the server: ask the host to look at its log".to_owned();
                    for command in waiting {
                        let refusal = JoinRefusal { error: JoinRefusalCode::ServerError, message: message.clone() };
                        JoinWords::of(command).refuse(refusal);
                    }
                }
                return;
            }
        };
        let config = RoomConfig {
            capacity: self.config.room_capacity,
            tick_hz: self.config.tick_hz,
            pose_budget_bytes_per_sec: self.config.pose_budget_bytes_per_sec,
            resume_window: self.config.resume_window,
            files: place.files.clone(),
            ..RoomConfig::new(id.clone())
        };
        let room = Room::new(config, Arc::clone(&place.place), *saved);
        let open = OpenRoom {
            id,
            room,
            peers: HashMap::new(),
            unstored: Vec::new(),
            empty_since: Some(now),
            unwritten: HashMap::new(),
            reported: RoomStats::default(),
        };
        if let Some(RoomSlot::Loading { waiting, .. }) = self.rooms.replace(index, RoomSlot::Open(Box::new(open))) {
            for command in waiting {
                self.admit(now, index, command);
            }
        }
    }

    fn admit(&mut self, now: Instant, room: usize, command: JoinCommand) {
        let micros = self.clock.micros(now);
        let Some(open) = self.rooms.open_mut(room) else { return };
        let admitted = match open.room.admit(micros, command.admission.clone()) {
            Ok(admitted) => admitted,
            Err(refused) => {
                let refusal = JoinRefusal { error: refused.code, message: refused.message };
                return JoinWords::of(command).refuse(refusal);
            }
        };
        if admitted.resumed {
            self.meters.resumes += 1;
            self.drop_connection(room, admitted.participant);
        } else {
            self.meters.joins += 1;
        }
        let offer = command.offer.clone();
        let unstored = admitted.ticket;
        let words = JoinWords::of(command);
        let id = admitted.participant;
        let join = self.joins.insert(PendingJoin { room, command: words, admitted, unstored, negotiated: None });
        self.run_room(now, room);
        if self.wiring.tasks.try_send(Task::Negotiate { join, offer }).is_err()
            && let Some(join) = self.joins.remove(join)
        {
            join.command.refuse(busy());
            self.leave_room(now, room, RoomInput::Left { id });
        }
    }

    pub(super) fn take_negotiated(&mut self, now: Instant, id: u64, result: Result<Negotiated, JoinRefusal>) {
        match result {
            Ok(negotiated) => {
                if let Some(join) = self.joins.get_mut(id) {
                    join.negotiated = Some(negotiated);
                }
                self.finish_join(now, id);
            }
            Err(refusal) => {
                let Some(join) = self.joins.remove(id) else { return };
                let input = RoomInput::Left { id: join.admitted.participant };
                join.command.refuse(refusal);
                self.leave_room(now, join.room, input);
            }
        }
    }

    pub(super) fn take_stored(&mut self, now: Instant, room: &RoomId, ticket: Ticket, is_stored: bool) {
        let micros = self.clock.micros(now);
        let Some((index, open)) = self.rooms.open_by_id(room) else { return };
        open.unstored.retain(|unstored| *unstored != ticket);
        let input = if is_stored { RoomInput::Committed { ticket } } else { RoomInput::CommitFailed { ticket } };
        open.room.handle(micros, input);
        for id in self.joins.waiting_for(index, ticket) {
            if is_stored {
                if let Some(join) = self.joins.get_mut(id) {
                    join.unstored = None;
                }
                self.finish_join(now, id);
            } else if let Some(join) = self.joins.remove(id) {
                let message = "the server cannot store your join now: ask the host to look at its disk".to_owned();
                let input = RoomInput::Left { id: join.admitted.participant };
                join.command.refuse(JoinRefusal { error: JoinRefusalCode::ServerError, message });
                self.leave_room(now, index, input);
            }
        }
        self.run_room(now, index);
    }

    fn finish_join(&mut self, now: Instant, id: u64) {
        let Some(join) = self.joins.take_ready(id) else { return };
        let Some(negotiated) = join.negotiated else { return };
        let micros = self.clock.micros(now);
        let participant = join.admitted.participant;
        let Some(open) = self.rooms.open_mut(join.room) else { return };
        let answer = JoinAnswer {
            protocol: PROTOCOL_VERSION,
            participant,
            person: join.command.person,
            role: join.admitted.role,
            resume_secret: join.command.secret,
            sdp: negotiated.answer,
            room: open.id.clone(),
            lobby: join.admitted.lobby,
            resumed: join.admitted.resumed,
            server_us: micros,
        };
        if join.command.reply.send(Ok(answer)).is_err() {
            // Nobody waits for the answer any more: they may come back with what they have, or not.
            return self.leave_room(now, join.room, RoomInput::Lost { id: participant });
        }
        self.drop_connection(join.room, participant);
        let peer = Peer::new(participant, join.room, negotiated.peer, negotiated.ufrag, now);
        let index = self.peers.insert(peer);
        if let Some(open) = self.rooms.open_mut(join.room) {
            open.peers.insert(participant, index);
        }
    }
}

fn busy() -> JoinRefusal {
    JoinRefusal { error: JoinRefusalCode::TooFast, message: "the server is busy: try again in a moment".to_owned() }
}
