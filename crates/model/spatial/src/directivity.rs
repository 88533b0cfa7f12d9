use crate::one_pole::pole_for_cutoff;
use glam::Vec3;

/// Loss straight behind a talker, as Chu and Warnock measured it (NRC Canada, IRC-RR-104, 2002), somewhat softened so that
/// people who look away stay intelligible.
const BEHIND_LOW_DB: f32 = -2.5;
const BEHIND_HIGH_DB: f32 = -11.0;

/// What of a voice arrives at an angle to its mouth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Directivity {
    /// Gain of everything.
    pub(crate) gain: f32,
    /// Gain of what is above the shelf, besides.
    pub(crate) high_gain: f32,
}

/// Directivity of a mouth that points along `facing`, for someone in the direction `to_listener` (a unit vector).
pub(crate) fn directivity(facing: Vec3, to_listener: Vec3) -> Directivity {
    let Some(facing) = facing.try_normalize().filter(|facing| facing.is_finite()) else {
        return Directivity { gain: 1.0, high_gain: 1.0 };
    };
    let behind = (1.0 - facing.dot(to_listener).clamp(-1.0, 1.0)) / 2.0;
    let gain = |db: f32| 10f32.powf(db * behind / 20.0);
    Directivity { gain: gain(BEHIND_LOW_DB), high_gain: gain(BEHIND_HIGH_DB - BEHIND_LOW_DB) }
}

/// Pole of the low-pass that parts low from high.
pub(crate) fn shelf_pole() -> f32 {
    pole_for_cutoff(1_200.0)
}
