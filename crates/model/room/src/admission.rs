use crate::body::Body;
use crate::ledger::{EntryUndo, Raised, Then};
use crate::participant::{Entrant, Link, Participant, Stage};
use crate::{Admission, Admitted, Record, Refused, Room, Ticket};
use atrium_protocol::{
    Grants, InviteId, JoinRefusalCode, LeaveReason, Micros, ParticipantId, PersonId, PersonInfo, Presence, Role,
};
use glam::{Quat, Vec3};

/// Devices that a person may attend with at a time.
const ATTENDANCES_MAX: usize = 4;
/// Visitors that may wait in the lobby.
const LOBBY_MAX: usize = 64;
/// Places beyond the capacity that only owners get.
const OWNER_PLACES: usize = 2;
/// People who come after one another at the same spawn point stand so far apart, in metres.
const SPAWN_STEP: f32 = 0.7;
/// Places round a spawn point that are tried.
const SPAWN_TRIES: u32 = 12;
/// Nobody is put closer than this to somebody else, in metres.
const SPAWN_GAP: f32 = 0.5;

impl Room {
    /// Decides about somebody whose token and signature were checked. What was accepted must be on disk
    /// ([`Admitted::ticket`]) before they are told.
    ///
    /// # Errors
    /// [`Refused`] with a sentence for them.
    pub fn admit(&mut self, now: Micros, admission: Admission) -> Result<Admitted, Refused> {
        let result = self.decide(now, admission);
        self.settle(now);
        result
    }

    fn decide(&mut self, now: Micros, admission: Admission) -> Result<Admitted, Refused> {
        if self.is_draining {
            return refuse(JoinRefusalCode::Draining, "the server is stopping: try again in a moment");
        }
        if let Some(reason) = self.bans.get(&admission.person) {
            let why = if reason.as_str().is_empty() { String::new() } else { format!(": {reason}") };
            return refuse(JoinRefusalCode::Banned, format!("you are banned from this room{why}"));
        }
        if admission.resume.is_some() {
            return self.resume(now, &admission);
        }
        let is_stranger = self.is_stranger(&admission.invite, admission.person);
        let role = self.entry_role(admission.person, &admission.invite, admission.invited_role);
        self.check_room(role, is_stranger)?;
        self.check_uses(admission.person, &admission.invite, admission.uses)?;
        self.make_way_for_person(now, admission.person)?;
        let must_wait = is_stranger || (self.settings.lobby && role == Role::Guest);
        if must_wait {
            self.check_lobby()?;
        } else {
            self.check_capacity(role)?;
        }
        self.enroll(now, admission, role, must_wait)
    }

    /// Whether an invite came into the hands of somebody who was banned, and this person has never been here.
    fn is_stranger(&self, invite: &InviteId, person: PersonId) -> bool {
        self.tainted_invites.contains(invite) && !self.known_people.contains(&person)
    }

    /// An invite raises a role once: whoever is demoted later does not get back by the same link.
    fn entry_role(&self, person: PersonId, invite: &InviteId, invited: Role) -> Role {
        let saved = self.roles.of(person).unwrap_or(Role::Guest);
        if self.has_spent(invite, person) { saved } else { saved.max(invited) }
    }

    pub(crate) fn has_spent(&self, invite: &InviteId, person: PersonId) -> bool {
        self.spent_invites.get(invite).is_some_and(|people| people.contains(&person))
    }

    fn check_room(&self, role: Role, is_stranger: bool) -> Result<(), Refused> {
        if self.settings.locked && (role < Role::Moderator || is_stranger) {
            return refuse(JoinRefusalCode::Locked, "the room is locked: ask a moderator to open it");
        }
        if self.ledger.is_busy() {
            return refuse(JoinRefusalCode::ServerError, "the server's disk is busy: try again in a moment");
        }
        Ok(())
    }

    pub(crate) fn check_uses(&self, person: PersonId, invite: &InviteId, uses: Option<u32>) -> Result<(), Refused> {
        let spent = self.spent_invites.get(invite).map_or(0, |people| people.len());
        let is_used_up = uses.is_some_and(|uses| spent >= uses as usize);
        if is_used_up && !self.has_spent(invite, person) {
            return refuse(JoinRefusalCode::TokenSpent, "this invite is used up: ask for a new one");
        }
        Ok(())
    }

    pub(crate) fn check_capacity(&self, role: Role) -> Result<(), Refused> {
        let extra = if role == Role::Owner { OWNER_PLACES } else { 0 };
        if self.people.inside_count() >= self.config.capacity as usize + extra {
            return refuse(JoinRefusalCode::RoomFull, "the room is full: try again when somebody has left");
        }
        Ok(())
    }

