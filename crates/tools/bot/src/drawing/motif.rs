//! What people put on whiteboards: words, loops, boxes with arrows, faces.

use super::alphabet::{ASCENT, DESCENT, SPACE, X_HEIGHT, shape_of};
use super::pen::{Path, curve};
use crate::random::Random;
use atrium_board::Bounds;
use glam::Vec2;
use std::f32::consts::{PI, TAU};

const WORDS: [&str; 16] = [
    "hello",
    "plan",
    "ideas",
    "next week",
    "done",
    "why",
    "team",
    "ship it",
    "test",
    "flow",
    "budget",
    "who",
    "quick fox",
    "中木",
    "大人",
    "review",
];
/// What notes say.
const NOTES: [&str; 8] = [
    "Ask the users first",
    "明天再看一次",
    "Who takes this?",
    "先做最小的一步",
    "Done when the test is green",
    "下周三之前",
    "Too slow on Mondays",
    "记得备份",
];
/// What is typed beside drawings.
const TITLES: [&str; 6] = ["What went well", "本周目标", "Open questions", "下一步", "Agenda", "想法"];
/// The part of a letter's height that letters lean to the right.
const SLANT: f32 = 0.12;

/// Something to draw.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Motif {
    /// With the pen.
    Ink(Path),
    /// A word, and the highlighter over it.
    Marked(Path, Path),
    /// Two boxes and an arrow between them, with the tools for that: corners from, to.
    Diagram([[Vec2; 2]; 3]),
    /// A note here.
    Note(Vec2, &'static str),
    /// Typed text from here on.
    Title(Vec2, &'static str),
}

/// Something that fits into `cell`.
pub(super) fn choose(cell: Bounds, random: &mut Random) -> Motif {
    let cell = cell.grown(-0.08 * cell.size().min_element());
    match random.below(12) {
        0..=3 => Motif::Ink(word(cell, random)),
        4 => {
            let word = word(cell, random);
            let bounds = bounds_of(&word);
            let middle = bounds.center().y;
            let mark = vec![curve(&[Vec2::new(bounds.min.x, middle), Vec2::new(bounds.max.x, middle + 4.0)])];
            Motif::Marked(word, mark)
        }
        5 | 6 => Motif::Ink(loops(cell, random)),
        7 => Motif::Ink(face(cell, random)),
        8 => Motif::Ink(pen_boxes(cell, random)),
        9 => Motif::Diagram(diagram(cell)),
        10 => Motif::Note(cell.min + cell.size() * Vec2::new(0.3, 0.2), NOTES[random.below(NOTES.len())]),
        _ => Motif::Title(cell.min + cell.size() * Vec2::new(0.05, 0.4), TITLES[random.below(TITLES.len())]),
    }
}

/// A word in handwriting, as large as fits.
fn word(cell: Bounds, random: &mut Random) -> Path {
    let word = WORDS[random.below(WORDS.len())];
    let advance = |character| shape_of(character).map_or(SPACE, |letter| letter.width);
    let width: f32 = word.chars().map(|character| f32::from(advance(character))).sum();
    let scale = (cell.size().x / width).min(cell.size().y / (ASCENT + DESCENT));
    let scale = scale.min(110.0 / X_HEIGHT) * (0.85 + 0.15 * random.unit());
    let line = cell.min.y + cell.size().y * 0.62;
    let mut left = cell.min.x;
    let mut path = Path::new();
    for character in word.chars() {
        if let Some(letter) = shape_of(character) {
            // No two letters of a hand are the same.
            let bump = Vec2::new(4.0 * (random.unit() - 0.5), 9.0 * (random.unit() - 0.5));
            let size = scale * (0.94 + 0.12 * random.unit());
            let place = |(x, y): &(i16, i16)| {
                let (x, y) = (f32::from(*x) + bump.x, f32::from(*y) + bump.y);
                Vec2::new(left + (x + SLANT * y) * size, line - y * size)
            };
            path.extend(letter.strokes.iter().map(|stroke| curve(&stroke.iter().map(place).collect::<Vec<_>>())));
        }
        left += f32::from(advance(character)) * scale;
    }
    path
}

/// A row of loops, as one tries a pen.
fn loops(cell: Bounds, random: &mut Random) -> Path {
    let turns = 4 + random.below(5);
    let radius_mm = cell.size().y * (0.18 + 0.1 * random.unit());
    let way_mm = cell.size().x - 2.0 * radius_mm;
    let steps = turns * 40;
    let point = |step: usize| {
        let part = step as f32 / steps as f32;
        let angle = part * turns as f32 * TAU;
        let middle = cell.min + Vec2::new(radius_mm + part * way_mm, cell.size().y / 2.0);
        middle + Vec2::from_angle(angle - PI / 2.0) * radius_mm * Vec2::new(0.8, 1.0)
    };
    vec![(0..=steps).map(point).collect()]
}

fn ring(center: Vec2, radius: Vec2, from: f32, to: f32) -> Vec<Vec2> {
    (0..=48).map(|n| center + Vec2::from_angle(from + (to - from) * n as f32 / 48.0) * radius).collect()
}

fn face(cell: Bounds, random: &mut Random) -> Path {
    let radius_mm = cell.size().min_element() * 0.4;
    let middle = cell.center();
    let mood = if random.unit() < 0.8 { 1.0 } else { -1.0 };
    let eye =
        |side: f32| ring(middle + Vec2::new(side, -0.35) * radius_mm * 0.45, Vec2::splat(radius_mm * 0.07), 0.0, TAU);
    let mouth_middle = middle + Vec2::Y * radius_mm * if mood > 0.0 { 0.15 } else { 0.65 };
    let mouth = ring(mouth_middle, Vec2::new(0.5, 0.4 * mood) * radius_mm, 0.15 * PI, 0.85 * PI);
    // A hand does not end a ring where it began.
    vec![ring(middle, Vec2::splat(radius_mm), -PI / 2.0, TAU - PI / 2.0 + 0.15), eye(-1.0), eye(1.0), mouth]
}

/// Boxes and an arrow in ink, each box in one go.
fn pen_boxes(cell: Bounds, random: &mut Random) -> Path {
    let [first, second, arrow] = diagram(cell);
    let mut shaken = |point: Vec2| point + Vec2::new(random.unit() - 0.5, random.unit() - 0.5) * 8.0;
    let mut path = Path::new();
    for [from, to] in [first, second] {
        let corners = [from, Vec2::new(to.x, from.y), to, Vec2::new(from.x, to.y), from].map(&mut shaken);
        path.push(corners.windows(2).flat_map(curve).collect());
    }
    let [tail, tip] = arrow;
    let head = (tip - tail).normalize_or(Vec2::X) * 28.0;
    path.push(curve(&[tail, tail.lerp(tip, 0.5) + Vec2::Y * 6.0, tip]));
    let wings = [head.rotate(Vec2::from_angle(2.6)), head.rotate(Vec2::from_angle(-2.6))];
    path.push([tip + wings[0], tip, tip + wings[1]].windows(2).flat_map(curve).collect());
    path
}

/// Two boxes, and an arrow from one to the other.
fn diagram(cell: Bounds) -> [[Vec2; 2]; 3] {
    let at = |x: f32, y: f32| cell.min + cell.size() * Vec2::new(x, y);
    [[at(0.02, 0.25), at(0.36, 0.75)], [at(0.64, 0.25), at(0.98, 0.75)], [at(0.39, 0.5), at(0.61, 0.5)]]
}

fn bounds_of(path: &Path) -> Bounds {
    Bounds::of(path.iter().flatten().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_fits_where_it_should() {
        let cell = Bounds { min: Vec2::new(100.0, 50.0), max: Vec2::new(700.0, 450.0) };
        let mut random = Random::new(5);
        let (mut inks, mut others) = (0, 0);
        for _ in 0..400 {
            match choose(cell, &mut random) {
                Motif::Ink(path) => {
                    inks += 1;
                    let bounds = bounds_of(&path);
                    assert!(cell.grown(20.0).contains_all(&bounds), "{bounds:?}");
                    let points: usize = path.iter().map(Vec::len).sum();
                    assert!((20..5_000).contains(&points), "{points}");
                }
                Motif::Marked(word, mark) => assert!(bounds_of(&word).overlaps(&bounds_of(&mark))),
                Motif::Diagram(parts) => assert!(parts.iter().flatten().all(|corner| cell.contains(*corner))),
                Motif::Note(at, text) | Motif::Title(at, text) => {
                    others += 1;
                    assert!(cell.contains(at) && !text.is_empty());
                }
            }
        }
        assert!(inks > 200 && others > 30, "{inks} {others}");
    }

    #[test]
    fn every_word_can_be_written() {
        for character in WORDS.iter().flat_map(|word| word.chars()) {
            assert!(character == ' ' || shape_of(character).is_some(), "{character}");
        }
    }
}
