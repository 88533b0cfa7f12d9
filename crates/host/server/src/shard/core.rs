use super::clock::ShardClock;
use super::forward::stage_voice;
use super::joins::{JoinWords, PendingJoin, PendingJoins};
use super::meters::Meters;
use super::peers::{Drain, Peer, PeerTable, Queued};
use super::rooms::{OpenRoom, RoomSlot, RoomTable, WAITING_JOINS};
use super::sockets::Sockets;
use super::visits::Visits;
use super::worker::{Negotiated, Outcome, Task};
use crate::places::{LoadedPlace, PlaceLibrary};
use crate::shard_api::{JoinCommand, ShardCommand, ShardConfig, ShardStats};
use atrium_link::rtc_driver::Path;
use atrium_link::{ClosedBy, LinkEvent, summarise_stun};
use atrium_protocol::{
    CloseCode, ControlDown, JoinAnswer, JoinRefusal, JoinRefusalCode, Lane, PROTOCOL_VERSION, ParticipantId,
    ReasonText, RoomId, encode_message, limits,
};
use atrium_room::{Room, RoomConfig, RoomInput, RoomOutput, SavedRoom, Ticket};
use atrium_store::Store;
use bytes::Bytes;
use crossbeam_channel::{Receiver, Sender};
use mio::Token;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

pub(super) const WAKER: Token = Token(usize::MAX);
/// How often the timers of connections are looked at.
const TIMER_STEP: Duration = Duration::from_millis(10);
/// A connection that is not open by then is given up.
const CONNECT_LIMIT: Duration = Duration::from_secs(20);
/// The room speaks once the client has spoken, or after this. The server's end of a lane opens before the client's (by
/// half a round trip, or by a retransmission where the last packet of the handshake was lost), and some clients
/// lose what reaches them in between.
const GREET_SILENT_AFTER: Duration = Duration::from_secs(10);
/// How long a closing connection may take to hand over its last messages.
const CLOSE_LIMIT: Duration = Duration::from_secs(2);
/// An empty room is forgotten after this; the store remembers it.
const EMPTY_ROOM_LIMIT: Duration = Duration::from_secs(30);

/// How a shard is connected to the rest of the server.
pub(super) struct Wiring {
    pub(super) poll: mio::Poll,
    pub(super) waker: Arc<mio::Waker>,
    pub(super) inbox: Receiver<ShardCommand>,
    pub(super) tasks: Sender<Task>,
    pub(super) outcomes: Sender<Outcome>,
    pub(super) outcome_inbox: Receiver<Outcome>,
    pub(super) store: Store,
    pub(super) places: Arc<PlaceLibrary>,
}

pub(super) struct Shard {
    config: ShardConfig,
    clock: ShardClock,
    wiring: Wiring,
    sockets: Sockets,
    peers: PeerTable,
    rooms: RoomTable,
    joins: PendingJoins,
    visits: Visits,
    tcp: HashMap<u64, mpsc::Sender<Bytes>>,
    meters: Meters,
    timers_seen: Instant,
    draining_since: Option<Instant>,
}

impl Shard {
    pub(super) fn new(config: ShardConfig, sockets: Sockets, wiring: Wiring) -> Self {
        Self {
            config,
            clock: ShardClock::start(),
            wiring,
            sockets,
            peers: PeerTable::default(),
            rooms: RoomTable::default(),
            joins: PendingJoins::default(),
            visits: Visits::default(),
            tcp: HashMap::new(),
            meters: Meters::default(),
            timers_seen: Instant::now(),
            draining_since: None,
        }
    }

