use crate::ledger::News;
use crate::{Record, Room};
use atrium_protocol::{Grants, Micros, PersonChange, PersonId, RefusalCode, Role};
use std::collections::BTreeMap;

/// Who may do what, and who gave their ownership to whom.
#[derive(Debug)]
pub(crate) struct Roles {
    saved: BTreeMap<PersonId, Role>,
    handovers: BTreeMap<PersonId, Vec<Handover>>,
}

/// Somebody became owner in place of another.
#[derive(Clone, Copy, Debug)]
struct Handover {
    to: PersonId,
    role_before: Role,
}

impl Roles {
    pub(crate) fn new(saved: BTreeMap<PersonId, Role>) -> Self {
        Self { saved, handovers: BTreeMap::new() }
    }

    /// The role that the room remembers of somebody.
    pub(crate) fn of(&self, person: PersonId) -> Option<Role> {
        self.saved.get(&person).copied()
    }

    /// Without this person the room would have no owner.
    pub(crate) fn is_last_owner(&self, person: PersonId) -> bool {
        let owners = self.saved.values().filter(|role| **role == Role::Owner).count();
        self.of(person) == Some(Role::Owner) && owners == 1
    }

    /// Somebody's role was decided anew: what they had received is theirs or gone.
    fn settle_handovers_to(&mut self, person: PersonId) {
        self.handovers.values_mut().for_each(|given| given.retain(|handover| handover.to != person));
        self.handovers.retain(|_, given| !given.is_empty());
    }

    /// Notes a handover, which can be recalled, unless it gives back what was received.
    fn hand_over(&mut self, from: PersonId, to: PersonId, role_before: Role) {
        let is_return = self.handovers.get(&to).is_some_and(|given| given.iter().any(|handover| handover.to == from));
        self.settle_handovers_to(to);
        if is_return {
            self.settle_handovers_to(from);
        } else {
            self.handovers.entry(from).or_default().push(Handover { to, role_before });
        }
    }

    /// Whoever received ownership from `giver`, directly or further on, with their roles before.
    fn recall(&mut self, giver: PersonId) -> Vec<Handover> {
        let mut recalled = Vec::new();
        let mut givers = vec![giver];
        while let Some(giver) = givers.pop() {
            for handover in self.handovers.remove(&giver).unwrap_or_default() {
                givers.push(handover.to);
                recalled.push(handover);
            }
        }
        recalled
    }
}

impl Room {
    /// Gives a person a role, in memory at once; the others are told when the record is on disk.
    pub(crate) fn give_role(&mut self, now: Micros, person: PersonId, role: Role) -> Record {
        self.roles.saved.insert(person, role);
        self.sanctions.clear_grants(person);
        for index in self.people.indices_of(person) {
            let Some(participant) = self.people.at_mut(index) else { continue };
            participant.info.role = role;
            participant.info.grants = Grants::for_role(role);
            self.grants_changed(now, index);
        }
        Record::RoleGiven { person, role }
    }

    /// What somebody may do is different now: what they do but may not ends.
    pub(crate) fn grants_changed(&mut self, now: Micros, index: usize) {
        let Some(participant) = self.people.at_mut(index) else { return };
        if participant.info.presenting && !participant.info.grants.share {
            participant.info.presenting = false;
            self.announce(index, PersonChange { presenting: Some(false), ..PersonChange::default() });
        }
        self.refresh_voice(now, index);
    }

    /// A checked wish of somebody with a higher role (or of an owner).
    pub(crate) fn set_role(&mut self, now: Micros, by: usize, target: usize, role: Role) {
        let (Some(by), Some(target)) = (self.people.at(by), self.people.at(target)) else { return };
        let (by, person, before) = (by.info.clone(), target.info.person, target.info.role);
        if role > by.role {
            self.outbox.refuse(by.id, "moderate", RefusalCode::NotAllowed, "you cannot give a role above your own");
            return;
        }
        if role < Role::Owner && self.roles.is_last_owner(person) {
            let message = "a room needs an owner: make somebody else an owner first";
            self.outbox.refuse(by.id, "moderate", RefusalCode::NotAllowed, message);
            return;
        }
        self.roles.settle_handovers_to(person);
        let record = self.give_role(now, person, role);
        self.ledger.audit(now, "role", Some(by.person), Some(person), format!("{before:?} to {role:?}"));
        let news = News::Roles(vec![person]);
        self.persist_then_tell(vec![record], news, by.id, "moderate");
    }

    /// An owner hands the room over, and may take it back.
    pub(crate) fn transfer_host(&mut self, now: Micros, by: usize, target: usize) {
        let (Some(by), Some(target)) = (self.people.at(by), self.people.at(target)) else { return };
        let (by, to, role_before) = (by.info.clone(), target.info.person, target.info.role);
        if by.role != Role::Owner {
            self.outbox.refuse(by.id, "moderate", RefusalCode::NotAllowed, "only an owner can hand the room over");
            return;
        }
        if role_before == Role::Owner {
            self.outbox.refuse(by.id, "moderate", RefusalCode::Invalid, "they are an owner already");
            return;
        }
        self.roles.hand_over(by.person, to, role_before);
        let records = vec![self.give_role(now, to, Role::Owner), self.give_role(now, by.person, Role::Moderator)];
        self.ledger.audit(now, "transfer_host", Some(by.person), Some(to), "");
        let news = News::Roles(vec![to, by.person]);
        self.persist_then_tell(records, news, by.id, "moderate");
    }

    /// Somebody who handed the room over takes it back, from whomever it went on to as well.
    pub(crate) fn recall_host(&mut self, now: Micros, by: usize) {
        let Some(by) = self.people.at(by).map(|by| by.info.clone()) else { return };
        let recalled = self.roles.recall(by.person);
        if recalled.is_empty() {
            self.outbox.refuse(by.id, "recall_host", RefusalCode::NotAllowed, "you gave the room to nobody");
            return;
        }
        let mut records = vec![self.give_role(now, by.person, Role::Owner)];
        let mut people = vec![by.person];
        for handover in recalled.iter().filter(|handover| handover.to != by.person) {
            records.push(self.give_role(now, handover.to, handover.role_before));
            people.push(handover.to);
            self.ledger.audit(now, "recall_host", Some(by.person), Some(handover.to), "");
        }
        self.persist_then_tell(records, News::Roles(people), by.id, "recall_host");
    }

    /// A banned person keeps nothing.
    pub(crate) fn take_role(&mut self, now: Micros, person: PersonId) -> Option<Record> {
        self.roles.settle_handovers_to(person);
        self.roles.handovers.remove(&person);
        let had_role = self.roles.of(person).is_some_and(|role| role != Role::Guest);
        had_role.then(|| self.give_role(now, person, Role::Guest))
    }
}
