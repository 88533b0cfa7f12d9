//! Whatever the text, the answer is a place or problems with positions in that text.

use atrium_place::{Place, check_file_path};
use glam::Vec3;
use proptest::prelude::*;

fn survives(text: &str) {
    match Place::parse(text) {
        Err(problems) => {
            assert!(problems.iter().len() > 0);
            let lines = text.matches('\n').count() + 1;
            for problem in problems.iter() {
                assert!((1..=lines).contains(&problem.line) && problem.column >= 1 && !problem.message.is_empty());
            }
        }
        Ok(place) => {
            let spawn = place.spawn(usize::MAX);
            assert!(place.bounds_contain(spawn.position));
            place.is_blocked(spawn.position, Vec3::ZERO);
        }
    }
}

/// Words that turn up in a place's text, so that mutations come near to valid places.
const WORDS: [&str; 20] = [
    "NaN",
    "inf",
    "-inf",
    "1e38",
    "-1e-38",
    "0",
    "(",
    ")",
    "[",
    "]",
    ",",
    "\"",
    "/*",
    "r#\"",
    "Some(",
    "None",
    "Ramp(size: (1, 0.02, 400))",
    "Cylinder(radius: 0.01, height: 512)",
    "private: true",
    "99999999999999999999",
];

proptest! {
    #[test]
    fn any_text(text in "\\PC{0,300}") {
        survives(&text);
    }

    #[test]
    fn any_bracketed_text(text in "Room\\(title: \"T\", [a-z:(){}\\[\\],.0-9\" /*#\n-]{0,300}") {
        survives(&text);
    }

    #[test]
    fn a_room_with_some_characters_changed(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<char>()), 1..6),
    ) {
        let mut text: Vec<char> = crate::BOARDROOM.chars().collect();
        for (at, c) in changes {
            let at = at.index(text.len());
            text[at] = c;
        }
        survives(&text.into_iter().collect::<String>());
    }

    #[test]
    fn a_room_with_some_words_replaced(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..WORDS.len()), 1..4),
    ) {
        let mut words: Vec<&str> = crate::BOARDROOM.split_inclusive([' ', ',', '(']).collect();
        for (at, word) in changes {
            let at = at.index(words.len());
            words[at] = WORDS[word];
        }
        survives(&words.concat());
    }

    #[test]
    fn a_room_cut_short(end in any::<prop::sample::Index>()) {
        let text: Vec<char> = crate::BOARDROOM.chars().collect();
        survives(&text[..end.index(text.len())].iter().collect::<String>());
    }

    #[test]
    fn any_solid(
        shape in 0_usize..3, size in prop::array::uniform3(0.01_f32..512.0), turn in -360.0_f32..360.0,
        position in prop::array::uniform3(-20.0_f32..20.0), line in prop::array::uniform6(-600.0_f32..600.0),
    ) {
        let [x, y, z] = size;
        let shape = [
            format!("Box(size: ({x}, {y}, {z}))"),
            format!("Ramp(size: ({x}, {y}, {z}))"),
            format!("Cylinder(radius: {x}, height: {y})"),
        ][shape].clone();
        let [px, py, pz] = position;
        let text = format!(
            "Room(title: \"T\", bounds: (min: (-5, 0, -5), max: (5, 3, 5)), spawns: [(position: (0, 0, 0), \
             yaw_degrees: 0)], walls: [(position: ({px}, {py}, {pz}), yaw_degrees: {turn}, shape: {shape})])"
        );
        survives(&text);
        if let Ok(place) = Place::parse(&text) {
            let [a, b, c, d, e, f] = line;
            let (from, to) = (Vec3::new(a, b, c), Vec3::new(d, e, f));
            prop_assert_eq!(place.is_blocked(from, to), place.first_hit(from, to).is_some());
            prop_assert!(place.first_hit(from, to).unwrap_or(0.0) <= from.distance(to) + 1e-2);
        }
    }

    #[test]
    fn any_path(path in "\\PC{0,220}") {
        if check_file_path(&path).is_ok() {
            let stays = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
            prop_assert!(stays && !path.contains(['\\', ':', '\0']));
        }
    }
}