    /// Runs until it was told to drain and everybody is gone.
    pub(super) fn run(mut self) {
        let mut events = mio::Events::with_capacity(64);
        loop {
            let timeout = self.wake_in(Instant::now());
            if let Err(error) = self.wiring.poll.poll(&mut events, Some(timeout))
                && error.kind() != std::io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "the event queue failed; the shard stops");
                return;
            }
            for event in events.iter().filter(|event| event.token() != WAKER) {
                self.sockets.mark_readable(event.token());
            }
            let now = Instant::now();
            self.take_outcomes(now);
            self.take_commands(now);
            self.receive(now);
            self.run_timers(now);
            self.run_rooms(now);
            self.flush(Instant::now());
            self.meters.turns += 1;
            if self.is_done(now) {
                return;
            }
        }
    }

    fn wake_in(&mut self, now: Instant) -> Duration {
        if self.sockets.may_have_more() || !self.wiring.inbox.is_empty() || !self.wiring.outcome_inbox.is_empty() {
            return Duration::ZERO;
        }
        let mut due = now + if self.peers.count() > 0 { TIMER_STEP } else { Duration::from_millis(200) };
        if let Some(visit) = self.visits.next() {
            due = due.min(visit);
        }
        for (_, open) in self.rooms.iter_open_mut() {
            if let Some(at) = open.room.poll_timeout() {
                due = due.min(self.clock.instant(at));
            }
        }
        due.saturating_duration_since(now)
    }

    fn take_commands(&mut self, now: Instant) {
        while let Ok(command) = self.wiring.inbox.try_recv() {
            match command {
                ShardCommand::Join(join) => self.begin_join(now, *join),
                ShardCommand::Drain => self.drain(now),
                ShardCommand::CloseRoom(room) => self.close_room(now, &room),
                ShardCommand::TcpOpened { id, first_frame, writer, .. } => {
                    self.tcp.insert(id, writer);
                    self.take_datagram(now, Path::Tcp { connection: id }, &first_frame);
                }
                ShardCommand::TcpFrame { id, bytes } => {
                    self.take_datagram(now, Path::Tcp { connection: id }, &bytes);
                }
                ShardCommand::TcpClosed { id } => self.forget_tcp(id),
                ShardCommand::Stats(reply) => {
                    let rooms = self.rooms.iter_open_mut().count() as u32;
                    let _ = reply.send(ShardStats { rooms, peers: self.peers.count() as u32 });
                }
            }
        }
    }

    fn take_outcomes(&mut self, now: Instant) {
        while let Ok(outcome) = self.wiring.outcome_inbox.try_recv() {
            match outcome {
                Outcome::RoomLoaded { room, place, saved } => self.open_room(now, room, &place, saved),
                Outcome::Negotiated { join, result } => self.take_negotiated(now, join, result),
                Outcome::BoardLoaded { room, id, board, entries } => {
                    self.tell_room(now, &room, RoomInput::BoardLoaded { id, board, entries });
                }
                Outcome::Stored { room, ticket, is_stored } => self.take_stored(now, &room, ticket, is_stored),
            }
        }
    }

    fn tell_room(&mut self, now: Instant, room: &RoomId, input: RoomInput) {
        let micros = self.clock.micros(now);
        if let Some((_, open)) = self.rooms.open_by_id(room) {
            open.room.handle(micros, input);
        }
    }

    // Joining

    fn begin_join(&mut self, now: Instant, command: JoinCommand) {
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

    fn open_room(&mut self, now: Instant, id: RoomId, place: &LoadedPlace, saved: Result<SavedRoom, String>) {
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
        let room = Room::new(config, Arc::clone(&place.place), saved);
        let open = OpenRoom { id, room, peers: HashMap::new(), unstored: Vec::new(), empty_since: Some(now) };
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

    fn take_negotiated(&mut self, now: Instant, id: u64, result: Result<Negotiated, JoinRefusal>) {
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

    fn take_stored(&mut self, now: Instant, room: &RoomId, ticket: Ticket, is_stored: bool) {
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

    /// Drops a participant's connection without telling the room.
    fn drop_connection(&mut self, room: usize, id: ParticipantId) {
        let Some(open) = self.rooms.open_mut(room) else { return };
        if let Some(index) = open.peers.remove(&id) {
            self.hang_up(index);
        }
    }

    fn leave_room(&mut self, now: Instant, room: usize, input: RoomInput) {
        let micros = self.clock.micros(now);
        if let Some(open) = self.rooms.open_mut(room) {
            open.room.handle(micros, input);
        }
        self.run_room(now, room);
    }

    // Datagrams

    fn receive(&mut self, now: Instant) {
        for socket in 0..self.sockets.count() {
            let Some(inbox) = self.sockets.receive(socket) else { continue };
            for (remote, datagram) in inbox.datagrams() {
                self.meters.datagrams_in += 1;
                self.take_datagram(now, Path::Udp { socket: socket as u8, remote }, datagram);
            }
            self.sockets.give_back(inbox);
        }
    }

    fn take_datagram(&mut self, now: Instant, path: Path, datagram: &[u8]) {
        let index = match self.peers.by_path(path) {
            Some(index) => Some(index),
            None => {
                summarise_stun(datagram).and_then(|stun| stun.local_ufrag).and_then(|ufrag| self.peers.by_ufrag(ufrag))
            }
        };
        let Some(index) = index else {
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

    fn take_events(&mut self, now: Instant, index: usize) {
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

    // Rooms

    fn run_rooms(&mut self, now: Instant) {
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
    fn run_room(&mut self, now: Instant, index: usize) {
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
                    self.persist(room, ticket, records);
                }
                RoomOutput::LoadBoard { id, board, after, up_to, limit } => {
                    let room = open.id.clone();
                    let task = Task::LoadBoard { room: room.clone(), id, board, after, up_to, limit };
                    if self.wiring.tasks.try_send(task).is_err() {
                        self.tell_room(now, &room, RoomInput::BoardLoaded { id, board, entries: Vec::new() });
                    }
                }
            }
        }
    }

    fn persist(&mut self, room: RoomId, ticket: Ticket, records: Vec<atrium_room::Record>) {
        let (outcomes, waker) = (self.wiring.outcomes.clone(), Arc::clone(&self.wiring.waker));
        let stored_room = room.clone();
        let done = move |result: Result<(), atrium_store::StoreError>| {
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

    fn send(&mut self, now: Instant, index: usize, lane: Lane, bytes: Bytes) {
        let Some(peer) = self.peers.get_mut(index) else { return };
        match peer.send(now, lane, bytes) {
            Queued::Taken => self.visits.note(now, index, peer),
            Queued::Dropped => self.meters.poses_dropped += u64::from(lane == Lane::Pose),
            Queued::Stalled => self.close_stalled(now, index),
        }
    }

    /// Closes a peer that does not take what it is sent; it may resume over a better connection.
    fn close_stalled(&mut self, now: Instant, index: usize) {
        let Some(peer) = self.peers.get_mut(index) else { return };
        tracing::info!(participant = %peer.id, "a connection takes nothing any more and is closed");
        self.meters.stalled += 1;
        let (id, room) = (peer.id, peer.room);
        self.hang_up(index);
        if let Some(open) = self.rooms.open_mut(room) {
            open.peers.remove(&id);
        }
        let micros = self.clock.micros(now);
        if let Some(open) = self.rooms.open_mut(room) {
            open.room.handle(micros, RoomInput::Lost { id });
        }
    }

    // Timers

    fn run_timers(&mut self, now: Instant) {
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
        let rooms = self.rooms.iter_open_mut().count();
        self.meters.report(now, self.config.index, self.peers.count(), rooms);
    }

    fn check_peer(&mut self, now: Instant, index: usize) {
        let Some(peer) = self.peers.get_mut(index) else { return };
        let is_silent = peer.opened.is_some_and(|opened| now.saturating_duration_since(opened) > GREET_SILENT_AFTER);
        if is_silent && !std::mem::replace(&mut peer.is_connected, true) {
            let (input, room) = (RoomInput::Connected { id: peer.id }, peer.room);
            let micros = self.clock.micros(now);
            if let Some(open) = self.rooms.open_mut(room) {
                open.room.handle(micros, input);
            }
        }
        let Some(peer) = self.peers.get_mut(index) else { return };
        if peer.has_waiting() {
            peer.retry_waiting(now);
            self.visits.note(now, index, peer);
        }
        let (id, room) = (peer.id, peer.room);
        if peer.is_congested != peer.has_waiting() {
            peer.is_congested = peer.has_waiting();
            let input = RoomInput::Congested { id, congested: peer.is_congested };
            let micros = self.clock.micros(now);
            if let Some(open) = self.rooms.open_mut(room) {
                open.room.handle(micros, input);
            }
        }
        let Some(peer) = self.peers.get_mut(index) else { return };
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
        } else if peer.is_stalled(now)
            || (!peer.is_connected && now.saturating_duration_since(peer.created) > CONNECT_LIMIT)
        {
            self.close_stalled(now, index);
        }
    }

    /// Closes a connection and tells the other end, as far as it listens.
    fn hang_up(&mut self, index: usize) {
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

    fn forget_empty_rooms(&mut self, now: Instant) {
        for index in self.rooms.indices() {
            let has_joins = !self.joins.of_room(index).is_empty();
            let Some(open) = self.rooms.open_mut(index) else { continue };
            let is_in_use = has_joins || !open.room.is_empty() || !open.peers.is_empty() || !open.unstored.is_empty();
            if is_in_use {
                open.empty_since = None;
            } else if now.saturating_duration_since(*open.empty_since.get_or_insert(now)) > EMPTY_ROOM_LIMIT {
                self.rooms.remove(index);
            }
        }
    }

    fn forget_tcp(&mut self, id: u64) {
        self.tcp.remove(&id);
        let path = Path::Tcp { connection: id };
        if let Some(peer) = self.peers.by_path(path).and_then(|index| self.peers.get_mut(index)) {
            peer.link.forget(path);
        }
    }

    // Sending

    fn flush(&mut self, now: Instant) {
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

    fn drain_peer(&mut self, index: usize) {
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

    // The end

    fn drain(&mut self, now: Instant) {
        self.draining_since.get_or_insert(now);
        let micros = self.clock.micros(now);
        for (_, open) in self.rooms.iter_open_mut() {
            open.room.handle(micros, RoomInput::Drain);
        }
        self.run_rooms(now);
    }

    fn close_room(&mut self, now: Instant, room: &RoomId) {
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

    fn is_done(&mut self, now: Instant) -> bool {
        let Some(since) = self.draining_since else { return false };
        let is_stored = self.rooms.iter_open_mut().all(|(_, open)| open.unstored.is_empty());
        let is_over = self.peers.count() == 0 && is_stored;
        is_over || now.saturating_duration_since(since) > CLOSE_LIMIT * 2
    }
}

fn busy() -> JoinRefusal {
    JoinRefusal { error: JoinRefusalCode::TooFast, message: "the server is busy: try again in a moment".to_owned() }
}
