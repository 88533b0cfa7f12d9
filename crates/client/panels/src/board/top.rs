//! The bar at the top: which board and page, whether it is safe, who is here, and the way out.

use super::layout::{Layout, MARGIN};
use super::palette::with_key;
use super::{BoardIntent, BoardMenu, BoardPanelIntent, BoardView, more, pages, people, saving};
use crate::room::panel;
use crate::theme::{GRID, Palette, TOUCH, Type};
use crate::widgets::{Action, Kind, card, name_line};
use crate::{Icon, Intent, Key, View};
use egui::{Align, Layout as Flow, Margin, Rect, Ui, UiBuilder, pos2};

/// The longest board's name that is shown in full, in points.
const NAME_WIDTH: f32 = 180.0;

/// Shows the bar and what opens below it.
pub(super) fn draw(ui: &Ui, view: &View<'_>, board: &BoardView<'_>, layout: &Layout) -> Vec<Intent> {
    let mut intents = Vec::new();
    let rect = layout.top;
    panel(ui, "board top", rect, |ui| {
        card(ui).inner_margin(Margin::same(MARGIN as i8)).show(ui, |ui| {
            ui.set_min_size(rect.size() - egui::Vec2::splat(2.0 * MARGIN));
            ui.spacing_mut().item_spacing.x = 4.0;
            let inner = rect.shrink(MARGIN);
            let right = Rect::from_min_max(pos2(inner.right() - right_width(ui, view, board), inner.top()), inner.max);
            let left = Rect::from_min_max(inner.min, pos2(right.left() - GRID, inner.bottom()));
            let flow = Flow::left_to_right(Align::Center);
            let side = |rect| UiBuilder::new().max_rect(rect).layout(flow);
            ui.scope_builder(side(left), |ui| intents.extend(which(ui, view, board)));
            ui.scope_builder(side(right), |ui| intents.extend(state(ui, view, board)));
        });
    });
    intents.extend(people::menu(ui, view, board, layout));
    intents.extend(more::draw(ui, view, board, layout));
    intents
}

/// Whether words have room beside the icons.
fn has_words(view: &View<'_>) -> bool {
    view.surface.size_points.x >= 720.0
}

/// The board's name, and its pages.
fn which(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Vec<Intent> {
    if has_words(view) && !board.name.is_empty() {
        ui.add_space(GRID);
        ui.scope(|ui| {
            ui.set_max_width(NAME_WIDTH);
            name_line(ui, board.name, Type::Lead);
        });
        ui.add_space(GRID);
        super::divider(ui);
        ui.add_space(GRID);
    }
    pages::tabs(ui, view, board)
}

/// Whether it is safe, who is here, all else, and the way out.
fn state(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    saving::show(ui, view, board, has_words(view));
    intents.extend(people::button(ui, view, board));
    let is_open = more::is_open(view);
    let more = Action::new(view.words.say(Key("board-more"))).icon(Icon::More).icon_only().kind(Kind::Quiet);
    if more.on(is_open).clicked(ui) {
        intents.push(BoardPanelIntent::Toggle(BoardMenu::More).into());
    }
    if close(view).show(ui).on_hover_text(close_hint(view)).clicked() {
        intents.push(BoardIntent::Close.into());
    }
    intents
}

fn close_hint(view: &View<'_>) -> String {
    with_key(view, view.words.say(Key("board-close")), "Esc")
}

fn close(view: &View<'_>) -> Action<'static> {
    if has_words(view) {
        Action::new(view.words.say(Key("close"))).icon(Icon::Close)
    } else {
        Action::new(view.words.say(Key("close"))).icon(Icon::Close).icon_only()
    }
}

/// Width of all that [`state`] shows.
fn right_width(ui: &Ui, view: &View<'_>, board: &BoardView<'_>) -> f32 {
    let gap = ui.spacing().item_spacing.x;
    let close = if has_words(view) {
        let font = Type::Body.font();
        let text = ui.painter().layout_no_wrap(view.words.say(Key("close")), font, Palette::of(ui).text);
        text.size().x + 20.0 + 4.0 * GRID
    } else {
        TOUCH
    };
    let people = people::button_width(view, board);
    let people = if people > 0.0 { people + gap } else { 0.0 };
    saving::width(ui, view, board, has_words(view)) + gap + people + TOUCH + gap + close
}
