use super::script::{CAPACITY, Link, PEOPLE, Script};
use crate::harness::*;
use atrium_board::Live;
use atrium_protocol::*;
use atrium_room::*;
use std::collections::BTreeSet;

/// How much the scripts did, so that a script which does nothing is noticed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    pub(super) joins: usize,
    pub(super) refused: usize,
    pub(super) lobby: usize,
    pub(super) resumes: usize,
    pub(super) moderations: usize,
    pub(super) failures: usize,
    pub(super) poses: usize,
    pub(super) routes: usize,
    pub(super) chats: usize,
    pub(super) operations: usize,
    pub(super) elements: usize,
    pub(super) frozen: usize,
    pub(super) cleared: usize,
    pub(super) live: usize,
    pub(super) bans: usize,
    pub(super) expelled: usize,
    pub(super) zones: usize,
    pub(super) quiet: usize,
}

impl Totals {
    pub(super) fn add(&mut self, other: &Self) {
        let pairs = [
            (&mut self.joins, other.joins),
            (&mut self.refused, other.refused),
            (&mut self.lobby, other.lobby),
            (&mut self.resumes, other.resumes),
            (&mut self.moderations, other.moderations),
            (&mut self.failures, other.failures),
            (&mut self.poses, other.poses),
            (&mut self.routes, other.routes),
            (&mut self.chats, other.chats),
            (&mut self.operations, other.operations),
            (&mut self.elements, other.elements),
            (&mut self.frozen, other.frozen),
            (&mut self.cleared, other.cleared),
            (&mut self.live, other.live),
            (&mut self.bans, other.bans),
            (&mut self.expelled, other.expelled),
            (&mut self.zones, other.zones),
            (&mut self.quiet, other.quiet),
        ];
        pairs.into_iter().for_each(|(sum, value)| *sum += value);
    }

    pub(super) fn check_that_scripts_reach_everything(&self) {
        let rare = [self.lobby, self.resumes, self.failures, self.bans, self.expelled, self.zones, self.quiet];
        let rare = rare.into_iter().chain([self.frozen, self.cleared, self.elements, self.live]).collect::<Vec<_>>();
        assert!(rare.iter().all(|count| *count > 200), "{self:?}");
        let usual = [self.joins, self.refused, self.moderations, self.poses, self.routes, self.chats, self.operations];
        assert!(usual.iter().all(|count| *count > 2_000), "{self:?}");
    }
}

impl Script {
    /// Reads what clients were sent, and checks each word of it.
    pub(super) fn take_messages(&mut self) {
        for (id, inbox) in std::mem::take(&mut self.world.inboxes) {
            let Some(client) = self.clients.get_mut(&id) else { continue };
            for message in &inbox.control {
                assert!(!client.is_closing, "{id} is sent {message:?} after a goodbye");
                client.is_closing |= matches!(message, ControlDown::Closing { .. });
                client.mirror.apply(message);
                let said = match message {
                    ControlDown::Chat { message } => std::slice::from_ref(message),
                    ControlDown::ChatHistory { messages } => messages.as_slice(),
                    _ => &[],
                };
                self.totals.chats += said.len();
                let on_disk =
                    |said: &ChatMessage| self.world.disk.saved.chat.get(said.sequence as usize - 1) == Some(said);
                assert!(said.iter().all(on_disk), "{said:?} is not on disk");
            }
            let is_inside = client.mirror.welcome.is_some();
            let is_quiet = inbox.board.is_empty() && inbox.poses.is_empty() && inbox.live.is_empty();
            assert!(is_inside || is_quiet, "{id} is in the lobby");
            client.pose_bytes += inbox.pose_bytes;
            client.live_datagrams += inbox.live.len();
            for record in inbox.live.iter().flat_map(|live| &live.records) {
                assert!(self.ids.contains(&record.id) && record.board.0 < 2, "{record:?}");
                Live::decode(&record.payload).expect("only what can be read goes out");
                self.totals.live += 1;
            }
            for message in &inbox.board {
                let BoardDown::Settled { board, sequence, author, nonce, at_ms, operation } = message else { continue };
                let log = self.world.disk.boards.get(board).expect("a board on disk");
                let entry = log.get(*sequence as usize - 1).expect("settled means on disk");
                let told = (*sequence, *author, *nonce, *at_ms, operation);
                let on_disk = (entry.sequence, entry.author, entry.nonce, entry.at.millis(), &entry.operation);
                assert_eq!(told, on_disk);
                client.settled.entry(*board).or_default().insert(*sequence);
                self.totals.operations += 1;
            }
        }
        for (id, code) in self.world.closed.drain(..) {
            self.totals.expelled += usize::from(code == CloseCode::Misbehaved);
            self.totals.bans += usize::from(code == CloseCode::Banned);
            let gone = self.clients.remove(&id).filter(|_| code == CloseCode::Banned);
            self.banned.extend(gone.map(|client| person(client.person)));
        }
    }

