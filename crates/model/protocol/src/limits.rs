//! Every size that the network may make us hold. Larger input is refused before it is stored.

/// Largest body of a join request, SDP offer included, in bytes.
pub const JOIN_BODY_BYTES: usize = 96 * 1024;
/// Largest SDP offer, in bytes (Chromium's unfiltered one has 20 kB).
pub const SDP_BYTES: usize = 64 * 1024;
/// Most lines of an SDP offer.
pub const SDP_LINES: usize = 2_000;
/// Most ICE candidates that an offer may carry.
pub const SDP_CANDIDATES: usize = 64;
/// Largest message on the control lane, in bytes.
pub const CONTROL_MESSAGE_BYTES: usize = 16 * 1024;
/// Largest message on the board lane, in bytes.
pub const BOARD_MESSAGE_BYTES: usize = 16 * 1024;
/// Largest board operation inside a board message, in bytes.
pub const BOARD_OPERATION_BYTES: usize = 12 * 1024;
/// Largest datagram on the pose lane, in bytes.
pub const POSE_DATAGRAM_BYTES: usize = 1_100;
/// Largest payload of a live datagram of one person, in bytes.
pub const LIVE_BYTES: usize = 400;
/// Largest RTP payload of a voice packet, in bytes (Opus, RFC 6716 allows 1275).
pub const VOICE_PAYLOAD_BYTES: usize = 1_275;
/// Largest token, in bytes.
pub const TOKEN_BYTES: usize = 2_048;
/// Longest room name, in characters (all ASCII).
pub const ROOM_NAME_CHARS: usize = 64;
/// Longest display name, in characters.
pub const NAME_CHARS: usize = 64;
/// Longest display name, in UTF-8 bytes.
pub const NAME_BYTES: usize = 256;
/// Longest chat message, in UTF-8 bytes.
pub const CHAT_BYTES: usize = 4_096;
/// Longest reaction, in UTF-8 bytes (an emoji with its joiners).
pub const REACTION_BYTES: usize = 32;
/// Longest reason given with a close or a removal, in UTF-8 bytes.
pub const REASON_BYTES: usize = 512;
/// Largest avatar description, in bytes; opaque to the server.
pub const AVATAR_BYTES: usize = 1_024;
/// Most chat messages replayed to someone who joins.
pub const CHAT_REPLAY: usize = 100;
/// Most files that a room may consist of.
pub const ROOM_FILES: usize = 256;
/// Largest room, all files together, in bytes.
pub const ROOM_BYTES: u64 = 64 * 1024 * 1024;
/// Largest snapshot of a board, in bytes as it is sent.
pub const SNAPSHOT_BYTES: usize = 64 * 1024 * 1024;
/// Largest image for a board, in bytes.
pub const IMAGE_BYTES: usize = 2 * 1024 * 1024;
/// Largest width and height of an image, in pixels.
pub const IMAGE_PIXELS: u32 = 4_096;
/// Images of a room, all together, in bytes; each counts for at least 4096.
pub const ROOM_IMAGES_BYTES: u64 = 256 * 1024 * 1024;
/// Nesting that a message may have.
pub const MESSAGE_DEPTH: usize = 12;
