//! When a job is acknowledged, and what happens to those around it.

use crate::common::{appended, lab, last_on_board, said, store_with_room};
use atrium_protocol::RoomId;
use atrium_store::{Store, StoreError};
use rusqlite::Connection;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Keeps the writer in a `done` until something is sent (or the sender is dropped).
fn hold_writer(store: &Store) -> SyncSender<()> {
    let (release, held) = sync_channel::<()>(0);
    let (started, running) = sync_channel(1);
    let done = Box::new(move |_| {
        started.send(()).unwrap();
        let _ = held.recv();
    });
    store.persist(&lab(), Vec::new(), done).unwrap();
    running.recv().unwrap();
    release
}

/// Hands over sequence numbers 1 to `last`; the answers arrive as `(sequence, is stored)`.
fn append_all(store: &Store, last: u64) -> Receiver<(u64, bool)> {
    let (sender, answers) = sync_channel(last as usize);
    for sequence in 1..=last {
        let sender = sender.clone();
        let done = Box::new(move |result: Result<(), StoreError>| sender.send((sequence, result.is_ok())).unwrap());
        store.persist(&lab(), vec![appended(0, sequence)], done).unwrap();
    }
    answers
}

#[test]
fn another_connection_sees_a_job_when_it_is_acknowledged() {
    let (dir, store) = store_with_room();
    let database = dir.path().join("atrium.sqlite3");
    let (sender, seen) = sync_channel(20);
    for sequence in 1..=20 {
        let (sender, database) = (sender.clone(), database.clone());
        let done = Box::new(move |result: Result<(), StoreError>| {
            result.unwrap();
            let other = Connection::open(database).unwrap();
            let last: u64 = other
                .query_row("SELECT max(sequence) FROM board_log", [], |row| row.get::<_, i64>(0))
                .unwrap()
                .try_into()
                .unwrap();
            sender.send((sequence, last)).unwrap();
        });
        store.persist(&lab(), vec![appended(0, sequence)], done).unwrap();
    }
    for (sequence, last) in seen.iter().take(20) {
        assert!(last >= sequence, "number {sequence} was acknowledged, but the last one on disk is {last}");
    }
}

#[test]
fn jobs_that_wait_share_a_commit_and_keep_their_order() {
    let (_dir, store) = store_with_room();
    let release = hold_writer(&store);
    let before = store.stats();
    let answers = append_all(&store, 100);
    assert_eq!(store.stats().queued_jobs, 100);
    release.send(()).unwrap();
    let order: Vec<(u64, bool)> = answers.iter().take(100).collect();
    assert_eq!(order, (1..=100).map(|sequence| (sequence, true)).collect::<Vec<_>>());
    let after = store.stats();
    assert_eq!((after.stored_jobs - before.stored_jobs, after.commits - before.commits), (100, 1));
}

#[test]
fn a_failing_job_takes_no_other_along() {
    let (_dir, store) = store_with_room();
    let release = hold_writer(&store);
    let nowhere = RoomId::parse("nowhere").unwrap();
    let jobs = [
        (lab(), vec![appended(0, 1)]),
        (lab(), vec![appended(1, 1), appended(1, 3)]),
        (nowhere.clone(), vec![appended(0, 1)]),
        (lab(), vec![said(1), appended(1, 1)]),
    ];
    let (sender, answers) = sync_channel(jobs.len());
    for (room, records) in jobs {
        let sender = sender.clone();
        store.persist(&room, records, Box::new(move |result| sender.send(result).unwrap())).unwrap();
    }
    release.send(()).unwrap();
    let results: Vec<_> = answers.iter().take(4).collect();
    assert_eq!(results[0], Ok(()));
    let gap = results[1].clone().unwrap_err();
    assert!(matches!(&gap, StoreError::Rejected(why) if why.contains("stands at 1, so number 3")), "{gap}");
    assert_eq!(results[2], Err(StoreError::NoRoom(nowhere)));
    assert_eq!(results[3], Ok(()));
    assert_eq!(store.stats().failed_jobs, 2);
    let saved = store.load_room(&lab()).unwrap();
    assert_eq!((last_on_board(&store, 0), last_on_board(&store, 1), saved.last_chat_sequence), (1, 1, 1));
}

#[test]
fn a_full_queue_gives_the_records_back() {
    let (_dir, store) = store_with_room();
    let release = hold_writer(&store);
    let mut accepted = 0;
    let refused = loop {
        let next = vec![appended(0, accepted + 1)];
        match store.persist(&lab(), next, Box::new(|result| result.unwrap())) {
            Ok(()) => accepted += 1,
            Err(refused) => break refused,
        }
        assert!(accepted < 100_000, "the queue has no end");
    };
    assert_eq!((refused.records, refused.closed), (vec![appended(0, accepted + 1)], false));
    release.send(()).unwrap();
    store.persist_blocking(&lab(), vec![appended(0, accepted + 1)]).unwrap();
    assert_eq!(last_on_board(&store, 0), accepted + 1);
}

#[test]
fn shutdown_stores_what_waits_and_takes_nothing_more() {
    let (_dir, store) = store_with_room();
    let answers = append_all(&store, 500);
    store.shutdown();
    assert_eq!(answers.try_iter().filter(|(_, is_stored)| *is_stored).count(), 500);
    assert_eq!(last_on_board(&store, 0), 500, "lookups go on");

    let refused = store.persist(&lab(), vec![appended(0, 501)], Box::new(|_| panic!("not taken"))).unwrap_err();
    assert!(refused.closed);
    assert_eq!(store.persist_blocking(&lab(), vec![appended(0, 501)]), Err(StoreError::Closed));
    assert_eq!(store.delete_room(&lab()), Err(StoreError::Closed));
}

#[test]
fn the_last_handle_to_go_stores_what_waits() {
    let (dir, store) = store_with_room();
    let answers = append_all(&store, 500);
    drop(store);
    assert_eq!(answers.try_iter().filter(|(_, is_stored)| *is_stored).count(), 500);
    assert_eq!(last_on_board(&Store::open(dir.path()).unwrap(), 0), 500);
}

#[test]
fn a_handle_may_go_inside_an_acknowledgement() {
    let (_dir, store) = store_with_room();
    let (sender, answer) = sync_channel(1);
    let (handle, gone) = (store.clone(), sync_channel::<()>(0));
    let wait_until_gone = gone.1;
    let done = Box::new(move |result: Result<(), StoreError>| {
        let _ = wait_until_gone.recv();
        drop(handle);
        sender.send(result).unwrap();
    });
    store.persist(&lab(), vec![appended(0, 1)], done).unwrap();
    drop(store);
    gone.0.send(()).unwrap();
    assert_eq!(answer.recv().unwrap(), Ok(()));
}
