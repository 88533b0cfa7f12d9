//! Pages: their tabs, and the menu of them.

use super::{BoardIntent, BoardMenu, BoardPanelIntent, BoardView, menu, tools};
use crate::theme::{GRID, Palette, RADIUS, TOUCH, Type};
use crate::widgets::{Action, Kind, field, focus_ring};
use crate::{Icon, Intent, Key, PanelIntent, Question, View};
use atrium_board::{PageId, limits};
use atrium_easel::{Action as Deed, Tool};
use egui::{Align2, CornerRadius, Rect, ScrollArea, Sense, Ui, Vec2, WidgetInfo, WidgetType, pos2, vec2};

/// The longest name that a tab shows in full, in points.
const TAB_TEXT: f32 = 120.0;
/// Width of the button of the menu when tabs stand before it.
const SMALL_BUTTON: f32 = TOUCH;
const MENU_WIDTH: f32 = 280.0;

/// What a page is called: its name, or its place among the pages.
pub(super) fn name(view: &View<'_>, board: &BoardView<'_>, page: PageId) -> String {
    let place = board.pages.iter().position(|tab| tab.id == page);
    let named = place.and_then(|place| board.pages.get(place)).map(|tab| tab.name.trim()).unwrap_or_default();
    if named.is_empty() {
        let number = place.map_or(1, |place| place + 1);
        view.words.say_with(Key("board-page-number"), &[("number", number.into())])
    } else {
        named.to_owned()
    }
}

/// Whether one may add, rename and remove pages.
fn may_change(board: &BoardView<'_>) -> bool {
    tools::is_offered(Tool::Pen, board)
}

/// Shows as many tabs as there is room for, and the button of the menu.
pub(super) fn tabs(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    if view.surface.is_narrow() {
        intents.extend(named_button(ui, view, board));
        return intents;
    }
    let gap = ui.spacing().item_spacing.x;
    let room = ui.available_width() - SMALL_BUTTON - gap;
    let widths: Vec<f32> = board.pages.iter().map(|tab| tab_width(ui, &name(view, board, tab.id))).collect();
    let current = board.pages.iter().position(|tab| tab.id == board.page).unwrap_or_default();
    for place in shown(&widths, current, room, gap) {
        if let (Some(tab), Some(width)) = (board.pages.get(place), widths.get(place)) {
            let width = width.min(room.max(TOUCH));
            intents.extend(page_tab(ui, (view, board), tab.id, width));
        }
    }
    intents.extend(menu_button(ui, view, board));
    intents
}

/// Which tabs are shown: the current one, then its neighbours in turn, while there is room.
fn shown(widths: &[f32], current: usize, room: f32, gap: f32) -> std::ops::Range<usize> {
    let (mut from, mut to) = (current, (current + 1).min(widths.len()));
    let mut used: f32 = widths.get(from..to).unwrap_or_default().iter().sum();
    loop {
        let before =
            from.checked_sub(1).and_then(|place| widths.get(place)).filter(|width| used + *width + gap <= room);
        if let Some(width) = before {
            (from, used) = (from - 1, used + width + gap);
        }
        let after = widths.get(to).filter(|width| used + *width + gap <= room);
        if let Some(width) = after {
            (to, used) = (to + 1, used + width + gap);
        }
        if before.is_none() && after.is_none() {
            return from..to;
        }
    }
}

fn tab_width(ui: &Ui, name: &str) -> f32 {
    let galley = ui.painter().layout_no_wrap(name.to_owned(), Type::Body.font(), Palette::of(ui).text);
    galley.size().x.ceil().min(TAB_TEXT) + 3.0 * GRID
}

