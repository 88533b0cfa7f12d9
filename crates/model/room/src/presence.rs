//! Coming, going, and coming back.

use crate::participant::{Link, Stage};
use crate::{Room, RoomOutput};
use atrium_protocol::{
    CloseCode, ControlDown, LeaveReason, Micros, ParticipantId, PersonChange, PersonId, Presence, ReasonText,
};

impl Room {
    pub(crate) fn connected(&mut self, now: Micros, id: ParticipantId) {
        let Some(index) = self.people.index_of(id) else { return };
        let Some(participant) = self.people.at_mut(index) else { return };
        if !matches!(participant.link, Link::Opening { .. }) {
            return;
        }
        participant.link = Link::Open;
        participant.is_congested = false;
        match participant.stage {
            Stage::Inside => self.come_in(now, index),
            Stage::Lobby { .. } => self.knock(index),
        }
    }

    /// Somebody with an open connection takes part from now on.
    pub(crate) fn come_in(&mut self, now: Micros, index: usize) {
        let Some(participant) = self.people.at_mut(index) else { return };
        let id = participant.id();
        let is_new = !std::mem::replace(&mut participant.is_announced, true);
        let was_here = participant.info.presence == Presence::Here;
        participant.info.presence = Presence::Here;
        let (pose, epoch) = (participant.body.pose(), participant.body.placement().epoch);
        self.interest.add(now, index, id, &pose);
        self.live.remove(id);
        if let Some(participant) = self.people.at(index) {
            self.voices.add(index, id, participant.standing());
        }
        self.next_group.get_or_insert(now + self.interest.step());
        self.welcome(now, index);
        if is_new {
            let person = self.people.at(index).map(|participant| Box::new(participant.info.clone()));
            if let Some(person) = person {
                self.broadcast_except(Some(id), &ControlDown::Joined { person });
            }
        } else {
            if !was_here {
                let presence = Some(Presence::Here);
                self.announce(index, PersonChange { presence, ..PersonChange::default() });
            }
            self.broadcast_except(Some(id), &ControlDown::Jumped { id, epoch });
        }
        self.moved(now, index);
    }

    pub(crate) fn lost(&mut self, now: Micros, id: ParticipantId) {
        let until = now + self.config.resume_window;
        let Some(index) = self.people.index_of(id) else { return };
        let Some(participant) = self.people.at_mut(index) else { return };
        if matches!(participant.link, Link::Lost { .. }) {
            return;
        }
        participant.link = Link::Lost { until };
        participant.fetches.clear();
        let was_here = participant.info.presence == Presence::Here;
        participant.info.presence = Presence::Reconnecting;
        self.interest.remove(index);
        self.live.remove(id);
        self.voices.remove(index);
        self.expires_at(until);
        self.stop_ticking_if_idle();
        if was_here {
            let presence = Some(Presence::Reconnecting);
            self.announce(index, PersonChange { presence, ..PersonChange::default() });
        }
    }

    pub(crate) fn left(&mut self, now: Micros, id: ParticipantId) {
        if let Some(index) = self.people.index_of(id) {
            self.depart(now, index, LeaveReason::Left);
        }
    }

    /// Ends an attendance and tells the others.
    pub(crate) fn depart(&mut self, now: Micros, index: usize, reason: LeaveReason) {
        let Some(gone) = self.take_out(index) else { return };
        if gone.was_announced {
            self.announce_left(gone.id, reason);
        }
        self.ledger.audit(now, "leave", Some(gone.person), None, format!("{} {reason:?}", gone.id));
    }

    /// Ends an attendance in every table; only the lobby's watchers are told.
    pub(crate) fn take_out(&mut self, index: usize) -> Option<Gone> {
        let participant = self.people.remove(index)?;
        self.interest.remove(index);
        self.live.remove(participant.id());
        self.voices.remove(index);
        self.stop_ticking_if_idle();
        if !participant.is_inside() {
            self.tell_moderators(&ControlDown::KnockEnded { id: participant.id() });
        }
        let (id, person) = (participant.id(), participant.info.person);
        Some(Gone { id, person, was_announced: participant.is_announced })
    }

    /// Says goodbye on whatever connection there is.
    pub(crate) fn close_connection(&mut self, index: usize, code: CloseCode, reason: &ReasonText) {
        let Some(participant) = self.people.at(index) else { return };
        let id = participant.id();
        match participant.link {
            Link::Open => self.outbox.close(id, code, reason),
            Link::Opening { .. } => self.outbox.push(RoomOutput::Close { id, code, reason: reason.clone() }),
            Link::Lost { .. } => {}
        }
    }

    /// Somebody left by a message: the connection goes too.
    pub(crate) fn leave(&mut self, now: Micros, index: usize) {
        if let Some(participant) = self.people.at(index) {
            let (id, reason) = (participant.id(), ReasonText::truncated("left"));
            self.outbox.push(RoomOutput::Close { id, code: CloseCode::Removed, reason });
        }
        self.depart(now, index, LeaveReason::Left);
    }

    /// Somebody sends what no honest client sends.
    pub(crate) fn expel(&mut self, now: Micros, index: usize, why: &str) {
        self.close_connection(index, CloseCode::Misbehaved, &ReasonText::truncated(why));
        self.depart(now, index, LeaveReason::Misbehaved);
    }

    pub(crate) fn congested(&mut self, id: ParticipantId, congested: bool) {
        let Some(index) = self.people.index_of(id) else { return };
        if let Some(participant) = self.people.at_mut(index) {
            participant.is_congested = congested;
        }
        if !congested {
            self.resume_fetches(index);
        }
    }

    /// Gives up on those who did not come back in time.
    pub(crate) fn expire(&mut self, now: Micros) {
        let is_over = |at: Option<Micros>| at.is_some_and(|at| at <= now);
        let expired = self.people.indexed().filter(|(_, participant)| is_over(participant.expires_at()));
        let expired: Vec<_> = expired.map(|(index, _)| index).collect();
        for index in expired {
            self.close_connection(index, CloseCode::Stalled, &ReasonText::truncated("did not connect in time"));
            self.depart(now, index, LeaveReason::TimedOut);
        }
        self.next_expiry = self.people.iter().filter_map(|participant| participant.expires_at()).min();
    }

    pub(crate) fn expires_at(&mut self, at: Micros) {
        self.next_expiry = Some(self.next_expiry.map_or(at, |other| other.min(at)));
    }

    /// The server stops: everyone is told, and nobody comes in any more.
    pub(crate) fn drain(&mut self, now: Micros) {
        self.is_draining = true;
        let reason = ReasonText::truncated("the server is stopping: come back in a moment");
        let everyone: Vec<_> = self.people.indexed().map(|(index, _)| index).collect();
        for index in everyone {
            self.close_connection(index, CloseCode::Draining, &reason);
            if let Some(gone) = self.people.remove(index) {
                self.interest.remove(index);
                self.live.remove(gone.id());
                self.voices.remove(index);
                self.ledger.audit(now, "leave", Some(gone.info.person), None, format!("{} Draining", gone.id()));
            }
        }
        self.stop_ticking_if_idle();
        self.next_expiry = None;
    }

    pub(crate) fn stop_ticking_if_idle(&mut self) {
        if !self.people.iter().any(|participant| participant.is_live()) {
            self.next_group = None;
        }
    }
}

/// Who was taken out.
pub(crate) struct Gone {
    pub(crate) id: ParticipantId,
    pub(crate) person: PersonId,
    pub(crate) was_announced: bool,
}
