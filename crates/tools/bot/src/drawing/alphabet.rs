//! Letters as a hand writes them: for each stroke a few points that a curve is laid through. A hundred units are the
//! height of an x; y goes up from the line.

/// A letter's strokes, and how far the next letter is.
pub(super) struct Letter {
    pub(super) width: i16,
    pub(super) strokes: &'static [&'static [(i16, i16)]],
}

/// The height of an x.
pub(super) const X_HEIGHT: f32 = 100.0;
/// From the line to the top of an l, and to the bottom of a p.
pub(super) const ASCENT: f32 = 200.0;
pub(super) const DESCENT: f32 = 100.0;
/// Between two words, and for what nobody has taught this hand.
pub(super) const SPACE: i16 = 70;

const fn letter(width: i16, strokes: &'static [&'static [(i16, i16)]]) -> Option<Letter> {
    Some(Letter { width, strokes })
}

/// A letter of the small Latin alphabet, or one of a few Chinese characters.
#[rustfmt::skip]
pub(super) fn shape_of(character: char) -> Option<Letter> {
    match character {
        'a' => letter(95, &[&[(80, 85), (45, 100), (10, 60), (12, 15), (40, 0), (75, 35), (82, 98), (80, 15), (95, 0)]]),
        'b' => letter(88, &[&[(10, 200), (12, 10), (12, 55), (45, 100), (80, 65), (72, 10), (35, 0), (12, 18)]]),
        'c' => letter(78, &[&[(72, 80), (40, 100), (8, 55), (20, 8), (50, 0), (75, 18)]]),
        'd' => letter(98, &[&[(78, 85), (42, 100), (10, 55), (15, 10), (42, 0), (75, 40), (80, 200), (80, 15), (95, 0)]]),
        'e' => letter(84, &[&[(12, 52), (70, 62), (55, 100), (25, 95), (8, 50), (22, 6), (52, 0), (78, 20)]]),
        'f' => letter(62, &[&[(62, 180), (45, 200), (28, 170), (26, 60), (26, 0)], &[(5, 95), (55, 95)]]),
        'g' => letter(92, &[&[(80, 85), (45, 100), (10, 60), (15, 15), (42, 5), (75, 40), (80, 98), (78, -60), (45, -98), (10, -75)]]),
        'h' => letter(94, &[&[(12, 200), (12, 3), (14, 60), (48, 100), (76, 70), (76, 10), (90, 0)]]),
        'i' => letter(44, &[&[(20, 98), (20, 15), (34, 0)], &[(21, 140), (23, 143)]]),
        'j' => letter(44, &[&[(28, 98), (28, -60), (10, -98), (-8, -80)], &[(29, 140), (31, 143)]]),
        'k' => letter(82, &[&[(12, 200), (12, 0)], &[(68, 98), (15, 45), (16, 44), (72, 0)]]),
        'l' => letter(44, &[&[(15, 200), (15, 20), (32, 0)]]),
        'm' => letter(130, &[&[(12, 98), (12, 2), (16, 65), (42, 100), (62, 70), (62, 2), (66, 65), (92, 100), (112, 70), (112, 10), (126, 0)]]),
        'n' => letter(92, &[&[(12, 98), (12, 2), (16, 62), (46, 100), (74, 70), (74, 10), (88, 0)]]),
        'o' => letter(88, &[&[(48, 100), (15, 85), (8, 45), (25, 5), (52, 0), (78, 40), (70, 88), (42, 100)]]),
        'p' => letter(86, &[&[(12, 98), (12, -98), (12, 55), (42, 100), (78, 65), (70, 12), (38, 0), (12, 20)]]),
        'q' => letter(96, &[&[(80, 85), (45, 100), (10, 60), (15, 15), (42, 3), (75, 40), (80, 98), (80, -98), (95, -80)]]),
        'r' => letter(66, &[&[(12, 98), (12, 2), (16, 60), (38, 98), (60, 92)]]),
        's' => letter(74, &[&[(64, 85), (38, 100), (14, 78), (38, 52), (62, 28), (40, 2), (8, 12)]]),
        't' => letter(62, &[&[(28, 160), (28, 20), (42, 0), (58, 10)], &[(5, 100), (54, 100)]]),
        'u' => letter(94, &[&[(12, 98), (14, 25), (40, 0), (72, 40), (76, 98), (76, 15), (90, 0)]]),
        'v' => letter(80, &[&[(8, 98), (38, 2), (40, 2), (74, 98)]]),
        'w' => letter(114, &[&[(8, 98), (30, 2), (32, 2), (56, 80), (58, 80), (82, 2), (84, 2), (108, 98)]]),
        'x' => letter(80, &[&[(10, 98), (70, 0)], &[(70, 98), (8, 0)]]),
        'y' => letter(88, &[&[(10, 98), (14, 30), (42, 8), (74, 45), (78, 98), (74, -55), (42, -98), (12, -78)]]),
        'z' => letter(78, &[&[(10, 98), (66, 98), (66, 96), (10, 2), (12, 0), (70, 2)]]),
        '人' => letter(215, &[&[(100, 190), (90, 120), (20, 10)], &[(98, 130), (130, 70), (185, 10)]]),
        '大' => letter(215, &[&[(25, 130), (175, 132)], &[(100, 190), (92, 110), (22, 8)], &[(100, 125), (135, 60), (185, 8)]]),
        '中' => letter(215, &[
            &[(30, 150), (32, 70)], &[(30, 150), (168, 152), (170, 150), (166, 72)], &[(32, 74), (166, 76)], &[(100, 195), (100, -5)],
        ]),
        '木' => letter(215, &[
            &[(25, 135), (178, 137)], &[(100, 195), (100, 0)], &[(98, 130), (65, 80), (18, 45)], &[(102, 130), (135, 80), (184, 45)],
        ]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stay_on_their_line() {
        for character in ('a'..='z').chain("人大中木".chars()) {
            let letter = shape_of(character).unwrap();
            let points = letter.strokes.iter().flat_map(|stroke| stroke.iter());
            for (x, y) in points {
                assert!((-10..=letter.width).contains(x), "{character}");
                assert!((-DESCENT..=ASCENT).contains(&f32::from(*y)), "{character}");
            }
            assert!(letter.strokes.iter().all(|stroke| stroke.len() > 1), "{character}");
        }
        assert!(shape_of(' ').is_none());
    }
}
