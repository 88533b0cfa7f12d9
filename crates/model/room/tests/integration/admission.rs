use crate::harness::*;
use atrium_protocol::*;
use atrium_room::*;

#[test]
fn the_first_messages_are_welcome_roster_and_history() {
    let mut world = World::new();
    let owner = world.join(1, Role::Owner);
    world.say(owner, &ControlUp::Chat { nonce: 1, text: ChatText::new("hello").unwrap() });
    let guest = world.join(2, Role::Guest);
    let messages = world.control(guest);
    let ControlDown::Welcome(welcome) = &messages[0] else { panic!("{messages:?}") };
    assert_eq!((welcome.you, welcome.role, welcome.tick_hz), (guest, Role::Guest, 30));
    assert_eq!(welcome.info.place, "Test hall");
    let ControlDown::Roster { people, complete: true } = &messages[1] else { panic!("{messages:?}") };
    assert_eq!(people.iter().map(|info| info.id).collect::<Vec<_>>(), [owner, guest]);
    let ControlDown::ChatHistory { messages: said } = &messages[2] else { panic!("{messages:?}") };
    assert_eq!(said[0].text.as_str(), "hello");
    let to_owner = world.control(owner);
    assert!(matches!(to_owner.last(), Some(ControlDown::Joined { person }) if person.id == guest), "{to_owner:?}");
}

#[test]
fn a_large_roster_and_many_files_come_in_pieces_that_fit() {
    let hash = ContentHash([7; 32]);
    let file = |n| FileEntry { path: format!("{n}/{}", "x".repeat(150)), hash, size: 1 };
    let mut world = World::with(|config| config.files = (0..256).map(file).collect());
    for n in 1..=60 {
        let avatar = AvatarBytes::new(vec![n; limits::AVATAR_BYTES]).unwrap();
        world.enter(Admission { avatar, ..admission(n, Role::Member) });
    }
    let last = world.join(61, Role::Guest);
    let mut mirror = Mirror::default();
    let messages = world.control(last);
    messages.iter().for_each(|message| mirror.apply(message));
    assert!(mirror.is_complete);
    assert_eq!(mirror.people.len(), 61);
    let mut files = mirror.welcome.unwrap().files;
    files.extend(messages.into_iter().flat_map(|message| match message {
        ControlDown::MoreFiles { files } => files,
        _ => Vec::new(),
    }));
    assert_eq!(files, (0..256).map(file).collect::<Vec<_>>());
}

#[test]
fn nobody_is_told_of_a_join_that_could_not_be_stored() {
    let mut world = World::new();
    let owner = world.join(1, Role::Owner);
    world.clear_inboxes();
    world.is_disk_held = true;
    let invited = Admission { uses: Some(1), invite: invite("once"), ..admission(2, Role::Moderator) };
    let lost = world.admit(invited.clone()).unwrap();
    assert!(lost.ticket.is_some());
    world.settle_promise(false);
    assert_eq!(world.closed, [(lost.participant, CloseCode::Stalled)]);
    assert!(world.control(owner).is_empty());
    assert_eq!(world.room.participant_count(), 1);
    assert_ne!(world.room.role_of(person(2)), Some(Role::Moderator));
    world.commit_all();
    let again = world.admit(invited).unwrap();
    assert_eq!(again.role, Role::Moderator, "nothing of the invite is spent");
    assert!(again.participant > lost.participant, "a number is never used twice");
}

#[test]
fn what_a_second_device_relies_on_is_stored_after_all() {
    let mut world = World::new();
    world.is_disk_held = true;
    let first = world.admit(admission(1, Role::Moderator)).unwrap();
    let second = world.admit(admission(1, Role::Moderator)).unwrap();
    assert_eq!((first.role, second.role), (Role::Moderator, Role::Moderator));
    world.settle_promise(false);
    world.commit_all();
    world.connect(second.participant);
    assert_eq!(world.info(second.participant).role, Role::Moderator);
    assert_eq!(world.disk.saved.roles.get(&person(1)), Some(&Role::Moderator));
    assert!(world.disk.saved.spent_invites[&invite("Moderator")].contains(&person(1)));
}

#[test]
fn a_room_keeps_an_owner_even_if_the_new_ones_join_fails() {
    let mut world = World::new();
    let owner = world.join(1, Role::Owner);
    world.is_disk_held = true;
    world.admit(admission(2, Role::Owner)).unwrap();
    world.moderate(owner, owner, ModerateAction::SetRole { role: Role::Member });
    assert_eq!(world.info(owner).role, Role::Member, "there is another owner");
    world.settle_promise(false);
    world.commit_all();
    let owners: Vec<_> = world.disk.saved.roles.iter().filter(|(_, role)| **role == Role::Owner).collect();
    assert_eq!(owners, [(&person(2), &Role::Owner)]);
}

