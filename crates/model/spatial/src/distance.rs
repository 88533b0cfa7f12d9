use crate::head_model::EAR_OFFSET_M;
use glam::Vec3;

/// Nearer than this a voice begins to sound close.
const NEAR_M: f32 = 0.5;
/// Nearer than this nothing changes any more; inside a head there is no distance.
const NEAREST_M: f32 = 0.15;
/// How much louder low frequencies are at the nearest.
const NEAREST_BASS: f32 = 0.5;

/// Speech keeps its level up to `speech_distance_m`; beyond, it falls by 6 dB a doubling.
pub(crate) fn distance_gain(distance_m: f32, speech_distance_m: f32) -> f32 {
    speech_distance_m / distance_m.max(speech_distance_m)
}

/// 0 for voices that are not near, up to 1 for the nearest, without a corner.
fn nearness(distance_m: f32) -> f32 {
    let share = ((NEAR_M - distance_m) / (NEAR_M - NEAREST_M)).clamp(0.0, 1.0);
    share * share * (3.0 - 2.0 * share)
}

/// How much of its low frequencies is added to a near voice.
pub(crate) fn near_field_bass(distance_m: f32) -> f32 {
    NEAREST_BASS * nearness(distance_m)
}

/// Gains of left and right ear for a voice in `direction` (head space, a unit vector): a near voice is nearer to one of
/// them by a large share.
pub(crate) fn near_field_ear_gains(direction: Vec3, distance_m: f32) -> [f32; 2] {
    let distance_m = distance_m.max(NEAREST_M);
    [-EAR_OFFSET_M, EAR_OFFSET_M].map(|x| {
        let from_ear_m = (direction * distance_m - Vec3::X * x).length();
        1.0 + nearness(distance_m) * (distance_m / from_ear_m - 1.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_decibels_a_doubling() {
        assert_eq!(distance_gain(0.0, 1.5), 1.0);
        assert_eq!(distance_gain(1.5, 1.5), 1.0);
        assert_eq!(distance_gain(3.0, 1.5), 0.5);
        assert_eq!(distance_gain(12.0, 1.5), 0.125);
    }

    #[test]
    fn nearness_grows_and_is_bounded() {
        let left = |distance_m| near_field_ear_gains(Vec3::NEG_X, distance_m);
        assert_eq!(left(0.6), [1.0; 2]);
        assert!(left(0.2)[0] > left(0.4)[0]);
        assert!(left(0.2)[1] < 1.0);
        assert_eq!(left(0.0), left(0.1));
        assert!(left(0.0)[0] < 2.5 && left(0.0)[1] > 0.5);
        let [front_left, front_right] = near_field_ear_gains(Vec3::NEG_Z, 0.2);
        assert_eq!(front_left, front_right);
        assert_eq!((near_field_bass(0.6), near_field_bass(0.0)), (0.0, NEAREST_BASS));
    }
}
