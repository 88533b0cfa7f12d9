//! Who else is at the board, and whom one follows.

use super::layout::Layout;
use super::{BoardIntent, BoardMenu, BoardPanelIntent, BoardPerson, BoardView, menu};
use crate::theme::{GRID, Palette, RADIUS, TOUCH, Type, contrast};
use crate::widgets::{Action, Kind, Switch, focus_ring, muted};
use crate::{Icon, Intent, Key, View};
use atrium_easel::Action as Deed;
use egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, ScrollArea, Sense, Stroke, Ui, WidgetInfo};
use egui::{WidgetType, pos2, vec2};

/// Faces beside each other, at most.
const FACES: usize = 3;
const FACE: f32 = 28.0;
/// How far one face is from the next.
const STEP: f32 = 20.0;
const MENU_WIDTH: f32 = 300.0;

/// Width of the button, 0 where nobody else is.
pub(super) fn button_width(view: &View<'_>, board: &BoardView<'_>) -> f32 {
    if board.people.is_empty() { 0.0 } else { faces_width(view, board) + 2.0 * GRID }
}

fn face_count(view: &View<'_>, board: &BoardView<'_>) -> usize {
    let most = if view.surface.is_narrow() { 1 } else { FACES };
    board.people.len().min(most)
}

fn faces_width(view: &View<'_>, board: &BoardView<'_>) -> f32 {
    let count = face_count(view, board);
    let more = if board.people.len() > count { STEP + 4.0 } else { 0.0 };
    FACE + (count.max(1) - 1) as f32 * STEP + more
}

/// Shows who is here; opens the menu.
pub(super) fn button(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Option<Intent> {
    if board.people.is_empty() {
        return None;
    }
    let is_open = view.state.board.menu == Some(BoardMenu::People);
    let hint = view.words.say_with(Key("board-people"), &[("count", board.people.len().into())]);
    let (rect, response) = ui.allocate_exact_size(vec2(button_width(view, board), TOUCH), Sense::click());
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, true, is_open, &hint));
    let palette = Palette::of(ui);
    if is_open || response.hovered() {
        let fill = if is_open { palette.pressed } else { palette.hovered };
        ui.painter().rect_filled(rect, CornerRadius::same(RADIUS), fill);
    }
    let count = face_count(view, board);
    let first = pos2(rect.left() + GRID + FACE / 2.0, rect.center().y);
    let edge = if response.hovered() { palette.hovered } else { palette.surface };
    let more = board.people.len() - count;
    if more > 0 {
        let center = first + vec2(count as f32 * STEP + 4.0, 0.0);
        ui.painter().circle(center, FACE / 2.0, palette.raised, Stroke::new(2.0, edge));
        let text = format!("+{}", more.min(99));
        ui.painter().text(center, Align2::CENTER_CENTER, text, Type::Small.font(), palette.text);
    }
    for (place, person) in board.people.iter().take(count).enumerate().rev() {
        face(ui.painter(), first + vec2(place as f32 * STEP, 0.0), person, edge);
    }
    focus_ring(ui, &response, rect);
    let toggle = || BoardPanelIntent::Toggle(BoardMenu::People).into();
    response.on_hover_text(hint).clicked().then(toggle)
}

/// A disc in a person's colour with the beginning of their name.
fn face(painter: &Painter, center: Pos2, person: &BoardPerson, edge: Color32) {
    let color = color_of(person);
    painter.circle(center, FACE / 2.0, color, Stroke::new(2.0, edge));
    let ink = if contrast(color, Color32::WHITE) >= 4.0 { Color32::WHITE } else { Color32::from_gray(0x14) };
    let initial: String = person.name.trim().chars().take(1).flat_map(char::to_uppercase).collect();
    painter.text(center, Align2::CENTER_CENTER, initial, Type::Body.font(), ink);
}

/// A person's colour.
pub(super) fn color_of(person: &BoardPerson) -> Color32 {
    let [red, green, blue] = person.color;
    Color32::from_rgb(red, green, blue)
}

/// Whom to follow, and whether others follow.
pub(super) fn menu(ui: &Ui, view: &View<'_>, board: &BoardView<'_>, layout: &Layout) -> Vec<Intent> {
    let place = pos2(layout.top.right(), layout.top.bottom() + GRID);
    let name = (BoardMenu::People, Key("board-people-all"));
    menu::list(ui, view, name, (place, Align2::RIGHT_TOP), MENU_WIDTH, |ui| {
        let mut intents = Vec::new();
        let lead = view.words.say(Key("board-lead"));
        let moved = Switch::new(&lead, board.is_leading).icon(Icon::Lead).moved(ui);
        intents.extend(moved.map(|leads| BoardIntent::from(Deed::Lead(leads)).into()));
        super::rule(ui);
        muted(ui, view.words.say(Key("board-follow-title")));
        let most = 6.0 * (TOUCH + 2.0);
        ScrollArea::vertical().id_salt("people").max_height(most).min_scrolled_height(most).show(ui, |ui| {
            for person in board.people {
                intents.extend(row(ui, view, board, person));
            }
        });
        intents
    })
}

fn row(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>, person: &BoardPerson) -> Option<Intent> {
    let is_followed = board.following == Some(person.id);
    let key = match (is_followed, person.is_leading) {
        (true, _) => Key("board-follow-stop"),
        (false, true) => Key("board-follow-leader"),
        (false, false) => Key("board-follow"),
    };
    let spoken = view.words.say_with(key, &[("name", person.name.as_str().into())]);
    let icon = if person.is_leading { Icon::Lead } else { Icon::Follow };
    let action = Action::new(person.name.as_str()).icon(icon).kind(Kind::Quiet).at_left().wide().on(is_followed);
    let shown = action.spoken(&spoken).show(ui);
    let disc = Rect::from_center_size(shown.rect.right_center() - vec2(2.0 * GRID, 0.0), vec2(12.0, 12.0));
    ui.painter().circle_filled(disc.center(), 6.0, color_of(person));
    let whom = (!is_followed).then_some(person.id);
    shown.on_hover_text(&spoken).clicked().then(|| BoardIntent::from(Deed::Follow(whom)).into())
}
