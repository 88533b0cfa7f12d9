use crate::ease;
use atrium_protocol::HandPose;
use glam::{Mat3, Quat, Vec3};
use std::f32::consts::PI;

/// How fast a hand goes from one pose to another: about three times this.
const BLEND_TAU_SECS: f32 = 0.09;
const WAVE_SECS: f32 = 2.0;
const WAVE_HZ: f32 = 2.2;
/// One step of a walk.
const STEP_M: f32 = 0.72;
/// Swing of a wrist at an easy pace.
const SWING_M: f32 = 0.11;
const BREATH_HZ: f32 = 0.24;
/// From the eyes to the right shoulder, and from there to the wrist of a straight arm.
const SHOULDER: Vec3 = Vec3::new(0.18, -0.25, 0.03);
const ARM_M: f32 = 0.54;

/// A right hand in the body's axes (x right, y up, −z forward), seen from between the eyes.
#[derive(Clone, Copy, Debug)]
struct Shape {
    wrist: Vec3,
    /// Where straight fingers would point.
    fingers: Vec3,
    /// Where the back of the hand looks.
    back: Vec3,
    curls: [f32; 5],
}

const HANGING: Shape = Shape {
    wrist: Vec3::new(0.25, -0.77, -0.05),
    fingers: Vec3::new(-0.05, -0.96, -0.28),
    back: Vec3::new(0.94, 0.0, -0.34),
    curls: [0.25, 0.3, 0.35, 0.4, 0.45],
};
const ON_THE_LAP: Shape = Shape {
    wrist: Vec3::new(0.15, -0.57, -0.30),
    fingers: Vec3::new(-0.3, -0.18, -0.94),
    back: Vec3::new(0.15, 0.97, -0.17),
    curls: [0.2, 0.25, 0.28, 0.32, 0.36],
};
const RAISED: Shape = Shape {
    wrist: Vec3::new(0.27, 0.22, -0.10),
    fingers: Vec3::new(0.06, 0.99, -0.1),
    back: Vec3::new(0.1, 0.1, 0.99),
    curls: [0.1, 0.02, 0.02, 0.04, 0.06],
};
const WAVING: Shape = Shape {
    wrist: Vec3::new(0.33, 0.02, -0.20),
    fingers: Vec3::new(0.1, 0.99, -0.1),
    back: Vec3::new(0.1, 0.1, 0.99),
    curls: [0.1, 0.05, 0.05, 0.08, 0.1],
};

/// What the hands are to show.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gestures {
    /// The raised hand of a meeting.
    pub raised: bool,
    /// Point where one looks.
    pub pointing: bool,
    /// Begin to wave.
    pub wave: bool,
    /// Hands rest on the lap.
    pub seated: bool,
    /// Arms swing at the pace of a walk.
    pub speed_m_per_sec: f32,
}

/// One's own hands where no controller tracks them: they hang, swing, rest, wave, point. The same gestures at the
/// same times give the same hands.
#[derive(Clone, Debug, Default)]
pub struct Hands {
    secs: f32,
    walked_m: f32,
    gait: f32,
    seated: f32,
    raised: f32,
    pointing: f32,
    waving: f32,
    wave_left_secs: f32,
}

impl Hands {
    /// Goes on for `dt_secs`.
    pub fn step(&mut self, dt_secs: f32, gestures: &Gestures) {
        // Wraps where every slow movement is at its start, so that the numbers stay small.
        self.secs = (self.secs + dt_secs).rem_euclid(100.0 / BREATH_HZ);
        self.walked_m = (self.walked_m + gestures.speed_m_per_sec * dt_secs).rem_euclid(STEP_M * 200.0);
        self.wave_left_secs = if gestures.wave { WAVE_SECS } else { (self.wave_left_secs - dt_secs).max(0.0) };
        let share = ease::share(dt_secs, BLEND_TAU_SECS);
        let blend = |weight: &mut f32, target: f32| *weight += (target - *weight) * share;
        blend(&mut self.gait, (gestures.speed_m_per_sec / 1.4).min(1.5));
        blend(&mut self.seated, f32::from(gestures.seated));
        blend(&mut self.raised, f32::from(gestures.raised));
        blend(&mut self.pointing, f32::from(gestures.pointing));
        blend(&mut self.waving, f32::from(self.wave_left_secs > 0.0));
    }

