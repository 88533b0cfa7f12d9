use super::worker::Negotiated;
use crate::shard_api::JoinCommand;
use atrium_protocol::{JoinAnswer, JoinRefusal};
use atrium_room::{Admitted, Ticket};
use std::collections::HashMap;
use tokio::sync::oneshot;

/// A join that the room accepted and that still waits for its SDP answer, for the disk, or for both.
pub(super) struct PendingJoin {
    pub(super) room: usize,
    pub(super) command: JoinWords,
    pub(super) admitted: Admitted,
    pub(super) unstored: Option<Ticket>,
    pub(super) negotiated: Option<Negotiated>,
}

/// What the answer needs of the command.
pub(super) struct JoinWords {
    pub(super) person: atrium_protocol::PersonId,
    pub(super) secret: atrium_protocol::ResumeSecret,
    pub(super) reply: oneshot::Sender<Result<JoinAnswer, JoinRefusal>>,
}

impl JoinWords {
    pub(super) fn of(command: JoinCommand) -> Self {
        Self { person: command.admission.person, secret: command.admission.new_secret, reply: command.reply }
    }

    pub(super) fn refuse(self, refusal: JoinRefusal) {
        // The client may have gone away meanwhile.
        let _ = self.reply.send(Err(refusal));
    }
}

#[derive(Default)]
pub(super) struct PendingJoins {
    joins: HashMap<u64, PendingJoin>,
    last: u64,
}

impl PendingJoins {
    pub(super) fn insert(&mut self, join: PendingJoin) -> u64 {
        self.last += 1;
        self.joins.insert(self.last, join);
        self.last
    }

    pub(super) fn get_mut(&mut self, id: u64) -> Option<&mut PendingJoin> {
        self.joins.get_mut(&id)
    }

    pub(super) fn remove(&mut self, id: u64) -> Option<PendingJoin> {
        self.joins.remove(&id)
    }

    /// Takes out the join if nothing is missing any more.
    pub(super) fn take_ready(&mut self, id: u64) -> Option<PendingJoin> {
        let join = self.joins.get(&id)?;
        let is_ready = join.unstored.is_none() && join.negotiated.is_some();
        if is_ready { self.joins.remove(&id) } else { None }
    }

    /// The joins that wait for this ticket of this room.
    pub(super) fn waiting_for(&self, room: usize, ticket: Ticket) -> Vec<u64> {
        let waits = |join: &PendingJoin| join.room == room && join.unstored == Some(ticket);
        self.joins.iter().filter(|(_, join)| waits(join)).map(|(id, _)| *id).collect()
    }

    /// The joins of this room.
    pub(super) fn of_room(&self, room: usize) -> Vec<u64> {
        self.joins.iter().filter(|(_, join)| join.room == room).map(|(id, _)| *id).collect()
    }
}
