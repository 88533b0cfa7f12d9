use crate::{Layout, check_file_path};
use atrium_protocol::{ContentHash, FileEntry, limits};
use std::collections::HashSet;

/// Why a place's files are refused; each message says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// More files than a place may have.
    #[error("this place has more than {} files: remove some", limits::ROOM_FILES)]
    TooManyFiles,
    /// More bytes than a place may have.
    #[error("this place has more than {} bytes of files: make its textures or models smaller", limits::ROOM_BYTES)]
    TooLarge,
    /// A path that might leave the folder, or that some system cannot have.
    #[error("{0}")]
    BadPath(String),
    /// Two paths that are the same file where upper and lower case count alike.
    #[error("`{0}` is there twice (upper and lower case count alike): rename one of them")]
    DuplicatePath(String),
    /// The content has another length.
    #[error("`{path}` has {got} bytes in place of {expected}: fetch it again")]
    WrongSize {
        /// The file.
        path: String,
        /// Bytes received.
        got: u64,
        /// Bytes announced.
        expected: u64,
    },
    /// The content is another one.
    #[error("the content of `{path}` is not what was announced: fetch it again")]
    WrongContent {
        /// The file.
        path: String,
    },
}

/// The files of a place, as a joiner is told of them: sorted by path, within the limits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceManifest {
    entries: Vec<FileEntry>,
}

impl PlaceManifest {
    /// Hashes the files of a place: path relative to its folder, with `/`, and content.
    ///
    /// # Errors
    /// [`ManifestError`] on the first file that is not possible.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Self, ManifestError> {
        let mut entries = Vec::new();
        let mut total_bytes = 0_u64;
        for (path, content) in files {
            total_bytes = total_bytes.saturating_add(content.len() as u64);
            if total_bytes > limits::ROOM_BYTES {
                return Err(ManifestError::TooLarge);
            }
            if entries.len() == limits::ROOM_FILES {
                return Err(ManifestError::TooManyFiles);
            }
            check_file_path(path).map_err(ManifestError::BadPath)?;
            entries.push(FileEntry {
                path: path.to_owned(),
                hash: ContentHash::of(content),
                size: content.len() as u64,
            });
        }
        check_entries(&entries)?;
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { entries })
    }

    /// The files, sorted by path.
    pub fn entries(&self) -> &[FileEntry] {
        &self.entries
    }

    /// The files, sorted by path.
    pub fn into_entries(self) -> Vec<FileEntry> {
        self.entries
    }

    /// Size of all files together, in bytes.
    pub fn total_bytes(&self) -> u64 {
        self.entries.iter().map(|entry| entry.size).sum()
    }

    /// The files that `layout` names and that are not among these.
    pub fn missing<'a>(&self, layout: &'a Layout) -> Vec<&'a str> {
        let present: HashSet<&str> = self.entries.iter().map(|entry| entry.path.as_str()).collect();
        layout.file_names().filter(|name| !present.contains(name)).collect()
    }
}

/// Checks a list of files that came from elsewhere: number, total size, paths.
///
/// # Errors
/// [`ManifestError`] on the first file that is not possible.
pub fn check_entries(entries: &[FileEntry]) -> Result<(), ManifestError> {
    if entries.len() > limits::ROOM_FILES {
        return Err(ManifestError::TooManyFiles);
    }
    let mut total_bytes = 0_u64;
    let mut seen = HashSet::new();
    for entry in entries {
        check_file_path(&entry.path).map_err(ManifestError::BadPath)?;
        total_bytes = total_bytes.saturating_add(entry.size);
        if total_bytes > limits::ROOM_BYTES {
            return Err(ManifestError::TooLarge);
        }
        if !seen.insert(entry.path.to_lowercase()) {
            return Err(ManifestError::DuplicatePath(entry.path.clone()));
        }
    }
    Ok(())
}

/// Checks that `content` is the file that `entry` announced.
///
/// # Errors
/// [`ManifestError::WrongSize`] or [`ManifestError::WrongContent`].
pub fn verify(entry: &FileEntry, content: &[u8]) -> Result<(), ManifestError> {
    let got = content.len() as u64;
    if got != entry.size {
        return Err(ManifestError::WrongSize { path: entry.path.clone(), got, expected: entry.size });
    }
    if ContentHash::of(content) != entry.hash {
        return Err(ManifestError::WrongContent { path: entry.path.clone() });
    }
    Ok(())
}
