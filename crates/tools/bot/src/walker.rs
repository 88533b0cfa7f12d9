use crate::config::Movement;
use crate::random::Random;
use crate::walk_grid::WalkGrid;
use atrium_place::Place;
use glam::Vec3;
use std::collections::VecDeque;
use std::f32::consts::{PI, TAU};
use std::time::Duration;

/// A stroll.
const WALK_M_PER_SEC: f32 = 1.2;
/// A jog, to where one is told to be.
const HURRY_M_PER_SEC: f32 = 3.5;
const TURN_RAD_PER_SEC: f32 = 2.5;
/// One stops here and there, this long at most.
const PAUSE_SECS: f32 = 4.0;
/// Longest time that one step covers: after a stall one goes on, and does not leap.
const STEP_MAX: Duration = Duration::from_millis(100);
/// Points of a circle.
const CIRCLE_POINTS: usize = 48;
/// A circle keeps so far from the bounds.
const CIRCLE_MARGIN_M: f32 = 0.4;

/// Where a bot's feet are and where it looks, moment after moment.
#[derive(Clone, Debug)]
pub(crate) struct Walker {
    movement: Movement,
    grid: Option<WalkGrid>,
    circle_middle: Vec3,
    circle_most_m: f32,
    random: Random,
    position: Vec3,
    yaw: f32,
    way: VecDeque<Vec3>,
    pause_secs: f32,
    walked_m: f32,
    speed_m_per_sec: f32,
}

impl Walker {
    /// Someone who stands on `position` until they know the place.
    pub(crate) fn new(movement: Movement, seed: u64, position: Vec3, yaw: f32) -> Self {
        Self {
            movement,
            grid: None,
            circle_middle: position,
            circle_most_m: 0.0,
            random: Random::new(seed),
            position,
            yaw,
            way: VecDeque::new(),
            pause_secs: 0.0,
            walked_m: 0.0,
            speed_m_per_sec: 0.0,
        }
    }

    /// Gets to know the place.
    pub(crate) fn enter(&mut self, place: &Place) {
        let bounds = place.layout().bounds;
        self.circle_middle = ((bounds.min + bounds.max) / 2.0).with_y(self.position.y);
        let half = (bounds.max - bounds.min) / 2.0;
        self.circle_most_m = (half.x.min(half.z) - CIRCLE_MARGIN_M).max(0.0);
        self.grid = Some(WalkGrid::new(place, self.position));
        self.way.clear();
    }

    /// Is put somewhere else by the room.
    pub(crate) fn place_at(&mut self, position: Vec3, yaw: f32) {
        (self.position, self.yaw) = (position, yaw);
        self.way.clear();
    }

    /// The feet.
    pub(crate) fn position(&self) -> Vec3 {
        self.position
    }

    /// Where one was told to be, or stands.
    pub(crate) fn goal(&self) -> Vec3 {
        match self.movement {
            Movement::At(spot) => Vec3::new(spot.x, self.position.y, spot.z),
            _ => self.position,
        }
    }

    /// Turn about +y in radians; 0 looks along −z.
    pub(crate) fn yaw(&self) -> f32 {
        self.yaw
    }

    /// All the way so far.
    pub(crate) fn walked_m(&self) -> f32 {
        self.walked_m
    }

    /// Speed of the last step.
    pub(crate) fn speed_m_per_sec(&self) -> f32 {
        self.speed_m_per_sec
    }

    /// Goes on for `elapsed`.
    pub(crate) fn step(&mut self, elapsed: Duration) {
        let secs = elapsed.min(STEP_MAX).as_secs_f32();
        if self.way.is_empty() {
            self.pause_secs -= secs;
            if self.pause_secs <= 0.0 {
                self.choose_way();
            }
        }
        let before = self.position;
        let mut left_m = self.pace() * secs;
        while let Some(next) = self.way.front().copied() {
            let distance_m = self.position.distance(next);
            if distance_m > left_m {
                self.position += (next - self.position) * (left_m / distance_m);
                break;
            }
            left_m -= distance_m;
            self.position = next;
            self.way.pop_front();
        }
        let moved_m = before.distance(self.position);
        self.walked_m += moved_m;
        self.speed_m_per_sec = if secs > 0.0 { moved_m / secs } else { 0.0 };
        self.turn(secs);
    }

    fn pace(&self) -> f32 {
        match self.movement {
            Movement::At(_) => HURRY_M_PER_SEC,
            _ => WALK_M_PER_SEC,
        }
    }

