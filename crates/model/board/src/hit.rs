use crate::{Bounds, Document, ElementId, PageId};
use glam::Vec2;

/// The topmost element at a place, locked ones too.
pub fn hit(document: &Document, page: PageId, at: Vec2, tolerance_mm: f32) -> Option<ElementId> {
    let area = Bounds::of([at]).grown(tolerance_mm);
    document.elements_in(page, area).next_back().map(|element| element.id)
}

/// The elements that lie entirely inside `area`, from the bottom up.
pub fn inside(document: &Document, page: PageId, area: Bounds) -> Vec<ElementId> {
    let near = document.elements_in(page, area);
    near.filter(|element| area.contains_all(&element.bounds())).map(|element| element.id).collect()
}
