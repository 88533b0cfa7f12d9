//! Bad networks, by a relay that loses, delays and cuts.

use crate::world::ink::{Hand, document_of, made_by, note_of, points_of};
use crate::world::mirror::Mirror;
use crate::world::{Host, Person, PersonPlan, Speech};
use atrium_board::Operation;
use atrium_protocol::{ParticipantId, Presence, Role, SeatId};
use atrium_relay::{Relay, Weather};
use atrium_session::SessionState;
use std::net::Ipv4Addr;
use std::time::Duration;

const FAR_AWAY: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const BAD: Weather = Weather { loss_percent: 5, delay: Duration::from_millis(50), jitter: Duration::from_millis(20) };
/// With lost packets a handshake takes its time.
const JOINS_WITHIN: Duration = Duration::from_secs(40);
const OPERATIONS: usize = 150;
const CHATS: usize = 10;
const OUTAGE: Duration = Duration::from_secs(20);
/// The next try after the outage may be eight seconds away.
const RESUMES_WITHIN: Duration = Duration::from_secs(30);

/// A server behind a relay.
async fn host_behind(weather: Weather) -> (Host, Relay) {
    let host = Host::with(|config| config.public_addrs = vec![FAR_AWAY.into()]).await;
    let relay = Relay::start(FAR_AWAY, host.address(), weather).await.expect("a free port");
    (host, relay)
}

