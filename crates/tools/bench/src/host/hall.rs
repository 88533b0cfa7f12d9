use std::fmt::Write as _;

/// Metres from one person to the next.
const SPACING_M: f32 = 2.0;
/// Whiteboards on the north wall, and their size.
pub(crate) const BOARDS: u16 = 3;
const BOARD_M: (f32, f32) = (1.8, 1.0);
/// Most spawn points that a place may have; the room spreads more people round them.
const SPAWNS_PER_SIDE: usize = 11;

/// The text of a `room.ron`: a square hall with room for `people`, without private corners, so that everyone hears
/// whoever is most audible. Spawn points look towards the middle.
pub(crate) fn hall(people: usize) -> String {
    let people_per_side = (people.max(1) as f32).sqrt().ceil();
    let spawns_per_side = (people_per_side as usize).min(SPAWNS_PER_SIDE);
    let side_m = people_per_side * SPACING_M + 4.0;
    let half_m = side_m / 2.0;
    let step_m = people_per_side * SPACING_M / spawns_per_side as f32;
    let middle = (spawns_per_side as f32 - 1.0) / 2.0;
    let mut spawns = String::new();
    for row in 0..spawns_per_side {
        for column in 0..spawns_per_side {
            let (x, z) = ((column as f32 - middle) * step_m, (row as f32 - middle) * step_m);
            let yaw_degrees = x.atan2(z).to_degrees();
            let _ = writeln!(spawns, "        (position: ({x:.2}, 0, {z:.2}), yaw_degrees: {yaw_degrees:.1}),");
        }
    }
    let mut boards = String::new();
    for board in 0..BOARDS {
        let (x, z) = ((f32::from(board) - f32::from(BOARDS - 1) / 2.0) * (BOARD_M.0 + 0.1), 0.05 - half_m);
        let size = format!("({}, {})", BOARD_M.0, BOARD_M.1);
        let name = format!("Board {}", board + 1);
        let _ = writeln!(
            boards,
            "        (name: \"{name}\", position: ({x:.2}, 1.5, {z:.2}), yaw_degrees: 180, size: {size}),"
        );
    }
    format!(
        "Room(\n    title: \"Hall\",\n    bounds: (min: ({low}, 0, {low}), max: ({high}, 4, {high})),\n    \
         spawns: [\n{spawns}    ],\n    boards: [\n{boards}    ],\n)\n",
        low = -half_m,
        high = half_m,
    )
}

#[cfg(test)]
mod tests {
    use super::hall;
    use atrium_place::Place;

    #[test]
    fn every_hall_is_a_possible_place() {
        for people in [1, 2, 25, 120, 128, 300, 1_000] {
            let place = Place::parse(&hall(people)).unwrap_or_else(|problems| panic!("{people}: {problems}"));
            let layout = place.layout();
            assert!(!layout.spawns.is_empty() && layout.zones.is_empty());
            assert_eq!(layout.boards.len(), usize::from(super::BOARDS));
            let size = layout.bounds.max - layout.bounds.min;
            assert!(size.x * size.z >= 4.0 * people as f32);
            for spawn in &layout.spawns {
                assert!(spawn.forward().dot(spawn.position) <= 0.01, "looks to the middle");
                assert!(layout.bounds.contain(spawn.position + spawn.forward() * 2.0));
            }
        }
    }
}
