use crate::Figure;
use atrium_board::{ElementId, PageId};
use glam::Affine2;

/// What is being moved, turned, resized or dragged out. It is not drawn with the other elements meanwhile ([`crate::Easel::is_apart`])
/// but drawn above it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lifted {
    /// The page that it lies on.
    pub page: PageId,
    /// How each looks before `transform`; remade only when `version` changes.
    pub figures: Vec<(ElementId, Figure)>,
    /// Where all of it is now: `page_from_figures`.
    pub transform: Affine2,
    /// Changes with `figures`.
    pub version: u64,
}
