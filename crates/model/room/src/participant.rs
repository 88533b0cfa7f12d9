use crate::body::Body;
use crate::fetches::Fetch;
use crate::limits::Meters;
use crate::voice::Standing;
use atrium_protocol::{
    BoardId, InviteId, Micros, ParticipantId, PersonChange, PersonInfo, Presence, ResumeSecret, Role, ZoneId,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use subtle::ConstantTimeEq;

/// One attendance.
#[derive(Debug)]
pub(crate) struct Participant {
    /// What everyone knows of them.
    pub(crate) info: PersonInfo,
    pub(crate) stage: Stage,
    pub(crate) link: Link,
    /// Others were told of them.
    pub(crate) is_announced: bool,
    /// The driver's queue for them is full.
    pub(crate) is_congested: bool,
    pub(crate) invite: InviteId,
    pub(crate) invited_role: Role,
    pub(crate) uses: Option<u32>,
    secret_hash: [u8; 32],
    pub(crate) meters: Meters,
    pub(crate) body: Body,
    pub(crate) whereabouts: Whereabouts,
    pub(crate) fetches: BTreeMap<BoardId, Fetch>,
    /// What changed since others were last told.
    pub(crate) unannounced: PersonChange,
    /// Waits in the queue of announcements.
    pub(crate) is_queued: bool,
}

/// How far in somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Waits to be let in; `is_entering` once that is decided and on its way to disk.
    Lobby { is_entering: bool },
    /// Takes part.
    Inside,
}

/// The state of somebody's connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// Accepted; the control channel is not open yet. `is_handover`: others still see them as here, because a
    /// new connection replaces one that was alive.
    Opening { until: Micros, is_handover: bool },
    /// The control channel is open.
    Open,
    /// Gone without a word.
    Lost { until: Micros },
}

/// The zone that somebody is in.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Whereabouts {
    /// The private one, as it is: others are told a little later, if it changes often.
    pub(crate) private_zone: Option<ZoneId>,
    pub(crate) is_on_stage: bool,
    /// When others were last told.
    pub(crate) told_at: Option<Micros>,
}

/// What is kept of an admission.
pub(crate) struct Entrant {
    pub(crate) info: PersonInfo,
    pub(crate) stage: Stage,
    pub(crate) open_until: Micros,
    pub(crate) invite: InviteId,
    pub(crate) invited_role: Role,
    pub(crate) uses: Option<u32>,
    pub(crate) secret: ResumeSecret,
    pub(crate) body: Body,
}

impl Participant {
    pub(crate) fn new(now: Micros, entrant: Entrant) -> Self {
        Self {
            info: entrant.info,
            stage: entrant.stage,
            link: Link::Opening { until: entrant.open_until, is_handover: false },
            is_announced: false,
            is_congested: false,
            invite: entrant.invite,
            invited_role: entrant.invited_role,
            uses: entrant.uses,
            secret_hash: hash(&entrant.secret),
            meters: Meters::new(now),
            body: entrant.body,
            whereabouts: Whereabouts::default(),
            fetches: BTreeMap::new(),
            unannounced: PersonChange::default(),
            is_queued: false,
        }
    }

    pub(crate) fn id(&self) -> ParticipantId {
        self.info.id
    }

    /// Takes part, or is about to: counts for the room's capacity.
    pub(crate) fn takes_a_place(&self) -> bool {
        self.stage != Stage::Lobby { is_entering: false }
    }

    pub(crate) fn is_inside(&self) -> bool {
        self.stage == Stage::Inside
    }

    pub(crate) fn is_open(&self) -> bool {
        self.link == Link::Open
    }

    /// Gets what the whole room gets.
    pub(crate) fn is_live(&self) -> bool {
        self.is_inside() && self.is_open()
    }

    /// May be heard.
    pub(crate) fn may_speak(&self) -> bool {
        self.is_live() && self.info.grants.voice && !self.info.muted && !self.info.muted_by_moderator
    }

    /// What decides who hears them and whom they hear.
    pub(crate) fn standing(&self) -> Standing {
        Standing {
            position: self.body.head(),
            zone: self.whereabouts.private_zone,
            is_presenting: self.info.presenting,
            is_on_stage: self.whereabouts.is_on_stage,
            may_speak: self.may_speak(),
            may_listen: self.is_live(),
        }
    }

    /// When to give them up, unless the connection opens before.
    pub(crate) fn expires_at(&self) -> Option<Micros> {
        match self.link {
            Link::Open => None,
            Link::Opening { until, .. } | Link::Lost { until } => Some(until),
        }
    }

    pub(crate) fn presence(&self) -> Presence {
        match self.link {
            Link::Open | Link::Opening { is_handover: true, .. } => Presence::Here,
            Link::Opening { is_handover: false, .. } | Link::Lost { .. } => Presence::Reconnecting,
        }
    }

    /// Compares in constant time, so that the time of an answer tells nothing of the secret.
    pub(crate) fn knows_secret(&self, secret: &ResumeSecret) -> bool {
        hash(secret).ct_eq(&self.secret_hash).into()
    }

    pub(crate) fn set_secret(&mut self, secret: &ResumeSecret) {
        self.secret_hash = hash(secret);
    }
}

/// Only hashes are kept, so that no dump of memory lets anyone resume.
fn hash(secret: &ResumeSecret) -> [u8; 32] {
    Sha256::digest(secret.0).into()
}
