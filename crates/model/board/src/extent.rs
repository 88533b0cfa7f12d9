//! How far elements reach.

use crate::ink::widest;
use crate::{Bounds, Element, Shape};
use glam::Vec2;

/// Length of an arrow's head, in widths of its line, and half of how wide it opens.
const HEAD: [f32; 2] = [5.0, 2.5];

/// The corners of an arrow's head: one side, the tip, the other side. Short arrows have smaller heads.
pub fn arrow_head(ends: [Vec2; 2], width_mm: f32) -> [Vec2; 3] {
    let [from, tip] = ends;
    let back = (from - tip).normalize_or_zero();
    let length = (HEAD[0] * width_mm).min(from.distance(tip) * 0.6);
    let side = back.perp() * length * (HEAD[1] / HEAD[0]);
    [tip + back * length + side, tip, tip + back * length - side]
}

impl Element {
    /// The upright rectangle on its page that holds all of it, the width of its lines included; of turned elements it may
    /// be larger than needed.
    pub fn bounds(&self) -> Bounds {
        let own = self.own_bounds();
        if own.is_empty() {
            return Bounds::NOTHING;
        }
        let own = own.grown(self.half_line());
        let page_from_element = self.frame.to_affine();
        Bounds::of(own.corners().map(|corner| page_from_element.transform_point2(corner)))
    }

    /// The corners of its own rectangle on the page, which turns with it: clockwise from where its upper left is.
    pub fn corners(&self) -> [Vec2; 4] {
        let own = self.own_bounds();
        let own = if own.is_empty() { Bounds::of([Vec2::ZERO]) } else { own.grown(self.half_line()) };
        let page_from_element = self.frame.to_affine();
        own.corners().map(|corner| page_from_element.transform_point2(corner))
    }

    /// In its own space, without the width of its lines.
    pub(crate) fn own_bounds(&self) -> Bounds {
        match &self.shape {
            Shape::Ink { points, .. } => points.bounds(),
            Shape::Line { ends, is_arrow } => {
                let head = is_arrow.then(|| arrow_head(*ends, self.style.width_mm)).into_iter().flatten();
                Bounds::of(ends.iter().copied().chain(head))
            }
            Shape::Rectangle { size }
            | Shape::Ellipse { size }
            | Shape::Text { size, .. }
            | Shape::Sticky { size, .. }
            | Shape::Image { size, .. } => Bounds::of([Vec2::ZERO, *size]),
        }
    }

    /// How far its lines reach over [`Self::own_bounds`].
    pub(crate) fn half_line(&self) -> f32 {
        match &self.shape {
            Shape::Ink { is_highlighter, .. } => widest(self.style.width_mm, *is_highlighter) / 2.0,
            Shape::Line { .. } | Shape::Rectangle { .. } | Shape::Ellipse { .. } => self.style.width_mm / 2.0,
            Shape::Text { .. } | Shape::Sticky { .. } | Shape::Image { .. } => 0.0,
        }
    }
}
