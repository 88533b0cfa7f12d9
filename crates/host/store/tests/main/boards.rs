//! Snapshots of boards, and pictures on them.

use crate::common::{appended, lab, last_on_board, said, store_with_room};
use atrium_protocol::{BoardId, ContentHash, Micros, RoomId};
use atrium_store::{ImagePut, Store, StoreError, StoredImage, WholeRoom, restore};
use rusqlite::Connection;
use std::fs::{self, OpenOptions};

const BOARD: BoardId = BoardId(0);

fn image(content: &[u8]) -> StoredImage {
    StoredImage { hash: ContentHash::of(content), media_type: "image/png".into(), bytes: content.to_vec() }
}

fn append(store: &Store, sequences: std::ops::RangeInclusive<u64>) {
    store.persist_blocking(&lab(), sequences.map(|sequence| appended(0, sequence)).collect()).unwrap();
}

fn snapshots(store: &Store) -> Vec<u64> {
    let mut found = Vec::new();
    let mut below = u64::MAX;
    while let Some(snapshot) = store.snapshot(&lab(), BOARD, below).unwrap() {
        assert!(snapshot.is_intact);
        assert_eq!(snapshot.data, snapshot.sequence.to_le_bytes());
        below = snapshot.sequence;
        found.push(snapshot.sequence);
    }
    found
}

fn put(store: &Store, sequence: u64) {
    store.put_snapshot(&lab(), BOARD, sequence, sequence.to_le_bytes().to_vec()).unwrap();
}

#[test]
fn only_the_latest_snapshot_of_a_board_is_kept() {
    let (_dir, store) = store_with_room();
    assert_eq!(store.board_extent(&lab(), BOARD), Ok((0, 0)));
    assert_eq!(store.snapshot(&lab(), BOARD, u64::MAX), Ok(None));
    append(&store, 1..=30);
    for sequence in [10, 20, 20, 30] {
        put(&store, sequence);
        assert_eq!(snapshots(&store), [sequence]);
    }
    append(&store, 31..=35);
    assert_eq!(store.board_extent(&lab(), BOARD), Ok((30, 35)));
    assert_eq!(store.board_extent(&lab(), BoardId(1)), Ok((0, 0)), "another board");
    assert_eq!(store.drawn_boards(&lab()), Ok(vec![BOARD]));
    let nowhere = RoomId::parse("nowhere").unwrap();
    assert_eq!(store.put_snapshot(&nowhere, BOARD, 1, vec![1]), Err(StoreError::NoRoom(nowhere.clone())));
    assert_eq!(store.snapshot(&nowhere, BOARD, 1), Err(StoreError::NoRoom(nowhere)));
}

#[test]
fn a_damaged_snapshot_is_known_as_one() {
    let (dir, store) = store_with_room();
    append(&store, 1..=3);
    put(&store, 3);
    let raw = Connection::open(dir.path().join("atrium.sqlite3")).unwrap();
    raw.execute("UPDATE board_snapshots SET data = x'00ff'", []).unwrap();
    let snapshot = store.snapshot(&lab(), BOARD, u64::MAX).unwrap().unwrap();
    assert!(!snapshot.is_intact);
    assert_eq!(store.load_board(&lab(), BOARD, 0, u64::MAX, 10).unwrap().len(), 3, "the log is all there");
}

#[test]
fn a_whole_room_comes_at_once_or_not_at_all_and_its_boards_go_on() {
    let (_dir, store) = store_with_room();
    let attic = RoomId::parse("attic").unwrap();
    let chat: Vec<_> = (1..=3)
        .map(|sequence| match said(sequence) {
            atrium_room::Record::ChatSaid(message) => message,
            _ => unreachable!(),
        })
        .collect();
    let whole = WholeRoom {
        place: "Studio".into(),
        boards: vec![(BOARD, 40, b"forty".to_vec())],
        images: vec![image(b"one"), image(b"two")],
        chat,
    };
    assert_eq!(store.create_whole_room(&lab(), Micros(3), whole.clone()), Ok(false), "there is one");
    assert_eq!(store.room(&lab()).unwrap().place, "Boardroom");
    let mut torn = whole.clone();
    torn.chat.remove(1);
    assert!(store.create_whole_room(&attic, Micros(3), torn).is_err());
    assert_eq!(store.room_exists(&attic), Ok(false), "nothing of it");

    assert_eq!(store.create_whole_room(&attic, Micros(3), whole), Ok(true));
    let saved = store.load_room(&attic).unwrap();
    assert_eq!((saved.board_sequences[&BOARD], saved.board_starts[&BOARD], saved.last_chat_sequence), (40, 40, 3));
    assert_eq!(store.images(&attic).unwrap().len(), 2);
    assert!(store.persist_blocking(&attic, vec![appended(0, 1)]).is_err(), "the log goes on after the snapshot");
    store.persist_blocking(&attic, vec![appended(0, 41), appended(0, 42), appended(1, 1)]).unwrap();
    let saved = store.load_room(&attic).unwrap();
    assert_eq!((saved.board_sequences[&BOARD], saved.board_starts[&BOARD]), (42, 40));
    assert!(!saved.board_starts.contains_key(&BoardId(1)));

    for sequence in [41, 42] {
        store.put_snapshot(&attic, BOARD, sequence, vec![1]).unwrap();
        let newest = store.snapshot(&attic, BOARD, u64::MAX).unwrap().unwrap();
        assert_eq!(newest.sequence, sequence);
        let first = store.snapshot(&attic, BOARD, newest.sequence).unwrap().unwrap();
        assert_eq!((first.sequence, first.data.as_slice()), (40, &b"forty"[..]), "nothing else knows the beginning");
    }
    assert_eq!(store.snapshot(&attic, BOARD, 40), Ok(None));
}

