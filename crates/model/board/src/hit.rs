use crate::ink::{distance_to_piece, width_at};
use crate::{Bounds, Document, Element, ElementId, Fill, PageId, Shape};
use glam::Vec2;

/// The topmost element at a place, locked ones too. Of shapes without a fill only their lines are there.
pub fn hit(document: &Document, page: PageId, at: Vec2, tolerance_mm: f32) -> Option<ElementId> {
    let area = Bounds::of([at]).grown(tolerance_mm);
    let near = document.elements_in(page, area);
    near.rev().find(|element| element.is_at(at, tolerance_mm)).map(|element| element.id)
}

/// The elements that lie entirely inside `area`, from the bottom up.
pub fn inside(document: &Document, page: PageId, area: Bounds) -> Vec<ElementId> {
    let near = document.elements_in(page, area);
    near.filter(|element| area.contains_all(&element.bounds())).map(|element| element.id).collect()
}

impl Element {
    /// Whether a place on its page is on it, or not farther from it than `tolerance_mm`.
    pub fn is_at(&self, at: Vec2, tolerance_mm: f32) -> bool {
        let at = self.frame.to_affine().inverse().transform_point2(at);
        // As wide as the tolerance is at least, along whichever axis.
        let tolerance = tolerance_mm / self.frame.scale.abs().min_element();
        let line = self.style.width_mm / 2.0 + tolerance;
        match &self.shape {
            Shape::Ink { points, is_highlighter, .. } => {
                let mut last = None;
                points.bounds().grown(self.half_line() + tolerance).contains(at)
                    && points.iter().any(|point| {
                        let from = last.replace(point).unwrap_or(point);
                        let reach = width_at(point, self.style.width_mm, *is_highlighter) / 2.0 + tolerance;
                        distance_to_piece(at, from.position, point.position).0 <= reach
                    })
            }
            Shape::Line { ends, .. } => distance_to_piece(at, ends[0], ends[1]).0 <= line,
            Shape::Rectangle { size } => {
                let whole = Bounds::of([Vec2::ZERO, *size]);
                let inner = whole.grown(-line);
                let is_hollow = self.style.fill == Fill::None && !inner.is_empty() && inner.contains(at);
                whole.grown(line).contains(at) && !is_hollow
            }
            Shape::Ellipse { size } => {
                let beside = beside_ellipse(at, *size);
                if self.style.fill == Fill::None { beside.abs() <= line } else { beside <= line }
            }
            Shape::Text { size, .. } | Shape::Sticky { size, .. } | Shape::Image { size, .. } => {
                Bounds::of([Vec2::ZERO, *size]).grown(tolerance).contains(at)
            }
        }
    }
}

/// Roughly how far a place is outside of an ellipse; negative inside.
fn beside_ellipse(at: Vec2, size: Vec2) -> f32 {
    let half = (size / 2.0).max(Vec2::splat(1e-3));
    let from_middle = at - size / 2.0;
    let share = (from_middle / half).length();
    if share < 1e-3 {
        return -half.min_element();
    }
    // Divided by how steeply the share rises there.
    (share - 1.0) * share / (from_middle / (half * half)).length()
}
