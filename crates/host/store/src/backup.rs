use crate::data_dir::{DataDir, open_private};
use crate::migrate::check_is_ours;
use crate::{Store, StoreError, server_lock};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

impl Store {
    /// Writes everything, as of one moment, to a new file `path`, while the store is in use. The file appears under
    /// its name only when it is complete and on disk.
    ///
    /// # Errors
    /// [`StoreError::Exists`] rather than overwrite; otherwise what the disk or the database says.
    pub fn backup_to(&self, path: &Path) -> Result<(), StoreError> {
        if path.symlink_metadata().is_ok() {
            return Err(StoreError::Exists(path.to_owned()));
        }
        let partial = beside(path, ".partial");
        let result = self.read(|connection| copy_database(connection, &partial)).and_then(|()| put(&partial, path));
        if result.is_err() {
            // What is left of it helps nobody; the error is already known.
            let _ = fs::remove_file(&partial);
        }
        result
    }
}

/// Puts the backup `file` in place of the database of `data_dir`, while no server or command uses it. The database
/// that was there is kept beside it as `atrium.sqlite3.before-restore` (`-2`, `-3` … if that exists); its path is
/// returned.
///
/// # Errors
/// When the backup is not a whole database of this version or an older one, or when `data_dir` is in use; the
/// database is then as it was.
pub fn restore(data_dir: &Path, file: &Path) -> Result<Option<PathBuf>, StoreError> {
    let source = open_backup(file)?;
    let _server_lock = server_lock(data_dir)?;
    let data_dir = DataDir::prepare(data_dir)?;
    let _store_lock = data_dir.lock_exclusive()?;

    let database = data_dir.database();
    let partial = beside(&database, ".restoring");
    let in_place = copy_database(&source, &partial)
        .and_then(|()| keep_old(&database))
        .and_then(|kept| put(&partial, &database).map(|()| kept));
    if in_place.is_err() {
        // What is left of it helps nobody; the error is already known.
        let _ = fs::remove_file(&partial);
    }
    in_place
}

fn open_backup(file: &Path) -> Result<Connection, StoreError> {
    let metadata = File::open(file).and_then(|file| file.metadata());
    if !metadata.map_err(|error| StoreError::from_io(file, &error))?.is_file() {
        return Err(StoreError::Foreign(file.to_owned()));
    }
    let open = || {
        let source = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        source.pragma_update(None, "trusted_schema", false)?;
        check_is_ours(&source, file)?;
        let verdict: String = source.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
        if verdict == "ok" { Ok(source) } else { Err(StoreError::Corrupt(verdict)) }
    };
    open().map_err(|error: StoreError| match error {
        StoreError::Corrupt(detail) => StoreError::BadBackup { file: file.to_owned(), detail },
        other => other.at(file),
    })
}

/// Copies a database, as of one moment, into a single file that is on disk when this returns.
fn copy_database(source: &Connection, target: &Path) -> Result<(), StoreError> {
    remove_if_there(target)?;
    open_private(target)?;
    let mut copy = Connection::open(target)?;
    // In one step: a copy in several begins anew whenever someone writes. Readers never hold up the writer.
    match Backup::new(source, &mut copy)?.step(-1)? {
        StepResult::Done => {}
        _ => return Err(StoreError::Locked),
    }
    // A backup is one file, without a write-ahead log beside it.
    copy.pragma_update(None, "journal_mode", "DELETE")?;
    copy.close().map_err(|(_, error)| error)?;
    sync(target)
}

/// Gives the old database a second name. It stays under the first as well, so that there is one at every moment.
fn keep_old(database: &Path) -> Result<Option<PathBuf>, StoreError> {
    if !database.exists() {
        return Ok(None);
    }
    fold_log_in(database);
    let kept = unused_name(&beside(database, ".before-restore"));
    for suffix in ["", "-wal"] {
        let (old, new) = (beside(database, suffix), beside(&kept, suffix));
        if old.exists() {
            fs::hard_link(&old, &new)
                .or_else(|_| fs::copy(&old, &new).map(drop))
                .map_err(|error| StoreError::from_io(&new, &error))?;
            sync(&new)?;
        }
    }
    sync_parent(&kept)?;
    // A log that could not be folded in must not be taken for that of the restored database.
    remove_if_there(&beside(database, "-wal"))?;
    remove_if_there(&beside(database, "-shm"))?;
    sync_parent(database)?;
    Ok(Some(kept))
}

/// Nothing uses the database any more, so it can become a single file. One that is too damaged for that is kept as it
/// is, log included.
fn fold_log_in(database: &Path) {
    let folded = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .and_then(|old| old.pragma_update(None, "journal_mode", "DELETE"));
    if let Err(error) = folded {
        tracing::warn!(%error, "the old database is damaged; it is kept as it is");
    }
}

fn put(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(|error| StoreError::from_io(to, &error))?;
    sync_parent(to)
}

fn unused_name(wanted: &Path) -> PathBuf {
    let numbered = (2_u32..).map(|number| beside(wanted, &format!("-{number}")));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !name.exists()).unwrap_or_else(|| wanted.to_owned())
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

fn remove_if_there(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::from_io(path, &error)),
        _ => Ok(()),
    }
}

fn sync(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(|error| StoreError::from_io(path, &error))
}

/// A new name is on disk only when its directory is.
fn sync_parent(path: &Path) -> Result<(), StoreError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { sync(parent) } else { Ok(()) }
}
