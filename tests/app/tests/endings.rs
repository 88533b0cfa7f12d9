//! However a meeting ends, or never begins: a sentence that a person understands, and a way on.

use crate::world::{Server, Visitor};
use atrium_protocol::{ControlDown, ControlUp, ModerateAction, ParticipantId, ReasonText, Role};
use atrium_relay::{Relay, Weather};
use atrium_scene::{
    AppScreen, Ending, EndingKind, GoHome, LeaveRoom, Link, LinkState, OwnMute, RoomWire, TheMeeting, ToRoom,
};
use atrium_session::{SessionCommand, SessionEvent, SessionHandle};
use bevy::prelude::*;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

/// Tries to join by `link`, and tells how that ends.
fn ending_of(server: &Server, link: &str) -> Ending {
    let mut visitor = Visitor::start(&server.folder().join("visitor"), "");
    visitor.join("Vera", link);
    ending(&mut visitor)
}

fn ending(visitor: &mut Visitor) -> Ending {
    visitor.until("it is over", |world| *world.resource::<State<AppScreen>>().get() == AppScreen::Ended);
    let Some(LinkState::Ended(ending)) = visitor.world().resource::<Link>().0.clone() else {
        panic!("the screen of an ending without an ending");
    };
    // There is always a way on.
    visitor.world().write_message(GoHome);
    visitor.until("at home", |world| *world.resource::<State<AppScreen>>().get() == AppScreen::Home);
    ending
}

/// Waits until `person` sees somebody of that name.
async fn meets(person: &mut SessionHandle, name: &str) -> ParticipantId {
    loop {
        let Some(event) = person.next().await else { panic!("the other person's session is over") };
        let SessionEvent::Control(word) = event else { continue };
        match *word {
            ControlDown::Joined { person } if person.name.as_str() == name => return person.id,
            ControlDown::Roster { people, .. } => {
                if let Some(found) = people.iter().find(|person| person.name.as_str() == name) {
                    return found.id;
                }
            }
            _ => {}
        }
    }
}

#[test]
fn nobody_answers() {
    let mut server = Server::start();
    let link = server.link("daily", Role::Guest);
    server.stop();
    let ending = ending_of(&server, &link);
    assert_eq!(ending.kind, EndingKind::Unreachable, "{ending:?}");
    assert!(ending.message.len() > 20, "{ending:?}");
}

#[test]
fn somebody_else_answers() {
    let server = Server::start();
    let link = server.link("daily", Role::Guest);
    let (start, fingerprint) = link.split_once("&fp=").expect("a self-signed server");
    let other: String = fingerprint.chars().map(|c| if c == 'A' { 'B' } else { 'A' }).collect();
    // The last letter carries only four bits.
    let other = format!("{}A", &other[..other.len() - 1]);
    let ending = ending_of(&server, &format!("{start}&fp={other}"));
    assert_eq!(ending.kind, EndingKind::Unreachable, "{ending:?}");
}

#[test]
fn what_is_pasted_is_no_link() {
    let server = Server::start();
    let ending = ending_of(&server, "come to my meeting!");
    assert_eq!(ending.kind, EndingKind::Refused);
    assert!(ending.message.contains("not a join link"), "{ending:?}");
}

#[test]
fn the_room_is_full() {
    let server = Server::with(|config| config.room_capacity = 1);
    let mut first = server.person("First", "daily", Role::Owner);
    server.runtime().block_on(meets(&mut first, "First"));
    let ending = ending_of(&server, &server.link("daily", Role::Guest));
    assert_eq!(ending.kind, EndingKind::RoomFull);
    assert!(ending.message.to_lowercase().contains("full"), "{ending:?}");
}

#[test]
fn the_room_is_locked() {
    let server = Server::start();
    let mut owner = server.person("Owner", "daily", Role::Owner);
    server.runtime().block_on(async {
        meets(&mut owner, "Owner").await;
        owner.send(SessionCommand::Control(ControlUp::SetLocked { locked: true })).await.unwrap();
        loop {
            if let Some(SessionEvent::Control(word)) = owner.next().await
                && let ControlDown::Room { info } = *word
                && info.locked
            {
                return;
            }
        }
    });
    let ending = ending_of(&server, &server.link("daily", Role::Guest));
    assert_eq!(ending.kind, EndingKind::Locked);
    assert!(ending.message.to_lowercase().contains("lock"), "{ending:?}");
}

#[test]
fn one_is_removed() {
    let server = Server::start();
    let mut owner = server.person("Owner", "daily", Role::Owner);
    let link = server.link("daily", Role::Guest);
    let mut visitor = Visitor::enter(&server.folder().join("visitor"), "Vera", &link, "");
    server.runtime().block_on(async {
        let target = meets(&mut owner, "Vera").await;
        let reason = ReasonText::new("this is the board meeting").unwrap();
        let action = ModerateAction::Remove { reason };
        owner.send(SessionCommand::Control(ControlUp::Moderate { target, action })).await.unwrap();
    });
    let ending = ending(&mut visitor);
    assert_eq!(ending.kind, EndingKind::Removed);
    assert!(ending.message.contains("this is the board meeting"), "{ending:?}");
}

