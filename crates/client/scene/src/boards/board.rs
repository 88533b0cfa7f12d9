use super::sheet::{Dirty, Sheet};
use super::target::Target;
use atrium_board::{Document, PageId, Style};
use atrium_easel::{Action, Easel, Saving, Tool};
use atrium_lettering::Lettering;
use atrium_protocol::BoardId;
use bevy::prelude::*;
use bevy::tasks::Task;
use std::collections::BTreeMap;

/// A board of the room.
pub(super) struct Board {
    pub(super) id: BoardId,
    pub(super) coming: Coming,
    /// The board as one works on it, once it is here.
    pub(super) easel: Option<Easel>,
    /// A page of which all is to be painted, found out away from the frame.
    pub(super) first_page: Option<(PageId, Dirty)>,
    /// Pages that are on the graphics card.
    pub(super) sheets: BTreeMap<PageId, Sheet>,
    /// What the wall shows.
    pub(super) wall: Target,
}

/// How far a board is on its way.
pub(super) enum Coming {
    /// To be asked for, then.
    Later {
        /// Seconds since the app began.
        at_secs: f64,
    },
    /// The server was asked for it.
    Asked,
    /// Being read.
    Reading(Task<Result<ReadBoard, String>>),
    /// Here, or nothing is to be expected any more.
    Over,
}

/// A board as it was fetched.
pub(super) struct ReadBoard {
    pub(super) document: Document,
    /// The page that its wall shows first, and what is on it.
    pub(super) first_page: (PageId, Dirty),
}

/// The boards of the room, and how one works on them.
#[derive(Resource, Default)]
pub struct Boards {
    pub(super) boards: Vec<Board>,
    /// The one that fills the window.
    pub(super) open: Option<BoardId>,
    /// The one at which one works in the room, until one goes away.
    pub(super) at: Option<BoardId>,
    /// The one at which one does not want its tools.
    pub(super) put_away: Option<BoardId>,
    /// The one that fills the window shall be seen whole between the panels.
    pub(super) is_to_fit: bool,
    /// The tool in hand: the same at every board.
    pub(super) tool: Tool,
    /// What was copied on a board last.
    pub(super) copied: Option<Copied>,
    /// Counts places; see [`super::walls::Walls::generation`].
    pub(super) generation: u64,
}

/// What was copied on a board.
pub(super) struct Copied {
    /// What was put on the clipboard for it: as long as that is there, it is what is pasted.
    pub(super) text: String,
    /// On which board.
    pub(super) from: BoardId,
}

/// Measures the text that one writes.
#[derive(Resource, Default)]
pub(super) enum Ruler {
    /// Nobody wrote anything yet.
    #[default]
    Unneeded,
    /// Fonts are looked for.
    Coming(Task<Lettering>),
    /// Ready.
    Here(Box<Lettering>),
}

/// A style in which that is different which differs between two others.
fn with_changes(style: Style, before: &Style, now: &Style) -> Style {
    fn pick<T: Copy + PartialEq>(own: T, before: T, now: T) -> T {
        if before == now { own } else { now }
    }
    Style {
        color: pick(style.color, before.color, now.color),
        width_mm: pick(style.width_mm, before.width_mm, now.width_mm),
        fill: pick(style.fill, before.fill, now.fill),
        dash: pick(style.dash, before.dash, now.dash),
        letter_mm: pick(style.letter_mm, before.letter_mm, now.letter_mm),
        align: pick(style.align, before.align, now.align),
    }
}

impl Board {
    pub(super) fn new(id: BoardId, texture: Handle<Image>) -> Self {
        Self {
            id,
            coming: Coming::Later { at_secs: 0.0 },
            easel: None,
            first_page: None,
            sheets: BTreeMap::new(),
            wall: Target::new(texture),
        }
    }
}

impl Boards {
    pub(super) fn get(&self, id: BoardId) -> Option<&Board> {
        self.boards.iter().find(|board| board.id == id)
    }

