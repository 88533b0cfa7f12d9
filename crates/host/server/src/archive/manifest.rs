use atrium_protocol::{BoardId, ContentHash, RoomId};
use serde::{Deserialize, Serialize};

/// The entry that says what the others are.
pub(super) const MANIFEST: &str = "manifest.json";
/// The entry of the chat: a message in JSON a line.
pub(super) const CHAT: &str = "chat.jsonl";
/// What the manifest calls the format, and the version that is written and read here.
pub(super) const FORMAT: &str = "atrium-room";
pub(super) const VERSION: u32 = 1;

/// What has the same shape in every version.
#[derive(Debug, Deserialize)]
pub(super) struct Heading {
    pub(super) format: String,
    pub(super) version: u32,
}

/// What is in an archive.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) format: String,
    pub(super) version: u32,
    pub(super) room: RoomId,
    pub(super) place: String,
    pub(super) boards: Vec<BoardEntry>,
    pub(super) images: Vec<ImageEntry>,
    pub(super) chat_messages: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct BoardEntry {
    pub(super) board: BoardId,
    pub(super) sequence: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ImageEntry {
    pub(super) hash: ContentHash,
    pub(super) media_type: String,
}

/// The entry of a board's snapshot.
pub(super) fn board_name(board: BoardId) -> String {
    format!("boards/{}.snapshot", board.0)
}

/// The entry of a picture.
pub(super) fn image_name(hash: ContentHash, media_type: &str) -> String {
    let extension = if media_type == "image/jpeg" { "jpg" } else { "png" };
    format!("images/{hash}.{extension}")
}
