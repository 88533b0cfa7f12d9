//! What people do at boards right now, and who sees it.

use crate::harness::*;
use atrium_board::{Edit, ElementId, Live, LiveInk, PageId, Pointing, View, ink::Point};
use atrium_protocol::*;
use glam::Vec2;

fn pointing(x: f32, is_laser: bool) -> Live {
    let pointing = Pointing { page: PageId::FIRST, position: Vec2::new(x, 1.0), is_laser };
    Live { pointing: Some(pointing), ..Live::default() }
}

fn drawing(points: usize) -> Live {
    let ink = LiveInk {
        element: ElementId(5),
        page: PageId::FIRST,
        color: atrium_board::Color::Blue,
        width_mm: 4.0,
        is_highlighter: false,
        after: 12,
        points: (0..points).map(|n| Point::at(Vec2::new(n as f32 * 37.0 % 11.0, n as f32 * 53.0 % 7.0))).collect(),
    };
    Live { ink: Some(ink), ..Live::default() }
}

fn send(world: &mut World, id: ParticipantId, sequence: u16, live: &Live) {
    let up = LiveUp { board: BoardId(0), sequence, payload: live.encode() };
    world.received(id, Lane::Pose, encode_live_up(&up).unwrap());
}

/// Who did what, as somebody was told since the last look.
fn told(world: &mut World, id: ParticipantId) -> Vec<(ParticipantId, u16, Live)> {
    let records = world.live(id).into_iter().flat_map(|live| live.records);
    records.map(|record| (record.id, record.sequence, Live::decode(&record.payload).unwrap())).collect()
}

#[test]
fn everybody_inside_sees_the_newest_of_each_once_a_tick() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Role::Owner), world.join(2, Role::Member));
    world.say(a, &ControlUp::SetLobby { enabled: true });
    let visitor = world.join(3, Role::Guest);
    world.clear_inboxes();
    world.advance_ms(500);
    assert!(world.live(b).is_empty(), "nobody draws: nothing is sent");
    send(&mut world, a, 1, &pointing(1.0, false));
    send(&mut world, a, 2, &pointing(2.0, false));
    send(&mut world, b, 9, &drawing(6));
    world.advance_ms(70);
    for id in [a, b] {
        assert_eq!(
            told(&mut world, id),
            [(a, 2, pointing(2.0, false)), (b, 9, Live::decode(&drawing(6).encode()).unwrap())]
        );
    }
    assert!(world.live(visitor).is_empty());
    world.advance_ms(500);
    assert!(world.live(b).is_empty(), "each is told once");
    world.input(atrium_room::RoomInput::Congested { id: b, congested: true });
    send(&mut world, a, 3, &pointing(3.0, false));
    world.advance_ms(70);
    assert!(world.live(b).is_empty(), "whoever cannot take more gets none");
}

#[test]
fn late_datagrams_change_nothing_and_a_new_connection_counts_anew() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Role::Owner), world.join(2, Role::Member));
    send(&mut world, a, 65_535, &pointing(1.0, false));
    send(&mut world, a, 0, &pointing(2.0, false));
    send(&mut world, a, 65_535, &pointing(1.0, false));
    send(&mut world, a, 0, &pointing(3.0, false));
    world.advance_ms(70);
    assert_eq!(told(&mut world, b), [(a, 0, pointing(2.0, false))]);
    send(&mut world, a, 1, &pointing(4.0, false));
    world.lose(a);
    world.advance_ms(70);
    assert!(world.live(b).is_empty(), "who is gone does nothing");
    world.enter(resume(1, a, secret(1), secret(2)));
    send(&mut world, a, 0, &pointing(5.0, false));
    world.advance_ms(70);
    assert_eq!(told(&mut world, b), [(a, 0, pointing(5.0, false))]);
}

