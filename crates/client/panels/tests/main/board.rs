//! What a board's panels offer, and what they ask for.

use crate::app::App;
use crate::look_up::{buttons, has, press, shows_text, write};
use crate::test_board::TestBoard;
use atrium_board::{Color, Dash, Fill, PageId, Style, Template};
use atrium_easel::{Action, Hindrance, LETTER_SIZES_MM, LINE_WIDTHS_MM, Saving, Tool, Zoom};
use atrium_panels::{BoardFile, BoardIntent, BoardMenu, Language, Question, Tone, Wish};
use atrium_protocol::{ParticipantId, PersonId, RefusalCode, Role};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

pub(crate) fn at(board: TestBoard) -> App {
    let mut app = App::in_room(Role::Owner);
    app.board = Some(board);
    app
}

/// What the board was asked last.
pub(crate) fn asked(room: &Harness<'_, App>) -> Option<BoardIntent> {
    match room.state().wishes.last() {
        Some(Wish::Board(intent)) => Some(intent.clone()),
        _ => None,
    }
}

fn did(room: &Harness<'_, App>) -> Option<Action> {
    match asked(room) {
        Some(BoardIntent::Do(action)) => Some(action),
        _ => None,
    }
}

fn board<'a>(room: &'a Harness<'_, App>) -> &'a TestBoard {
    room.state().board.as_ref().unwrap()
}

#[test]
fn each_tool_is_taken() {
    let mut room = at(TestBoard::new()).in_window();
    let tools = [
        ("Select (V)", Tool::Select),
        ("Move the view", Tool::Hand),
        ("Laser pointer (K)", Tool::Laser),
        ("Pen (P)", Tool::Pen),
        ("Highlighter (H)", Tool::Highlighter),
        ("Eraser (E)", Tool::Eraser { parts: false }),
        ("Text (T)", Tool::Text),
        ("Note (N)", Tool::Sticky),
    ];
    for (name, tool) in tools {
        press(&mut room, name);
        assert_eq!(did(&room), Some(Action::Use(tool)), "{name}");
    }
}

#[test]
fn shapes_share_a_place_which_remembers_the_last_one() {
    let mut room = at(TestBoard::new()).in_window();
    press(&mut room, "Shapes: Rectangle (R)");
    assert_eq!(did(&room), Some(Action::Use(Tool::Rectangle)));
    press(&mut room, "Arrow (A)");
    assert_eq!(did(&room), Some(Action::Use(Tool::Arrow)));
    assert!(!has(&room, "Ellipse (O)"), "the menu is closed");
    press(&mut room, "Pen (P)");
    press(&mut room, "Shapes: Arrow (A)");
    assert_eq!(did(&room), Some(Action::Use(Tool::Arrow)));
    press(&mut room, "Shapes: Arrow (A)");
    assert!(!has(&room, "Ellipse (O)"), "pressed again it closes");
}

#[test]
fn a_style_offers_only_what_the_tool_can_use() {
    let cases: [(Tool, &[&str], &[&str]); 6] = [
        (Tool::Pen, &["Blue", "Fine"], &["Filled", "Dashed", "Large", "Whole strokes"]),
        (Tool::Arrow, &["Blue", "Fine", "Dashed"], &["Filled", "Large"]),
        (Tool::Ellipse, &["Blue", "Fine", "Dashed", "Filled"], &["Large", "In the middle"]),
        (Tool::Text, &["Blue", "Large", "In the middle"], &["Fine", "Filled", "Dashed"]),
        (Tool::Sticky, &["Blue", "Large"], &["Fine", "Filled"]),
        (Tool::Eraser { parts: false }, &["Whole strokes", "Parts of strokes"], &["Blue", "Fine"]),
    ];
    for (tool, offered, others) in cases {
        let mut app = at(TestBoard { tool, ..TestBoard::new() });
        app.state.board.shows_style = true;
        let room = app.in_window();
        for name in offered {
            assert!(has(&room, name), "{tool:?} has {name}");
        }
        for name in others {
            assert!(!has(&room, name), "{tool:?} has no {name}");
        }
    }
    for tool in [Tool::Hand, Tool::Laser, Tool::Select] {
        let mut app = at(TestBoard { tool, ..TestBoard::new() });
        app.state.board.shows_style = true;
        let room = app.in_window();
        assert!(!has(&room, "Blue") && !has(&room, "Colours and lines (S)"), "{tool:?} has no style");
    }
}

