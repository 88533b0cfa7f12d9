use crate::join::{read_body, root_cause};
use crate::join_link::JoinLink;
use atrium_protocol::{ContentHash, FileEntry, limits};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long one file may take.
const FILE_TIMEOUT: Duration = Duration::from_secs(120);

/// Why a place's files are not here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// The server names more than a place may have.
    #[error("this place is too large: it has {files} files with {bytes} bytes together")]
    TooLarge {
        /// Files.
        files: usize,
        /// Bytes of all.
        bytes: u64,
    },
    /// One file did not come.
    #[error("the place's file {path} could not be fetched: {reason}")]
    NotFetched {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
    /// One file is not what the server announced.
    #[error("the place's file {path} is damaged: what came has another content hash")]
    Damaged {
        /// Which.
        path: String,
    },
    /// It cannot be kept.
    #[error("the place's file {path} cannot be kept in the cache: {reason}")]
    NotKept {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
}

/// The files of a place, in the cache under their content hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoomFiles {
    files: Vec<(FileEntry, PathBuf)>,
}

impl RoomFiles {
    /// Where the file with this path in the place's folder is kept.
    pub fn path_of(&self, path: &str) -> Option<&Path> {
        self.files.iter().find(|(entry, _)| entry.path == path).map(|(_, kept)| kept.as_path())
    }

    /// All files and where they are kept.
    pub fn iter(&self) -> impl Iterator<Item = (&FileEntry, &Path)> {
        self.files.iter().map(|(entry, kept)| (entry, kept.as_path()))
    }
}

/// Fetches files of a room over HTTPS, each once: a file is known by the hash of its content.
#[derive(Clone, Debug)]
pub struct FileFetcher {
    http: reqwest::Client,
    link: JoinLink,
    cache: PathBuf,
}

impl FileFetcher {
    pub(crate) fn new(http: reqwest::Client, link: JoinLink, cache: PathBuf) -> Self {
        Self { http, link, cache }
    }

    /// Fetches what is not in the cache yet.
    ///
    /// # Errors
    /// [`FilesError`]; what came before is kept.
    pub async fn fetch(&self, entries: &[FileEntry]) -> Result<RoomFiles, FilesError> {
        let bytes = entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.size));
        if entries.len() > limits::ROOM_FILES || bytes > limits::ROOM_BYTES {
            return Err(FilesError::TooLarge { files: entries.len(), bytes });
        }
        let mut files = Vec::with_capacity(entries.len());
        for entry in entries {
            files.push((entry.clone(), self.fetch_one(entry).await?));
        }
        Ok(RoomFiles { files })
    }

    async fn fetch_one(&self, entry: &FileEntry) -> Result<PathBuf, FilesError> {
        let kept = self.cache.join(entry.hash.to_string());
        if tokio::fs::read(&kept).await.is_ok_and(|content| ContentHash::of(&content) == entry.hash) {
            return Ok(kept);
        }
        let not_fetched = |reason: String| FilesError::NotFetched { path: entry.path.clone(), reason };
        let url = format!("{}v1/rooms/{}/files/{}", self.link.server(), self.link.room(), entry.hash);
        let request = self.http.get(url).bearer_auth(self.link.token()).timeout(FILE_TIMEOUT);
        let response = request.send().await.map_err(|error| not_fetched(root_cause(&error)))?;
        if !response.status().is_success() {
            return Err(not_fetched(format!("HTTP status {}", response.status())));
        }
        let max_bytes = usize::try_from(entry.size).unwrap_or(usize::MAX);
        let content = read_body(response, max_bytes).await.map_err(not_fetched)?;
        if ContentHash::of(&content) != entry.hash {
            return Err(FilesError::Damaged { path: entry.path.clone() });
        }
        let not_kept =
            |error: std::io::Error| FilesError::NotKept { path: entry.path.clone(), reason: error.to_string() };
        keep(&self.cache, entry.hash, &content).await.map_err(not_kept)
    }
}

/// A file appears in the cache complete or not at all, however many fetch it at a time. Gives where it is.
pub(crate) async fn keep(cache: &Path, hash: ContentHash, content: &[u8]) -> std::io::Result<PathBuf> {
    static DRAFTS: AtomicU64 = AtomicU64::new(0);
    let kept = cache.join(hash.to_string());
    tokio::fs::create_dir_all(cache).await?;
    let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
    let draft = kept.with_extension(format!("new-{}-{number}", std::process::id()));
    tokio::fs::write(&draft, content).await?;
    tokio::fs::rename(&draft, &kept).await?;
    Ok(kept)
}
