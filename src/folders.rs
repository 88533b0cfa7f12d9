//! Where the app keeps things on this machine.

use anyhow::Context as _;
use std::path::{Path, PathBuf};

/// The app's folders.
#[derive(Clone, Debug)]
pub struct Folders {
    data: PathBuf,
    cache: PathBuf,
    exports: PathBuf,
}

impl Folders {
    /// The user's folders, or those in `ATRIUM_HOME`, which keeps several installations apart.
    ///
    /// # Errors
    /// When the system names no home folder.
    pub fn of_user() -> anyhow::Result<Self> {
        if let Some(home) = std::env::var_os("ATRIUM_HOME") {
            return Ok(Self::in_folder(Path::new(&home)));
        }
        let dirs = directories::ProjectDirs::from("", "", "atrium")
            .context("this system names no home folder: set ATRIUM_HOME to a folder where the app may keep things")?;
        let user = directories::UserDirs::new();
        let documents = user.as_ref().and_then(|user| user.document_dir().or(user.download_dir()));
        let exports = documents.or(user.as_ref().map(directories::UserDirs::home_dir)).unwrap_or(dirs.data_dir());
        Ok(Self { data: dirs.data_dir().to_owned(), cache: dirs.cache_dir().to_owned(), exports: exports.to_owned() })
    }

    /// Everything in one folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self { data: folder.join("data"), cache: folder.join("cache"), exports: folder.join("exports") }
    }

    /// Makes the folders.
    ///
    /// # Errors
    /// Names the folder that cannot be made.
    pub fn create(&self) -> anyhow::Result<()> {
        for folder in [&self.data, &self.files(), &self.places()] {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        Ok(())
    }

    /// Who one is.
    pub fn device_key(&self) -> PathBuf {
        self.data.join("device-key.pem")
    }

    /// What one chose.
    pub fn settings(&self) -> PathBuf {
        self.data.join("settings.toml")
    }

    /// What the rooms need that one hosts.
    pub fn hosting(&self) -> PathBuf {
        self.data.join("rooms")
    }

    /// Boards that were saved as files.
    pub fn exports(&self) -> PathBuf {
        self.exports.clone()
    }

    /// Files of places and pictures on boards, by content hash.
    pub fn files(&self) -> PathBuf {
        self.cache.join("files")
    }

    /// Places, a folder each.
    pub fn places(&self) -> PathBuf {
        self.cache.join("places")
    }
}
