//! Backups of a store in use, and putting them back.

use crate::common::{appended, lab, last_on_board, said, store_with_room};
use atrium_protocol::Micros;
use atrium_store::{BackupFile, Restored, Store, StoreError, restore, server_lock};
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

fn append(store: &Store, sequence: u64) {
    store.persist_blocking(&lab(), vec![appended(0, sequence), said(sequence)]).unwrap();
}

fn only(mut paths: Vec<PathBuf>) -> PathBuf {
    assert_eq!(paths.len(), 1, "{paths:?}");
    paths.remove(0)
}

#[test]
fn a_backup_under_way_shows_one_moment_and_holds_nobody_up() {
    let (dir, store) = store_with_room();
    append(&store, 1);
    let (is_over, acknowledged) = (AtomicBool::new(false), AtomicU64::new(1));
    thread::scope(|scope| {
        scope.spawn(|| {
            for sequence in 2.. {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                append(&store, sequence);
                acknowledged.store(sequence, Ordering::SeqCst);
            }
        });
        for number in 0..4 {
            let before = acknowledged.load(Ordering::SeqCst);
            while acknowledged.load(Ordering::SeqCst) < before + 3 {
                thread::yield_now();
            }
            let file = dir.path().join(format!("backup-{number}"));
            store.backup_to(&file, &[]).unwrap();
            check_backup(&file, before + 3);
        }
        is_over.store(true, Ordering::SeqCst);
    });
}

fn check_backup(file: &Path, at_least: u64) {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(restore(dir.path(), file, &[]), Ok(Restored::default()), "there was no database before");
    let copy = Store::open(dir.path()).unwrap();
    let on_board = last_on_board(&copy, 0);
    assert_eq!(copy.load_room(&lab()).unwrap().last_chat_sequence, on_board, "a job is there as a whole");
    assert!(on_board >= at_least, "{on_board} of at least {at_least}");
    append(&copy, on_board + 1);
}

#[test]
fn a_backup_is_one_private_file_and_overwrites_nothing() {
    let (dir, store) = store_with_room();
    let backups = dir.path().join("backups");
    fs::create_dir(&backups).unwrap();
    let file = backups.join("monday");
    store.backup_to(&file, &[]).unwrap();
    assert_eq!(fs::read_dir(&backups).unwrap().count(), 1);
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&fs::metadata(&file).unwrap()) & 0o777, 0o600);
    let content = fs::read(&file).unwrap();
    append(&store, 1);
    assert_eq!(store.backup_to(&file, &[]), Err(StoreError::Exists(file.clone())));
    assert_eq!(fs::read(&file).unwrap(), content);
    let nowhere = dir.path().join("nowhere/tuesday");
    assert!(store.backup_to(&nowhere, &[]).is_err());
}

#[test]
fn restoring_keeps_the_old_database() {
    let (dir, store) = store_with_room();
    append(&store, 1);
    let file = dir.path().join("backup");
    store.backup_to(&file, &[]).unwrap();
    append(&store, 2);
    drop(store);

    let kept = only(restore(dir.path(), &file, &[]).unwrap().kept);
    assert_eq!(kept, dir.path().join("atrium.sqlite3.before-restore"));
    let restored = Store::open(dir.path()).unwrap();
    assert_eq!(last_on_board(&restored, 0), 1);
    append(&restored, 2);
    append(&restored, 3);
    drop(restored);

    assert_eq!(only(restore(dir.path(), &kept, &[]).unwrap().kept), dir.path().join("atrium.sqlite3.before-restore-2"));
    assert_eq!(last_on_board(&Store::open(dir.path()).unwrap(), 0), 2, "the first database is back");
    let second = Connection::open(dir.path().join("atrium.sqlite3.before-restore-2")).unwrap();
    let last: u32 = second.query_row("SELECT max(sequence) FROM board_log", [], |row| row.get(0)).unwrap();
    assert_eq!(last, 3);
}

#[test]
fn a_damaged_database_can_be_replaced_and_is_kept_as_it_is() {
    let (dir, store) = store_with_room();
    append(&store, 1);
    let file = dir.path().join("backup");
    store.backup_to(&file, &[]).unwrap();
    drop(store);
    let database = dir.path().join("atrium.sqlite3");
    fs::write(&database, b"rubbish").unwrap();
    fs::write(dir.path().join("atrium.sqlite3-wal"), b"more rubbish").unwrap();

    let kept = only(restore(dir.path(), &file, &[]).unwrap().kept);
    assert_eq!(fs::read(&kept).unwrap(), b"rubbish");
    assert_eq!(last_on_board(&Store::open(dir.path()).unwrap(), 0), 1);
}

#[test]
fn nothing_is_restored_while_the_data_directory_is_in_use() {
    let (dir, store) = store_with_room();
    let file = dir.path().join("backup");
    store.backup_to(&file, &[]).unwrap();
    append(&store, 1);
    let lock = server_lock(dir.path()).unwrap();
    assert!(matches!(restore(dir.path(), &file, &[]), Err(StoreError::ServerRunning { .. })));
    drop(lock);
    assert_eq!(restore(dir.path(), &file, &[]), Err(StoreError::InUse(dir.path().to_owned())));
    append(&store, 2);
    drop(store);
    restore(dir.path(), &file, &[]).unwrap();
    assert_eq!(last_on_board(&Store::open(dir.path()).unwrap(), 0), 0);
}