#[test]
fn ids_go_on_after_a_restart() {
    let mut world = World::new();
    let first = world.join(1, Role::Owner);
    let mut world = world.restarted();
    assert!(world.join(1, Role::Owner) > first);
}

#[test]
fn a_full_room_has_two_more_places_for_owners() {
    let mut world = World::with(|config| config.capacity = 2);
    let first = world.join(1, Role::Guest);
    world.join(2, Role::Guest);
    world.lose(first);
    assert_eq!(world.refusal(admission(3, Role::Moderator)), JoinRefusalCode::RoomFull, "a lost one keeps the place");
    world.join(4, Role::Owner);
    world.join(5, Role::Owner);
    assert_eq!(world.refusal(admission(6, Role::Owner)), JoinRefusalCode::RoomFull);
}

#[test]
fn an_invite_is_spent_once_a_person_and_never_by_a_resume() {
    let mut world = World::new();
    let limited = |n| Admission { uses: Some(2), invite: invite("two"), ..admission(n, Role::Guest) };
    let first = world.enter(limited(1));
    world.lose(first);
    let resumed = Admission { uses: Some(2), invite: invite("two"), ..resume(1, first, secret(1), secret(9)) };
    world.enter(resumed);
    world.enter(limited(1));
    world.enter(limited(2));
    assert_eq!(world.refusal(limited(3)), JoinRefusalCode::TokenSpent);
    world.enter(limited(2));
    let mut world = world.restarted();
    assert_eq!(world.refusal(limited(3)), JoinRefusalCode::TokenSpent);
    world.enter(limited(1));
}

#[test]
fn a_person_attends_with_four_devices_at_most_and_a_lost_one_gives_way() {
    let mut world = World::new();
    let ids: Vec<_> = (0..4).map(|_| world.join(1, Role::Member)).collect();
    assert_eq!(world.refusal(admission(1, Role::Member)), JoinRefusalCode::TooFast);
    world.lose(ids[2]);
    let fifth = world.join(1, Role::Member);
    assert!(!world.is_in_roster(ids[2]));
    assert!(world.is_in_roster(fifth));
}

#[test]
fn a_locked_room_lets_in_moderators_and_those_who_come_back() {
    let mut world = World::new();
    let owner = world.join(1, Role::Owner);
    let guest = world.join(2, Role::Guest);
    world.say(owner, &ControlUp::SetLocked { locked: true });
    assert_eq!(world.refusal(admission(3, Role::Member)), JoinRefusalCode::Locked);
    world.lose(guest);
    assert!(world.admit(resume(2, guest, secret(2), secret(3))).unwrap().resumed);
    world.join(4, Role::Moderator);
    let mut world = world.restarted();
    assert_eq!(world.refusal(admission(3, Role::Member)), JoinRefusalCode::Locked);
}

#[test]
fn people_appear_apart_from_one_another() {
    let mut world = World::new();
    let ids: Vec<_> = (1..=30).map(|n| world.join(n, Role::Guest)).collect();
    let heads: Vec<_> = ids.iter().map(|id| world.room.head_of(*id).unwrap()).collect();
    for (n, head) in heads.iter().enumerate() {
        assert!(place().bounds_contain(*head));
        let nearest = heads[..n].iter().map(|other| other.distance(*head)).fold(f32::MAX, f32::min);
        assert!(nearest > 0.45, "person {n} is {nearest} m from another");
    }
}

#[test]
fn a_draining_room_says_goodbye_and_takes_nobody() {
    let mut world = World::new();
    let owner = world.join(1, Role::Owner);
    let opening = world.admit(admission(2, Role::Guest)).unwrap().participant;
    world.clear_inboxes();
    world.input(RoomInput::Drain);
    assert!(matches!(world.control(owner)[..], [ControlDown::Closing { code: CloseCode::Draining, .. }]));
    assert_eq!(world.closed, [(owner, CloseCode::Draining), (opening, CloseCode::Draining)]);
    assert!(world.room.is_empty());
    assert_eq!(world.room.poll_timeout(), None);
    assert_eq!(world.refusal(admission(3, Role::Owner)), JoinRefusalCode::Draining);
}
