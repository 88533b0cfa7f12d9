use crate::camera_rig::{CameraRig, CameraView};
use crate::course::{Course, Goal, Steering};
use crate::ease::{self, Glide};
use crate::hands::{Gestures, Hands};
use crate::input::{BodyInput, Wish};
use crate::obstacles::Obstacles;
use crate::stance::{STANDING_EYES_M, Stance};
use crate::walk_grid::WalkGrid;
use crate::walker::{RUN_M_PER_SEC, WALK_M_PER_SEC, Walker};
use atrium_place::Place;
use atrium_protocol::{HeadPose, PlacedReason, Placement, Pose, PoseEpoch, SeatId};
use glam::{EulerRot, Quat, Vec3};
use std::sync::Arc;

/// Farthest that one looks up or down.
const PITCH_MAX: f32 = 80.0 * std::f32::consts::PI / 180.0;
/// Turning by keys.
const TURN_RAD_PER_SEC: f32 = 1.7;
const TURN_TAU_SECS: f32 = 0.07;
/// Turning into the way that a click chose.
const HEADING_TAU_SECS: f32 = 0.35;
/// Sitting down and standing up.
const SEAT_GLIDE_SECS: f32 = 0.25;
/// Farther away than this one is in the seat at once: the room would not take poses on the way.
const SEAT_GLIDE_MOST_M: f32 = 1.1;
/// A correction of the room.
const CORRECTION_GLIDE_SECS: f32 = 0.15;
/// Longer jumps are cuts.
const CUT_M: f32 = 2.0;
/// Mean speed on the way to where `--at` says, half of what the room lets pass.
const LEAP_M_PER_SEC: f32 = 4.0;
/// Standing up is asked for again after so long.
const ASK_AGAIN_SECS: f32 = 1.0;
/// A head turns so far before the body follows, standing and seated.
const NECK: f32 = 0.8;
const SEATED_NECK: f32 = 1.2;
const BODY_TURN_TAU_SECS: f32 = 0.18;

/// One's own body: it walks, sits, looks about, gestures, and carries the camera.
///
/// What others see ([`Body::pose`]) is the truth as the room knows it; what oneself sees ([`Body::camera`]) glides
/// where the truth jumps.
#[derive(Clone, Debug)]
pub struct Body {
    place: Arc<Place>,
    obstacles: Arc<Obstacles>,
    grid: Option<Arc<WalkGrid>>,
    walker: Walker,
    stance: Stance,
    epoch: PoseEpoch,
    yaw: f32,
    pitch: f32,
    turning: f32,
    body_yaw: f32,
    goal: Option<Goal>,
    course: Option<Course>,
    /// Sitting down and standing up: everyone sees it.
    seat_glide: Glide,
    /// A correction: only oneself sees it glide.
    view_glide: Glide,
    /// A leap that the room takes only in pieces: only others see it glide.
    leap_glide: Glide,
    /// The camera stays here until one goes somewhere.
    held_eyes: Option<Vec3>,
    asked_secs_ago: f32,
    hands: Hands,
    rig: CameraRig,
    view: CameraView,
}

impl Body {
    /// Somebody whom the room placed there.
    pub fn new(place: Arc<Place>, obstacles: Arc<Obstacles>, placement: Placement) -> Self {
        let feet = Vec3::from_array(placement.position);
        let mut body = Self {
            walker: Walker::new(obstacles.clone(), feet),
            place,
            obstacles,
            grid: None,
            stance: Stance::Standing,
            epoch: placement.epoch,
            yaw: 0.0,
            pitch: 0.0,
            turning: 0.0,
            body_yaw: 0.0,
            goal: None,
            course: None,
            seat_glide: Glide::default(),
            view_glide: Glide::default(),
            leap_glide: Glide::default(),
            held_eyes: None,
            asked_secs_ago: f32::MAX,
            hands: Hands::default(),
            rig: CameraRig::default(),
            view: CameraView { position: feet, rotation: Quat::IDENTITY, is_third_person: false },
        };
        body.place(&placement, PlacedReason::Spawn, true);
        body.step(0.0, &BodyInput::default(), &[]);
        body
    }

    /// Where one can walk to, once it is known.
    pub fn set_walk_grid(&mut self, grid: Arc<WalkGrid>) {
        self.grid = Some(grid);
    }

