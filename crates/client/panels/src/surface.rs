use egui::{Rect, Ui, Vec2};

/// What panels are drawn on: the window, or a sheet in the world.
///
/// Panels only ever see this, never a window: whoever owns the surface turns its pointer (a mouse, a ray that meets
/// the sheet) into pointer events of the context, in points of the surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surface {
    /// Its size in points.
    pub size_points: Vec2,
    /// Pixels of its texture in a point.
    pub pixels_per_point: f32,
    /// What points at it.
    pub pointer: Pointer,
}

/// What points at a surface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pointer {
    /// A mouse: small targets are possible, hovering explains them.
    #[default]
    Mouse,
    /// A ray from a hand: it trembles, and there is no keyboard at hand.
    Ray,
}

impl Surface {
    /// A surface of `pixels`, whose own scale is `native_scale` pixels a point, with panels at `text_scale_percent`.
    pub fn new(pixels: [u32; 2], native_scale: f32, text_scale_percent: u16, pointer: Pointer) -> Self {
        let native_scale = if native_scale.is_finite() { native_scale.max(0.1) } else { 1.0 };
        let pixels_per_point = native_scale * f32::from(text_scale_percent.max(10)) / 100.0;
        let size_points = Vec2::new(pixels[0] as f32, pixels[1] as f32) / pixels_per_point;
        Self { size_points, pixels_per_point, pointer }
    }

    /// The surface that a `Ui` fills.
    pub fn of(ui: &Ui, pointer: Pointer) -> Self {
        let size_points = ui.ctx().content_rect().size();
        Self { size_points, pixels_per_point: ui.ctx().pixels_per_point(), pointer }
    }

    /// All of it.
    pub(crate) fn rect(&self) -> Rect {
        Rect::from_min_size(egui::Pos2::ZERO, self.size_points)
    }

    /// Words do not fit beside each other here.
    pub(crate) fn is_narrow(&self) -> bool {
        self.size_points.x < 620.0
    }

    /// Every line counts here.
    pub(crate) fn is_short(&self) -> bool {
        self.size_points.y < 420.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn larger_text_leaves_fewer_points() {
        let usual = Surface::new([1280, 720], 1.0, 100, Pointer::Mouse);
        let large = Surface::new([1280, 720], 1.0, 200, Pointer::Mouse);
        assert_eq!(usual.size_points, Vec2::new(1280.0, 720.0));
        assert_eq!(large.size_points, Vec2::new(640.0, 360.0));
        assert_eq!(Surface::new([2560, 1440], 2.0, 100, Pointer::Ray).size_points, usual.size_points);
        assert!(!usual.is_narrow() && !usual.is_short() && large.is_short());
        assert!(Surface::new([0, 0], f32::NAN, 0, Pointer::Ray).size_points.is_finite());
    }
}
