use crate::harness::*;
use atrium_protocol::*;
use atrium_room::*;
use glam::{Quat, Vec3};

const QUIET: u8 = 60;

/// Walks somebody to a place in small steps.
fn walk(world: &mut World, id: ParticipantId, sequence: &mut u16, to: Vec3) {
    loop {
        let from = world.room.head_of(id).unwrap();
        let step = (to - from).clamp_length_max(0.2);
        *sequence += 1;
        let head = HeadPose { position: from + step, rotation: Quat::IDENTITY };
        let pose = Pose { head: Some(head), ..Pose::default() };
        let up = PoseUp { sequence: Tick(*sequence), captured_ms: world.now.wrapped_millis(), pose };
        world.received(id, Lane::Pose, encode_pose_up(&up));
        world.advance_ms(33);
        if (to - from).length() < 0.2 {
            return;
        }
    }
}

/// Everyone in `speakers` sends at their level for `ms`; gives how many packets each listener got of each.
fn speak(world: &mut World, speakers: &[(ParticipantId, u8)], ms: u64) -> Vec<(ParticipantId, ParticipantId)> {
    let mut heard = Vec::new();
    for _ in 0..ms / 20 {
        for (id, level) in speakers {
            let now = world.now;
            let routes = world.room.route_voice(now, *id, *level, 80);
            let mut listeners: Vec<_> = routes.iter().map(|route| route.to).collect();
            listeners.sort_unstable();
            listeners.dedup();
            assert_eq!(listeners.len(), routes.len(), "nobody gets a packet twice");
            assert!(!listeners.contains(id), "nobody hears themselves");
            heard.extend(listeners.into_iter().map(|listener| (*id, listener)));
        }
        world.advance_ms(20);
    }
    heard
}

fn hears(world: &World, listener: ParticipantId, speaker: ParticipantId) -> bool {
    world.room.voice_slots(listener).unwrap().contains(&Some(speaker))
}

fn people(world: &mut World, count: u8) -> Vec<ParticipantId> {
    (1..=count).map(|n| world.join(n, Role::Member)).collect()
}

#[test]
fn the_first_packet_is_heard_by_everyone() {
    let mut world = World::new();
    let ids = people(&mut world, 5);
    let now = world.now;
    assert_eq!(world.room.route_voice(now, ids[0], 30, 80).len(), 4);
}

#[test]
fn up_to_eight_who_send_are_all_heard_however_quiet() {
    let mut world = World::new();
    let ids = people(&mut world, 9);
    let speakers: Vec<_> = ids[..8].iter().map(|id| (*id, 127)).collect();
    speak(&mut world, &speakers, 500);
    assert!(ids[..8].iter().all(|id| hears(&world, ids[8], *id)));
}

#[test]
fn the_eight_most_audible_are_heard_and_small_differences_change_nothing() {
    let mut world = World::new();
    let ids = people(&mut world, 11);
    let listener = ids[10];
    let quiet: Vec<_> = ids[..8].iter().map(|id| (*id, 40)).collect();
    speak(&mut world, &quiet, 500);
    let with = |level| quiet.iter().copied().chain([(ids[8], level)]).collect::<Vec<_>>();
    speak(&mut world, &with(38), 2_000);
    assert!(!hears(&world, listener, ids[8]), "2 dB are not enough");
    speak(&mut world, &with(20), 1_000);
    assert!(hears(&world, listener, ids[8]), "20 dB are");
    let slots = world.room.voice_slots(listener).unwrap();
    speak(&mut world, &with(20), 3_000);
    assert_eq!(world.room.voice_slots(listener).unwrap(), slots, "and then everybody keeps their slot");
}

#[test]
fn a_slot_survives_a_short_pause_and_goes_to_others_after_a_long_one() {
    let mut world = World::new();
    let ids = people(&mut world, 10);
    let listener = ids[9];
    let all: Vec<_> = ids[..8].iter().map(|id| (*id, 30)).collect();
    speak(&mut world, &all, 500);
    let newcomer = (ids[8], 30);
    let others: Vec<_> = all[1..].iter().copied().chain([newcomer]).collect();
    speak(&mut world, &others, 400);
    assert!(hears(&world, listener, ids[0]) && !hears(&world, listener, ids[8]));
    speak(&mut world, &others, 300);
    assert!(!hears(&world, listener, ids[0]) && hears(&world, listener, ids[8]));
}

#[test]
fn the_near_are_heard_before_the_far() {
    let mut world = World::new();
    let ids = people(&mut world, 10);
    let (listener, far) = (ids[9], ids[8]);
    let mut sequence = 0;
    walk(&mut world, far, &mut sequence, Vec3::new(-15.0, 1.6, -11.0));
    let speakers: Vec<_> = ids[..9].iter().map(|id| (*id, 30)).collect();
    speak(&mut world, &[(far, 30)], 100);
    speak(&mut world, &speakers, 1_000);
    assert!(!hears(&world, listener, far));
    assert!(ids[..8].iter().all(|id| hears(&world, listener, *id)));
}

