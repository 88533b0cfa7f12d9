use atrium_place::Place;
use bevy::prelude::*;

/// Heights of eyes over the floor that somebody stands on; nearer things below are tables.
const EYES_OVER_FLOOR_M: std::ops::RangeInclusive<f32> = 1.05..=2.3;
/// Who walks takes no higher step: what differs more is a chair under somebody who leans.
const STEP_M: f32 = 0.3;
/// Whoever moved less has the same floor.
const MOVED_M: f32 = 0.08;

/// The floor under somebody: looked for when they move, followed evenly over steps.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ground {
    looked_at: Option<Vec3>,
    found_y: f32,
    y: f32,
}

impl Ground {
    pub(super) fn y(&self) -> f32 {
        self.y
    }

    pub(super) fn follow(&mut self, dt_secs: f32, eyes: Vec3, has_jumped: bool, place: Option<&Place>) {
        let is_first = self.looked_at.is_none() || has_jumped;
        let flat = eyes.with_y(0.0);
        let has_moved = self.looked_at.is_none_or(|before| before.distance(flat) > MOVED_M);
        if let Some(place) = place.filter(|_| is_first || has_moved) {
            self.looked_at = Some(flat);
            let is_lost = !EYES_OVER_FLOOR_M.contains(&(eyes.y - self.found_y));
            let found = floor_below(eyes, place);
            let found = found.filter(|y| is_first || is_lost || (y - self.found_y).abs() < STEP_M);
            self.found_y = found.unwrap_or(self.found_y);
        }
        self.y =
            if is_first { self.found_y } else { self.y + (self.found_y - self.y) * (1.0 - (-dt_secs / 0.12).exp()) };
    }
}

/// Height of the floor below `eyes`; a place without a floor of its own has one at height 0.
fn floor_below(eyes: Vec3, place: &Place) -> Option<f32> {
    let start = eyes - Vec3::Y * *EYES_OVER_FLOOR_M.start();
    let reach_m = EYES_OVER_FLOOR_M.end() - EYES_OVER_FLOOR_M.start();
    let hit = place.first_hit(start, start - Vec3::Y * reach_m).filter(|distance_m| *distance_m > 1e-3);
    match hit {
        Some(distance_m) => Some(start.y - distance_m),
        None => EYES_OVER_FLOOR_M.contains(&eyes.y).then_some(0.0),
    }
}