    /// What is true after every step.
    pub(super) fn check(&mut self) {
        let room = &self.world.room;
        let roster: Vec<_> = room.roster().collect();
        assert!(room.participant_count() <= CAPACITY as usize + 2);
        assert!(room.lobby().count() <= 64);
        let ids: BTreeSet<_> = roster.iter().map(|info| info.id).collect();
        assert_eq!(ids.len(), roster.len());
        let seats: Vec<_> = roster.iter().filter_map(|info| info.seat).collect();
        assert_eq!(seats.iter().collect::<BTreeSet<_>>().len(), seats.len(), "one sitter a seat");
        assert!(roster.iter().filter(|info| info.presenting).count() <= 1);
        for info in room.roster().chain(room.lobby()) {
            assert!(!self.banned.contains(&info.person), "{} is banned", info.id);
        }
        self.had_owner |= self.world.disk.saved.roles.values().any(|role| *role == Role::Owner);
        let owners = (0..PEOPLE).filter(|n| room.role_of(person(*n)) == Some(Role::Owner)).count();
        assert!(owners > 0 || !self.had_owner, "the room lost its owner");
        self.check_slots();
        self.check_pose_budget();
    }

    fn check_slots(&self) {
        for listener in self.world.room.roster() {
            let Some(slots) = self.world.room.voice_slots(listener.id) else { continue };
            let speakers: Vec<_> = slots.into_iter().flatten().collect();
            assert_eq!(speakers.iter().collect::<BTreeSet<_>>().len(), speakers.len(), "twice in {}", listener.id);
            speakers.into_iter().for_each(|speaker| self.check_may_hear(speaker, listener.id));
        }
    }

    fn check_may_hear(&self, speaker: ParticipantId, listener: ParticipantId) {
        assert_ne!(speaker, listener, "nobody hears themselves");
        let (from, to) = (self.world.info(speaker), self.world.info(listener));
        assert!(!from.muted && !from.muted_by_moderator && from.grants.voice, "{speaker} is silenced");
        assert!(self.world.connected.contains(&speaker) && self.world.connected.contains(&listener));
        assert!(from.presence == Presence::Here && to.presence == Presence::Here);
        let zones = [speaker, listener].map(|id| self.private_zone_of(id));
        assert!(from.presenting || zones[0] == zones[1], "{speaker} is heard across {zones:?}");
    }

    pub(super) fn check_routes(&mut self, speaker: ParticipantId, routes: &[VoiceRoute]) {
        self.totals.routes += routes.len();
        for route in routes {
            assert!(usize::from(route.slot) < VOICE_SLOTS);
            let slots = self.world.room.voice_slots(route.to).expect("a listener");
            assert_eq!(slots[usize::from(route.slot)], Some(speaker));
            self.check_may_hear(speaker, route.to);
        }
        let listeners: BTreeSet<_> = routes.iter().map(|route| route.to).collect();
        assert_eq!(listeners.len(), routes.len());
    }

    fn private_zone_of(&self, id: ParticipantId) -> Option<ZoneId> {
        let place = place_of_scripts();
        let zone = place.zone_at(self.world.room.head_of(id)?)?;
        place.zone(zone)?.private.then_some(zone)
    }

