use crate::announcements::Announcements;
use crate::boards::Boards;
use crate::chat::Chat;
use crate::interest::Interest;
use crate::ledger::Ledger;
use crate::live::LiveLane;
use crate::moderation::Sanctions;
use crate::outbox::Outbox;
use crate::people::People;
use crate::roles::Roles;
use crate::voice::Voices;
use crate::{RoomConfig, RoomInput, RoomOutput, RoomStats, SavedRoom, SavedSettings, VoiceRoute};
use atrium_place::Place;
use atrium_protocol::{InviteId, Lane, Micros, ParticipantId, PersonId, ReasonText, is_live_up};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The authority over one meeting.
///
/// Hand it what happens ([`Room::handle`], [`Room::admit`], [`Room::route_voice`], [`Room::handle_timeout`]), then
/// drain [`Room::poll_output`] and ask [`Room::poll_timeout`] when to come back. Time never goes backwards.
///
/// Its outputs are bounded: one input makes at most a few for each person in the room, because what changes for
/// many people at once is announced over several ticks.
#[derive(Debug)]
pub struct Room {
    pub(crate) config: RoomConfig,
    pub(crate) place: Arc<Place>,
    pub(crate) settings: SavedSettings,
    pub(crate) people: People,
    pub(crate) next_participant: u32,
    pub(crate) roles: Roles,
    pub(crate) bans: BTreeMap<PersonId, ReasonText>,
    pub(crate) tainted_invites: BTreeSet<InviteId>,
    pub(crate) known_people: BTreeSet<PersonId>,
    pub(crate) spent_invites: BTreeMap<InviteId, BTreeSet<PersonId>>,
    pub(crate) sanctions: Sanctions,
    pub(crate) chat: Chat,
    pub(crate) boards: Boards,
    pub(crate) interest: Interest,
    pub(crate) live: LiveLane,
    pub(crate) voices: Voices,
    pub(crate) announcements: Announcements,
    pub(crate) ledger: Ledger,
    pub(crate) outbox: Outbox,
    pub(crate) spawned: usize,
    pub(crate) is_draining: bool,
    /// Nobody's time to come back ends before this.
    pub(crate) next_expiry: Option<Micros>,
    pub(crate) next_group: Option<Micros>,
    /// People who flood the room with voice; their connections end with the next input.
    pub(crate) voice_flooders: Vec<ParticipantId>,
    pub(crate) stats: RoomStats,
}

impl Room {
    /// Opens a room with what the store knows of it.
    pub fn new(config: RoomConfig, place: Arc<Place>, mut saved: SavedRoom) -> Self {
        let boards = Boards::new(place.layout().boards.len(), &mut saved);
        Self {
            settings: saved.settings,
            people: People::default(),
            next_participant: saved.next_participant.max(1),
            roles: Roles::new(saved.roles),
            bans: saved.bans,
            tainted_invites: saved.tainted_invites,
            known_people: saved.known_people,
            spent_invites: saved.spent_invites,
            sanctions: Sanctions::default(),
            chat: Chat::new(saved.chat, saved.last_chat_sequence, saved.chat_nonces),
            boards,
            interest: Interest::new(config.tick_hz, config.pose_budget_bytes_per_sec),
            live: LiveLane::default(),
            voices: Voices::default(),
            announcements: Announcements::default(),
            ledger: Ledger::default(),
            outbox: Outbox::default(),
            spawned: 0,
            is_draining: false,
            next_expiry: None,
            next_group: None,
            voice_flooders: Vec::new(),
            stats: RoomStats::default(),
            config,
            place,
        }
    }

    /// Takes what happened.
    pub fn handle(&mut self, now: Micros, input: RoomInput) {
        match input {
            RoomInput::Connected { id } => self.connected(now, id),
            RoomInput::Received { id, lane, bytes } => self.received(now, id, lane, &bytes),
            RoomInput::Lost { id } => self.lost(now, id),
            RoomInput::Left { id } => self.left(now, id),
            RoomInput::Congested { id, congested } => self.congested(id, congested),
            RoomInput::Committed { ticket } => self.committed(now, ticket),
            RoomInput::CommitFailed { ticket } => self.commit_failed(now, ticket),
            RoomInput::BoardLoaded { id, board, entries } => self.board_loaded(id, board, entries),
            RoomInput::Drain => self.drain(now),
        }
        self.settle(now);
    }

    /// What the room wants done next.
    pub fn poll_output(&mut self) -> Option<RoomOutput> {
        self.outbox.pop()
    }

    /// When to call [`Room::handle_timeout`].
    pub fn poll_timeout(&self) -> Option<Micros> {
        if !self.voice_flooders.is_empty() {
            return Some(Micros(0));
        }
        [self.next_expiry, self.next_group, self.voices.next_assignment()].into_iter().flatten().min()
    }

    /// Does what is due: poses, voice slots, and giving up on lost connections.
    pub fn handle_timeout(&mut self, now: Micros) {
        if self.next_expiry.is_some_and(|at| now >= at) {
            self.expire(now);
        }
        if self.voices.next_assignment().is_some_and(|at| now >= at) {
            self.voices.assign(now);
        }
        if self.next_group.is_some_and(|at| now >= at) {
            self.serve_poses(now);
        }
        self.settle(now);
    }

    /// Where a voice packet goes: for each listener the slot that the speaker has there. Empty for whoever may not
    /// speak or sends too much. `level_dbov` is that of RFC 6464: 0 is loudest, 127 is silence.
    pub fn route_voice(
        &mut self,
        now: Micros,
        from: ParticipantId,
        level_dbov: u8,
        payload_bytes: usize,
    ) -> &[VoiceRoute] {
        let Some(index) = self.people.index_of(from) else { return &[] };
        let Some(speaker) = self.people.at_mut(index) else { return &[] };
        if !speaker.meters.voice.take(now, 1) {
            self.voice_flood(now, index);
            return &[];
        }
        let routes = self.voices.route(now, index, level_dbov, payload_bytes);
        self.stats.voice_packets += 1;
        self.stats.voice_forwards += routes.len() as u64;
        routes
    }

    /// Nobody is in the room or its lobby, and nothing waits for the disk: it may be dropped.
    pub fn is_empty(&self) -> bool {
        self.people.len() == 0 && self.ledger.under_way() == 0
    }

    /// How many take part, those included who may come back.
    pub fn participant_count(&self) -> usize {
        self.people.inside_count()
    }

    fn received(&mut self, now: Micros, id: ParticipantId, lane: Lane, bytes: &[u8]) {
        let Some(index) = self.people.index_of(id) else { return };
        let Some(from) = self.people.at(index) else { return };
        // Only the control lane is open to visitors in the lobby.
        let may_use_lane = if lane == Lane::Control { from.is_open() } else { from.is_live() };
        if !may_use_lane {
            return;
        }
        match lane {
            Lane::Control => self.control_received(now, index, bytes),
            Lane::Board => self.board_received(now, index, bytes),
            Lane::Pose if is_live_up(bytes) => self.live_received(now, index, bytes),
            Lane::Pose => self.pose_received(now, index, bytes),
        }
    }

    /// Ends every input: what it left to do.
    pub(crate) fn settle(&mut self, now: Micros) {
        for id in std::mem::take(&mut self.voice_flooders) {
            self.expel_flooder(now, id);
        }
        self.announce_pending(false);
        self.persist_waiting();
        self.persist_audit();
    }
}
