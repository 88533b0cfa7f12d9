use crate::harness::*;
use atrium_protocol::*;
use atrium_room::*;

fn with_lobby() -> (World, ParticipantId) {
    let mut world = World::new();
    let owner = world.join(1, Role::Owner);
    world.say(owner, &ControlUp::SetLobby { enabled: true });
    world.clear_inboxes();
    (world, owner)
}

fn knocks(world: &mut World, at: ParticipantId) -> Vec<ParticipantId> {
    let knock = |message| match message {
        ControlDown::Knock { id, .. } => Some(id),
        _ => None,
    };
    world.control(at).into_iter().filter_map(knock).collect()
}

#[test]
fn a_guest_waits_until_let_in() {
    let (mut world, owner) = with_lobby();
    let admitted = world.admit(admission(2, Role::Guest)).unwrap();
    assert!(admitted.lobby);
    let guest = admitted.participant;
    world.connect(guest);
    assert!(matches!(world.control(guest)[..], [ControlDown::InLobby { .. }]));
    assert_eq!(knocks(&mut world, owner), [guest]);
    assert_eq!(world.room.participant_count(), 1);
    world.advance_ms(1_000);
    world.say(guest, &ControlUp::Chat { nonce: 1, text: ChatText::new("let me in").unwrap() });
    assert_eq!(world.refused(guest), Some(("chat".into(), RefusalCode::NotAllowed)));
    world.append(guest, 0, 1);
    assert!(world.board_messages(guest).is_empty());
    assert!(world.room.route_voice(world.now, guest, 10, 80).is_empty());
    world.moderate(owner, guest, ModerateAction::Admit);
    assert!(matches!(world.control(guest)[0], ControlDown::Welcome(_)));
    let news = world.control(owner);
    assert!(news.contains(&ControlDown::KnockEnded { id: guest }), "{news:?}");
    assert!(news.iter().any(|message| matches!(message, ControlDown::Joined { person } if person.id == guest)));
    assert_eq!(world.disk.audited("admit"), 1);
}

#[test]
fn members_walk_in() {
    let (mut world, _) = with_lobby();
    assert!(!world.admit(admission(2, Role::Member)).unwrap().lobby);
}

#[test]
fn a_guest_who_is_denied_is_told_and_closed() {
    let (mut world, owner) = with_lobby();
    let guest = world.join(2, Role::Guest);
    world.clear_inboxes();
    world.moderate(owner, guest, ModerateAction::Deny);
    assert!(matches!(world.control(guest)[..], [ControlDown::Closing { code: CloseCode::Denied, .. }]));
    assert_eq!(world.closed, [(guest, CloseCode::Denied)]);
    assert!(world.control(owner).contains(&ControlDown::KnockEnded { id: guest }));
}

#[test]
fn only_moderators_hear_knocks_and_new_ones_hear_the_old_knocks() {
    let (mut world, owner) = with_lobby();
    let member = world.join(2, Role::Member);
    let guest = world.join(3, Role::Guest);
    assert_eq!(knocks(&mut world, member), []);
    world.moderate(member, guest, ModerateAction::Admit);
    assert_eq!(world.refused(member), Some(("moderate".into(), RefusalCode::NotAllowed)));
    world.moderate(owner, member, ModerateAction::SetRole { role: Role::Moderator });
    assert_eq!(knocks(&mut world, member), [guest]);
    let late = world.join(4, Role::Moderator);
    assert_eq!(knocks(&mut world, late), [guest]);
}

#[test]
fn letting_in_waits_for_the_disk_and_a_failure_leaves_them_outside() {
    let (mut world, owner) = with_lobby();
    let guest = world.join(2, Role::Guest);
    world.clear_inboxes();
    world.is_disk_held = true;
    world.moderate(owner, guest, ModerateAction::Admit);
    world.moderate(owner, guest, ModerateAction::Admit);
    assert_eq!(world.promises.len(), 1, "once is enough");
    assert!(world.control(guest).is_empty());
    world.settle_promise(false);
    assert_eq!(world.refused(owner), Some(("moderate".into(), RefusalCode::StorageFailed)));
    world.moderate(owner, guest, ModerateAction::Admit);
    world.settle_promise(true);
    assert!(matches!(world.control(guest)[0], ControlDown::Welcome(_)));
}

#[test]
fn a_visitor_may_lose_the_connection_and_come_back_to_the_lobby() {
    let (mut world, owner) = with_lobby();
    let guest = world.join(2, Role::Guest);
    world.lose(guest);
    let resumed = world.admit(resume(2, guest, secret(2), secret(9))).unwrap();
    assert!(resumed.lobby && resumed.resumed);
    world.moderate(owner, guest, ModerateAction::Admit);
    world.clear_inboxes();
    world.connect(guest);
    assert!(matches!(world.control(guest)[0], ControlDown::Welcome(_)), "let in while away");
}

#[test]
fn the_lobby_is_bounded_and_takes_no_place_of_the_room() {
    let mut world = World::with(|config| config.capacity = 2);
    let owner = world.join(1, Role::Owner);
    world.say(owner, &ControlUp::SetLobby { enabled: true });
    for n in 2..66 {
        world.join(n, Role::Guest);
    }
    assert_eq!(world.refusal(admission(70, Role::Guest)), JoinRefusalCode::RoomFull);
    world.join(71, Role::Member);
    let visitor = world.room.lobby().next().unwrap().id;
    world.clear_inboxes();
    world.moderate(owner, visitor, ModerateAction::Admit);
    assert_eq!(world.refused(owner), Some(("moderate".into(), RefusalCode::NotAllowed)), "the room is full");
}

#[test]
fn an_invite_that_is_used_up_meanwhile_turns_the_visitor_away() {
    let (mut world, owner) = with_lobby();
    let once = |n| Admission { uses: Some(1), invite: invite("once"), ..admission(n, Role::Guest) };
    let (first, second) = (world.enter(once(2)), world.enter(once(3)));
    world.moderate(owner, first, ModerateAction::Admit);
    world.moderate(owner, second, ModerateAction::Admit);
    assert!(world.is_in_roster(first));
    assert_eq!(world.closed, [(second, CloseCode::Denied)]);
}

#[test]
fn strangers_on_the_invite_of_a_banned_person_wait_whatever_it_promises() {
    let mut world = World::new();
    let owner = world.join(1, Role::Owner);
    let (known, bad) = (world.join(2, Role::Member), world.join(3, Role::Member));
    world.moderate(owner, bad, ModerateAction::Ban { reason: reason("shouting") });
    world.say(known, &ControlUp::Leave);
    assert_eq!(world.refusal(admission(3, Role::Guest)), JoinRefusalCode::Banned);
    assert!(!world.admit(admission(2, Role::Member)).unwrap().lobby, "known here");
    let stranger = world.admit(admission(4, Role::Member)).unwrap();
    assert!(stranger.lobby);
    assert_eq!(world.room.role_of(person(4)), None, "the promise waits, too");
    world.connect(stranger.participant);
    let mut world = world.restarted();
    assert!(world.admit(admission(4, Role::Member)).unwrap().lobby, "waiting makes nobody known");
    assert_eq!(world.refusal(admission(3, Role::Guest)), JoinRefusalCode::Banned);
}
