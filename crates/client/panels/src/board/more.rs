//! What is done with a whole board: a menu, and what opens out of it.

use super::layout::Layout;
use super::{BoardAuthor, BoardFile, BoardIntent, BoardMenu, BoardPanelIntent, BoardView, menu, template, tools};
use crate::theme::{GRID, TOUCH};
use crate::widgets::{Action, Kind, Switch, muted};
use crate::{Icon, Intent, Key, PanelIntent, Question, View};
use atrium_board::Template;
use atrium_easel::{Action as Deed, Tool};
use egui::{Align2, ScrollArea, Ui, pos2};

const MENU_WIDTH: f32 = 300.0;

/// Whether the menu, or what opened out of it, is open.
pub(super) fn is_open(view: &View<'_>) -> bool {
    use BoardMenu::{Export, More, RemoveBy, Templates};
    matches!(view.state.board.menu, Some(More | Templates | Export | RemoveBy))
}

/// Shows whichever of them is open.
pub(super) fn draw(ui: &Ui, view: &View<'_>, board: &BoardView<'_>, layout: &Layout) -> Vec<Intent> {
    let place = (pos2(layout.top.right(), layout.top.bottom() + GRID), Align2::RIGHT_TOP);
    let show = |menu, name, contents: &dyn Fn(&mut Ui) -> Vec<Intent>| {
        menu::list(ui, view, (menu, name), place, MENU_WIDTH, contents)
    };
    let mut intents = show(BoardMenu::More, Key("board-more"), &|ui| all(ui, view, board));
    intents.extend(show(BoardMenu::Templates, Key("board-templates"), &|ui| templates(ui, view)));
    intents.extend(show(BoardMenu::Export, Key("board-export"), &|ui| files(ui, view)));
    intents.extend(show(BoardMenu::RemoveBy, Key("board-remove-by"), &|ui| authors(ui, view, board)));
    intents
}

fn line(view: &View<'_>, key: Key, icon: Icon) -> Action<'static> {
    Action::new(view.words.say(key)).icon(icon).kind(Kind::Quiet).at_left().wide()
}

fn all(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    let may_draw = tools::is_offered(Tool::Pen, board);
    if may_draw {
        intents.extend(for_those_who_draw(ui, view, board));
    }
    if further(ui, line(view, Key("board-export"), Icon::Save)) {
        intents.push(open(BoardMenu::Export));
    }
    if board.may_moderate && !board.is_loading {
        super::rule(ui);
        intents.extend(for_moderators(ui, view, board));
    }
    intents
}

fn for_those_who_draw(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    if line(view, Key("board-show"), Icon::Screen).clicked(ui) {
        intents.push(BoardIntent::from(Deed::ShowMine).into());
    }
    if line(view, Key("board-picture"), Icon::Picture).clicked(ui) {
        intents.push(BoardIntent::InsertImage.into());
    }
    if further(ui, line(view, Key("board-templates"), Icon::Template)) {
        intents.push(open(BoardMenu::Templates));
    }
    let paper = Switch::new(&view.words.say(Key("board-dark")), board.is_dark).icon(Icon::Moon).moved(ui);
    intents.extend(paper.map(|is_dark| BoardIntent::from(Deed::Paper { is_dark }).into()));
    intents
}

fn for_moderators(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Vec<Intent> {
    let mut intents = Vec::new();
    let frozen = Switch::new(&view.words.say(Key("board-freeze")), board.is_frozen).icon(Icon::Freeze).moved(ui);
    intents.extend(frozen.map(|is_frozen| BoardIntent::from(Deed::Freeze(is_frozen)).into()));
    if !board.authors.is_empty() && further(ui, line(view, Key("board-remove-by"), Icon::Trash)) {
        intents.push(open(BoardMenu::RemoveBy));
    }
    intents
}

fn open(menu: BoardMenu) -> Intent {
    BoardPanelIntent::Toggle(menu).into()
}

/// A line that opens more, with the sign of that.
fn further(ui: &mut Ui, line: Action<'_>) -> bool {
    let shown = line.show(ui);
    let sign =
        egui::Rect::from_center_size(shown.rect.right_center() - egui::vec2(2.0 * GRID, 0.0), egui::Vec2::splat(14.0));
    let ink = crate::theme::Palette::of(ui).text_muted;
    Icon::Next.paint(ui.painter(), sign, ink);
    shown.clicked()
}

/// The way back from what opened out of the menu.
fn back(ui: &mut Ui, view: &View<'_>) -> Option<Intent> {
    let is_back = line(view, Key("board-back"), Icon::Previous).clicked(ui);
    super::rule(ui);
    is_back.then(|| open(BoardMenu::More))
}

fn templates(ui: &mut Ui, view: &View<'_>) -> Vec<Intent> {
    let mut intents: Vec<Intent> = back(ui, view).into_iter().collect();
    for which in Template::ALL {
        if line(view, template::name(which), Icon::Template).clicked(ui) {
            let words = template::words(view.words);
            intents.push(BoardIntent::from(Deed::Template { template: which, words }).into());
        }
    }
    intents
}

fn files(ui: &mut Ui, view: &View<'_>) -> Vec<Intent> {
    let mut intents: Vec<Intent> = back(ui, view).into_iter().collect();
    let kinds = [
        (BoardFile::Png, Key("board-file-png"), Icon::Picture),
        (BoardFile::Pdf, Key("board-file-pdf"), Icon::Pages),
        (BoardFile::Svg, Key("board-file-svg"), Icon::Ellipse),
    ];
    for (kind, name, icon) in kinds {
        if line(view, name, icon).clicked(ui) {
            intents.push(BoardIntent::Export(kind).into());
        }
    }
    intents
}

/// Whose drawings to take away; there is a question before.
fn authors(ui: &mut Ui, view: &View<'_>, board: &BoardView<'_>) -> Vec<Intent> {
    let mut intents: Vec<Intent> = back(ui, view).into_iter().collect();
    muted(ui, view.words.say(Key("board-remove-by-whom")));
    let most = 6.0 * (TOUCH + 2.0);
    ScrollArea::vertical().id_salt("authors").max_height(most).min_scrolled_height(most).show(ui, |ui| {
        for author in board.authors {
            if Action::new(author_text(view, author)).kind(Kind::Quiet).at_left().wide().clicked(ui) {
                intents.push(PanelIntent::Ask(Question::RemoveBy(author.person)).into());
                intents.push(BoardPanelIntent::CloseMenu.into());
            }
        }
    });
    intents
}

fn author_text(view: &View<'_>, author: &BoardAuthor) -> String {
    let name = author.name.clone().unwrap_or_else(|| view.words.say(Key("board-author-gone")));
    view.words.say_with(Key("board-author"), &[("name", name.into()), ("count", author.count.into())])
}
