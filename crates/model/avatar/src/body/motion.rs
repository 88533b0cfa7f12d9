use super::feet::{Carried, Feet};
use super::frame::{approach, flat, forward, right, smooth_step, wrapped, yaw_of};
use super::{BodyInput, HandShape, Side};
use crate::PROPORTIONS;
use glam::{Quat, Vec3};
use std::f32::consts::TAU;

/// The head turns so far before the body follows: while standing, and while walking.
const NECK_FREE_RAD: f32 = 0.5;
const NECK_FREE_WALKING_RAD: f32 = 0.08;
/// The head moves so far aside before the hips follow.
const LEAN_FREE_M: f32 = 0.1;
/// A head that is further from its body did not walk there.
const JUMP_M: f32 = 0.8;
/// Eye heights that are somebody's own, as a share of the usual one; lower is crouching.
const HEIGHTS: std::ops::RangeInclusive<f32> = 0.85..=1.2;
/// A head so far below its usual height crouches.
const CROUCH_M: f32 = 0.06;
/// Most that a head sinks so that the legs reach the floor: of a walker, and of those who look down by turning about
/// their eyes, as a mouse does.
const MAX_DROP_M: f32 = 0.11;
/// Coordinates beyond it are no room's.
const FAR_M: f32 = 1_000.0;

/// What a body remembers from frame to frame: its feet, where it faces, its breath and its eyes.
#[derive(Clone, Copy, Debug)]
pub struct BodyMotion {
    pub(super) feet: Feet,
    pub(super) torso_yaw_rad: f32,
    /// On the floor under the hips.
    pub(super) base: Vec3,
    /// How much lower the whole body is shown than the head says.
    pub(super) drop_m: f32,
    /// 0 while standing, 1 in full walk.
    pub(super) walk: f32,
    /// 0 while walking, 1 in full run.
    pub(super) run: f32,
    pub(super) scale: f32,
    pub(super) hands: [HandShape; 2],
    /// For what nobody should do in step with others.
    phase_rad: f32,
    secs: f32,
    blink: Blink,
    is_placed: bool,
}

impl BodyMotion {
    /// A body that breathes and blinks in its own time, by `seed`.
    pub fn new(seed: u32) -> Self {
        let mut blink = Blink { random: seed, ..Blink::default() };
        let phase_rad = blink.next_random() * TAU;
        Self {
            feet: Feet::default(),
            torso_yaw_rad: 0.0,
            base: Vec3::ZERO,
            drop_m: 0.0,
            walk: 0.0,
            run: 0.0,
            scale: 1.0,
            hands: [HandShape::default(); 2],
            phase_rad,
            secs: 0.0,
            blink,
            is_placed: false,
        }
    }

    /// Goes on for `dt_secs`; long times count as a quarter of a second.
    pub fn advance(&mut self, dt_secs: f32, input: &BodyInput<'_>) {
        let dt_secs = if dt_secs.is_finite() { dt_secs.clamp(0.0, 0.25) } else { 0.0 };
        let seen = Seen::new(input);
        self.secs = (self.secs + dt_secs) % 10_000.0;
        self.blink.advance(dt_secs);
        for (shape, hand) in self.hands.iter_mut().zip(&input.pose.hands) {
            *shape = hand.as_ref().map_or(HandShape::Relaxed, |hand| shape.following(&hand.curls));
        }
        let pivot = flat(seen.head_pivot(self.scale));
        if !self.is_placed || input.pose.has_jumped || pivot.distance(flat(self.base)) > JUMP_M {
            self.place(&seen, input);
        }
        self.fit(dt_secs, &seen, input);
        self.turn(dt_secs, &seen, input);
        self.follow(dt_secs, &seen);
        let speed = seen.velocity.length();
        self.walk += (smooth_step(0.15, 0.9, speed) - self.walk) * approach(dt_secs, 0.15);
        self.run += (smooth_step(1.8, 3.2, speed) - self.run) * approach(dt_secs, 0.2);
        if input.seat.is_some() {
            self.drop_m = 0.0;
            self.feet.reset(&self.carried(Vec3::ZERO));
            return;
        }
        self.feet.advance(dt_secs, &self.carried(seen.velocity));
        self.drop_m += (self.needed_drop(&seen) - self.drop_m) * approach(dt_secs, 0.05);
    }