#[test]
fn everybody_points_and_who_may_draw_shows_more() {
    let mut world = World::new();
    let (owner, guest) = (world.join(1, Role::Owner), world.join(2, Role::Guest));
    let view = View { page: PageId::FIRST, center: Vec2::ZERO, width_mm: 900.0 };
    let looking = Live { view: Some(view), ..Live::default() };
    let more = [drawing(3), pointing(1.0, true), looking];
    let mut sequence = 0;
    let mut shown = |world: &mut World, id| {
        let mut count = 0;
        for live in &more {
            sequence += 1;
            send(world, id, sequence, live);
            world.advance_ms(70);
            count += told(world, owner).len();
        }
        sequence += 1;
        send(world, id, sequence, &pointing(1.0, false));
        world.advance_ms(70);
        assert_eq!(told(world, owner).len(), 1, "everybody points");
        count
    };
    assert_eq!(shown(&mut world, guest), 3);
    world.draw(owner, 0, 1, vec![Edit::Freeze { is_frozen: true }]);
    assert_eq!((shown(&mut world, guest), shown(&mut world, owner)), (0, 3), "on a frozen board");
    world.draw(owner, 0, 2, vec![Edit::Freeze { is_frozen: false }]);
    let grants = Grants { draw: false, ..Grants::for_role(Role::Guest) };
    world.moderate(owner, guest, ModerateAction::SetGrants { grants });
    assert_eq!(shown(&mut world, guest), 0, "without the grant");
}

#[test]
fn boards_that_do_not_exist_and_payloads_that_are_none_reach_nobody() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Role::Owner), world.join(2, Role::Member));
    let up = LiveUp { board: BoardId(77), sequence: 1, payload: pointing(1.0, false).encode() };
    world.received(a, Lane::Pose, encode_live_up(&up).unwrap());
    let before = world.room.stats(world.now).messages_malformed;
    let mut far = pointing(1.0, false).encode();
    far.splice(5..9, f32::NAN.to_be_bytes());
    for payload in [vec![], vec![0xff; 20], far] {
        let up = LiveUp { board: BoardId(0), sequence: 2, payload };
        world.received(a, Lane::Pose, encode_live_up(&up).unwrap());
    }
    world.received(a, Lane::Pose, vec![3, 0]);
    world.advance_ms(200);
    assert!(world.live(b).is_empty());
    assert_eq!(world.room.stats(world.now).messages_malformed - before, 4);
}

#[test]
fn fifty_people_take_turns_within_the_bound() {
    let mut world = World::new();
    let ids: Vec<_> = (1..=50).map(|n| world.join(n, Role::Member)).collect();
    world.clear_inboxes();
    let mut told_of = std::collections::BTreeMap::<ParticipantId, usize>::new();
    for tick in 1..=60 {
        for id in &ids {
            send(&mut world, *id, tick, &drawing(80));
        }
        world.advance_ms(33);
        let datagrams = world.live(ids[0]);
        assert!(datagrams.len() <= 4, "two a tick, and ticks a little faster than the senders");
        let records = datagrams.iter().flat_map(|live| &live.records);
        records.for_each(|record| *told_of.entry(record.id).or_default() += 1);
        world.clear_inboxes();
    }
    assert_eq!(told_of.len(), 50, "everybody has their turn");
    let (least, most) = (told_of.values().min().unwrap(), told_of.values().max().unwrap());
    assert!(*least >= 3 && most - least <= 2, "{told_of:?}");
}

#[test]
fn a_live_flood_is_cut_and_then_ends() {
    let mut world = World::new();
    let (flooder, other) = (world.join(1, Role::Member), world.join(2, Role::Member));
    let mut told_of = 0;
    for n in 0..8_000_u16 {
        send(&mut world, flooder, n, &pointing(1.0, false));
        world.advance_ms(1);
        told_of += told(&mut world, other).len();
    }
    assert!((200..=280).contains(&told_of), "{told_of} in eight seconds");
    for n in 8_000..12_000_u16 {
        send(&mut world, flooder, n, &pointing(1.0, false));
        world.advance_ms(1);
    }
    assert!(world.closed.contains(&(flooder, CloseCode::Misbehaved)));
    assert!(!world.is_in_roster(flooder));
}

#[test]
fn poses_and_live_words_do_not_take_each_others_room() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Role::Member), world.join(2, Role::Member));
    let mut told_of = 0;
    for n in 0..300_u16 {
        let pose = PoseUp { sequence: Tick(n), captured_ms: world.now.wrapped_millis(), pose: Pose::default() };
        world.received(a, Lane::Pose, encode_pose_up(&pose));
        send(&mut world, a, n, &pointing(f32::from(n), false));
        world.advance_ms(33);
        told_of += told(&mut world, b).len();
    }
    assert!(world.control(a).iter().all(|message| !matches!(message, ControlDown::Refused { .. })));
    assert!(told_of >= 295, "{told_of} of 300");
}
