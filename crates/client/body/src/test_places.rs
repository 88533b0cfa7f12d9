//! Places for tests.

use atrium_place::Place;

/// The room that ships.
pub(crate) fn boardroom() -> Place {
    Place::parse(include_str!("../../../../assets/rooms/boardroom/room.ron")).unwrap()
}

/// 20 × 20 m: stairs, a ramp, a platform, a column, a wall at an angle, a table, a narrow gap, a tier of
/// 30 cm, a bench with a seat in it; open in the south.
pub(crate) fn course() -> Place {
    Place::parse(COURSE).unwrap()
}

/// Like [`course`] with enough small pillars to make 300 colliders.
pub(crate) fn crowded() -> Place {
    let pillar = |n: usize| {
        let (column, row) = (n % 24, n / 24);
        let (x, z) = (column as f32 * 0.35 - 9.8, row as f32 * 0.2 + 7.0);
        format!("(position: ({x}, 0.3, {z}), shape: Cylinder(radius: 0.08, height: 0.6)),")
    };
    let pillars: String = (0..284).map(pillar).collect();
    Place::parse(&COURSE.replace("furniture: [", &format!("furniture: [{pillars}"))).unwrap()
}

const COURSE: &str = r#"Room(
    title: "Course", bounds: (min: (-10, 0, -10), max: (10, 4, 10)),
    spawns: [(position: (0, 0, 0), yaw_degrees: 0)],
    seats: [
        (position: (5, 0, 5), yaw_degrees: 0),
        (name: "in the bench", position: (-7, 0, 5.3), yaw_degrees: 180),
    ],
    walls: [
        (name: "floor", position: (0, -0.1, 0), shape: Box(size: (20, 0.2, 20))),
        (name: "north", position: (0, 2, -10.1), shape: Box(size: (20, 4, 0.2))),
        (name: "slanted", position: (6, 1, -2), yaw_degrees: 30, shape: Box(size: (6, 2, 0.2))),
        (name: "gap west", position: (-5.0, 1, 0), shape: Box(size: (2, 2, 0.2))),
        (name: "gap east", position: (-2.3, 1, 0), shape: Box(size: (2, 2, 0.2))),
    ],
    furniture: [
        (name: "step 1", position: (0, 0.08, -4.15), shape: Box(size: (2, 0.16, 0.3))),
        (name: "step 2", position: (0, 0.16, -4.45), shape: Box(size: (2, 0.32, 0.3))),
        (name: "step 3", position: (0, 0.24, -4.75), shape: Box(size: (2, 0.48, 0.3))),
        (name: "platform", position: (0, 0.32, -6.4), shape: Box(size: (6, 0.64, 3))),
        (name: "ramp", position: (-2.5, 0.32, -3.9), shape: Ramp(size: (1.5, 0.64, 2))),
        (name: "column", position: (3, 1, 2), shape: Cylinder(radius: 0.3, height: 2)),
        (name: "table", position: (-6, 0.72, -4), shape: Box(size: (2, 0.05, 1))),
        (name: "bench", position: (-7, 0.22, 5.5), shape: Box(size: (1.8, 0.44, 0.6))),
        (name: "tier", position: (8, 0.15, 8), shape: Box(size: (2, 0.3, 2))),
        (name: "kerb", position: (0, 0.05, 3), shape: Box(size: (3, 0.1, 0.3))),
    ],
)"#;
