use crate::samples::{self, document};
use std::collections::BTreeSet;
use std::fs;

const REMEDY: &str = "run `cargo run -p atrium-protocol --example wire_examples`";

#[test]
fn the_document_shows_what_the_code_writes() {
    let document = fs::read_to_string(document::path()).unwrap();
    let mut shown = document::examples_in(&document);
    shown.retain(|name, _| !name.starts_with(document::OF_BOARDS));
    let expected = samples::document_examples();
    let names = |of: &std::collections::BTreeMap<String, String>| of.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&shown), names(&expected), "examples in docs/PROTOCOL.md and in tests/integration/samples");
    for (name, text) in expected {
        assert_eq!(shown[&name], text, "{name} in docs/PROTOCOL.md is stale: {REMEDY}");
    }
}

#[test]
fn every_message_has_an_example() {
    let examples: BTreeSet<String> = samples::document_examples().into_keys().collect();
    let lanes = [
        ("control_up", samples::CONTROL_UP),
        ("control_up.moderate", samples::MODERATE_ACTIONS),
        ("control_down", samples::CONTROL_DOWN),
        ("board_up", samples::BOARD_UP),
        ("board_down", samples::BOARD_DOWN),
    ];
    for (lane, tags) in lanes {
        for tag in tags.iter().filter(|tag| **tag != "unknown" && **tag != "moderate") {
            assert!(examples.contains(&format!("{lane}.{tag}")), "no example of {lane}.{tag}");
        }
    }
}

#[test]
fn every_word_of_the_protocol_is_explained() {
    let document = fs::read_to_string(document::path()).unwrap();
    let words = samples::CONTROL_UP.iter().chain(samples::CONTROL_DOWN).chain(samples::BOARD_UP);
    for word in words.chain(samples::BOARD_DOWN).chain(samples::MODERATE_ACTIONS).filter(|word| **word != "unknown") {
        assert!(document.contains(&format!("`{word}`")), "docs/PROTOCOL.md does not explain `{word}`");
    }
}

#[test]
fn the_document_states_the_limits_of_the_code() {
    use atrium_protocol::limits;
    let document = fs::read_to_string(document::path()).unwrap();
    let limits = [
        ("JOIN_BODY_BYTES", limits::JOIN_BODY_BYTES),
        ("SDP_BYTES", limits::SDP_BYTES),
        ("SDP_LINES", limits::SDP_LINES),
        ("SDP_CANDIDATES", limits::SDP_CANDIDATES),
        ("CONTROL_MESSAGE_BYTES", limits::CONTROL_MESSAGE_BYTES),
        ("BOARD_MESSAGE_BYTES", limits::BOARD_MESSAGE_BYTES),
        ("BOARD_OPERATION_BYTES", limits::BOARD_OPERATION_BYTES),
        ("POSE_DATAGRAM_BYTES", limits::POSE_DATAGRAM_BYTES),
        ("LIVE_BYTES", limits::LIVE_BYTES),
        ("VOICE_PAYLOAD_BYTES", limits::VOICE_PAYLOAD_BYTES),
        ("TOKEN_BYTES", limits::TOKEN_BYTES),
        ("ROOM_NAME_CHARS", limits::ROOM_NAME_CHARS),
        ("NAME_CHARS", limits::NAME_CHARS),
        ("NAME_BYTES", limits::NAME_BYTES),
        ("CHAT_BYTES", limits::CHAT_BYTES),
        ("REACTION_BYTES", limits::REACTION_BYTES),
        ("REASON_BYTES", limits::REASON_BYTES),
        ("AVATAR_BYTES", limits::AVATAR_BYTES),
        ("CHAT_REPLAY", limits::CHAT_REPLAY),
        ("ROOM_FILES", limits::ROOM_FILES),
        ("ROOM_BYTES", limits::ROOM_BYTES as usize),
        ("SNAPSHOT_BYTES", limits::SNAPSHOT_BYTES),
        ("IMAGE_BYTES", limits::IMAGE_BYTES),
        ("IMAGE_PIXELS", limits::IMAGE_PIXELS as usize),
        ("ROOM_IMAGES_BYTES", limits::ROOM_IMAGES_BYTES as usize),
        ("MESSAGE_DEPTH", limits::MESSAGE_DEPTH),
    ];
    for (name, limit) in limits {
        assert!(document.contains(&format!("| {limit} | `{name}` |")), "docs/PROTOCOL.md lacks {name} = {limit}");
    }
}

#[test]
fn fuzz_seeds_are_what_the_code_writes() {
    for (target, name, bytes) in samples::fuzz_seeds() {
        let path = document::root().join("fuzz/seeds").join(target).join(&name);
        assert_eq!(fs::read(&path).ok(), Some(bytes), "{target}/{name} is stale: {REMEDY}");
    }
}
