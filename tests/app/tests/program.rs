//! The program from the command line: whatever is wrong, it ends with a sentence that says what to do.

use crate::world::Server;
use crate::world::program::atrium;
use std::path::PathBuf;
use std::process::{Command, Output};

/// Runs the program to its end.
fn run(arguments: &str, change: impl FnOnce(&mut Command)) -> Output {
    let home = tempfile::tempdir().unwrap();
    let mut command = atrium(home.path());
    command.args(arguments.split_whitespace()).current_dir(home.path());
    change(&mut command);
    command.output().unwrap()
}

/// What the program says before it gives up, which has to have all of `words` in it.
fn complaint(arguments: &str, words: &[&str], change: impl FnOnce(&mut Command)) {
    let output = run(arguments, change);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{arguments}: {said}");
    assert!(!said.contains("panicked"), "{arguments}: {said}");
    let last = said.lines().last().unwrap_or_default();
    assert!(said.contains("error: ") && words.iter().all(|word| said.contains(word)), "{arguments}: {last}");
}

#[test]
fn a_display_that_does_not_answer() {
    complaint("host", &["no window can be opened", ":54321", "--offscreen"], |command| {
        command.env("DISPLAY", ":54321");
    });
}

#[test]
fn no_display() {
    complaint("host", &["no display", "--offscreen"], |_| {});
}

#[test]
fn no_graphics_driver() {
    complaint("host", &["no graphics driver", "mesa-vulkan-drivers"], |command| {
        command.env("DISPLAY", ":54321").env("VK_DRIVER_FILES", "/nonexistent.json").env("WGPU_BACKEND", "vulkan");
    });
}

#[test]
fn a_link_that_is_none() {
    complaint("join nonsense --offscreen 64x64 --screenshot a.png", &["not a join link"], |_| {});
}

#[test]
fn a_picture_that_cannot_be_saved() {
    let server = Server::start();
    let link = server.link("boardroom", atrium_protocol::Role::Guest);
    let line = format!("join {link} --offscreen 64x36 --quality low --after 0 --screenshot /nowhere/at/all.png");
    complaint(&line, &["cannot be saved", "/nowhere/at/all.png"], |_| {});
}

#[test]
fn a_picture_is_saved() {
    let home = tempfile::tempdir().unwrap();
    let picture = home.path().join("room.png");
    let output = run("host studio --offscreen 64x36 --quality low --after 0 --screenshot", |command| {
        command.arg(&picture);
    });
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(image::image_dimensions(&picture).unwrap(), (64, 36));
}

/// The folder of a place that ships.
fn shipped(name: &str) -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../assets/rooms").join(name)
}

#[test]
fn rooms_are_checked() {
    for name in ["boardroom", "studio", "auditorium"] {
        let output = run("room check", |command| {
            command.arg(shipped(name));
        });
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains("is fine"));
    }
    complaint("room check nowhere", &["cannot read", "room.ron"], |_| {});

    let folder = tempfile::tempdir().unwrap();
    let room = std::fs::read_to_string(shipped("boardroom").join("room.ron")).unwrap();
    std::fs::write(folder.path().join("room.ron"), room.replacen("reverb_secs: ", "reverb_secs: -", 1)).unwrap();
    complaint("room check", &["room.ron:", "is not possible", "1 mistake"], |command| {
        command.arg(folder.path());
    });
    std::fs::write(folder.path().join("room.ron"), room).unwrap();
    complaint("room check", &["is not there"], |command| {
        command.arg(folder.path());
    });
}
