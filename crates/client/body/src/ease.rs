//! Easing that gives the same curve at every frame rate.

use glam::Vec3;
use std::f32::consts::{PI, TAU};

/// How much of the way to a target is covered in `dt_secs`, where 1/e of the distance is left after `tau_secs`.
pub(crate) fn share(dt_secs: f32, tau_secs: f32) -> f32 {
    1.0 - (-dt_secs / tau_secs.max(1e-6)).exp()
}

/// 0 at 0, 1 at 1, level at both ends.
pub(crate) fn smoothstep(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The same angle between −π and π.
pub(crate) fn wrapped(angle: f32) -> f32 {
    (angle + PI).rem_euclid(TAU) - PI
}

/// An offset to the truth that fades away, so that a jump is seen as a movement.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Glide {
    offset: Vec3,
    yaw_offset: f32,
    elapsed_secs: f32,
    duration_secs: f32,
}

impl Glide {
    /// Starts `offset` away from the truth and reaches it after `duration_secs`.
    pub(crate) fn new(offset: Vec3, yaw_offset: f32, duration_secs: f32) -> Self {
        Self { offset, yaw_offset: wrapped(yaw_offset), elapsed_secs: 0.0, duration_secs }
    }

    pub(crate) fn step(&mut self, dt_secs: f32) {
        self.elapsed_secs = (self.elapsed_secs + dt_secs).min(self.duration_secs);
    }

    pub(crate) fn offset(&self) -> Vec3 {
        self.offset * self.left()
    }

    pub(crate) fn yaw_offset(&self) -> f32 {
        self.yaw_offset * self.left()
    }

    fn left(&self) -> f32 {
        if self.elapsed_secs >= self.duration_secs {
            0.0
        } else {
            1.0 - smoothstep(self.elapsed_secs / self.duration_secs)
        }
    }
}