fn page_tab(ui: &mut Ui, (view, board): (&View<'_>, &BoardView<'_>), page: PageId, width: f32) -> Option<Intent> {
    let (name, is_on) = (name(view, board, page), page == board.page);
    let (rect, response) = ui.allocate_exact_size(vec2(width, TOUCH), Sense::click());
    let spoken = spoken(view, board, page, &name);
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, true, is_on, &spoken));
    let palette = Palette::of(ui);
    if is_on || response.hovered() {
        let fill = if is_on { palette.pressed } else { palette.hovered };
        ui.painter().rect_filled(rect, CornerRadius::same(RADIUS), fill);
    }
    let ink = if is_on { palette.text } else { palette.text_muted };
    let text = egui::WidgetText::from(name);
    let galley = text.into_galley(ui, Some(egui::TextWrapMode::Truncate), width - 2.0 * GRID, Type::Body.font());
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().galley_with_override_text_color(at, galley, ink);
    if board.wall_page == Some(page) && board.pages.len() > 1 {
        let dot = pos2(rect.right() - 7.0, rect.top() + 7.0);
        ui.painter().circle_filled(dot, 3.0, palette.text_good);
    }
    focus_ring(ui, &response, rect);
    let response = response.on_hover_text(spoken);
    (response.clicked() && !is_on).then(|| go(page))
}

/// A page's name, and that it is on the wall.
fn spoken(view: &View<'_>, board: &BoardView<'_>, page: PageId, name: &str) -> String {
    if board.wall_page == Some(page) && board.pages.len() > 1 {
        view.words.say_with(Key("board-page-on-wall"), &[("name", name.into())])
    } else {
        name.to_owned()
    }
}

fn go(page: PageId) -> Intent {
    BoardIntent::from(Deed::GoTo(page)).into()
}

fn toggle() -> Intent {
    BoardPanelIntent::Toggle(BoardMenu::Pages).into()
}