    /// The room has the last word: one is there now, and poses are of that epoch.
    pub fn place(&mut self, placement: &Placement, reason: PlacedReason, reduced_motion: bool) {
        let (head, head_yaw) = (self.head(), self.yaw + self.seat_glide.yaw_offset());
        let (seen, seen_yaw) = (head + self.view_glide.offset(), head_yaw + self.view_glide.yaw_offset());
        let seat = placement.seat.and_then(|id| Some((id, self.place.seat(id)?)));
        let sits_elsewhere = seat.is_some_and(|(id, _)| self.stance.seat() != Some(id));
        self.epoch = placement.epoch;
        self.stance = seat.map_or(Stance::Standing, |(id, seat)| Stance::seated(id, seat));
        if seat.is_none() {
            self.walker.place_at(Vec3::from_array(placement.position), placement.yaw);
        }
        // In a correction, and whoever stands up, looks where they looked.
        if sits_elsewhere || matches!(reason, PlacedReason::Spawn | PlacedReason::Teleport) {
            (self.yaw, self.body_yaw) = (placement.yaw, placement.yaw);
        }
        if reason != PlacedReason::Correction {
            self.course = None;
            self.held_eyes = None;
        }
        let to = self.base_eyes();
        (self.seat_glide, self.view_glide, self.leap_glide) = Default::default();
        let is_near = (head - to).with_y(0.0).length() < SEAT_GLIDE_MOST_M;
        if reduced_motion || seen.distance(to) > CUT_M {
        } else if reason == PlacedReason::Seat && is_near {
            self.seat_glide = Glide::new(head - to, head_yaw - self.yaw, SEAT_GLIDE_SECS);
            self.view_glide = Glide::new(seen - head, seen_yaw - head_yaw, CORRECTION_GLIDE_SECS);
        } else {
            self.view_glide = Glide::new(seen - to, seen_yaw - self.yaw, CORRECTION_GLIDE_SECS);
        }
        if self.stance == Stance::Standing {
            self.set_out();
        }
        self.asked_secs_ago = f32::MAX;
    }

    /// Begins with the eyes at `eyes`, as far as there is a floor below to stand on; the camera stays exactly there
    /// until one walks. Angles in radians.
    pub fn start_at(&mut self, eyes: Vec3, yaw: f32, pitch: f32) {
        if !(eyes.is_finite() && yaw.is_finite() && pitch.is_finite()) {
            return;
        }
        let head = self.head();
        let down_m = self.obstacles.ray_hit(eyes, Vec3::NEG_Y, 100.0).map_or(STANDING_EYES_M, |hit| hit.distance_m);
        let bounds = self.obstacles.bounds();
        let feet = (eyes - Vec3::Y * down_m).clamp(bounds.min, bounds.max);
        self.walker.place_at(feet, yaw);
        self.stance = Stance::Standing;
        (self.yaw, self.body_yaw, self.pitch) = (yaw, yaw, pitch.clamp(-PITCH_MAX, PITCH_MAX));
        (self.seat_glide, self.view_glide) = Default::default();
        let leap = head - self.head();
        self.leap_glide = Glide::new(leap, 0.0, leap.length() / LEAP_M_PER_SEC);
        self.held_eyes = Some(eyes);
        (self.goal, self.course) = (None, None);
    }

    /// Walks to a point on the floor.
    pub fn walk_to(&mut self, point: Vec3) {
        self.go(Goal::Spot(point));
    }

    /// Walks to a seat and asks for it.
    pub fn walk_to_seat(&mut self, id: SeatId) {
        if let Some(seat) = self.place.seat(id) {
            self.go(Goal::Seat(id, seat.position));
        }
    }

    fn go(&mut self, goal: Goal) {
        self.goal = Some(goal);
        self.held_eyes = None;
        if self.stance == Stance::Standing {
            self.set_out();
        }
    }

    fn set_out(&mut self) {
        if let Some(goal) = self.goal.take() {
            self.course = Course::new(goal, self.walker.feet(), self.grid.as_deref());
        }
    }

    /// Goes on for `dt_secs`, past people whose feet are at `people`. The wish is the room's to grant.
    pub fn step(&mut self, dt_secs: f32, input: &BodyInput, people: &[Vec3]) -> Option<Wish> {
        let dt_secs = if dt_secs.is_finite() { dt_secs.clamp(0.0, 1.0) } else { 0.0 };
        let input = input.sane();
        if input.takes_over() {
            (self.goal, self.course, self.held_eyes) = (None, None, None);
        }
        self.look(dt_secs, &input);
        let wish = match self.stance {
            Stance::Standing => self.walk(dt_secs, &input, people),
            Stance::Seated { .. } => self.sit(dt_secs, &input),
        };
        self.turn_body(dt_secs);
        for glide in [&mut self.seat_glide, &mut self.view_glide, &mut self.leap_glide] {
            glide.step(dt_secs);
        }
        self.hands.step(dt_secs, &self.gestures(&input));
        self.move_camera(dt_secs, &input);
        wish
    }

    fn look(&mut self, dt_secs: f32, input: &BodyInput) {
        self.turning += (input.turn * TURN_RAD_PER_SEC - self.turning) * ease::share(dt_secs, TURN_TAU_SECS);
        self.yaw = ease::wrapped(self.yaw + input.look.x + self.turning * dt_secs);
        self.pitch = (self.pitch + input.look.y).clamp(-PITCH_MAX, PITCH_MAX);
    }