/// A visitor who comes in through a relay that can be cut.
fn on_the_way_behind_a_relay() -> (Server, Relay, Visitor) {
    let far_away = Ipv4Addr::new(127, 0, 0, 77);
    let server = Server::with(|config| config.public_addrs = vec![far_away.into()]);
    let relay = server.runtime().block_on(Relay::start(far_away, server.address(), Weather::default())).unwrap();
    let mut visitor = Visitor::start(&server.folder().join("visitor"), "");
    visitor.join("Vera", &server.link("daily", Role::Guest));
    (server, relay, visitor)
}

fn behind_a_relay() -> (Server, Relay, Visitor) {
    let (server, relay, mut visitor) = on_the_way_behind_a_relay();
    visitor.until_inside();
    visitor.look_away();
    (server, relay, visitor)
}

fn is_reconnecting(world: &mut World) -> bool {
    matches!(**world.resource::<Link>(), Some(LinkState::Reconnecting { .. }))
}

#[test]
fn an_outage_of_five_seconds_is_bridged() {
    is_bridged(Duration::from_secs(5));
}

#[test]
fn an_outage_of_twenty_five_seconds_is_bridged() {
    is_bridged(Duration::from_secs(25));
}

fn is_bridged(outage: Duration) {
    let (_server, relay, mut visitor) = behind_a_relay();
    let me = visitor.world().resource::<TheMeeting>().me();
    let begun = Instant::now();
    relay.cut(true);
    visitor.until("it shows that the connection is lost", is_reconnecting);
    visitor.live(outage.saturating_sub(begun.elapsed()));
    relay.cut(false);
    visitor.until("it is back", |world| {
        matches!(**world.resource::<Link>(), Some(LinkState::Connected { resumed: true, .. }))
    });
    assert_eq!(visitor.world().resource::<TheMeeting>().me(), me, "the same attendance goes on");
    assert_eq!(*visitor.world().resource::<State<AppScreen>>().get(), AppScreen::InRoom);
}

#[test]
fn one_comes_back_anew_after_a_longer_outage() {
    let (_server, relay, mut visitor) = behind_a_relay();
    let me = visitor.world().resource::<TheMeeting>().me();
    visitor.world().resource_mut::<OwnMute>().ask(true);
    visitor.until("muted", is_muted);
    relay.cut(true);
    visitor.until("it shows that the connection is lost", is_reconnecting);
    visitor.live(Duration::from_secs(35));
    assert!(is_reconnecting(visitor.world()), "it goes on trying");
    relay.cut(false);
    visitor.until("it is back", |world| {
        matches!(**world.resource::<Link>(), Some(LinkState::Connected { resumed: false, .. }))
    });
    assert_ne!(visitor.world().resource::<TheMeeting>().me(), me, "the first attendance is over");
    visitor.until("whoever muted themselves stays muted", is_muted);
}

fn is_muted(world: &mut World) -> bool {
    world.resource::<TheMeeting>().my_info().is_some_and(|me| me.muted)
}

#[test]
fn one_may_leave_while_nobody_answers() {
    let (_server, relay, mut visitor) = behind_a_relay();
    relay.cut(true);
    visitor.until("it shows that the connection is lost", is_reconnecting);
    // Much that nobody hears is said meanwhile.
    for step in 0..800_u32 {
        let up = step.is_multiple_of(2);
        visitor.world().resource::<RoomWire>().say(ToRoom::Control(ControlUp::RaiseHand { up }));
        if step.is_multiple_of(50) {
            visitor.frame();
        }
    }
    visitor.world().write_message(LeaveRoom);
    assert_eq!(ending(&mut visitor).kind, EndingKind::Left);
}

#[test]
fn whoever_cancels_a_download_that_hangs_goes_elsewhere_at_once() {
    let (_far, relay, mut visitor) = on_the_way_behind_a_relay();
    visitor.until("the way in", |world| {
        matches!(**world.resource::<Link>(), Some(LinkState::Connected { .. } | LinkState::InLobby(_)))
    });
    relay.cut(true);
    visitor.world().write_message(GoHome);
    visitor.until("at home", |world| *world.resource::<State<AppScreen>>().get() == AppScreen::Home);
    let near = Server::start();
    let begun = Instant::now();
    visitor.join("Vera", &near.link("studio", Role::Guest));
    visitor.until_inside();
    assert!(begun.elapsed() < Duration::from_secs(30), "it waited for {:?}", begun.elapsed());
}
