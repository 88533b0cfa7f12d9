//! `docs/PROTOCOL.md` shows what this crate writes.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../../../protocol/tests/integration/samples/document.rs"]
#[allow(dead_code)]
mod document;
mod samples;

use atrium_board::limits;
use std::collections::BTreeSet;
use std::fs;

const REMEDY: &str = "run `cargo run -p atrium-board --example drawing_examples`";

#[test]
fn the_document_shows_what_the_code_writes() {
    let document = fs::read_to_string(document::path()).unwrap();
    let mut shown = document::examples_in(&document);
    shown.retain(|name, _| name.starts_with(document::OF_BOARDS));
    let expected = samples::document_examples();
    let names = |of: &std::collections::BTreeMap<String, String>| of.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&shown), names(&expected), "examples in docs/PROTOCOL.md and in tests/documented/samples");
    for (name, text) in expected {
        assert_eq!(shown[&name], text, "{name} in docs/PROTOCOL.md is stale: {REMEDY}");
    }
}

#[test]
fn every_word_of_operations_is_explained() {
    let document = fs::read_to_string(document::path()).unwrap();
    for word in samples::EDITS.iter().chain(samples::SHAPES).chain(samples::COLORS) {
        assert!(document.contains(&format!("`{word}`")), "docs/PROTOCOL.md does not explain `{word}`");
    }
}

#[test]
fn the_document_states_the_limits_of_boards() {
    let document = fs::read_to_string(document::path()).unwrap();
    for (name, limit) in [
        ("TEXT_BYTES", limits::TEXT_BYTES),
        ("PAGE_NAME_BYTES", limits::PAGE_NAME_BYTES),
        ("PAGES", limits::PAGES),
        ("ELEMENTS", limits::ELEMENTS),
        ("ELEMENT_BYTES", limits::ELEMENT_BYTES),
        ("BOARD_BYTES", limits::BOARD_BYTES),
        ("BOARD_BYTES_CROWDED", limits::BOARD_BYTES_CROWDED),
        ("STROKE_POINTS", limits::STROKE_POINTS),
        ("EDIT_POINTS", limits::EDIT_POINTS),
        ("EDITS", limits::EDITS),
        ("EDIT_IDS", limits::EDIT_IDS),
        ("ORDER_KEY_BYTES", limits::ORDER_KEY_BYTES),
        ("UNPACKED_BYTES", limits::UNPACKED_BYTES),
        ("COORDINATE_MM", limits::COORDINATE_MM as usize),
        ("SIZE_MM", limits::SIZE_MM as usize),
        ("LETTER_MM_MAX", limits::LETTER_MM_MAX as usize),
        ("WIDTH_MM_MAX", limits::WIDTH_MM_MAX as usize),
        ("REMOVED_FOR_OPERATIONS", limits::REMOVED_FOR_OPERATIONS as usize),
        ("ELEMENTS_CROWDED", limits::ELEMENTS_CROWDED),
        ("FORGOTTEN_AT_ONCE", limits::FORGOTTEN_AT_ONCE),
    ] {
        assert!(document.contains(&format!("| {limit} | `{name}` |")), "docs/PROTOCOL.md lacks {name} = {limit}");
    }
    assert_eq!(limits::SNAPSHOT_BYTES, atrium_protocol::limits::SNAPSHOT_BYTES);
    assert_eq!(limits::LIVE_BYTES, atrium_protocol::limits::LIVE_BYTES);
    assert_eq!(limits::IMAGE_BYTES, atrium_protocol::limits::IMAGE_BYTES);
    assert_eq!(limits::IMAGE_PIXELS, atrium_protocol::limits::IMAGE_PIXELS);
}
