use crate::StoreError;
use crate::data_dir::DataDir;
use crate::migrate::{MIGRATIONS, migrate};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// How long one process waits for another that writes.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
/// A write-ahead log that grew beyond this is cut back once it has been folded into the database.
const LOG_LIMIT_BYTES: i64 = 64 * 1024 * 1024;

/// Opens the database of `data_dir` for writing, creating and migrating it as needed.
pub(crate) fn open_writer(data_dir: &DataDir) -> Result<Connection, StoreError> {
    data_dir.create_database_file()?;
    let path = data_dir.database();
    let open = || {
        let mut connection = open(&path)?;
        use_write_ahead_log(&connection, &path)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "journal_size_limit", LOG_LIMIT_BYTES)?;
        migrate(&mut connection, MIGRATIONS, &path)?;
        Ok(connection)
    };
    open().map_err(|error: StoreError| error.at(&path))
}

/// Opens the database for lookups only.
pub(crate) fn open_reader(data_dir: &DataDir) -> Result<Connection, StoreError> {
    let connection = open(&data_dir.database())?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn open(path: &Path) -> Result<Connection, StoreError> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(LOCK_PATIENCE)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// SQLite does not wait for other processes in this one step, so this does.
fn use_write_ahead_log(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let give_up_at = Instant::now() + LOCK_PATIENCE;
    loop {
        let mode = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
        match mode {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => return Err(StoreError::UnsuitableFileSystem(path.to_owned())),
            Err(error) => {
                if error.sqlite_error_code() != Some(ErrorCode::DatabaseBusy) || Instant::now() >= give_up_at {
                    return Err(error.into());
                }
                thread::sleep(Duration::from_millis(5));
            }
        }
    }
}
