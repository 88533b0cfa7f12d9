use crate::ease;
use crate::obstacles::Obstacles;
use glam::{EulerRot, Quat, Vec3};

/// Vertical field of view.
pub const VERTICAL_FOV_DEGREES: f32 = 65.0;
/// Farthest that the camera goes behind the head.
pub const BOOM_MAX_M: f32 = 4.0;

/// Nearer than this there is only first person.
const BOOM_MIN_M: f32 = 0.8;
/// Where the toggle goes at first.
const BOOM_USUAL_M: f32 = 2.2;
/// Over the right shoulder, so that the head does not hide what one looks at.
const SHOULDER_M: Vec3 = Vec3::new(0.3, 0.1, 0.0);
/// The camera is a ball of this radius; the near plane must be within.
const CAMERA_RADIUS_M: f32 = 0.12;
/// Transitions are over after about three times this: 180 ms.
const TRANSITION_TAU_SECS: f32 = 0.06;
const SHORTEN_TAU_SECS: f32 = 0.04;
const LENGTHEN_TAU_SECS: f32 = 0.12;
/// Whiskers beside the boom feel walls before it gets to them, at these turns in radians …
const WHISKERS: [f32; 6] = [-0.45, -0.28, -0.12, 0.12, 0.28, 0.45];
/// … within this turn as strongly as the boom itself, beyond it ever less.
const WHISKER_FULL: f32 = 0.1;
const WHISKER_FADE: f32 = 0.5;
/// From here on one sees one's own body.
const SHOWS_BODY_M: f32 = 0.5;

/// The camera behind the eyes: in them, or on a boom over the shoulder that no wall gets into the way of.
#[derive(Clone, Debug)]
pub struct CameraRig {
    /// Where the boom wants to be; 0 is first person.
    wanted_m: f32,
    /// What the toggle goes back to.
    usual_m: f32,
    /// The wanted length, smoothed.
    boom_m: f32,
    /// From the eyes to the camera, as the walls allow.
    reach_m: f32,
}

/// What the camera sees from where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CameraView {
    /// In the room's space.
    pub position: Vec3,
    /// `room_from_camera`.
    pub rotation: Quat,
    /// One's own body is to be seen.
    pub is_third_person: bool,
}

impl Default for CameraRig {
    fn default() -> Self {
        Self { wanted_m: 0.0, usual_m: BOOM_USUAL_M, boom_m: 0.0, reach_m: 0.0 }
    }
}

impl CameraRig {
    /// Moves the camera away from the head, or nearer.
    pub fn zoom(&mut self, by_m: f32) {
        let wanted_m = self.wanted_m + by_m;
        self.wanted_m = match () {
            () if by_m > 0.0 => wanted_m.clamp(BOOM_MIN_M, BOOM_MAX_M),
            () if by_m < 0.0 && wanted_m < BOOM_MIN_M => 0.0,
            () => wanted_m,
        };
        if self.wanted_m > 0.0 {
            self.usual_m = self.wanted_m;
        }
    }

    /// Changes between first and third person.
    pub fn toggle(&mut self) {
        self.wanted_m = if self.wanted_m > 0.0 { 0.0 } else { self.usual_m };
    }

    /// Goes on for `dt_secs`; `eyes` in the room's space, `cut` without transitions.
    pub fn step(
        &mut self,
        dt_secs: f32,
        eyes: Vec3,
        yaw: f32,
        pitch: f32,
        obstacles: &Obstacles,
        cut: bool,
    ) -> CameraView {
        let share = |tau_secs| if cut { 1.0 } else { ease::share(dt_secs, tau_secs) };
        self.boom_m += (self.wanted_m - self.boom_m) * share(TRANSITION_TAU_SECS);
        if self.wanted_m == 0.0 && self.boom_m < 0.01 {
            self.boom_m = 0.0;
        }
        let rotation = Quat::from_euler(EulerRot::YXZ, yaw, pitch, 0.0);
        let shoulder = SHOULDER_M * ease::smoothstep(self.boom_m / BOOM_MIN_M);
        let boom = rotation * (shoulder + Vec3::Z * self.boom_m);
        let Some(direction) = boom.try_normalize() else {
            self.reach_m = 0.0;
            return CameraView { position: eyes, rotation, is_third_person: false };
        };
        let length_m = boom.length();
        let free_m = obstacles.ball_travel(eyes, direction, CAMERA_RADIUS_M, length_m);
        let target_m = foreseen(obstacles, eyes, direction, length_m).min(free_m);
        let tau_secs = if target_m < self.reach_m { SHORTEN_TAU_SECS } else { LENGTHEN_TAU_SECS };
        // Without walls it follows the boom, which is smooth already.
        let follows = self.reach_m + (target_m - self.reach_m) * share(tau_secs);
        self.reach_m = follows.min(free_m);
        let position = eyes + direction * self.reach_m;
        CameraView { position, rotation, is_third_person: self.reach_m > SHOWS_BODY_M }
    }
}