    pub(super) fn get_mut(&mut self, id: BoardId) -> Option<&mut Board> {
        self.boards.iter_mut().find(|board| board.id == id)
    }

    /// The easel of a board that is here.
    pub(super) fn easel(&self, id: BoardId) -> Option<&Easel> {
        self.get(id)?.easel.as_ref()
    }

    /// The same, to work on.
    pub(super) fn easel_mut(&mut self, id: BoardId) -> Option<&mut Easel> {
        self.get_mut(id)?.easel.as_mut()
    }

    /// Whether the tool in hand does something at that board.
    pub(crate) fn takes_the_pen(&self, id: BoardId) -> bool {
        let is_held_here = match self.tool {
            // These want a window of their own.
            Tool::Select | Tool::Hand | Tool::Text | Tool::Sticky => false,
            Tool::Laser => true,
            _ => self.easel(id).is_some_and(|easel| easel.hindrance().is_none()),
        };
        is_held_here && self.easel(id).is_some()
    }

    /// Takes a tool, at every board.
    pub(super) fn set_tool(&mut self, tool: Tool) {
        self.tool = tool;
        self.boards.iter_mut().filter_map(|board| board.easel.as_mut()).for_each(|easel| easel.set_tool(tool));
    }

    /// Does something at a board.
    pub(super) fn act(&mut self, id: BoardId, now_secs: f64, action: Action) {
        self.easel_mut(id).into_iter().for_each(|easel| easel.act(now_secs, action.clone()));
        self.follow_tool(id);
    }

    /// What was done at a board may have changed the tool.
    pub(super) fn follow_tool(&mut self, id: BoardId) {
        if let Some(tool) = self.easel(id).map(Easel::tool).filter(|tool| *tool != self.tool) {
            self.set_tool(tool);
        }
    }

    /// Looks like this from now on, at every board; what is selected changes only at the one that is worked on.
    pub(super) fn set_style(&mut self, style: Style) {
        let in_work = self.in_work();
        let Some(before) = in_work.and_then(|id| self.easel(id)).map(|easel| *easel.style()) else { return };
        for board in &mut self.boards {
            let Some(easel) = &mut board.easel else { continue };
            if Some(board.id) == in_work {
                easel.set_style(style);
            } else if easel.selection().is_empty() {
                easel.set_style(with_changes(*easel.style(), &before, &style));
            }
        }
    }

    /// Puts on a board what was copied last, on whichever.
    pub(super) fn paste_copied(&mut self, id: BoardId, now_secs: f64, at: Option<Vec2>) {
        let from = self.copied.as_ref().map(|copied| copied.from).filter(|from| *from != id);
        if let Some(figures) = from.and_then(|from| self.easel(from)).map(|easel| easel.clipboard().to_vec())
            && let Some(easel) = self.easel_mut(id)
        {
            easel.set_clipboard(figures);
            if let Some(copied) = &mut self.copied {
                copied.from = id;
            }
        }
        self.act(id, now_secs, Action::Paste(at));
    }

    /// What is on a board, with one's own changes; `None` until it is here.
    pub fn document(&self, id: BoardId) -> Option<&Document> {
        self.easel(id).map(Easel::document)
    }

    /// Whether the server has all that one did at a board.
    pub fn is_saved(&self, id: BoardId) -> bool {
        self.easel(id).is_some_and(|easel| easel.saving() == Saving::Saved)
    }

    /// Whether the server lacks something that one did at any board.
    pub(crate) fn has_unsaved(&self) -> bool {
        let mut easels = self.boards.iter().filter_map(|board| board.easel.as_ref());
        easels.any(|easel| easel.saving() != Saving::Saved)
    }

    /// Whether one fills the window.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// The one that is worked on: it fills the window, or one stands at it.
    pub(super) fn in_work(&self) -> Option<BoardId> {
        self.open.or(self.at)
    }
}
