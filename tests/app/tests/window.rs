//! The real program in a real window, on a screen that nobody sees.

use crate::world::program::{Running, Screen, atrium};
use crate::world::{Server, until};
use atrium_protocol::{ControlDown, ParticipantId, Role};
use atrium_session::{SessionEvent, SessionHandle};
use bevy::math::Vec3;
use std::process::Command;
use tokio::sync::watch;

#[test]
fn a_window_opens_and_the_person_in_it_follows_the_keys() {
    let server = Server::start();
    let screen = Screen::start();
    let head = head_of("Vera", server.person("Observer", "boardroom", Role::Guest), &server);
    let mut app: Command = atrium(&server.folder().join("home"));
    app.args(["join", &server.link("boardroom", Role::Guest), "--name", "Vera", "--at", "3,1.65,2.6,90,0"]);
    let mut app = Running(app.env("DISPLAY", screen.display()).spawn().unwrap());
    until("the window is called after the place", || {
        assert!(app.0.try_wait().unwrap().is_none(), "the app ended by itself");
        screen.has_window("Boardroom")
    });
    until("the picture has the many colours of a room", || distinct_bytes(&screen.picture()) > 100);
    let before = screen.picture();

    // No window manager gives it the keyboard.
    screen.run("xdotool", &["search", "--onlyvisible", "--name", "Boardroom", "windowfocus"]);
    let start = head.borrow().expect("she is seen");
    assert!(start.distance(Vec3::new(3.0, 1.65, 2.6)) < 0.3, "where the command line put her: {start}");
    screen.run("xdotool", &["keydown", "w"]);
    let walked = || head.borrow().unwrap_or(start) - start;
    until("she has walked", || walked().length() > 1.5);
    screen.run("xdotool", &["keyup", "w"]);
    assert!(walked().x < -1.4 && walked().z.abs() < 0.5, "she looks along -x: {}", walked());
    until("the picture has changed", || share_that_differs(&before, &screen.picture()) > 0.15);

    shrinks_hides_and_comes_back(&screen);
    // Somebody else is inside: closing asks first, and whoever asks twice means it.
    screen.ask_to_close("Boardroom");
    let asked = screen.picture();
    until("the question is on the screen", || share_that_differs(&asked, &screen.picture()) > 0.1);
    assert!(app.0.try_wait().unwrap().is_none(), "it closed without a question");
    screen.ask_to_close("Boardroom");
    let mut status = None;
    until("it is closed", || {
        status = app.0.try_wait().unwrap();
        status.is_some()
    });
    assert!(status.unwrap().success(), "{status:?}");
}

/// Every size that a window can get, none at all included.
fn shrinks_hides_and_comes_back(screen: &Screen) {
    let window = String::from_utf8(screen.run("xdotool", &["search", "--name", "Boardroom"])).unwrap();
    let window = window.trim();
    for (width, height) in [("1", "1"), ("640", "90"), ("320", "180")] {
        screen.run("xdotool", &["windowsize", window, width, height]);
    }
    screen.run("xdotool", &["windowunmap", "--sync", window]);
    screen.run("xdotool", &["windowmap", "--sync", window]);
    screen.run("xdotool", &["windowsize", window, "640", "360"]);
    until("the room is back", || distinct_bytes(&screen.picture()) > 100);
}

/// Follows that person's head for as long as somebody looks.
fn head_of(name: &'static str, mut observer: SessionHandle, server: &Server) -> watch::Receiver<Option<Vec3>> {
    let (seen, head) = watch::channel(None);
    server.runtime().spawn(async move {
        let mut walker: Option<ParticipantId> = None;
        while let Some(event) = observer.next().await {
            match event {
                SessionEvent::Control(word) => {
                    if let ControlDown::Joined { person } = *word
                        && person.name.as_str() == name
                    {
                        walker = Some(person.id);
                    }
                }
                SessionEvent::Poses { poses, .. } => {
                    let record = poses.records.iter().find(|record| Some(record.id) == walker);
                    if let Some(pose) = record.and_then(|record| record.pose.head)
                        && seen.send(Some(pose.position)).is_err()
                    {
                        return;
                    }
                }
                _ => {}
            }
        }
    });
    head
}

fn share_that_differs(a: &[u8], b: &[u8]) -> f64 {
    let differing = a.iter().zip(b).filter(|(a, b)| a.abs_diff(**b) > 12).count();
    differing as f64 / a.len().max(1) as f64
}

fn distinct_bytes(picture: &[u8]) -> usize {
    let mut seen = [false; 256];
    picture.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    seen.iter().filter(|seen| **seen).count()
}
