use atrium_protocol::RoomId;
use atrium_room::Record;
use rusqlite::ErrorCode;
use std::io;
use std::path::{Path, PathBuf};

/// Why the store did not do what it was asked for; each says what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The data directory's path leads to something else.
    #[error("{0} is not a directory: give --data a directory, or the path of a new one")]
    NotADirectory(PathBuf),
    /// The operating system forbids it.
    #[error("no permission for {0}: change its owner or mode, or choose another directory with --data")]
    PermissionDenied(PathBuf),
    /// The file does not exist.
    #[error("there is no file {0}: check the path")]
    Missing(PathBuf),
    /// The file exists already and is not overwritten.
    #[error("{0} exists already: choose another name, or remove it first")]
    Exists(PathBuf),
    /// The database may be read but not written.
    #[error(
        "the database cannot be written ({0}): check the owner and mode of the data directory and its files, and that its disk is not mounted read-only"
    )]
    ReadOnly(String),
    /// The file system cannot share memory between processes.
    #[error(
        "the file system of {0} cannot hold the database's write-ahead log: choose a directory on a local disk with --data"
    )]
    UnsuitableFileSystem(PathBuf),
    /// A newer Atrium wrote the database.
    #[error(
        "{path} was written by a newer Atrium (its schema is {found}, this version knows up to {known}): run that version or a newer one, or restore a backup of this version"
    )]
    NewerSchema {
        /// The database.
        path: PathBuf,
        /// Its schema version.
        found: u32,
        /// The newest that this program knows.
        known: u32,
    },
    /// An SQLite database of something else, or an empty one.
    #[error("{0} is not a database of Atrium: check the path")]
    Foreign(PathBuf),
    /// The database's content makes no sense.
    #[error("the database is damaged ({0}): stop the server and restore a backup with `atrium-server restore FILE`")]
    Corrupt(String),
    /// A backup's content makes no sense.
    #[error("the backup {file} is damaged ({detail}): nothing was changed; take another backup")]
    BadBackup {
        /// The backup.
        file: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// No space left. Nothing of the job was kept.
    #[error("the disk of the data directory is full: free some space, then try again")]
    Full,
    /// The disk failed. Nothing of the job was kept.
    #[error("the disk failed ({0}): check the disk and its cables, and the system's log")]
    Io(String),
    /// Another program kept the database locked for too long.
    #[error("another program keeps the database locked: close it, then try again")]
    Locked,
    /// There is no room of that name.
    #[error("there is no room {0}: `atrium-server invite {0}` creates it, `atrium-server rooms list` shows the others")]
    NoRoom(RoomId),
    /// The job contradicts what is stored, such as a gap in a sequence. Nothing of it was kept.
    #[error("the store refused a record: {0}")]
    Rejected(String),
    /// [`crate::Store::shutdown`] was called.
    #[error("the store is shut down: start the server again")]
    Closed,
    /// A server holds the data directory.
    #[error("an atrium-server{} runs on {}: stop it first, or choose another directory with --data", .process.map(|id| format!(" (process {id})")).unwrap_or_default(), .data_dir.display())]
    ServerRunning {
        /// The directory.
        data_dir: PathBuf,
        /// Its process, if that is known.
        process: Option<u32>,
    },
    /// A command works on the data directory.
    #[error("another atrium-server command works on {0}: wait until it is done, then try again")]
    InUse(PathBuf),
    /// Something that is a mistake in this program.
    #[error("the database refused a command ({0}): this is a mistake in Atrium, please report it")]
    Internal(String),
}

impl StoreError {
    pub(crate) fn from_io(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::PermissionDenied(path.to_owned()),
            io::ErrorKind::NotADirectory => Self::NotADirectory(path.to_owned()),
            io::ErrorKind::NotFound => Self::Missing(path.to_owned()),
            io::ErrorKind::AlreadyExists => Self::Exists(path.to_owned()),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(format!("{}: {error}", path.display())),
            _ => Self::Io(format!("{}: {error}", path.display())),
        }
    }

    /// Names the database in errors of SQLite that do not.
    pub(crate) fn at(self, database: &Path) -> Self {
        let name = |detail: String| format!("{}: {detail}", database.display());
        match self {
            Self::Corrupt(detail) => Self::Corrupt(name(detail)),
            Self::ReadOnly(detail) => Self::ReadOnly(name(detail)),
            Self::Io(detail) => Self::Io(name(detail)),
            other => other,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error;
        match &error {
            Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DiskFull => Self::Full,
                ErrorCode::SystemIoFailure => Self::Io(error.to_string()),
                ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => {
                    Self::ReadOnly(error.to_string())
                }
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Corrupt(error.to_string()),
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Locked,
                ErrorCode::ConstraintViolation => Self::Rejected(error.to_string()),
                _ => Self::Internal(error.to_string()),
            },
            Error::FromSqlConversionFailure(..) | Error::IntegralValueOutOfRange(..) | Error::InvalidColumnType(..) => {
                Self::Corrupt(error.to_string())
            }
            _ => Self::Internal(error.to_string()),
        }
    }
}

/// The store did not take a job; here are its records back.
#[derive(Debug, thiserror::Error)]
#[error("{}", if *.closed { "the store is shut down" } else { "the store has more to write than the disk can take: try again in a moment" })]
pub struct StoreBusy {
    /// What was to be stored.
    pub records: Vec<Record>,
    /// The store is shut down and will take nothing any more; otherwise its queue is full.
    pub closed: bool,
}
