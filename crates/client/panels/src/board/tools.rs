//! What the panels know about each tool.

use super::{BoardView, Selection};
use crate::{Icon, Key};
use atrium_easel::{HIGHLIGHTER_WIDTHS_MM, Hindrance, LINE_WIDTHS_MM, Tool};

/// The tools of the palette in three groups; shapes share a place.
pub(super) fn palette(last_shape: Tool, eraser: Tool) -> [[Tool; 3]; 3] {
    [
        [Tool::Select, Tool::Hand, Tool::Laser],
        [Tool::Pen, Tool::Highlighter, eraser],
        [Tool::Text, Tool::Sticky, last_shape],
    ]
}

/// The shapes, in the order of their menu.
pub(super) const SHAPES: [Tool; 4] = [Tool::Line, Tool::Arrow, Tool::Rectangle, Tool::Ellipse];

/// How a tool looks in a palette: its sign, its name, and its key.
pub(super) fn face(tool: Tool) -> (Icon, Key, &'static str) {
    match tool {
        Tool::Select => (Icon::Select, Key("tool-select"), "V"),
        Tool::Hand => (Icon::Move, Key("tool-hand"), ""),
        Tool::Laser => (Icon::Laser, Key("tool-laser"), "K"),
        Tool::Pen => (Icon::Pen, Key("tool-pen"), "P"),
        Tool::Highlighter => (Icon::Highlighter, Key("tool-highlighter"), "H"),
        Tool::Eraser { .. } => (Icon::Eraser, Key("tool-eraser"), "E"),
        Tool::Text => (Icon::Text, Key("tool-text"), "T"),
        Tool::Sticky => (Icon::Note, Key("tool-note"), "N"),
        Tool::Line => (Icon::Line, Key("tool-line"), "L"),
        Tool::Arrow => (Icon::Arrow, Key("tool-arrow"), "A"),
        Tool::Rectangle => (Icon::Rectangle, Key("tool-rectangle"), "R"),
        Tool::Ellipse => (Icon::Ellipse, Key("tool-ellipse"), "O"),
    }
}

/// Whether a tool is of use now.
pub(super) fn is_offered(tool: Tool, board: &BoardView<'_>) -> bool {
    match board.hindrance {
        _ if board.is_loading => tool == Tool::Hand,
        None | Some(Hindrance::Waiting) => true,
        Some(Hindrance::NotGranted) => tool == Tool::Hand,
        Some(Hindrance::Frozen) => matches!(tool, Tool::Hand | Tool::Laser),
    }
}

/// What a colour is the colour of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColorOf {
    /// Ink, lines, letters.
    Ink,
    /// The paper of a note.
    Paper,
}

/// Which parts of a style something has a use for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Uses {
    pub(super) color: Option<ColorOf>,
    pub(super) widths_mm: Option<[f32; 4]>,
    pub(super) fill: bool,
    pub(super) dash: bool,
    pub(super) text: bool,
    pub(super) parts: bool,
}

impl Uses {
    /// Of the tool in hand, or of what is selected.
    pub(super) fn of(board: &BoardView<'_>) -> Self {
        let ink = Self { color: Some(ColorOf::Ink), ..Self::default() };
        let line = Self { widths_mm: Some(LINE_WIDTHS_MM), ..ink };
        if !is_offered(board.tool, board) {
            return Self::default();
        }
        match board.tool {
            Tool::Pen => line,
            Tool::Highlighter => Self { widths_mm: Some(HIGHLIGHTER_WIDTHS_MM), ..ink },
            Tool::Line | Tool::Arrow => Self { dash: true, ..line },
            Tool::Rectangle | Tool::Ellipse => Self { dash: true, fill: true, ..line },
            Tool::Text => Self { text: true, ..ink },
            Tool::Sticky => Self { color: Some(ColorOf::Paper), text: true, ..ink },
            Tool::Eraser { .. } => Self { parts: true, ..Self::default() },
            Tool::Select => Self::of_selection(&board.selection),
            Tool::Laser | Tool::Hand => Self::default(),
        }
    }

    fn of_selection(selection: &Selection) -> Self {
        if selection.count == 0 || selection.is_locked {
            return Self::default();
        }
        Self {
            color: (selection.has_lines || selection.has_text).then_some(ColorOf::Ink),
            widths_mm: selection.has_lines.then_some(LINE_WIDTHS_MM),
            fill: selection.has_closed,
            dash: selection.has_dashes,
            text: selection.has_text,
            parts: false,
        }
    }

    /// There is nothing to choose.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
