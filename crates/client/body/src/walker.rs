use crate::crowd::Crowd;
use crate::ease;
use crate::obstacles::Obstacles;
use glam::{Quat, Vec3};
use rapier3d::control::{CharacterLength, KinematicCharacterController};
use rapier3d::math::Pose;
use rapier3d::parry::shape::{Ball, Capsule};
use std::f32::consts::{FRAC_PI_4, TAU};
use std::sync::Arc;

/// A body is a capsule of this radius …
pub const BODY_RADIUS_M: f32 = 0.25;
/// … and this height.
pub const BODY_HEIGHT_M: f32 = 1.7;
/// An easy pace.
pub const WALK_M_PER_SEC: f32 = 1.4;
/// A jog; the room takes lasting speeds of up to 8 m/s.
pub const RUN_M_PER_SEC: f32 = 3.0;

/// Highest step that is taken without a ramp.
pub(crate) const STEP_HEIGHT_M: f32 = 0.3;
/// A body is lifted so far to be put onto a step: its gap is above the step then.
const STEP_LIFT_M: f32 = STEP_HEIGHT_M + 0.03;
/// From here one is let down where the floor should be.
const JUST_OVER_M: f32 = 0.02;
/// Heights of steps are as exact as this.
pub(crate) const STEP_TOLERANCE_M: f32 = 0.01;
/// A step's top is felt so far in front of the body.
const STEP_AHEAD_M: f32 = 0.05;
/// Steeper than this is a wall.
const SLOPE_MAX: f32 = FRAC_PI_4 + 0.01;
/// Whoever gets less of the way than this share looks for a step.
const HINDERED: f32 = 0.9;
/// Gap that is kept to everything solid.
const GAP_M: f32 = 0.02;
/// Steps of equal length make the way the same at every frame rate.
const TICK_SECS: f32 = 1.0 / 120.0;
/// Most time that one call covers: after a stall one goes on, and does not leap.
const STALL_SECS: f32 = 0.25;
/// Full walking speed after 120 ms.
const ACCELERATION_M_PER_SEC2: f32 = WALK_M_PER_SEC / 0.12;
const GRAVITY_M_PER_SEC2: f32 = 9.81;
const FALL_MAX_M_PER_SEC: f32 = 20.0;
/// Less than this in one tick is standing still.
const STILL_M: f32 = 1e-5;
/// A foot looks for ground this much inside of the body, so that walls beside it are none.
const FOOT_INSET_M: f32 = 0.005;
/// Ground so near below carries the feet.
const CONTACT_M: f32 = 0.005;
/// The eyes follow a step in about three times this.
const RISE_TAU_SECS: f32 = 0.05;
/// Farthest that a body is put aside from where it has no room.
const PUT_ASIDE_M: f32 = 4.0;

/// Feet that walk through a place: not through walls, up steps and ramps, round people.
#[derive(Clone, Debug)]
pub struct Walker {
    obstacles: Arc<Obstacles>,
    controller: KinematicCharacterController,
    crowd: Crowd,
    feet: Vec3,
    feet_before: Vec3,
    /// Level.
    velocity: Vec3,
    fall_m_per_sec: f32,
    is_grounded: bool,
    is_resting: bool,
    /// Time that did not fill a tick yet.
    spare_secs: f32,
    /// Follows the height of the feet smoothly.
    shown_height_m: f32,
}

impl Walker {
    /// Somebody who stands on `feet`, or as near to it as there is room.
    pub fn new(obstacles: Arc<Obstacles>, feet: Vec3) -> Self {
        let controller = KinematicCharacterController {
            offset: CharacterLength::Absolute(GAP_M),
            // A capsule's round foot is under the edge of a step already: `step_up` takes it.
            autostep: None,
            max_slope_climb_angle: SLOPE_MAX,
            min_slope_slide_angle: SLOPE_MAX,
            // Feet find the ground by themselves: the controller takes a wall for one.
            snap_to_ground: None,
            ..Default::default()
        };
        let mut walker = Self {
            obstacles,
            controller,
            crowd: Crowd::default(),
            feet,
            feet_before: feet,
            velocity: Vec3::ZERO,
            fall_m_per_sec: 0.0,
            is_grounded: false,
            is_resting: false,
            spare_secs: 0.0,
            shown_height_m: feet.y,
        };
        walker.place_at(feet, 0.0);
        walker
    }