    /// Left and right hand, for a body that is turned by `body_yaw` and whose head is turned by `room_from_head`.
    pub fn poses(&self, body_yaw: f32, room_from_head: Quat) -> (HandPose, HandPose) {
        let room_from_body = Quat::from_rotation_y(body_yaw);
        let left = mirrored(self.resting(-1.0));
        let mut right = blended(self.resting(1.0), RAISED, self.raised);
        right = blended(right, self.wave(), self.waving);
        right = blended(right, pointing(room_from_body.inverse() * room_from_head * Vec3::NEG_Z), self.pointing);
        (in_room(left, room_from_body), in_room(right, room_from_body))
    }

    /// A hand that does nothing, as if it were the right one; `side` is −1 for the left.
    fn resting(&self, side: f32) -> Shape {
        let mut shape = blended(HANGING, ON_THE_LAP, self.seated);
        let breath = (self.secs * BREATH_HZ * 2.0 * PI + 0.4 * side).sin();
        let drift = (self.secs * BREATH_HZ * PI + side).cos();
        shape.wrist += Vec3::new(0.004 * drift, 0.006 * breath, 0.006 * drift) * (1.0 - 0.5 * self.seated);
        let stride = self.walked_m / STEP_M * PI + if side > 0.0 { PI } else { 0.0 };
        let swing_m = SWING_M * self.gait * (1.0 - self.seated) * stride.sin();
        shape.wrist += Vec3::new(0.0, 0.9 * swing_m.abs() * swing_m.abs(), -swing_m);
        shape.fingers += Vec3::NEG_Z * (2.0 * swing_m);
        shape
    }

    fn wave(&self) -> Shape {
        let swing = (self.wave_left_secs * WAVE_HZ * 2.0 * PI).sin();
        let mut shape = WAVING;
        shape.wrist.x += 0.07 * swing;
        shape.fingers += Vec3::X * (0.45 * swing);
        shape
    }
}

/// A stretched arm. `ahead` is where one looks, in the body's axes.
fn pointing(ahead: Vec3) -> Shape {
    // Nobody's arm goes through their own chest.
    let ahead = Vec3::new(ahead.x.max(-0.7), ahead.y, ahead.z.min(-0.1)).normalize_or(Vec3::NEG_Z);
    Shape {
        wrist: SHOULDER + ahead * ARM_M,
        fingers: ahead,
        back: Vec3::new(0.5, 0.85, 0.0),
        curls: [0.6, 0.0, 0.9, 1.0, 1.0],
    }
}

fn blended(from: Shape, to: Shape, weight: f32) -> Shape {
    let weight = ease::smoothstep(weight);
    Shape {
        wrist: from.wrist.lerp(to.wrist, weight),
        fingers: from.fingers.lerp(to.fingers, weight),
        back: from.back.lerp(to.back, weight),
        curls: std::array::from_fn(|finger| from.curls[finger] + (to.curls[finger] - from.curls[finger]) * weight),
    }
}

fn mirrored(shape: Shape) -> Shape {
    let mirror = Vec3::new(-1.0, 1.0, 1.0);
    Shape { wrist: shape.wrist * mirror, fingers: shape.fingers * mirror, back: shape.back * mirror, ..shape }
}

fn in_room(shape: Shape, room_from_body: Quat) -> HandPose {
    HandPose {
        offset: room_from_body * shape.wrist,
        rotation: room_from_body * body_from_hand(shape.fingers, shape.back),
        curls: shape.curls.map(|curl| curl.clamp(0.0, 1.0)),
    }
}

