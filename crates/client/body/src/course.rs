//! A walk that a click began.

use crate::walk_grid::WalkGrid;
use crate::walker::WALK_M_PER_SEC;
use atrium_protocol::SeatId;
use glam::Vec3;
use std::collections::VecDeque;

/// A point on the way is passed at this distance …
const PASSED_M: f32 = 0.2;
/// … the last one at this.
const REACHED_M: f32 = 0.06;
/// Slower by this near the end, in metres a second a metre.
const BRAKING_PER_SEC: f32 = 4.0;
const SLOWEST_M_PER_SEC: f32 = 0.2;
/// Whoever comes no nearer for so long gives up.
const STALLED_SECS: f32 = 1.5;
const NEARER_M: f32 = 0.05;
/// So near to a seat one sits down without walking.
const SEAT_WITHIN_M: f32 = 1.0;
/// Rows of seats are narrow: one walks as near to a seat as there is room, this far away at most.
const SEAT_APPROACH_M: f32 = 4.0;

/// What a click asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Goal {
    /// To stand there.
    Spot(Vec3),
    /// To sit there.
    Seat(SeatId, Vec3),
}

/// The way to a goal.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    way: VecDeque<Vec3>,
    seat: Option<SeatId>,
    nearest_m: f32,
    stalled_secs: f32,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Steering {
    /// Walk with this level velocity.
    Walk(Vec3),
    /// The way is over; sit down there, if it led to a seat.
    Over(Option<SeatId>),
}

impl Course {
    /// A way from `feet`, straight where no grid is known yet; `None` if nothing leads there.
    pub(crate) fn new(goal: Goal, feet: Vec3, grid: Option<&WalkGrid>) -> Option<Self> {
        let (to, seat) = match goal {
            Goal::Spot(to) => (to, None),
            Goal::Seat(seat, position) => (position, Some(seat)),
        };
        let is_at_seat = seat.is_some() && feet.with_y(to.y).distance(to) < SEAT_WITHIN_M;
        let way = match grid {
            _ if is_at_seat => Some(Vec::new()),
            Some(grid) if seat.is_some() => {
                grid.nearest(to, SEAT_APPROACH_M).and_then(|beside| grid.path(feet, beside))
            }
            Some(grid) => grid.path(feet, to),
            None => Some(vec![to]),
        };
        // A seat that no way leads to is still one's to ask for.
        let way = if seat.is_some() { way.unwrap_or_default() } else { way? };
        Some(Self { way: way.into(), seat, nearest_m: f32::MAX, stalled_secs: 0.0 })
    }

    /// Goes on for `dt_secs` from `feet`.
    pub(crate) fn steer(&mut self, dt_secs: f32, feet: Vec3) -> Steering {
        while let Some(next) = self.way.front() {
            let ahead = (*next - feet).with_y(0.0);
            let distance_m = ahead.length();
            let is_last = self.way.len() == 1;
            if distance_m < if is_last { REACHED_M } else { PASSED_M } {
                self.way.pop_front();
                (self.nearest_m, self.stalled_secs) = (f32::MAX, 0.0);
                continue;
            }
            if self.is_stalled(dt_secs, distance_m) {
                break;
            }
            let braked = if is_last { (distance_m * BRAKING_PER_SEC).max(SLOWEST_M_PER_SEC) } else { f32::MAX };
            return Steering::Walk(ahead / distance_m * WALK_M_PER_SEC.min(braked));
        }
        Steering::Over(self.seat)
    }

    fn is_stalled(&mut self, dt_secs: f32, distance_m: f32) -> bool {
        if distance_m < self.nearest_m - NEARER_M {
            (self.nearest_m, self.stalled_secs) = (distance_m, 0.0);
        } else {
            self.stalled_secs += dt_secs;
        }
        self.stalled_secs > STALLED_SECS
    }
}
