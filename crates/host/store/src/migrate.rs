use crate::StoreError;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// The schema's history: step n leads from version n to n + 1. A step that was released is never changed.
pub(crate) const MIGRATIONS: &[&str] = &[include_str!("schema/0001_rooms.sql"), include_str!("schema/0002_boards.sql")];

/// "Atrm": marks a database as ours (SQLite's `application_id`).
const APPLICATION_ID: i32 = 0x4174_726d;

/// Brings the database to the newest version, each step in a transaction of its own.
pub(crate) fn migrate(connection: &mut Connection, migrations: &[&str], path: &Path) -> Result<(), StoreError> {
    loop {
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if !is_empty(&step)? && !has_our_mark(&step)? {
            return Err(StoreError::Foreign(path.to_owned()));
        }
        // Read inside the transaction: another process may have just done this step.
        let version = schema_version(&step, migrations.len(), path)?;
        let Some(sql) = migrations.get(version as usize) else { return Ok(()) };
        step.execute_batch(sql)?;
        step.pragma_update(None, "user_version", version + 1)?;
        step.pragma_update(None, "application_id", APPLICATION_ID)?;
        step.commit()?;
    }
}

/// Fails unless the database is one of ours that this program can use or migrate.
pub(crate) fn check_is_ours(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    if !has_our_mark(connection)? || schema_version(connection, MIGRATIONS.len(), path)? == 0 {
        return Err(StoreError::Foreign(path.to_owned()));
    }
    Ok(())
}

fn is_empty(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))?)
}

fn has_our_mark(connection: &Connection) -> Result<bool, StoreError> {
    let found: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    Ok(found == APPLICATION_ID)
}

fn schema_version(connection: &Connection, known: usize, path: &Path) -> Result<u32, StoreError> {
    let found: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let found = u32::try_from(found).map_err(|_| StoreError::Foreign(path.to_owned()))?;
    let known = u32::try_from(known).unwrap_or(u32::MAX);
    if found > known {
        return Err(StoreError::NewerSchema { path: path.to_owned(), found, known });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);";
    const SECOND: &str = "CREATE TABLE b (y INTEGER) STRICT; INSERT INTO b SELECT x + 1 FROM a;";
    const BROKEN: &str = "CREATE TABLE c (z INTEGER) STRICT; INSERT INTO nowhere VALUES (1);";

    fn run(connection: &mut Connection, migrations: &[&str]) -> Result<(), StoreError> {
        migrate(connection, migrations, Path::new("test.sqlite3"))
    }

    fn version(connection: &Connection) -> u32 {
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    #[test]
    fn steps_run_once_each_and_see_what_the_earlier_ones_left() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection, &[FIRST]).unwrap();
        connection.execute("INSERT INTO a VALUES (41)", []).unwrap();
        run(&mut connection, &[FIRST, SECOND]).unwrap();
        run(&mut connection, &[FIRST, SECOND]).unwrap();
        let largest: u32 = connection.query_row("SELECT max(y) FROM b", [], |row| row.get(0)).unwrap();
        assert_eq!((largest, version(&connection)), (42, 2));
    }

    #[test]
    fn a_failing_step_leaves_the_version_before_it() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert!(run(&mut connection, &[FIRST, BROKEN]).is_err());
        assert_eq!(version(&connection), 1);
        let leftovers: u32 =
            connection.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'c'", [], |row| row.get(0)).unwrap();
        assert_eq!(leftovers, 0, "the broken step was rolled back as a whole");
        run(&mut connection, &[FIRST, SECOND]).unwrap();
        assert_eq!(version(&connection), 2);
    }

    #[test]
    fn a_newer_database_is_refused_untouched() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection, &[FIRST, SECOND]).unwrap();
        let refused = run(&mut connection, &[FIRST]).unwrap_err();
        assert_eq!(refused, StoreError::NewerSchema { path: "test.sqlite3".into(), found: 2, known: 1 });
        assert!(refused.to_string().contains("newer Atrium"), "{refused}");
        assert_eq!(version(&connection), 2);
    }

    #[test]
    fn a_database_of_another_program_is_refused_untouched() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE bookmarks (url TEXT)").unwrap();
        assert_eq!(run(&mut connection, &[FIRST]), Err(StoreError::Foreign("test.sqlite3".into())));
        assert_eq!(version(&connection), 0);
    }
}
