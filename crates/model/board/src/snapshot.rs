use crate::Document;

/// Why bytes are not a snapshot, or a snapshot could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Over [`crate::limits::SNAPSHOT_BYTES`] or [`crate::limits::UNPACKED_BYTES`].
    #[error("a snapshot of a board that is too large")]
    TooLarge,
    /// Not written by [`write_snapshot`].
    #[error("not a snapshot of a board: {0}")]
    Malformed(String),
}

/// A whole board with everything that makes later operations mean the same as they did.
///
/// # Errors
/// [`SnapshotError::TooLarge`].
pub fn write_snapshot(_document: &Document) -> Result<Vec<u8>, SnapshotError> {
    Err(SnapshotError::TooLarge)
}

/// Reads what [`write_snapshot`] wrote.
///
/// # Errors
/// [`SnapshotError`].
pub fn read_snapshot(_bytes: &[u8]) -> Result<Document, SnapshotError> {
    Err(SnapshotError::TooLarge)
}