/// A hand's −z is along its fingers, its y out of its back.
fn body_from_hand(fingers: Vec3, back: Vec3) -> Quat {
    let z = -fingers.normalize_or(Vec3::NEG_Z);
    let x = back.cross(z).normalize_or(Vec3::X);
    Quat::from_mat3(&Mat3::from_cols(x, z.cross(x), z)).normalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn after(secs: f32, gestures: Gestures) -> (HandPose, HandPose) {
        let mut hands = Hands::default();
        (0..(secs * 60.0) as usize).for_each(|_| hands.step(1.0 / 60.0, &gestures));
        hands.poses(0.0, Quat::IDENTITY)
    }

    #[test]
    fn gestures_look_like_what_they_mean() {
        let (left, right) = after(2.0, Gestures::default());
        assert!(left.offset.y < -0.7 && right.offset.y < -0.7 && left.offset.x < 0.0 && right.offset.x > 0.0);
        assert!((right.rotation * Vec3::NEG_Z).y < -0.9, "fingers hang");
        assert!((right.rotation * Vec3::Y).x > 0.8 && (left.rotation * Vec3::Y).x < -0.8, "palms face the thighs");
        let (left, right) = after(2.0, Gestures { raised: true, ..Default::default() });
        assert!(right.offset.y > 0.15 && left.offset.y < -0.7);
        assert!((right.rotation * Vec3::Y).z > 0.8, "the palm faces the others");
        let (_, right) = after(2.0, Gestures { pointing: true, ..Default::default() });
        assert!(
            (right.rotation * Vec3::NEG_Z).distance(Vec3::NEG_Z) < 0.1 && right.curls[1] < 0.1 && right.curls[3] > 0.8
        );
        let (left, right) = after(2.0, Gestures { seated: true, ..Default::default() });
        assert!(left.offset.z < -0.25 && (right.rotation * Vec3::Y).y > 0.8, "hands rest on the lap");
    }

    #[test]
    fn a_wave_goes_from_side_to_side_and_ends() {
        let mut hands = Hands::default();
        hands.step(0.01, &Gestures { wave: true, ..Default::default() });
        let side = |hands: &mut Hands| {
            hands.step(1.0 / 60.0, &Gestures::default());
            (hands.poses(0.0, Quat::IDENTITY).1.rotation * Vec3::NEG_Z).x
        };
        let sides: Vec<_> = (0..110).map(|_| side(&mut hands)).skip(20).collect();
        let turns = sides.windows(2).filter(|pair| (pair[0] - 0.1).signum() != (pair[1] - 0.1).signum()).count();
        assert!((5..9).contains(&turns), "{turns} times through the middle");
        for _ in 0..60 {
            side(&mut hands);
        }
        assert!(hands.poses(0.0, Quat::IDENTITY).1.offset.y < -0.7);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn hands_are_human_and_move_smoothly(
            steps in prop::collection::vec((any::<[bool; 4]>(), 0f32..3.0, -3f32..3.0, -1.4f32..1.4), 5..40),
        ) {
            let mut hands = Hands::default();
            let mut before: Option<HandPose> = None;
            for ([raised, pointing, wave, seated], speed_m_per_sec, yaw, pitch) in steps {
                let gestures = Gestures { raised, pointing, wave, seated, speed_m_per_sec };
                let head = Quat::from_rotation_y(yaw) * Quat::from_rotation_x(pitch);
                for _ in 0..10 {
                    hands.step(1.0 / 60.0, &gestures);
                    let (left, right) = hands.poses(0.0, head);
                    for hand in [left, right] {
                        prop_assert!(hand.offset.length() < 1.1 && hand.rotation.is_normalized());
                        prop_assert!(hand.curls.iter().all(|curl| (0.0..=1.0).contains(curl)));
                    }
                    if let Some(before) = before.filter(|_| !pointing) {
                        prop_assert!(before.offset.distance(left.offset) < 0.2, "{} {}", before.offset, left.offset);
                    }
                    before = Some(left);
                }
            }
        }
    }
}
