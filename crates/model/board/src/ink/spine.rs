//! The middle of a line as it is drawn: a curve through the points, with its width and its corners.

use super::Point;
use super::width::width_at;
use glam::Vec2;

/// A place on the middle of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Knot {
    pub(super) at: Vec2,
    pub(super) radius: f32,
    /// Towards the next knot; of the last one, from the one before.
    pub(super) direction: Vec2,
    /// How far the next knot is.
    pub(super) length: f32,
}

/// Memory that is used again and again.
#[derive(Clone, Debug, Default)]
pub(super) struct Spine {
    pub(super) knots: Vec<Knot>,
    given: Vec<Knot>,
}

/// Points nearer than this share of a radius are one.
const SAME: f32 = 0.05;
/// Cosines of the turns from which a curve gets one, two or three more points on both sides, and from which it is a
/// corner.
const TURNS: [f32; 3] = [0.99, 0.94, 0.8];
const CORNER: f32 = 0.5;

impl Spine {
    /// Of these points; at least one knot if there is a point.
    pub(super) fn trace(&mut self, points: &[Point], width_mm: f32, is_highlighter: bool) {
        self.given.clear();
        self.knots.clear();
        for point in points {
            let radius = width_at(*point, width_mm, is_highlighter) / 2.0;
            let knot = Knot { at: point.position, radius, direction: Vec2::X, length: 0.0 };
            let Some(last) = self.given.last_mut() else {
                self.given.push(knot);
                continue;
            };
            let way = knot.at - last.at;
            let length = way.length();
            if length > radius * SAME {
                (last.direction, last.length) = (way / length, length);
                self.given.push(knot);
            }
        }
        if let [.., before, last] = &mut self.given[..] {
            last.direction = before.direction;
        }
        self.curve();
    }

    /// Puts more knots where the line turns.
    fn curve(&mut self) {
        self.knots.reserve(self.given.len());
        let mut turn_here = 1.0;
        for at in 0..self.given.len().saturating_sub(1) {
            let (knot, next) = (self.given[at], self.given[at + 1]);
            let is_last = at + 2 == self.given.len();
            let turn_next = if is_last { 1.0 } else { knot.direction.dot(next.direction) };
            let sharpest = if turn_here < CORNER {
                turn_next
            } else if turn_next < CORNER {
                turn_here
            } else {
                turn_here.min(turn_next)
            };
            let more =
                if knot.length < knot.radius { 0 } else { TURNS.iter().filter(|turn| sharpest < **turn).count() };
            self.knots.push(knot);
            if more > 0 {
                let leaving =
                    if turn_here < CORNER || at == 0 { knot.direction } else { tangent(&self.given[at - 1], &knot) };
                let arriving = if turn_next < CORNER || is_last { knot.direction } else { tangent(&knot, &next) };
                self.bend(&knot, &next, leaving, arriving, more);
            }
            turn_here = turn_next;
        }
        self.knots.extend(self.given.last().copied());
    }

    /// Puts `more` knots between the last one and `next`, on a cubic that leaves and arrives in these directions.
    fn bend(&mut self, knot: &Knot, next: &Knot, leaving: Vec2, arriving: Vec2, more: usize) {
        let mut last = self.knots.len() - 1;
        for step in 1..=more + 1 {
            let share = step as f32 / (more + 1) as f32;
            let at = if step > more { next.at } else { hermite(knot, next.at, leaving, arriving, share) };
            let way = at - self.knots[last].at;
            let length = way.length();
            if length > 1e-6 {
                (self.knots[last].direction, self.knots[last].length) = (way / length, length);
            }
            if step <= more {
                let radius = knot.radius + (next.radius - knot.radius) * share;
                self.knots.push(Knot { at, radius, direction: knot.direction, length: 0.0 });
                last += 1;
            }
        }
    }
}

/// Of a curve through the point between two pieces: nearer to the shorter one.
fn tangent(before: &Knot, after: &Knot) -> Vec2 {
    (before.direction * after.length + after.direction * before.length).normalize_or(after.direction)
}

fn hermite(from: &Knot, to: Vec2, leaving: Vec2, arriving: Vec2, share: f32) -> Vec2 {
    let (t, u) = (share, 1.0 - share);
    let third = from.length / 3.0;
    let (first, second) = (from.at + leaving * third, to - arriving * third);
    from.at * (u * u * u) + first * (3.0 * u * u * t) + second * (3.0 * u * t * t) + to * (t * t * t)
}

/// How a line goes on at a knot between two others.
pub(super) enum Join {
    /// Nearly straight on: its left side is so far from the middle, its right side on the other side.
    Smooth(Vec2),
    /// A corner, or pieces too short for their width.
    Corner { is_left: bool },
}

impl Join {
    pub(super) fn at(before: &Knot, knot: &Knot) -> Self {
        let cosine = before.direction.dot(knot.direction);
        let is_left = before.direction.perp_dot(knot.direction) > 0.0;
        if cosine > 0.7 {
            // Where the sides of both pieces meet, on a mitre; here at most 8 % further out than the radius.
            let side = (before.direction + knot.direction).perp() * (knot.radius / (1.0 + cosine));
            let reach = knot.radius * ((1.0 - cosine) / (1.0 + cosine)).max(0.0).sqrt();
            if 2.0 * reach < before.length.min(knot.length) {
                return Self::Smooth(side);
            }
        }
        Self::Corner { is_left }
    }
}

/// Points of an arc around `center`, from `center + from` (left out) to `center + to` (left out), turning to the right
/// where `is_right`.
pub(super) fn arc(center: Vec2, from: Vec2, to: Vec2, is_right: bool, mut add: impl FnMut(Vec2)) {
    let radius = from.length();
    let mut angle = from.angle_to(to);
    if is_right && angle > 0.0 {
        angle -= std::f32::consts::TAU;
    } else if !is_right && angle < 0.0 {
        angle += std::f32::consts::TAU;
    }
    // Not more than 0.05 mm beside the circle, where that takes no more than fifty corners.
    let step = (8.0 * 0.05 / radius.max(1e-3)).sqrt().clamp(0.12, 0.6);
    let pieces = (angle.abs() / step).ceil().clamp(1.0, 64.0);
    let turn = Vec2::from_angle(angle / pieces);
    let mut spoke = from;
    for _ in 1..pieces as u32 {
        spoke = turn.rotate(spoke);
        add(center + spoke);
    }
}
