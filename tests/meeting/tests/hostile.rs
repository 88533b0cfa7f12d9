//! Clients that break the rules: they are told, and nobody else notices.

use crate::world::ink::Hand;
use crate::world::mirror::Mirror;
use crate::world::{Host, JoinForm, Person, PersonPlan, RawClient, ServerProcess, eventually, join_form};
use atrium_protocol::{
    CloseCode, ControlDown, HandPose, HeadPose, Lane, LeaveReason, PlacedReason, Pose, Presence, RefusalCode, Role,
    encode_message, limits,
};
use glam::{Quat, Vec3};
use serde_json::{Value, json};
use std::time::Duration;

/// Long enough for anything that was sent to have had its effect.
const A_MOMENT: Duration = Duration::from_millis(300);
const POSE_INTERVAL: Duration = Duration::from_millis(30);
/// Bytes of a pose datagram that hold bits of the head, and of the hands alone (`docs/PROTOCOL.md`).
const HEAD_AT: usize = 9;
const HANDS_AT: usize = 18;
const LANES: [Lane; 3] = [Lane::Control, Lane::Board, Lane::Pose];

/// A room with two people who mind their own business.
struct Room {
    host: Host,
    ada: Person,
    bo: Person,
}

impl Room {
    async fn new() -> Self {
        let host = Host::start().await;
        let ada = host.welcome("Ada", Role::Owner).await;
        let bo = host.welcome("Bo", Role::Member).await;
        Self { host, ada, bo }
    }

    async fn mallory(&self) -> RawClient {
        RawClient::enter(&self.host.invite(Role::Guest).await, "Mallory").await
    }

    async fn is_well(&self) {
        self.host.is_well_for(&self.ada, &self.bo).await;
        assert_eq!(self.bo.look(Mirror::arrivals), 1, "nobody lost the connection");
    }
}

fn standing(client: &RawClient, offset: Vec3) -> Pose {
    let position = Vec3::from_array(client.placement().position) + Vec3::Y * 1.6 + offset;
    Pose { head: Some(HeadPose { position, rotation: Quat::IDENTITY }), ..Pose::default() }
}

/// JSON as the MessagePack that it stands for.
fn packed(message: &Value) -> Vec<u8> {
    encode_message(message, usize::MAX).expect("MessagePack")
}

/// Bytes without meaning, the same in every run.
fn noise(seed: u32, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9) | 1;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 24) as u8
    };
    (0..length).map(|_| byte()).collect()
}

/// Heads of the Boardroom, with the margin that people may lean over.
fn is_in_boardroom(head: &Vec3) -> bool {
    head.is_finite() && head.x.abs() <= 6.6 && (-0.6..=3.6).contains(&head.y) && head.z.abs() <= 4.6
}

