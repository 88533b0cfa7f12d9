use atrium_place::Place;
use atrium_protocol::HeadPose;
use atrium_protocol::{Micros, Placement, Pose, PoseEpoch, PoseUp, SeatId, Tick};
use glam::{Quat, Vec3};
use std::time::Duration;

/// Fastest lasting movement of a head, in metres a second: faster than any sprint.
const SPEED_MAX: f32 = 8.0;
/// Distance in metres that a head may cover at once, so that a short stall of the network is no offence.
const LEAP_MAX: f32 = 8.0;
/// How far in metres a head may be outside of the bounds.
const BOUNDS_MARGIN: f32 = 0.5;
/// How far in metres a seated head may be from its seat, horizontally.
const SEAT_REACH: f32 = 1.2;
/// Lowest and highest head over a seat's floor, in metres.
const SEAT_HEAD_HEIGHT: std::ops::RangeInclusive<f32> = 0.0..=2.5;
/// Height in metres of a standing person's eyes, until their first pose tells.
const STANDING_EYES: f32 = 1.6;
/// Eyes over hips of a seated person, in metres.
const EYES_OVER_HIPS: f32 = 0.74;
/// Impossible poses for so long are answered by a correction.
const PATIENCE: Duration = Duration::from_millis(500);
/// Time between two corrections.
const CORRECTION_EVERY: Duration = Duration::from_secs(2);
/// A capture time may be so far ahead of the server's clock …
const CAPTURED_AHEAD: Duration = Duration::from_millis(50);
/// … or so far behind it; else the arrival counts.
const CAPTURED_BEHIND: Duration = Duration::from_secs(1);

/// Where somebody is, and what their next pose may be.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    placement: Placement,
    /// The last head that was possible.
    head: Vec3,
    /// Eyes over feet.
    eyes_m: f32,
    has_posed: bool,
    sequence: Option<Tick>,
    leap_m: f32,
    leap_filled_at: Micros,
    impossible_since: Option<Micros>,
    corrected_at: Option<Micros>,
}

/// What becomes of a pose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum PoseVerdict {
    /// It counts; it was captured then.
    Accepted { captured: Micros },
    /// Of an older epoch or order; not a fault.
    Late,
    /// It cannot be.
    Impossible,
    /// It cannot be, for some time already: put them back.
    Correct,
}

impl Body {
    pub(crate) fn new(now: Micros, placement: Placement, eyes_m: f32) -> Self {
        let head = Vec3::from_array(placement.position) + Vec3::Y * eyes_m;
        Self {
            placement,
            head,
            eyes_m,
            has_posed: false,
            sequence: None,
            leap_m: LEAP_MAX,
            leap_filled_at: now,
            impossible_since: None,
            corrected_at: None,
        }
    }

    pub(crate) fn standing(now: Micros, position: Vec3, yaw: f32) -> Self {
        let placement = Placement { epoch: PoseEpoch::default(), position: position.to_array(), yaw, seat: None };
        Self::new(now, placement, STANDING_EYES)
    }

    pub(crate) fn placement(&self) -> Placement {
        self.placement
    }

    pub(crate) fn head(&self) -> Vec3 {
        self.head
    }

    /// What others see until the first pose after a jump.
    pub(crate) fn pose(&self) -> Pose {
        let head = HeadPose { position: self.head, rotation: Quat::from_rotation_y(self.placement.yaw) };
        Pose { epoch: self.placement.epoch, head: Some(head), left: None, right: None }
    }

    pub(crate) fn sit(&mut self, now: Micros, place: &Place, id: SeatId) {
        let Some(seat) = place.seat(id) else { return };
        let eyes_m = seat.hip_height_m + EYES_OVER_HIPS;
        self.jump(now, seat.position, seat.yaw_degrees.to_radians(), Some(id), eyes_m);
    }

    /// Stands up where they sit.
    pub(crate) fn stand(&mut self, now: Micros) {
        let Placement { position, yaw, .. } = self.placement;
        self.jump(now, Vec3::from_array(position), yaw, None, STANDING_EYES);
    }

    /// Stays, but under a new epoch: older poses no longer count.
    pub(crate) fn start_again_here(&mut self, now: Micros) {
        let Placement { position, yaw, seat, .. } = self.placement;
        // A seat's placement stays at the seat however far its sitter leans.
        let feet = if seat.is_some() { Vec3::from_array(position) } else { self.head - Vec3::Y * self.eyes_m };
        self.jump(now, feet, yaw, seat, self.eyes_m);
    }

    fn jump(&mut self, now: Micros, feet: Vec3, yaw: f32, seat: Option<SeatId>, eyes_m: f32) {
        let epoch = self.placement.epoch.next();
        let placement = Placement { epoch, position: feet.to_array(), yaw, seat };
        let corrected_at = self.corrected_at;
        *self = Self { corrected_at, ..Self::new(now, placement, eyes_m) };
    }

    /// Judges a pose; an accepted one moves them.
    pub(crate) fn judge(&mut self, now: Micros, place: &Place, up: &PoseUp) -> PoseVerdict {
        let is_newer = self.sequence.is_none_or(|last| up.sequence.is_newer_than(last));
        if up.pose.epoch != self.placement.epoch || !is_newer {
            return PoseVerdict::Late;
        }
        self.sequence = Some(up.sequence);
        if let Some(head) = &up.pose.head
            && !self.move_head(now, place, head.position)
        {
            return self.impossible(now);
        }
        PoseVerdict::Accepted { captured: believable_capture(now, up.captured_ms) }
    }

    fn move_head(&mut self, now: Micros, place: &Place, to: Vec3) -> bool {
        let elapsed_secs = now.since(self.leap_filled_at).as_secs_f32();
        self.leap_m = (self.leap_m + elapsed_secs * SPEED_MAX).min(LEAP_MAX);
        self.leap_filled_at = now;
        let distance_m = to.distance(self.head);
        if distance_m > self.leap_m || !self.is_allowed(place, to) {
            return false;
        }
        self.leap_m -= distance_m;
        self.head = to;
        self.impossible_since = None;
        if !self.has_posed {
            self.has_posed = true;
            self.eyes_m = (to.y - self.placement.position[1]).clamp(0.3, 2.2);
        }
        true
    }

    fn is_allowed(&self, place: &Place, head: Vec3) -> bool {
        let bounds = place.layout().bounds;
        let nearest = head.clamp(bounds.min, bounds.max);
        if head.distance(nearest) > BOUNDS_MARGIN {
            return false;
        }
        let from_seat = head - Vec3::from_array(self.placement.position);
        let is_near_seat =
            Vec3::new(from_seat.x, 0.0, from_seat.z).length() <= SEAT_REACH && SEAT_HEAD_HEIGHT.contains(&from_seat.y);
        self.placement.seat.is_none() || is_near_seat
    }

    fn impossible(&mut self, now: Micros) -> PoseVerdict {
        let since = *self.impossible_since.get_or_insert(now);
        let may_correct = self.corrected_at.is_none_or(|at| now.since(at) >= CORRECTION_EVERY);
        if now.since(since) <= PATIENCE || !may_correct {
            return PoseVerdict::Impossible;
        }
        self.corrected_at = Some(now);
        PoseVerdict::Correct
    }
}

/// The capture time that a pose claims, or its arrival where the claim cannot be true.
fn believable_capture(now: Micros, captured_ms: u32) -> Micros {
    let claimed = now.unwrap_millis(captured_ms);
    let is_believable = claimed <= now + CAPTURED_AHEAD && claimed >= now - CAPTURED_BEHIND;
    if is_believable { claimed.min(now) } else { now }
}