    fn check_lobby(&self) -> Result<(), Refused> {
        if self.people.lobby_count() >= LOBBY_MAX {
            return refuse(JoinRefusalCode::RoomFull, "too many people wait in the lobby: try again in a moment");
        }
        Ok(())
    }

    /// One person's devices are limited; one that lost its connection gives way.
    fn make_way_for_person(&mut self, now: Micros, person: PersonId) -> Result<(), Refused> {
        let indices = self.people.indices_of(person);
        if indices.len() < ATTENDANCES_MAX {
            return Ok(());
        }
        let lost = indices.into_iter().filter_map(|index| {
            let participant = self.people.at(index)?;
            matches!(participant.link, Link::Lost { .. }).then(|| (participant.id(), index))
        });
        match lost.min() {
            Some((_, index)) => {
                self.depart(now, index, LeaveReason::TimedOut);
                Ok(())
            }
            None => refuse(
                JoinRefusalCode::TooFast,
                format!("you are here with {ATTENDANCES_MAX} devices already: leave with one of them"),
            ),
        }
    }

    fn enroll(&mut self, now: Micros, admission: Admission, role: Role, must_wait: bool) -> Result<Admitted, Refused> {
        let id = ParticipantId(self.next_participant);
        let Some(next) = self.next_participant.checked_add(1) else {
            return refuse(JoinRefusalCode::ServerError, "this room has no more numbers for people: make a new one");
        };
        self.next_participant = next;
        let Admission { person, name, avatar, invite, invited_role, uses, new_secret, .. } = admission;
        let sanction = self.sanctions.of(person);
        let info = PersonInfo {
            id,
            person,
            name,
            role,
            grants: sanction.grants.unwrap_or_else(|| Grants::for_role(role)),
            muted: sanction.is_muted,
            muted_by_moderator: sanction.is_muted,
            hand_raised_at_ms: None,
            presenting: false,
            seat: None,
            zone: None,
            presence: Presence::Reconnecting,
            avatar,
        };
        let stage = if must_wait { Stage::Lobby { is_entering: false } } else { Stage::Inside };
        let open_until = now + self.config.resume_window;
        let body = self.spawn(now);
        let entrant = Entrant { info, stage, open_until, invite, invited_role, uses, secret: new_secret, body };
        let index = self.people.insert(Participant::new(now, entrant));
        self.expires_at(open_until);
        let ticket = if must_wait { self.persist_visitor(now, id, next) } else { self.persist_entry(now, index, next) };
        Ok(Admitted { participant: id, role, lobby: must_wait, resumed: false, ticket: Some(ticket) })
    }

    /// A visitor's number is used up; nothing else of them is kept until somebody lets them in.
    fn persist_visitor(&mut self, now: Micros, id: ParticipantId, next: u32) -> Ticket {
        let person = self.people.by_id(id).map(|visitor| visitor.info.person);
        self.ledger.audit(now, "join", person, None, "waits in the lobby");
        let undo = person.map(EntryUndo::nothing);
        let then = undo.map_or(Then::Nothing, |undo| Then::Entered { id, undo });
        self.persist(vec![Record::ParticipantIssued { next }], then)
    }

    fn persist_entry(&mut self, now: Micros, index: usize, next: u32) -> Ticket {
        let mut records = vec![Record::ParticipantIssued { next }];
        let Some((id, undo)) = self.record_entry(now, index, &mut records) else {
            return self.persist(records, Then::Nothing);
        };
        let (person, name) = (undo.person, self.people.at(index).map(|p| p.info.name.as_str().to_owned()));
        self.ledger.audit(now, "join", Some(person), None, name.unwrap_or_default());
        self.persist(records, Then::Entered { id, undo })
    }

    /// What is kept of somebody who comes in, in memory at once and as records.
    pub(crate) fn record_entry(
        &mut self,
        now: Micros,
        index: usize,
        records: &mut Vec<Record>,
    ) -> Option<(ParticipantId, EntryUndo)> {
        let entrant = self.people.at(index)?;
        let (id, person, invite) = (entrant.id(), entrant.info.person, entrant.invite.clone());
        let name = entrant.info.name.as_str().to_owned();
        let role = self.entry_role(person, &invite, entrant.invited_role);
        let mut entry = vec![Record::PersonSeen { person, name, at: now }];
        let became_known = self.known_people.insert(person);
        let is_first_use = self.spent_invites.entry(invite.clone()).or_default().insert(person);
        let spent = is_first_use.then(|| invite.clone());
        entry.extend(spent.clone().map(|invite| Record::InviteSpent { invite, person, at: now }));
        let from = self.roles.of(person).unwrap_or(Role::Guest);
        let raised = (role != from).then_some(Raised { from, to: role });
        entry.extend(raised.map(|raised| self.give_role(now, person, raised.to)));
        records.extend(entry.iter().cloned());
        let undo = EntryUndo { person, became_known, spent, raised, records: entry };
        Some((id, undo))
    }

