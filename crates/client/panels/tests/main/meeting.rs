use crate::app::{App, invite, person, said};
use crate::look_up::{has, press, shows_text, texts, write};
use atrium_panels::{Intent, Language, Reaction, Tab, Tone, Wish};
use atrium_protocol::{ControlDown, ControlUp, ParticipantId, PersonChange, ReactionText, Role};
use egui::Id;
use egui_kittest::kittest::Queryable;

fn changed(change: PersonChange) -> ControlDown {
    ControlDown::Changed { id: crate::app::ME, change }
}

#[test]
fn the_microphone_is_always_told() {
    let mut room = App::in_room(Role::Guest);
    room.state.tab = Some(Tab::Settings);
    let mut room = room.shown((800.0, 600.0), 200);
    press(&mut room, "Microphone: on. Mute (M)");
    assert_eq!(room.state().wishes, [Wish::Control(ControlUp::SetMuted { muted: true })]);
    room.state_mut().hear(changed(PersonChange { muted: Some(true), ..PersonChange::default() }));
    room.run_steps(2);
    assert!(shows_text(&room, "Muted"));
    press(&mut room, "Microphone: muted. Unmute (M)");
    assert_eq!(room.state().wishes.last(), Some(&Wish::Control(ControlUp::SetMuted { muted: false })));
    room.state_mut().hear(changed(PersonChange { muted_by_moderator: Some(true), ..PersonChange::default() }));
    room.run_steps(2);
    room.get_by_label("Microphone: muted by a moderator").click();
    room.run_steps(2);
    assert_eq!(room.state().wishes.len(), 2, "what a moderator muted stays so");
}

#[test]
fn whoever_mutes_themselves_sees_it_before_the_room_knows() {
    let mut room = App::in_room(Role::Guest);
    room.sound.wants_mute = true;
    let mut room = room.in_window();
    assert!(shows_text(&room, "Muted"));
    press(&mut room, "Microphone: muted. Unmute (M)");
    assert_eq!(room.state().wishes, [Wish::Control(ControlUp::SetMuted { muted: false })]);
}

#[test]
fn whoever_leaves_something_unsaved_is_asked_even_when_alone() {
    for has_unsaved in [true, false] {
        let mut room = App::in_room(Role::Guest);
        room.state.has_unsaved = has_unsaved;
        let mut room = room.in_window();
        press(&mut room, "Leave");
        let warns = texts(&room).iter().any(|drawn| drawn.text.contains("If you leave now, it is lost."));
        assert_eq!(warns, has_unsaved);
        assert_eq!(room.state().wishes.is_empty(), has_unsaved);
    }
}

#[test]
fn a_hand_goes_up_and_down() {
    let mut room = App::in_room(Role::Guest).in_window();
    press(&mut room, "Hand");
    room.state_mut().hear(changed(PersonChange { hand_raised_at_ms: Some(5), ..PersonChange::default() }));
    room.run_steps(2);
    press(&mut room, "Lower");
    let asked = [true, false].map(|up| Wish::Control(ControlUp::RaiseHand { up }));
    assert_eq!(room.state().wishes, asked);
}

#[test]
fn reactions_are_sent_and_rise_with_a_name() {
    let mut room = App::in_full_room().in_window();
    press(&mut room, "React");
    for reaction in Reaction::ALL {
        let name = room.state().words.say(reaction.name());
        assert!(has(&room, &name), "{name}");
    }
    press(&mut room, "Applause");
    let clap = ReactionText::truncated("👏");
    assert_eq!(room.state().wishes, [Wish::Control(ControlUp::React { reaction: clap.clone() })]);
    assert!(!has(&room, "Applause"), "they close when one is chosen");
    let app = room.state_mut();
    let news = app.meeting.apply(&ControlDown::Reaction { from: ParticipantId(3), reaction: clap }).unwrap();
    app.state.toasts.tell(&news, &app.meeting, &app.words, 1.0);
    room.run_steps(2);
    assert_eq!(room.state().state.toasts.floats().len(), 1);
    assert!(shows_text(&room, "李小龙"));
}

#[test]
fn unread_messages_are_counted_and_marked() {
    let mut room = App::in_room(Role::Guest);
    room.hear(ControlDown::Joined { person: Box::new(person(2, "Ada", Role::Guest)) });
    let mut room = room.in_window();
    press(&mut room, "Chat (T)");
    press(&mut room, "Chat (T)");
    for sequence in [1, 2] {
        room.state_mut().hear(said(sequence, 2, "hello"));
    }
    room.run_steps(2);
    assert!(has(&room, "Chat (T): 2 new messages"));
    assert!(texts(&room).iter().any(|drawn| drawn.text == "2"), "the mark at the chat's icon");
    room.state_mut().hear(said(3, 2, "before the mark"));
    room.state_mut().state.chat_read_up_to = Some(2);
    room.run_steps(2);
    press(&mut room, "Chat (T): 3 new messages");
    let drawn = texts(&room);
    let top = |text: &str| drawn.iter().find(|drawn| drawn.text == text).map(|drawn| drawn.rect.top());
    assert!(top("New").unwrap() < top("before the mark").unwrap());
    assert!(top("New").unwrap() > top("hello").unwrap());
}

#[test]
fn days_are_told_apart() {
    let mut room = App::in_room(Role::Guest);
    (1..=4).for_each(|sequence| room.hear(said(sequence, 2, "hello")));
    room.state.tab = Some(Tab::Chat);
    let room = room.in_window();
    for day in ["Today", "Yesterday", "2026-03-04"] {
        let is_shown = shows_text(&room, day);
        assert_eq!(is_shown, day != "2026-03-04", "{day}");
    }
}

