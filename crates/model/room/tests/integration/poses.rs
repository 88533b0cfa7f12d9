use crate::harness::*;
use atrium_protocol::*;
use glam::{Quat, Vec3};

fn head(x: f32, y: f32, z: f32) -> HeadPose {
    HeadPose { position: Vec3::new(x, y, z), rotation: Quat::IDENTITY }
}

struct Walker {
    id: ParticipantId,
    sequence: u16,
    epoch: u8,
}

impl Walker {
    fn new(world: &mut World, n: u8) -> Self {
        Self { id: world.join(n, Role::Member), sequence: 0, epoch: 0 }
    }

    fn send(&mut self, world: &mut World, head: HeadPose) {
        self.sequence = self.sequence.wrapping_add(1);
        let pose = Pose { epoch: PoseEpoch(self.epoch), head: Some(head), left: None, right: None };
        let up = PoseUp { sequence: Tick(self.sequence), captured_ms: world.now.wrapped_millis(), pose };
        world.received(self.id, Lane::Pose, encode_pose_up(&up));
        world.advance_ms(33);
    }

    fn stands_at(&self, world: &World) -> Vec3 {
        world.room.head_of(self.id).unwrap()
    }
}

fn corrections(world: &mut World, id: ParticipantId) -> Vec<Placement> {
    let correction = |message| match message {
        ControlDown::Placed { placement, reason: PlacedReason::Correction } => Some(placement),
        _ => None,
    };
    world.control(id).into_iter().filter_map(correction).collect()
}

#[test]
fn a_walk_is_followed_and_seen() {
    let mut world = World::new();
    let mut walker = Walker::new(&mut world, 1);
    let other = world.join(2, Role::Guest);
    let start = walker.stands_at(&world);
    for step in 0..60 {
        walker.send(&mut world, head(start.x + 0.1 * step as f32, 1.7, start.z));
    }
    let end = walker.stands_at(&world);
    assert!((end.x - start.x - 5.9).abs() < 0.01, "{end}");
    let seen = world.poses(other);
    let last = seen.last().unwrap().records[0];
    assert_eq!(last.id, walker.id);
    assert!((last.pose.head.unwrap().position - end).length() < 0.01);
    assert!(last.age_ms <= 40, "{} ms", last.age_ms);
    assert!(corrections(&mut world, walker.id).is_empty());
}

#[test]
fn a_teleport_is_not_seen_and_lasting_ones_are_corrected() {
    let mut world = World::new();
    let mut walker = Walker::new(&mut world, 1);
    let start = walker.stands_at(&world);
    walker.send(&mut world, head(-15.0, 1.6, -10.0));
    assert_eq!(walker.stands_at(&world), start);
    for _ in 0..20 {
        walker.send(&mut world, head(-15.0, 1.6, -10.0));
    }
    let placed = corrections(&mut world, walker.id);
    assert_eq!(placed.len(), 1);
    assert_eq!(placed[0].epoch, PoseEpoch(1));
    assert!((Vec3::from_array(placed[0].position) + Vec3::Y * 1.6).distance(start) < 0.01);
    walker.send(&mut world, head(start.x, 1.6, start.z - 0.5));
    assert_eq!(walker.stands_at(&world), start, "of the old epoch");
    walker.epoch = 1;
    walker.send(&mut world, head(start.x, 1.6, start.z - 0.5));
    assert!(walker.stands_at(&world).distance(start) > 0.4);
}

#[test]
fn a_short_stall_of_the_network_is_no_offence() {
    let mut world = World::new();
    let mut walker = Walker::new(&mut world, 1);
    let start = walker.stands_at(&world);
    walker.send(&mut world, head(start.x, 1.6, start.z));
    world.advance_ms(2_000);
    walker.send(&mut world, head(start.x, 1.6, start.z - 6.0));
    assert!(walker.stands_at(&world).distance(start) > 5.9);
}

#[test]
fn nobody_outruns_eight_metres_a_second() {
    let mut world = World::new();
    let mut walker = Walker::new(&mut world, 1);
    let (mut accepted, mut angle) = (0.0, 0.0_f32);
    let mut last = walker.stands_at(&world);
    for _ in 0..300 {
        angle += 0.1;
        walker.send(&mut world, head(8.0 * angle.cos(), 1.6, 8.0 * angle.sin()));
        accepted += walker.stands_at(&world).distance(last);
        last = walker.stands_at(&world);
        corrections(&mut world, walker.id);
    }
    assert!(accepted <= 8.0 * 10.0 + 8.5, "{accepted} m in ten seconds");
}

#[test]
fn nobody_leaves_the_bounds() {
    let mut world = World::new();
    let mut walker = Walker::new(&mut world, 1);
    for step in 0..100 {
        walker.send(&mut world, head(0.0, 1.6 + 0.1 * step as f32, 4.0));
    }
    let top = walker.stands_at(&world).y;
    assert!((6.0..6.51).contains(&top), "{top}");
}

