use super::Point;
use super::spine::{Join, Knot, Spine, arc};
use glam::Vec2;

/// The line as a closed polygon, to be filled where the winding number is not zero; a single point is a dot.
///
/// Every piece of the line goes around its polygon in the same sense, so that nothing that overlaps is hollow.
pub fn outline(points: &[Point], width_mm: f32, is_highlighter: bool) -> Vec<Vec2> {
    let mut spine = Spine::default();
    spine.trace(points, width_mm, is_highlighter);
    let knots = &spine.knots[..];
    let mut around = Vec::with_capacity(2 * knots.len() + 32);
    match knots {
        [] => {}
        [dot] => {
            let side = Vec2::X * dot.radius;
            around.push(dot.at + side);
            arc(dot.at, side, -side, true, |at| around.push(at));
            around.push(dot.at - side);
            arc(dot.at, -side, side, true, |at| around.push(at));
        }
        _ => trace_sides(knots, &mut around),
    }
    around
}

/// Up on the left, around the end, down on the right, around the beginning.
fn trace_sides(knots: &[Knot], around: &mut Vec<Vec2>) {
    let mut right = Vec::with_capacity(knots.len() + 16);
    let first = knots[0];
    let side = first.direction.perp() * first.radius;
    around.push(first.at + side);
    right.push(first.at - side);
    for pair in knots.windows(3) {
        let [before, knot, _] = pair else { continue };
        add_join(before, knot, around, &mut right);
    }
    let last = knots[knots.len() - 1];
    let side = last.direction.perp() * last.radius;
    around.push(last.at + side);
    arc(last.at, side, -side, true, |at| around.push(at));
    around.push(last.at - side);
    around.extend(right.iter().rev());
    let side = first.direction.perp() * first.radius;
    arc(first.at, -side, side, true, |at| around.push(at));
}

fn add_join(before: &Knot, knot: &Knot, left: &mut Vec<Vec2>, right: &mut Vec<Vec2>) {
    match Join::at(before, knot) {
        Join::Smooth(side) => {
            left.push(knot.at + side);
            right.push(knot.at - side);
        }
        Join::Corner { is_left } => {
            let (from, to) = (before.direction.perp() * knot.radius, knot.direction.perp() * knot.radius);
            let (outer, inner, sign) = if is_left { (right, left, -1.0) } else { (left, right, 1.0) };
            outer.push(knot.at + from * sign);
            arc(knot.at, from * sign, to * sign, !is_left, |at| outer.push(at));
            outer.push(knot.at + to * sign);
            // Through the middle: so each piece is a polygon of its own, whatever its length.
            inner.extend([knot.at - from * sign, knot.at, knot.at - to * sign]);
        }
    }
}