    /// Is put there at once, or as near to it as there is room, by preference in the direction of `yaw`. A place
    /// that is not finite changes nothing.
    pub fn place_at(&mut self, feet: Vec3, yaw: f32) {
        if !(feet.is_finite() && yaw.is_finite()) {
            return;
        }
        let has_stood = !self.obstacles.touches(&capsule(0.0), self.feet + middle());
        let elsewhere = if has_stood { self.feet } else { feet };
        // With no room anywhere round it, where one stood before is better than inside of something.
        let feet = room_near(&self.obstacles, feet, yaw).unwrap_or(elsewhere);
        (self.feet, self.feet_before, self.shown_height_m) = (feet, feet, feet.y);
        (self.velocity, self.fall_m_per_sec) = (Vec3::ZERO, 0.0);
        (self.is_grounded, self.is_resting) = (false, false);
    }

    /// Goes on for `dt_secs` with the wanted level velocity, in metres a second, past people whose feet are at
    /// `people`.
    pub fn step(&mut self, dt_secs: f32, wanted: Vec3, people: &[Vec3]) {
        let dt_secs = if dt_secs.is_finite() { dt_secs.clamp(0.0, STALL_SECS) } else { 0.0 };
        let wanted = if wanted.is_finite() { wanted.with_y(0.0).clamp_length_max(RUN_M_PER_SEC) } else { Vec3::ZERO };
        self.spare_secs += dt_secs;
        while self.spare_secs >= TICK_SECS {
            self.spare_secs -= TICK_SECS;
            self.tick(wanted, people);
        }
        let height_m = self.between_ticks().y;
        self.shown_height_m += (height_m - self.shown_height_m) * ease::share(dt_secs, RISE_TAU_SECS);
    }

    /// The feet, as they are shown: steps are taken smoothly.
    pub fn feet(&self) -> Vec3 {
        self.between_ticks().with_y(self.shown_height_m)
    }

    /// Level velocity in metres a second, as it is wanted: a wall may be in the way.
    pub fn velocity(&self) -> Vec3 {
        self.velocity
    }

    /// Whether something carries the feet.
    pub fn is_grounded(&self) -> bool {
        self.is_grounded
    }

    fn between_ticks(&self) -> Vec3 {
        self.feet_before.lerp(self.feet, self.spare_secs / TICK_SECS)
    }

    fn tick(&mut self, wanted: Vec3, people: &[Vec3]) {
        self.feet_before = self.feet;
        let wanted = self.crowd.give_way(TICK_SECS, wanted, self.feet, people);
        let change = (wanted - self.velocity).clamp_length_max(ACCELERATION_M_PER_SEC2 * TICK_SECS);
        self.velocity += change;
        if self.is_resting && self.velocity == Vec3::ZERO {
            return;
        }
        self.fall_m_per_sec = match self.is_grounded {
            // No pull on the ground: with one, the controller holds back whoever glides along a wall.
            true => 0.0,
            false => (self.fall_m_per_sec + GRAVITY_M_PER_SEC2 * TICK_SECS).min(FALL_MAX_M_PER_SEC),
        };
        self.move_by((self.velocity - Vec3::Y * self.fall_m_per_sec) * TICK_SECS);
        if self.is_grounded {
            self.step_up(self.velocity * TICK_SECS);
        }
        self.find_ground();
        self.is_resting =
            self.is_grounded && self.velocity == Vec3::ZERO && self.feet.distance(self.feet_before) < STILL_M;
    }

    fn move_by(&mut self, translation: Vec3) {
        let pose = Pose::from_translation(self.feet + middle());
        let queries = self.obstacles.queries();
        let moved = self.controller.move_shape(TICK_SECS, &queries, &capsule(0.0), &pose, translation, |_| {});
        self.go_to(self.feet + moved.translation);
    }

    /// Takes what is left of a level way over a low step, if there is one.
    fn step_up(&mut self, way: Vec3) {
        let Some(direction) = way.try_normalize() else { return };
        let left_m = way.length() - (self.feet - self.feet_before).dot(direction);
        if left_m < (1.0 - HINDERED) * way.length() {
            return;
        }
        let raised = self.feet + Vec3::Y * STEP_LIFT_M;
        let ahead = raised + direction * (BODY_RADIUS_M + STEP_AHEAD_M);
        let top = self.obstacles.ray_hit(ahead, Vec3::NEG_Y, STEP_LIFT_M);
        let highest_m = self.feet.y + STEP_HEIGHT_M + STEP_TOLERANCE_M;
        let is_step = top.is_some_and(|top| top.point.y < highest_m && top.normal.y > SLOPE_MAX.cos());
        let body = capsule(0.0);
        if !is_step || self.obstacles.touches(&body, raised + middle()) {
            return;
        }
        let forward_m = self.obstacles.travel(&body, raised + middle(), direction, left_m, GAP_M);
        let over = raised + direction * forward_m;
        if let Some(down_m) = ground_below(&self.obstacles, over, STEP_LIFT_M, 0.0) {
            self.go_to(over - Vec3::Y * down_m);
        }
    }

