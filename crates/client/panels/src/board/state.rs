use super::BoardIntent;
use atrium_board::{PageId, limits};
use atrium_easel::{Action, Tool};
use atrium_protocol::ParticipantId;

/// A menu of a board: one is open at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoardMenu {
    /// All tools, where there is no room to show them at once.
    Tools,
    /// Line, arrow, rectangle, ellipse.
    Shapes,
    /// The pages.
    Pages,
    /// Who is here, and whom to follow.
    People,
    /// What is done with a whole board.
    More,
    /// Templates.
    Templates,
    /// Kinds of files.
    Export,
    /// Whose drawings to take away.
    RemoveBy,
    /// How near one looks.
    Zoom,
    /// What else is done with a selection.
    Selection,
}

/// What is asked of a board's panels themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BoardPanelIntent {
    /// Open a menu, or close it when it is the open one.
    Toggle(BoardMenu),
    /// Close whatever menu is open.
    CloseMenu,
    /// Show or hide colours, widths and so on.
    ToggleStyle,
    /// The field for a page's name has new text.
    PageNameTyped(PageId, String),
    /// Do not offer to follow this one any more.
    IgnoreLeader(ParticipantId),
}

/// What a board's panels remember.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardPanels {
    /// The open menu.
    pub menu: Option<BoardMenu>,
    /// Whether colours, widths and so on are shown.
    pub shows_style: bool,
    /// A page's name that is being typed.
    pub page_name: Option<(PageId, String)>,
    /// Who leads without that one wants to follow.
    pub ignored_leader: Option<ParticipantId>,
    /// The shape that the palette offers.
    pub last_shape: Tool,
}

impl Default for BoardPanels {
    fn default() -> Self {
        Self { menu: None, shows_style: false, page_name: None, ignored_leader: None, last_shape: Tool::Rectangle }
    }
}

impl BoardPanels {
    /// Takes what was asked of the panels.
    pub(crate) fn take(&mut self, intent: BoardPanelIntent) {
        match intent {
            BoardPanelIntent::Toggle(menu) if self.menu == Some(menu) => self.close_menu(),
            BoardPanelIntent::Toggle(menu) => {
                self.close_menu();
                self.menu = Some(menu);
            }
            BoardPanelIntent::CloseMenu => self.close_menu(),
            BoardPanelIntent::ToggleStyle => {
                self.close_menu();
                self.shows_style = !self.shows_style;
            }
            BoardPanelIntent::PageNameTyped(page, name) => {
                self.page_name = Some((page, shortened(name, limits::PAGE_NAME_BYTES)));
            }
            BoardPanelIntent::IgnoreLeader(leader) => self.ignored_leader = Some(leader),
        }
    }

    /// Follows what is asked of the board.
    pub(crate) fn follow(&mut self, intent: &BoardIntent) {
        match intent {
            BoardIntent::Do(Action::Use(tool)) if is_shape(*tool) => self.last_shape = *tool,
            BoardIntent::Do(Action::Follow(_)) | BoardIntent::Close => self.ignored_leader = None,
            _ => {}
        }
        if !intent.keeps_menu() {
            self.close_menu();
        }
    }

    fn close_menu(&mut self) {
        (self.menu, self.page_name) = (None, None);
    }
}

/// Whether a tool is one of those that share a place in the palette.
pub(crate) fn is_shape(tool: Tool) -> bool {
    matches!(tool, Tool::Line | Tool::Arrow | Tool::Rectangle | Tool::Ellipse)
}

/// The beginning of a text that fits into so many bytes.
pub(crate) fn shortened(mut text: String, most_bytes: usize) -> String {
    text.truncate(text.floor_char_boundary(most_bytes));
    text
}
