//! The real program in a real window, on a screen that nobody sees.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Building pipelines and drawing take the processor their time.
const PATIENCE: Duration = Duration::from_secs(150);

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// `atrium`, beside this test.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let program = test.parent().and_then(Path::parent).unwrap().join("atrium");
    assert!(program.is_file(), "build it first: cargo build --package atrium");
    program
}

fn run(display: &str, program: &str, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(arguments).env("DISPLAY", display).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The screen as bytes (XWD), without its header's time stamps.
fn screen(display: &str) -> Vec<u8> {
    run(display, "xwd", &["-root", "-silent"])
}

fn share_that_differs(a: &[u8], b: &[u8]) -> f64 {
    let differing = a.iter().zip(b).filter(|(a, b)| a.abs_diff(**b) > 12).count();
    differing as f64 / a.len().max(1) as f64
}

#[test]
fn a_window_opens_and_its_picture_follows_the_keys() {
    let number = 90 + std::process::id() % 900;
    let display = format!(":{number}");
    let mut xvfb = Command::new("Xvfb");
    xvfb.args([&display, "-screen", "0", "640x360x24", "-nolisten", "tcp"]).stderr(Stdio::null());
    let _xvfb = Running(xvfb.spawn().expect("Xvfb: install xvfb"));
    let socket = format!("/tmp/.X11-unix/X{number}");
    until("the screen is there", || Path::new(&socket).exists());

    let home = tempfile::tempdir().unwrap();
    let mut app = Command::new(program());
    app.args(["host", "--name", "Vera", "--at", "3,1.65,2.6,90,0"]).env("DISPLAY", &display);
    app.env_remove("WAYLAND_DISPLAY").env("ATRIUM_HOME", home.path());
    let mut app = Running(app.spawn().unwrap());
    let empty = screen(&display);
    // The room is there when the picture is no longer one colour, and stays as it is.
    let mut before = empty.clone();
    until("the room is there", || {
        assert!(app.0.try_wait().unwrap().is_none(), "the app ended by itself");
        std::thread::sleep(Duration::from_secs(2));
        let now = screen(&display);
        // A quarter of the bytes are padding, and a room has dark parts.
        let is_drawn = share_that_differs(&empty, &now) > 0.35;
        let is_still = share_that_differs(&before, &now) < 0.002;
        before = now;
        is_drawn && is_still && distinct_bytes(&before) > 100
    });
    // No window manager gives it the keyboard.
    run(&display, "xdotool", &["search", "--onlyvisible", "--name", "Atrium", "windowfocus"]);
    run(&display, "xdotool", &["keydown", "w"]);
    std::thread::sleep(Duration::from_secs(4));
    run(&display, "xdotool", &["keyup", "w"]);
    until("the picture has changed", || share_that_differs(&before, &screen(&display)) > 0.15);
}

fn distinct_bytes(picture: &[u8]) -> usize {
    let mut seen = [false; 256];
    picture.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    seen.iter().filter(|seen| **seen).count()
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}
