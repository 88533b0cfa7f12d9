use crate::app::{App, person};
use crate::look_up::{has, press, shows_text, texts, write};
use atrium_panels::{Tab, Wish};
use atrium_protocol::{ControlDown, ControlUp, Grants, ModerateAction, ParticipantId, PersonChange, ReasonText, Role};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

const ADA: &str = "Ada Lovelace — Guest · hand raised";

fn people(role: Role) -> Harness<'static, App> {
    let mut room = App::in_full_room();
    room.hear(ControlDown::Changed {
        id: crate::app::ME,
        change: PersonChange { role: Some(role), ..PersonChange::default() },
    });
    room.state.tab = Some(Tab::People);
    room.state.toasts = atrium_panels::Toasts::default();
    room.shown((1280.0, 1800.0), 100)
}

fn did(room: &Harness<'_, App>) -> Option<ModerateAction> {
    match room.state().wishes.last() {
        Some(Wish::Control(ControlUp::Moderate { action, .. })) => Some(action.clone()),
        _ => None,
    }
}

#[test]
fn a_moderator_sees_what_the_server_allows() {
    let mut room = people(Role::Moderator);
    press(&mut room, ADA);
    for label in ["Mute", "Lower hand", "Remove", "Ban", "Write on boards"] {
        assert!(has(&room, label), "{label}");
    }
    assert!(!has(&room, "Hand the room over") && !has(&room, "Owner"));
    let moderator = room.get_all_by_label_contains("Rear Admiral").next().unwrap();
    moderator.click();
    room.run_steps(3);
    assert_eq!(room.state().state.person, Some(ParticipantId(4)));
    assert!(!has(&room, "Remove") && !has(&room, "Role"), "another moderator can only be turned down");
}

#[test]
fn a_guest_may_do_nothing_but_turn_people_down() {
    let mut room = people(Role::Guest);
    assert!(!has(&room, "Let in") && !has(&room, "Mute everyone"));
    room.get_by_label(ADA).click();
    room.run_steps(3);
    assert_eq!(room.state().state.person, Some(ParticipantId(2)));
    assert!(has(&room, "Do not hear them") && !has(&room, "Mute") && !has(&room, "Remove"));
    room.get_by_label_contains("Me —").click();
    room.run_steps(3);
    assert_eq!(room.state().state.person, Some(ParticipantId(2)), "nobody turns down themselves");
}

#[test]
fn each_action_says_its_word() {
    let mut room = people(Role::Owner);
    press(&mut room, ADA);
    press(&mut room, "Mute");
    assert_eq!(did(&room), Some(ModerateAction::Mute));
    press(&mut room, "Lower hand");
    assert_eq!(did(&room), Some(ModerateAction::LowerHand));
    press(&mut room, "Moderator");
    assert_eq!(did(&room), Some(ModerateAction::SetRole { role: Role::Moderator }));
    press(&mut room, "Write on boards");
    let grants = Grants { draw: false, ..Grants::for_role(Role::Guest) };
    assert_eq!(did(&room), Some(ModerateAction::SetGrants { grants }));
}

#[test]
fn removing_asks_and_takes_a_reason() {
    let mut room = people(Role::Owner);
    press(&mut room, ADA);
    press(&mut room, "Remove");
    assert!(shows_text(&room, "Remove Ada Lovelace?"));
    room.get_by_role_and_label(egui::accesskit::Role::TextInput, "Reason").click();
    room.run_steps(2);
    write(&mut room, "too loud");
    assert_eq!(did(&room), None);
    let yes = room.get_all_by_label("Remove").last().unwrap();
    yes.click();
    room.run_steps(3);
    assert_eq!(did(&room), Some(ModerateAction::Remove { reason: ReasonText::truncated("too loud") }));
    assert!(!shows_text(&room, "Remove Ada Lovelace?"));
}

#[test]
fn a_question_about_somebody_who_left_goes_away() {
    let mut room = people(Role::Owner);
    press(&mut room, ADA);
    press(&mut room, "Ban");
    assert!(shows_text(&room, "Ban Ada Lovelace?"));
    let left = ControlDown::Left { id: ParticipantId(2), reason: atrium_protocol::LeaveReason::Left };
    room.state_mut().hear(left);
    room.run_steps(3);
    assert!(!shows_text(&room, "Ban Ada Lovelace?"));
    assert_eq!(room.state().state.person, None);
}

#[test]
fn ownership_is_handed_over_and_taken_back() {
    let mut room = people(Role::Owner);
    assert!(!has(&room, "Take the room back"));
    press(&mut room, ADA);
    press(&mut room, "Hand the room over");
    press(&mut room, "Hand over");
    assert_eq!(did(&room), Some(ModerateAction::TransferHost));
    press(&mut room, "Take the room back");
    assert_eq!(room.state().wishes.last(), Some(&Wish::Control(ControlUp::RecallHost)));
    assert!(!has(&room, "Take the room back"));
}

#[test]
fn visitors_are_let_in_or_turned_away() {
    let mut room = people(Role::Moderator);
    assert!(has(&room, "People (P): 2 waiting to come in"));
    press(&mut room, "Let Visitor 40 with a rather long name in");
    press(&mut room, "Turn Visitor 41 with a rather long name away");
    let asked: Vec<_> = room.state().wishes.clone();
    let word = |target, action| Wish::Control(ControlUp::Moderate { target: ParticipantId(target), action });
    assert_eq!(asked, [word(40, ModerateAction::Admit), word(41, ModerateAction::Deny)]);
}

#[test]
fn the_door_is_kept() {
    let mut room = people(Role::Moderator);
    press(&mut room, "Lock the room: nobody new gets in");
    press(&mut room, "Guests wait in the lobby");
    press(&mut room, "Mute everyone");
    let asked = [ControlUp::SetLocked { locked: true }, ControlUp::SetLobby { enabled: false }, ControlUp::MuteAll];
    assert_eq!(room.state().wishes, asked.map(Wish::Control));
}

#[test]
fn hands_stand_in_the_order_of_raising() {
    let room = people(Role::Guest);
    let drawn = texts(&room);
    let top = |text: &str| drawn.iter().find(|drawn| drawn.text == text).unwrap().rect.top();
    assert!(top("1. Ada Lovelace") < top("2. 李小龙"));
}

#[test]
fn two_hundred_people_cost_no_more_than_what_is_seen() {
    let mut room = App::in_room(Role::Owner);
    for number in 2..=200 {
        room.hear(ControlDown::Joined { person: Box::new(person(number, &format!("Person {number}"), Role::Guest)) });
    }
    room.state.tab = Some(Tab::People);
    let room = room.in_window();
    assert!(shows_text(&room, "200 people here"));
    let rows = room.get_all_by_label_contains("Person ").count();
    assert!((8..60).contains(&rows), "{rows} rows drawn");
}
