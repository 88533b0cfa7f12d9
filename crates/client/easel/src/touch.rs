use atrium_board::{Bounds, Document, Element, Fill, PageId, Shape};
use glam::Vec2;

/// Corners of an ellipse that stand for it.
const ELLIPSE_CORNERS: usize = 32;

/// What lies near a way on a page.
pub(crate) fn near(
    document: &Document,
    page: PageId,
    [from, to]: [Vec2; 2],
    radius_mm: f32,
) -> impl Iterator<Item = &Element> {
    document.elements_in(page, Bounds::of([from, to]).grown(radius_mm))
}

/// Whether a way of this width touches what is drawn of an element.
pub(crate) fn touches(element: &Element, way: [Vec2; 2], radius_mm: f32) -> bool {
    let frame = element.frame;
    let place = frame.to_affine();
    let line_mm = element.style.width_mm * frame.scale.abs().max_element() / 2.0;
    let on_page = |point: Vec2| place.transform_point2(point);
    match &element.shape {
        Shape::Ink { points, .. } => {
            let mut last = None;
            points.iter().any(|point| {
                let at = on_page(point.position);
                let from = last.replace(at).unwrap_or(at);
                distance([from, at], way) <= radius_mm + line_mm
            })
        }
        Shape::Line { ends, .. } => distance(ends.map(on_page), way) <= radius_mm + line_mm,
        Shape::Rectangle { size } => {
            let corners = Bounds { min: Vec2::ZERO, max: *size }.corners().map(on_page);
            touches_area(&corners, way, radius_mm + line_mm, element.style.fill != Fill::None)
        }
        Shape::Ellipse { size } => {
            let corner = |index: usize| {
                let angle = index as f32 / ELLIPSE_CORNERS as f32 * std::f32::consts::TAU;
                on_page((Vec2::ONE + Vec2::from_angle(angle)) * *size / 2.0)
            };
            let corners: Vec<Vec2> = (0..ELLIPSE_CORNERS).map(corner).collect();
            touches_area(&corners, way, radius_mm + line_mm, element.style.fill != Fill::None)
        }
        Shape::Text { size, .. } | Shape::Sticky { size, .. } | Shape::Image { size, .. } => {
            let corners = Bounds { min: Vec2::ZERO, max: *size }.corners().map(on_page);
            touches_area(&corners, way, radius_mm, true)
        }
    }
}

/// Whether a way touches the outline of a convex shape, or its inside.
fn touches_area(corners: &[Vec2], way: [Vec2; 2], reach_mm: f32, has_inside: bool) -> bool {
    let next = corners.iter().cycle().skip(1);
    let sides = corners.iter().zip(next).map(|(from, to)| [*from, *to]);
    sides.clone().any(|side| distance(side, way) <= reach_mm) || (has_inside && is_inside(sides, way[0]))
}

fn is_inside(sides: impl Iterator<Item = [Vec2; 2]>, point: Vec2) -> bool {
    let mut signs = sides.map(|[from, to]| (to - from).perp_dot(point - from));
    let Some(first) = signs.next() else { return false };
    signs.all(|sign| sign * first >= 0.0)
}

/// The distance between two straight lines that have ends.
pub(crate) fn distance(one: [Vec2; 2], other: [Vec2; 2]) -> f32 {
    if cross(one, other) {
        return 0.0;
    }
    let ends = [(one[0], other), (one[1], other), (other[0], one), (other[1], one)];
    ends.map(|(point, line)| from_point(point, line)).into_iter().fold(f32::INFINITY, f32::min)
}

fn from_point(point: Vec2, [from, to]: [Vec2; 2]) -> f32 {
    let along = to - from;
    let share = (point - from).dot(along) / along.length_squared().max(f32::MIN_POSITIVE);
    point.distance(from + along * share.clamp(0.0, 1.0))
}

fn cross([a, b]: [Vec2; 2], [c, d]: [Vec2; 2]) -> bool {
    let side = |from: Vec2, to: Vec2, point: Vec2| (to - from).perp_dot(point - from);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_between_lines() {
        let line = |x1, y1, x2, y2| [Vec2::new(x1, y1), Vec2::new(x2, y2)];
        assert_eq!(distance(line(0.0, 0.0, 10.0, 0.0), line(5.0, -5.0, 5.0, 5.0)), 0.0);
        assert_eq!(distance(line(0.0, 0.0, 10.0, 0.0), line(0.0, 3.0, 10.0, 3.0)), 3.0);
        assert_eq!(distance(line(0.0, 0.0, 10.0, 0.0), line(13.0, 4.0, 20.0, 4.0)), 5.0);
        assert_eq!(distance(line(1.0, 1.0, 1.0, 1.0), line(4.0, 5.0, 4.0, 5.0)), 5.0, "two points");
    }
}
