use crate::backup_files::{BackupFile, add_files, take_files_out};
use crate::data_dir::{DataDir, open_private};
use crate::migrate::check_is_ours;
use crate::{Store, StoreError, server_lock};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What [`restore`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Where the database and the files that were there before are kept.
    pub kept: Vec<PathBuf>,
    /// The names of the files that came back with the database.
    pub files: Vec<String>,
}

impl Store {
    /// Writes everything, as of one moment, to a new file `path`, while the store is in use: the database, and in it
    /// `files` of the data directory. The file appears under its name only when it is complete and on disk; only
    /// its owner may read it.
    ///
    /// # Errors
    /// [`StoreError::Exists`] rather than overwrite; otherwise what the disk or the database says.
    pub fn backup_to(&self, path: &Path, files: &[BackupFile]) -> Result<(), StoreError> {
        if path.symlink_metadata().is_ok() {
            return Err(StoreError::Exists(path.to_owned()));
        }
        let draft = Draft::of(path, ".partial");
        self.read(|connection| copy_database(connection, &draft.partial, |copy| add_files(copy, files)))?;
        draft.put()
    }
}

/// Puts the backup `file` in place of the database of `data_dir`, while no server or command uses it, and the files
/// that it carries in place of those of the same names. Only `names` are taken, paths in `data_dir`: a backup cannot
/// write anywhere else. What was there is kept beside it as `NAME.before-restore` (`-2`, `-3` … if that exists).
///
/// # Errors
/// When the backup is not a whole database of this version or an older one, or when `data_dir` is in use; everything
/// is then as it was.
pub fn restore(data_dir: &Path, file: &Path, names: &[&str]) -> Result<Restored, StoreError> {
    let source = open_backup(file)?;
    let _server_lock = server_lock(data_dir)?;
    let data_dir = DataDir::prepare(data_dir)?;
    let _store_lock = data_dir.lock_exclusive()?;

    let database = Draft::of(&data_dir.database(), ".restoring");
    let files = copy_database(&source, &database.partial, |copy| take_files_out(copy, names))?;
    let changed = draft_changed(&data_dir, &files)?;
    // Nothing was changed so far. The database goes last: where that is in place, the rest is too.
    let mut kept = Vec::new();
    for draft in changed {
        kept.extend(keep_old(&draft.target)?);
        draft.put()?;
    }
    kept.extend(keep_old_database(&database.target)?);
    database.put()?;
    Ok(Restored { kept, files: files.into_iter().map(|file| file.name).collect() })
}

/// A file that is not in its place yet. What is left of it when something fails helps nobody, so it goes with this.
struct Draft {
    partial: PathBuf,
    target: PathBuf,
}

impl Draft {
    fn of(target: &Path, suffix: &str) -> Self {
        Self { partial: beside(target, suffix), target: target.to_owned() }
    }

    fn put(self) -> Result<(), StoreError> {
        fs::rename(&self.partial, &self.target).map_err(|error| StoreError::from_io(&self.target, &error))?;
        sync_parent(&self.target)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.partial);
    }
}

/// Drafts of those files that are not in the data directory already.
fn draft_changed(data_dir: &DataDir, files: &[BackupFile]) -> Result<Vec<Draft>, StoreError> {
    let mut drafts = Vec::new();
    for file in files {
        let target = data_dir.path().join(&file.name);
        if fs::read(&target).is_ok_and(|content| content == file.content) {
            continue;
        }
        if let Some(parent) = target.parent() {
            DataDir::prepare(parent)?;
        }
        let draft = Draft::of(&target, ".restoring");
        write_private(&draft.partial, &file.content)?;
        drafts.push(draft);
    }
    Ok(drafts)
}

fn write_private(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    remove_if_there(path)?;
    open_private(path)?.write_all(content).map_err(|error| StoreError::from_io(path, &error))?;
    sync(path)
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

/// Copies a database, as of one moment, into a single file that is on disk when this returns; `complete` may still
/// change it.
fn copy_database<T>(
    source: &Connection,
    target: &Path,
    complete: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
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
    let completed = complete(&copy)?;
    copy.close().map_err(|(_, error)| error)?;
    sync(target)?;
    Ok(completed)
}

/// As [`keep_old`], with the log that belongs to a database.
fn keep_old_database(database: &Path) -> Result<Option<PathBuf>, StoreError> {
    if database.exists() {
        fold_log_in(database);
    }
    let Some(kept) = keep_old(database)? else { return Ok(None) };
    let log = beside(database, "-wal");
    if log.exists() {
        keep_as(&log, &beside(&kept, "-wal"))?;
    }
    // A log that could not be folded in must not be taken for that of the restored database.
    remove_if_there(&log)?;
    remove_if_there(&beside(database, "-shm"))?;
    sync_parent(database)?;
    Ok(Some(kept))
}

/// Gives what is there a second name. It stays under the first as well, so that there is one at every moment.
fn keep_old(path: &Path) -> Result<Option<PathBuf>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    let kept = unused_name(&beside(path, ".before-restore"));
    keep_as(path, &kept)?;
    Ok(Some(kept))
}

fn keep_as(old: &Path, new: &Path) -> Result<(), StoreError> {
    fs::hard_link(old, new)
        .or_else(|_| fs::copy(old, new).map(drop))
        .map_err(|error| StoreError::from_io(new, &error))?;
    sync(new)?;
    sync_parent(new)
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
