use crate::ledger::{News, Then};
use crate::{Record, Room};
use atrium_protocol::{
    CloseCode, ControlDown, DisplayName, Grants, LeaveReason, Micros, ModerateAction, ParticipantId, PersonChange,
    PersonId, PersonInfo, ReasonText, RefusalCode, Role,
};
use std::collections::BTreeMap;

/// People of whom a meeting remembers what was done to them.
const SANCTIONS_MAX: usize = 4_096;

/// What was done to people in this meeting and follows them when they leave and join again.
#[derive(Debug, Default)]
pub(crate) struct Sanctions {
    of: BTreeMap<PersonId, Sanction>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sanction {
    /// Other grants than those of the role.
    pub(crate) grants: Option<Grants>,
    /// Muted by a moderator.
    pub(crate) is_muted: bool,
}

impl Sanctions {
    pub(crate) fn of(&self, person: PersonId) -> Sanction {
        self.of.get(&person).copied().unwrap_or_default()
    }

    pub(crate) fn clear_grants(&mut self, person: PersonId) {
        self.change(person, |sanction| sanction.grants = None);
    }

    fn change(&mut self, person: PersonId, change: impl FnOnce(&mut Sanction)) {
        let mut sanction = self.of(person);
        change(&mut sanction);
        if sanction == Sanction::default() {
            self.of.remove(&person);
        } else if self.of.len() < SANCTIONS_MAX || self.of.contains_key(&person) {
            self.of.insert(person, sanction);
        }
    }
}

impl Room {
    pub(crate) fn moderate(&mut self, now: Micros, by: usize, target: ParticipantId, action: ModerateAction) {
        let Some(by_whom) = self.people.at(by).map(|by| by.info.clone()) else { return };
        let Some(index) = self.people.index_of(target) else {
            self.outbox.refuse(by_whom.id, "moderate", RefusalCode::NotFound, "they are no longer here");
            return;
        };
        let Some(whom) = self.people.at(index) else { return };
        let allowed = if whom.is_inside() {
            may_act(&by_whom, &whom.info, &action)
        } else {
            // A visitor does not have the role yet that their invite promises.
            let role = self.roles.of(whom.info.person).unwrap_or(Role::Guest);
            may_act_at_the_door(&by_whom, role, &action)
        };
        if let Err(message) = allowed {
            self.outbox.refuse(by_whom.id, "moderate", RefusalCode::NotAllowed, message);
            return;
        }
        if self.ledger.is_busy() {
            self.outbox.refuse(
                by_whom.id,
                "moderate",
                RefusalCode::StorageFailed,
                "the server's disk is busy: try again",
            );
            return;
        }
        match action {
            ModerateAction::Mute => self.mute(now, &by_whom, index),
            ModerateAction::AllowUnmute => self.allow_unmute(now, &by_whom, index),
            ModerateAction::LowerHand => self.raise_hand(now, index, false),
            ModerateAction::Remove { reason } => self.remove(now, &by_whom, index, &reason),
            ModerateAction::Ban { reason } => self.ban(now, &by_whom, index, reason),
            ModerateAction::Admit => self.let_in(now, by, index),
            ModerateAction::Deny => self.deny(now, by, index),
            ModerateAction::SetRole { role } => self.set_role(now, by, index, role),
            ModerateAction::SetGrants { grants } => self.set_grants(now, &by_whom, index, grants),
            ModerateAction::TransferHost => self.transfer_host(now, by, index),
        }
    }

    fn mute(&mut self, now: Micros, by: &PersonInfo, index: usize) {
        let Some(person) = self.people.at(index).map(|target| target.info.person) else { return };
        self.ledger.audit(now, "mute", Some(by.person), Some(person), "");
        self.silence(now, person);
    }

