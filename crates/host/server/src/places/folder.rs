use atrium_protocol::limits;
use bytes::Bytes;
use std::fs;
use std::path::Path;

/// Folders inside one another that a place may have.
const MAX_DEPTH: usize = 8;

/// Reads all files of a place's folder. Hidden files and symbolic links are left out: a link could lead anywhere.
///
/// # Errors
/// A sentence that names the file, also when there are more files or bytes than a place may have.
pub(super) fn read_files(folder: &Path) -> Result<Vec<(String, Bytes)>, String> {
    let mut reader = Reader { files: Vec::new(), total_bytes: 0 };
    reader.read(folder, "", MAX_DEPTH)?;
    Ok(reader.files)
}

struct Reader {
    files: Vec<(String, Bytes)>,
    total_bytes: u64,
}

impl Reader {
    fn read(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), String> {
        let says = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
        let depth = depth
            .checked_sub(1)
            .ok_or_else(|| format!("{} has more than {MAX_DEPTH} folders inside one another", folder.display()))?;
        for entry in fs::read_dir(folder).map_err(says)? {
            let entry = entry.map_err(says)?;
            let name = entry.file_name();
            let name =
                name.to_str().ok_or_else(|| format!("{} has a name that is not UTF-8", entry.path().display()))?;
            if name.starts_with('.') {
                continue;
            }
            let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
            let kind = entry.file_type().map_err(says)?;
            if kind.is_dir() {
                self.read(&entry.path(), &path, depth)?;
            } else if kind.is_file() {
                self.take(&entry.path(), path)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, file: &Path, path: String) -> Result<(), String> {
        let says = |error: std::io::Error| format!("cannot read {}: {error}", file.display());
        // Checked before reading, so that a huge file is never in memory.
        self.total_bytes = self.total_bytes.saturating_add(fs::metadata(file).map_err(says)?.len());
        if self.files.len() >= limits::ROOM_FILES || self.total_bytes > limits::ROOM_BYTES {
            return Err(format!(
                "a place has at most {} files and {} MiB: remove what it does not need, or make it smaller",
                limits::ROOM_FILES,
                limits::ROOM_BYTES >> 20
            ));
        }
        self.files.push((path, fs::read(file).map_err(says)?.into()));
        Ok(())
    }
}