/// Says and draws a lot, and checks that it arrives whole although voice and poses have gaps.
pub(crate) async fn goes_on(ada: &Person, bo: &Person) {
    let ada_id = ada.id();
    bo.read_board().await;
    ada.read_board().await;
    ada.walk().await;
    ada.talk(Speech::Counted).await;
    let mut hand = Hand::new(1);
    for number in 0..OPERATIONS {
        ada.append(&hand.note(&number.to_string())).await;
        if number % (OPERATIONS / CHATS) == 0 {
            ada.chat(&format!("{number}")).await;
        }
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    for person in [ada, bo] {
        let is_whole = |mirror: &Mirror| mirror.board.len() == OPERATIONS && mirror.chat.len() == CHATS;
        person.eventually("nothing is lost on the reliable lanes", is_whole).await;
        let is_in_order = |mirror: &Mirror| {
            let drawn =
                mirror.board.iter().map(|settled| Operation::decode(settled.operation.as_bytes()).expect("drawn"));
            let notes = drawn.map(|operation| note_of(&operation).unwrap_or_default().to_owned());
            let texts: Vec<_> =
                mirror.chat.iter().filter_map(|said| said.text.as_str().parse::<usize>().ok()).collect();
            notes.eq((0..OPERATIONS).map(|number| number.to_string())) && texts.is_sorted()
        };
        assert!(person.look(is_in_order));
        assert!(person.look(|mirror| mirror.refusals.is_empty() && mirror.board_refusals.is_empty()));
    }
    ada.hush().await;
    assert_eq!(bo.look(Mirror::arrivals), 1, "nobody lost the connection");
    let poses = bo.look(|mirror| mirror.seen(ada_id));
    assert!(poses > 80, "poses go on: {poses}");
}

/// Packets of a speaker that did not come, as the receiver can tell from their numbers.
fn voice_gaps(mirror: &Mirror, speaker: ParticipantId) -> (usize, usize) {
    let packets = &mirror.voices[&speaker];
    let first = packets[0].sequence;
    let numbers: std::collections::BTreeSet<u16> =
        packets.iter().map(|packet| packet.sequence.wrapping_sub(first)).filter(|number| *number < 0x8000).collect();
    let span = usize::from(*numbers.last().expect("a packet")) + 1;
    (span - numbers.len(), span)
}

#[tokio::test(flavor = "multi_thread")]
async fn five_percent_loss_and_jitter() {
    let (host, relay) = host_behind(BAD).await;
    let link = host.invite(Role::Owner).await;
    let [ada, bo] = ["Ada", "Bo"].map(|name| Person::come(PersonPlan::new(name, link.clone(), host.folder())));
    for person in [&ada, &bo] {
        person.find_within(JOINS_WITHIN, "both are in", |mirror| (mirror.people.len() == 2).then_some(())).await;
    }
    goes_on(&ada, &bo).await;
    let (missing, span) = bo.look(|mirror| voice_gaps(mirror, ada.id()));
    let percent = 100.0 * missing as f64 / span as f64;
    println!("{missing} of {span} voice packets missing ({percent:.1} %), {} datagrams lost", relay.lost());
    assert!(relay.lost() > 50, "the weather was too good");
    // Two ways with 5 % each lose 9.75 %.
    assert!(span > 300 && (4.0..18.0).contains(&percent), "gaps are reported: {percent} % of {span}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_20_s_is_resumed() {
    let (host, relay) = host_behind(Weather::default()).await;
    let far = host.invite(Role::Owner).await;
    let near = host.near_link(Role::Member).await;
    let watcher = Person::enter(PersonPlan::new("Watcher", near, host.folder())).await;
    relay.spare_everyone_here();
    let traveller = Person::enter(PersonPlan::new("Traveller", far, host.folder())).await;
    let (id, seat) = (traveller.id(), SeatId(4));
    traveller.sit(seat).await;
    let is_seated = |mirror: &Mirror| mirror.people.get(&id).is_some_and(|info| info.seat == Some(seat));
    watcher.eventually("they sit", is_seated).await;
    let (mut hand, mut other) = (Hand::new(1), Hand::new(2));
    let begun = hand.piece();
    for person in [&watcher, &traveller] {
        person.read_board().await;
    }
    traveller.append(&begun).await;
    traveller.append(&hand.piece()).await;
    watcher.eventually("a stroke is begun", |mirror| mirror.board.len() == 2).await;
    let meanwhile = async {
        tokio::time::sleep(OUTAGE / 4).await;
        traveller.append(&hand.piece()).await;
        for _ in 0..5 {
            watcher.append(&other.stroke()).await;
        }
    };
    tokio::join!(outage(&traveller, |is_cut| relay.cut(is_cut)), meanwhile);
    traveller.append(&hand.piece()).await;
    for person in [&watcher, &traveller] {
        person.eventually("every operation", |mirror| mirror.board.len() == 9).await;
    }
    let boards = [&watcher, &traveller].map(|person| document_of(&person.look(|mirror| mirror.board.clone())));
    assert!(boards[0] == boards[1], "who was away sees the same");
    assert_eq!(points_of(&boards[0], made_by(&begun)), Some(60), "the stroke is whole");
    let presences = [Presence::Reconnecting, Presence::Here];
    watcher.eventually("gone and here again", |mirror| presences_of(mirror, id) == presences).await;
    assert_eq!(watcher.look(|mirror| mirror.left.clone()), [], "they never left");
    assert!(watcher.look(is_seated), "nobody took their seat");
    host.is_well_for(&traveller, &watcher).await;
}

/// Cuts somebody off for [`OUTAGE`]; they come back as the same.
pub(crate) async fn outage(traveller: &Person, cut: impl Fn(bool)) {
    let (id, seat) = (traveller.id(), traveller.look(|mirror| mirror.placement.expect("placed").seat));
    cut(true);
    let mended_at = tokio::time::Instant::now() + OUTAGE;
    traveller.eventually("reconnecting", Mirror::is_reconnecting).await;
    tokio::time::sleep_until(mended_at).await;
    cut(false);
    let resumed = |mirror: &Mirror| matches!(mirror.states.last(), Some(SessionState::Connected { resumed: true, .. }));
    traveller.find_within(RESUMES_WITHIN, "resumed", |mirror| resumed(mirror).then_some(())).await;
    assert_eq!(traveller.look(Mirror::me), Some(id), "the same attendance");
    assert_eq!(traveller.look(|mirror| mirror.placement.expect("placed").seat), seat, "and seat");
}

/// What others were told of somebody's connection.
fn presences_of(mirror: &Mirror, id: ParticipantId) -> Vec<Presence> {
    mirror.changes.iter().filter(|(who, _)| *who == id).filter_map(|(_, change)| change.presence).collect()
}
