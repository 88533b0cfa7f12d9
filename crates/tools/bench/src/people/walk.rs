use crate::random::Random;
use atrium_protocol::{HandPose, HeadPose, Placement, Pose, PoseEpoch};
use glam::{EulerRot, Quat, Vec3};
use std::f32::consts::{PI, TAU};
use std::time::Duration;

/// Poses a second.
pub(crate) const POSE_INTERVAL: Duration = Duration::from_nanos(1_000_000_000 / 30);
const EYES_M: f32 = 1.62;

/// Somebody who walks in a circle ahead of where the room put them, looks about, and gestures with both hands: every
/// part of every pose differs from the one before.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    epoch: PoseEpoch,
    centre: Vec3,
    radius_m: f32,
    start_angle: f32,
    speed_m_per_sec: f32,
    phase: f32,
}

impl Walk {
    pub(crate) fn new(placement: &Placement, random: &mut Random) -> Self {
        let (sin, cos) = placement.yaw.sin_cos();
        let back = Vec3::new(sin, 0.0, cos);
        let radius_m = random.between(0.4, 1.0);
        Self {
            epoch: placement.epoch,
            centre: Vec3::from_array(placement.position) - back * radius_m,
            radius_m,
            start_angle: back.z.atan2(back.x),
            speed_m_per_sec: random.between(0.7, 1.3),
            phase: random.between(0.0, TAU),
        }
    }

    /// The pose so many seconds after the start, which is where the room put them.
    pub(crate) fn pose_at(&self, secs: f32) -> Pose {
        let angle = self.start_angle + secs * self.speed_m_per_sec / self.radius_m;
        let outward = Vec3::new(angle.cos(), 0.0, angle.sin());
        let bob_m = 0.02 * (secs * 9.0 + self.phase).sin() - 0.02 * self.phase.sin();
        let position = self.centre + outward * self.radius_m + Vec3::Y * (EYES_M + bob_m);
        // Forward is the direction of walking; a yaw of 0 looks along −z.
        let yaw = angle.sin().atan2(-angle.cos());
        let look = 0.4 * (secs * 0.9 + self.phase).sin();
        let nod = 0.15 * (secs * 1.7 + self.phase).sin();
        let rotation = Quat::from_euler(EulerRot::YXZ, yaw + look, nod, 0.0);
        Pose {
            epoch: self.epoch,
            head: Some(HeadPose { position, rotation }),
            left: Some(self.hand(secs, yaw, -1.0)),
            right: Some(self.hand(secs, yaw, 1.0)),
        }
    }

    /// `side` is −1 for the left hand and 1 for the right one.
    fn hand(&self, secs: f32, yaw: f32, side: f32) -> HandPose {
        let swing = secs * 3.1 + self.phase + side;
        let head_from_hand =
            Vec3::new(side * (0.28 + 0.06 * swing.sin()), -0.42 + 0.12 * (swing * 1.3).cos(), -0.3 + 0.1 * swing.cos());
        let curl = |finger: usize| 0.5 + 0.5 * (swing * 0.8 + finger as f32).sin();
        HandPose {
            offset: Quat::from_rotation_y(yaw) * head_from_hand,
            rotation: Quat::from_euler(EulerRot::YXZ, yaw, 0.6 * swing.sin(), side * PI / 6.0 * swing.cos()),
            curls: [0, 1, 2, 3, 4].map(curl),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_protocol::PackedPose;

    fn walk() -> Walk {
        let placement = Placement { epoch: PoseEpoch(3), position: [2.0, 0.0, -1.0], yaw: 0.7, seat: None };
        Walk::new(&placement, &mut Random::new(5))
    }

    #[test]
    fn it_starts_where_the_room_says_and_keeps_to_walking_speed() {
        let walk = walk();
        let head_at = |secs: f32| walk.pose_at(secs).head.unwrap().position;
        assert!(head_at(0.0).distance(Vec3::new(2.0, EYES_M, -1.0)) < 0.001);
        for frame in 1..3_000 {
            let (before, after) = (head_at((frame - 1) as f32 / 30.0), head_at(frame as f32 / 30.0));
            let speed = before.distance(after) * 30.0;
            assert!((0.5..1.6).contains(&speed), "{speed} m/s");
        }
    }

    #[test]
    fn it_walks_forwards() {
        let walk = walk();
        for frame in 0..300 {
            let secs = frame as f32 / 30.0;
            let (now, next) = (walk.pose_at(secs).head.unwrap(), walk.pose_at(secs + 0.03).head.unwrap());
            let forward = now.rotation * Vec3::NEG_Z;
            assert!(forward.dot((next.position - now.position).normalize()) > 0.8);
        }
    }

    #[test]
    fn every_pose_is_new_and_whole() {
        let walk = walk();
        let mut last = None;
        for frame in 0..300 {
            let packed = PackedPose::new(&walk.pose_at(frame as f32 / 30.0));
            assert_eq!(packed.bit_len(), 9 + 77 + 2 * 79);
            assert_eq!(packed.unpack().epoch, PoseEpoch(3));
            assert_ne!(last.replace(packed), Some(packed));
        }
    }
}
