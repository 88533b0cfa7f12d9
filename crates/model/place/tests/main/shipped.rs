//! Every room that ships is one that people can use: they come in, get to every seat and board, and nowhere else.

use atrium_place::{Place, Surface};
use glam::{Vec3, vec3};
use std::collections::{HashMap, VecDeque};
use std::f32::consts::TAU;

const STUDIO: &str = include_str!("../../../../../assets/rooms/studio/room.ron");
const AUDITORIUM: &str = include_str!("../../../../../assets/rooms/auditorium/room.ron");

/// Edge of the squares that the walker's floor is divided into, in metres.
const CELL_M: f32 = 0.1;
/// The highest step that a walker takes, in metres.
const STEP_M: f32 = 0.3;
/// How wide a walker is, as in the client's body.
const RADIUS_M: f32 = 0.2;
const EYE_HEIGHT_M: f32 = 1.65;

fn rooms() -> [Place; 3] {
    [crate::BOARDROOM, STUDIO, AUDITORIUM]
        .map(|text| Place::parse(text).unwrap_or_else(|problems| panic!("{problems}")))
}

/// Height of the floor that a walker whose feet are at height `feet` finds at (x, z).
fn floor_at(place: &Place, x: f32, feet: f32, z: f32) -> Option<f32> {
    let from = vec3(x, feet + STEP_M + 0.02, z);
    let drop = place.first_hit(from, from - Vec3::Y * 3.0)?;
    (drop > 0.0).then_some(from.y - drop)
}

/// Whether a walker has room to stand.
fn is_free(place: &Place, feet: Vec3) -> bool {
    let is_blocked = |height: f32, turn: i32| {
        let angle = turn as f32 * TAU / 12.0;
        let middle = feet + Vec3::Y * height;
        place.first_hit(middle, middle + RADIUS_M * vec3(angle.cos(), 0.0, angle.sin())).is_some()
    };
    let head = feet + Vec3::Y * 0.35;
    place.first_hit(head, head + Vec3::Y * 1.4).is_none()
        && [0.35, 0.8].into_iter().all(|height| (0..12).all(|turn| !is_blocked(height, turn)))
}

/// Where one gets on foot from the first spawn: the height of the floor by cell.
struct Walk {
    floor: HashMap<(i32, i32), f32>,
}

impl Walk {
    fn new(place: &Place) -> Self {
        let start = place.layout().spawns[0].position;
        let start_cell = Self::cell(start);
        let mut floor = HashMap::from([(start_cell, start.y)]);
        let mut queue = VecDeque::from([start_cell]);
        while let Some((x, z)) = queue.pop_front() {
            let feet = floor[&(x, z)];
            for next in [(x + 1, z), (x - 1, z), (x, z + 1), (x, z - 1)] {
                let (next_x, next_z) = (next.0 as f32 * CELL_M, next.1 as f32 * CELL_M);
                if floor.contains_key(&next) {
                    continue;
                }
                let Some(height) = floor_at(place, next_x, feet, next_z) else { continue };
                let next_feet = vec3(next_x, height, next_z);
                if is_free(place, next_feet) {
                    assert!(place.bounds_contain(next_feet - Vec3::Y * height.min(0.0)), "{next_feet} is outside");
                    floor.insert(next, height);
                    queue.push_back(next);
                }
            }
        }
        Self { floor }
    }

    fn cell(point: Vec3) -> (i32, i32) {
        ((point.x / CELL_M).round() as i32, (point.z / CELL_M).round() as i32)
    }

    /// Whether one stands within `reach_m` of `point`, not more than a step above or below it.
    fn gets_near(&self, point: Vec3, reach_m: f32) -> bool {
        let (x, z) = Self::cell(point);
        let reach = (reach_m / CELL_M).round() as i32;
        let mut offsets = (-reach..=reach).flat_map(|dx| (-reach..=reach).map(move |dz| (dx, dz)));
        offsets.any(|(dx, dz)| {
            let height = self.floor.get(&(x + dx, z + dz));
            dx * dx + dz * dz <= reach * reach && height.is_some_and(|height| (height - point.y).abs() < 0.05)
        })
    }
}

/// Walks through a room and finds every spawn, seat and board within reach.
fn walk_everywhere(place: &Place) -> Walk {
    let walk = Walk::new(place);
    for spawn in &place.layout().spawns {
        assert!(walk.gets_near(spawn.position, 0.1), "{spawn:?}");
    }
    for seat in &place.layout().seats {
        assert!(walk.gets_near(seat.position, 0.75), "{seat:?}");
    }
    for board in &place.layout().boards {
        // Boards hang with their middle at 1.5 m.
        let feet = board.position - 1.5 * Vec3::Y + 0.6 * board.forward();
        assert!(walk.gets_near(feet, 0.3), "{board:?}");
    }
    walk
}

#[test]
fn one_walks_everywhere_in_the_boardroom() {
    let [boardroom, ..] = rooms();
    walk_everywhere(&boardroom);
}

#[test]
fn one_walks_everywhere_in_the_studio_but_not_through_furniture() {
    let [_, studio, _] = rooms();
    let walk = walk_everywhere(&studio);
    // The middle of the workbench and of the sofa.
    assert!(!walk.gets_near(vec3(0.0, 0.0, 0.6), 0.4) && !walk.gets_near(vec3(-7.45, 0.0, 4.0), 0.3));
}