    /// Nothing of an entry could be stored.
    pub(crate) fn undo_entry(&mut self, now: Micros, undo: EntryUndo) {
        let person = undo.person;
        let is_here = self.people.iter().any(|other| other.info.person == person && other.takes_a_place());
        if is_here || (undo.raised.is_some() && self.roles.is_last_owner(person)) {
            // Another device of theirs came in meanwhile, or another owner stepped down: it must be stored after all.
            self.ledger.keep_unsaved(undo.records);
        } else {
            self.forget_entry(now, &undo);
        }
        self.repeat_unsaved();
        if undo.raised.is_some() {
            self.announce_roles(&[person]);
        }
    }

    fn forget_entry(&mut self, now: Micros, undo: &EntryUndo) {
        if undo.became_known {
            self.known_people.remove(&undo.person);
        }
        if let Some(people) = undo.spent.as_ref().and_then(|invite| self.spent_invites.get_mut(invite)) {
            people.remove(&undo.person);
        }
        // Unless somebody decided otherwise meanwhile. It is stored, because what was to be stored of the role
        // before may have been dropped when it was no longer so.
        if let Some(raised) = undo.raised.filter(|raised| self.roles.of(undo.person) == Some(raised.to)) {
            let record = self.give_role(now, undo.person, raised.from);
            self.ledger.keep_unsaved(vec![record]);
        }
    }

    fn resume(&mut self, now: Micros, admission: &Admission) -> Result<Admitted, Refused> {
        let over = || refuse(JoinRefusalCode::ResumeFailed, "your place is no longer kept: join again");
        let Some(claim) = &admission.resume else { return over() };
        let Some(index) = self.people.index_of(claim.participant) else { return over() };
        let Some(participant) = self.people.at_mut(index) else { return over() };
        let is_theirs = participant.info.person == admission.person && participant.knows_secret(&claim.secret);
        if !is_theirs {
            return over();
        }
        let until = now + self.config.resume_window;
        let is_handover = participant.presence() == Presence::Here;
        participant.set_secret(&admission.new_secret);
        participant.link = Link::Opening { until, is_handover };
        participant.fetches.clear();
        participant.body.start_again_here(now);
        let (role, lobby) = (participant.info.role, !participant.is_inside());
        self.interest.remove(index);
        self.live.remove(claim.participant);
        self.voices.remove(index);
        self.expires_at(until);
        self.stop_ticking_if_idle();
        self.ledger.audit(now, "resume", Some(admission.person), None, claim.participant.to_string());
        Ok(Admitted { participant: claim.participant, role, lobby, resumed: true, ticket: None })
    }

    /// A place to appear: the spawn points in turn, and round each of them where somebody stands already.
    fn spawn(&mut self, now: Micros) -> Body {
        let spawn = self.place.spawn(self.spawned);
        self.spawned = self.spawned.wrapping_add(1);
        let yaw = spawn.yaw_degrees.to_radians();
        let free =
            (0..SPAWN_TRIES).map(|n| spawn.position + spiral(n)).find(|spot| self.is_free(spawn.position, *spot));
        Body::standing(now, free.unwrap_or(spawn.position), yaw)
    }

    fn is_free(&self, spawn: Vec3, spot: Vec3) -> bool {
        let chest = Vec3::Y;
        let is_reachable = spawn == spot || self.place.first_hit(spawn + chest, spot + chest).is_none();
        let is_near = |head: Vec3| Vec3::new(head.x - spot.x, 0.0, head.z - spot.z).length() < SPAWN_GAP;
        let is_taken = self.people.iter().any(|other| is_near(other.body.head()));
        self.place.bounds_contain(spot) && is_reachable && !is_taken
    }
}

/// The `n`th place of a sunflower round the origin: evenly spread, the nearest first.
fn spiral(n: u32) -> Vec3 {
    const GOLDEN_ANGLE: f32 = 2.399_963;
    let n = n as f32;
    Quat::from_rotation_y(n * GOLDEN_ANGLE) * Vec3::NEG_Z * SPAWN_STEP * n.sqrt()
}

pub(crate) fn refuse<T>(code: JoinRefusalCode, message: impl Into<String>) -> Result<T, Refused> {
    Err(Refused { code, message: message.into() })
}
