//! What meetings are for.

use crate::world::ink::Hand;
use crate::world::mirror::Mirror;
use crate::world::{Delivery, Host, Person, PersonPlan, ROOM, Speech, invite_request};
use atrium_bot::{BotConfig, Movement, Voice, run_bots};
use atrium_protocol::{ControlUp, LeaveReason, PlacedReason, ReactionText, RefusalCode, Role, SeatId};
use atrium_voice::{EncoderSettings, FRAME_SAMPLES, OpusEncoder, SAMPLE_RATE_HZ};
use bytes::Bytes;
use std::time::Duration;

async fn two_people() -> (Host, Person, Person) {
    let host = Host::start().await;
    let ada = host.welcome("Ada", Role::Owner).await;
    let bo = host.welcome("Bo", Role::Member).await;
    (host, ada, bo)
}

/// A second of a tone, as Opus.
fn opus_tone() -> Vec<Bytes> {
    let mut encoder = OpusEncoder::new(EncoderSettings { dtx: false, ..EncoderSettings::default() }).expect("Opus");
    let sample = |index: usize| (index as f32 * 440.0 * std::f32::consts::TAU / SAMPLE_RATE_HZ as f32).sin() * 0.5;
    let samples: Vec<f32> = (0..SAMPLE_RATE_HZ as usize).map(sample).collect();
    let encode = |frame| Bytes::copy_from_slice(encoder.encode(frame).expect("a whole frame").expect("no pause"));
    samples.chunks_exact(FRAME_SAMPLES).map(encode).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_see_one_another_come_and_go() {
    let (_host, ada, bo) = two_people().await;
    let (ada_id, bo_id) = (ada.id(), bo.id());
    for person in [&ada, &bo] {
        person.eventually("both are in the roster", |mirror| mirror.names() == ["Ada", "Bo"]).await;
    }
    assert_eq!(bo.look(|mirror| mirror.people[&ada_id].role), Role::Owner);
    assert_eq!(ada.look(|mirror| mirror.people[&bo_id].person), bo.person_id());
    bo.leave().await;
    ada.eventually("Bo left", |mirror| mirror.left == [(bo_id, LeaveReason::Left)]).await;
    assert_eq!(ada.look(|mirror| mirror.people.len()), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_see_one_another_move() {
    let (_host, ada, bo) = two_people().await;
    ada.walk().await;
    bo.walk().await;
    for (who, other) in [(&ada, &bo), (&bo, &ada)] {
        let id = other.id();
        who.eventually("the other moves", |mirror| mirror.seen(id) > 40).await;
        let start = other.look(|mirror| mirror.placement.expect("placed").position);
        let track = who.look(|mirror| mirror.poses[&id].clone());
        let farthest = track.heads.iter().map(|head| start[0] - head.x).fold(0.0, f32::max);
        assert!(farthest > 0.05, "they walked {farthest} m");
        assert!(track.heads.iter().all(|head| (head.z - start[2]).abs() < 0.01), "along a line");
        assert_eq!(track.last.epoch, other.look(|mirror| mirror.placement.expect("placed").epoch));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_hear_one_another() {
    let (_host, ada, bo) = two_people().await;
    let frames = opus_tone();
    ada.talk(Speech::Frames(frames.clone())).await;
    let ada_id = ada.id();
    bo.eventually("two seconds of speech", |mirror| mirror.heard(ada_id) >= 100).await;
    let packets = bo.look(|mirror| mirror.voices[&ada_id].clone());
    let first = packets.first().expect("a packet");
    assert!(first.marker, "the slot has a new speaker");
    let offset = frames.iter().position(|frame| *frame == first.payload).expect("a payload of hers");
    for packet in &packets {
        let number = usize::from(packet.sequence.wrapping_sub(first.sequence));
        assert_eq!(packet.payload, frames[(offset + number) % frames.len()], "packet {number} came as it was sent");
        assert!(packet.captured.is_some(), "packets say when they were spoken");
    }
    assert_eq!(bo.look(|mirror| mirror.voices.len()), 1, "nobody else speaks");
    assert_eq!(ada.look(|mirror| mirror.voices.len()), 0, "nobody hears themselves");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_write_raise_hands_and_react() {
    let (host, ada, bo) = two_people().await;
    let text = "大家好，我们开始吧！👋🏽";
    let nonce = ada.chat(text).await;
    let said = bo.find("the chat", |mirror| mirror.chat.iter().find(|said| said.nonce == nonce).cloned()).await;
    assert_eq!((said.text.as_str(), said.name.as_str(), said.author), (text, "Ada", ada.person_id()));
    let late = host.welcome("Cy", Role::Member).await;
    late.eventually("what was said before", |mirror| mirror.chat.contains(&said)).await;

    let ada_id = ada.id();
    ada.say(ControlUp::RaiseHand { up: true }).await;
    let raised = |mirror: &Mirror| mirror.people[&ada_id].hand_raised_at_ms.is_some();
    bo.eventually("the hand is up", raised).await;
    ada.say(ControlUp::RaiseHand { up: false }).await;
    bo.eventually("the hand is down", |mirror| !raised(mirror)).await;

    let heart = ReactionText::new("❤️").expect("an emoji");
    ada.say(ControlUp::React { reaction: heart.clone() }).await;
    bo.eventually("the reaction", |mirror| mirror.reactions == [(ada_id, heart.clone())]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_is_for_one() {
    let (_host, ada, bo) = two_people().await;
    let (ada_id, seat) = (ada.id(), SeatId(3));
    ada.sit(seat).await;
    bo.eventually("Ada sits", |mirror| mirror.people[&ada_id].seat == Some(seat)).await;
    bo.say(ControlUp::Sit { seat }).await;
    bo.eventually("the seat is taken", |mirror| mirror.is_refused("sit", RefusalCode::Taken)).await;
    bo.say(ControlUp::Sit { seat: SeatId(999) }).await;
    bo.eventually("no such seat", |mirror| mirror.is_refused("sit", RefusalCode::NotFound)).await;
    ada.say(ControlUp::Stand).await;
    bo.eventually("Ada stands", |mirror| mirror.people[&ada_id].seat.is_none()).await;
    bo.sit(seat).await;
    assert_eq!(bo.look(|mirror| mirror.placed.clone()), [PlacedReason::Seat]);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_draw_on_the_same_board() {
    let (host, ada, bo) = two_people().await;
    ada.read_board().await;
    bo.read_board().await;
    let (mut left, mut right) = (Hand::new(1), Hand::new(2));
    for number in 0..20_u8 {
        let (who, hand) = if number % 2 == 0 { (&ada, &mut left) } else { (&bo, &mut right) };
        who.append(&hand.stroke()).await;
    }
    for person in [&ada, &bo] {
        person.eventually("20 operations", |mirror| mirror.board.len() == 20).await;
    }
    let board = ada.look(|mirror| mirror.board.clone());
    assert_eq!(board, bo.look(|mirror| mirror.board.clone()), "both see the same order");
    assert!(board.iter().map(|settled| settled.sequence).eq(1..=20), "without gaps");
    let late = host.welcome("Cy", Role::Guest).await;
    late.read_board().await;
    assert_eq!(late.look(|mirror| mirror.board.clone()), board);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_meet_over_ipv6() {
    if std::net::UdpSocket::bind("[::1]:0").is_err() {
        return println!("skipped: this machine has no IPv6");
    }
    let host = Host::with(|config| config.listen = "[::1]:0".parse().expect("an address")).await;
    let ada = host.welcome("Ada", Role::Owner).await;
    let bo = host.welcome("Bo", Role::Member).await;
    let delivery = Delivery::over(&ada, &bo, Duration::from_secs(2)).await;
    delivery.assert_whole();
    host.is_well_for(&ada, &bo).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_keep_to_themselves() {
    const ROOMS: [&str; 3] = ["one", "two", "three"];
    let host = Host::with(|config| config.shards = 2).await;
    let mut pairs = Vec::new();
    for room in ROOMS {
        let link = host.invite_as(invite_request(room, Role::Member)).await;
        let enter = |name| Person::enter(PersonPlan::new(name, link.clone(), host.folder()));
        pairs.push((room, enter("Speaker").await, enter("Listener").await));
    }
    // Attendances are numbered in each room anew, so only the words tell whose they are.
    for (room, speaker, _) in &pairs {
        speaker.talk(Speech::Frames(vec![Bytes::from(room.repeat(20))])).await;
        speaker.chat(room).await;
    }
    for (room, speaker, listener) in &pairs {
        let id = speaker.id();
        listener.eventually("voice and chat", |mirror| mirror.heard(id) > 100 && !mirror.chat.is_empty()).await;
        assert_eq!(listener.look(|mirror| mirror.people.len()), 2, "nobody of another room");
        assert!(listener.look(|mirror| mirror.chat.iter().all(|said| said.text.as_str() == *room)));
        let is_own = |mirror: &Mirror| mirror.voices.values().flatten().all(|packet| packet.payload == room.repeat(20));
        assert!(listener.look(is_own), "a voice of another room");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_bots_meet() {
    let host = Host::start().await;
    let link = host.invite_as(invite_request(ROOM, Role::Member)).await;
    let config = BotConfig {
        count: 2,
        voice: Voice::Tone { hz: 440.0 },
        movement: Movement::Walk,
        stay: Some(Duration::from_secs(6)),
        cache: host.folder().join("cache"),
        ..BotConfig::new(link)
    };
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    let report = run_bots(&config, stopped).await.expect("bots");
    println!("{:?}", report.summary);
    assert_eq!(report.summary.joined, 2);
    assert!(report.summary.people_seen_min >= 1, "{:?}", report.summary);
    assert!(report.summary.voice_delivered.is_some_and(|share| share >= 0.99), "{:?}", report.summary);
    assert_eq!(report.summary.reconnects, 0);
}