/// Opens the menu, beside tabs.
fn menu_button(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Vec<Intent> {
    let is_open = view.state.board.menu == Some(BoardMenu::Pages);
    let hint = view.words.say_with(Key("board-pages"), &[("count", board.pages.len().into())]);
    let shown = Action::new(hint).icon(Icon::Down).icon_only().kind(Kind::Quiet).on(is_open).show(ui);
    let mut intents = menu(ui, view, board, shown.rect);
    intents.extend(shown.clicked().then(toggle));
    intents
}

/// Opens the menu, with the current page's name where there is no room for tabs.
fn named_button(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Vec<Intent> {
    let is_open = view.state.board.menu == Some(BoardMenu::Pages);
    let hint = view.words.say_with(Key("board-pages"), &[("count", board.pages.len().into())]);
    let name = name(view, board, board.page);
    let width = ui.available_width().min(TAB_TEXT + 6.0 * GRID);
    let (rect, response) = ui.allocate_exact_size(vec2(width, TOUCH), Sense::click());
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, true, is_open, &hint));
    let palette = Palette::of(ui);
    let fill = if response.hovered() || is_open { palette.hovered } else { palette.raised };
    ui.painter().rect_filled(rect, CornerRadius::same(RADIUS), fill);
    let text = egui::WidgetText::from(name);
    let room = width - 5.0 * GRID;
    let galley = text.into_galley(ui, Some(egui::TextWrapMode::Truncate), room, Type::Body.font());
    let at = pos2(rect.left() + 1.5 * GRID, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley_with_override_text_color(at, galley, palette.text);
    let sign = Rect::from_center_size(pos2(rect.right() - 2.0 * GRID, rect.center().y), Vec2::splat(16.0));
    Icon::Down.paint(ui.painter(), sign, palette.text);
    focus_ring(ui, &response, rect);
    let mut intents = menu(ui, view, board, rect);
    intents.extend(response.on_hover_text(hint).clicked().then(toggle));
    intents
}

/// The menu of pages, below its button.
fn menu(ui: &Ui, view: &View<'_>, board: &BoardView<'_>, button: Rect) -> Vec<Intent> {
    let place = pos2(button.left() - GRID, button.bottom() + 2.0 * GRID);
    let name = (BoardMenu::Pages, Key("board-pages-all"));
    menu::list(ui, view, name, (place, Align2::LEFT_TOP), MENU_WIDTH, |ui| {
        let mut intents = rows(ui, view, board);
        if may_change(board) {
            super::rule(ui);
            intents.extend(changes(ui, view, board));
        }
        intents
    })
}

fn rows(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    let most = 5.5 * (TOUCH + 2.0);
    ScrollArea::vertical().id_salt("pages").max_height(most).min_scrolled_height(most).show(ui, |ui| {
        for tab in board.pages {
            let name = name(view, board, tab.id);
            let is_on_wall = board.wall_page == Some(tab.id);
            let icon = if is_on_wall && board.pages.len() > 1 { Icon::Screen } else { Icon::Pages };
            let spoken = spoken(view, board, tab.id, &name);
            let action = Action::new(name).icon(icon).kind(Kind::Quiet).at_left().wide();
            if action.on(tab.id == board.page).spoken(&spoken).clicked(ui) {
                intents.push(go(tab.id));
            }
        }
    });
    intents
}

/// What may be done about pages.
fn changes(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    let line = |key: Key, icon: Icon| Action::new(view.words.say(key)).icon(icon).kind(Kind::Quiet).at_left().wide();
    let can_add = board.pages.len() < limits::PAGES;
    if line(Key("board-page-add"), Icon::Plus).enabled(can_add).clicked(ui) {
        let number = board.pages.len() + 1;
        let name = view.words.say_with(Key("board-page-number"), &[("number", number.into())]);
        intents.push(BoardIntent::from(Deed::AddPage { name }).into());
    }
    match &view.state.board.page_name {
        Some((page, draft)) if *page == board.page => intents.extend(renaming(ui, view, *page, draft)),
        _ => {
            if line(Key("board-page-rename"), Icon::Edit).clicked(ui) {
                let name = name(view, board, board.page);
                intents.push(BoardPanelIntent::PageNameTyped(board.page, name).into());
            }
        }
    }
    if board.pages.len() > 1 && line(Key("board-page-remove"), Icon::Trash).clicked(ui) {
        intents.push(PanelIntent::Ask(Question::RemovePage(board.page)).into());
        intents.push(BoardPanelIntent::CloseMenu.into());
    }
    intents
}

/// The field for a page's new name.
fn renaming(ui: &mut Ui, view: &View<'_>, page: PageId, draft: &str) -> Vec<Intent> {
    let mut intents = Vec::new();
    ui.horizontal(|ui| {
        let label = view.words.say(Key("board-page-name"));
        let width = ui.available_width() - TOUCH - GRID;
        let shown = ui.allocate_ui(vec2(width, TOUCH), |ui| field(ui, &label, draft, "", limits::PAGE_NAME_BYTES));
        let (response, typed) = shown.inner;
        let is_entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        intents.extend(typed.map(|name| BoardPanelIntent::PageNameTyped(page, name).into()));
        let done = Action::new(view.words.say(Key("done"))).icon(Icon::Check).icon_only().kind(Kind::Primary);
        if done.clicked(ui) || is_entered {
            let name = draft.trim().to_owned();
            intents.push(BoardIntent::from(Deed::RenamePage { page, name }).into());
        } else if super::is_new(ui, "page name") {
            response.request_focus();
        }
    });
    intents
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn the_current_tab_is_always_shown_and_its_neighbours_while_there_is_room() {
        let widths = [100.0; 9];
        assert_eq!(shown(&widths, 4, 320.0, 4.0), 3..6);
        assert_eq!(shown(&widths, 0, 320.0, 4.0), 0..3);
        assert_eq!(shown(&widths, 8, 320.0, 4.0), 6..9);
        assert_eq!(shown(&widths, 5, 10.0, 4.0), 5..6);
        assert_eq!(shown(&widths, 4, 5_000.0, 4.0), 0..9);
        assert_eq!(shown(&[], 0, 100.0, 4.0), 0..0);
    }
}