    fn check_pose_budget(&self) {
        for (id, client) in &self.clients {
            let secs = self.world.now.since(client.connected_at).as_secs_f64();
            let allowed = 32_000.0 * secs + 3.0 * limits::POSE_DATAGRAM_BYTES as f64;
            assert!(client.pose_bytes as f64 <= allowed, "{id} got {} bytes in {secs} s", client.pose_bytes);
            let allowed = 2.0 * (31.5 * secs + 2.0);
            assert!(client.live_datagrams as f64 <= allowed, "{id}: {} in {secs} s", client.live_datagrams);
        }
    }

    /// What is true when nothing is under way.
    pub(super) fn check_quiet(&mut self) {
        self.totals.quiet += 1;
        self.check_documents();
        let room = &self.world.room;
        self.totals.zones += room.roster().filter(|info| info.zone.is_some()).count();
        let inside = self.clients.iter().filter(|(id, client)| {
            client.link == Link::Open && self.world.is_in_roster(**id) && self.world.connected.contains(id)
        });
        for (id, client) in inside {
            let mirror = &client.mirror;
            assert!(mirror.is_complete, "{id} has the whole roster");
            let mut roster: Vec<_> = room.roster().cloned().collect();
            roster.sort_by_key(|info| info.id);
            let mirrored: Vec<_> = mirror.people.values().cloned().collect();
            assert_eq!(mirrored, roster, "{id} sees the others as they are");
            let sequences: BTreeSet<_> = mirror.chat.iter().map(|message| message.sequence).collect();
            let last = self.world.disk.saved.last_chat_sequence;
            let first = sequences.first().copied().unwrap_or(last + 1);
            assert!(sequences.into_iter().eq(first..=last), "{id} misses some of the chat");
            let settings = self.world.disk.saved.settings;
            let info = mirror.info.as_ref().expect("room info");
            assert_eq!((info.locked, info.lobby), (settings.locked, settings.lobby));
            assert_eq!(self.world.info(*id).zone, self.private_zone_of(*id));
            assert!(!self.world.disk.saved.bans.contains_key(&self.world.info(*id).person), "{id} is banned");
            for n in 0..PEOPLE {
                let on_disk = self.world.disk.saved.roles.get(&person(n)).copied().unwrap_or(Role::Guest);
                assert_eq!(room.role_of(person(n)).unwrap_or(Role::Guest), on_disk, "the role of person {n}");
            }
        }
    }

    /// The room's boards are what the logs on disk say.
    fn check_documents(&mut self) {
        for (board, log) in &self.world.disk.boards {
            let replayed = self.replayed.entry(*board).or_default();
            let from = replayed.sequence() as usize;
            log[from..].iter().for_each(|entry| replay(replayed, entry));
            let document = self.world.room.board(*board).expect("a board of the place");
            assert!(document.is_identical(replayed), "board {} is not what its log says", board.0);
            self.totals.elements += document.len();
            self.totals.frozen += usize::from(document.is_frozen());
        }
        self.totals.cleared += self.world.disk.audited("board_clear");
    }

    pub(super) fn check_boards_are_complete(&self) {
        for (id, client) in &self.clients {
            if client.link != Link::Open || client.mirror.welcome.is_none() {
                continue;
            }
            for (board, log) in &self.world.disk.boards {
                let seen = client.settled.get(board).cloned().unwrap_or_default();
                assert!(seen.into_iter().eq(1..=log.len() as u64), "{id} misses some of {board:?}");
            }
        }
    }

    pub(super) fn check_after_restart(&mut self) {
        let disk = self.world.disk.clone();
        let mut again = World::opened(disk.saved.clone(), place_of_scripts(), |_| {});
        again.disk = disk;
        for banned in again.disk.saved.bans.clone().into_keys() {
            let wish = Admission { person: banned, ..admission(0, Role::Owner) };
            assert_eq!(again.refusal(wish), JoinRefusalCode::Banned);
        }
        let wish = Admission { person: person(200), ..admission(0, Role::Owner) };
        if let Ok(admitted) = again.admit(wish) {
            assert!(self.answered.iter().all(|id| *id < admitted.participant), "an id is used twice");
        }
    }
}

fn place_of_scripts() -> std::sync::Arc<atrium_place::Place> {
    thread_local!(static PLACE: std::sync::Arc<atrium_place::Place> = place());
    PLACE.with(std::sync::Arc::clone)
}
