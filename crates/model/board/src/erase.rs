use crate::{Document, Edit, IdSource, PageId};
use glam::Vec2;

/// A round eraser that was moved in a straight line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Eraser {
    /// Where it was, on the page.
    pub from: Vec2,
    /// Where it is.
    pub to: Vec2,
    /// How large it is.
    pub radius_mm: f32,
}

/// Cuts the ink that an eraser crosses: strokes are removed and what remains of them is added. Locked ink and strokes
/// that are still being drawn stay as they are.
pub fn erase_parts(_document: &Document, _page: PageId, _eraser: &Eraser, _ids: &mut IdSource) -> Vec<Edit> {
    Vec::new()
}
