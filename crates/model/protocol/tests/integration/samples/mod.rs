//! One example of everything that can be on the wire: the tests read them, `docs/PROTOCOL.md` shows
//! them, and the fuzz targets start from them.

pub(crate) mod document;
mod join;
mod live;
mod messages;
mod people;
mod pose_layout;
mod poses;

pub(crate) use messages::{BOARD_DOWN, BOARD_UP, CONTROL_DOWN, CONTROL_UP, MODERATE_ACTIONS};
pub(crate) use messages::{board_down, board_up, control_down, control_up};

use std::collections::BTreeMap;

/// What stands in the document, by the example's name.
pub(crate) fn document_examples() -> BTreeMap<String, String> {
    let mut examples = BTreeMap::new();
    examples.extend(control_up().iter().map(|(name, message)| (name.clone(), messages::show(message))));
    examples.extend(control_down().iter().map(|(name, message)| (name.clone(), messages::show(message))));
    examples.extend(board_up().iter().map(|(name, message)| (name.clone(), messages::show(message))));
    examples.extend(board_down().iter().map(|(name, message)| (name.clone(), messages::show(message))));
    examples.extend(poses::document_examples());
    examples.extend(live::document_examples());
    examples.extend(join::document_examples());
    examples
}

/// The seeds of the fuzz targets: target, file name, content.
pub(crate) fn fuzz_seeds() -> Vec<(&'static str, String, Vec<u8>)> {
    let messages = messages::all_encoded().into_iter().chain(join::json_bodies());
    let messages = messages.map(|(name, bytes)| ("message", name, bytes));
    let datagrams = poses::datagrams().into_iter().chain(live::datagrams());
    messages.chain(datagrams.map(|(name, bytes)| ("pose", name.to_owned(), bytes))).collect()
}

/// Lower-case hexadecimal, 48 bytes a line.
fn hex_lines(bytes: &[u8]) -> String {
    let line = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>() + "\n";
    bytes.chunks(48).map(line).collect()
}
