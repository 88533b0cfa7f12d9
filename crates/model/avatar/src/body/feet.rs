use super::Side;
use super::frame::{forward, right, smooth_step, wrapped};
use crate::PROPORTIONS;
use glam::{Quat, Vec3};
use std::f32::consts::PI;

/// Half the distance of standing feet.
const HALF_STANCE_M: f32 = 0.1;
/// Feet turn outward a little.
const SPLAY_RAD: f32 = 0.12;
/// Slower people do not walk: they shift their feet when they must.
const WALKING_M_PER_SEC: f32 = 0.15;
/// A standing foot that is so far from where it should be takes a step.
const MISPLACED_M: f32 = 0.13;
const MISTURNED_RAD: f32 = 0.45;
/// Longest time for a step: on the spot, and while walking.
const STEP_SECS: f32 = 0.42;
const WALKING_STEP_SECS: f32 = 0.55;
/// A planted foot's share of its way that lies before the hips; the rest lies behind.
const LEADING_SHARE: f32 = 0.4;
/// Feet that are so far from home are put there.
const LOST_M: f32 = 2.0;

/// One foot. While it is planted, nothing moves it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Foot {
    /// The point of the floor under the ankle.
    pub(super) position: Vec3,
    pub(super) yaw_rad: f32,
    /// Height of the sole over the floor.
    pub(super) lift_m: f32,
    /// How far the toes point down (the heel is up), or up where it is negative.
    pub(super) pitch_rad: f32,
    swing: Option<Swing>,
}

/// A foot in the air.
#[derive(Clone, Copy, Debug)]
struct Swing {
    from: Vec3,
    from_yaw_rad: f32,
    from_pitch_rad: f32,
    /// 0 when it leaves the floor, 1 when it lands.
    progress: f32,
}

/// Two feet that follow a body without sliding.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Feet {
    pub(super) feet: [Foot; 2],
}

/// Where the body is that the feet carry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carried {
    /// On the floor under the hips.
    pub(super) base: Vec3,
    pub(super) yaw_rad: f32,
    /// Along the floor.
    pub(super) velocity: Vec3,
    pub(super) scale: f32,
}

/// How a walk of some speed looks.
struct Stride {
    /// Way of two steps.
    length_m: f32,
    /// Share of the time that a foot is in the air.
    swing_share: f32,
    leading_m: f32,
    trailing_m: f32,
}

impl Stride {
    fn at(speed: f32, scale: f32) -> Self {
        let length_m = (0.55 + 0.58 * speed).min(2.8) * scale;
        let swing_share = 0.45 + 0.21 * smooth_step(1.6, 3.2, speed);
        let planted_m = length_m * (1.0 - swing_share);
        Self {
            length_m,
            swing_share,
            leading_m: LEADING_SHARE * planted_m,
            trailing_m: (1.0 - LEADING_SHARE) * planted_m,
        }
    }
}

impl Carried {
    fn home(&self, side: Side) -> (Vec3, f32) {
        let aside = right(self.yaw_rad) * (side.sign() * HALF_STANCE_M * self.scale);
        (self.base + aside, self.yaw_rad - side.sign() * SPLAY_RAD)
    }
}

impl Feet {
    /// Puts both feet under the body.
    pub(super) fn reset(&mut self, carried: &Carried) {
        for side in Side::BOTH {
            let (position, yaw_rad) = carried.home(side);
            self.feet[side.index()] = Foot { position, yaw_rad, ..Foot::default() };
        }
    }

    /// Steps after the body for `dt_secs`.
    pub(super) fn advance(&mut self, dt_secs: f32, carried: &Carried) {
        let speed = carried.velocity.length();
        let stride = Stride::at(speed, carried.scale);
        let is_lost = |side: Side| self.feet[side.index()].position.distance(carried.home(side).0) > LOST_M;
        if Side::BOTH.into_iter().any(is_lost) {
            self.reset(carried);
        }
        if let Some(side) = self.next_to_step(carried, &stride) {
            let foot = &mut self.feet[side.index()];
            foot.swing = Some(Swing {
                from: foot.position,
                from_yaw_rad: foot.yaw_rad,
                from_pitch_rad: foot.pitch_rad,
                progress: 0.0,
            });
        }
        // Who starts at once to run has to make up for it.
        let ahead = carried.velocity.try_normalize().unwrap_or(Vec3::ZERO);
        let lag = |side: Side| (carried.home(side).0 - self.feet[side.index()].position).dot(ahead);
        let stretch = Side::BOTH.into_iter().map(lag).fold(0.0, f32::max) / stride.trailing_m;
        let haste = 1.0 + 2.5 * (stretch - 1.15).max(0.0);
        let longest_secs = if speed < WALKING_M_PER_SEC { STEP_SECS } else { WALKING_STEP_SECS };
        let rate = haste * (speed / (stride.swing_share * stride.length_m)).max(1.0 / longest_secs);
        for side in Side::BOTH {
            self.feet[side.index()].advance(dt_secs, side, carried, &stride, rate);
        }
    }

