//! How fresh others look, and what that costs.

use crate::harness::*;
use atrium_place::Place;
use atrium_protocol::*;
use atrium_room::*;
use glam::{Quat, Vec3};
use std::collections::BTreeMap;
use std::sync::Arc;

const HALL: &str = r#"Room(
    title: "Large hall",
    bounds: (min: (-60.0, 0.0, -60.0), max: (60.0, 6.0, 60.0)),
    spawns: [(position: (0.0, 0.0, 0.0), yaw_degrees: 0.0)],
)"#;

struct Dancer {
    id: ParticipantId,
    centre: Vec3,
    phase: f32,
    sequence: u16,
    next: Micros,
}

struct Seen {
    /// Records of new poses, by receiver and sender.
    fresh: BTreeMap<(ParticipantId, ParticipantId), u32>,
    /// The longest time between two records of a pair, in ms.
    gap_ms: u64,
    ages_ms: Vec<u64>,
    bytes: usize,
}

/// People who walk and gesture at 30 Hz with some jitter, spaced so far from one another.
fn dance(count: usize, spacing_m: f32, secs: u64) -> Seen {
    let mut world = World::opened(SavedRoom::default(), Arc::new(Place::parse(HALL).unwrap()), |config| {
        config.capacity = count as u32;
    });
    let mut dancers = enter_grid(&mut world, count, spacing_m);
    let settled = world.now + std::time::Duration::from_secs(5);
    let end = settled + std::time::Duration::from_secs(secs);
    let mut seen = Seen { fresh: BTreeMap::new(), gap_ms: 0, ages_ms: Vec::new(), bytes: 0 };
    let mut last: BTreeMap<(ParticipantId, ParticipantId), Micros> = BTreeMap::new();
    let mut noise = 1_u64;
    while world.now < end {
        for dancer in &mut dancers {
            if dancer.next <= world.now {
                noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                dancer.send(&mut world);
                dancer.next = Micros(dancer.next.0 + 33_333 - 1_000 + (noise >> 33) % 2_000);
            }
        }
        world.advance_ms(1);
        let is_counted = world.now > settled;
        for (receiver, inbox) in &mut world.inboxes {
            inbox.control.clear();
            let bytes = std::mem::take(&mut inbox.pose_bytes);
            for record in inbox.poses.drain(..).flat_map(|datagram| datagram.records) {
                let pair = (*receiver, record.id);
                let before = last.insert(pair, world.now);
                if !is_counted {
                    continue;
                }
                *seen.fresh.entry(pair).or_default() += 1;
                seen.ages_ms.push(u64::from(record.age_ms));
                if let Some(before) = before {
                    seen.gap_ms = seen.gap_ms.max(world.now.since(before).as_millis() as u64);
                }
            }
            if is_counted {
                seen.bytes += bytes;
            }
        }
    }
    for pair in last {
        seen.gap_ms = seen.gap_ms.max(world.now.since(pair.1).as_millis() as u64);
    }
    seen
}

/// Lets everyone in and walks them to their places.
fn enter_grid(world: &mut World, count: usize, spacing_m: f32) -> Vec<Dancer> {
    let side = (count as f32).sqrt().ceil() as usize;
    let mut dancers = Vec::new();
    for n in 0..count {
        let mut admission = admission(1, Role::Member);
        admission.person = PersonId(std::array::from_fn(|byte| (n >> (8 * (byte % 2))) as u8));
        let id = world.enter(admission);
        let middle = side as f32 / 2.0;
        let centre = Vec3::new((n % side) as f32 - middle, 0.0, (n / side) as f32 - middle) * spacing_m + Vec3::Y * 1.6;
        let next = Micros(world.now.0 + (n as u64 * 7_919) % 33_333);
        dancers.push(Dancer { id, centre, phase: n as f32, sequence: 0, next });
    }
    dancers
}

impl Dancer {
    fn send(&mut self, world: &mut World) {
        self.sequence = self.sequence.wrapping_add(1);
        self.phase += 0.05;
        let goal = self.centre + Vec3::new(self.phase.cos(), 0.05 * self.phase.sin(), self.phase.sin()) * 0.8;
        let from = world.room.head_of(self.id).unwrap();
        let position = from + (goal - from).clamp_length_max(0.2);
        let rotation = Quat::from_rotation_y(self.phase);
        let hand = |side: f32| HandPose {
            offset: Vec3::new(side * 0.3, -0.4 + 0.2 * (3.0 * self.phase).sin(), -0.3),
            rotation: Quat::from_rotation_x(2.0 * self.phase),
            curls: [0.5 + 0.5 * self.phase.sin(); 5],
        };
        let head = Some(HeadPose { position, rotation });
        let pose = Pose { epoch: PoseEpoch(0), head, left: Some(hand(-1.0)), right: Some(hand(1.0)) };
        let up = PoseUp { sequence: Tick(self.sequence), captured_ms: world.now.wrapped_millis(), pose };
        world.received(self.id, Lane::Pose, encode_pose_up(&up));
    }
}

fn percentile(values: &mut [u64], share: f64) -> u64 {
    values.sort_unstable();
    values[((values.len() - 1) as f64 * share) as usize]
}

#[test]
fn twenty_five_people_who_move_are_each_seen_at_28_hz_for_1_kilobyte_a_second() {
    let secs = 10;
    let mut seen = dance(25, 2.0, secs);
    assert_eq!(seen.fresh.len(), 25 * 24);
    let slowest = *seen.fresh.values().min().unwrap();
    assert!(slowest as f64 >= 28.0 * secs as f64, "{} Hz", f64::from(slowest) / secs as f64);
    let bytes_per_sec = seen.bytes as f64 / secs as f64 / (25.0 * 24.0);
    assert!(bytes_per_sec <= 1_000.0, "{bytes_per_sec} B/s for each person seen");
    let p95 = percentile(&mut seen.ages_ms, 0.95);
    assert!(p95 <= 40, "{p95} ms old when sent");
}

#[test]
fn three_hundred_people_see_everyone_at_least_once_a_second_within_the_budget() {
    let secs = 4;
    let seen = dance(300, 2.0, secs);
    assert_eq!(seen.fresh.len(), 300 * 299);
    assert!(seen.gap_ms <= 1_000, "{} ms without a word of somebody", seen.gap_ms);
    let bytes_per_sec = seen.bytes as f64 / secs as f64 / 300.0;
    assert!(bytes_per_sec <= 32_000.0 * 1.02, "{bytes_per_sec} B/s for each receiver");
}

#[test]
fn the_near_are_fresher_than_the_far() {
    let seen = dance(120, 2.5, 3);
    let count = |receiver: u32, sender: u32| seen.fresh[&(ParticipantId(receiver), ParticipantId(sender))];
    // Number 1 stands in a corner of the grid, 2 beside, 120 at the other end.
    assert!(count(1, 2) > 3 * count(1, 120), "{} against {}", count(1, 2), count(1, 120));
}
