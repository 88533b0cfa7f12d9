use crate::StoreError;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Where in a data directory the store keeps its files.
pub(crate) struct DataDir(PathBuf);

impl DataDir {
    /// Creates the directory, for its owner alone, if it is not there.
    pub(crate) fn prepare(path: &Path) -> Result<Self, StoreError> {
        if !path.is_dir() {
            let mut builder = DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(path).map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => StoreError::NotADirectory(path.to_owned()),
                _ => StoreError::from_io(path, &error),
            })?;
        }
        Ok(Self(path.to_owned()))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("atrium.sqlite3")
    }

    /// Creates an empty database for its owner alone, if there is none; SQLite gives the same mode to the files
    /// beside it. One that is there is left alone: closing it would drop this process' other locks on it (POSIX).
    pub(crate) fn create_database_file(&self) -> Result<(), StoreError> {
        let path = self.database();
        if path.exists() { Ok(()) } else { open_private(&path).map(drop) }
    }

    /// Held as long as a store is open: many may hold it, and none while a database is restored.
    pub(crate) fn lock_shared(&self) -> Result<DataLock, StoreError> {
        let file = open_private(&self.store_lock())?;
        file.try_lock_shared().map_err(|error| self.lock_error(&self.store_lock(), error))?;
        Ok(DataLock { _file: file })
    }

    /// Held while a database is restored.
    pub(crate) fn lock_exclusive(&self) -> Result<DataLock, StoreError> {
        let file = open_private(&self.store_lock())?;
        file.try_lock().map_err(|error| self.lock_error(&self.store_lock(), error))?;
        Ok(DataLock { _file: file })
    }

    fn store_lock(&self) -> PathBuf {
        self.0.join("store.lock")
    }

    fn lock_error(&self, path: &Path, error: TryLockError) -> StoreError {
        match error {
            TryLockError::WouldBlock => StoreError::InUse(self.0.clone()),
            TryLockError::Error(error) => StoreError::from_io(path, &error),
        }
    }
}

/// A claim to a data directory, held until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

/// Makes this process the one server of `data_dir`, which is created if it is not there.
///
/// # Errors
/// [`StoreError::ServerRunning`] when another server holds it; otherwise what the file system says.
pub fn server_lock(data_dir: &Path) -> Result<DataLock, StoreError> {
    let path = DataDir::prepare(data_dir)?.path().join("server.lock");
    let mut file = open_private(&path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut process = String::new();
            // The number only makes the sentence more helpful.
            let _ = file.read_to_string(&mut process);
            return Err(StoreError::ServerRunning {
                data_dir: data_dir.to_owned(),
                process: process.trim().parse().ok(),
            });
        }
        Err(TryLockError::Error(error)) => return Err(StoreError::from_io(&path, &error)),
    }
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(|error| StoreError::from_io(&path, &error))?;
    Ok(DataLock { _file: file })
}

/// Opens a file, creating it for its owner alone if it is not there.
pub(crate) fn open_private(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| StoreError::from_io(path, &error))
}