#[test]
fn a_bad_backup_changes_nothing() {
    let (dir, store) = store_with_room();
    for sequence in 1..=200 {
        store.persist(&lab(), vec![appended(0, sequence), said(sequence)], Box::new(|result| result.unwrap())).unwrap();
    }
    store.create_room(&atrium_protocol::RoomId::parse("attic").unwrap(), "Boardroom", Micros(1)).unwrap();
    let good = dir.path().join("good");
    store.backup_to(&good, &[]).unwrap();
    drop(store);
    let content = fs::read(&good).unwrap();
    let bad = dir.path().join("bad");

    let mut zeroed = content.clone();
    let middle = content.len() / 2 / 4096 * 4096;
    zeroed[middle..middle + 4096].fill(0);
    let cases = [
        ("cut in half", content[..middle].to_vec()),
        ("a page of zeros", zeroed),
        ("text", b"Dear diary".repeat(1000)),
    ];
    for (what, bytes) in cases {
        fs::write(&bad, bytes).unwrap();
        let refused = restore(dir.path(), &bad, &[]).unwrap_err();
        assert!(matches!(refused, StoreError::BadBackup { .. }), "{what}: {refused:?}");
        assert!(refused.to_string().contains("nothing was changed"), "{refused}");
    }
    fs::write(&bad, b"").unwrap();
    assert_eq!(restore(dir.path(), &bad, &[]), Err(StoreError::Foreign(bad.clone())));
    fs::write(&bad, &content).unwrap();
    Connection::open(&bad).unwrap().pragma_update(None, "user_version", 7).unwrap();
    assert_eq!(restore(dir.path(), &bad, &[]), Err(StoreError::NewerSchema { path: bad.clone(), found: 7, known: 2 }));
    let missing = dir.path().join("missing");
    assert_eq!(restore(dir.path(), &missing, &[]), Err(StoreError::Missing(missing)));
    assert_eq!(restore(dir.path(), dir.path(), &[]), Err(StoreError::Foreign(dir.path().to_owned())));

    assert!(!dir.path().join("atrium.sqlite3.before-restore").exists());
    assert!(!dir.path().join("atrium.sqlite3.restoring").exists());
    assert_eq!(last_on_board(&Store::open(dir.path()).unwrap(), 0), 200);
}

fn key(name: &str, content: &[u8]) -> BackupFile {
    BackupFile { name: name.to_owned(), content: content.to_owned() }
}

const NAMES: [&str; 2] = ["signing.key", "tls/self-signed.pem"];

#[test]
fn files_travel_with_the_database_and_stay_private() {
    let (dir, store) = store_with_room();
    append(&store, 1);
    let file = dir.path().join("backup");
    let secret = b"a secret that is nowhere else";
    store.backup_to(&file, &[key(NAMES[0], secret), key(NAMES[1], b"certificate")]).unwrap();
    drop(store);

    let elsewhere = tempfile::tempdir().unwrap();
    let restored = restore(elsewhere.path(), &file, &NAMES).unwrap();
    assert_eq!(restored, Restored { kept: vec![], files: NAMES.map(str::to_owned).to_vec() });
    assert_eq!(fs::read(elsewhere.path().join(NAMES[0])).unwrap(), secret);
    assert_eq!(fs::read(elsewhere.path().join(NAMES[1])).unwrap(), b"certificate");
    #[cfg(unix)]
    for (path, mode) in [(NAMES[0], 0o600), (NAMES[1], 0o600), ("tls", 0o700)] {
        let metadata = fs::metadata(elsewhere.path().join(path)).unwrap();
        assert_eq!(std::os::unix::fs::MetadataExt::mode(&metadata) & 0o777, mode, "{path}");
    }
    assert_eq!(last_on_board(&Store::open(elsewhere.path()).unwrap(), 0), 1);
    let database = fs::read(elsewhere.path().join("atrium.sqlite3")).unwrap();
    assert!(!database.windows(secret.len()).any(|bytes| bytes == secret), "the database keeps no copy of a key");

    fs::write(elsewhere.path().join(NAMES[0]), "another").unwrap();
    let kept = restore(elsewhere.path(), &file, &NAMES).unwrap().kept;
    let expected = ["signing.key.before-restore", "atrium.sqlite3.before-restore"];
    assert_eq!(kept, expected.map(|name| elsewhere.path().join(name)), "the certificate was the same");
    assert_eq!(fs::read(&kept[0]).unwrap(), b"another");
    assert_eq!(fs::read(elsewhere.path().join(NAMES[0])).unwrap(), secret);
}

#[test]
fn a_backup_writes_no_other_files() {
    let (dir, store) = store_with_room();
    let file = dir.path().join("backup");
    store.backup_to(&file, &[key("../outside", b"x"), key("atrium.toml", b"x"), key(NAMES[0], b"x")]).unwrap();
    drop(store);
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("data");
    assert_eq!(restore(&data, &file, &NAMES).unwrap().files, [NAMES[0]]);
    assert!(!parent.path().join("outside").exists() && !data.join("atrium.toml").exists());
}

#[test]
fn a_restore_that_fails_changes_no_file() {
    let (dir, store) = store_with_room();
    let file = dir.path().join("backup");
    store.backup_to(&file, &[key(NAMES[0], b"new"), key(NAMES[1], b"new")]).unwrap();
    drop(store);
    fs::write(dir.path().join(NAMES[0]), "old").unwrap();
    // Where the folder of the second should be.
    fs::write(dir.path().join("tls"), "").unwrap();
    let before = fs::read(dir.path().join("atrium.sqlite3")).unwrap();
    assert!(restore(dir.path(), &file, &NAMES).is_err());
    assert_eq!(fs::read(dir.path().join(NAMES[0])).unwrap(), b"old");
    assert_eq!(fs::read(dir.path().join("atrium.sqlite3")).unwrap(), before);
    let drafts = fs::read_dir(dir.path())
        .unwrap()
        .filter(|entry| entry.as_ref().is_ok_and(|entry| entry.file_name().to_string_lossy().contains("restor")));
    assert_eq!(drafts.count(), 0, "no drafts stay behind");
}
