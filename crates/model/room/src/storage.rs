//! Promises to the disk and what follows when they are kept or broken.

use crate::announcements::role_change;
use crate::ledger::{EntryUndo, News, Then};
use crate::participant::Link;
use crate::{Record, Room, RoomOutput, Ticket};
use atrium_protocol::{
    CloseCode, ControlDown, LeaveReason, Micros, ParticipantId, PersonId, ReasonText, RefusalCode, Role,
};

const HOLDS_FOR_NOW: &str =
    "this holds, but the server could not store it yet: it will be forgotten if it restarts now";

impl Room {
    /// Has records stored together with the audit lines of this input.
    pub(crate) fn persist(&mut self, mut records: Vec<Record>, then: Then) -> Ticket {
        let ticket = self.ledger.promise(then);
        records.append(&mut self.ledger.take_audit());
        self.outbox.push(RoomOutput::Persist { ticket, records });
        ticket
    }

    /// Has something stored that the room acts on at once, and that everyone is told of when it is on disk.
    pub(crate) fn persist_then_tell(
        &mut self,
        records: Vec<Record>,
        news: News,
        actor: ParticipantId,
        what: &'static str,
    ) {
        let then = Then::Tell { news, actor, what, records: records.clone() };
        self.persist(records, then);
    }

    /// Tries again to have stored what is still so.
    pub(crate) fn repeat_unsaved(&mut self) {
        let mut records = self.ledger.take_unsaved();
        records.retain(|record| self.is_still_so(record));
        if !records.is_empty() {
            self.persist(records.clone(), Then::Repeated { records });
        }
    }

    fn is_still_so(&self, record: &Record) -> bool {
        match record {
            Record::RoleGiven { person, role } => self.roles.of(*person) == Some(*role),
            Record::InviteSpent { invite, person, .. } => self.has_spent(invite, *person),
            Record::PersonSeen { person, .. } => self.known_people.contains(person),
            Record::Banned { person, .. } => self.bans.contains_key(person),
            Record::Unbanned { person, .. } => !self.bans.contains_key(person),
            Record::SettingsChanged { settings } => self.settings == *settings,
            _ => false,
        }
    }

    pub(crate) fn persist_audit(&mut self) {
        let records = self.ledger.take_audit();
        if !records.is_empty() {
            self.persist(records, Then::Nothing);
        }
    }

    pub(crate) fn persist_waiting(&mut self) {
        self.persist_chat();
        self.persist_boards();
    }

    pub(crate) fn committed(&mut self, now: Micros, ticket: Ticket) {
        match self.ledger.resolve(ticket) {
            Some(Then::Nothing | Then::Repeated { .. }) | None => {}
            Some(Then::Entered { undo, .. }) => self.entry_committed(&undo),
            Some(Then::Admitted { id, undo, .. }) => {
                self.let_in_committed(now, id);
                self.entry_committed(&undo);
            }
            Some(Then::Chat) => self.chat_committed(),
            Some(Then::Board(board)) => self.board_committed(board),
            Some(Then::Tell { news, .. }) => self.release(news),
        }
        self.repeat_unsaved();
    }

    pub(crate) fn commit_failed(&mut self, now: Micros, ticket: Ticket) {
        match self.ledger.resolve(ticket) {
            Some(Then::Nothing) | None => {}
            Some(Then::Repeated { records }) => self.ledger.keep_unsaved(records),
            Some(Then::Entered { id, undo }) => {
                self.take_back_entry(id);
                self.undo_entry(now, undo);
            }
            Some(Then::Admitted { id, by, undo }) => self.let_in_failed(now, id, by, undo),
            Some(Then::Chat) => self.chat_failed(),
            Some(Then::Board(board)) => self.board_failed(board),
            Some(Then::Tell { news, actor, what, records }) => {
                // At once, because later records may rely on these (a new owner, before the old one steps down).
                self.ledger.keep_unsaved(records);
                self.repeat_unsaved();
                self.release(news);
                self.storage_failed(actor, what, HOLDS_FOR_NOW);
            }
        }
    }

    pub(crate) fn storage_failed(&mut self, to: ParticipantId, what: &str, message: &str) {
        if self.people.by_id(to).is_some_and(|to| to.is_live()) {
            self.outbox.refuse(to, what, RefusalCode::StorageFailed, message);
        }
    }

    /// A new role concerns the other devices of the same person, too.
    fn entry_committed(&mut self, undo: &EntryUndo) {
        if undo.raised.is_some() {
            self.announce_roles(&[undo.person]);
        }
    }

    fn release(&mut self, news: News) {
        match news {
            News::Roles(people) => self.announce_roles(&people),
            News::Settings => {
                let info = self.room_info();
                self.broadcast(&ControlDown::Room { info });
            }
            News::Gone { ids, reason } => ids.into_iter().for_each(|id| self.announce_left(id, reason)),
            News::None => {}
        }
    }

    pub(crate) fn announce_roles(&mut self, people: &[PersonId]) {
        let indices: Vec<_> = people.iter().flat_map(|person| self.people.indices_of(*person)).collect();
        for index in indices {
            let Some(participant) = self.people.at(index) else { continue };
            let (id, is_moderator) = (participant.id(), participant.info.role >= Role::Moderator);
            let is_live = participant.is_live();
            let change = role_change(participant);
            self.announce(index, change);
            if is_moderator && is_live {
                self.send_knocks(id);
            }
        }
    }

    /// A join that could not be stored was never answered.
    fn take_back_entry(&mut self, id: ParticipantId) {
        let Some(index) = self.people.index_of(id) else { return };
        let is_connected =
            self.people.at(index).is_some_and(|participant| !matches!(participant.link, Link::Lost { .. }));
        if is_connected {
            let reason = ReasonText::truncated("the server could not store your join: try again");
            self.close_connection(index, CloseCode::Stalled, &reason);
        }
        if let Some(gone) = self.take_out(index).filter(|gone| gone.was_announced) {
            self.announce_left(gone.id, LeaveReason::TimedOut);
        }
    }
}
