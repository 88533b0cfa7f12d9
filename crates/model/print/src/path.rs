//! Path data with few characters.

use crate::xml::{in_steps, push_fixed};
use glam::Vec2;

/// Writes the `d` of a path: positions are rounded to steps, and each is written relative to the one before, which is
/// short and adds up to no error.
pub(crate) struct PathText<'a> {
    out: &'a mut String,
    decimals: u32,
    at: Steps,
    /// The last command; the same again goes without its letter.
    last: char,
}

impl<'a> PathText<'a> {
    /// Steps are small against lines of `width_mm`.
    pub(crate) fn new(out: &'a mut String, width_mm: f32) -> Self {
        let decimals = (2.5 - width_mm.max(1e-4).log10()).ceil().clamp(2.0, 5.0) as u32;
        Self { out, decimals, at: [0; 2], last: ' ' }
    }

    pub(crate) fn move_to(&mut self, to: Vec2) {
        let to = self.steps(to);
        self.push_move(to);
    }

    pub(crate) fn line_to(&mut self, to: Vec2) {
        let to = self.steps(to);
        if to != self.at {
            self.push('l', &[to]);
        }
    }

    /// A closed shape around `corners`, with curves instead of corners from which a curve stays nearer than `off`: it goes
    /// through the middle of each side, drawn towards the corners.
    pub(crate) fn around(&mut self, corners: &[Vec2], off: f32) {
        // An even number of steps, so that middles are whole steps: each curve goes on exactly where the one before did.
        let mut corners: Vec<_> =
            corners.iter().map(|corner| self.steps(*corner / 2.0).map(|steps| steps * 2)).collect();
        corners.dedup();
        if corners.len() > 1 && corners.first() == corners.last() {
            corners.pop();
        }
        let (Some(first), Some(last)) = (corners.first(), corners.last()) else { return };
        let off = off * 10f32.powi(self.decimals as i32);
        let mut from = middle(*last, *first);
        self.push_move(from);
        for (index, corner) in corners.iter().enumerate() {
            let to = middle(*corner, corners[(index + 1) % corners.len()]);
            match (curve_off(from, *corner, to) <= off, self.last) {
                (true, 'q' | 't') => self.push('t', &[to]),
                (true, _) => self.push('q', &[*corner, to]),
                (false, _) => self.push('l', &[*corner, to]),
            }
            from = to;
        }
        self.out.push('z');
        self.last = 'z';
    }

    fn steps(&self, point: Vec2) -> Steps {
        point.to_array().map(|number| in_steps(number, self.decimals))
    }

    fn push_move(&mut self, to: Steps) {
        self.at = [0; 2];
        self.last = ' ';
        self.push('M', &[to]);
    }

    /// A command with the points that it takes, of which the last is where it ends. Points of lines are lines of their own.
    fn push(&mut self, command: char, points: &[Steps]) {
        let mut needs_space = self.last == command;
        if !needs_space {
            self.out.push(command);
        }
        let mut from = self.at;
        for point in points {
            let [x, y] = [point[0] - from[0], point[1] - from[1]];
            // A minus sign parts numbers as well as a space does.
            for number in [x, y] {
                if needs_space && number >= 0 {
                    self.out.push(' ');
                }
                push_fixed(self.out, number, self.decimals);
                needs_space = true;
            }
            if command == 'l' {
                from = *point;
            }
        }
        self.at = points.last().copied().unwrap_or(self.at);
        self.last = command;
    }
}

/// A position in steps.
type Steps = [i64; 2];

fn middle(a: Steps, b: Steps) -> Steps {
    [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
}

/// How far the curve that is drawn towards a corner stays from it, in steps.
fn curve_off(from: Steps, corner: Steps, to: Steps) -> f32 {
    let part = |axis: usize| (from[axis] + to[axis] - 2 * corner[axis]) as f32 / 4.0;
    part(0).hypot(part(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_short() {
        let mut out = String::new();
        let mut path = PathText::new(&mut out, 4.0);
        path.move_to(Vec2::new(1.0, -2.5));
        for to in [Vec2::new(2.0, -2.5), Vec2::new(2.001, -2.5), Vec2::new(1.5, 0.0), Vec2::new(1.75, 0.25)] {
            path.line_to(to);
        }
        assert_eq!(out, "M1-2.5l1 0-.5 2.5 .25 .25");
    }

    #[test]
    fn slight_corners_become_curves_and_sharp_ones_stay() {
        let mut out = String::new();
        let octagon = (0..8).map(|corner| Vec2::from_angle(corner as f32 * std::f32::consts::FRAC_PI_4));
        PathText::new(&mut out, 4.0).around(&octagon.collect::<Vec<_>>(), 0.12);
        assert_eq!((out.matches('q').count(), out.matches('t').count(), out.matches('l').count()), (1, 1, 0), "{out}");
        let mut out = String::new();
        let square = [Vec2::ZERO, Vec2::X, Vec2::ONE, Vec2::Y].map(|corner| corner * 10.0);
        PathText::new(&mut out, 4.0).around(&square, 0.12);
        assert_eq!(out, "M0 5l0-5 5 0 5 0 0 5 0 5-5 0-5 0 0-5z");
        let mut out = String::new();
        PathText::new(&mut out, 4.0).around(&[], 0.12);
        PathText::new(&mut out, 4.0).around(&[Vec2::ONE], 0.12);
        assert_eq!(out, "M1 1q0 0 0 0z");
    }
}
