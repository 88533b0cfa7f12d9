//! A whole room as one file: a zip archive with a manifest, the boards as snapshots, their pictures, and the chat.
//!
//! Reading one trusts nothing in it: only what the manifest names is read, each entry up to its limit and all of them up
//! to another, and nothing is ever written to a path of the archive's.

mod error;
mod manifest;
mod read;
mod write;

pub(crate) use error::ArchiveError;
pub(crate) use read::read_archive;
pub(crate) use write::write_archive;

use atrium_protocol::{BoardId, ChatMessage, RoomId};
use atrium_store::StoredImage;

/// Chat messages that an archive holds, the latest ones.
pub(crate) const CHAT_MESSAGES: u32 = 100_000;
/// Everything in an archive, unpacked, in bytes.
const TOTAL_BYTES: u64 = 512 * 1024 * 1024;
/// Entries of an archive.
const ENTRIES: usize = 100_000;

/// A room as archives hold it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RoomArchive {
    /// What it was called.
    pub(crate) room: RoomId,
    /// The place that it was held in.
    pub(crate) place: String,
    /// The boards: the last operation, and a snapshot.
    pub(crate) boards: Vec<(BoardId, u64, Vec<u8>)>,
    pub(crate) images: Vec<StoredImage>,
    /// In order; their numbers are of the room that they come from.
    pub(crate) chat: Vec<ChatMessage>,
}