#[test]
fn a_style_changes_one_thing_at_a_time() {
    let mut app = at(TestBoard { tool: Tool::Rectangle, ..TestBoard::new() });
    app.state.board.shows_style = true;
    let mut room = app.in_window();
    let mut style = board(&room).style;
    let mut press_and_see = |name: &str, change: fn(&mut Style)| {
        press(&mut room, name);
        change(&mut style);
        assert_eq!(asked(&room), Some(BoardIntent::Style(style)), "{name}");
    };
    press_and_see("Purple", |style| style.color = Color::Purple);
    press_and_see("Very broad", |style| style.width_mm = LINE_WIDTHS_MM[3]);
    press_and_see("Pale", |style| style.fill = Fill::Tint);
    press_and_see("Dotted", |style| style.dash = Dash::Dotted);
    assert!(shows_text(&room, "Colour: Purple"), "the colour is named, not only shown");
    let before = room.state().wishes.len();
    room.run_steps(10);
    assert_eq!(room.state().wishes.len(), before, "nothing changes by itself");
}

#[test]
fn letters_have_sizes() {
    let mut app = at(TestBoard { tool: Tool::Text, ..TestBoard::new() });
    app.state.board.shows_style = true;
    let mut room = app.in_window();
    press(&mut room, "Very large");
    assert_eq!(board(&room).style.letter_mm, LETTER_SIZES_MM[3]);
}

#[test]
fn the_chosen_colour_is_told_by_more_than_its_colour() {
    let mut app = at(TestBoard::new());
    app.state.board.shows_style = true;
    let mut room = app.in_window();
    press(&mut room, "Sky blue");
    let is_toggled = |name: &str| {
        use egui_kittest::kittest::NodeT;
        let node = room.get_by_label(name);
        node.accesskit_node().toggled()
    };
    assert_eq!(is_toggled("Sky blue"), Some(egui::accesskit::Toggled::True));
    assert_eq!(is_toggled("Graphite"), Some(egui::accesskit::Toggled::False));
    assert!(shows_text(&room, "Colour: Sky blue"));
}

#[test]
fn the_tool_in_hand_pressed_again_shows_its_style() {
    let mut room = at(TestBoard::new()).in_window();
    press(&mut room, "Pen (P)");
    assert!(has(&room, "Blue"));
    press(&mut room, "Colours and lines (S)");
    assert!(!has(&room, "Blue"));
}

#[test]
fn the_eraser_takes_strokes_or_parts() {
    let mut app = at(TestBoard { tool: Tool::Eraser { parts: false }, ..TestBoard::new() });
    app.state.board.shows_style = true;
    let mut room = app.in_window();
    press(&mut room, "Parts of strokes");
    assert_eq!(did(&room), Some(Action::Use(Tool::Eraser { parts: true })));
    press(&mut room, "Pen (P)");
    assert!(has(&room, "Eraser (E)"));
}

#[test]
fn pages_are_turned_added_named_and_removed() {
    let mut room = at(TestBoard::full()).in_window();
    press(&mut room, "Budget 2026");
    assert_eq!(did(&room), Some(Action::GoTo(PageId(5))));
    press(&mut room, "6 pages");
    press(&mut room, "New page");
    assert_eq!(did(&room), Some(Action::AddPage { name: "Page 7".to_owned() }));
    press(&mut room, "6 pages");
    press(&mut room, "Rename this page");
    room.get_by_role_and_label(egui::accesskit::Role::TextInput, "Name of the page").click();
    room.run_steps(2);
    room.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    room.run_steps(2);
    write(&mut room, "预算");
    press(&mut room, "Done");
    assert_eq!(did(&room), Some(Action::RenamePage { page: PageId(5), name: "预算".to_owned() }));
    assert!(has(&room, "预算") && room.state().state.board.menu.is_none());
    press(&mut room, "6 pages");
    press(&mut room, "Remove this page");
    assert!(shows_text(&room, "Remove “预算”?"));
    press(&mut room, "Cancel");
    assert_ne!(did(&room), Some(Action::RemovePage(PageId(5))), "nothing without an answer");
    press(&mut room, "6 pages");
    press(&mut room, "Remove this page");
    press(&mut room, "Remove");
    assert_eq!(did(&room), Some(Action::RemovePage(PageId(5))));
    assert_eq!(room.state().state.question, None);
}

