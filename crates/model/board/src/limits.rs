//! What a board may hold. The server refuses more; clients split or say so before.

/// Coordinates lie within ± this many millimetres of a page's origin: a kilometre.
pub const COORDINATE_MM: f32 = 1.0e6;
/// Largest width or height of an element, in millimetres.
pub const SIZE_MM: f32 = 1.0e5;
/// Smallest and largest scale of an element along an axis.
pub const SCALE_MIN: f32 = 1.0e-3;
/// See [`SCALE_MIN`].
pub const SCALE_MAX: f32 = 1.0e3;
/// Smallest and largest width of a line, in millimetres.
pub const WIDTH_MM_MIN: f32 = 0.05;
/// See [`WIDTH_MM_MIN`].
pub const WIDTH_MM_MAX: f32 = 500.0;
/// Smallest and largest height of letters, in millimetres.
pub const LETTER_MM_MIN: f32 = 0.5;
/// See [`LETTER_MM_MIN`].
pub const LETTER_MM_MAX: f32 = 2_000.0;
/// Least and most of a page that a view shows from left to right, in millimetres.
pub const VIEW_MM_MIN: f32 = 1.0;
/// See [`VIEW_MM_MIN`].
pub const VIEW_MM_MAX: f32 = 2.0 * COORDINATE_MM;
/// Longest text of an element, in UTF-8 bytes.
pub const TEXT_BYTES: usize = 4_096;
/// Longest name of a page, in UTF-8 bytes.
pub const PAGE_NAME_BYTES: usize = 128;
/// Most pages of a board.
pub const PAGES: usize = 200;
/// Most pages of a board, removed ones that are still kept included.
pub const PAGES_KEPT: usize = 4 * PAGES;
/// Most elements of a board, removed ones that are still kept included.
pub const ELEMENTS: usize = 250_000;
/// What an element counts for besides its ink, text or the name of its picture: no snapshot needs more bytes for it,
/// however badly it packs.
pub const ELEMENT_BYTES: usize = 224;
/// Most bytes of a board, removed elements that are still kept included. The rest of a snapshot has room for what was on
/// its way when the board became full: nobody could join at one that is too large.
pub const BOARD_BYTES: usize = SNAPSHOT_BYTES / 8 * 7;
/// Most points of a stroke; longer ones are continued as another one.
pub const STROKE_POINTS: usize = 2_048;
/// Most points that come with one edit.
pub const EDIT_POINTS: usize = 1_024;
/// Most edits of an operation.
pub const EDITS: usize = 256;
/// Most elements that one edit names.
pub const EDIT_IDS: usize = 1_024;
/// A removed element can come back while fewer than this many operations were settled since; then it is forgotten.
pub const REMOVED_FOR_OPERATIONS: u64 = 20_000;
/// Longest order key, in bytes.
pub const ORDER_KEY_BYTES: usize = 32;
/// With more elements than this, removed ones are forgotten at once, the oldest first, so that there is room again.
pub const ELEMENTS_CROWDED: usize = ELEMENTS / 5 * 4;
/// The same with more bytes than this.
pub const BOARD_BYTES_CROWDED: usize = BOARD_BYTES / 5 * 4;
/// Most elements that are forgotten with one operation.
pub const FORGOTTEN_AT_ONCE: usize = 256;
/// Largest operation, in bytes: what the board lane takes.
pub const OPERATION_BYTES: usize = atrium_protocol::limits::BOARD_OPERATION_BYTES;
/// Largest snapshot of a board, in bytes, compressed and unpacked.
pub const SNAPSHOT_BYTES: usize = 64 * 1024 * 1024;
/// See [`SNAPSHOT_BYTES`].
pub const UNPACKED_BYTES: usize = 256 * 1024 * 1024;
/// Largest payload of the live lane, in bytes.
pub const LIVE_BYTES: usize = 400;
/// Largest image file, in bytes.
pub const IMAGE_BYTES: usize = 2 * 1024 * 1024;
/// Largest width and height of an image, in pixels.
pub const IMAGE_PIXELS: u32 = 4_096;
