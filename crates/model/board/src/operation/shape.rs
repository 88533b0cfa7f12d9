//! What a new element is on the wire, and what it is on the board.

use super::NewElement;
use crate::Shape;
use crate::ink::{InkError, Points};
use glam::Vec2;

impl NewElement {
    /// Bytes of its ink, its text, or the name of its picture.
    pub(crate) fn content_bytes(&self) -> usize {
        match self {
            Self::Ink { points, .. } => points.len(),
            Self::Text { text, .. } | Self::Sticky { text, .. } => text.len(),
            Self::Image { hash, .. } => hash.0.len(),
            Self::Line { .. } | Self::Rectangle { .. } | Self::Ellipse { .. } => 0,
        }
    }
}

impl TryFrom<&NewElement> for Shape {
    type Error = InkError;

    fn try_from(new: &NewElement) -> Result<Self, InkError> {
        Ok(match new {
            NewElement::Ink { is_highlighter, points, is_finished } => Self::Ink {
                is_highlighter: *is_highlighter,
                points: Points::from_packed(points)?,
                is_finished: *is_finished,
            },
            NewElement::Line { ends, is_arrow } => Self::Line { ends: ends.map(Vec2::from), is_arrow: *is_arrow },
            NewElement::Rectangle { size } => Self::Rectangle { size: *size },
            NewElement::Ellipse { size } => Self::Ellipse { size: *size },
            NewElement::Text { text, wrap_mm, size } => {
                Self::Text { text: text.clone(), wrap_mm: *wrap_mm, size: *size }
            }
            NewElement::Sticky { text, size } => Self::Sticky { text: text.clone(), size: *size },
            NewElement::Image { hash, size } => Self::Image { hash: *hash, size: *size },
        })
    }
}

/// A copy of what is on the board, finished. Strokes of more than [`crate::limits::EDIT_POINTS`] points do not fit into
/// one edit: see [`crate::stroke_edits`].
impl From<&Shape> for NewElement {
    fn from(shape: &Shape) -> Self {
        match shape {
            Shape::Ink { is_highlighter, points, .. } => {
                Self::Ink { is_highlighter: *is_highlighter, points: points.packed().to_vec(), is_finished: true }
            }
            Shape::Line { ends, is_arrow } => Self::Line { ends: ends.map(Into::into), is_arrow: *is_arrow },
            Shape::Rectangle { size } => Self::Rectangle { size: *size },
            Shape::Ellipse { size } => Self::Ellipse { size: *size },
            Shape::Text { text, wrap_mm, size } => Self::Text { text: text.clone(), wrap_mm: *wrap_mm, size: *size },
            Shape::Sticky { text, size } => Self::Sticky { text: text.clone(), size: *size },
            Shape::Image { hash, size } => Self::Image { hash: *hash, size: *size },
        }
    }
}