    fn choose_way(&mut self) {
        self.way = match self.movement {
            Movement::Stand => VecDeque::new(),
            Movement::At(spot) => {
                let goal = Vec3::new(spot.x, self.position.y, spot.z);
                // Whoever is told where to be goes straight there, as a visitor with a spectator's freedom.
                if self.position.distance(goal) > 0.01 { VecDeque::from([goal]) } else { VecDeque::new() }
            }
            Movement::Circle { radius_m } => self.circle(radius_m),
            Movement::Walk => self.stroll(),
        };
    }

    fn stroll(&mut self) -> VecDeque<Vec3> {
        self.pause_secs = self.random.unit() * PAUSE_SECS;
        let Some(grid) = &self.grid else { return VecDeque::new() };
        let Some(goal) = grid.random_point(&mut self.random) else { return VecDeque::new() };
        grid.path(self.position, goal).into()
    }

    /// Once round, from the point of the circle that is ahead.
    fn circle(&self, radius_m: f32) -> VecDeque<Vec3> {
        if self.grid.is_none() {
            return VecDeque::new();
        }
        let radius_m = radius_m.clamp(0.0, self.circle_most_m);
        let offset = self.position - self.circle_middle;
        let start = offset.x.atan2(offset.z);
        (1..=CIRCLE_POINTS)
            .map(|n| {
                let (x, z) = (start + TAU * n as f32 / CIRCLE_POINTS as f32).sin_cos();
                self.circle_middle + Vec3::new(x, 0.0, z) * radius_m
            })
            .collect()
    }

    fn turn(&mut self, secs: f32) {
        let ahead = self.way.front().map(|next| *next - self.position).filter(|ahead| ahead.length_squared() > 1e-6);
        let wanted = match (ahead, self.movement) {
            (Some(ahead), _) => (-ahead.x).atan2(-ahead.z),
            (None, Movement::At(spot)) => spot.yaw_degrees.to_radians(),
            (None, _) => return,
        };
        let difference = (wanted - self.yaw + PI).rem_euclid(TAU) - PI;
        let most = TURN_RAD_PER_SEC * secs;
        self.yaw += difference.clamp(-most, most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Spot;

    const BOARDROOM: &str = include_str!("../../../../assets/rooms/boardroom/room.ron");
    const FRAME: Duration = Duration::from_millis(33);

    fn boardroom() -> Place {
        Place::parse(BOARDROOM).unwrap()
    }

    fn walker(place: &Place, movement: Movement, seed: u64) -> Walker {
        let spawn = place.spawn(0);
        let mut walker = Walker::new(movement, seed, spawn.position, spawn.yaw());
        walker.enter(place);
        walker
    }

    #[test]
    fn walkers_stay_on_the_floor_and_never_run() {
        let place = boardroom();
        for seed in 0..5 {
            let mut walker = walker(&place, Movement::Walk, seed);
            for _ in 0..3_000 {
                let before = walker.position();
                walker.step(FRAME);
                let speed = before.distance(walker.position()) / FRAME.as_secs_f32();
                assert!(speed <= 1.4, "{speed} m/s");
                assert!(place.bounds_contain(walker.position()));
                let feet = walker.position();
                let hit = place.first_hit(feet + Vec3::Y * 1.9, feet + Vec3::Y * 0.15);
                assert_eq!(hit, None, "seed {seed} stands in the furniture at {feet}");
            }
            assert!(walker.walked_m() > 20.0, "seed {seed} walked {} m in 100 s", walker.walked_m());
        }
    }

    #[test]
    fn a_stall_is_no_leap() {
        let place = boardroom();
        let mut walker = walker(&place, Movement::Walk, 3);
        (0..100).for_each(|_| walker.step(FRAME));
        let before = walker.position();
        walker.step(Duration::from_secs(20));
        assert!(before.distance(walker.position()) <= 0.2);
    }

    #[test]
    fn a_spot_is_reached_soon() {
        let place = boardroom();
        let mut walker = walker(&place, Movement::At(Spot { x: -3.0, z: 2.0, yaw_degrees: -90.0 }), 1);
        (0..120).for_each(|_| walker.step(FRAME));
        assert!(walker.position().distance(Vec3::new(-3.0, walker.position().y, 2.0)) < 1e-3);
        assert!((walker.yaw().sin() + 1.0).abs() < 1e-3);
        assert_eq!(walker.speed_m_per_sec(), 0.0);
    }

    #[test]
    fn a_circle_is_round() {
        let place = boardroom();
        let mut walker = walker(&place, Movement::Circle { radius_m: 3.0 }, 1);
        (0..400).for_each(|_| walker.step(FRAME));
        for _ in 0..400 {
            walker.step(FRAME);
            let radius_m = walker.position().with_y(0.0).length();
            assert!((radius_m - 3.0).abs() < 0.05, "{radius_m}");
        }
    }
}
