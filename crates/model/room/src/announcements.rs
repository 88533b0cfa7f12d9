use crate::Room;
use crate::outbox::encode;
use crate::participant::Participant;
use atrium_protocol::{ControlDown, Lane, LeaveReason, ParticipantId, PersonChange, Role, RoomInfo};
use std::collections::VecDeque;

/// So many people's changes are announced at a time; more (as when everyone is muted) wait for the next ticks.
const AT_ONCE: usize = 16;

/// People of whom the others must be told, in order.
#[derive(Debug, Default)]
pub(crate) struct Announcements {
    queue: VecDeque<ParticipantId>,
}

impl Room {
    /// Sends to everyone who takes part.
    pub(crate) fn broadcast(&mut self, message: &ControlDown) {
        self.broadcast_except(None, message);
    }

    pub(crate) fn broadcast_except(&mut self, except: Option<ParticipantId>, message: &ControlDown) {
        let Some(bytes) = encode(Lane::Control, message) else { return };
        for to in self.people.iter().filter(|to| to.is_live() && Some(to.id()) != except) {
            self.outbox.send(to.id(), Lane::Control, bytes.clone());
        }
    }

    /// Sends to those who may let visitors in.
    pub(crate) fn tell_moderators(&mut self, message: &ControlDown) {
        let Some(bytes) = encode(Lane::Control, message) else { return };
        for to in self.people.iter().filter(|to| to.is_live() && to.info.role >= Role::Moderator) {
            self.outbox.send(to.id(), Lane::Control, bytes.clone());
        }
    }

    /// Notes a change to somebody's info, which was made already, for the others.
    pub(crate) fn announce(&mut self, index: usize, change: PersonChange) {
        let Some(participant) = self.people.at_mut(index) else { return };
        if !participant.is_announced {
            return;
        }
        merge(&mut participant.unannounced, change);
        if !participant.is_queued {
            participant.is_queued = true;
            let id = participant.id();
            self.announcements.queue.push_back(id);
        }
    }

    /// Announces what waits; between ticks only if that is little.
    pub(crate) fn announce_pending(&mut self, is_tick: bool) {
        if self.announcements.queue.len() > AT_ONCE && !is_tick && self.is_ticking() {
            return;
        }
        let count = if self.is_ticking() { AT_ONCE } else { self.announcements.queue.len() };
        for _ in 0..count {
            let Some(id) = self.announcements.queue.pop_front() else { return };
            self.announce_now(id);
        }
    }

    /// Announces at once what waits for one person.
    fn announce_now(&mut self, id: ParticipantId) {
        let Some(participant) = self.people.by_id_mut(id) else { return };
        participant.is_queued = false;
        let change = std::mem::take(&mut participant.unannounced);
        if change != PersonChange::default() {
            self.broadcast(&ControlDown::Changed { id, change });
        }
    }

    pub(crate) fn announce_left(&mut self, id: ParticipantId, reason: LeaveReason) {
        self.broadcast(&ControlDown::Left { id, reason });
    }

    pub(crate) fn room_info(&self) -> RoomInfo {
        RoomInfo {
            locked: self.settings.locked,
            lobby: self.settings.lobby,
            place: self.place.layout().title.clone(),
            capacity: self.config.capacity,
        }
    }

    /// Poses go out because somebody is there to get them.
    pub(crate) fn is_ticking(&self) -> bool {
        self.next_group.is_some()
    }
}

/// Adds a later change to an earlier one.
fn merge(earlier: &mut PersonChange, later: PersonChange) {
    let before = std::mem::take(earlier);
    *earlier = PersonChange {
        name: later.name.or(before.name),
        role: later.role.or(before.role),
        grants: later.grants.or(before.grants),
        muted: later.muted.or(before.muted),
        muted_by_moderator: later.muted_by_moderator.or(before.muted_by_moderator),
        hand_raised_at_ms: later.hand_raised_at_ms.or(before.hand_raised_at_ms),
        presenting: later.presenting.or(before.presenting),
        seat: later.seat.or(before.seat),
        zone: later.zone.or(before.zone),
        presence: later.presence.or(before.presence),
        avatar: later.avatar.or(before.avatar),
    };
}

/// The grants and role of somebody, as a change.
pub(crate) fn role_change(participant: &Participant) -> PersonChange {
    PersonChange { role: Some(participant.info.role), grants: Some(participant.info.grants), ..PersonChange::default() }
}