#[test]
fn a_page_without_a_name_is_called_by_its_place_and_the_last_one_stays() {
    let mut room = at(TestBoard::new()).in_window();
    assert!(has(&room, "Page 1"));
    press(&mut room, "1 page");
    assert!(has(&room, "New page") && !has(&room, "Remove this page"));
}

#[test]
fn the_page_on_the_wall_is_said() {
    let room = at(TestBoard::full()).in_window();
    assert!(has(&room, "Ideas (on the wall)"));
}

#[test]
fn the_board_is_shown_saved_and_filled() {
    let mut room = at(TestBoard::full()).in_window();
    press(&mut room, "This board");
    press(&mut room, "Show this on the wall");
    assert_eq!(did(&room), Some(Action::ShowMine));
    press(&mut room, "This board");
    press(&mut room, "Insert a picture");
    assert_eq!(asked(&room), Some(BoardIntent::InsertImage));
    press(&mut room, "This board");
    press(&mut room, "Save page as");
    press(&mut room, "Document to print (PDF)");
    assert_eq!(asked(&room), Some(BoardIntent::Export(BoardFile::Pdf)));
    press(&mut room, "This board");
    press(&mut room, "Templates");
    press(&mut room, "Kanban");
    let Some(Action::Template { template, words }) = did(&room) else { panic!("no template") };
    assert_eq!((template, &*words.kanban[0]), (Template::Kanban, "To do"));
    press(&mut room, "This board");
    press(&mut room, "Dark paper");
    assert_eq!(did(&room), Some(Action::Paper { is_dark: true }));
}

#[test]
fn templates_speak_the_users_language() {
    let mut room = at(TestBoard::full()).speaking_in(Language::SimplifiedChinese).in_window();
    press(&mut room, "这块白板");
    press(&mut room, "模板");
    press(&mut room, "看板");
    let Some(Action::Template { words, .. }) = did(&room) else { panic!("no template") };
    assert_eq!(words.kanban, ["待办", "进行中", "已完成"]);
}

#[test]
fn what_opens_out_of_a_menu_has_a_way_back() {
    let mut room = at(TestBoard::full()).in_window();
    press(&mut room, "This board");
    press(&mut room, "Templates");
    press(&mut room, "Back");
    assert_eq!(room.state().state.board.menu, Some(BoardMenu::More));
}

#[test]
fn a_selection_is_changed() {
    let mut room = at(TestBoard::selected(3)).in_window();
    let deeds = [
        ("Duplicate (Ctrl+D)", Action::Duplicate),
        ("To the front (])", Action::ToFront),
        ("To the back ([)", Action::ToBack),
        ("Lock (Ctrl+Shift+L)", Action::Lock(true)),
        ("Delete (Del)", Action::Delete),
    ];
    for (name, action) in deeds {
        press(&mut room, name);
        assert_eq!(did(&room), Some(action), "{name}");
    }
    let mut locked = TestBoard::selected(1);
    locked.selection.is_locked = true;
    let mut room = at(locked).in_window();
    assert!(!has(&room, "Delete (Del)") && !has(&room, "Colours and lines (S)"), "what is locked stays");
    press(&mut room, "Unlock (Ctrl+Shift+L)");
    assert_eq!(did(&room), Some(Action::Lock(false)));
}