#[test]
fn a_sitter_stays_at_the_seat() {
    let mut world = World::new();
    let mut walker = Walker::new(&mut world, 1);
    world.say(walker.id, &ControlUp::Sit { seat: SeatId(0) });
    walker.epoch = 1;
    walker.send(&mut world, head(-3.2, 1.2, 0.0));
    assert!((walker.stands_at(&world).x + 3.2).abs() < 0.01, "one may lean");
    walker.send(&mut world, head(-2.0, 1.2, 0.0));
    assert!((walker.stands_at(&world).x + 3.2).abs() < 0.01, "but not walk away");
    world.say(walker.id, &ControlUp::Stand);
    walker.epoch = 2;
    walker.send(&mut world, head(-2.0, 1.6, 0.0));
    assert!((walker.stands_at(&world).x + 2.0).abs() < 0.01);
}

#[test]
fn late_and_repeated_poses_do_not_count() {
    let mut world = World::new();
    let mut walker = Walker::new(&mut world, 1);
    let start = walker.stands_at(&world);
    walker.sequence = 100;
    walker.send(&mut world, head(start.x, 1.6, start.z - 1.0));
    walker.sequence = 98;
    walker.send(&mut world, head(start.x, 1.6, start.z));
    walker.sequence = 100;
    walker.send(&mut world, head(start.x, 1.6, start.z - 0.5));
    assert!((walker.stands_at(&world).z - start.z + 1.0).abs() < 0.01, "{}", walker.stands_at(&world));
    assert_eq!(world.room.stats(world.now).poses_dropped, 2);
    walker.send(&mut world, head(start.x, 1.6, start.z - 0.5));
    assert!((walker.stands_at(&world).z - start.z + 0.5).abs() < 0.01);
}

#[test]
fn a_capture_time_that_cannot_be_is_replaced_by_the_arrival() {
    let mut world = World::new();
    let walker = Walker::new(&mut world, 1);
    let other = world.join(2, Role::Guest);
    let mut sequence = 0;
    for (offset_ms, expected_ms) in [(-30_i32, 30..=80), (-5_000, 0..=50), (5_000, 0..=50), (20, 0..=50)] {
        world.advance_ms(100);
        world.poses(other);
        sequence += 1;
        let captured_ms = world.now.wrapped_millis().wrapping_add_signed(offset_ms);
        let pose = Pose { head: Some(head(0.0, 1.6, 4.0)), ..Pose::default() };
        world.received(walker.id, Lane::Pose, encode_pose_up(&PoseUp { sequence: Tick(sequence), captured_ms, pose }));
        world.advance_ms(40);
        let seen = world.poses(other);
        let age_ms = seen[0].records[0].age_ms;
        assert!(expected_ms.contains(&age_ms), "{offset_ms}: {age_ms}");
    }
}

#[test]
fn datagrams_of_other_kinds_are_ignored_without_a_bad_mark() {
    let mut world = World::new();
    let id = world.join(1, Role::Member);
    world.clear_inboxes();
    for _ in 0..80 {
        world.received(id, Lane::Pose, vec![200, 1, 2, 3]);
        world.advance_ms(30);
    }
    assert!(world.control(id).is_empty());
}

#[test]
fn zones_are_announced_and_a_border_is_no_loudspeaker() {
    let mut world = World::new();
    let mut walker = Walker::new(&mut world, 1);
    let other = world.join(2, Role::Guest);
    world.clear_inboxes();
    let zones = |world: &mut World| -> Vec<i32> {
        let zone = |message| match message {
            ControlDown::Changed { change, .. } => change.zone,
            _ => None,
        };
        world.control(other).into_iter().filter_map(zone).collect()
    };
    for step in 0..60 {
        walker.send(&mut world, head(0.2 * step as f32, 1.6, 4.0));
    }
    assert_eq!(zones(&mut world), [0]);
    for step in 0..60 {
        walker.send(&mut world, head(if step % 2 == 0 { 9.9 } else { 10.1 }, 1.6, 4.0));
    }
    let many = zones(&mut world).len();
    assert!((4..=9).contains(&many), "{many} in two seconds");
    walker.send(&mut world, head(9.9, 1.6, 4.0));
    world.advance_ms(300);
    assert_eq!(world.info(walker.id).zone, None, "the last word is true");
}

#[test]
fn a_congested_receiver_gets_no_poses() {
    let mut world = World::new();
    let (a, b) = (world.join(1, Role::Member), world.join(2, Role::Member));
    world.input(atrium_room::RoomInput::Congested { id: b, congested: true });
    world.clear_inboxes();
    world.advance_ms(3_000);
    assert!(world.poses(b).is_empty());
    assert!(!world.poses(a).is_empty());
    world.input(atrium_room::RoomInput::Congested { id: b, congested: false });
    world.advance_ms(1_000);
    assert!(!world.poses(b).is_empty());
}
