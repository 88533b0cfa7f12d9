//! From one room to another, each with its own place.

use crate::world::{Server, Visitor};
use atrium_protocol::Role;
use atrium_scene::{AppScreen, CurrentPlace, EnterRoom, Entrance, Link, LinkState, PanelMemory, RoomShown};
use bevy::prelude::*;
use std::time::Duration;

#[test]
fn every_shipped_room_opens_with_its_looks() {
    let server = Server::start();
    let mut visitor = Visitor::start(&server.folder().join("visitor"), "");
    for (room, title) in [("boardroom", "Boardroom"), ("studio", "Studio"), ("auditorium", "Auditorium")] {
        // From room to room, without the home screen between them.
        visitor.join("Vera", &server.link(room, Role::Guest));
        visitor.until("in the next room", |world| {
            let is_there = world.get_resource::<CurrentPlace>().is_some_and(|place| place.layout().title == title);
            is_there && *world.resource::<State<AppScreen>>().get() == AppScreen::InRoom
        });
        let shown = visitor.world().resource::<RoomShown>().clone();
        assert_eq!(shown.problem, None, "{title}");
        visitor.live(Duration::from_millis(300));
    }
}

#[test]
fn a_room_with_broken_looks_shows_its_plain_shape() {
    let server = Server::with(|config| {
        let folder = config.data_dir.join("places/broken");
        std::fs::create_dir_all(&folder).unwrap();
        let text = r#"Room(title: "Broken", bounds: (min: (-5, 0, -5), max: (5, 3, 5)),
            spawns: [(position: (0, 0, 0), yaw_degrees: 0)], model: "broken.glb")"#;
        std::fs::write(folder.join("room.ron"), text).unwrap();
        std::fs::write(folder.join("broken.glb"), b"glTF is not this").unwrap();
    });
    let mut visitor = Visitor::enter(&server.folder().join("visitor"), "Vera", &server.link("broken", Role::Guest), "");
    let problem = visitor.world().resource::<RoomShown>().problem.clone();
    assert!(problem.is_some(), "its looks are told to be missing");
    visitor.until("told of it", |world| {
        let memory = world.resource::<PanelMemory>();
        memory.toasts.notices().any(|toast| toast.text.contains("plain shape"))
    });
}

#[test]
fn hosting_opens_a_room_on_this_machine() {
    let server = Server::start();
    let mut visitor = Visitor::start(&server.folder().join("host"), "");
    let avatar = atrium_protocol::AvatarBytes::default();
    let entrance = Entrance::Host { room: "Team Room".to_owned(), name: "Hanna".to_owned(), avatar };
    visitor.world().write_message(EnterRoom(entrance));
    visitor.until_inside();
    assert!(matches!(**visitor.world().resource::<Link>(), Some(LinkState::Connected { resumed: false, .. })));
    let link = visitor.world().resource::<atrium_scene::InviteLink>().0.clone().expect("a host has a link");
    // Somebody else comes in by the link that the host copies.
    let mut guest = Visitor::enter(&server.folder().join("guest"), "Gu", &link, "");
    visitor.until("the guest is seen", |world| world.resource::<atrium_scene::TheMeeting>().others().count() == 1);
    guest.frame();
}