    /// 0: eyes are open, 1: closed.
    pub(super) fn eyelids(&self) -> f32 {
        self.blink.closed()
    }

    /// A slow wave of its own, −1 to 1.
    pub(super) fn wave(&self, period_secs: f32) -> f32 {
        (self.secs / period_secs * TAU + self.phase_rad).sin()
    }

    fn carried(&self, velocity: Vec3) -> Carried {
        Carried { base: self.base, yaw_rad: self.torso_yaw_rad, velocity, scale: self.scale }
    }

    /// The body is here at once.
    fn place(&mut self, seen: &Seen, input: &BodyInput<'_>) {
        self.is_placed = true;
        let share = seen.eye_height_m / PROPORTIONS.eye_height_m;
        self.scale = if HEIGHTS.contains(&share) && input.seat.is_none() { share } else { seen.asked_scale };
        self.base = flat(seen.head_pivot(self.scale)).with_y(seen.ground_y);
        self.torso_yaw_rad = seen.head_yaw_rad;
        self.drop_m = 0.0;
        self.walk = 0.0;
        self.feet.reset(&self.carried(Vec3::ZERO));
    }

    /// Follows how tall somebody stands; not how low they crouch.
    fn fit(&mut self, dt_secs: f32, seen: &Seen, input: &BodyInput<'_>) {
        if input.seat.is_some() {
            return;
        }
        let share = (seen.eye_height_m / PROPORTIONS.eye_height_m).clamp(*HEIGHTS.start(), *HEIGHTS.end());
        let below_m = (self.scale - share) * PROPORTIONS.eye_height_m;
        let secs = match below_m {
            ..0.0 => 0.3,
            ..CROUCH_M => 10.0,
            _ => 120.0,
        };
        self.scale += (share - self.scale) * approach(dt_secs, secs);
    }

    /// The body follows head and hands.
    fn turn(&mut self, dt_secs: f32, seen: &Seen, input: &BodyInput<'_>) {
        let towards = seen.head_yaw_rad + 0.35 * wrapped(seen.hands_yaw_rad - seen.head_yaw_rad);
        if let Some(seat) = input.seat.filter(|seat| seat.yaw_rad.is_finite()) {
            let aside = wrapped(towards - seat.yaw_rad).clamp(-1.2, 1.2);
            let wanted = seat.yaw_rad + 0.45 * aside;
            self.torso_yaw_rad =
                wrapped(self.torso_yaw_rad + wrapped(wanted - self.torso_yaw_rad) * approach(dt_secs, 0.3));
            return;
        }
        let free_rad = NECK_FREE_RAD + (NECK_FREE_WALKING_RAD - NECK_FREE_RAD) * self.walk;
        let aside = wrapped(towards - self.torso_yaw_rad);
        let beyond = aside - aside.clamp(-free_rad, free_rad);
        // In the end one stands as one looks.
        let step = beyond * approach(dt_secs, 0.12) + (aside - beyond) * approach(dt_secs, 4.0);
        self.torso_yaw_rad = wrapped(self.torso_yaw_rad + step);
    }

    /// The hips follow the head.
    fn follow(&mut self, dt_secs: f32, seen: &Seen) {
        let back_m = 0.25 * self.stoop_rad(seen).sin() * self.scale;
        let wanted = flat(seen.head_pivot(self.scale)) - forward(self.torso_yaw_rad) * back_m;
        let away = wanted - flat(self.base);
        let free_m = LEAN_FREE_M * (1.0 - self.walk);
        let beyond = away - away.clamp_length_max(free_m);
        let step = beyond * approach(dt_secs, 0.04) + (away - beyond) * approach(dt_secs, 1.5);
        self.base = (flat(self.base) + step).with_y(seen.ground_y);
    }

    /// How far the back leans forward because the head is low.
    pub(super) fn stoop_rad(&self, seen: &Seen) -> f32 {
        let straight_m = PROPORTIONS.head_pivot_height_m;
        let below_m = straight_m - (seen.head_pivot(self.scale).y - seen.ground_y) / self.scale;
        0.8 * smooth_step(0.03, 0.6, below_m)
    }

