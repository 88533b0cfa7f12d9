use crate::Room;
use crate::ledger::{EntryUndo, Then};
use crate::participant::Stage;
use atrium_protocol::{CloseCode, ControlDown, LeaveReason, Micros, ParticipantId, ReasonText, RefusalCode, Role};

impl Room {
    /// A visitor waits at the door.
    pub(crate) fn knock(&mut self, index: usize) {
        let Some(visitor) = self.people.at(index) else { return };
        let id = visitor.id();
        let knock = ControlDown::Knock { id, person: visitor.info.person, name: visitor.info.name.clone() };
        let message = ReasonText::truncated("you are in the lobby: somebody inside must let you in");
        self.outbox.control(id, &ControlDown::InLobby { message });
        self.tell_moderators(&knock);
    }

    /// Tells somebody who may let visitors in who waits.
    pub(crate) fn send_knocks(&mut self, to: ParticipantId) {
        for visitor in self.people.iter().filter(|visitor| !visitor.is_inside()) {
            let knock =
                ControlDown::Knock { id: visitor.id(), person: visitor.info.person, name: visitor.info.name.clone() };
            self.outbox.control(to, &knock);
        }
    }

    /// A moderator lets a visitor in: at once when that is on disk.
    pub(crate) fn let_in(&mut self, now: Micros, by: usize, index: usize) {
        let Some(by_whom) = self.people.at(by).map(|by| by.info.clone()) else { return };
        let Some(visitor) = self.people.at(index) else { return };
        let (person, invite, uses) = (visitor.info.person, visitor.invite.clone(), visitor.uses);
        match visitor.stage {
            Stage::Inside => {
                self.outbox.refuse(by_whom.id, "moderate", RefusalCode::Invalid, "they are inside already");
                return;
            }
            Stage::Lobby { is_entering: true } => return,
            Stage::Lobby { is_entering: false } => {}
        }
        if let Err(full) = self.check_capacity(Role::Guest) {
            self.outbox.refuse(by_whom.id, "moderate", RefusalCode::NotAllowed, &full.message);
            return;
        }
        if let Err(spent) = self.check_uses(person, &invite, uses) {
            self.turn_away(now, index, &spent.message);
            return;
        }
        let mut records = Vec::new();
        let Some((id, undo)) = self.record_entry(now, index, &mut records) else { return };
        if let Some(visitor) = self.people.at_mut(index) {
            visitor.stage = Stage::Lobby { is_entering: true };
        }
        self.ledger.audit(now, "admit", Some(by_whom.person), Some(person), id.to_string());
        self.persist(records, Then::Admitted { id, by: by_whom.id, undo });
    }

    pub(crate) fn let_in_committed(&mut self, now: Micros, id: ParticipantId) {
        let Some(index) = self.people.index_of(id) else { return };
        let Some(visitor) = self.people.at_mut(index) else { return };
        visitor.stage = Stage::Inside;
        visitor.info.role = self.roles.of(visitor.info.person).unwrap_or(Role::Guest);
        let is_open = visitor.is_open();
        self.tell_moderators(&ControlDown::KnockEnded { id });
        if is_open {
            self.come_in(now, index);
        }
    }

    pub(crate) fn let_in_failed(&mut self, now: Micros, id: ParticipantId, by: ParticipantId, undo: EntryUndo) {
        if let Some(visitor) = self.people.by_id_mut(id) {
            visitor.stage = Stage::Lobby { is_entering: false };
        }
        self.undo_entry(now, undo);
        self.storage_failed(by, "moderate", "the server could not store this: let them in again");
    }

    /// A moderator turns a visitor away.
    pub(crate) fn deny(&mut self, now: Micros, by: usize, index: usize) {
        let Some(by_whom) = self.people.at(by).map(|by| by.info.clone()) else { return };
        let Some(visitor) = self.people.at(index) else { return };
        if visitor.is_inside() {
            self.outbox.refuse(by_whom.id, "moderate", RefusalCode::Invalid, "they are inside: remove them");
            return;
        }
        let (id, person) = (visitor.id(), visitor.info.person);
        self.ledger.audit(now, "deny", Some(by_whom.person), Some(person), id.to_string());
        self.turn_away(now, index, "you were not let in");
    }

    fn turn_away(&mut self, now: Micros, index: usize, why: &str) {
        self.close_connection(index, CloseCode::Denied, &ReasonText::truncated(why));
        self.depart(now, index, LeaveReason::Removed);
    }
}
