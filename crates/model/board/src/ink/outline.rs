use super::Point;
use glam::Vec2;

/// The line as a closed polygon, to be filled where the winding number is not zero; a single point is a dot.
pub fn outline(_points: &[Point], _width_mm: f32, _is_highlighter: bool) -> Vec<Vec2> {
    Vec::new()
}