    /// Which foot should leave the floor now, if any.
    fn next_to_step(&self, carried: &Carried, stride: &Stride) -> Option<Side> {
        let speed = carried.velocity.length();
        let ahead = carried.velocity.try_normalize().unwrap_or(Vec3::ZERO);
        let lag = |side: Side| (carried.home(side).0 - self.feet[side.index()].position).dot(ahead);
        let wants = |side: Side| {
            let foot = &self.feet[side.index()];
            if foot.swing.is_some() || !self.may_lift(side, speed) {
                return None;
            }
            let (home, home_yaw) = carried.home(side);
            let away = home - foot.position;
            let aside_m = (away - ahead * away.dot(ahead)).length();
            let turn = wrapped(home_yaw - foot.yaw_rad).abs();
            if speed < WALKING_M_PER_SEC {
                let urgency = (away.length() / (MISPLACED_M * carried.scale)).max(turn / MISTURNED_RAD);
                return (urgency > 1.0).then_some(urgency);
            }
            // Whoever starts to walk does not wait until both feet are far behind.
            let is_start = lag(side) > 0.15 * stride.length_m && lag(side.other()) > 0.0;
            let urgency = (lag(side) / stride.trailing_m).max(aside_m / (2.0 * MISPLACED_M * carried.scale)).max(turn);
            (urgency > 1.0 || is_start).then_some(urgency)
        };
        let [left, right] = Side::BOTH.map(|side| wants(side).map(|urgency| (side, urgency)));
        match (left, right) {
            (Some(left), Some(right)) => Some(if left.1 >= right.1 { left.0 } else { right.0 }),
            (left, right) => left.or(right).map(|(side, _)| side),
        }
    }

    /// A walker has a foot on the floor, a runner need not.
    fn may_lift(&self, side: Side, speed: f32) -> bool {
        let landing_soon = if speed > 2.2 { 0.75 } else { 1.0 };
        self.feet[side.other().index()].swing.is_none_or(|swing| swing.progress >= landing_soon)
    }

    /// How far the left foot is before the right one, in metres along `yaw_rad`.
    pub(super) fn left_lead_m(&self, yaw_rad: f32) -> f32 {
        (self.feet[0].position - self.feet[1].position).dot(forward(yaw_rad))
    }
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

impl Foot {
    fn advance(&mut self, dt_secs: f32, side: Side, carried: &Carried, stride: &Stride, rate: f32) {
        let (home, home_yaw) = carried.home(side);
        let speed = carried.velocity.length();
        let walk = smooth_step(0.1, 0.8, speed);
        let Some(swing) = &mut self.swing else {
            // The heel rises while the foot stays behind.
            let behind_m = (home - self.position).dot(forward(self.yaw_rad)) / carried.scale;
            self.pitch_rad = 0.75 * smooth_step(0.12, 0.5, behind_m);
            self.lift_m = 0.0;
            return;
        };
        swing.progress = (swing.progress + rate * dt_secs).min(1.0);
        let progress = swing.progress;
        let ahead = carried.velocity.try_normalize().unwrap_or(Vec3::ZERO) * (stride.leading_m * walk);
        let landing = home + ahead + carried.velocity * ((1.0 - progress) / rate);
        let share = smooth_step(0.0, 1.0, progress);
        self.position = swing.from.lerp(landing, share).with_y(carried.base.y);
        self.yaw_rad = wrapped(swing.from_yaw_rad + wrapped(home_yaw - swing.from_yaw_rad) * share);
        self.lift_m = (0.045 + 0.03 * speed.min(3.0)) * carried.scale * (PI * progress).sin();
        let toes_up = 0.28 * walk * smooth_step(0.5, 0.95, progress) * forward(self.yaw_rad).dot(ahead).clamp(0.0, 1.0);
        self.pitch_rad = swing.from_pitch_rad * (1.0 - progress).powi(2) - toes_up;
        if progress >= 1.0 {
            self.swing = None;
        }
    }

    /// Whether it stands on the floor.
    #[cfg(test)]
    pub(super) fn is_planted(&self) -> bool {
        self.swing.is_none()
    }

    /// How much it holds the body: 1 on the floor, less in the air.
    pub(super) fn support(&self) -> f32 {
        self.swing
            .map_or(1.0, |swing| 1.0 - smooth_step(0.0, 0.3, swing.progress).min(smooth_step(1.0, 0.7, swing.progress)))
    }