    /// Feet that stood on something go down steps and slopes with it, instead of falling.
    fn find_ground(&mut self) {
        let reach_m = if self.is_grounded { STEP_HEIGHT_M } else { CONTACT_M };
        let down_m = ground_below(&self.obstacles, self.feet, reach_m, 0.0);
        self.is_grounded = down_m.is_some();
        if let Some(down_m) = down_m.filter(|down_m| *down_m > STILL_M) {
            self.go_to(self.feet - Vec3::Y * down_m);
        }
    }

    fn go_to(&mut self, feet: Vec3) {
        let bounds = self.obstacles.bounds();
        let feet = feet.max(bounds.min);
        // The controller's casts can end a hair inside of something where three surfaces meet: rather stay.
        let is_possible = feet.is_finite() && bounds.contain(feet);
        if is_possible && !self.obstacles.touches(&capsule(-0.001), feet + middle()) {
            self.feet = feet;
        }
    }
}

/// How far below the feet of a body `wider_m` wider there is ground, at most `reach_m`.
fn ground_below(obstacles: &Obstacles, feet: Vec3, reach_m: f32, wider_m: f32) -> Option<f32> {
    let foot = capsule(wider_m - FOOT_INSET_M);
    let down_m = obstacles.travel(&foot, feet + middle(), Vec3::NEG_Y, reach_m, GAP_M);
    (down_m < reach_m).then_some(down_m)
}

/// A body's shape, `wider_m` wider all round than it is, but not higher.
fn capsule(wider_m: f32) -> Capsule {
    let radius_m = BODY_RADIUS_M + wider_m;
    Capsule::new_y(BODY_HEIGHT_M / 2.0 - radius_m, radius_m)
}

/// The middle of a body over its feet.
fn middle() -> Vec3 {
    Vec3::Y * (BODY_HEIGHT_M / 2.0 + GAP_M)
}

/// Where a body `wider_m` wider comes to stand that steps to `feet` from the same height: one step higher at most,
/// `drop_m` lower at most.
pub(crate) fn settle(obstacles: &Obstacles, feet: Vec3, drop_m: f32, wider_m: f32) -> Option<Vec3> {
    // Just over the spot first: higher up a door's lintel is in the way.
    [JUST_OVER_M, STEP_LIFT_M].into_iter().find_map(|up_m| let_down(obstacles, feet, up_m, drop_m, wider_m))
}

/// Where a body comes to stand that is let down from `up_m` over `feet`, if there is room for it.
fn let_down(obstacles: &Obstacles, feet: Vec3, up_m: f32, drop_m: f32, wider_m: f32) -> Option<Vec3> {
    let start = feet + Vec3::Y * up_m;
    if !obstacles.bounds().contain(start) || obstacles.touches(&capsule(wider_m), start + middle()) {
        return None;
    }
    ground_below(obstacles, start, up_m + drop_m, wider_m).map(|down_m| start - Vec3::Y * down_m)
}

/// The nearest place to stand round `feet` that is not behind a wall; what lies in front of `yaw` counts as nearer.
fn room_near(obstacles: &Obstacles, feet: Vec3, yaw: f32) -> Option<Vec3> {
    const RING_M: f32 = 0.1;
    const DIRECTIONS: u8 = 16;
    let chest = feet + Vec3::Y * 1.2;
    let is_chest_free = !obstacles.touches(&Ball::new(0.01), chest);
    let is_seen = |offset: Vec3| {
        let hit = offset.try_normalize().and_then(|ahead| obstacles.ray_hit(chest, ahead, offset.length()));
        !is_chest_free || hit.is_none()
    };
    let mut best: Option<(f32, Vec3)> = None;
    for ring in 0..=(PUT_ASIDE_M / RING_M) as u8 {
        let radius_m = f32::from(ring) * RING_M;
        if best.is_some_and(|(cost, _)| cost <= radius_m) {
            break;
        }
        for direction in 0..if ring == 0 { 1 } else { DIRECTIONS } {
            let angle = f32::from(direction) / f32::from(DIRECTIONS) * TAU;
            let offset = Quat::from_rotation_y(yaw + angle) * Vec3::NEG_Z * radius_m;
            let Some(spot) = let_down(obstacles, feet + offset, JUST_OVER_M, 0.5, 0.0).filter(|_| is_seen(offset))
            else {
                continue;
            };
            // Straight back counts for half as much again as straight ahead.
            let cost = spot.distance(feet) * (1.25 - 0.25 * angle.cos());
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, spot));
            }
        }
    }
    best.map(|(_, spot)| spot)
}

#[cfg(test)]
mod tests;
