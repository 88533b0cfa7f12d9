//! Panels of a whiteboard: tools and their styles, pages, who is there, and text that is typed on it.

mod corners;
mod intent;
pub(crate) mod keys;
mod layout;
mod menu;
mod more;
mod news;
mod notices;
mod pages;
mod palette;
mod people;
pub(crate) mod questions;
mod saving;
mod selection;
mod state;
mod strip;
mod style;
mod swatch;
mod template;
mod text;
mod tools;
mod top;
mod view;

pub use intent::{BoardFile, BoardIntent};
pub use news::BoardNews;
pub use state::{BoardMenu, BoardPanelIntent, BoardPanels};
pub use view::{BoardAuthor, BoardPerson, BoardText, BoardView, PageTab, Selection};

use crate::theme::{GRID, Palette};
use crate::{Intent, PanelState, RoomView, Screen, Surface, View};
use egui::{Id, Rect, Sense, Stroke, Ui, pos2, vec2};
use layout::Layout;

/// Panels of a board need so many points beside the side panel.
const LEAST_WIDTH: f32 = 400.0;

/// Shows the panels of the board that one works on.
pub(crate) fn draw(ui: &Ui, view: &View<'_>, room: &RoomView<'_>) -> Vec<Intent> {
    let Some(board) = &room.board else { return Vec::new() };
    let layout = Layout::new(&view.surface, view.state);
    let mut intents = Vec::new();
    if let Some(text) = &board.text {
        let canvas = if board.is_open { layout.canvas } else { view.surface.rect() };
        intents.extend(text::draw(ui, view, text, (canvas, board.is_dark)));
    }
    if !board.is_open {
        intents.extend(strip::draw(ui, view, board));
        return intents;
    }
    if is_covered(view) {
        return intents;
    }
    intents.extend(top::draw(ui, view, board, &layout));
    intents.extend(palette::draw(ui, view, board, &layout));
    intents.extend(style::draw(ui, view, board, &layout));
    intents.extend(notices::draw(ui, view, board, &layout, room.lost_secs.is_some()));
    intents.extend(selection::draw(ui, view, board, &layout));
    intents.extend(corners::undo(ui, view, board, &layout));
    intents.extend(corners::zoom(ui, view, board, &layout));
    intents.extend(press_beside(ui, view));
    intents
}

/// The side panel leaves no room for others.
fn is_covered(view: &View<'_>) -> bool {
    let is_left = crate::room::side_left(&view.surface) >= LEAST_WIDTH && !view.surface.is_short();
    view.state.tab.is_some() && !is_left
}

/// A press on the board itself closes the menu.
fn press_beside(ui: &Ui, view: &View<'_>) -> Option<Intent> {
    let is_pressed = ui.input(|input| input.pointer.any_pressed()) && !ui.ctx().is_pointer_over_egui();
    (is_pressed && view.state.board.menu.is_some()).then(|| BoardPanelIntent::CloseMenu.into())
}

/// Where the bar of an open board ends, which panels of the room leave free; 0 where there is none.
pub(crate) fn covered_top(view: &View<'_>) -> f32 {
    let is_open = matches!(&view.screen, Screen::Room(room) if room.board.is_some_and(|board| board.is_open));
    if is_open && !is_covered(view) { layout::top_rect(&view.surface).bottom() } else { 0.0 }
}

/// Where passing notices stand at an open board, the newest at the bottom: beside the palette, above undo and redo.
pub(crate) fn place_of_toasts(view: &View<'_>) -> egui::Pos2 {
    let canvas = Layout::new(&view.surface, view.state).canvas;
    let is_beside_style = view.state.board.shows_style && !view.surface.is_narrow();
    let beside = if is_beside_style { layout::STYLE_WIDTH + GRID } else { 0.0 };
    canvas.left_bottom() + vec2(beside, 0.0)
}

/// What no panel covers of a board that is open, in points: where to fit a page into.
pub fn board_canvas(surface: &Surface, state: &PanelState) -> Rect {
    Layout::new(surface, state).canvas
}

/// A line across a menu.
fn rule(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), GRID), Sense::hover());
    let line = Stroke::new(1.0, Palette::of(ui).hovered);
    ui.painter().hline(rect.shrink2(vec2(GRID, 0.0)).x_range(), rect.center().y, line);
}

/// A line between things beside each other.
fn divider(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(1.0, 24.0), Sense::hover());
    ui.painter().vline(pos2(rect.center().x, 0.0).x, rect.y_range(), Stroke::new(1.0, Palette::of(ui).hovered));
}

/// Whether something of that name was not on the screen in the frame before.
fn is_new(ui: &Ui, name: &str) -> bool {
    let place = Id::new(name).with("was shown");
    let pass = ui.ctx().cumulative_frame_nr();
    let last: Option<u64> = ui.data(|data| data.get_temp(place));
    ui.data_mut(|data| data.insert_temp(place, pass));
    last.is_none_or(|last| last + 1 < pass)
}
