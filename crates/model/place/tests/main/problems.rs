//! Every mistake in a `room.ron` is found on its line, with a sentence that says what to do.

use atrium_place::Place;

const START: &str = "Room(\n    title: \"T\",\n    bounds: (min: (-5, 0, -5), max: (5, 3, 5)),\n";
const SPAWN: &str = "    spawns: [(position: (0, 0, 0), yaw_degrees: 0)],\n";

/// What is said about a room with `rest` from line 4 on (line 5 on when it has the usual spawn point).
fn said(rest: &str) -> Vec<(usize, String)> {
    let spawn = if rest.contains("spawns:") { "" } else { SPAWN };
    let text = format!("{START}{spawn}{rest}\n)");
    match Place::parse(&text) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(|problem| (problem.line, problem.message.clone())).collect(),
    }
}

#[track_caller]
fn assert_said(rest: &str, expected: &[(usize, &str)]) {
    let said = said(rest);
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    for ((line, message), (expected_line, part)) in said.iter().zip(expected) {
        assert!(line == expected_line && message.contains(part), "line {line}: {message}; expected {part}");
    }
}

#[test]
fn a_small_room_has_no_problem() {
    assert_said("", &[]);
}

#[test]
fn spelling_mistakes_are_found_where_they_are() {
    assert_said("    seat: [],", &[(5, "`seat` is not a field here: use one of `title`")]);
    assert_said("    seats: [(position: (0, 0, 0))],", &[(5, "the field `yaw_degrees` is missing here: add it")]);
    assert_said("    seats: [(position: (0, 0), yaw_degrees: 0)],", &[(5, "3")]);
    assert_said("    walls: [(position: (0, 0, 0), shape: Ball(radius: 1))],", &[(5, "use one of `Box`")]);
    assert_said("    seats: [(position: \"here\", yaw_degrees: 0)],", &[(5, "")]);
    assert_said("    title: \"again\",", &[(5, "twice")]);
    assert_said("    zones: [\n", &[(7, "")]);
    let end = Place::parse("Room(\n  title: \"T\",\n").unwrap_err();
    assert_eq!(end.iter().next().unwrap().line, 3, "{end}");
    let column = Place::parse("Room(title: 5)").unwrap_err();
    assert!((12..=14).contains(&column.iter().next().unwrap().column), "{column}");
}

#[test]
fn every_impossible_thing_is_reported_at_once() {
    assert_said(
        r#"    seats: [
        (name: "a", position: (0, 0, 9), yaw_degrees: 0),
        (name: "a", position: (0, NaN, 0),
            yaw_degrees: inf),
    ],
    zones: [
        (name: "z", min: (1, 0, 1), max: (-1, 3, 2)),
        (name: "y", min: (1, 0, 1), max: (2, 3, 2), private: true, stage: true),
    ],
    boards: [(name: "", position: (0, 1, 0), yaw_degrees: 0, size: (0, 1))],
    acoustics: (reverb_secs: -1, reflection: 2),
    model: "../secret.glb",
    lightmaps: [(mesh: "m", image: "/etc/passwd")],
    light: (
        sun: (yaw_degrees: 0, elevation_degrees: 91, color: (1, 1, NaN), irradiance: -1),
        environment: (diffuse: "a.ktx2", specular: "b\\c"),
    ),"#,
        &[
            (6, "outside of the room's bounds: keep it between [-5.0, 0.0, -5.0] and [5.0, 3.0, 5.0]"),
            (7, "seats 0 and 1 are both called `a`: rename one of them"),
            (7, "outside of the room's bounds"),
            (8, "inf is not possible: give -360 to 360 degrees"),
            (11, "make `max` larger than `min`"),
            (12, "private or a stage, not both"),
            (14, "give a name of 1 to 64 characters"),
            (14, "0 is not possible: give 0.1 to 50 m"),
            (15, "-1 is not possible: give 0 to 10 s"),
            (15, "2 is not possible: give 0 to 1"),
            (16, "`.` and `..` are not possible"),
            (17, "without `/` at the start"),
            (19, "91 is not possible: give -90 to 90 degrees"),
            (19, "NaN is not possible: give 0 to 1"),
            (19, "-1 is not possible: give 0 to 1000"),
            (20, "separate folders with `/`"),
        ],
    );
}

#[test]
fn nobody_appears_or_sits_in_something_solid() {
    assert_said(
        r#"    spawns: [
        (position: (3, 0, 3), yaw_degrees: 0),
        (position: (0, 0, 0), yaw_degrees: 0),
        (position: (-3, 0, -3), yaw_degrees: 0),
    ],
    seats: [
        (position: (-2, 0, -3.5), yaw_degrees: 0),
        (position: (0, 0, 0), yaw_degrees: 0),
    ],
    walls: [(position: (-3, 1, -3), yaw_degrees: 30, shape: Box(size: (3, 2, 0.2)))],
    furniture: [(name: "sofa", position: (0, 0.4, 0), shape: Box(size: (1, 0.8, 1)))],"#,
        &[
            (6, "people would appear inside `sofa`: move one of them"),
            (7, "people would appear inside wall number 0"),
            (10, "people would sit inside wall number 0"),
        ],
    );
}

#[test]
fn a_spawn_point_is_needed() {
    assert_said("    spawns: [],", &[(4, "add at least one spawn point")]);
}

#[test]
fn impossible_bounds_and_solids_are_named() {
    let text = START.replace("(5, 3, 5)", "(500, 3, 5)") + SPAWN + ")";
    let problems = Place::parse(&text).unwrap_err().to_string();
    assert!(problems.starts_with("line 3, column 37: [500.0, 3.0, 5.0] is outside of what poses"), "{problems}");
    let text = START.replace("(5, 3, 5)", "(-5, 3, 5)") + SPAWN + ")";
    let problems = Place::parse(&text).unwrap_err().to_string();
    assert!(problems.contains("line 3, column 13: a room has at least 1 m"), "{problems}");
    for shape in ["Box(size: (1, -1, 1))", "Ramp(size: (1, NaN, 1))", "Cylinder(radius: inf, height: 1)"] {
        assert_said(&format!("    walls: [(position: (0, 9, 0), shape: {shape})],"), &[(5, "give 0.01 to 512 m")]);
    }
}

#[test]
fn too_much_of_anything_is_refused() {
    let many = |item: &str, count: usize| format!("[{}]", item.repeat(count));
    let seats = many("(position: (0, 0, 0), yaw_degrees: 0),", 513);
    assert_said(&format!("    seats: {seats},"), &[(5, "there are 513 seats: at most 512 are possible")]);
    let walls = many("(position: (0, 9, 0), shape: Box(size: (1, 1, 1))),", 1_025);
    assert_said(&format!("    walls: {walls},"), &[(5, "at most 1024")]);
    let huge = format!("{START}{SPAWN}) // {}", " ".repeat(256 * 1024));
    assert!(Place::parse(&huge).unwrap_err().to_string().contains("more than 262144 bytes"));
    let deep = format!("{START}    seats: {}", "[".repeat(100_000));
    assert!(Place::parse(&deep).is_err());
}
