use crate::app::{App, Place};
use crate::look_up::{buttons, focused, has, key, write};
use atrium_panels::{Tab, WayIn, Wish};
use atrium_protocol::{ControlUp, Role};
use egui::{Key, Modifiers};
use std::collections::BTreeSet;

#[test]
fn tab_reaches_every_button_of_the_home_screen() {
    let mut home = App::new(Place::Home);
    home.settings.name = "Ada".to_owned();
    home.state.shows_home_settings = true;
    let mut home = home.in_window();
    let all: BTreeSet<String> = buttons(&home).into_iter().map(|(label, _)| label).collect();
    let mut reached = BTreeSet::new();
    for _ in 0..60 {
        key(&mut home, Key::Tab);
        reached.extend(focused(&home));
    }
    let missed: Vec<_> = all.difference(&reached).collect();
    assert!(missed.is_empty(), "never focused: {missed:?}");
    assert!(reached.contains("Your name") && reached.contains("Join by a link"));
}

#[test]
fn a_room_is_hosted_without_a_mouse() {
    let mut home = App::new(Place::Home).in_window();
    key(&mut home, Key::Tab);
    assert_eq!(focused(&home).as_deref(), Some("Your name"));
    write(&mut home, "Ada");
    for _ in 0..20 {
        key(&mut home, Key::Tab);
        if focused(&home).as_deref() == Some("Host and enter") {
            break;
        }
    }
    key(&mut home, Key::Enter);
    assert_eq!(home.state().wishes.last(), Some(&Wish::Enter(WayIn::Host("boardroom".to_owned()))));
}

#[test]
fn what_has_the_keyboard_has_a_ring() {
    let ring = atrium_panels::theme::LIGHT.focus;
    let has_ring = |home: &egui_kittest::Harness<'_, App>| {
        home.output().shapes.iter().any(|shape| {
            matches!(&shape.shape, egui::Shape::Rect(rect) if rect.stroke.color == ring && rect.stroke.width >= 2.0)
        })
    };
    let mut home = App::new(Place::Home).in_window();
    assert!(!has_ring(&home));
    for _ in 0..12 {
        key(&mut home, Key::Tab);
        assert!(has_ring(&home), "no ring round {:?}", focused(&home));
    }
}

#[test]
fn letters_open_and_close_panels() {
    let mut room = App::in_room(Role::Owner).in_window();
    for (letter, tab) in [(Key::P, Tab::People), (Key::I, Tab::Invite), (Key::Comma, Tab::Settings)] {
        key(&mut room, letter);
        assert_eq!(room.state().state.tab, Some(tab));
        key(&mut room, letter);
        assert_eq!(room.state().state.tab, None);
    }
    key(&mut room, Key::M);
    key(&mut room, Key::H);
    let asked = [ControlUp::SetMuted { muted: true }, ControlUp::RaiseHand { up: true }].map(Wish::Control);
    assert_eq!(room.state().wishes, asked);
    key(&mut room, Key::F1);
    assert!(room.state().state.shows_help && has(&room, "Controls"));
    key(&mut room, Key::Escape);
    assert!(!room.state().state.shows_help);
}

#[test]
fn a_letter_with_a_modifier_is_not_ours() {
    let mut room = App::in_room(Role::Owner).in_window();
    room.key_press_modifiers(Modifiers::CTRL, Key::M);
    room.run_steps(3);
    assert_eq!(room.state().wishes, []);
}

#[test]
fn the_chat_works_without_a_mouse() {
    let mut room = App::in_room(Role::Guest).in_window();
    room.key_down(Key::T);
    room.event(egui::Event::Text("t".to_owned()));
    room.key_up(Key::T);
    room.run_steps(3);
    assert_eq!(focused(&room).as_deref(), Some("Message"));
    assert_eq!(room.state().state.chat_draft, "", "the letter that opened the chat is not written into it");
    write(&mut room, "mute me, please");
    assert_eq!(room.state().wishes, [], "letters are text now");
    room.key_press_modifiers(Modifiers::SHIFT, Key::Enter);
    room.run_steps(2);
    write(&mut room, "second line");
    key(&mut room, Key::Enter);
    assert_eq!(room.state().wishes, [Wish::Say("mute me, please\nsecond line".to_owned())]);
    assert_eq!(room.state().state.chat_draft, "");
    key(&mut room, Key::Enter);
    assert_eq!(room.state().wishes.len(), 1, "nothing is not sent");
    key(&mut room, Key::Escape);
    assert_eq!(room.state().state.tab, None);
}

#[test]
fn a_question_has_the_keyboard_and_enter_alone_does_no_harm() {
    let mut room = App::in_full_room().in_window();
    for _ in 0..20 {
        key(&mut room, Key::Tab);
        if focused(&room).as_deref() == Some("Leave") {
            break;
        }
    }
    key(&mut room, Key::Space);
    assert!(has(&room, "Leave the room?"));
    assert_eq!(focused(&room).as_deref(), Some("Cancel"));
    key(&mut room, Key::Enter);
    assert!(!has(&room, "Leave the room?"));
    assert_eq!(room.state().wishes, []);
}

#[test]
fn a_click_into_the_room_gives_the_keyboard_back() {
    let mut room = App::in_room(Role::Guest).in_window();
    key(&mut room, Key::T);
    assert_eq!(focused(&room).as_deref(), Some("Message"));
    let into_the_room = egui::pos2(400.0, 300.0);
    room.drag_at(into_the_room);
    room.drop_at(into_the_room);
    room.run_steps(3);
    assert!(room.ctx.memory(|memory| memory.focused().is_none()));
    key(&mut room, Key::Tab);
    assert!(room.ctx.memory(|memory| memory.focused().is_some()));
    room.drag_at(into_the_room);
    room.drop_at(into_the_room);
    room.run_steps(3);
    assert!(room.ctx.memory(|memory| memory.focused().is_none()), "a button lets go as well");
}
