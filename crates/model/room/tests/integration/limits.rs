use crate::harness::*;
use atrium_protocol::*;
use atrium_room::*;

fn code_of_end(world: &World, id: ParticipantId) -> Option<CloseCode> {
    world.closed.iter().find(|(closed, _)| *closed == id).map(|(_, code)| *code)
}

#[test]
fn a_flood_on_the_control_lane_is_refused_once_a_second_and_ends_after_ten() {
    let mut world = World::new();
    let (flooder, other) = (world.join(1, Role::Member), world.join(2, Role::Member));
    world.clear_inboxes();
    let mut refusals = 0;
    for _ in 0..900 {
        (0..10).for_each(|n| world.say(flooder, &ControlUp::Ping { client_us: n }));
        world.advance_ms(10);
        let messages = world.control(flooder);
        refusals += messages.iter().filter(|message| matches!(message, ControlDown::Refused { .. })).count();
    }
    assert!((8..=10).contains(&refusals), "{refusals} in nine seconds");
    assert_eq!(code_of_end(&world, flooder), None);
    for _ in 0..200 {
        world.say(flooder, &ControlUp::Ping { client_us: 0 });
        world.advance_ms(10);
    }
    assert_eq!(code_of_end(&world, flooder), Some(CloseCode::Misbehaved));
    let reason = LeaveReason::Misbehaved;
    assert!(world.control(other).contains(&ControlDown::Left { id: flooder, reason }));
}

#[test]
fn pings_and_chat_have_limits_of_their_own() {
    let mut world = World::new();
    let id = world.join(1, Role::Member);
    world.clear_inboxes();
    (0..20).for_each(|n| world.say(id, &ControlUp::Ping { client_us: n }));
    let pongs = world.control(id).iter().filter(|message| matches!(message, ControlDown::Pong { .. })).count();
    assert_eq!(pongs, 10);
    world.advance_ms(3_000);
    let text = ChatText::new("hi").unwrap();
    (1..=20).for_each(|nonce| world.say(id, &ControlUp::Chat { nonce, text: text.clone() }));
    assert_eq!(world.disk.saved.chat.len(), 10);
    let refused = |message: &ControlDown| match message {
        ControlDown::Refused { what, nonce, code: RefusalCode::TooFast, .. } if what == "chat" => *nonce,
        _ => None,
    };
    let nonces: Vec<u64> = world.control(id).iter().filter_map(refused).collect();
    assert_eq!(nonces, (11..=20).collect::<Vec<_>>(), "each is refused by its number");
}

#[test]
fn a_chat_message_in_a_flood_of_others_is_refused_by_its_number() {
    let mut world = World::new();
    let id = world.join(1, Role::Member);
    (0..100).for_each(|n| world.say(id, &ControlUp::Ping { client_us: n }));
    world.clear_inboxes();
    world.say(id, &ControlUp::Chat { nonce: 5, text: ChatText::new("hi").unwrap() });
    let refusal = world.control(id).into_iter().find(|message| matches!(message, ControlDown::Refused { .. }));
    assert!(matches!(refusal, Some(ControlDown::Refused { nonce: Some(5), code: RefusalCode::TooFast, .. })));
}

#[test]
fn what_everyone_hears_of_is_limited_more_than_what_only_the_server_hears() {
    let mut world = World::new();
    let (id, other) = (world.join(1, Role::Member), world.join(2, Role::Member));
    world.clear_inboxes();
    (0..50).for_each(|n| world.say(id, &ControlUp::SetMuted { muted: n % 2 == 0 }));
    assert_eq!(world.control(other).len(), RateLimits::STANDARD.announce.burst as usize);
}

