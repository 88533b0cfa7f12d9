use atrium_avatar::{Appearance, BodyMotion, BodyPose, HandShape, PosePlayout};
use atrium_protocol::{AvatarBytes, ParticipantId, SeatId};
use bevy::prelude::*;

/// The longest that one of several turns may take, a little more than a frame at 60 Hz.
const TURN_SECS: f32 = 0.0175;

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
    /// Whether it is their turn to be moved: people who are not looked at closely take turns, as long as frames are short.
    pub(super) fn is_due(&self, frame: u32) -> bool {
        let turns = match (self.is_in_view, self.detail) {
            (false, _) => 4,
            (true, Detail::Near) => 1,
            (true, Detail::Middle | Detail::Far) => 2,
        };
        is_turn(turns, frame.wrapping_add(self.id.0), self.idle_secs)
    }
}

/// Whether something that is done in one frame of `turns` is due in this one, `idle_secs` after the last time. Where frames
/// are long, it is due sooner: voices are heard from where people are, also from behind.
fn is_turn(turns: u32, frame: u32, idle_secs: f32) -> bool {
    frame.is_multiple_of(turns) || idle_secs > turns as f32 * TURN_SECS
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The longest time in seconds between two turns, at so many frames a second.
    fn longest_wait_secs(turns: u32, frames_hz: f32) -> f32 {
        let (mut idle_secs, mut longest_secs) = (0.0_f32, 0.0_f32);
        for frame in 1..200 {
            idle_secs += 1.0 / frames_hz;
            if is_turn(turns, frame, idle_secs) {
                longest_secs = longest_secs.max(std::mem::take(&mut idle_secs));
            }
        }
        longest_secs
    }

    #[test]
    fn turns_are_taken_frame_by_frame_only_while_frames_are_short() {
        for frames_hz in [60.0, 90.0, 144.0] {
            let of_frames = longest_wait_secs(4, frames_hz) * frames_hz;
            assert!((of_frames - 4.0).abs() < 0.01, "{of_frames} frames at {frames_hz} Hz");
        }
        for frames_hz in [14.0, 20.0, 30.0] {
            let waited_secs = longest_wait_secs(4, frames_hz);
            assert!(waited_secs < 4.0 * TURN_SECS + 1.0 / frames_hz, "{waited_secs} s at {frames_hz} Hz");
        }
        assert_eq!(longest_wait_secs(1, 60.0), 1.0 / 60.0);
    }
}
