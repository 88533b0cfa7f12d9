//! The thread of a shard: it waits for datagrams, commands and the moment when something is due, takes what there is,
//! and lets the rooms and connections answer.

mod datagrams;
mod ending;
mod joining;
mod outputs;
mod timers;

use super::clock::ShardClock;
use super::joins::PendingJoins;
use super::meters::Meters;
use super::peers::PeerTable;
use super::rooms::RoomTable;
use super::sockets::Sockets;
use super::visits::Visits;
use super::worker::{Outcome, Task};
use crate::boards::BoardKeeper;
use crate::places::PlaceLibrary;
use crate::shard_api::{ShardCommand, ShardConfig, ShardStats};
use atrium_link::rtc_driver::Path;
use atrium_protocol::RefusalCode;
use atrium_room::RoomInput;
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
    pub(super) boards: Arc<BoardKeeper>,
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
            self.visits.gather_for(self.peers.count());
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
                ShardCommand::Vouch { room, participant, secret, request, reply } => {
                    let micros = self.clock.micros(now);
                    let open = self.rooms.open_by_id(&room).map(|(_, open)| open);
                    let verdict = open.map(|open| open.room.may_transfer(micros, participant, &secret, request));
                    let _ = reply.send(verdict.unwrap_or(Err(RefusalCode::NotFound)));
                }
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
                    if let Some(room) = self.rooms.find(&room) {
                        self.tell(now, room, RoomInput::BoardLoaded { id, board, entries });
                    }
                }
                Outcome::Stored { room, ticket, is_stored } => self.take_stored(now, &room, ticket, is_stored),
            }
        }
    }

    /// Tells a room something; it may since be gone.
    fn tell(&mut self, now: Instant, room: usize, input: RoomInput) {
        let micros = self.clock.micros(now);
        if let Some(open) = self.rooms.open_mut(room) {
            open.room.handle(micros, input);
        }
    }
}
