use crate::data_dir::IDENTITY_FILES;
use anyhow::Context as _;
use atrium_store::{BackupFile, Restored, Store};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// Writes the rooms and the server's keys to a new file, also while the server runs.
///
/// # Errors
/// A sentence that says what to do.
pub fn backup(data_dir: &Path, store: &Store, file: &Path) -> anyhow::Result<()> {
    let mut files = Vec::new();
    for name in IDENTITY_FILES {
        let path = data_dir.join(name);
        match fs::read(&path) {
            Ok(content) => files.push(BackupFile { name: name.to_owned(), content }),
            // Keys are made when they are first needed.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }
    Ok(store.backup_to(file, &files)?)
}

/// Puts a backup in place of the rooms and keys of a data folder, while no server runs. Links to the server that
/// wrote the backup lead to this one afterwards, wherever it has the same address.
///
/// # Errors
/// A sentence that says what to do.
pub fn restore(data_dir: &Path, file: &Path) -> anyhow::Result<Restored> {
    Ok(atrium_store::restore(data_dir, file, &IDENTITY_FILES)?)
}
