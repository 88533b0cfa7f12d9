use glam::{Mat3, Quat, Vec3};
use std::f32::consts::{PI, TAU};

/// Where somebody with a head turned so faces, on the ground: 0 along −z, counter-clockwise.
pub(super) fn yaw_of(rotation: Quat) -> f32 {
    let forward = rotation * Vec3::NEG_Z;
    let up = rotation * Vec3::Y;
    // Who looks down has the crown ahead, who looks up behind.
    let flat = forward - up * forward.y * 0.9;
    if flat.x.abs() + flat.z.abs() < 1e-6 { 0.0 } else { (-flat.x).atan2(-flat.z) }
}

pub(super) fn forward(yaw_rad: f32) -> Vec3 {
    Quat::from_rotation_y(yaw_rad) * Vec3::NEG_Z
}

pub(super) fn right(yaw_rad: f32) -> Vec3 {
    Quat::from_rotation_y(yaw_rad) * Vec3::X
}

/// The same angle within ±π.
pub(super) fn wrapped(angle_rad: f32) -> f32 {
    (angle_rad + PI).rem_euclid(TAU) - PI
}

/// An upright frame: its y along `up`, its −z facing `yaw_rad` as well as that allows.
pub(super) fn upright(up: Vec3, yaw_rad: f32) -> Quat {
    let y = up.try_normalize().unwrap_or(Vec3::Y);
    let z = -forward(yaw_rad);
    let z = (z - y * z.dot(y)).try_normalize().unwrap_or_else(|| y.any_orthonormal_vector());
    Quat::from_mat3(&Mat3::from_cols(y.cross(z), y, z)).normalize()
}

pub(super) fn flat(vector: Vec3) -> Vec3 {
    vector.with_y(0.0)
}

/// 0 below `from`, 1 above `to`, smooth between.
pub(super) fn smooth_step(from: f32, to: f32, x: f32) -> f32 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The share of a distance that is covered within `dt_secs` when it shrinks with a time constant.
pub(super) fn approach(dt_secs: f32, time_constant_secs: f32) -> f32 {
    1.0 - (-dt_secs.max(0.0) / time_constant_secs).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaw_is_kept_while_one_nods() {
        for yaw in [-3.0_f32, -1.0, 0.0, 0.5, 2.0] {
            for pitch in [-1.4_f32, -0.7, 0.0, 0.7, 1.4] {
                let rotation = Quat::from_rotation_y(yaw) * Quat::from_rotation_x(pitch);
                assert!(wrapped(yaw_of(rotation) - yaw).abs() < 1e-3, "{yaw} {pitch}");
            }
        }
        assert!(forward(0.0).distance(Vec3::NEG_Z) < 1e-6);
        assert!(forward(PI / 2.0).distance(Vec3::NEG_X) < 1e-6, "counter-clockwise");
    }

    #[test]
    fn upright_faces_its_yaw() {
        let frame = upright(Vec3::new(0.3, 1.0, 0.1), 0.8);
        assert!((yaw_of(frame) - 0.8).abs() < 0.2);
        assert!((frame * Vec3::Y).distance(Vec3::new(0.3, 1.0, 0.1).normalize()) < 1e-5);
    }
}
