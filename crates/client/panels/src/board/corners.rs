//! Undo and redo at the left, how near one looks at the right.

use super::layout::{Layout, MARGIN, PERCENT_WIDTH};
use super::palette::with_key;
use super::{BoardIntent, BoardMenu, BoardPanelIntent, BoardView, menu, tools};
use crate::room::panel;
use crate::theme::{GRID, Palette, RADIUS, TOUCH, Type};
use crate::widgets::{Action, Kind, card, focus_ring};
use crate::{Icon, Intent, Key, View};
use atrium_easel::{Action as Deed, Tool, Zoom};
use egui::{Align2, CornerRadius, Margin, Response, Sense, Ui, WidgetInfo, WidgetType, vec2};

/// Shows undo and redo to whoever may draw.
pub(super) fn undo(ui: &Ui, view: &View<'_>, board: &BoardView<'_>, layout: &Layout) -> Vec<Intent> {
    if !tools::is_offered(Tool::Pen, board) {
        return Vec::new();
    }
    let mut intents = Vec::new();
    let deeds = [
        (Deed::Undo, Key("board-undo"), "Ctrl+Z", Icon::Undo, board.can_undo),
        (Deed::Redo, Key("board-redo"), "Ctrl+Y", Icon::Redo, board.can_redo),
    ];
    panel(ui, "board undo", layout.undo, |ui| {
        card(ui).inner_margin(Margin::same(MARGIN as i8)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.horizontal(|ui| {
                for (deed, name, key, icon, is_possible) in deeds {
                    let action = Action::new(with_key(view, view.words.say(name), key)).icon(icon).icon_only();
                    if action.kind(Kind::Quiet).enabled(is_possible).clicked(ui) {
                        intents.push(BoardIntent::from(deed).into());
                    }
                }
            });
        });
    });
    intents
}

/// What the zoom offers, with its keys.
const ZOOMS: [(Zoom, Key, &str, Icon); 4] = [
    (Zoom::In, Key("zoom-in"), "+", Icon::Plus),
    (Zoom::Out, Key("zoom-out"), "−", Icon::Minus),
    (Zoom::Fit, Key("zoom-fit"), "1", Icon::Fit),
    (Zoom::Whole, Key("zoom-whole"), "0", Icon::Rectangle),
];

/// Shows how near one looks, where there is room.
pub(super) fn zoom(ui: &Ui, view: &View<'_>, board: &BoardView<'_>, layout: &Layout) -> Vec<Intent> {
    let Some(rect) = layout.zoom else { return Vec::new() };
    let mut intents = Vec::new();
    let is_small = layout.is_cramped;
    panel(ui, "board zoom", rect, |ui| {
        card(ui).inner_margin(Margin::same(MARGIN as i8)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.horizontal(|ui| {
                if is_small {
                    let is_open = view.state.board.menu == Some(BoardMenu::Zoom);
                    if percent(ui, view, board, Key("zoom-menu"), Some(is_open)).clicked() {
                        intents.push(BoardPanelIntent::Toggle(BoardMenu::Zoom).into());
                    }
                    return;
                }
                intents.extend(step(ui, view, 1));
                if percent(ui, view, board, Key("zoom-now"), None).clicked() {
                    intents.push(zoomed(Zoom::Whole));
                }
                intents.extend(step(ui, view, 0));
                intents.extend(step(ui, view, 2));
            });
        });
    });
    let place = (rect.right_top() - vec2(0.0, GRID), Align2::RIGHT_BOTTOM);
    intents.extend(menu::list(ui, view, (BoardMenu::Zoom, Key("zoom-title")), place, 220.0, |ui| {
        let line = |(zoom, name, key, icon): (Zoom, Key, &str, Icon)| {
            let text = with_key(view, view.words.say(name), key);
            let action = Action::new(text).icon(icon).kind(Kind::Quiet).at_left().wide();
            action.clicked(ui).then(|| zoomed(zoom))
        };
        ZOOMS.map(line).into_iter().flatten().collect()
    }));
    intents
}

fn zoomed(zoom: Zoom) -> Intent {
    BoardIntent::from(Deed::Zoom(zoom)).into()
}

fn step(ui: &mut Ui, view: &View<'_>, which: usize) -> Option<Intent> {
    let (zoom, name, key, icon) = ZOOMS[which];
    let action = Action::new(with_key(view, view.words.say(name), key)).icon(icon).icon_only().kind(Kind::Quiet);
    action.clicked(ui).then(|| zoomed(zoom))
}

/// The percentage, as a button.
fn percent(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>, name: Key, is_on: Option<bool>) -> Response {
    let text = view.words.say_with(Key("percent"), &[("number", board.zoom_percent.into())]);
    let hint = view.words.say_with(name, &[("percent", text.as_str().into())]);
    let (rect, response) = ui.allocate_exact_size(vec2(PERCENT_WIDTH, TOUCH), Sense::click());
    response.widget_info(|| match is_on {
        Some(is_on) => WidgetInfo::selected(WidgetType::Button, true, is_on, &hint),
        None => WidgetInfo::labeled(WidgetType::Button, true, &hint),
    });
    let palette = Palette::of(ui);
    if response.hovered() || is_on == Some(true) {
        ui.painter().rect_filled(rect, CornerRadius::same(RADIUS), palette.hovered);
    }
    let galley = ui.painter().layout_no_wrap(text, Type::Body.font(), palette.text);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, palette.text);
    focus_ring(ui, &response, rect);
    response.on_hover_text(hint)
}