#[test]
fn undo_and_zoom() {
    let mut room = at(TestBoard::new()).in_window();
    press(&mut room, "Undo (Ctrl+Z)");
    assert_eq!(did(&room), Some(Action::Undo));
    room.get_by_label("Redo (Ctrl+Y)").click();
    room.run_steps(3);
    assert_eq!(did(&room), Some(Action::Undo), "there is nothing to do again");
    let zooms = [
        ("Nearer (+)", Zoom::In),
        ("Further away (−)", Zoom::Out),
        ("Show all (1)", Zoom::Fit),
        ("140 %. Real size (0)", Zoom::Whole),
    ];
    for (name, zoom) in zooms {
        press(&mut room, name);
        assert_eq!(did(&room), Some(Action::Zoom(zoom)));
    }
}

#[test]
fn people_are_followed_and_led() {
    let mut room = at(TestBoard::full()).in_window();
    press(&mut room, "4 others at this board");
    press(&mut room, "Follow 李小龙");
    assert_eq!(did(&room), Some(Action::Follow(Some(ParticipantId(3)))));
    assert!(shows_text(&room, "You follow 李小龙."));
    press(&mut room, "Stop");
    assert_eq!(did(&room), Some(Action::Follow(None)));
    press(&mut room, "4 others at this board");
    press(&mut room, "Others may follow me");
    assert_eq!(did(&room), Some(Action::Lead(true)));
    assert!(shows_text(&room, "You lead"));
    press(&mut room, "Stop");
    assert_eq!(did(&room), Some(Action::Lead(false)));
}

#[test]
fn who_leads_is_offered_once() {
    let mut led = TestBoard::full();
    led.people[0].is_leading = true;
    let mut room = at(led).in_window();
    assert!(shows_text(&room, "Ada Lovelace leads at this board."));
    press(&mut room, "Dismiss this notice");
    assert!(!shows_text(&room, "Ada Lovelace leads"));
    press(&mut room, "4 others at this board");
    press(&mut room, "Follow Ada Lovelace, who leads");
    assert_eq!(did(&room), Some(Action::Follow(Some(ParticipantId(2)))));
}

#[test]
fn alone_there_is_nobody_to_follow() {
    let room = at(TestBoard::new()).in_window();
    assert!(!buttons(&room).iter().any(|(label, _)| label.contains("at this board")));
}

#[test]
fn only_moderators_freeze_and_take_away() {
    let mut room = at(TestBoard { may_moderate: false, ..TestBoard::full() }).in_window();
    press(&mut room, "This board");
    assert!(!has(&room, "Freeze: nobody can draw") && !has(&room, "Take away drawings by"));
    let mut room = at(TestBoard::full()).in_window();
    press(&mut room, "This board");
    press(&mut room, "Freeze: nobody can draw");
    assert_eq!(did(&room), Some(Action::Freeze(true)));
}

#[test]
fn taking_away_asks_first() {
    let mut room = at(TestBoard::full()).in_window();
    press(&mut room, "This board");
    press(&mut room, "Take away drawings by");
    press(&mut room, "李小龙 · 33");
    assert_eq!(room.state().state.question, Some(Question::RemoveBy(PersonId([3; 32]))));
    assert!(shows_text(&room, "Take away everything by 李小龙?") && shows_text(&room, "33 things"));
    assert_eq!(did(&room), None);
    press(&mut room, "Take away");
    assert_eq!(did(&room), Some(Action::ClearPerson(PersonId([3; 32]))));
    assert_eq!(room.state().state.question, None);
}

#[test]
fn without_the_grant_one_looks_and_is_told_why() {
    let mut board = TestBoard::full();
    (board.hindrance, board.may_moderate) = (Some(Hindrance::NotGranted), false);
    let mut room = at(board).in_window();
    for hidden in ["Pen (P)", "Text (T)", "Undo (Ctrl+Z)", "Colours and lines (S)"] {
        assert!(!has(&room, hidden), "{hidden}");
    }
    assert!(has(&room, "Move the view") && shows_text(&room, "You can look, but not draw."));
    press(&mut room, "6 pages");
    assert!(has(&room, "Retrospective") && !has(&room, "New page"), "pages are turned, not made");
    press(&mut room, "This board");
    assert!(has(&room, "Save page as"));
    assert!(!has(&room, "Templates") && !has(&room, "Dark paper") && !has(&room, "Show this on the wall"));
}

