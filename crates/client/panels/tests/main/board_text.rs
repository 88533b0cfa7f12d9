//! Text that is typed on a board.

use crate::app::App;
use crate::board::{asked, at};
use crate::look_up::{focused, key, press, write};
use crate::test_board::TestBoard;
use atrium_board::Align;
use atrium_panels::{BoardIntent, Wish};
use egui::{Event, ImeEvent, Key, Modifiers};
use egui_kittest::Harness;

fn typing(text: &str) -> Harness<'static, App> {
    let mut room = at(TestBoard::typing(text)).in_window();
    room.run_steps(2);
    room
}

fn text(room: &Harness<'_, App>) -> Option<String> {
    room.state().board.as_ref().unwrap().text.as_ref().map(|(text, _)| text.clone())
}

fn ime(room: &mut Harness<'_, App>, event: ImeEvent) {
    room.event(Event::Ime(event));
    room.run_steps(2);
}

fn preedit(text: &str) -> ImeEvent {
    ImeEvent::Preedit { text: text.to_owned(), active_range_chars: None }
}

#[test]
fn one_types_at_once_and_at_the_end() {
    let mut room = typing("Hello");
    assert_eq!(focused(&room).as_deref(), Some("Text on the board"));
    write(&mut room, ", world");
    assert_eq!(text(&room).as_deref(), Some("Hello, world"));
    assert_eq!(room.state().wishes, [Wish::Board(BoardIntent::TextTyped("Hello, world".to_owned()))]);
}

#[test]
fn letters_are_text_and_no_tools() {
    let mut room = typing("");
    for letter in [Key::M, Key::E, Key::T] {
        key(&mut room, letter);
    }
    write(&mut room, "met");
    assert_eq!(text(&room).as_deref(), Some("met"));
    assert_eq!(room.state().wishes.len(), 1);
}

#[test]
fn enter_is_a_new_line_and_ctrl_enter_the_end() {
    let mut room = typing("one");
    key(&mut room, Key::Enter);
    write(&mut room, "two");
    assert_eq!(text(&room).as_deref(), Some("one\ntwo"));
    room.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    room.run_steps(3);
    assert_eq!(asked(&room), Some(BoardIntent::TextDone));
    assert_eq!((text(&room), focused(&room)), (None, None));
}

#[test]
fn escape_ends_the_text_and_nothing_else() {
    let mut room = typing("one");
    key(&mut room, Key::Escape);
    assert_eq!(room.state().wishes, [Wish::Board(BoardIntent::TextDone)]);
}

#[test]
fn a_click_beside_it_ends_the_text() {
    let mut room = typing("one");
    let beside = egui::pos2(800.0, 500.0);
    room.drag_at(beside);
    room.drop_at(beside);
    room.run_steps(3);
    assert_eq!(asked(&room), Some(BoardIntent::TextDone));
}

#[test]
fn a_colour_is_chosen_while_one_types() {
    let mut room = typing("one");
    room.state_mut().state.board.shows_style = true;
    room.run_steps(3);
    press(&mut room, "Blue");
    assert!(matches!(asked(&room), Some(BoardIntent::Style(_))));
    assert_eq!(focused(&room).as_deref(), Some("Text on the board"));
    write(&mut room, "!");
    assert_eq!(text(&room).as_deref(), Some("one!"));
}

#[test]
fn chinese_is_composed_in_place_and_sent_when_it_is_chosen() {
    let mut room = typing("你");
    let output = room.output().platform_output.ime;
    assert!(output.is_some(), "the input method knows where the cursor is");
    for composed in ["h", "ha", "hao"] {
        ime(&mut room, preedit(composed));
        assert_eq!(text(&room).as_deref(), Some("你"), "nobody else sees “{composed}”");
        assert!(crate::look_up::shows_text(&room, &format!("你{composed}")), "but one sees it oneself");
    }
    ime(&mut room, ImeEvent::Commit("好".to_owned()));
    assert_eq!(text(&room).as_deref(), Some("你好"));
    let typed = BoardIntent::TextTyped("你好".to_owned());
    assert_eq!(room.state().wishes, [Wish::Board(typed)]);
}

#[test]
fn keys_of_an_input_method_are_its_own() {
    let mut room = typing("");
    ime(&mut room, preedit("ni hao"));
    key(&mut room, Key::Escape);
    assert_eq!(room.state().wishes, [], "Escape is the input method's");
    ime(&mut room, preedit(""));
    key(&mut room, Key::Escape);
    assert_eq!(asked(&room), Some(BoardIntent::TextDone));
}

#[test]
fn the_field_stands_where_the_text_stands() {
    for (align, is_note) in [(Align::Start, false), (Align::Middle, false), (Align::End, false), (Align::Middle, true)]
    {
        let mut board = TestBoard::typing("Wide text 你好");
        (board.align, board.is_note) = (align, is_note);
        let wanted = board.text.as_ref().unwrap().1;
        let mut room = at(board).in_window();
        room.run_steps(3);
        let drawn = crate::look_up::texts(&room);
        let text = drawn.iter().find(|drawn| drawn.text.starts_with("Wide")).unwrap();
        let off = match align {
            Align::Start => text.rect.left() - wanted.left(),
            Align::Middle => text.rect.center().x - wanted.center().x,
            Align::End => text.rect.right() - wanted.right(),
        };
        assert!(off.abs() <= 1.5, "{align:?}, note {is_note}: {off} off, {:?} in {wanted:?}", text.rect);
    }
}

#[test]
fn a_text_of_a_megabyte_is_cut() {
    let mut room = typing("");
    write(&mut room, &"字".repeat(400_000));
    let length = text(&room).unwrap().len();
    assert!((4_000..=atrium_board::limits::TEXT_BYTES).contains(&length), "{length}");
}

#[test]
fn one_sees_where_one_types() {
    let room = typing("one");
    let [red, green, blue] = room.state().board.as_ref().unwrap().style.color.on_light();
    let ink = egui::Color32::from_rgb(red, green, blue);
    let cursor = room.output().shapes.iter().find_map(|shape| match &shape.shape {
        egui::Shape::LineSegment { points, stroke } if stroke.color == ink => Some((points[0], shape.clip_rect)),
        _ => None,
    });
    let (at, clip) = cursor.unwrap();
    assert!(clip.x_range().contains(at.x) && at.x > 420.0, "at the end of the text: {at:?}");
}
