use atrium_protocol::HeadPose;
use glam::Vec3;
use std::f32::consts::FRAC_PI_4;

/// Nearer than this nobody gets louder.
const REFERENCE_M: f32 = 1.0;
/// The least that is left of a voice far away.
const FARTHEST_GAIN: f32 = 0.03;

/// Gains for the left and the right ear: constant power by azimuth, and falling with distance as in the open air.
pub(crate) fn stereo_gains(listener: Option<&HeadPose>, speaker: Option<Vec3>) -> [f32; 2] {
    let (Some(listener), Some(speaker)) = (listener, speaker) else { return [FRAC_PI_4.cos(); 2] };
    let offset = listener.rotation.inverse() * (speaker - listener.position);
    let distance_m = offset.length();
    let gain = (REFERENCE_M / distance_m.max(REFERENCE_M)).max(FARTHEST_GAIN);
    let level = offset.with_y(0.0);
    // The sine of the azimuth: −1 is left, 1 is right; behind sounds as in front.
    let side = if level.length() > 1e-3 { level.x / level.length() } else { 0.0 };
    let angle = (side + 1.0) * FRAC_PI_4;
    [gain * angle.cos(), gain * angle.sin()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Quat;
    use proptest::prelude::*;
    use std::f32::consts::TAU;

    fn gains(yaw: f32, speaker: Vec3) -> [f32; 2] {
        let listener = HeadPose { position: Vec3::new(0.0, 1.6, 0.0), rotation: Quat::from_rotation_y(yaw) };
        stereo_gains(Some(&listener), Some(speaker + Vec3::Y * 1.6))
    }

    fn close(got: [f32; 2], expected: [f32; 2]) -> bool {
        got.iter().zip(expected).all(|(got, expected)| (got - expected).abs() < 1e-5)
    }

    #[test]
    fn sides_are_sides() {
        let half = std::f32::consts::FRAC_1_SQRT_2;
        assert!(close(gains(0.0, Vec3::NEG_Z), [half, half]));
        assert!(close(gains(0.0, Vec3::X), [0.0, 1.0]));
        assert!(close(gains(0.0, Vec3::NEG_X), [1.0, 0.0]));
        // Who turns left has on the right what was in front.
        assert!(close(gains(std::f32::consts::FRAC_PI_2, Vec3::NEG_Z), [0.0, 1.0]));
        assert!(close(stereo_gains(None, None), [half, half]));
    }

    #[test]
    fn far_is_quiet() {
        assert!(close(gains(0.0, Vec3::X * 4.0), [0.0, 0.25]));
        assert!(close(gains(0.0, Vec3::X * 0.1), [0.0, 1.0]));
    }

    proptest! {
        #[test]
        fn the_power_depends_on_distance_alone(angle in 0.0..TAU, yaw in 0.0..TAU, distance in 1.0_f32..20.0) {
            let [left, right] = gains(yaw, Vec3::new(angle.sin(), 0.0, angle.cos()) * distance);
            let power = (left * left + right * right).sqrt();
            prop_assert!((power - 1.0 / distance).abs() < 1e-4);
        }
    }
}