    /// The ankle, above the ball of the foot that stays where it is when the heel rises.
    pub(super) fn ankle(&self, scale: f32) -> Vec3 {
        let height = PROPORTIONS.ankle_height_m * scale;
        let ball = PROPORTIONS.ball_of_foot_m * scale;
        let (sin, cos) = self.pitch_rad.max(0.0).sin_cos();
        let forward_m = ball - ball * cos + height * sin;
        let up_m = ball * sin + height * cos;
        self.position + forward(self.yaw_rad) * forward_m + Vec3::Y * (up_m + self.lift_m)
    }

    /// `room_from_foot`.
    pub(super) fn rotation(&self) -> Quat {
        Quat::from_rotation_y(self.yaw_rad) * Quat::from_rotation_x(-self.pitch_rad)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Walks straight for ten seconds; what each foot did, frame by frame.
    fn walk(speed: f32, hz: f32, mut look: impl FnMut(&Carried, &Feet)) {
        let mut carried = Carried { base: Vec3::ZERO, yaw_rad: 0.0, velocity: Vec3::NEG_Z * speed, scale: 1.0 };
        let mut feet = Feet::default();
        feet.reset(&carried);
        for _ in 0..(10.0 * hz) as u32 {
            carried.base += carried.velocity / hz;
            feet.advance(1.0 / hz, &carried);
            look(&carried, &feet);
        }
    }

    #[test]
    fn planted_feet_do_not_slide() {
        for speed in [0.4, 0.9, 1.4, 2.0, 4.0] {
            for hz in [30.0, 144.0] {
                let mut last: Option<Feet> = None;
                let mut planted = 0;
                walk(speed, hz, |_, feet| {
                    if let Some(last) = last {
                        for (before, after) in last.feet.iter().zip(&feet.feet) {
                            if before.is_planted() && after.is_planted() {
                                assert_eq!(before.position, after.position);
                                planted += 1;
                            }
                        }
                    }
                    last = Some(*feet);
                });
                assert!(planted as f32 > 5.0 * hz, "{speed} m/s: feet are on the floor about half the time");
            }
        }
    }

    #[test]
    fn feet_alternate_in_a_human_cadence() {
        for (speed, steps_per_min) in [(0.7, 70.0..105.0), (1.4, 105.0..135.0), (3.5, 140.0..190.0)] {
            let mut was_planted = [true; 2];
            let mut steps = Vec::new();
            walk(speed, 60.0, |_, feet| {
                for side in Side::BOTH {
                    let is_planted = feet.feet[side.index()].is_planted();
                    if was_planted[side.index()] && !is_planted {
                        steps.push(side);
                    }
                    was_planted[side.index()] = is_planted;
                }
            });
            assert!(steps.windows(2).all(|pair| pair[0] != pair[1]), "{speed} m/s: left, right, left");
            let cadence = steps.len() as f32 * 6.0;
            assert!(steps_per_min.contains(&cadence), "{speed} m/s: {cadence} steps a minute");
        }
    }

    #[test]
    fn feet_keep_up_with_the_body_and_rest_under_it() {
        for speed in [0.5, 1.4, 3.0] {
            let mut frames = 0;
            walk(speed, 60.0, |carried, feet| {
                frames += 1;
                for (side, foot) in Side::BOTH.into_iter().zip(&feet.feet) {
                    let lag_m = (carried.home(side).0 - foot.position).length();
                    assert!(frames < 60 || lag_m < 0.3 + 0.28 * speed, "{speed} m/s: {lag_m} m behind");
                    assert!(foot.ankle(1.0).y >= 0.079 && foot.ankle(1.0).y < 0.45);
                }
            });
        }
        let mut carried = Carried { base: Vec3::ZERO, yaw_rad: 0.0, velocity: Vec3::NEG_Z * 1.4, scale: 1.0 };
        let mut feet = Feet::default();
        feet.reset(&carried);
        for frame in 0..240 {
            carried.velocity = if frame < 120 { Vec3::NEG_Z * 1.4 } else { Vec3::ZERO };
            carried.base += carried.velocity / 60.0;
            feet.advance(1.0 / 60.0, &carried);
        }
        for (side, foot) in Side::BOTH.into_iter().zip(&feet.feet) {
            assert!(foot.is_planted() && foot.position.distance(carried.home(side).0) <= MISPLACED_M + 1e-4);
        }
    }

    #[test]
    fn turning_on_the_spot_takes_steps() {
        let mut carried = Carried { base: Vec3::ZERO, yaw_rad: 0.0, velocity: Vec3::ZERO, scale: 1.0 };
        let mut feet = Feet::default();
        feet.reset(&carried);
        for frame in 0..200 {
            carried.yaw_rad = (frame as f32 / 60.0).min(1.5);
            feet.advance(1.0 / 60.0, &carried);
        }
        for (side, foot) in Side::BOTH.into_iter().zip(&feet.feet) {
            assert!(wrapped(carried.home(side).1 - foot.yaw_rad).abs() <= MISTURNED_RAD);
        }
    }
}
