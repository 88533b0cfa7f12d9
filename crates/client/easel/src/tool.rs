/// What one holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tool {
    /// Selects, moves, resizes and turns what is there.
    Select,
    /// Draws ink.
    #[default]
    Pen,
    /// Draws broad, see-through ink.
    Highlighter,
    /// Takes away what it touches.
    Eraser {
        /// Only the touched part of a stroke, not all of it.
        parts: bool,
    },
    /// Draws a straight line.
    Line,
    /// Draws a line with a head.
    Arrow,
    /// Draws a rectangle.
    Rectangle,
    /// Draws an ellipse.
    Ellipse,
    /// Writes text.
    Text,
    /// Puts up sticky notes.
    Sticky,
    /// Points, and leaves nothing.
    Laser,
    /// Moves the view.
    Hand,
}

impl Tool {
    /// Whether it changes the board, which needs the grant `draw`.
    pub fn draws(self) -> bool {
        !matches!(self, Self::Select | Self::Laser | Self::Hand)
    }
}