#[tokio::test(flavor = "multi_thread")]
async fn impossible_poses_reach_nobody_and_are_corrected() {
    let room = Room::new().await;
    let mut mallory = room.mallory().await;
    let (id, epoch) = (mallory.id(), mallory.placement().epoch);
    mallory.send_pose(standing(&mallory, Vec3::ZERO));
    mallory.pump(A_MOMENT).await;
    room.bo.eventually("an honest pose", |mirror| mirror.seen(id) > 0).await;

    let far = [Vec3::NEG_X * 11.0, Vec3::X * 100.0, Vec3::Y * 20.0, Vec3::MAX];
    for offset in far.into_iter().cycle().take(40) {
        mallory.send_pose(standing(&mallory, offset));
        mallory.pump(POSE_INTERVAL).await;
    }
    let is_correction =
        |message: &ControlDown| matches!(message, ControlDown::Placed { reason: PlacedReason::Correction, .. });
    mallory.until("a correction", |client| client.messages.iter().any(is_correction)).await;
    assert_ne!(mallory.placement().epoch, epoch);

    mallory.send_pose(standing(&mallory, Vec3::NEG_X * 0.25));
    mallory.pump(A_MOMENT).await;
    let after = mallory.placement();
    let expected_x = after.position[0] - 0.25;
    let is_corrected = |mirror: &Mirror| {
        let last = mirror.poses[&id].last;
        last.epoch == after.epoch && last.head.is_some_and(|head| (head.position.x - expected_x).abs() < 0.01)
    };
    room.bo.eventually("honest poses go on", is_corrected).await;
    // The wire cannot spell them: whatever a sender's encoder makes of them is sent.
    for offset in [Vec3::NAN, Vec3::INFINITY, Vec3::NEG_INFINITY] {
        mallory.send_pose(standing(&mallory, offset));
        mallory.pump(A_MOMENT).await;
    }
    let heads = room.bo.look(|mirror| mirror.poses[&id].heads.clone());
    assert!(heads.iter().all(is_in_boardroom), "{heads:?}");
    room.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_bits_of_a_pose_are_dangerous() {
    let room = Room::new().await;
    let mut mallory = room.mallory().await;
    let id = mallory.id();
    let hand = HandPose { offset: Vec3::ZERO, rotation: Quat::IDENTITY, curls: [0.0; 5] };
    for seed in 0..60 {
        let pose = Pose { left: Some(hand), right: Some(hand), ..standing(&mallory, Vec3::ZERO) };
        let mut datagram = mallory.pose_datagram(pose);
        // From the first hand on, or from the head on; the last byte is padding in part.
        let first = if seed % 2 == 0 { HANDS_AT } else { HEAD_AT };
        let last = datagram.len() - 1;
        let bits = if seed < 2 { vec![0xff; last - first] } else { noise(seed, last - first) };
        datagram[first..last].copy_from_slice(&bits);
        mallory.send(Lane::Pose, &datagram);
        mallory.pump(POSE_INTERVAL).await;
    }
    mallory.pump(A_MOMENT).await;
    let track = room.bo.look(|mirror| mirror.poses[&id].clone());
    assert!(track.heads.iter().all(is_in_boardroom), "{:?}", track.heads);
    assert!(track.hands.len() > 20, "hands of any shape are the sender's own business");
    for hand in track.hands {
        assert!(hand.offset.is_finite() && hand.offset.abs().max_element() <= 2.0, "{hand:?}");
        assert!(hand.rotation.is_normalized() && hand.curls.iter().all(|curl| (0.0..=1.0).contains(curl)), "{hand:?}");
    }
    room.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_is_refused_and_too_much_of_it_ends_the_connection() {
    let room = Room::new().await;
    for lane in LANES {
        let mut mallory = room.mallory().await;
        let id = mallory.id();
        for seed in 0..30 {
            let mut bytes = noise(seed, 1 + seed as usize * 7);
            // Any other first byte is a pose of a newer protocol, which is no offence.
            bytes[0] = if lane == Lane::Pose { 1 } else { bytes[0] };
            mallory.send(lane, &bytes);
            mallory.pump(Duration::from_millis(40)).await;
        }
        mallory.until("told", |client| client.is_refused(RefusalCode::Invalid)).await;
        assert_eq!(mallory.closed, None, "{lane:?}: thirty are not fatal");
        mallory.ping().await;
        for _ in 0..30 {
            mallory.send(lane, &[1, 2, 3]);
            mallory.pump(Duration::from_millis(40)).await;
        }
        mallory.until("the end", |client| client.closed.is_some()).await;
        assert_eq!(mallory.closing(), Some(CloseCode::Misbehaved), "{lane:?}");
        room.bo.eventually("out", |mirror| mirror.left.contains(&(id, LeaveReason::Misbehaved))).await;
    }
    room.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oversized_messages_are_refused() {
    let room = Room::new().await;
    // Within what SCTP was told, and far beyond it.
    for size in [limits::BOARD_MESSAGE_BYTES + 1, 60 << 10, 250 << 10] {
        for lane in LANES {
            let mut mallory = room.mallory().await;
            for _ in 0..10 {
                mallory.send_beyond_limits(lane, &vec![0xc0; size]).expect("a message on its way");
                mallory.pump(Duration::from_millis(30)).await;
            }
            mallory.ping().await;
            let is_refusal =
                |message: &ControlDown| matches!(message, ControlDown::Refused { code: RefusalCode::Invalid, .. });
            // What is larger than the SDP allows ends in the SCTP stack, which says nothing.
            let is_told = size > 64 << 10 || mallory.messages.iter().any(is_refusal);
            assert!(is_told, "{size} bytes on {lane:?}: {:?}", mallory.messages);
        }
    }
    room.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oversized_fields_are_refused() {
    let room = Room::new().await;
    let mut mallory = room.mallory().await;
    let long = "x".repeat(limits::CHAT_BYTES + 1);
    let chat = json!({ "type": "chat", "nonce": 1, "text": long });
    let name = json!({ "type": "set_name", "name": long });
    let avatar = json!({ "type": "set_avatar", "avatar": vec![0; limits::AVATAR_BYTES + 1] });
    let react = json!({ "type": "react", "reaction": "❤️".repeat(100) });
    for message in [chat, name, avatar, react] {
        let before = mallory.messages.len();
        assert!(mallory.send(Lane::Control, &packed(&message)));
        let is_refusal =
            |message: &ControlDown| matches!(message, ControlDown::Refused { code: RefusalCode::Invalid, .. });
        mallory.until("refused", |client| client.messages[before..].iter().any(is_refusal)).await;
        // One is told once a second.
        mallory.pump(Duration::from_millis(1_100)).await;
    }
    let megabyte = packed(&json!({ "type": "chat", "nonce": 2, "text": "x".repeat(1 << 20) }));
    assert!(mallory.send_beyond_limits(Lane::Control, &megabyte).is_err(), "SCTP itself has a limit");
    mallory.ping().await;
    assert_eq!(room.bo.look(|mirror| mirror.chat.len()), 0);
    room.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_cannot_lie_about_their_order() {
    let room = Room::new().await;
    let link = room.host.invite(Role::Guest).await;
    let form = JoinForm::new(&link, &join_form::offer());
    let name = "\u{202e}nimda\u{2066}\u{7}\n\u{feff}  Mal\u{200f}lory\u{0}";
    // Who never connects is in nobody's roster, so the raw client takes the name that it joins with.
    let mut mallory = RawClient::enter(&link, name).await;
    let id = mallory.id();
    let named =
        |name: &'static str| move |mirror: &Mirror| mirror.people.get(&id).is_some_and(|p| p.name.as_str() == name);
    room.bo.eventually("a clean name", named("nimda Mallory")).await;
    let rename = packed(&json!({ "type": "set_name", "name": "\u{2067}A\u{202d}da\r\u{1b}[2J" }));
    assert!(mallory.send(Lane::Control, &rename));
    mallory.pump(A_MOMENT).await;
    room.bo.eventually("another clean name", named("Ada [2J")).await;
    let said = packed(&json!({ "type": "chat", "nonce": 1, "text": "left\u{202e}right\u{0}\u{8}" }));
    assert!(mallory.send(Lane::Control, &said));
    mallory.pump(A_MOMENT).await;
    let is_clean = |mirror: &Mirror| mirror.chat.iter().any(|message| message.text.as_str() == "leftright");
    room.bo.eventually("a clean text", is_clean).await;
    let endless = JoinForm { name: "x".repeat(5_000), ..form };
    let refused = room.host.https().await.join(link.room().as_str(), endless.body()).await.expect_err("too long");
    assert_eq!(refused.status, 400);
    room.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn voice_of_any_size_and_shape() {
    let room = Room::new().await;
    let mut mallory = room.mallory().await;
    let id = mallory.id();
    for size in [0, 1, 80, limits::VOICE_PAYLOAD_BYTES + 1, 1_900].into_iter().cycle().take(80) {
        mallory.send_voice(noise(size as u32, size));
        mallory.pump(Duration::from_millis(10)).await;
    }
    mallory.ping().await;
    let is_possible = |mirror: &Mirror| {
        let packets = mirror.voices.get(&id).map(Vec::as_slice).unwrap_or_default();
        packets.iter().all(|packet| packet.payload.len() <= limits::VOICE_PAYLOAD_BYTES)
    };
    assert!(room.bo.look(is_possible));
    assert!(room.bo.look(|mirror| mirror.heard(id)) > 20, "what is of a possible size is the speaker's own business");
    room.is_well().await;
}

/// How much the server may grow for one client that does not read: its queues are a megabyte and a half.
const GROWS_AT_MOST_KIB: u64 = 32 * 1024;
/// Large operations, below the lane's limit of 128 KiB a second.
const BETWEEN_OPERATIONS: Duration = Duration::from_millis(110);

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_stops_reading_is_cut_off() {
    let process = ServerProcess::start().await;
    let link = process.link(Role::Owner);
    let ada = Person::enter(PersonPlan::new("Ada", link.clone(), process.folder())).await;
    let bo = Person::enter(PersonPlan::new("Bo", link.clone(), process.folder())).await;
    let mut deaf = RawClient::enter(&link, "Deaf").await;
    let id = deaf.id();
    ada.eventually("they are here", |mirror| mirror.people.contains_key(&id)).await;
    let before_kib = process.memory_kib();
    deaf.is_deaf = true;
    let listening = tokio::spawn(async move {
        deaf.pump(Duration::from_secs(60)).await;
        deaf
    });
    let is_lost = |mirror: &Mirror| mirror.people[&id].presence == Presence::Reconnecting;
    let mut drawn = 0;
    let mut most_kib = before_kib;
    let mut hand = Hand::new(1);
    while !ada.look(is_lost) {
        assert!(drawn < 400, "not within 45 s: {}", ada.look(Mirror::summary));
        drawn += 1;
        ada.append(&hand.large()).await;
        most_kib = most_kib.max(process.memory_kib());
        tokio::time::sleep(BETWEEN_OPERATIONS).await;
    }
    println!("cut off after {drawn} operations; the server grew by {} KiB", most_kib - before_kib);
    assert!(most_kib - before_kib < GROWS_AT_MOST_KIB, "grew from {before_kib} to {most_kib} KiB");
    ada.eventually("all is drawn", |mirror| mirror.board.len() + mirror.board_refusals.len() == drawn as usize).await;
    let https = crate::world::Https::to(&link);
    eventually("the loss is counted", async || https.get("/metrics").await.metric("atrium_stalled_peers_total") == 1.0)
        .await;
    let nonce = ada.chat("still here").await;
    bo.eventually("the chat goes on", |mirror| mirror.chat.iter().any(|message| message.nonce == nonce)).await;
    assert_eq!(bo.look(Mirror::arrivals), 1);
    listening.abort();
}
