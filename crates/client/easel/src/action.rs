use crate::Tool;
use atrium_board::{PageId, Template, TemplateWords, View};
use atrium_protocol::{ContentHash, ParticipantId, PersonId};
use glam::Vec2;

/// Something that is done at once: by a key, a button or a menu.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Takes a tool.
    Use(Tool),
    /// Takes back what one did last.
    Undo,
    /// Does it again.
    Redo,
    /// Ends what is under way: a drag, typing, a selection, at last the tool.
    Escape,

    /// Selects everything on the page that is not locked.
    SelectAll,
    /// Selects nothing.
    SelectNothing,
    /// Takes the selection away.
    Delete,
    /// A copy of the selection beside it, selected.
    Duplicate,
    /// Keeps a copy for pasting, and takes the selection away.
    Cut,
    /// Keeps a copy for pasting.
    Copy,
    /// Puts up what was kept: in the middle of the view, or here.
    Paste(Option<Vec2>),
    /// Text from elsewhere, as a text element in the middle of the view, or here.
    PasteText(String, Option<Vec2>),
    /// Locks the selection, or unlocks it.
    Lock(bool),
    /// Locks the selection, or unlocks it if all of it is locked.
    ToggleLock,
    /// Above everything else.
    ToFront,
    /// Below everything else.
    ToBack,
    /// Moves the selection by so many millimetres.
    Nudge(Vec2),
    /// Moves the selection by so many steps of a pixel.
    NudgePixels(Vec2),
    /// Types in the selected text or note.
    EditText,

    /// A new page after this one, and goes there.
    AddPage {
        /// What it is called, in the language of whoever makes it.
        name: String,
    },
    /// Another name for a page.
    RenamePage {
        /// Which.
        page: PageId,
        /// The name.
        name: String,
    },
    /// Another place among the pages: before that one, or last.
    MovePage {
        /// Which.
        page: PageId,
        /// What it will be before.
        before: Option<PageId>,
    },
    /// Takes a page away with all that is on it.
    RemovePage(PageId),
    /// Looks at a page. At the wall that is what everybody sees there.
    GoTo(PageId),
    /// Looks at the next page.
    NextPage,
    /// Looks at the page before.
    PreviousPage,

    /// Lines and titles to work with, in the middle of the view.
    Template {
        /// Which.
        template: Template,
        /// Its titles in the language of whoever makes it.
        words: TemplateWords,
    },
    /// A picture that the server has already.
    InsertImage {
        /// Its file.
        hash: ContentHash,
        /// Width and height in pixels.
        pixels: Vec2,
        /// Its middle; `None`: in the middle of the view.
        at: Option<Vec2>,
    },

    /// Takes everything by a person away. Moderators only.
    ClearPerson(PersonId),
    /// Lets nobody change the board, or everybody again. Moderators only.
    Freeze(bool),
    /// Dark or light paper.
    Paper {
        /// Dark.
        is_dark: bool,
    },

    /// The board on the wall shows this to everybody.
    Show(View),
    /// The board on the wall shows what one looks at oneself.
    ShowMine,
    /// Looks at whatever that person looks at, as it changes; `None`: no longer.
    Follow(Option<ParticipantId>),
    /// Lets others follow, or no longer.
    Lead(bool),
    /// Looks from nearer or further.
    Zoom(Zoom),
    /// Looks nearer by a factor, with the point under the pointer where it is.
    ZoomAt {
        /// The point that stays.
        at: Vec2,
        /// More than 1 is nearer.
        factor: f32,
    },
    /// Moves what one looks at by so many millimetres.
    Pan(Vec2),
}

/// A step of the zoom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    /// Nearer.
    In,
    /// Further.
    Out,
    /// As large as the board on the wall.
    Whole,
    /// All that is on the page.
    Fit,
}
