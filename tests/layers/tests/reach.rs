//! Which crates a layer must never link, however many steps away.

use crate::workspace::{is_in, linked_crates, packages};

/// Layers, the crates that they never link (`*` stands for any ending), and why.
const NEVER: &[(&[&str], &[&str], &str)] = &[
    (
        &["crates/model"],
        &[
            "tokio*",
            "rtc",
            "rtc-*",
            "webrtc*",
            "axum",
            "hyper*",
            "reqwest",
            "rusqlite",
            "mio",
            "socket2",
            "crossbeam-channel",
            "cpal",
        ],
        "model crates do no input or output and start no thread, so that their tests run on virtual time",
    ),
    (
        &[
            "crates/model",
            "crates/net",
            "crates/host",
            "crates/client/body",
            "crates/client/panels",
            "crates/tools",
            "tests/layers",
            "tests/meeting",
            "tests/browser",
        ],
        &["bevy*", "wgpu*", "winit"],
        "a server needs no graphics, and a plain `cargo test` takes seconds",
    ),
    (&["crates/host"], &["webrtc"], "the server drives the sans-IO core `rtc` from its own shards"),
    (&["crates/host/store"], &["tokio*", "rtc", "mio"], "the store is one plain thread"),
    (&["crates/client"], &["tokio*", "rtc", "rtc-*", "webrtc*"], "the network meets the scene at plain bounded queues"),
];

#[test]
fn no_layer_links_what_it_must_not() {
    let mut wrong = Vec::new();
    for package in packages() {
        let rules: Vec<_> =
            NEVER.iter().filter(|(layers, ..)| layers.iter().any(|layer| is_in(&package.folder, layer))).collect();
        let linked = if rules.is_empty() { Vec::new() } else { linked_crates(&package) };
        for (_, banned, why) in rules {
            let found: Vec<_> = linked.iter().filter(|name| banned.iter().any(|ban| matches(ban, name))).collect();
            if !found.is_empty() {
                let name = &package.name;
                wrong.push(format!("{name} links {found:?}: {why}. See `cargo tree -p {name} -i {}`", found[0]));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_whole_tree_is_looked_at() {
    let server = packages().into_iter().find(|package| package.folder == "crates/host/server").unwrap();
    let linked = linked_crates(&server);
    for (two_steps_away, through) in [("rusqlite", "atrium-store"), ("rtc-srtp", "rtc")] {
        assert!(linked.iter().any(|name| name == two_steps_away), "{two_steps_away} comes through {through}");
    }
}

#[test]
fn patterns_match_whole_names() {
    assert!(matches("bevy*", "bevy_ecs") && matches("bevy*", "bevy") && matches("rtc", "rtc"));
    assert!(!matches("rtc", "rtc-srtp") && !matches("rtc", "webrtc") && !matches("bevy*", "heavy"));
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(name == pattern, |start| name.starts_with(start))
}
