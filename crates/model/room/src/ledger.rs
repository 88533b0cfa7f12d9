use crate::{Record, Ticket};
use atrium_protocol::{BoardId, InviteId, LeaveReason, Micros, ParticipantId, PersonId, Role};
use std::collections::BTreeMap;

/// Promises under way beyond which nothing durable is taken on: the disk does not keep up.
const BUSY_TICKETS: usize = 4_096;
/// Promises under way beyond which not even audit lines are written.
const MOST_TICKETS: usize = 8_192;

/// What happens when the records of a ticket are on disk, or could not be stored.
#[derive(Debug)]
pub(crate) enum Then {
    /// Nothing depends on them.
    Nothing,
    /// Somebody came in; undone if it could not be stored.
    Entered { id: ParticipantId, undo: EntryUndo },
    /// A visitor walks in from the lobby.
    Admitted { id: ParticipantId, by: ParticipantId, undo: EntryUndo },
    /// Chat messages get their place.
    Chat,
    /// Operations of a board get their place.
    Board(BoardId),
    /// The room acts on it already; now everyone may rely on it.
    Tell { news: News, actor: ParticipantId, what: &'static str, records: Vec<Record> },
    /// What could not be stored before.
    Repeated { records: Vec<Record> },
}

/// What an entry changed in memory, in case it cannot be stored.
#[derive(Clone, Debug)]
pub(crate) struct EntryUndo {
    pub(crate) person: PersonId,
    pub(crate) became_known: bool,
    pub(crate) spent: Option<InviteId>,
    pub(crate) raised: Option<Raised>,
    /// What was to be stored of it.
    pub(crate) records: Vec<Record>,
}

impl EntryUndo {
    /// Of a visitor of whom nothing is kept.
    pub(crate) fn nothing(person: PersonId) -> Self {
        Self { person, became_known: false, spent: None, raised: None, records: Vec::new() }
    }
}

/// An invite gave a higher role.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raised {
    pub(crate) from: Role,
    pub(crate) to: Role,
}

/// News that wait for the disk.
#[derive(Debug)]
pub(crate) enum News {
    /// The roles of these people.
    Roles(Vec<PersonId>),
    /// The room's settings.
    Settings,
    /// These attendances are over.
    Gone { ids: Vec<ParticipantId>, reason: LeaveReason },
    /// None that others see.
    None,
}

/// Records that could not be stored and are tried again; more are forgotten.
const UNSAVED_MAX: usize = 1_024;

/// Promises under way, what could not be stored, and the audit lines of the present input.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    next: u64,
    waiting: BTreeMap<Ticket, Then>,
    audit: Vec<Record>,
    unsaved: Vec<Record>,
}

impl Ledger {
    /// The disk does not keep up: refuse what must be stored.
    pub(crate) fn is_busy(&self) -> bool {
        self.waiting.len() >= BUSY_TICKETS
    }

    pub(crate) fn under_way(&self) -> usize {
        self.waiting.len()
    }

    /// A fresh ticket.
    pub(crate) fn promise(&mut self, then: Then) -> Ticket {
        self.next += 1;
        let ticket = Ticket(self.next);
        self.waiting.insert(ticket, then);
        ticket
    }

    pub(crate) fn resolve(&mut self, ticket: Ticket) -> Option<Then> {
        self.waiting.remove(&ticket)
    }

    /// Notes an audit line; it is stored with the next records or at the end of the present input.
    pub(crate) fn audit(
        &mut self,
        at: Micros,
        event: &'static str,
        actor: Option<PersonId>,
        subject: Option<PersonId>,
        detail: impl Into<String>,
    ) {
        if self.waiting.len() < MOST_TICKETS {
            self.audit.push(Record::Audit { at, event, actor, subject, detail: detail.into() });
        }
    }

    /// Records that the room acts on already could not be stored: they go along with the next ones.
    pub(crate) fn keep_unsaved(&mut self, records: Vec<Record>) {
        let room = UNSAVED_MAX.saturating_sub(self.unsaved.len());
        self.unsaved.extend(records.into_iter().take(room));
    }

    pub(crate) fn take_unsaved(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.unsaved)
    }

    /// The audit lines noted so far.
    pub(crate) fn take_audit(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.audit)
    }
}
