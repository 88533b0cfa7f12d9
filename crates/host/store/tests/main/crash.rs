//! Nothing acknowledged is lost, and nothing is there by halves, however a process ends.

use crate::common::{appended, audited, lab, last_on_board, operation, person, said, store_with_room};
use atrium_protocol::{BoardId, Micros};
use atrium_room::{BoardEntry, Record};
use atrium_store::{Store, StoreError};
use proptest::prelude::*;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::{env, fs};

/// Names the data directory to the process that is going to be killed.
const VICTIM: &str = "ATRIUM_STORE_VICTIM";
const BOARDS: u16 = 3;

#[test]
fn what_was_acknowledged_survives_kill_9() {
    if let Some(data_dir) = env::var_os(VICTIM) {
        append_and_tell_until_killed(Path::new(&data_dir));
    }
    let (dir, store) = store_with_room();
    drop(store);
    let rounds = if env::var_os("ATRIUM_SOAK").is_some() { 20 } else { 3 };
    for round in 0..rounds {
        let kill_after = 1 + RandomState::new().hash_one(round) % 1_500;
        let acknowledged = run_victim(dir.path(), kill_after);
        check_after_kill(dir.path(), &acknowledged, kill_after);
    }
}

/// Runs this test in a process of its own, which is killed after so many acknowledgements. Returns the last
/// acknowledged number of each board.
fn run_victim(data_dir: &Path, kill_after: u64) -> BTreeMap<u16, u64> {
    let mut victim = Command::new(env::current_exe().unwrap())
        .args(["--exact", "crash::what_was_acknowledged_survives_kill_9", "--nocapture"])
        .env(VICTIM, data_dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(victim.stdout.take().unwrap());
    let (mut acknowledged, mut count) = (BTreeMap::new(), 0);
    let mut line = String::new();
    while lines.read_line(&mut line).unwrap() > 0 {
        if let Some((board, sequence)) = line.strip_prefix("ack ").and_then(|ack| ack.trim_end().split_once(' ')) {
            acknowledged.insert(board.parse().unwrap(), sequence.parse().unwrap());
            count += 1;
            if count == kill_after {
                victim.kill().unwrap();
            }
        }
        line.clear();
    }
    assert!(!victim.wait().unwrap().success(), "it was killed");
    assert!(count >= kill_after, "it told {count} of {kill_after}");
    acknowledged
}

/// Many jobs in flight, large enough that the write-ahead log is folded in every few hundred of them.
fn append_and_tell_until_killed(data_dir: &Path) -> ! {
    let store = Store::open(data_dir).unwrap();
    let mut last: BTreeMap<u16, u64> = (0..BOARDS).map(|board| (board, last_on_board(&store, board))).collect();
    let (in_flight, finished) = sync_channel(100);
    let finished = std::sync::Arc::new(std::sync::Mutex::new(finished));
    for board in (0..BOARDS).cycle() {
        let sequence = last[&board] + 1;
        last.insert(board, sequence);
        in_flight.send(()).unwrap();
        let finished = finished.clone();
        let done = Box::new(move |result: Result<(), StoreError>| {
            result.unwrap();
            let line = format!("ack {board} {sequence}\n");
            std::io::stdout().write_all(line.as_bytes()).unwrap();
            std::io::stdout().flush().unwrap();
            finished.lock().unwrap().recv().unwrap();
        });
        store.persist(&lab(), vec![large(board, sequence)], done).unwrap();
    }
    unreachable!("a cycle has no end")
}

fn large(board: u16, sequence: u64) -> Record {
    let entry = large_entry(board, sequence);
    let (author, nonce, operation) = (entry.author, entry.nonce, entry.operation);
    Record::BoardAppended { board: BoardId(board), sequence, author, nonce, operation, at: Micros(sequence) }
}

fn large_entry(board: u16, sequence: u64) -> BoardEntry {
    let bytes: Vec<u8> = (0..5_000).map(|index| (index + sequence * 7 + u64::from(board)) as u8).collect();
    BoardEntry { sequence, author: person(1), nonce: sequence, operation: operation(&bytes), at: Micros(sequence) }
}

fn check_after_kill(data_dir: &Path, acknowledged: &BTreeMap<u16, u64>, kill_after: u64) {
    let store = Store::open(data_dir).unwrap();
    for board in 0..BOARDS {
        let entries = store.load_board(&lab(), BoardId(board), 0, u64::MAX, u32::MAX).unwrap();
        let expected: Vec<BoardEntry> = (1..=entries.len() as u64).map(|number| large_entry(board, number)).collect();
        assert!(entries == expected, "board {board} is not whole (killed after {kill_after})");
        let told = acknowledged.get(&board).copied().unwrap_or(0);
        assert!(entries.len() as u64 >= told, "board {board}: {told} told, {} there", entries.len());
    }
    drop(store);
    check_integrity(data_dir);
}

fn check_integrity(data_dir: &Path) {
    let raw = Connection::open(data_dir.join("atrium.sqlite3")).unwrap();
    let verdict: String = raw.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
}

/// A database with 30 jobs in its write-ahead log, as a crash of the machine would leave it.
fn crashed_files() -> (Vec<u8>, Vec<u8>) {
    let (dir, store) = store_with_room();
    for sequence in 1..=30 {
        store.persist_blocking(&lab(), vec![appended(0, sequence), said(sequence), audited("join")]).unwrap();
    }
    let read = |name| fs::read(dir.path().join(name)).unwrap();
    (read("atrium.sqlite3"), read("atrium.sqlite3-wal"))
}

/// Opens such files, checks that jobs are there as a whole, and returns how many.
fn recover((database, log): (&[u8], &[u8])) -> u64 {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("atrium.sqlite3"), database).unwrap();
    fs::write(dir.path().join("atrium.sqlite3-wal"), log).unwrap();
    let store = Store::open(dir.path()).unwrap();
    store.create_room(&lab(), "Boardroom", Micros(1)).unwrap();
    let entries = store.load_board(&lab(), BoardId(0), 0, u64::MAX, u32::MAX).unwrap();
    let last = entries.len() as u64;
    assert!(entries.iter().map(|entry| entry.sequence).eq(1..=last));
    assert_eq!(store.load_room(&lab()).unwrap().last_chat_sequence, last);
    assert_eq!(store.audit(&lab(), u32::MAX).unwrap().len() as u64, last);
    store.persist_blocking(&lab(), vec![appended(0, last + 1), said(last + 1)]).unwrap();
    drop(store);
    check_integrity(dir.path());
    last
}

#[test]
fn a_torn_log_gives_back_whole_jobs() {
    let (database, log) = crashed_files();
    assert_eq!(recover((&database, &log)), 30, "an undamaged log loses nothing");
    let config = ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(cut in 0..log.len(), tail in prop::collection::vec(any::<u8>(), 0..5_000))| {
        let torn = [&log[..cut], &tail].concat();
        let recovered = recover((&database, &torn));
        let part_kept = cut as f64 / log.len() as f64;
        prop_assert!(recovered < 30 && (part_kept < 0.9 || recovered > 20), "{recovered} of 30 from {part_kept}");
    });
}
