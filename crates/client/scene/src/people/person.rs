use atrium_avatar::{Appearance, BodyMotion, BodyPose, HandShape, PosePlayout};
use atrium_protocol::{AvatarBytes, ParticipantId, SeatId};
use bevy::prelude::*;

/// Somebody else in the room.
#[derive(Component)]
pub(super) struct Person {
    pub(super) id: ParticipantId,
    pub(super) avatar: AvatarBytes,
    pub(super) appearance: Appearance,
    pub(super) playout: PosePlayout,
    pub(super) motion: BodyMotion,
    pub(super) seat: Option<SeatId>,
    pub(super) plate: Plate,
    /// What they do at this moment; `None` before the first pose.
    pub(super) now: Option<Moment>,
    /// Whether [`Self::now`] is new in this frame.
    pub(super) is_fresh: bool,
    pub(super) idle_secs: f32,
    pub(super) ground: super::ground::Ground,
    pub(super) detail: Detail,
    pub(super) is_in_view: bool,
    /// 0: not here, 1: wholly here.
    pub(super) presence: f32,
    pub(super) is_leaving: bool,
    /// Oneself, seen from behind: without a plate and a voice.
    pub(super) is_me: bool,
    pub(super) is_hidden: bool,
    pub(super) shown: Shown,
}

/// A body at a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) body: BodyPose,
    /// The floor under them.
    pub(super) feet: Vec3,
    pub(super) yaw_rad: f32,
    pub(super) is_seated: bool,
}

/// What the plate over a head says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plate {
    pub(super) name: String,
    pub(super) is_muted: bool,
    pub(super) has_hand_up: bool,
    pub(super) is_reconnecting: bool,
}

/// How much of somebody is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    /// All parts.
    Near,
    /// Without eyelids and fingers.
    Middle,
    /// One figure.
    #[default]
    Far,
}

/// The entities that show somebody.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// By the kit's slots; empty before they are made.
    pub(super) parts: Vec<Entity>,
    /// Standing and sitting figure for the distance.
    pub(super) far: Option<[Entity; 2]>,
    pub(super) hands: [HandShape; 2],
    /// What is visible now.
    pub(super) visible: Option<Visible>,
}

/// What of somebody's entities is visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Visible {
    pub(super) detail: Detail,
    pub(super) is_seated: bool,
    pub(super) is_hidden: bool,
}

impl Person {
    pub(super) fn is_due(&self, frame: u32) -> bool {
        let every = match (self.is_in_view, self.detail) {
            (false, _) => 4,
            (true, Detail::Near) => 1,
            (true, Detail::Middle | Detail::Far) => 2,
        };
        // People take turns.
        (frame.wrapping_add(self.id.0)).is_multiple_of(every)
    }
}

/// Where everyone else's head is, as shown: for the placement of voices.
#[derive(Resource, Debug, Default, Deref, DerefMut)]
pub struct HeadPositions(pub Vec<HeadPosition>);

/// Where a head is, as shown.
#[derive(Clone, Copy, Debug)]
pub struct HeadPosition {
    /// Whose.
    pub id: ParticipantId,
    /// Midway between the eyes, in the room's space.
    pub position: Vec3,
    /// `room_from_head`.
    pub rotation: Quat,
    /// Time from capture to showing in seconds; a voice with the same delay meets the lips.
    pub delay_secs: f32,
}
