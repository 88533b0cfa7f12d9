use crate::PageId;
use crate::geometry::{is_on_page, vec2_as_pair};
use crate::limits::{VIEW_MM_MAX, VIEW_MM_MIN};
use glam::Vec2;
use serde::{Deserialize, Serialize};

/// What of a page is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Which page.
    pub page: PageId,
    /// What is in the middle.
    #[serde(with = "vec2_as_pair")]
    pub center: Vec2,
    /// How much of the page is seen from left to right.
    pub width_mm: f32,
}

impl View {
    /// Whether every number is finite and within limits.
    pub fn is_possible(&self) -> bool {
        is_on_page(self.center) && (VIEW_MM_MIN..=VIEW_MM_MAX).contains(&self.width_mm)
    }
}
