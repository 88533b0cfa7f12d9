use atrium_board::Style;
use atrium_easel::{Action, Zoom};

/// What is asked of the board that one works on.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a handful a second, and none of them is kept")]
pub enum BoardIntent {
    /// Fill the window with it.
    Open,
    /// Back to the room; or put the tool away.
    Close,
    /// Something that an easel does: a tool, undo, a page, the selection.
    Do(Action),
    /// Look like this from now on, and the selection too. Only what differs from the view's style is meant.
    Style(Style),
    /// The text that is being typed is this now.
    TextTyped(String),
    /// The text is complete.
    TextDone,
    /// Place what was copied here, or what the clipboard has: this text, or else perhaps a picture.
    Paste(Option<String>),
    /// Choose a picture, and place it in the middle of the view.
    InsertImage,
    /// Save the page as a file.
    Export(BoardFile),
}

/// A kind of file that a board is saved as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoardFile {
    /// Shapes, to be edited elsewhere.
    Svg,
    /// A picture.
    Png,
    /// A document, to be printed.
    Pdf,
}

impl BoardIntent {
    /// Whether it only changes how one looks at the board: a menu that asked for it stays open.
    pub(super) fn keeps_menu(&self) -> bool {
        matches!(self, Self::Style(_) | Self::TextTyped(_) | Self::Do(Action::Zoom(Zoom::In | Zoom::Out)))
    }
}

impl From<Action> for BoardIntent {
    fn from(action: Action) -> Self {
        Self::Do(action)
    }
}
