//! The controls, on a sheet over everything.

use crate::dialogs::sheet;
use crate::theme::{GRID, Palette, RADIUS, Type};
use crate::widgets::{Action, Kind, choice, heading, text};
use crate::{Icon, Intent, Key, PanelIntent, Screen, View};
use egui::{CornerRadius, Sense, Ui, vec2};

/// What one presses.
enum Cap {
    /// Keys as keyboards name them.
    Keys(&'static str),
    /// Something with a name in every language.
    Named(Key),
}

/// What one presses, and what it does.
const CONTROLS: [(Cap, Key); 22] = [
    (Cap::Keys("W A S D"), Key("help-walk")),
    (Cap::Keys("Shift"), Key("help-run")),
    (Cap::Named(Key("cap-arrows")), Key("help-arrows")),
    (Cap::Named(Key("cap-mouse")), Key("help-look")),
    (Cap::Named(Key("cap-right-click")), Key("help-free-look")),
    (Cap::Named(Key("cap-click")), Key("help-click")),
    (Cap::Keys("C"), Key("help-stand")),
    (Cap::Named(Key("cap-mouse")), Key("help-draw")),
    (Cap::Named(Key("cap-wheel")), Key("help-scroll")),
    (Cap::Keys("V"), Key("help-view")),
    (Cap::Keys("M"), Key("help-mute")),
    (Cap::Keys("B"), Key("help-talk")),
    (Cap::Keys("B"), Key("help-open-board")),
    (Cap::Keys("H"), Key("help-hand")),
    (Cap::Keys("G"), Key("help-wave")),
    (Cap::Keys("F"), Key("help-point")),
    (Cap::Keys("T"), Key("help-chat")),
    (Cap::Keys("P"), Key("help-people")),
    (Cap::Keys("I"), Key("help-invite")),
    (Cap::Keys(","), Key("help-settings")),
    (Cap::Keys("F1"), Key("help-help")),
    (Cap::Keys("Esc"), Key("help-close")),
];

/// The same at a board.
const AT_A_BOARD: [(Cap, Key); 23] = [
    (Cap::Keys("V"), Key("tool-select")),
    (Cap::Keys("P"), Key("tool-pen")),
    (Cap::Keys("H"), Key("tool-highlighter")),
    (Cap::Keys("E"), Key("help-erase")),
    (Cap::Keys("T, N"), Key("help-write")),
    (Cap::Keys("R, O, L, A"), Key("help-shapes")),
    (Cap::Keys("K"), Key("tool-laser")),
    (Cap::Named(Key("cap-space")), Key("help-pan")),
    (Cap::Keys("S"), Key("board-style")),
    (Cap::Keys("+  −  0  1"), Key("help-zoom")),
    (Cap::Keys("Page ↑ ↓"), Key("help-pages")),
    (Cap::Keys("Ctrl+Z, Y"), Key("help-undo")),
    (Cap::Keys("Ctrl+C, X, V"), Key("help-copy")),
    (Cap::Keys("Ctrl+D, Del"), Key("help-double")),
    (Cap::Keys("Ctrl+A"), Key("help-all")),
    (Cap::Named(Key("cap-arrows")), Key("help-nudge")),
    (Cap::Keys("]  ["), Key("help-order")),
    (Cap::Keys("Ctrl+Enter"), Key("help-text-done")),
    (Cap::Keys("M"), Key("help-mute")),
    (Cap::Keys("B"), Key("help-talk")),
    (Cap::Keys("Shift+T"), Key("help-room-letters")),
    (Cap::Keys("F1"), Key("help-help")),
    (Cap::Keys("Esc"), Key("help-leave-board")),
];

/// The width from which the controls stand in two columns.
const TWO_COLUMNS: f32 = 560.0;

/// Shows the controls while they are asked for.
pub(crate) fn draw(ui: &mut Ui, view: &View<'_>) -> Vec<Intent> {
    if !view.state.shows_help {
        return Vec::new();
    }
    let mut intents = Vec::new();
    let mut is_over = false;
    let shows_board = view.state.help_at_board.unwrap_or_else(|| is_at_board(view));
    let shown: &[(Cap, Key)] = if shows_board { &AT_A_BOARD } else { &CONTROLS };
    let is_left = sheet(ui, view, "help", 720.0, |ui| {
        heading(ui, view.words.say(Key("help-title")));
        let places = [(false, view.words.say(Key("help-in-room"))), (true, view.words.say(Key("help-at-board")))];
        let chosen = choice(ui, shows_board, &places);
        intents.extend(chosen.map(|is_board| PanelIntent::HelpAtBoard(is_board).into()));
        ui.add_space(GRID);
        ui.spacing_mut().interact_size.y = 28.0;
        if ui.available_width() < TWO_COLUMNS {
            controls(ui, view, shown);
        } else {
            let (left, right) = shown.split_at(shown.len().div_ceil(2));
            ui.columns_const(|[first, second]| {
                controls(first, view, left);
                controls(second, view, right);
            });
        }
        ui.add_space(GRID);
        let close = Action::new(view.words.say(Key("close"))).icon(Icon::Check).kind(Kind::Primary).show(ui);
        is_over = close.clicked();
        if ui.memory(|memory| memory.focused().is_none()) {
            close.request_focus();
        }
    });
    if is_over || is_left {
        intents.push(PanelIntent::ToggleHelp.into());
    }
    intents
}

fn is_at_board(view: &View<'_>) -> bool {
    matches!(&view.screen, Screen::Room(room) if room.board.is_some())
}

fn controls(ui: &mut Ui, view: &View<'_>, controls: &[(Cap, Key)]) {
    for (cap, key) in controls {
        let cap = match cap {
            Cap::Keys(keys) => (*keys).to_owned(),
            Cap::Named(name) => view.words.say(*name),
        };
        control(ui, cap, &view.words.say(*key));
    }
}

fn control(ui: &mut Ui, cap: String, what: &str) {
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(96.0, 28.0), Sense::hover());
        let palette = Palette::of(ui);
        ui.painter().rect_filled(rect, CornerRadius::same(RADIUS), palette.raised);
        let galley = ui.painter().layout_no_wrap(cap, Type::Small.font(), palette.text);
        ui.painter().galley(rect.center() - galley.size() / 2.0, galley, palette.text);
        text(ui, what);
    });
}
