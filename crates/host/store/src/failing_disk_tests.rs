//! What happens when the disk is full, or a transaction is lost.

use crate::job::{Completion, Done, Job, Work};
use crate::writer::Writer;
use crate::{Store, StoreError};
use atrium_protocol::{BoardId, Micros, OperationBytes, PersonId, RoomId};
use atrium_room::Record;
use crossbeam_channel::{Receiver, bounded};
use rusqlite::Connection;
use std::io;
use std::path::Path;

fn room(name: &str) -> RoomId {
    RoomId::parse(name).unwrap()
}

fn appended(sequence: u64, bytes: usize) -> Vec<Record> {
    vec![Record::BoardAppended {
        board: BoardId(0),
        sequence,
        author: PersonId([7; 32]),
        nonce: sequence,
        operation: OperationBytes::new(vec![0xa5; bytes]).unwrap(),
        at: Micros(sequence),
    }]
}

/// Lets the database grow by so many pages and no more.
fn allow_pages(store: &Store, pages: i64) {
    store
        .write(move |connection| {
            let used: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            connection
                .query_row(&format!("PRAGMA max_page_count = {}", used + pages), [], |row| row.get::<_, i64>(0))?;
            Ok(())
        })
        .unwrap();
}

fn last_sequence(store: &Store, name: &str) -> u64 {
    let saved = store.load_room(&room(name)).unwrap();
    saved.board_sequences.get(&BoardId(0)).copied().unwrap_or(0)
}

#[test]
fn a_full_disk_fails_jobs_and_the_writer_goes_on_when_there_is_space_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    store.create_room(&room("lab"), "Boardroom", Micros(1)).unwrap();
    allow_pages(&store, 20);

    let full_at = (1..100)
        .find(|sequence| match store.persist_blocking(&room("lab"), appended(*sequence, 12_000)) {
            Ok(()) => false,
            Err(error) => {
                assert_eq!(error, StoreError::Full);
                true
            }
        })
        .expect("twenty pages hold less than a megabyte");
    assert!(full_at > 1, "there was space for something");
    assert_eq!(last_sequence(&store, "lab"), full_at - 1, "what was acknowledged is there, the failed job is not");
    assert_eq!(store.persist_blocking(&room("lab"), appended(full_at, 12_000)), Err(StoreError::Full));

    allow_pages(&store, 1_000);
    store.persist_blocking(&room("lab"), appended(full_at, 12_000)).unwrap();
    drop(store);
    assert_eq!(last_sequence(&Store::open(dir.path()).unwrap(), "lab"), full_at);
}

#[test]
fn a_job_that_does_not_fit_leaves_the_small_ones_of_its_group() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    for name in ["small", "large"] {
        store.create_room(&room(name), "Boardroom", Micros(1)).unwrap();
    }
    allow_pages(&store, 6);
    let large: Vec<Record> = (1..=40).flat_map(|sequence| appended(sequence, 12_000)).collect();

    let (results, release) = (bounded(8), hold_writer(&store));
    for (name, records) in [("small", appended(1, 10)), ("large", large), ("small", appended(2, 10))] {
        let sender = results.0.clone();
        store.persist(&room(name), records, Box::new(move |result| sender.send(result).unwrap())).unwrap();
    }
    release();
    let results: Vec<_> = results.1.iter().take(3).collect();
    assert_eq!(results, [Ok(()), Err(StoreError::Full), Ok(())]);
    assert_eq!((last_sequence(&store, "small"), last_sequence(&store, "large")), (2, 0));
}

/// Keeps the writer busy until the returned function is called, so that jobs gather behind it.
fn hold_writer(store: &Store) -> impl FnOnce() + use<> {
    let (release, held) = bounded::<()>(0);
    let done: Done = Box::new(move |_| {
        let _ = held.recv();
    });
    store.persist(&room("small"), Vec::new(), done).unwrap();
    move || release.send(()).unwrap()
}

#[test]
fn when_a_whole_transaction_is_lost_the_other_jobs_are_stored_one_by_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("plain.sqlite3");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("CREATE TABLE seen (x INTEGER PRIMARY KEY)").unwrap();
    let writer = Writer::start(connection).unwrap();

    let (release, held) = bounded::<()>(0);
    submit(
        &writer,
        |_| Ok(()),
        Box::new(move |_| {
            let _ = held.recv();
        }),
    );
    let first = submit_insert(&writer, 1);
    let lost = submit_waiting(&writer, |connection| {
        // As SQLite does by itself on some failures of the disk.
        connection.execute_batch("INSERT INTO seen VALUES (2); ROLLBACK")?;
        Err(StoreError::Io("the disk is on fire".into()))
    });
    let last = submit_insert(&writer, 3);
    release.send(()).unwrap();

    assert_eq!(first.recv().unwrap(), Ok(()));
    assert_eq!(lost.recv().unwrap(), Err(StoreError::Io("the disk is on fire".into())));
    assert_eq!(last.recv().unwrap(), Ok(()));
    let reader = Connection::open(&path).unwrap();
    let seen: String = reader.query_row("SELECT group_concat(x) FROM seen", [], |row| row.get(0)).unwrap();
    assert_eq!(seen, "1,3");
    writer.stop();
}

fn submit(writer: &Writer, call: impl FnMut(&Connection) -> Result<(), StoreError> + Send + 'static, done: Done) {
    writer.submit(Job { work: Work::Call(Box::new(call)), completion: Completion::new(done) });
}

fn submit_waiting(
    writer: &Writer,
    call: impl FnMut(&Connection) -> Result<(), StoreError> + Send + 'static,
) -> Receiver<Result<(), StoreError>> {
    let (sender, receiver) = bounded(1);
    submit(writer, call, Box::new(move |result| sender.send(result).unwrap()));
    receiver
}

fn submit_insert(writer: &Writer, x: i64) -> Receiver<Result<(), StoreError>> {
    submit_waiting(writer, move |connection| {
        connection.execute("INSERT INTO seen VALUES (?1)", [x])?;
        Ok(())
    })
}

#[test]
fn errors_of_the_file_system_say_what_to_do() {
    let said = |kind: io::ErrorKind| StoreError::from_io(Path::new("/data"), &kind.into()).to_string();
    assert!(said(io::ErrorKind::PermissionDenied).contains("/data: change its owner or mode"));
    assert!(said(io::ErrorKind::StorageFull).contains("free some space"));
    assert!(said(io::ErrorKind::ReadOnlyFilesystem).contains("not mounted read-only"));
    assert!(said(io::ErrorKind::NotFound).contains("no file /data"));
    assert!(said(io::ErrorKind::TimedOut).contains("/data: timed out"));
}