    fn walk(&mut self, dt_secs: f32, input: &BodyInput, people: &[Vec3]) -> Option<Wish> {
        let (mut wanted, mut wish) = (Vec3::ZERO, None);
        if let Some(course) = &mut self.course {
            match course.steer(dt_secs, self.walker.feet()) {
                Steering::Walk(velocity) => {
                    wanted = velocity;
                    let heading = (-velocity.x).atan2(-velocity.z);
                    self.yaw += ease::wrapped(heading - self.yaw) * ease::share(dt_secs, HEADING_TAU_SECS);
                }
                Steering::Over(seat) => {
                    self.course = None;
                    wish = seat.map(Wish::Sit);
                }
            }
        } else {
            let pace = if input.run { RUN_M_PER_SEC } else { WALK_M_PER_SEC };
            wanted = Quat::from_rotation_y(self.yaw) * Vec3::new(input.walk.x, 0.0, -input.walk.y) * pace;
        }
        self.walker.step(dt_secs, wanted, people);
        wish
    }

    fn sit(&mut self, dt_secs: f32, input: &BodyInput) -> Option<Wish> {
        self.asked_secs_ago += dt_secs;
        let wants_up = input.stand || input.walk != glam::Vec2::ZERO || self.goal.is_some();
        if !wants_up || self.asked_secs_ago < ASK_AGAIN_SECS {
            return None;
        }
        self.asked_secs_ago = 0.0;
        Some(Wish::Stand)
    }

    /// The body follows the head: at once while one walks, else when the neck is at its end.
    fn turn_body(&mut self, dt_secs: f32) {
        let away = ease::wrapped(self.yaw - self.body_yaw);
        let (rest_yaw, neck) = match self.stance {
            Stance::Seated { yaw, .. } => (yaw, SEATED_NECK),
            Stance::Standing if self.speed_m_per_sec() > 0.2 => (self.yaw, NECK),
            Stance::Standing => (self.body_yaw, NECK),
        };
        self.body_yaw += ease::wrapped(rest_yaw - self.body_yaw) * ease::share(dt_secs, BODY_TURN_TAU_SECS);
        if away.abs() > neck {
            self.body_yaw = self.yaw - away.clamp(-neck, neck);
        }
    }

    fn gestures(&self, input: &BodyInput) -> Gestures {
        Gestures {
            raised: input.hand_raised,
            pointing: input.point,
            wave: input.wave,
            seated: self.stance != Stance::Standing,
            speed_m_per_sec: self.speed_m_per_sec(),
        }
    }

    fn move_camera(&mut self, dt_secs: f32, input: &BodyInput) {
        if input.toggle_third_person {
            self.rig.toggle();
        }
        if input.zoom_m != 0.0 {
            self.rig.zoom(input.zoom_m);
        }
        let eyes = self.held_eyes.unwrap_or_else(|| self.head() + self.view_glide.offset());
        let yaw = self.yaw + self.seat_glide.yaw_offset() + self.view_glide.yaw_offset();
        self.view = self.rig.step(dt_secs, eyes, yaw, self.pitch, &self.obstacles, input.reduced_motion);
    }

    fn speed_m_per_sec(&self) -> f32 {
        if self.stance == Stance::Standing { self.walker.velocity().length() } else { 0.0 }
    }

    fn base_eyes(&self) -> Vec3 {
        match self.stance {
            Stance::Standing => self.walker.feet() + Vec3::Y * STANDING_EYES_M,
            Stance::Seated { eyes, .. } => eyes,
        }
    }

    fn head(&self) -> Vec3 {
        self.base_eyes() + self.seat_glide.offset()
    }

    /// Head and hands, for everyone. Every part is in it, every time: whoever sends it may leave out what did not
    /// change.
    pub fn pose(&self) -> Pose {
        let yaw = self.yaw + self.seat_glide.yaw_offset();
        let rotation = Quat::from_euler(EulerRot::YXZ, yaw, self.pitch, 0.0);
        let (left, right) = self.hands.poses(self.body_yaw, rotation);
        let head = HeadPose { position: self.head() + self.leap_glide.offset(), rotation };
        Pose { epoch: self.epoch, head: Some(head), left: Some(left), right: Some(right) }
    }

    /// Where the camera is.
    pub fn camera(&self) -> CameraView {
        self.view
    }

    /// Where one is: the feet, or the seat's place on the floor.
    pub fn placement(&self) -> Placement {
        let seat = self.stance.seat();
        let feet = seat.and_then(|id| self.place.seat(id)).map_or(self.walker.feet(), |seat| seat.position);
        Placement { epoch: self.epoch, position: feet.to_array(), yaw: self.body_yaw, seat }
    }

    /// The seat that one has.
    pub fn seat(&self) -> Option<SeatId> {
        self.stance.seat()
    }

    /// Whether a click's walk is under way.
    pub fn is_on_a_course(&self) -> bool {
        self.course.is_some() || self.goal.is_some()
    }
}

#[cfg(test)]
mod tests;
