use crate::Figure;
use atrium_board::{ElementId, Frame, PageId, Shape, Style};
use glam::Vec2;

/// Text that is being typed. Whoever draws the board leaves the words to the field that is shown over it.
#[derive(Clone, Debug, PartialEq)]
pub struct TextEdit {
    /// The element that it is, or will be when something is written.
    pub element: ElementId,
    /// The page that it lies on.
    pub page: PageId,
    /// Where it lies; its origin is the upper left corner.
    pub frame: Frame,
    /// How it looks.
    pub style: Style,
    /// What is written.
    pub text: String,
    /// Where lines are wrapped; `None`: only where the text says so.
    pub wrap_mm: Option<f32>,
    /// Width and height of the text, or of the note.
    pub size: Vec2,
    /// It stands on a note.
    pub is_sticky: bool,
}

impl TextEdit {
    /// The shape that it is now.
    pub fn shape(&self) -> Shape {
        if self.is_sticky {
            Shape::Sticky { text: self.text.clone(), size: self.size }
        } else {
            Shape::Text { text: self.text.clone(), wrap_mm: self.wrap_mm, size: self.size }
        }
    }

    /// How it looks now.
    pub fn figure(&self) -> Figure {
        Figure { frame: self.frame, style: self.style, shape: self.shape() }
    }
}
