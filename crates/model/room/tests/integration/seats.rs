use crate::harness::*;
use atrium_protocol::*;
use atrium_room::*;

fn sit(world: &mut World, id: ParticipantId, seat: u16) -> Option<RefusalCode> {
    world.clear_inboxes();
    world.say(id, &ControlUp::Sit { seat: SeatId(seat) });
    world.inboxes.get(&id).and_then(|inbox| {
        inbox.control.iter().find_map(|message| match message {
            ControlDown::Refused { code, .. } => Some(*code),
            _ => None,
        })
    })
}

#[test]
fn sitting_places_and_tells() {
    let mut world = World::new();
    let (id, other) = (world.join(1, Role::Owner), world.join(2, Role::Guest));
    assert_eq!(sit(&mut world, id, 0), None);
    let messages = world.control(id);
    let placement = messages.iter().find_map(|message| match message {
        ControlDown::Placed { placement, reason: PlacedReason::Seat } => Some(*placement),
        _ => None,
    });
    let placement = placement.expect("a placement");
    assert_eq!((placement.position, placement.seat), ([-4.0, 0.0, 0.0], Some(SeatId(0))));
    assert!((placement.yaw - 90_f32.to_radians()).abs() < 1e-6);
    assert_eq!(placement.epoch, PoseEpoch(1));
    let news = world.control(other);
    assert!(news.contains(&ControlDown::Jumped { id, epoch: PoseEpoch(1) }));
    let change = PersonChange { seat: Some(0), ..PersonChange::default() };
    assert!(news.contains(&ControlDown::Changed { id, change }));
}

#[test]
fn a_seat_has_one_sitter() {
    let mut world = World::new();
    let (id, other) = (world.join(1, Role::Owner), world.join(2, Role::Guest));
    assert_eq!(sit(&mut world, id, 0), None);
    assert_eq!(sit(&mut world, other, 0), Some(RefusalCode::Taken));
    assert_eq!(sit(&mut world, other, 9), Some(RefusalCode::NotFound));
    assert_eq!(sit(&mut world, id, 1), None, "changing seats frees the first");
    assert_eq!(sit(&mut world, other, 0), None);
}

#[test]
fn standing_leaving_and_timing_out_free_a_seat_but_reconnecting_keeps_it() {
    let mut world = World::new();
    let ids: Vec<_> = (1..=4).map(|n| world.join(n, Role::Guest)).collect();
    assert_eq!(sit(&mut world, ids[0], 0), None);
    world.say(ids[0], &ControlUp::Stand);
    assert_eq!(world.info(ids[0]).seat, None);
    assert_eq!(sit(&mut world, ids[1], 0), None);
    world.input(RoomInput::Left { id: ids[1] });
    assert_eq!(sit(&mut world, ids[2], 0), None);
    world.lose(ids[2]);
    assert_eq!(sit(&mut world, ids[3], 0), Some(RefusalCode::Taken));
    world.advance_ms(30_000);
    assert_eq!(sit(&mut world, ids[3], 0), None);
}
