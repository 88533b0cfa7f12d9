use super::Point;
use glam::Vec2;

/// Triangles of lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ribbon {
    /// Corners.
    pub positions: Vec<Vec2>,
    /// Three for each triangle.
    pub indices: Vec<u32>,
}

impl Ribbon {
    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.positions.clear();
        self.indices.clear();
    }
}

/// Adds a line as triangles to `out`. They overlap: for opaque pens.
pub fn ribbon(_points: &[Point], _width_mm: f32, _is_highlighter: bool, _out: &mut Ribbon) {}