#[test]
fn images_are_kept_once_each_within_the_quota() {
    let (_dir, store) = store_with_room();
    let quota = 3 * 4_096;
    let put = |content: &[u8]| store.put_image(&lab(), image(content), quota).unwrap();
    assert_eq!(put(&[1; 5_000]), ImagePut::Stored);
    assert_eq!(put(&[1; 5_000]), ImagePut::Stored, "it is there already");
    assert_eq!(put(b"tiny"), ImagePut::Stored);
    assert_eq!(put(b"another"), ImagePut::OverQuota, "a tiny one counts for 4096 bytes");
    assert_eq!(store.put_image(&lab(), image(b"another"), quota + 1_000), Ok(ImagePut::Stored));
    assert_eq!(store.image(&lab(), ContentHash::of(b"tiny")), Ok(Some(image(b"tiny"))));
    assert_eq!(store.image(&lab(), ContentHash::of(b"none")), Ok(None));
    let sizes: Vec<u64> = store.images(&lab()).unwrap().into_iter().map(|(_, size)| size).collect();
    assert_eq!(sizes.iter().sum::<u64>(), 5_000 + 4 + 7);
    let attic = RoomId::parse("attic").unwrap();
    store.create_room(&attic, "Boardroom", Micros(2)).unwrap();
    assert_eq!(store.image(&attic, ContentHash::of(b"tiny")), Ok(None), "each room has its own");
    assert_eq!(store.put_image(&attic, image(b"tiny"), quota), Ok(ImagePut::Stored));
}

#[test]
fn snapshots_and_images_go_with_their_room_and_come_back_with_a_backup() {
    let (dir, store) = store_with_room();
    append(&store, 1..=3);
    put(&store, 2);
    store.put_image(&lab(), image(b"picture"), 1 << 20).unwrap();
    let backup = dir.path().join("backup");
    store.backup_to(&backup, &[]).unwrap();
    store.delete_room(&lab()).unwrap();
    let raw = Connection::open(dir.path().join("atrium.sqlite3")).unwrap();
    for table in ["board_snapshots", "images"] {
        let left: u32 = raw.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        assert_eq!(left, 0, "{table}");
    }
    drop((raw, store));
    restore(dir.path(), &backup, &[]).unwrap();
    let store = Store::open(dir.path()).unwrap();
    assert_eq!((snapshots(&store), last_on_board(&store, 0)), (vec![2], 3));
    assert_eq!(store.image(&lab(), ContentHash::of(b"picture")), Ok(Some(image(b"picture"))));
}

#[test]
fn a_database_of_before_boards_had_snapshots_is_brought_along() {
    let (dir, store) = store_with_room();
    append(&store, 1..=5);
    drop(store);
    let path = dir.path().join("atrium.sqlite3");
    let raw = Connection::open(&path).unwrap();
    raw.execute_batch("DROP TABLE board_snapshots; DROP TABLE images; PRAGMA user_version = 1").unwrap();
    drop(raw);
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(store.board_extent(&lab(), BOARD), Ok((0, 5)));
    put(&store, 5);
    assert_eq!(snapshots(&store), [5]);
}

/// The machine went down while the end of the write-ahead log was being written.
#[test]
fn a_torn_log_tail_loses_only_itself() {
    let (dir, store) = store_with_room();
    append(&store, 1..=20);
    let copy = tempfile::tempdir().unwrap();
    let log = "atrium.sqlite3-wal";
    let whole_log = fs::metadata(dir.path().join(log)).unwrap().len();
    append(&store, 21..=21);
    for name in ["atrium.sqlite3", log] {
        fs::copy(dir.path().join(name), copy.path().join(name)).unwrap();
    }
    let with_last = fs::metadata(copy.path().join(log)).unwrap().len();
    assert!(with_last > whole_log, "the log has grown");
    OpenOptions::new().write(true).open(copy.path().join(log)).unwrap().set_len(with_last - 100).unwrap();
    let torn = Store::open(copy.path()).unwrap();
    assert_eq!(last_on_board(&torn, 0), 20);
    append(&torn, 21..=22);
    assert_eq!(last_on_board(&torn, 0), 22);
}
