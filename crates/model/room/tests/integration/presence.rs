use crate::harness::*;
use atrium_protocol::*;
use atrium_room::*;

fn presence_changes(messages: &[ControlDown], of: ParticipantId) -> Vec<Presence> {
    let presence = |message: &ControlDown| match message {
        ControlDown::Changed { id, change } if *id == of => change.presence,
        _ => None,
    };
    messages.iter().filter_map(presence).collect()
}

#[test]
fn a_lost_person_comes_back_with_id_seat_and_role() {
    let mut world = World::new();
    let other = world.join(1, Role::Owner);
    let id = world.join(2, Role::Member);
    world.say(id, &ControlUp::Sit { seat: SeatId(1) });
    world.lose(id);
    world.advance_ms(20_000);
    world.clear_inboxes();
    let admitted = world.admit(resume(2, id, secret(2), secret(20))).unwrap();
    let expected = Admitted { participant: id, role: Role::Member, lobby: false, resumed: true, ticket: None };
    assert_eq!(admitted, expected);
    world.connect(id);
    let ControlDown::Welcome(welcome) = &world.control(id)[0] else { panic!() };
    assert_eq!(welcome.placement.seat, Some(SeatId(1)));
    assert_eq!(world.info(id).seat, Some(SeatId(1)));
    let news = world.control(other);
    assert_eq!(presence_changes(&news, id), [Presence::Here]);
    assert!(!news.iter().any(|message| matches!(message, ControlDown::Left { .. } | ControlDown::Joined { .. })));
    world.advance_ms(60_000);
    assert!(world.is_in_roster(id), "the time to come back ended with the resume");
}

#[test]
fn a_handover_to_a_new_connection_is_not_seen_as_a_loss() {
    let mut world = World::new();
    let other = world.join(1, Role::Owner);
    let id = world.join(2, Role::Member);
    world.clear_inboxes();
    world.admit(resume(2, id, secret(2), secret(20))).unwrap();
    world.advance_ms(200);
    world.connect(id);
    world.advance_ms(200);
    assert_eq!(presence_changes(&world.control(other), id), []);
    assert!(world.closed.is_empty(), "the old connection is dropped without a sound");
}

#[test]
fn only_the_right_secret_of_the_right_person_resumes_and_only_once() {
    let mut world = World::new();
    let id = world.join(2, Role::Member);
    world.lose(id);
    assert_eq!(world.refusal(resume(2, id, secret(3), secret(9))), JoinRefusalCode::ResumeFailed);
    assert_eq!(world.refusal(resume(3, id, secret(2), secret(9))), JoinRefusalCode::ResumeFailed);
    assert_eq!(world.refusal(resume(2, ParticipantId(99), secret(2), secret(9))), JoinRefusalCode::ResumeFailed);
    assert!(world.admit(resume(2, id, secret(2), secret(9))).unwrap().resumed);
    assert_eq!(world.refusal(resume(2, id, secret(2), secret(9))), JoinRefusalCode::ResumeFailed, "a new secret now");
    assert!(world.admit(resume(2, id, secret(9), secret(10))).unwrap().resumed);
}

#[test]
fn whoever_does_not_come_back_in_time_is_gone() {
    let mut world = World::new();
    let other = world.join(1, Role::Owner);
    let id = world.join(2, Role::Member);
    world.clear_inboxes();
    world.lose(id);
    world.advance_ms(29_900);
    assert!(world.is_in_roster(id));
    world.advance_ms(200);
    let news = world.control(other);
    assert_eq!(presence_changes(&news, id), [Presence::Reconnecting]);
    assert_eq!(news.last(), Some(&ControlDown::Left { id, reason: LeaveReason::TimedOut }));
    assert_eq!(world.refusal(resume(2, id, secret(2), secret(3))), JoinRefusalCode::ResumeFailed);
}

#[test]
fn a_connection_that_never_opens_is_given_up_without_anyone_knowing() {
    let mut world = World::new();
    let other = world.join(1, Role::Owner);
    world.clear_inboxes();
    let id = world.admit(admission(2, Role::Guest)).unwrap().participant;
    world.advance_ms(31_000);
    assert_eq!(world.closed, [(id, CloseCode::Stalled)]);
    assert_eq!(world.room.participant_count(), 1);
    assert!(world.control(other).is_empty());
}

#[test]
fn leaving_is_at_once_and_final() {
    let mut world = World::new();
    let other = world.join(1, Role::Owner);
    let (by_message, by_close) = (world.join(2, Role::Member), world.join(3, Role::Member));
    world.clear_inboxes();
    world.say(by_message, &ControlUp::Leave);
    world.input(RoomInput::Left { id: by_close });
    let left = |id| ControlDown::Left { id, reason: LeaveReason::Left };
    assert_eq!(world.control(other), [left(by_message), left(by_close)]);
    assert_eq!(world.closed.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [by_message]);
    assert_eq!(world.refusal(resume(2, by_message, secret(2), secret(9))), JoinRefusalCode::ResumeFailed);
    assert_eq!(world.disk.audited("leave"), 2);
}

#[test]
fn an_empty_room_needs_no_time() {
    let mut world = World::new();
    assert!(world.room.is_empty());
    assert_eq!(world.room.poll_timeout(), None);
    let id = world.join(1, Role::Owner);
    assert!(world.room.poll_timeout().is_some());
    world.lose(id);
    assert_eq!(world.room.poll_timeout(), Some(world.now + std::time::Duration::from_secs(30)), "no ticks for nobody");
    world.advance_ms(30_000);
    assert!(world.room.is_empty());
    assert_eq!(world.room.poll_timeout(), None);
}

#[test]
fn words_about_people_who_are_gone_do_no_harm() {
    let mut world = World::new();
    let id = world.join(1, Role::Owner);
    world.say(id, &ControlUp::Leave);
    world.connected.insert(id);
    for input in [
        RoomInput::Connected { id },
        RoomInput::Lost { id },
        RoomInput::Left { id },
        RoomInput::Congested { id, congested: false },
        RoomInput::BoardLoaded { id, board: BoardId(0), entries: Vec::new() },
        RoomInput::Committed { ticket: Ticket(77) },
        RoomInput::CommitFailed { ticket: Ticket(77) },
    ] {
        world.clear_inboxes();
        world.input(input);
        assert!(world.control(id).is_empty());
    }
    assert!(world.room.route_voice(world.now, id, 10, 80).is_empty());
}
