//! The real program in a real window, on a screen that nobody sees.

use crate::world::program::{Running, Screen, atrium};
use crate::world::{Server, until};
use atrium_protocol::{ControlDown, ParticipantId, Role};
use atrium_session::{SessionEvent, SessionHandle};
use bevy::math::Vec3;
use std::fs::File;
use std::ops::Range;
use std::process::Command;
use tokio::sync::watch;

#[test]
fn a_window_opens_and_the_person_in_it_follows_the_keys() {
    let server = Server::start();
    let screen = Screen::start();
    let head = head_of("Vera", server.person("Observer", "boardroom", Role::Guest), &server);
    let mut app: Command = atrium(&server.folder().join("home"));
    app.args(["join", &server.link("boardroom", Role::Guest), "--name", "Vera", "--at", "3,1.65,2.6,90,0"]);
    let said = server.folder().join("said");
    app.env("DISPLAY", screen.display()).stderr(File::create(&said).unwrap());
    let mut app = Running(app.spawn().unwrap());
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
    // The mouse comes and clicks at once, as a finger does, on what lies before the floor: it opens the chat,
    // closes it, and opens who is here.
    until("the bar lies below", || share_of_dark_grey(&screen.picture(), 340..352) > 0.6);
    let there = walked();
    for button in ["282", "282", "358"] {
        let before = screen.picture();
        screen.run("xdotool", &["mousemove", button, "320", "click", "1"]);
        until("a panel opens or closes", || share_that_differs(&before, &screen.picture()) > 0.05);
    }
    // Somebody else is inside: closing asks first, and whoever asks twice means it.
    screen.ask_to_close("Boardroom");
    let asked = screen.picture();
    until("the question is on the screen", || share_that_differs(&asked, &screen.picture()) > 0.1);
    assert!(app.0.try_wait().unwrap().is_none(), "it closed without a question");
    assert!(walked().distance(there) < 0.1, "a click on a panel moves nobody: {}", walked() - there);
    screen.ask_to_close("Boardroom");
    let mut status = None;
    until("it is closed", || {
        status = app.0.try_wait().unwrap();
        status.is_some()
    });
    let said = std::fs::read_to_string(said).unwrap();
    assert!(status.unwrap().success(), "{status:?}: {said}");
    // Machines that run tests have no sound card, of which ALSA would say much.
    assert!(!said.contains("ALSA lib"), "{said}");
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

/// The share of bytes of a dark grey in those rows of the screen, whose pixels are at the end of its picture; the fourth
/// of each pixel is 0.
fn share_of_dark_grey(picture: &[u8], rows: Range<usize>) -> f64 {
    let row_bytes = 640 * 4;
    let pixels = &picture[picture.len() - 360 * row_bytes..];
    let bytes = &pixels[rows.start * row_bytes..rows.end * row_bytes];
    bytes.iter().filter(|byte| (24..64).contains(*byte)).count() as f64 / bytes.len() as f64
}

fn distinct_bytes(picture: &[u8]) -> usize {
    let mut seen = [false; 256];
    picture.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    seen.iter().filter(|seen| **seen).count()
}
