//! A board's tool in hand in the room: its colours in a strip above the bar, and the way to the whole board.

use super::layout::MARGIN;
use super::news::hindered;
use super::tools::{ColorOf, Uses, face, is_offered};
use super::{BoardIntent, BoardView, palette, style, swatch};
use crate::room::{bar_rect, panel};
use crate::theme::{GRID, TOUCH};
use crate::widgets::{Action, Kind, card, muted};
use crate::{Icon, Intent, Key, View};
use atrium_board::Color;
use atrium_easel::{Action as Deed, Tool};
use egui::{Margin, Rect, Ui, Vec2, pos2, vec2};

/// Tools of the strip.
const TOOLS: [Tool; 3] = [Tool::Pen, Tool::Highlighter, Tool::Eraser { parts: false }];
const GAP: f32 = 2.0;
const SWATCH: f32 = 32.0;
const RULE: f32 = 9.0;

/// Shows the strip.
pub(super) fn draw(ui: &Ui, view: &View<'_>, board: &BoardView<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    let bar = bar_rect(&view.surface);
    let tools = 3.0 * (TOUCH + GAP);
    let colors = Color::ALL.len() as f32 * (SWATCH + GAP);
    let ways = 2.0 * (TOUCH + GAP) - GAP;
    let whole = tools + colors + ways + 2.0 * RULE;
    let has_room = whole + 4.0 * GRID <= view.surface.size_points.x;
    let inner = if has_room { vec2(whole, TOUCH) } else { vec2(colors, 2.0 * TOUCH + GAP) };
    let size = inner + Vec2::splat(2.0 * MARGIN);
    let place = pos2(bar.center().x - size.x / 2.0, bar.top() - GRID - size.y);
    panel(ui, "board strip", Rect::from_min_size(place, size), |ui| {
        card(ui).inner_margin(Margin::same(MARGIN as i8)).show(ui, |ui| {
            ui.set_min_size(inner);
            ui.spacing_mut().item_spacing = Vec2::splat(GAP);
            ui.horizontal(|ui| {
                intents.extend(hands(ui, view, board));
                if has_room {
                    rule(ui);
                    intents.extend(colors_of(ui, view, board));
                    rule(ui);
                } else {
                    ui.add_space(ui.available_width() - ways);
                }
                intents.extend(ways_out(ui, view));
            });
            if !has_room {
                ui.horizontal(|ui| intents.extend(colors_of(ui, view, board)));
            }
        });
    });
    intents
}

fn rule(ui: &mut Ui) {
    ui.add_space((RULE - GAP) / 2.0 - GAP);
    super::divider(ui);
    ui.add_space((RULE - GAP) / 2.0 - GAP);
}

/// Pen, highlighter, eraser; or why there are none.
fn hands(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Option<Intent> {
    if !is_offered(Tool::Pen, board) {
        let why = board.hindrance.filter(|_| !board.is_loading);
        let why = why.map_or(Key("board-loading"), hindered);
        ui.set_max_width(ui.available_width());
        muted(ui, view.words.say(why));
        return None;
    }
    let mut chosen = None;
    for tool in TOOLS {
        let is_held = std::mem::discriminant(&board.tool) == std::mem::discriminant(&tool);
        let kind = if is_held { Kind::Primary } else { Kind::Quiet };
        let name = view.words.say(face(tool).1);
        let action = Action::new(name).icon(face(tool).0).icon_only().kind(kind).on(is_held);
        if action.clicked(ui) && !is_held {
            chosen = Some(BoardIntent::from(Deed::Use(tool)).into());
        }
    }
    chosen
}

/// The eight colours, where the tool has one.
fn colors_of(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Option<Intent> {
    let of = Uses::of(board).color.unwrap_or(ColorOf::Ink);
    if !is_offered(Tool::Pen, board) {
        return None;
    }
    let mut chosen = None;
    let has_color = Uses::of(board).color.is_some();
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.x = SWATCH;
        for color in Color::ALL {
            let name = view.words.say(style::color_name(color));
            let is_on = has_color && board.style.color == color;
            if swatch::color(ui, &name, color, of, board.is_dark, is_on).clicked() {
                chosen = Some(color);
            }
        }
    });
    chosen.map(|color| BoardIntent::Style(style::with_color(board.style, color)).into())
}

/// To the whole board, or away from it.
fn ways_out(ui: &mut Ui, view: &View<'_>) -> Option<Intent> {
    let open = Action::new(view.words.say(Key("board-open"))).icon(Icon::Fit).icon_only().kind(Kind::Quiet);
    let away = palette::with_key(view, view.words.say(Key("board-put-away")), "Esc");
    let close = Action::new(away).icon(Icon::Close).icon_only().kind(Kind::Quiet);
    let (is_opened, is_closed) = (open.clicked(ui), close.clicked(ui));
    match (is_opened, is_closed) {
        (true, _) => Some(BoardIntent::Open.into()),
        (_, true) => Some(BoardIntent::Close.into()),
        _ => None,
    }
}
