use crate::ink::Points;
use crate::limits::ELEMENT_BYTES;
use crate::{Color, ElementId, Frame, OrderKey, PageId, Style};
use atrium_protocol::{ContentHash, PersonId};
use glam::Vec2;

/// What an element is, in its own space.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A stroke of the pen or the highlighter.
    Ink {
        /// Broad, see-through, without pressure.
        is_highlighter: bool,
        /// Where the pen was; grows while the stroke is drawn.
        points: Points,
        /// The pen was lifted.
        is_finished: bool,
    },
    /// A straight line, perhaps with a head at its end.
    Line {
        /// Where it begins and ends.
        ends: [Vec2; 2],
        /// Has a head at the second end.
        is_arrow: bool,
    },
    /// A rectangle from the origin to `size`.
    Rectangle {
        /// Width and height.
        size: Vec2,
    },
    /// The ellipse within the rectangle from the origin to `size`.
    Ellipse {
        /// Width and height.
        size: Vec2,
    },
    /// Text from the origin to the right and down.
    Text {
        /// What is written; may have several lines.
        text: String,
        /// Where lines are wrapped; `None`: only where the text says so.
        wrap_mm: Option<f32>,
        /// Width and height as its author's fonts gave them, so that it can be found without any.
        size: Vec2,
    },
    /// A note of paper from the origin to `size`, with text in its middle.
    Sticky {
        /// What is written.
        text: String,
        /// Width and height.
        size: Vec2,
    },
    /// A picture from the origin to `size`.
    Image {
        /// Which file.
        hash: ContentHash,
        /// Width and height.
        size: Vec2,
    },
}

/// A property of an element that belongs to whoever wrote it last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Property {
    /// The page that it lies on.
    Page,
    /// What lies above and below.
    Order,
    /// Where it lies.
    Frame,
    /// How it looks.
    Style,
    /// Width and height, ends of a line, or where text is wrapped.
    Size,
    /// What is written.
    Text,
    /// Whether it can be changed.
    Locked,
    /// Whether it is gone.
    Removed,
}

/// Which operation: everybody numbers their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId {
    /// Whose.
    pub author: PersonId,
    /// Their number for it.
    pub nonce: u64,
}

/// A thing on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// Its name.
    pub id: ElementId,
    /// The page that it lies on.
    pub page: PageId,
    /// Larger ones lie above; ties are settled by id.
    pub order: OrderKey,
    /// Where it lies.
    pub frame: Frame,
    /// How it looks.
    pub style: Style,
    /// What it is.
    pub shape: Shape,
    /// Only unlocking changes it.
    pub is_locked: bool,
    /// Gone, but kept for a while so that this can be undone.
    pub is_removed: bool,
    /// The operation that made it; its author is the element's.
    pub made_by: OperationId,
    /// When it was made, in milliseconds of the server's clock; 0 until the server said so.
    pub made_at_ms: u64,
    /// Who wrote a property last, where that was not [`Self::made_by`]; in the order of the properties.
    pub(crate) written_by: Vec<(Property, OperationId)>,
}

impl Element {
    pub(crate) fn new(
        id: ElementId,
        (page, order): (PageId, OrderKey),
        frame: Frame,
        style: Style,
        shape: Shape,
        (made_by, made_at_ms): (OperationId, u64),
    ) -> Self {
        let (is_locked, is_removed) = (false, false);
        let written_by = Vec::new();
        Self { id, page, order, frame, style, shape, is_locked, is_removed, made_by, made_at_ms, written_by }
    }

    /// Who wrote a property last.
    pub fn writer(&self, property: Property) -> OperationId {
        let written = self.written_by.iter().find(|(written, _)| *written == property);
        written.map_or(self.made_by, |(_, by)| *by)
    }

    /// Whose it is.
    pub fn author(&self) -> PersonId {
        self.made_by.author
    }

    /// The colour that it is drawn in.
    pub fn color(&self) -> Color {
        self.style.color
    }

    /// Whether everything about it is the same but who wrote it.
    pub(crate) fn looks_like(&self, other: &Self) -> bool {
        let rest = |element: &Self| {
            (element.id, element.page, element.frame, element.style, element.is_locked, element.is_removed)
        };
        let made = |element: &Self| (element.made_by, element.made_at_ms);
        rest(self) == rest(other) && made(self) == made(other) && self.order == other.order && self.shape == other.shape
    }

    /// Bytes that it takes besides its own size.
    pub(crate) fn heap_bytes(&self) -> usize {
        let shape = match &self.shape {
            Shape::Ink { points, .. } => points.packed().len(),
            Shape::Text { text, .. } | Shape::Sticky { text, .. } => text.len(),
            _ => 0,
        };
        shape + self.order.heap_bytes() + self.written_by.len() * size_of::<(Property, OperationId)>()
    }

    /// Bytes that count towards [`crate::limits::BOARD_BYTES`].
    pub(crate) fn weight_bytes(&self) -> usize {
        ELEMENT_BYTES + self.shape.content_bytes()
    }
}

impl Shape {
    /// Bytes of its ink, its text, or the name of its picture.
    pub(crate) fn content_bytes(&self) -> usize {
        match self {
            Self::Ink { points, .. } => points.packed().len(),
            Self::Text { text, .. } | Self::Sticky { text, .. } => text.len(),
            Self::Image { hash, .. } => hash.0.len(),
            Self::Line { .. } | Self::Rectangle { .. } | Self::Ellipse { .. } => 0,
        }
    }
}
