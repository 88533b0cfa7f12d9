use crate::walker::Walker;
use atrium_protocol::{HandPose, HeadPose, Pose, PoseEpoch};
use glam::{EulerRot, Quat, Vec3};
use std::f32::consts::PI;

/// Eyes over feet.
const EYES_M: f32 = 1.62;
/// One step of a stroll.
const STEP_M: f32 = 0.72;
/// Wrist of a hanging arm from the head, in the body's axes; the left one is its mirror image.
const HANGING: Vec3 = Vec3::new(0.24, -0.72, -0.05);
/// Wrist of a talking hand.
const RAISED: Vec3 = Vec3::new(0.26, -0.38, -0.34);

/// A whole body's pose, from where its feet are: a bob and swinging arms while it walks, a turning head, and hands
/// that talk while it `speaks`. `secs` is any steady time, `phase` makes bodies differ.
pub(crate) fn pose(walker: &Walker, epoch: PoseEpoch, secs: f32, phase: f32, speaks: bool) -> Pose {
    let stride = walker.walked_m() / STEP_M * PI;
    let gait = (walker.speed_m_per_sec() / 1.2).clamp(0.0, 1.0);
    let bob_m = 0.02 * gait * (2.0 * stride).cos() + 0.004 * (1.3 * secs + phase).sin();
    let sway_m = 0.015 * gait * stride.sin();
    let room_from_body = Quat::from_rotation_y(walker.yaw());
    let position = walker.position() + Vec3::Y * (EYES_M + bob_m) + room_from_body * Vec3::X * sway_m;

    let look_yaw = 0.35 * (0.5 * secs + phase).sin() + 0.15 * (1.1 * secs + 2.0 * phase).sin();
    let look_pitch = 0.08 * (0.7 * secs + 3.0 * phase).sin() - 0.05;
    let rotation = room_from_body * Quat::from_euler(EulerRot::YXZ, look_yaw, look_pitch, 0.0);
    let hand = |side: f32| {
        let swing = gait * 0.22 * (stride + if side > 0.0 { PI } else { 0.0 }).sin();
        hand_pose(room_from_body, side, swing, secs + side * 0.4 + phase, speaks)
    };
    Pose { epoch, head: Some(HeadPose { position, rotation }), left: Some(hand(-1.0)), right: Some(hand(1.0)) }
}

fn hand_pose(room_from_body: Quat, side: f32, swing_m: f32, secs: f32, speaks: bool) -> HandPose {
    // Hands rise and sink in turns while one talks.
    let raised = if speaks { 0.5 + 0.5 * (0.9 * secs).sin() } else { 0.0 };
    let beat = Vec3::new(0.03 * (3.1 * secs).sin(), 0.05 * (4.3 * secs).sin(), 0.04 * (2.3 * secs).cos()) * raised;
    let hanging = HANGING + Vec3::new(0.0, 0.1 * swing_m.abs(), -swing_m);
    let offset = (hanging.lerp(RAISED, raised) + beat) * Vec3::new(side, 1.0, 1.0);
    let pitch = -0.9 + 1.1 * raised + 0.3 * (2.9 * secs).sin() * raised;
    let roll = side * (0.2 + 0.5 * raised * (1.7 * secs).sin());
    let curl = |finger: usize| {
        let relaxed = 0.35 + 0.05 * finger as f32;
        let talking = 0.25 + 0.25 * (2.1 * secs + 0.5 * finger as f32).sin();
        (relaxed + (talking - relaxed) * raised).clamp(0.0, 1.0)
    };
    HandPose {
        offset: room_from_body * offset,
        rotation: room_from_body * Quat::from_euler(EulerRot::YXZ, side * 0.1, pitch, roll),
        curls: std::array::from_fn(curl),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Movement;

    #[test]
    fn bodies_are_human() {
        let walker = Walker::new(Movement::Stand, 1, Vec3::new(1.0, 0.0, 2.0), 1.0);
        let mut highest_hand = f32::MIN;
        for frame in 0..3_000 {
            let secs = frame as f32 / 30.0;
            let pose = pose(&walker, PoseEpoch(3), secs, 0.7, frame > 1_500);
            let head = pose.head.unwrap();
            assert!((1.55..1.7).contains(&head.position.y) && head.rotation.is_normalized());
            for hand in [pose.left.unwrap(), pose.right.unwrap()] {
                assert!(hand.rotation.is_normalized() && hand.offset.length() < 1.0, "an arm is not that long");
                assert!(hand.curls.iter().all(|curl| (0.0..=1.0).contains(curl)));
                highest_hand = highest_hand.max(hand.offset.y);
                assert!(frame > 1_500 || hand.offset.y < -0.6, "hands hang while one is silent");
            }
        }
        assert!(highest_hand > -0.5, "hands rise while one speaks");
    }
}
