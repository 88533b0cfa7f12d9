//! Which folder may use which: the layers.

use crate::workspace::{Package, Sibling, is_in, packages};

/// A layer, what its packages may use beside nothing at all, and why no more. The longest name that fits counts.
const LAYERS: &[(&str, &[&str], &str)] = &[
    ("crates/model/protocol", &[], "the words on the wire rest on nothing"),
    ("crates/model/place", &["crates/model/protocol"], "a place is data that every layer reads"),
    ("crates/model/board", &["crates/model/protocol"], "model crates know the protocol, not one another"),
    ("crates/model/lettering", &[], "how letters are laid out is a matter of fonts"),
    (
        "crates/model/print",
        &["crates/model/protocol", "crates/model/board", "crates/model/lettering"],
        "paper shows what is on a board, in letters",
    ),
    ("crates/model/avatar", &["crates/model/protocol"], "model crates know the protocol, not one another"),
    ("crates/model/voice", &["crates/model/protocol"], "model crates know the protocol, not one another"),
    ("crates/model/spatial", &[], "how a room sounds is a matter of numbers"),
    ("crates/model/uplink", &[], "sound is cleaned before anybody knows where it goes"),
    ("crates/model/room", &["crates/model"], "a room is built of models and does no input or output"),
    ("crates/net/link", &["crates/model/protocol"], "a link carries words and does not judge them"),
    (
        "crates/net/session",
        &["crates/model/protocol", "crates/net/link"],
        "a session joins and resumes; rooms are the server's",
    ),
    (
        "crates/host/store",
        &["crates/model/protocol", "crates/model/room"],
        "the store keeps a room's records and nothing else",
    ),
    ("crates/host/server", &["crates/model", "crates/net/link", "crates/host/store"], "the server is nobody's client"),
    ("crates/client/audio", &["crates/model"], "sound meets the network at bounded queues that the app wires up"),
    ("crates/client/body", &["crates/model"], "a body moves through a place, seen or not"),
    ("crates/client/easel", &["crates/model"], "what a person does at a board needs no window and no network"),
    (
        "crates/client/panels",
        &["crates/model/protocol", "crates/model/board", "crates/client/easel"],
        "panels show what the server says, and a board's tools, and do not know the engine",
    ),
    (
        "crates/client/scene",
        &["crates/model", "crates/client/audio", "crates/client/body", "crates/client/easel", "crates/client/panels"],
        "the scene meets the network at bounded queues that the app wires up",
    ),
    ("crates/client/xr", &["crates/model", "crates/client/scene"], "the headset is one more way to look at the scene"),
    (
        "crates/tools",
        &["crates/model", "crates/net", "crates/host", "crates/client/audio", "crates/client/easel", "crates/tools"],
        "tools run without a window; bots hear and draw, and the bench measures, as the app itself does",
    ),
    ("tests", &["", "crates", "tests"], "tests may look at everything"),
    ("fuzz", &["", "crates", "fuzz"], "tests may look at everything"),
    ("", &["crates/model", "crates/net", "crates/host", "crates/client"], "the app ships without the tools"),
];

/// What only tests use: nothing else may, not even for its own tests.
const ONLY_FOR_TESTS: &[&str] = &["crates/tools", "tests", "fuzz"];

#[test]
fn every_package_uses_only_the_layers_that_it_may() {
    let wrong: Vec<_> = packages().iter().flat_map(wrong_edges).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn wrong_edges_are_found() {
    let find = |folder: &str, used: &str, only_for_tests: bool| {
        let siblings = vec![Sibling { folder: used.into(), only_for_tests }];
        wrong_edges(&Package { name: String::new(), folder: folder.into(), siblings }).len()
    };
    assert_eq!(find("crates/model/place", "crates/model/protocol", false), 0);
    assert_eq!(find("crates/model/protocol", "crates/model/place", false), 1);
    assert_eq!(find("crates/model/protocol", "crates/model/place", true), 0);
    assert_eq!(find("crates/host/server", "crates/net/session", false), 1);
    assert_eq!(find("crates/host/server", "crates/tools/bot", true), 1);
    assert_eq!(find("crates/client/scene", "crates/net/session", false), 1);
    assert_eq!(find("crates/model/unheard_of", "crates/model/protocol", false), 1);
    assert_eq!(find("tests/meeting", "crates/tools/bot", false), 0);
    assert_eq!(find("", "crates/tools/bot", false), 1);
}

/// A sentence for each dependency of `package` that goes against the layers.
fn wrong_edges(package: &Package) -> Vec<String> {
    let folder = if package.folder.is_empty() { "the app" } else { &package.folder };
    let layer = LAYERS.iter().filter(|(layer, ..)| is_in(&package.folder, layer)).max_by_key(|(layer, ..)| layer.len());
    let Some((_, may_use, why)) = layer else {
        return vec![format!("{folder} belongs to no layer: add it to LAYERS and to ARCHITECTURE.md")];
    };
    let is_any = |layers: &[&str], used: &str| layers.iter().any(|layer| is_in(used, layer));
    let mut wrong = Vec::new();
    for Sibling { folder: used, only_for_tests } in &package.siblings {
        let reaches_tools = is_any(ONLY_FOR_TESTS, used) && !is_any(ONLY_FOR_TESTS, &package.folder);
        if reaches_tools {
            wrong.push(format!("{folder} uses {used}: only tests and tools may"));
        } else if !only_for_tests && !is_any(may_use, used) {
            wrong.push(format!("{folder} uses {used}: {why}; it may use {may_use:?}"));
        }
    }
    wrong
}
