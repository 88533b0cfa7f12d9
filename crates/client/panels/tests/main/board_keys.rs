//! A board without a mouse.

use crate::app::App;
use crate::board::{asked, at};
use crate::look_up::{buttons, focused, has, key};
use crate::test_board::TestBoard;
use atrium_easel::{Action, Tool, Zoom};
use atrium_panels::{BoardIntent, BoardMenu, Tab, Wish};
use atrium_protocol::ControlUp;
use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use std::collections::BTreeSet;

fn chord(room: &mut Harness<'_, App>, modifiers: Modifiers, key: Key) {
    room.key_press_modifiers(modifiers, key);
    room.run_steps(3);
}

fn did(room: &Harness<'_, App>) -> Option<Action> {
    match asked(room) {
        Some(BoardIntent::Do(action)) => Some(action),
        _ => None,
    }
}

/// Everything that Tab comes to.
fn reached(room: &mut Harness<'_, App>) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    for _ in 0..80 {
        key(room, Key::Tab);
        reached.extend(focused(room));
    }
    reached
}

#[test]
fn tab_reaches_every_button_in_every_form_of_the_palette() {
    for (window, scale) in
        [((1280.0, 720.0), 100), ((1280.0, 720.0), 150), ((1280.0, 720.0), 200), ((800.0, 600.0), 200)]
    {
        let mut app = at(TestBoard::selected(2));
        app.state.board.shows_style = true;
        let mut room = app.shown(window, scale);
        let all: BTreeSet<String> = buttons(&room).into_iter().map(|(label, _)| label).collect();
        let reached = reached(&mut room);
        let missed: Vec<_> = all.difference(&reached).collect();
        assert!(missed.is_empty(), "{window:?} at {scale} %: never focused: {missed:?}");
    }
}

#[test]
fn a_menu_takes_the_keyboard_and_gives_it_back() {
    let mut room = at(TestBoard::full()).in_window();
    for _ in 0..60 {
        key(&mut room, Key::Tab);
        if focused(&room).as_deref() == Some("This board") {
            break;
        }
    }
    key(&mut room, Key::Enter);
    assert_eq!(focused(&room).as_deref(), Some("Show this on the wall"));
    key(&mut room, Key::Tab);
    assert_eq!(focused(&room).as_deref(), Some("Insert a picture"));
    key(&mut room, Key::Escape);
    assert_eq!((room.state().state.board.menu, focused(&room).as_deref()), (None, Some("This board")));
    key(&mut room, Key::Enter);
    key(&mut room, Key::Enter);
    assert_eq!(did(&room), Some(Action::ShowMine));
    assert_eq!(focused(&room).as_deref(), Some("This board"));
}

#[test]
fn the_folded_palette_opens_by_key() {
    let mut room = at(TestBoard::full()).shown((800.0, 600.0), 200);
    for _ in 0..40 {
        key(&mut room, Key::Tab);
        if focused(&room).as_deref() == Some("Tools: Pen") {
            break;
        }
    }
    key(&mut room, Key::Enter);
    assert_eq!(room.state().state.board.menu, Some(BoardMenu::Tools));
    assert_eq!(focused(&room).as_deref(), Some("Select (V)"));
    key(&mut room, Key::Space);
    assert_eq!(did(&room), Some(Action::Use(Tool::Select)));
}

#[test]
fn letters_are_tools() {
    let mut room = at(TestBoard::new()).in_window();
    let tools = [
        (Key::V, Tool::Select),
        (Key::P, Tool::Pen),
        (Key::H, Tool::Highlighter),
        (Key::E, Tool::Eraser { parts: false }),
        (Key::T, Tool::Text),
        (Key::N, Tool::Sticky),
        (Key::R, Tool::Rectangle),
        (Key::O, Tool::Ellipse),
        (Key::L, Tool::Line),
        (Key::A, Tool::Arrow),
        (Key::K, Tool::Laser),
    ];
    for (letter, tool) in tools {
        key(&mut room, letter);
        assert_eq!(did(&room), Some(Action::Use(tool)), "{letter:?}");
    }
    assert_eq!(room.state().state.tab, None, "the room's letters rest");
    assert!(room.state().wishes.iter().all(|wish| matches!(wish, Wish::Board(_))));
}

#[test]
fn the_room_keeps_m_and_takes_its_letters_with_shift() {
    let mut room = at(TestBoard::new()).in_window();
    key(&mut room, Key::M);
    assert_eq!(room.state().wishes, [Wish::Control(ControlUp::SetMuted { muted: true })]);
    assert!(has(&room, "Chat (Shift+T)"));
    chord(&mut room, Modifiers::SHIFT, Key::P);
    assert_eq!(room.state().state.tab, Some(Tab::People));
    chord(&mut room, Modifiers::SHIFT, Key::P);
    assert_eq!(room.state().state.tab, None);
    chord(&mut room, Modifiers::SHIFT, Key::H);
    assert_eq!(room.state().wishes.last(), Some(&Wish::Control(ControlUp::RaiseHand { up: true })));
    key(&mut room, Key::Comma);
    assert_eq!(room.state().state.tab, Some(Tab::Settings));
}