#[test]
fn board_messages_are_limited_by_number_and_by_bytes_and_each_is_answered() {
    let mut world = World::new();
    let id = world.join(1, Role::Member);
    let append = |nonce| BoardUp::Append { board: BoardId(0), nonce, operation: large_operation(nonce << 8) };
    (1..=200).for_each(|nonce| world.append(id, 0, nonce));
    assert_eq!(world.disk.boards[&BoardId(0)].len(), 120);
    let refused = |message: &BoardDown| matches!(message, BoardDown::Refused { code: RefusalCode::TooFast, .. });
    assert_eq!(world.board_messages(id).iter().filter(|message| refused(message)).count(), 80);
    world.advance_ms(5_000);
    let size = encode_message(&append(201), usize::MAX).unwrap().len();
    assert!(size > 11_000, "{size} bytes");
    (201..=240).for_each(|nonce| world.board(id, &append(nonce)));
    let stored = world.disk.boards[&BoardId(0)].len() - 120;
    assert_eq!(stored, 256 * 1024 / size, "256 KiB at once");
}

#[test]
fn fifty_one_malformed_messages_end_the_connection_on_every_lane() {
    for lane in [Lane::Control, Lane::Board, Lane::Pose] {
        let mut world = World::new();
        let id = world.join(1, Role::Member);
        world.clear_inboxes();
        let garbage = if lane == Lane::Pose { vec![1, 2, 3] } else { vec![0xc1, 0xff] };
        (0..50).for_each(|_| {
            world.advance_ms(50);
            world.received(id, lane, garbage.clone());
        });
        assert_eq!(code_of_end(&world, id), None);
        let messages = world.control(id);
        assert!(matches!(messages[0], ControlDown::Refused { code: RefusalCode::Invalid, .. }), "{messages:?}");
        assert!(messages.len() <= 4, "told once a second");
        world.received(id, lane, garbage);
        assert_eq!(code_of_end(&world, id), Some(CloseCode::Misbehaved));
    }
}

#[test]
fn oversized_chat_is_refused_with_a_sentence() {
    let mut world = World::new();
    let id = world.join(1, Role::Member);
    world.clear_inboxes();
    let mut text = encode_message(&ControlUp::SetMuted { muted: true }, 100).unwrap();
    text.extend(vec![b'x'; 1_000_000]);
    world.received(id, Lane::Control, text);
    assert_eq!(world.refused(id), Some(("control".into(), RefusalCode::Invalid)));
    assert!(world.is_in_roster(id));
}

#[test]
fn poses_over_the_rate_are_dropped() {
    let mut world = World::new();
    let id = world.join(1, Role::Member);
    for sequence in 0..200 {
        let pose = PoseUp { sequence: Tick(sequence), captured_ms: world.now.wrapped_millis(), pose: Pose::default() };
        world.received(id, Lane::Pose, encode_pose_up(&pose));
    }
    let stats = world.room.stats(world.now);
    assert_eq!((stats.poses_accepted, stats.poses_dropped), (90, 110));
}

#[test]
fn a_voice_flood_is_cut_and_then_ends() {
    let mut world = World::new();
    let (flooder, _) = (world.join(1, Role::Member), world.join(2, Role::Member));
    let mut routed = 0;
    for _ in 0..9_000 {
        world.advance_ms(1);
        let now = world.now;
        routed += world.room.route_voice(now, flooder, 20, 80).len();
    }
    assert!((1_100..=1_250).contains(&routed), "{routed} packets in nine seconds");
    for _ in 0..2_000 {
        world.advance_ms(1);
        let now = world.now;
        world.room.route_voice(now, flooder, 20, 80);
    }
    assert_eq!(code_of_end(&world, flooder), Some(CloseCode::Misbehaved));
}

#[test]
fn a_disk_that_stands_still_is_felt_but_fills_nothing() {
    let mut world = World::new();
    let ids: Vec<_> = (1..=40).map(|n| world.join(n, Role::Member)).collect();
    world.is_disk_held = true;
    for nonce in 1..=600 {
        ids.iter().for_each(|id| world.append(*id, 0, nonce));
        world.advance_ms(20);
        world.clear_inboxes();
    }
    assert_eq!(world.promises.len(), 1, "one batch a board");
    world.append(ids[0], 0, 9_999);
    let answer = world.board_messages(ids[0]);
    assert!(matches!(answer[..], [BoardDown::Refused { code: RefusalCode::TooFast, .. }]), "{answer:?}");
}