#[test]
fn long_words_wrap_within_the_panel() {
    let mut room = App::in_room(Role::Guest);
    room.hear(said(1, 2, &"x".repeat(500)));
    room.hear(said(2, 2, &"会".repeat(500)));
    room.state.tab = Some(Tab::Chat);
    let room = room.in_window();
    let drawn = texts(&room);
    for text in ["xxx", "会会"] {
        let message = drawn.iter().find(|drawn| drawn.text.starts_with(text)).unwrap();
        assert!(message.rect.left() >= message.clip.left() && message.rect.right() <= message.clip.right() + 0.5);
        assert!(message.rect.height() > 60.0, "on several lines");
    }
}

#[test]
fn a_message_has_at_most_a_thousand_characters() {
    let mut room = App::in_room(Role::Guest).in_window();
    press(&mut room, "Chat (T)");
    write(&mut room, &"字".repeat(1_200));
    assert_eq!(room.state().state.chat_draft.chars().count(), 1_000);
    assert!(shows_text(&room, "1000 of 1000"));
    press(&mut room, "Send");
    assert!(matches!(room.state().wishes.last(), Some(Wish::Say(text)) if text.chars().count() == 1_000));
}

#[test]
fn a_thousand_messages_are_laid_out_once() {
    let mut room = App::in_room(Role::Guest);
    (1..=1_000).for_each(|sequence| room.hear(said(sequence, 2, "hello there")));
    room.state.tab = Some(Tab::Chat);
    let room = room.in_window();
    let drawn = texts(&room).into_iter().filter(|drawn| drawn.text == "hello there").count();
    assert!((5..60).contains(&drawn), "{drawn} messages drawn");
    let all = room.output().shapes.len();
    assert!(all < 1_500, "{all} shapes");
}

#[test]
fn an_invite_is_copied_and_shown_as_a_code() {
    let mut room = App::in_room(Role::Owner);
    room.is_host = true;
    let mut room = room.in_window();
    press(&mut room, "Invite others (I)");
    press(&mut room, "Make a link");
    assert_eq!(room.state().wishes, [Wish::Invite]);
    room.state_mut().invite = Some(invite());
    room.run_steps(3);
    assert!(has(&room, "The link as a QR code"));
    assert!(shows_text(&room, "They come as: Guest") && shows_text(&room, "Works until 2026-03-06, 14:30"));
    press(&mut room, "Copy link");
    assert_eq!(room.state().wishes.last(), Some(&Wish::Copy(invite().link)));
}

#[test]
fn a_guest_without_a_link_is_told_whom_to_ask() {
    let mut room = App::in_room(Role::Guest).in_window();
    press(&mut room, "Invite others (I)");
    assert!(!has(&room, "Make a link") && shows_text(&room, "Ask an owner or moderator"));
}

#[test]
fn leaving_asks_only_while_others_are_inside() {
    let mut alone = App::in_room(Role::Owner).in_window();
    press(&mut alone, "Leave");
    assert_eq!(alone.state().wishes, [Wish::Leave]);
    for (is_host, warning) in [(false, "3 others are still inside"), (true, "the meeting ends for 3 others")] {
        let mut room = App::in_full_room();
        room.is_host = is_host;
        let mut room = room.in_window();
        press(&mut room, "Leave");
        assert!(shows_text(&room, warning));
        assert_eq!(room.state().wishes, []);
        press(&mut room, "Cancel");
        press(&mut room, "Leave");
        let leave = room.get_all_by_label("Leave").last().unwrap().rect().center();
        room.hover_at(leave);
        room.drag_at(leave);
        room.drop_at(leave);
        room.run_steps(3);
        assert_eq!(room.state().wishes, [Wish::Leave]);
    }
}

#[test]
fn a_lost_connection_counts_seconds() {
    let mut room = App::in_room(Role::Guest);
    room.lost_secs = Some(7);
    let room = room.in_window();
    assert!(shows_text(&room, "Connection lost. Coming back … 7 s"));
}

#[test]
fn notices_can_be_put_away() {
    let mut room = App::in_full_room().in_window();
    assert!(shows_text(&room, "Ada Lovelace raised a hand"));
    press(&mut room, "Dismiss this notice");
    assert!(!shows_text(&room, "Ada Lovelace raised a hand"));
    assert!(matches!(room.state().intents.last(), Some(Intent::Panel(_))));
}

#[test]
fn people_are_told_in_chinese() {
    let mut room = App::in_full_room().speaking_in(Language::SimplifiedChinese);
    room.state.tab = Some(Tab::People);
    let room = room.in_window();
    assert!(shows_text(&room, "4 人在场") && shows_text(&room, "2 人等待进入"));
}

#[test]
fn notices_leave_the_side_panel_free() {
    for window in [(640.0, 360.0), (800.0, 600.0), (1280.0, 720.0)] {
        let mut app = App::in_full_room();
        app.state.tab = Some(Tab::Chat);
        let warning = "Microphone: none is found. Plug it in, or choose another one in the settings.";
        app.state.toasts.show(warning.to_owned(), Tone::Warning, 0.0);
        let room = app.shown(window, 100);
        let rect = |id: Id| room.ctx.memory(|memory| memory.area_rect(id)).unwrap();
        let (toasts, side) = (rect(Id::new("toasts")), rect(Id::new("panel").with("side")));
        assert!(!toasts.intersects(side), "{toasts:?} covers {side:?}");
        assert!(toasts.width() >= 200.0, "{toasts:?}");
    }
}