    /// Mutes a person on all their devices. They stay muted by themselves when a moderator relents, so that no
    /// microphone opens unasked.
    fn silence(&mut self, now: Micros, person: PersonId) {
        self.sanctions.change(person, |sanction| sanction.is_muted = true);
        for index in self.people.indices_of(person) {
            let Some(target) = self.people.at_mut(index) else { continue };
            target.info.muted = true;
            target.info.muted_by_moderator = true;
            let change = PersonChange { muted: Some(true), muted_by_moderator: Some(true), ..PersonChange::default() };
            self.announce(index, change);
            self.refresh_voice(now, index);
        }
    }

    fn allow_unmute(&mut self, now: Micros, by: &PersonInfo, index: usize) {
        let Some(person) = self.people.at(index).map(|target| target.info.person) else { return };
        self.ledger.audit(now, "mute", Some(by.person), Some(person), "may unmute");
        self.sanctions.change(person, |sanction| sanction.is_muted = false);
        for index in self.people.indices_of(person) {
            let Some(target) = self.people.at_mut(index) else { continue };
            target.info.muted_by_moderator = false;
            self.announce(index, PersonChange { muted_by_moderator: Some(false), ..PersonChange::default() });
            self.refresh_voice(now, index);
        }
    }

    pub(crate) fn mute_all(&mut self, now: Micros, by: usize) {
        let Some(by) = self.people.at(by).map(|by| by.info.clone()) else { return };
        if by.role < Role::Moderator {
            self.outbox.refuse(by.id, "mute_all", RefusalCode::NotAllowed, "only moderators can mute everyone");
            return;
        }
        let is_meant =
            |other: &&PersonInfo| other.role < by.role && other.person != by.person && !other.muted_by_moderator;
        let inside = self.people.iter().filter(|other| other.is_inside()).map(|other| &other.info);
        let people: Vec<_> = inside.filter(is_meant).map(|other| other.person).collect();
        self.ledger.audit(now, "mute_all", Some(by.person), None, format!("{} people", people.len()));
        people.into_iter().for_each(|person| self.silence(now, person));
    }

    fn set_grants(&mut self, now: Micros, by: &PersonInfo, index: usize, grants: Grants) {
        let Some(person) = self.people.at(index).map(|target| target.info.person) else { return };
        self.ledger.audit(now, "grants", Some(by.person), Some(person), format!("{grants:?}"));
        self.sanctions.change(person, |sanction| sanction.grants = Some(grants));
        for index in self.people.indices_of(person) {
            let Some(target) = self.people.at_mut(index) else { continue };
            target.info.grants = grants;
            self.announce(index, PersonChange { grants: Some(grants), ..PersonChange::default() });
            self.grants_changed(now, index);
        }
    }

    /// Removes a person with all their devices.
    fn remove(&mut self, now: Micros, by: &PersonInfo, index: usize, reason: &ReasonText) {
        let Some(person) = self.people.at(index).map(|target| target.info.person) else { return };
        self.ledger.audit(now, "remove", Some(by.person), Some(person), reason.as_str());
        for id in self.take_out_person(person, CloseCode::Removed, reason) {
            self.announce_left(id, LeaveReason::Removed);
        }
    }

    /// They are out at once; that they are banned is said when it is on disk.
    fn ban(&mut self, now: Micros, by: &PersonInfo, index: usize, reason: ReasonText) {
        let Some(target) = self.people.at(index) else { return };
        let (person, invite) = (target.info.person, target.invite.clone());
        let ids = self.take_out_person(person, CloseCode::Banned, &reason);
        self.bans.insert(person, reason.clone());
        self.tainted_invites.insert(invite.clone());
        self.ledger.audit(now, "ban", Some(by.person), Some(person), reason.as_str());
        let mut records = vec![Record::Banned { person, by: by.person, invite: Some(invite), reason, at: now }];
        records.extend(self.take_role(now, person));
        let news = News::Gone { ids, reason: LeaveReason::Banned };
        self.persist_then_tell(records, news, by.id, "moderate");
    }

    /// Ends all attendances of a person; gives the ids that others know.
    fn take_out_person(&mut self, person: PersonId, code: CloseCode, reason: &ReasonText) -> Vec<ParticipantId> {
        let mut known = Vec::new();
        for index in self.people.indices_of(person) {
            self.close_connection(index, code, reason);
            known.extend(self.take_out(index).filter(|gone| gone.was_announced).map(|gone| gone.id));
        }
        known
    }

