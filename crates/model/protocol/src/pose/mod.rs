//! Poses as bits: what a person's head and hands do, small enough to send 30 times a second.
//!
//! Every datagram of the pose lane starts with its kind. Bits are written from the least significant
//! one upwards. `docs/PROTOCOL.md` has the layout bit by bit.

mod bits;
mod down;
mod packed;
mod rotation;
mod up;

pub use down::{PoseDown, PoseDownWriter, PoseRecord, decode_pose_down};
pub use packed::PackedPose;
pub use up::{PoseUp, decode_pose_up, encode_pose_up};

use crate::{PoseEpoch, limits};
use glam::{Quat, Vec3};

/// The first byte of a client's own pose.
const KIND_UP: u8 = 1;
/// The first byte of other people's poses.
const KIND_DOWN: u8 = 2;

/// Where a head is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeadPose {
    /// In the room's space (metres, y up, right-handed): x and z within ±128 m, y from −8 to 24 m.
    pub position: Vec3,
    /// `room_from_head`: turns the head's axes (−z is forward, y is up) into the room's.
    pub rotation: Quat,
}

/// Where a hand is, and what its fingers do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HandPose {
    /// The wrist minus the head's position, along the room's axes, in metres, each within ±2 m.
    pub offset: Vec3,
    /// `room_from_hand`: turns the hand's axes into the room's.
    pub rotation: Quat,
    /// Thumb, index, middle, ring, little: 0 is open, 1 is closed.
    pub curls: [f32; 5],
}

/// What a person's body does. A part that is `None` did not change since its sender last sent it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pose {
    /// Poses of an older epoch than the person's current one do not count.
    pub epoch: PoseEpoch,
    /// The head.
    pub head: Option<HeadPose>,
    /// The left hand.
    pub left: Option<HandPose>,
    /// The right hand.
    pub right: Option<HandPose>,
}

/// Why bytes are not a datagram of the pose lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoseError {
    /// Not the kind that is read here: perhaps of a newer protocol, so receivers ignore it.
    #[error("a pose-lane datagram of kind {0}, which is not read here: ignore it")]
    UnknownKind(u8),
    /// Over [`limits::POSE_DATAGRAM_BYTES`].
    #[error("a pose-lane datagram of {got} bytes; at most {max} are possible", max = limits::POSE_DATAGRAM_BYTES)]
    TooLarge {
        /// Bytes received.
        got: usize,
    },
    /// Ends before its records do.
    #[error("a pose-lane datagram that ends too early")]
    Truncated,
    /// Goes on after its records, or its padding is not zero.
    #[error("a pose-lane datagram with bits after its end")]
    Trailing,
    /// A participant id that is 0, does not ascend, is over 32 bits, or is written with needless groups.
    #[error("a pose-lane datagram with an impossible participant id")]
    BadId,
    /// A live payload over [`limits::LIVE_BYTES`].
    #[error("a live payload of {got} bytes; at most {max} are possible", max = limits::LIVE_BYTES)]
    LiveTooLarge {
        /// Bytes received or announced.
        got: usize,
    },
}

/// Takes the kind off a datagram of a possible size.
pub(crate) fn body_of_kind(kind: u8, datagram: &[u8]) -> Result<&[u8], PoseError> {
    if datagram.len() > limits::POSE_DATAGRAM_BYTES {
        return Err(PoseError::TooLarge { got: datagram.len() });
    }
    match datagram.split_first() {
        Some((first, body)) if *first == kind => Ok(body),
        Some((first, _)) => Err(PoseError::UnknownKind(*first)),
        None => Err(PoseError::Truncated),
    }
}
