//! Opening what is there, and refusing what should not be touched.

use crate::common::{appended, lab, last_on_board, store_with_room};
use atrium_protocol::Micros;
use atrium_store::{Store, StoreError, server_lock};
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use std::thread;

fn refusal(data_dir: &Path) -> StoreError {
    Store::open(data_dir).unwrap_err()
}

#[test]
fn a_data_directory_is_created_for_its_owner_alone() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = dir.path().join("a/b");
    let store = Store::open(&data_dir).unwrap();
    assert_eq!(store.list_rooms().unwrap(), []);
    #[cfg(unix)]
    for (path, wanted) in [(data_dir.clone(), 0o700), (data_dir.join("atrium.sqlite3"), 0o600)] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, wanted, "{}", path.display());
    }
}

#[test]
fn a_path_that_is_no_directory_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "text").unwrap();
    assert_eq!(refusal(&file), StoreError::NotADirectory(file.clone()));
    let below = file.join("below");
    assert_eq!(refusal(&below), StoreError::NotADirectory(below));
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let database = dir.path().join("atrium.sqlite3");
    let text = "this was never a database ".repeat(400);
    fs::write(&database, &text).unwrap();
    let refused = refusal(dir.path());
    assert!(matches!(refused, StoreError::Corrupt(_)), "{refused:?}");
    assert!(refused.to_string().contains("atrium.sqlite3"), "{refused}");
    assert!(refused.to_string().contains("atrium-server restore FILE"), "{refused}");
    assert_eq!(fs::read_to_string(&database).unwrap(), text);
}

#[test]
fn a_newer_database_and_one_of_another_program_are_refused() {
    let (dir, store) = store_with_room();
    drop(store);
    let database = dir.path().join("atrium.sqlite3");
    Connection::open(&database).unwrap().pragma_update(None, "user_version", 999).unwrap();
    assert_eq!(refusal(dir.path()), StoreError::NewerSchema { path: database.clone(), found: 999, known: 2 });
    Connection::open(&database).unwrap().pragma_update(None, "application_id", 5).unwrap();
    assert_eq!(refusal(dir.path()), StoreError::Foreign(database));
}

#[test]
fn several_may_create_and_use_a_data_directory_at_the_same_time() {
    let dir = tempfile::tempdir().unwrap();
    let open = || Store::open(dir.path()).unwrap();
    let stores: Vec<Store> =
        thread::scope(|scope| [(); 6].map(|()| scope.spawn(open)).map(|thread| thread.join().unwrap()).into());
    let created = stores.iter().filter(|store| store.create_room(&lab(), "Boardroom", Micros(1)).unwrap()).count();
    assert_eq!(created, 1);
    thread::scope(|scope| {
        for (board, store) in stores.iter().enumerate() {
            let board = board as u16;
            scope.spawn(move || {
                for sequence in 1..=20 {
                    store.persist_blocking(&lab(), vec![appended(board, sequence)]).unwrap();
                }
            });
        }
    });
    assert!((0..6).all(|board| last_on_board(&stores[0], board) == 20));
}

#[test]
fn a_data_directory_has_one_server() {
    let dir = tempfile::tempdir().unwrap();
    let lock = server_lock(dir.path()).unwrap();
    let refused = server_lock(dir.path()).unwrap_err();
    let wanted = StoreError::ServerRunning { data_dir: dir.path().to_owned(), process: Some(std::process::id()) };
    assert_eq!(refused, wanted);
    assert!(refused.to_string().contains("stop it first"), "{refused}");
    Store::open(dir.path()).expect("commands work beside the server");
    drop(lock);
    server_lock(dir.path()).expect("it is free again");
}
