//! One's own body in a room that the server owns.

use crate::world::{Server, Visitor};
use atrium_panels::MeetingEvent;
use atrium_protocol::{ControlUp, Role, SeatId};
use atrium_scene::{CurrentPlace, News, OwnBody, RoomWire, TheMeeting, ToRoom};
use bevy::ecs::message::Messages;
use bevy::prelude::*;
use std::time::Duration;

fn eyes(visitor: &mut Visitor) -> Vec3 {
    visitor.world().resource::<OwnBody>().pose.head.expect("a body has a head").position
}

#[test]
fn one_walks_where_one_looks_and_never_through_a_wall() {
    let server = Server::start();
    let link = server.link("boardroom", Role::Guest);
    // In the middle of the floor by the windows, looking along −x.
    let mut visitor = Visitor::enter(&server.folder().join("visitor"), "Vera", &link, "--at 3,1.65,2.6,90,0");
    visitor.until("where the command line says", |world| {
        let head = world.resource::<OwnBody>().pose.head;
        head.is_some_and(|head| head.position.distance(Vec3::new(3.0, 1.65, 2.6)) < 0.1)
    });
    let start = eyes(&mut visitor);
    visitor.press(KeyCode::KeyW);
    visitor.live(Duration::from_secs(1));
    let walked = start - eyes(&mut visitor);
    assert!(walked.x > 0.7 && walked.z.abs() < 0.3, "a second's walk: {walked}");
    // Far longer than the room is.
    visitor.press(KeyCode::ShiftLeft);
    visitor.live(Duration::from_secs(6));
    visitor.release(KeyCode::KeyW);
    let at_the_wall = eyes(&mut visitor);
    let bounds = visitor.world().resource::<CurrentPlace>().layout().bounds;
    assert!(bounds.contain(at_the_wall), "still inside: {at_the_wall}");
    assert!(at_the_wall.x < -4.5, "as far as the wall lets one: {at_the_wall}");
    assert!((at_the_wall.y - 1.65).abs() < 0.1, "on the floor: {at_the_wall}");
}

#[test]
fn one_sits_and_stands() {
    let server = Server::start();
    let link = server.link("boardroom", Role::Guest);
    let mut visitor = Visitor::enter(&server.folder().join("visitor"), "Vera", &link, "--seat 3");
    let sits_on = |world: &mut World| world.resource::<TheMeeting>().my_info().and_then(|me| me.seat);
    visitor.until("on the seat", |world| sits_on(world) == Some(SeatId(3)));
    visitor.live(Duration::from_secs(1));
    let seat = visitor.world().resource::<CurrentPlace>().seat(SeatId(3)).unwrap().clone();
    let seated = eyes(&mut visitor);
    assert!((seated.y - 1.2).abs() < 0.15, "a sitter's eyes: {seated}");
    assert!(seated.with_y(0.0).distance(seat.position.with_y(0.0)) < 0.4, "over the seat: {seated}");
    visitor.tap(KeyCode::KeyC);
    visitor.until("standing", |world| sits_on(world).is_none());
    visitor.live(Duration::from_secs(1));
    assert!((eyes(&mut visitor).y - 1.65).abs() < 0.1);
}

#[test]
fn a_taken_seat_stays_taken() {
    let server = Server::start();
    let first_link = server.link("boardroom", Role::Guest);
    let sits_on = |world: &mut World| world.resource::<TheMeeting>().my_info().and_then(|me| me.seat);
    let mut first = Visitor::enter(&server.folder().join("first"), "First", &first_link, "--seat 5");
    first.until("on the seat", |world| sits_on(world) == Some(SeatId(5)));

    let link = server.link("boardroom", Role::Guest);
    let mut second = Visitor::enter(&server.folder().join("second"), "Second", &link, "");
    let mut cursor = second.world().resource::<Messages<News>>().get_cursor();
    second.world().resource::<RoomWire>().say(ToRoom::Control(ControlUp::Sit { seat: SeatId(5) }));
    second.until("told that the seat is taken", |world| {
        let news = world.resource::<Messages<News>>();
        cursor.read(news).any(|News(event)| matches!(event, MeetingEvent::Refused { what, .. } if what == "sit"))
    });
    assert_eq!(sits_on(second.world()), None);
    first.frame();
    assert_eq!(sits_on(first.world()), Some(SeatId(5)));
}