#[test]
fn a_frozen_board_is_thawed_by_a_moderator() {
    let frozen = || TestBoard { hindrance: Some(Hindrance::Frozen), is_frozen: true, ..TestBoard::full() };
    let mut room = at(frozen()).in_window();
    assert!(!has(&room, "Pen (P)") && has(&room, "Laser pointer (K)"));
    press(&mut room, "Let all draw");
    assert_eq!(did(&room), Some(Action::Freeze(false)));
    let room = at(TestBoard { may_moderate: false, ..frozen() }).in_window();
    assert!(shows_text(&room, "A moderator has frozen this board") && !has(&room, "Let all draw"));
}

#[test]
fn saving_is_quiet_until_something_is_wrong() {
    let shown = |saving, unsaved_secs| {
        let app = at(TestBoard { saving, unsaved_secs, ..TestBoard::new() });
        app.in_window()
    };
    assert!(shows_text(&shown(Saving::Underway(3), 0.4), "Saved"), "a stroke takes a moment");
    assert!(shows_text(&shown(Saving::Underway(3), 2.0), "Saving …"));
    assert!(shows_text(&shown(Saving::Underway(12), 20.0), "12 changes wait"));
    let room = shown(Saving::Kept { operations: 12, code: RefusalCode::StorageFailed }, 3.0);
    assert!(shows_text(&room, "Not saved"));
    assert!(shows_text(&room, "the server's disk is full"), "and what becomes of it is said");
}

#[test]
fn in_the_room_there_is_a_strip_of_colours() {
    let mut room = at(TestBoard { is_open: false, ..TestBoard::full() }).in_window();
    assert!(!has(&room, "Select (V)") && !has(&room, "6 pages"));
    press(&mut room, "Green");
    assert_eq!(board(&room).style.color, Color::Green);
    press(&mut room, "Eraser");
    assert_eq!(did(&room), Some(Action::Use(Tool::Eraser { parts: false })));
    press(&mut room, "Put the pen away (Esc)");
    assert_eq!(asked(&room), Some(BoardIntent::Close));
    press(&mut room, "Open the whole board");
    assert_eq!(asked(&room), Some(BoardIntent::Open));
    assert!(has(&room, "Select (V)"));
}

#[test]
fn the_microphone_stays_on_the_screen() {
    for window in [(1280.0, 720.0), (800.0, 600.0)] {
        for scale in [80, 100, 200] {
            let room = at(TestBoard::full()).shown(window, scale);
            assert!(buttons(&room).iter().any(|(label, _)| label.starts_with("Microphone")), "{window:?} {scale}");
        }
    }
}

#[test]
fn a_press_on_the_board_closes_the_menu() {
    let mut room = at(TestBoard::full()).in_window();
    press(&mut room, "This board");
    let on_the_board = egui::pos2(640.0, 400.0);
    room.drag_at(on_the_board);
    room.drop_at(on_the_board);
    room.run_steps(3);
    assert_eq!(room.state().state.board.menu, None);
}

#[test]
fn closing_leaves_nothing_open() {
    let mut room = at(TestBoard::full()).in_window();
    press(&mut room, "This board");
    press(&mut room, "Close");
    assert_eq!(asked(&room), Some(BoardIntent::Close));
    assert_eq!(room.state().state.board.menu, None);
}

#[test]
fn passing_notices_leave_the_panels_free() {
    let mut app = at(TestBoard { hindrance: Some(Hindrance::Waiting), ..TestBoard::full() });
    app.state.board.shows_style = true;
    for number in 0..3 {
        app.state.toasts.show(format!("Ada Lovelace raised a hand {number}"), Tone::Plain, 0.0);
    }
    let room = app.in_window();
    let toasts = room.ctx.memory(|memory| memory.area_rect(egui::Id::new("toasts"))).unwrap();
    for (label, rect) in buttons(&room) {
        let is_own = label == "Dismiss this notice";
        assert!(is_own || !toasts.intersects(rect), "{label} at {rect:?} is covered by {toasts:?}");
    }
    assert!(room.ctx.content_rect().contains_rect(toasts));
}