    pub(crate) fn unban(&mut self, now: Micros, by: usize, person: PersonId) {
        let Some(by) = self.people.at(by).map(|by| by.info.clone()) else { return };
        if by.role < Role::Moderator {
            self.outbox.refuse(by.id, "unban", RefusalCode::NotAllowed, "only moderators can lift a ban");
            return;
        }
        if self.bans.remove(&person).is_none() {
            self.outbox.refuse(by.id, "unban", RefusalCode::NotFound, "they are not banned");
            return;
        }
        self.ledger.audit(now, "unban", Some(by.person), Some(person), "");
        let record = Record::Unbanned { person, by: by.person, at: now };
        self.persist_then_tell(vec![record], News::None, by.id, "unban");
    }

    /// The name that the store keeps of a person.
    pub(crate) fn remember_name(&mut self, now: Micros, person: PersonId, name: &DisplayName) {
        if !self.ledger.is_busy() {
            self.persist(vec![Record::PersonSeen { person, name: name.as_str().to_owned(), at: now }], Then::Nothing);
        }
    }

    pub(crate) fn set_locked(&mut self, now: Micros, by: usize, locked: bool) {
        self.set_settings(now, by, "set_locked", "lock", locked, |room| &mut room.settings.locked);
    }

    pub(crate) fn set_lobby(&mut self, now: Micros, by: usize, enabled: bool) {
        self.set_settings(now, by, "set_lobby", "lobby", enabled, |room| &mut room.settings.lobby);
    }

    fn set_settings(
        &mut self,
        now: Micros,
        by: usize,
        what: &'static str,
        event: &'static str,
        value: bool,
        setting: impl FnOnce(&mut Self) -> &mut bool,
    ) {
        let Some(by) = self.people.at(by).map(|by| by.info.clone()) else { return };
        if by.role < Role::Moderator {
            self.outbox.refuse(by.id, what, RefusalCode::NotAllowed, "only moderators can change the room");
            return;
        }
        if self.ledger.is_busy() {
            self.outbox.refuse(by.id, what, RefusalCode::StorageFailed, "the server's disk is busy: try again");
            return;
        }
        if std::mem::replace(setting(self), value) == value {
            // As it was: whoever asked still hears so.
            let info = self.room_info();
            self.outbox.control(by.id, &ControlDown::Room { info });
            return;
        }
        self.ledger.audit(now, event, Some(by.person), None, if value { "on" } else { "off" });
        let record = Record::SettingsChanged { settings: self.settings };
        self.persist_then_tell(vec![record], News::Settings, by.id, what);
    }
}

/// Moderators act on lower roles, owners on everyone, nobody on themselves but to step down.
fn may_act(by: &PersonInfo, target: &PersonInfo, action: &ModerateAction) -> Result<(), &'static str> {
    if by.role < Role::Moderator {
        return Err("only moderators can do this");
    }
    if by.person == target.person {
        return match action {
            ModerateAction::SetRole { role } if *role < by.role => Ok(()),
            ModerateAction::LowerHand => Ok(()),
            ModerateAction::AllowUnmute if by.role == Role::Owner => Ok(()),
            _ => Err("you cannot do this to yourself"),
        };
    }
    if target.role < by.role || by.role == Role::Owner { Ok(()) } else { Err("their role is not below yours") }
}

fn may_act_at_the_door(by: &PersonInfo, saved_role: Role, action: &ModerateAction) -> Result<(), &'static str> {
    let is_ranked = saved_role < by.role || by.role == Role::Owner;
    match action {
        _ if by.role < Role::Moderator => Err("only moderators can do this"),
        ModerateAction::Admit | ModerateAction::Deny => Ok(()),
        ModerateAction::Ban { .. } if is_ranked => Ok(()),
        ModerateAction::Ban { .. } => Err("their role is not below yours"),
        _ => Err("they wait in the lobby: let them in first"),
    }
}
