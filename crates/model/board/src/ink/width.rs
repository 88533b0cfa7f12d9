use super::Point;

/// How much wider or narrower than usual a line can get.
const PRESSURE_SHARE: f32 = 0.7;

/// How wide the line is at each point, in millimetres: the pen's pressure shows a little, the highlighter's does not.
pub fn widths(points: &[Point], width_mm: f32, is_highlighter: bool) -> Vec<f32> {
    points.iter().map(|point| width_at(*point, width_mm, is_highlighter)).collect()
}

/// How wide the line is at a point.
pub(crate) fn width_at(point: Point, width_mm: f32, is_highlighter: bool) -> f32 {
    if is_highlighter { width_mm } else { width_mm * (1.0 + PRESSURE_SHARE * (point.pressure - 0.5)) }
}

/// Widest that [`widths`] makes of a width.
pub(crate) fn widest(width_mm: f32, is_highlighter: bool) -> f32 {
    width_at(Point { position: glam::Vec2::ZERO, pressure: 1.0 }, width_mm, is_highlighter)
}
