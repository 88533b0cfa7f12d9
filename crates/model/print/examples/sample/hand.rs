//! Strokes as a hand makes them.

use atrium_board::ink::Point;
use glam::Vec2;

/// Loops along a line, slowly growing and shrinking, with the pressure of a hand.
pub(crate) fn loops(at: Vec2, size: Vec2, turns: f32, points: usize) -> Vec<Point> {
    let point = |step: usize| {
        let share = step as f32 / (points - 1).max(1) as f32;
        let angle = share * turns * std::f32::consts::TAU;
        let height = size.y * (0.7 + 0.3 * (share * 9.0).sin());
        let position = at + Vec2::new(share * size.x - 0.6 * size.y * angle.sin(), -height * (angle.cos() - 1.0) / 2.0);
        Point { position, pressure: 0.5 + 0.3 * angle.sin() }
    };
    (0..points).map(point).collect()
}

/// "hello" in one line, an exclamation mark, and a line below: control points of curves through a square of 1 × 1 a letter.
pub(crate) fn written(at: Vec2, letter_mm: f32) -> Vec<Vec<Point>> {
    const WORD: &[[f32; 2]] = &[
        [0.0, 0.95],
        [0.18, 0.55],
        [0.32, 0.08],
        [0.22, 0.02],
        [0.15, 0.4],
        [0.13, 0.98],
        [0.2, 0.66],
        [0.36, 0.52],
        [0.42, 0.8],
        [0.46, 0.98],
        [0.62, 0.86],
        [0.8, 0.66],
        [0.74, 0.52],
        [0.62, 0.62],
        [0.62, 0.9],
        [0.78, 0.99],
        [0.98, 0.7],
        [1.12, 0.2],
        [1.06, 0.02],
        [0.98, 0.3],
        [1.0, 0.85],
        [1.12, 0.98],
        [1.3, 0.65],
        [1.42, 0.2],
        [1.36, 0.02],
        [1.28, 0.3],
        [1.3, 0.85],
        [1.42, 0.98],
        [1.58, 0.75],
        [1.72, 0.55],
        [1.6, 0.58],
        [1.56, 0.82],
        [1.68, 0.98],
        [1.84, 0.82],
        [1.8, 0.6],
        [1.7, 0.58],
        [1.86, 0.66],
        [2.1, 0.6],
    ];
    const MARK: &[[f32; 2]] = &[[2.42, 0.02], [2.38, 0.4], [2.35, 0.7]];
    const BELOW: &[[f32; 2]] = &[[0.05, 1.22], [0.8, 1.16], [1.7, 1.2], [2.5, 1.12]];
    let mut strokes: Vec<_> = [WORD, MARK, BELOW].map(|control| curve(control, at, letter_mm)).into();
    strokes.push(vec![Point::at(at + Vec2::new(2.34, 0.95) * letter_mm)]);
    strokes
}

fn curve(control: &[[f32; 2]], at: Vec2, letter_mm: f32) -> Vec<Point> {
    let control: Vec<_> = control.iter().map(|point| Vec2::from(*point)).collect();
    let last = control.len() - 1;
    let mut points = Vec::new();
    for piece in 0..last {
        let [before, from, to, after] =
            [piece.saturating_sub(1), piece, piece + 1, (piece + 2).min(last)].map(|index| control[index]);
        for step in 0..8 {
            let t = step as f32 / 8.0;
            let (t2, t3) = (t * t, t * t * t);
            let position = 0.5
                * (2.0 * from
                    + (to - before) * t
                    + (2.0 * before - 5.0 * from + 4.0 * to - after) * t2
                    + (3.0 * from - before - 3.0 * to + after) * t3);
            // A hand presses where it pulls down.
            let way = |from: Vec2, to: Vec2| (to - from).normalize_or_zero().y;
            let pressure = 0.5 + 0.2 * (way(before, to) * (1.0 - t) + way(from, after) * t);
            points.push(Point { position: at + position * letter_mm, pressure });
        }
    }
    points.push(Point::at(at + control[last] * letter_mm));
    points
}
