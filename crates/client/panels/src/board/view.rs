use atrium_board::{Align, PageId, Style};
use atrium_easel::{Hindrance, Saving, Tool};
use atrium_protocol::{ParticipantId, PersonId};
use egui::Rect;

/// A board that one works on: full-window, or with one of its tools in hand in the room.
#[derive(Clone, Copy, Debug)]
pub struct BoardView<'a> {
    /// It fills the window. Otherwise a strip of colours is all that is shown of it.
    pub is_open: bool,
    /// What the board is called.
    pub name: &'a str,
    /// The tool in hand.
    pub tool: Tool,
    /// How the next thing will look; with [`Tool::Select`] how the selection looks, mixed as it may be.
    pub style: Style,
    /// Its content is not here yet.
    pub is_loading: bool,
    /// Why one may not draw now; `None`: one may.
    pub hindrance: Option<Hindrance>,
    /// Something of one's own can be undone.
    pub can_undo: bool,
    /// Something that was undone can be done again.
    pub can_redo: bool,
    /// The pages, in order; never none.
    pub pages: &'a [PageTab],
    /// The page that one looks at.
    pub page: PageId,
    /// The page that the board on the wall shows to everybody.
    pub wall_page: Option<PageId>,
    /// What is selected.
    pub selection: Selection,
    /// How large the board is shown: 100 is its own scale.
    pub zoom_percent: u32,
    /// Who else works on this board.
    pub people: &'a [BoardPerson],
    /// Whom one follows.
    pub following: Option<ParticipantId>,
    /// Others may follow what one looks at.
    pub is_leading: bool,
    /// The text that is being typed.
    pub text: Option<BoardText<'a>>,
    /// Whether what one drew is safe.
    pub saving: Saving,
    /// For how many seconds it has not been.
    pub unsaved_secs: f32,
    /// The paper is dark.
    pub is_dark: bool,
    /// Nobody may change the board.
    pub is_frozen: bool,
    /// One may freeze the board and take away what others drew.
    pub may_moderate: bool,
    /// Who has drawn something that is still there, for moderators.
    pub authors: &'a [BoardAuthor],
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageTab {
    /// Which.
    pub id: PageId,
    /// Its name; may be empty.
    pub name: String,
}

/// What is selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// How many things.
    pub count: usize,
    /// Ink, lines or outlines among them: they have a width.
    pub has_lines: bool,
    /// Text or notes among them.
    pub has_text: bool,
    /// Rectangles or ellipses among them: they can be filled.
    pub has_closed: bool,
    /// Lines, rectangles or ellipses among them: they can be dashed.
    pub has_dashes: bool,
    /// All of it is locked.
    pub is_locked: bool,
}

/// Somebody else at the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardPerson {
    /// Who.
    pub id: ParticipantId,
    /// Their name.
    pub name: String,
    /// The colour of their pointer, sRGB.
    pub color: [u8; 3],
    /// They want others to follow them.
    pub is_leading: bool,
}

/// Somebody who has drawn on the board; they may have left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardAuthor {
    /// Who.
    pub person: PersonId,
    /// Their name, where it is known.
    pub name: Option<String>,
    /// How many things of theirs are there.
    pub count: usize,
}

/// Text that is being typed on the board. Whoever draws the board leaves its element out meanwhile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoardText<'a> {
    /// What is written.
    pub text: &'a str,
    /// Where it is, in points of the surface, without any margin.
    pub rect: Rect,
    /// The em of its letters, in points of the surface.
    pub font_points: f32,
    /// Of its letters, sRGB.
    pub color: [u8; 3],
    /// How its lines stand.
    pub align: Align,
    /// Lines are wrapped at the width of `rect`.
    pub is_wrapped: bool,
    /// It stands in the middle of `rect`, as on a note, and not at its top.
    pub is_centered: bool,
}