#[test]
fn in_the_room_letters_stay_the_rooms() {
    let mut room = at(TestBoard { is_open: false, ..TestBoard::new() }).in_window();
    key(&mut room, Key::P);
    assert_eq!(room.state().state.tab, Some(Tab::People));
    key(&mut room, Key::P);
    key(&mut room, Key::Escape);
    assert_eq!(asked(&room), Some(BoardIntent::Close), "the pen is put away");
}

#[test]
fn a_letter_that_is_written_is_no_shortcut() {
    let mut room = at(TestBoard::new()).in_window();
    chord(&mut room, Modifiers::SHIFT, Key::T);
    assert_eq!(focused(&room).as_deref(), Some("Message"));
    key(&mut room, Key::E);
    key(&mut room, Key::Delete);
    assert_eq!(room.state().wishes, []);
}

#[test]
fn usual_chords_do_usual_things() {
    let mut room = at(TestBoard::selected(2)).in_window();
    let ctrl = Modifiers::COMMAND;
    let cases = [
        (ctrl, Key::Z, Action::Undo),
        (ctrl | Modifiers::SHIFT, Key::Z, Action::Redo),
        (ctrl, Key::Y, Action::Redo),
        (ctrl, Key::D, Action::Duplicate),
        (ctrl, Key::A, Action::SelectAll),
        (ctrl | Modifiers::SHIFT, Key::L, Action::ToggleLock),
        (Modifiers::NONE, Key::Delete, Action::Delete),
        (Modifiers::NONE, Key::Backspace, Action::Delete),
        (Modifiers::NONE, Key::CloseBracket, Action::ToFront),
        (Modifiers::NONE, Key::OpenBracket, Action::ToBack),
        (Modifiers::NONE, Key::Plus, Action::Zoom(Zoom::In)),
        (Modifiers::NONE, Key::Minus, Action::Zoom(Zoom::Out)),
        (Modifiers::NONE, Key::Num0, Action::Zoom(Zoom::Whole)),
        (Modifiers::NONE, Key::Num1, Action::Zoom(Zoom::Fit)),
        (Modifiers::NONE, Key::PageDown, Action::NextPage),
        (Modifiers::NONE, Key::PageUp, Action::PreviousPage),
        (Modifiers::NONE, Key::F2, Action::EditText),
    ];
    for (modifiers, key, action) in cases {
        chord(&mut room, modifiers, key);
        assert_eq!(did(&room), Some(action), "{modifiers:?} {key:?}");
    }
    key(&mut room, Key::ArrowLeft);
    assert!(matches!(did(&room), Some(Action::NudgePixels(by)) if by.x < 0.0));
}

#[test]
fn what_is_copied_is_the_boards() {
    let mut room = at(TestBoard::selected(1)).in_window();
    let say = |room: &mut Harness<'_, App>, event: Event| {
        room.event(event);
        room.run_steps(2);
    };
    say(&mut room, Event::Copy);
    assert_eq!(did(&room), Some(Action::Copy));
    say(&mut room, Event::Cut);
    assert_eq!(did(&room), Some(Action::Cut));
    say(&mut room, Event::Paste("你好".to_owned()));
    assert_eq!(asked(&room), Some(BoardIntent::Paste(Some("你好".to_owned()))));
    let before = room.state().wishes.len();
    chord(&mut room, Modifiers::COMMAND, Key::V);
    assert_eq!(asked(&room), Some(BoardIntent::Paste(None)), "there may be a picture on the clipboard");
    assert_eq!(room.state().wishes.len(), before + 1);
}

#[test]
fn escape_lets_go_of_the_nearest_thing_first() {
    let mut app = at(TestBoard::selected(2));
    app.state.board.shows_style = true;
    app.state.board.menu = Some(BoardMenu::More);
    let mut room = app.in_window();
    key(&mut room, Key::Escape);
    assert_eq!((room.state().state.board.menu, room.state().wishes.len()), (None, 0));
    key(&mut room, Key::Escape);
    assert_eq!(did(&room), Some(Action::Escape), "the selection");
    key(&mut room, Key::Escape);
    assert!(!room.state().state.board.shows_style);
    assert_eq!(room.state().wishes.len(), 1);
    key(&mut room, Key::Escape);
    assert_eq!(asked(&room), Some(BoardIntent::Close));
}

#[test]
fn the_help_knows_where_one_is() {
    let mut room = at(TestBoard::new()).in_window();
    key(&mut room, Key::F1);
    assert!(has(&room, "Highlighter") && !has(&room, "Stand up"));
    crate::look_up::press(&mut room, "In the room");
    assert!(has(&room, "Stand up") && !has(&room, "Highlighter"));
    key(&mut room, Key::E);
    assert_eq!(room.state().wishes, [], "behind the help nothing listens");
}