/// How long the boom should be, so that it is short already when a turn takes it into a wall.
fn foreseen(obstacles: &Obstacles, eyes: Vec3, direction: Vec3, length_m: f32) -> f32 {
    let limit_m = |turn: f32| {
        let whisker = Quat::from_rotation_y(turn) * direction;
        let free_m = obstacles.ball_travel(eyes, whisker, CAMERA_RADIUS_M, length_m);
        free_m + (length_m - free_m) * ((turn.abs() - WHISKER_FULL) / WHISKER_FADE).clamp(0.0, 1.0)
    };
    WHISKERS.into_iter().map(limit_m).fold(length_m, f32::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_places;
    use proptest::prelude::*;
    use rapier3d::parry::shape::Ball;

    fn obstacles() -> Obstacles {
        Obstacles::new(&test_places::boardroom())
    }

    #[test]
    fn the_toggle_takes_180_ms_and_the_wheel_stays_within_its_ends() {
        let (obstacles, mut rig) = (obstacles(), CameraRig::default());
        let eyes = Vec3::new(-4.5, 1.65, 2.0);
        let step = |rig: &mut CameraRig, dt| rig.step(dt, eyes, -1.0, 0.0, &obstacles, false);
        assert_eq!(step(&mut rig, 0.01).position, eyes);
        rig.zoom(10.0);
        assert_eq!(rig.wanted_m, BOOM_MAX_M);
        rig.zoom(-BOOM_MAX_M + 0.5);
        assert_eq!(rig.wanted_m, 0.0, "there is nothing between the head and a step behind it");
        rig.zoom(0.4);
        assert_eq!(rig.wanted_m, BOOM_MIN_M);
        for _ in 0..20 {
            step(&mut rig, 0.02);
        }
        assert!(step(&mut rig, 0.02).is_third_person);
        rig.toggle();
        let positions: Vec<_> = (0..18).map(|_| step(&mut rig, 0.01).position.distance(eyes)).collect();
        assert!(positions.windows(2).all(|pair| pair[1] <= pair[0]) && positions[17] < 0.1, "{positions:?}");
    }

    #[test]
    fn turning_past_a_corner_does_not_pop() {
        let (obstacles, mut rig) = (obstacles(), CameraRig::default());
        rig.zoom(2.2);
        let eyes = Vec3::new(2.6, 1.65, -2.0);
        let mut at = |n: i32| rig.step(1.0 / 60.0, eyes, n as f32 * 0.015, -0.1, &obstacles, false).position;
        let _settle: Vec<_> = (-100..0).map(&mut at).collect();
        let way: Vec<_> = (0..419).map(&mut at).collect();
        let most = way.windows(2).map(|pair| pair[0].distance(pair[1])).fold(0.0, f32::max);
        assert!(most < 0.16, "{most} m in a frame");
        let reach: Vec<_> = way.iter().map(|position| position.distance(eyes)).collect();
        let (near, far) = reach.iter().fold((f32::MAX, 0.0f32), |(a, b), it| (a.min(*it), b.max(*it)));
        assert!(near < 1.6 && far > 2.0, "a wall was in the way, and then none: {near} to {far} m");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn the_camera_is_never_in_a_wall(
            spots in prop::collection::vec((-5.7f32..5.7, -3.7f32..3.7, -4.0f32..4.0, -1.4f32..1.4), 2..20),
            boom_m in 0.8f32..4.0,
        ) {
            let (obstacles, mut rig) = (obstacles(), CameraRig::default());
            rig.zoom(boom_m);
            for (x, z, yaw, pitch) in spots {
                let eyes = Vec3::new(x, 1.65, z);
                if obstacles.touches(&Ball::new(CAMERA_RADIUS_M), eyes) {
                    continue;
                }
                for _ in 0..5 {
                    let view = rig.step(1.0 / 60.0, eyes, yaw, pitch, &obstacles, false);
                    prop_assert!(view.position.is_finite());
                    prop_assert!(!obstacles.touches(&Ball::new(CAMERA_RADIUS_M - 0.01), view.position), "{}", view.position);
                    prop_assert!(view.position.distance(eyes) < BOOM_MAX_M + 0.4);
                }
            }
        }
    }
}
