//! How long a board operation waits for its acknowledgement: `cargo run --release -p atrium-store --example
//! commit_latency -- [DIR]`. Each load hands over one operation at a time, evenly spaced.

use atrium_protocol::{BoardId, Micros, OperationBytes, PersonId, RoomId};
use atrium_room::Record;
use atrium_store::Store;
use std::error::Error;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::{Duration, Instant};

const OPERATION_BYTES: usize = 400;
const MEASURE_FOR: Duration = Duration::from_secs(3);

fn main() -> Result<(), Box<dyn Error>> {
    let parent = std::env::args_os().nth(1).map_or_else(std::env::temp_dir, Into::into);
    let data_dir = parent.join(format!("atrium-commit-latency-{}", std::process::id()));
    let store = Store::open(&data_dir)?;
    println!("operations/s  commits/s  commit ms  ack ms p50    p99");
    for per_second in [10, 100, 1_000, 5_000] {
        measure(&store, per_second)?;
    }
    drop(store);
    std::fs::remove_dir_all(&data_dir)?;
    Ok(())
}

fn measure(store: &Store, per_second: u32) -> Result<(), Box<dyn Error>> {
    let room = RoomId::parse(&format!("load-{per_second}"))?;
    store.create_room(&room, "Boardroom", Micros(0))?;
    let interval = Duration::from_secs(1) / per_second;
    let count = u32::try_from(MEASURE_FOR.as_nanos() / interval.as_nanos())?;
    let (sender, delays) = sync_channel(count as usize);
    let (before, started_at) = (store.stats(), Instant::now());
    for number in 0..count {
        let due = started_at + interval * number;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let (sender, handed_over_at) = (sender.clone(), Instant::now());
        let done = Box::new(move |result: Result<(), _>| drop(sender.send(result.map(|()| handed_over_at.elapsed()))));
        store.persist(&room, vec![operation(u64::from(number) + 1)?], done)?;
    }
    drop(sender);
    let mut delays = delays.iter().collect::<Result<Vec<Duration>, _>>()?;
    delays.sort();
    let elapsed = started_at.elapsed().as_secs_f64();
    let after = store.stats();
    let commits = after.commits - before.commits;
    let commit_ms = millis(after.commit_time - before.commit_time) / commits as f64;
    let percentile = |percent: usize| millis(delays[(delays.len() - 1) * percent / 100]);
    println!(
        "{:12.0}  {:9.0}  {commit_ms:9.2}  {:10.2}  {:5.2}",
        delays.len() as f64 / elapsed,
        commits as f64 / elapsed,
        percentile(50),
        percentile(99)
    );
    Ok(())
}

fn operation(sequence: u64) -> Result<Record, String> {
    Ok(Record::BoardAppended {
        board: BoardId(0),
        sequence,
        author: PersonId([1; 32]),
        nonce: sequence,
        operation: OperationBytes::new(vec![0x5a; OPERATION_BYTES])?,
        at: Micros(sequence),
    })
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