#[test]
fn one_walks_everywhere_in_the_auditorium_by_steps_and_ramp_but_not_through_seats() {
    let [_, _, auditorium] = rooms();
    let walk = walk_everywhere(&auditorium);
    let (stage_seats, seats): (Vec<_>, Vec<_>) =
        auditorium.layout().seats.iter().partition(|seat| auditorium.zone_at(seat.position).is_some());
    assert_eq!((stage_seats.len(), seats.len()), (2, 200));
    for seat in seats {
        assert!(!walk.gets_near(seat.position, 0.1), "{seat:?}");
    }
    let stage = &auditorium.layout().zones[0];
    assert!(stage.stage);
    let floor = |x: f32, z: f32| walk.floor.get(&Walk::cell(vec3(x, 0.0, z))).copied().unwrap();
    let close = |a: f32, b: f32| (a - b).abs() < 0.02;
    assert!(close(floor(0.0, -7.0), 0.6) && stage.bounds().contain(vec3(0.0, 0.6, -7.0)));
    assert!(close(floor(-4.7, -5.3), 0.45) && close(floor(-4.7, -4.7), 0.15), "steps");
    assert!(close(floor(6.2, -7.7), 0.3) && close(floor(6.2, -11.2), 0.6), "ramp");
    // A speaker's head is in the zone too; the listeners before the stage are not.
    assert!(stage.bounds().contain(vec3(4.0, 0.6 + EYE_HEIGHT_M, -6.0)));
    assert!(!stage.bounds().contain(vec3(0.0, 0.0, -5.0)) && !stage.bounds().contain(vec3(0.0, EYE_HEIGHT_M, -4.9)));
}

#[test]
fn walls_have_no_gap() {
    for (place, middle) in rooms().into_iter().zip([1.5, 1.5, 5.0].map(|y| vec3(0.0, y, 0.0))) {
        let title = &place.layout().title;
        let from_middle = |turn: i32, slope: f32| {
            let angle = turn as f32 * TAU / 720.0;
            middle + 60.0 * vec3(angle.cos(), slope, angle.sin())
        };
        for slope in [-0.4, -0.2, -0.1, 0.0, 0.05, 0.1, 0.2, 0.4] {
            for turn in 0..720 {
                assert!(place.is_blocked(middle, from_middle(turn, slope)), "{title}: {turn} at slope {slope}");
            }
        }
        assert!(place.is_blocked(middle, middle + Vec3::Y * 60.0) && place.is_blocked(middle, middle - Vec3::Y * 60.0));
    }
}

#[test]
fn seats_leave_elbow_room_and_screens_are_seen_from_them() {
    for place in rooms() {
        let seats = &place.layout().seats;
        for (index, seat) in seats.iter().enumerate() {
            for other in &seats[..index] {
                assert!(seat.position.distance(other.position) > 0.55, "{seat:?} {other:?}");
            }
        }
    }
    let auditorium = &rooms()[2];
    let screen = &auditorium.layout().screens[0];
    let middle = screen.position + 0.05 * screen.forward();
    let mut whole_views = 0;
    for seat in &auditorium.layout().seats[..200] {
        let eyes = seat.position + Vec3::Y * 1.2;
        let to_screen = (screen.position - eyes).normalize();
        assert!(seat.forward().dot(to_screen) > 0.7 && screen.forward().dot(-to_screen) > 0.3, "{seat:?}");
        assert_eq!(auditorium.first_hit(eyes, middle), None, "{seat:?} sees the middle of the screen");
        whole_views += usize::from(corners(screen).iter().all(|corner| auditorium.first_hit(eyes, *corner).is_none()));
    }
    // Lectern and whiteboard stand before a lower corner for a few at the sides.
    assert!(whole_views >= 160, "only {whole_views} see all of it");
}

/// Slightly in front of the surface's corners.
fn corners(surface: &Surface) -> [Vec3; 4] {
    let right = surface.forward().cross(Vec3::Y) * surface.size.0 / 2.0;
    let up = Vec3::Y * surface.size.1 / 2.0;
    let front = surface.position + 0.05 * surface.forward();
    [front - right - up, front + right - up, front - right + up, front + right + up]
}

#[test]
fn the_studio_keeps_its_groups_apart() {
    let [_, studio, _] = rooms();
    let boards = &studio.layout().boards;
    let names: Vec<&str> = boards.iter().map(|board| board.name.as_str()).collect();
    assert_eq!(names, ["Board 1", "Board 2", "Board 3", "Board 4"]);
    for (index, board) in boards.iter().enumerate() {
        for other in &boards[..index] {
            assert!(board.position.distance(other.position) > 6.0, "{} {}", board.name, other.name);
        }
    }
    let zones = &studio.layout().zones;
    assert!(zones.len() >= 2 && zones.iter().all(|zone| zone.private));
    for zone in zones {
        let talkers = studio.layout().seats.iter().filter(|seat| zone.bounds().contain(seat.position)).count();
        assert_eq!(talkers, 2, "{}", zone.name);
    }
}
