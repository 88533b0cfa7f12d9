/// Why a file is not an archive of a room, in a sentence for whoever wants to import it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ArchiveError {
    #[error("this is not an archive of a room: {0}")]
    NotOurs(String),
    #[error("this archive is damaged: {0}")]
    Damaged(String),
    #[error(
        "this archive was written by a newer Atrium (its format is {found}, this version knows {known}): upgrade first"
    )]
    Newer { found: u32, known: u32 },
    #[error("this archive holds more than a room may: {0}")]
    TooLarge(String),
    #[error("the archive cannot be written: {0}")]
    Unwritable(String),
}
