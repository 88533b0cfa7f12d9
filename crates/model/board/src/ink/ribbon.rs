use super::Point;
use super::spine::{Join, Knot, Spine, arc};
use glam::Vec2;

/// Triangles of lines.
#[derive(Clone, Debug, Default)]
pub struct Ribbon {
    /// Corners.
    pub positions: Vec<Vec2>,
    /// Three for each triangle.
    pub indices: Vec<u32>,
    spine: Spine,
}

impl Ribbon {
    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.positions.clear();
        self.indices.clear();
    }

    /// The number of a new corner.
    fn add(&mut self, at: Vec2) -> u32 {
        self.positions.push(at);
        self.positions.len() as u32 - 1
    }

    /// Both sides of a line at a knot.
    fn add_sides(&mut self, at: Vec2, side: Vec2) -> u32 {
        self.positions.extend([at + side, at - side]);
        self.positions.len() as u32 - 2
    }

    /// Two triangles between the sides at one knot and at the next.
    fn join_sides(&mut self, from: u32, to: u32) {
        self.indices.extend([from, from + 1, to, to, from + 1, to + 1]);
    }

    /// Triangles around `center`, from `from` to `to`.
    fn add_fan(&mut self, center: Vec2, from: Vec2, to: Vec2, is_right: bool) {
        let middle = self.add(center);
        let mut last = self.add(center + from);
        arc(center, from, to, is_right, |at| {
            let next = self.add(at);
            self.indices.extend([middle, last, next]);
            last = next;
        });
        let end = self.add(center + to);
        self.indices.extend([middle, last, end]);
    }
}

/// Adds a line as triangles to `out`. They overlap: for opaque pens.
pub fn ribbon(points: &[Point], width_mm: f32, is_highlighter: bool, out: &mut Ribbon) {
    let mut spine = std::mem::take(&mut out.spine);
    spine.trace(points, width_mm, is_highlighter);
    out.positions.reserve(2 * spine.knots.len() + 32);
    out.indices.reserve(6 * spine.knots.len() + 96);
    match &spine.knots[..] {
        [] => {}
        [dot] => {
            let side = Vec2::X * dot.radius;
            out.add_fan(dot.at, side, -side, true);
            out.add_fan(dot.at, -side, side, true);
        }
        knots => add_line(knots, out),
    }
    out.spine = spine;
}

fn add_line(knots: &[Knot], out: &mut Ribbon) {
    let (first, last) = (knots[0], knots[knots.len() - 1]);
    let side = first.direction.perp() * first.radius;
    out.add_fan(first.at, -side, side, true);
    let mut sides = out.add_sides(first.at, side);
    for pair in knots.windows(3) {
        let [before, knot, _] = pair else { continue };
        sides = add_join(before, knot, sides, out);
    }
    let side = last.direction.perp() * last.radius;
    let end = out.add_sides(last.at, side);
    out.join_sides(sides, end);
    out.add_fan(last.at, side, -side, true);
}

/// The sides from which the line goes on.
fn add_join(before: &Knot, knot: &Knot, sides: u32, out: &mut Ribbon) -> u32 {
    match Join::at(before, knot) {
        Join::Smooth(side) => {
            let next = out.add_sides(knot.at, side);
            out.join_sides(sides, next);
            next
        }
        Join::Corner { is_left } => {
            let (from, to) = (before.direction.perp() * knot.radius, knot.direction.perp() * knot.radius);
            let end = out.add_sides(knot.at, from);
            out.join_sides(sides, end);
            let sign = if is_left { -1.0 } else { 1.0 };
            out.add_fan(knot.at, from * sign, to * sign, !is_left);
            out.add_sides(knot.at, to)
        }
    }
}
