//! What a room asks of its place.

use atrium_place::Place;
use atrium_protocol::ZoneId;
use glam::{Vec3, vec3};

const HALL: &str = r#"Room(
    title: "Hall",
    bounds: (min: (-10, 0, -10), max: (10, 5, 10)),
    spawns: [(position: (0, 0, 5), yaw_degrees: 0), (position: (1, 0, 5), yaw_degrees: 90)],
    zones: [
        (name: "corner", min: (-10, 0, -10), max: (-5, 3, -5), private: true),
        (name: "stage", min: (-10, 0, -10), max: (0, 3, 0), stage: true),
    ],
    walls: [(position: (4, 1, 0), yaw_degrees: 90, shape: Box(size: (4, 2, 0.2)))],
    furniture: [(position: (0, 0.5, -8), shape: Cylinder(radius: 1, height: 1))],
)"#;

fn hall() -> Place {
    Place::parse(HALL).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn bounds_include_their_border_and_no_impossible_number() {
    let hall = hall();
    assert!(hall.bounds_contain(vec3(10.0, 5.0, -10.0)));
    assert!(!hall.bounds_contain(vec3(10.01, 1.0, 0.0)));
    assert!(!hall.bounds_contain(vec3(f32::NAN, 1.0, 0.0)));
    assert!(!hall.bounds_contain(vec3(0.0, f32::INFINITY, 0.0)));
}

#[test]
fn the_first_zone_counts_where_two_overlap() {
    let hall = hall();
    assert_eq!(hall.zone_at(vec3(-7.0, 1.0, -7.0)), Some(ZoneId(0)));
    assert_eq!(hall.zone_at(vec3(-3.0, 1.0, -3.0)), Some(ZoneId(1)));
    assert_eq!(hall.zone_at(vec3(3.0, 1.0, 3.0)), None);
    assert_eq!(hall.zone_at(Vec3::NAN), None);
    assert!(hall.zone(ZoneId(1)).unwrap().stage && hall.zone(ZoneId(2)).is_none());
}

#[test]
fn spawn_points_are_used_in_turn() {
    let hall = hall();
    assert_eq!(hall.spawn(0), hall.spawn(2));
    assert_eq!(hall.spawn(1).position, vec3(1.0, 0.0, 5.0));
    assert!(hall.spawn(1).forward().distance(Vec3::NEG_X) < 1e-6);
}

#[test]
fn walls_stop_sound_and_furniture_only_people() {
    let hall = hall();
    // The wall, turned by 90°, stands along z at x = 4.
    assert!(hall.is_blocked(vec3(0.0, 1.0, 0.0), vec3(8.0, 1.0, 0.0)));
    assert!(hall.is_blocked(vec3(8.0, 1.0, 1.9), vec3(0.0, 1.0, 1.9)));
    assert!(!hall.is_blocked(vec3(0.0, 1.0, 2.1), vec3(8.0, 1.0, 2.1)));
    assert!(!hall.is_blocked(vec3(0.0, 2.1, 0.0), vec3(8.0, 2.1, 0.0)), "over the wall");
    assert!(!hall.is_blocked(vec3(0.0, 1.0, 0.0), vec3(3.8, 1.0, 0.0)), "before the wall");
    let (from, to) = (vec3(0.0, 0.5, 0.0), vec3(0.0, 0.5, -9.0));
    assert!(!hall.is_blocked(from, to));
    assert!((hall.first_hit(from, to).unwrap() - 7.0).abs() < 1e-3);
}

#[test]
fn impossible_lines_have_nothing_in_their_way() {
    let hall = hall();
    for odd in [Vec3::NAN, Vec3::INFINITY, Vec3::splat(f32::MAX), Vec3::ZERO] {
        assert!(!hall.is_blocked(odd, Vec3::ZERO), "{odd}");
    }
    assert!(!hall.is_blocked(Vec3::ZERO, Vec3::INFINITY));
}

#[test]
fn colliders_are_walls_then_furniture() {
    let hall = hall();
    let blocks: Vec<bool> = hall.colliders().iter().map(|collider| collider.blocks_sound).collect();
    assert_eq!(blocks, [true, false]);
    assert!(hall.colliders()[1].shape.as_cylinder().is_some());
    assert_eq!(hall.colliders()[1].room_from_shape.translation, vec3(0.0, 0.5, -8.0));
}
