//! A place's files, kept by content hash, as a folder with their own names: what the scene can load.

use atrium_protocol::FileEntry;
use atrium_session::RoomFiles;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Puts the files under their own names into a folder of `places_dir` that is named after all of their contents;
/// returns that folder's name.
///
/// # Errors
/// A sentence that names the file.
pub(crate) fn lay_out(files: &RoomFiles, places_dir: &Path) -> Result<PathBuf, String> {
    let name = PathBuf::from(folder_name(files.iter().map(|(entry, _)| entry)));
    let folder = places_dir.join(&name);
    for (entry, kept) in files.iter() {
        atrium_place::check_file_path(&entry.path)?;
        let path = folder.join(&entry.path);
        put(kept, &path).map_err(|error| format!("its file {} cannot be kept: {error}", entry.path))?;
    }
    Ok(name)
}

fn folder_name<'a>(entries: impl Iterator<Item = &'a FileEntry>) -> String {
    let mut entries: Vec<_> = entries.map(|entry| (entry.path.as_str(), entry.hash)).collect();
    entries.sort_unstable();
    let text: String = entries.iter().map(|(path, hash)| format!("{path}\n{hash}\n")).collect();
    let digest = atrium_protocol::ContentHash::of(text.as_bytes()).to_string();
    digest.chars().take(24).collect()
}

/// The content is the same whenever the name of the folder is, so what is there stays.
fn put(kept: &Path, path: &Path) -> io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    // A link costs no space; a copy is for cache folders on another file system.
    match fs::hard_link(kept, path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(_) => {
            let partial = path.with_extension(format!("part{}", std::process::id()));
            fs::copy(kept, &partial)?;
            fs::rename(&partial, path)
        }
    }
}