    /// How far the hips must sink so that legs reach feet that are apart.
    fn needed_drop(&self, seen: &Seen) -> f32 {
        let p = &PROPORTIONS;
        let leg_m = 0.998 * (p.thigh_m + p.shin_m) * self.scale;
        let hip_y = seen.head_pivot(self.scale).y - (p.head_pivot_height_m - p.right_hip.y) * self.scale;
        let needed = |side: Side| {
            let foot = &self.feet.feet[side.index()];
            let ankle = foot.ankle(self.scale);
            let hip = self.base + right(self.torso_yaw_rad) * (side.sign() * p.right_hip.x * self.scale);
            let apart_m = flat(ankle - hip).length().min(leg_m);
            let highest_y = ankle.y + (leg_m * leg_m - apart_m * apart_m).sqrt();
            (hip_y - highest_y) * foot.support()
        };
        let most_m = MAX_DROP_M * self.scale;
        Side::BOTH.into_iter().map(needed).fold(0.0, f32::max).min(most_m)
    }
}

/// The numbers of an input that a body goes by, all of them finite.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) eyes: Vec3,
    pub(super) head: Quat,
    pub(super) ground_y: f32,
    asked_scale: f32,
    eye_height_m: f32,
    /// Along the floor.
    velocity: Vec3,
    head_yaw_rad: f32,
    /// Where the hands are, as seen from the head; the head's own where that says nothing.
    hands_yaw_rad: f32,
}

impl Seen {
    pub(super) fn new(input: &BodyInput<'_>) -> Self {
        let head = &input.pose.head;
        let eyes = near(head.position).unwrap_or(Vec3::Y * PROPORTIONS.eye_height_m);
        let rotation = unit(head.rotation);
        let ground_y = if input.ground_y.is_finite() { input.ground_y.clamp(-FAR_M, FAR_M) } else { 0.0 };
        let head_yaw_rad = yaw_of(rotation);
        let hands = input.pose.hands.iter().flatten().filter_map(|hand| near(hand.offset));
        // Hands at the sides say nothing about where one faces.
        let reaching = hands.fold(Vec3::ZERO, |sum, offset| sum + flat(offset));
        let hands_yaw_rad = if reaching.length() > 0.3 { (-reaching.x).atan2(-reaching.z) } else { head_yaw_rad };
        Self {
            eyes,
            head: rotation,
            ground_y,
            asked_scale: if input.scale.is_finite() { input.scale.clamp(0.8, 1.25) } else { 1.0 },
            eye_height_m: eyes.y - ground_y,
            velocity: flat(near(input.pose.velocity).unwrap_or(Vec3::ZERO)).clamp_length_max(12.0),
            head_yaw_rad,
            hands_yaw_rad,
        }
    }

    /// Where head and neck meet.
    pub(super) fn head_pivot(&self, scale: f32) -> Vec3 {
        self.eyes - self.head * (PROPORTIONS.eyes_from_head_pivot * scale)
    }
}

pub(super) fn near(position: Vec3) -> Option<Vec3> {
    position.is_finite().then(|| position.clamp(Vec3::splat(-FAR_M), Vec3::splat(FAR_M)))
}

pub(super) fn unit(rotation: Quat) -> Quat {
    let length = rotation.length();
    if length.is_finite() && length > 1e-6 { rotation / length } else { Quat::IDENTITY }
}

/// Eyes that blink now and then.
#[derive(Clone, Copy, Debug, Default)]
struct Blink {
    random: u32,
    until_next_secs: f32,
    /// Time since the lids began to close.
    since_secs: f32,
}

impl Blink {
    const CLOSING_SECS: f32 = 0.07;
    const OPENING_SECS: f32 = 0.13;

    fn advance(&mut self, dt_secs: f32) {
        self.since_secs += dt_secs;
        self.until_next_secs -= dt_secs;
        if self.until_next_secs <= 0.0 {
            self.since_secs = 0.0;
            let random = self.next_random();
            // Now and then one blinks twice.
            self.until_next_secs = if random < 0.1 { 0.3 } else { 2.0 + 4.0 * random };
        }
    }

    fn closed(&self) -> f32 {
        let opening = (self.since_secs - Self::CLOSING_SECS) / Self::OPENING_SECS;
        (self.since_secs / Self::CLOSING_SECS).min(1.0 - opening).clamp(0.0, 1.0)
    }

    /// 0 to 1, by a linear congruential generator (Numerical Recipes, 3rd edition, §7.1).
    fn next_random(&mut self) -> f32 {
        self.random = self.random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.random >> 8) as f32 / (1 << 24) as f32
    }
}
