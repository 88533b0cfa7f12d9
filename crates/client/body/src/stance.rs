use atrium_place::Seat;
use atrium_protocol::SeatId;
use glam::Vec3;

/// Height of a standing person's eyes over the floor, in metres.
pub const STANDING_EYES_M: f32 = 1.65;
/// Height of a seated person's eyes over their hips: 1.20 m over the floor on a usual chair.
const EYES_OVER_HIPS_M: f32 = 0.74;

/// How one is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Stance {
    /// On one's feet, wherever they carry.
    Standing,
    /// In a seat.
    Seated {
        /// Which.
        seat: SeatId,
        /// Where the eyes are.
        eyes: Vec3,
        /// Where the seat looks.
        yaw: f32,
    },
}

impl Stance {
    pub(crate) fn seated(id: SeatId, seat: &Seat) -> Self {
        let eyes = seat.position + Vec3::Y * (seat.hip_height_m + EYES_OVER_HIPS_M);
        Self::Seated { seat: id, eyes, yaw: seat.yaw() }
    }

    pub(crate) fn seat(&self) -> Option<SeatId> {
        match self {
            Self::Standing => None,
            Self::Seated { seat, .. } => Some(*seat),
        }
    }
}