#[test]
fn a_private_zone_is_silent_both_ways_and_from_the_first_step() {
    let mut world = World::new();
    let ids = people(&mut world, 3);
    let (inside, outside) = (ids[0], ids[1]);
    speak(&mut world, &[(inside, 20), (outside, 20)], 200);
    assert!(hears(&world, outside, inside) && hears(&world, inside, outside));
    let (mut first, mut second) = (0, 0);
    walk(&mut world, inside, &mut first, Vec3::new(12.0, 1.6, 4.0));
    let heard = speak(&mut world, &[(inside, 20), (outside, 20)], 500);
    assert!(heard.iter().all(|(from, to)| *from != inside && *to != inside), "{heard:?}");
    walk(&mut world, ids[2], &mut second, Vec3::new(12.0, 1.6, 5.0));
    let heard = speak(&mut world, &[(inside, 20)], 200);
    assert!(heard.contains(&(inside, ids[2])) && !heard.contains(&(inside, outside)));
}

#[test]
fn whoever_presents_is_heard_everywhere_and_first() {
    let mut world = World::new();
    let ids = people(&mut world, 12);
    let (presenter, in_booth) = (ids[10], ids[11]);
    let mut sequence = 0;
    walk(&mut world, in_booth, &mut sequence, Vec3::new(12.0, 1.6, 4.0));
    let all: Vec<_> = ids[..10].iter().map(|id| (*id, 10)).collect();
    speak(&mut world, &all, 500);
    world.say(presenter, &ControlUp::Present { on: true });
    let with: Vec<_> = all.iter().copied().chain([(presenter, 70)]).collect();
    speak(&mut world, &with, 100);
    assert!(ids.iter().filter(|id| **id != presenter).all(|id| hears(&world, *id, presenter)));
    world.say(presenter, &ControlUp::Present { on: false });
    assert!(!hears(&world, in_booth, presenter), "and at once no longer");
}

#[test]
fn a_stage_is_heard_across_the_hall() {
    let mut world = World::new();
    let ids = people(&mut world, 11);
    let (on_stage, listener) = (ids[9], ids[10]);
    let mut sequence = 0;
    walk(&mut world, on_stage, &mut sequence, Vec3::new(0.0, 1.6, -15.0));
    let all: Vec<_> = ids[..9].iter().map(|id| (*id, 10)).chain([(on_stage, QUIET)]).collect();
    speak(&mut world, &all, 500);
    assert!(hears(&world, listener, on_stage));
}

#[test]
fn a_false_claim_of_loudness_loses_priority_after_thirty_seconds() {
    let mut world = World::new();
    let ids = people(&mut world, 10);
    let (liar, listener) = (ids[8], ids[9]);
    let honest: Vec<_> = ids[..8].iter().map(|id| (*id, 30)).collect();
    for _ in 0..25_000 / 20 {
        let now = world.now;
        world.room.route_voice(now, liar, 5, 3);
        speak(&mut world, &honest, 20);
    }
    assert!(hears(&world, listener, liar), "not yet");
    for _ in 0..7_000 / 20 {
        let now = world.now;
        world.room.route_voice(now, liar, 5, 3);
        speak(&mut world, &honest, 20);
    }
    assert!(!hears(&world, listener, liar));
    assert!(ids[..8].iter().all(|id| hears(&world, listener, *id)));
}

#[test]
fn the_silenced_and_the_absent_are_neither_heard_nor_sent_to() {
    let mut world = World::new();
    let ids = people(&mut world, 4);
    let all: Vec<_> = ids.iter().map(|id| (*id, 20)).collect();
    speak(&mut world, &all, 200);
    world.say(ids[0], &ControlUp::SetMuted { muted: true });
    world.lose(ids[1]);
    let opening = world.admit(admission(9, Role::Member)).unwrap().participant;
    let heard = speak(&mut world, &all, 500);
    for (from, to) in heard {
        assert!(from != ids[0] && from != ids[1] && to != ids[1] && to != opening);
    }
    world.enter(resume(2, ids[1], secret(2), secret(20)));
    let heard = speak(&mut world, &all, 100);
    assert!(heard.contains(&(ids[1], ids[2])) && heard.contains(&(ids[2], ids[1])));
}

#[test]
fn speech_is_counted() {
    let mut world = World::new();
    let ids = people(&mut world, 3);
    speak(&mut world, &[(ids[0], 30), (ids[1], 90)], 200);
    let stats = world.room.stats(world.now);
    assert_eq!(stats.speaking, 1);
    assert_eq!((stats.voice_packets, stats.voice_forwards), (20, 40));
    world.advance_ms(1_000);
    assert_eq!(world.room.stats(world.now).speaking, 0);
    assert_eq!(world.room.poll_timeout().map(|at| at > world.now), Some(true));
    let _: RoomStats = stats;
}
