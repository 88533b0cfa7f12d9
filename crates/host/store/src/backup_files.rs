use crate::StoreError;
use rusqlite::Connection;

/// A file of the data directory that travels in a backup, such as a key.
#[derive(Clone, PartialEq, Eq)]
pub struct BackupFile {
    /// Its path in the data directory, with `/`.
    pub name: String,
    /// All of it.
    pub content: Vec<u8>,
}

/// Adds files to a backup. One without any is a plain database, as backups were before they carried files.
pub(crate) fn add_files(backup: &Connection, files: &[BackupFile]) -> Result<(), StoreError> {
    if files.is_empty() {
        return Ok(());
    }
    backup.execute_batch("CREATE TABLE backup_files (name TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT")?;
    for file in files {
        backup.execute("INSERT INTO backup_files VALUES (?1, ?2)", (&file.name, &file.content))?;
    }
    Ok(())
}

/// Takes the files of these names out of the copy of a backup, and leaves no trace of any in it.
pub(crate) fn take_files_out(copy: &Connection, names: &[&str]) -> Result<Vec<BackupFile>, StoreError> {
    if !copy.table_exists(None, "backup_files")? {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    {
        let mut statement = copy.prepare("SELECT name, content FROM backup_files ORDER BY name")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let file = BackupFile { name: row.get(0)?, content: row.get(1)? };
            if names.contains(&file.name.as_str()) {
                files.push(file);
            } else {
                tracing::warn!(name = ?file.name, "a file of the backup is not known here and is left out");
            }
        }
    }
    copy.execute_batch("PRAGMA secure_delete = ON; DROP TABLE backup_files")?;
    Ok(files)
}
