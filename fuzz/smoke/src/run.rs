use crate::mutate::next_input;
use crate::random::Random;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

/// An input that takes longer is a failure too: the server would stand still for so long.
const SLOWEST: Duration = Duration::from_secs(5);

/// Runs `body` on the seeds in `fuzz/seeds/TARGET` and on what mutation makes of them.
///
/// `ATRIUM_FUZZ_SECS` says for how long (default 5), `ATRIUM_FUZZ_SEED` repeats an earlier run.
///
/// # Panics
/// When `body` does, after showing the input in hexadecimal; when there are no seeds.
pub fn smoke(target: &str, body: impl Fn(&[u8])) {
    let seeds = read_seeds(target);
    let seed = number_from_environment("ATRIUM_FUZZ_SEED").unwrap_or_else(random_seed);
    let end = Instant::now() + Duration::from_secs(number_from_environment("ATRIUM_FUZZ_SECS").unwrap_or(5));
    println!("{target}: ATRIUM_FUZZ_SEED={seed}, {} seed files", seeds.len());
    for input in &seeds {
        run_one(target, seed, input, &body);
    }
    let mut random = Random(seed);
    let mut count = seeds.len() as u64;
    while Instant::now() < end {
        let input = next_input(&mut random, &seeds);
        run_one(target, seed, &input, &body);
        count += 1;
    }
    println!("{target}: {count} inputs");
}

fn run_one(target: &str, seed: u64, input: &[u8], body: &impl Fn(&[u8])) {
    let start = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| body(input)));
    let took = start.elapsed();
    if outcome.is_ok() && took < SLOWEST {
        return;
    }
    let hex: String = input.iter().map(|byte| format!("{byte:02x}")).collect();
    println!("{target}: failed after {took:?} with ATRIUM_FUZZ_SEED={seed} on the {} bytes\n{hex}", input.len());
    match outcome {
        Err(panic) => resume_unwind(panic),
        Ok(()) => panic!("{target}: an input took {took:?}"),
    }
}

fn read_seeds(target: &str) -> Vec<Vec<u8>> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the package lies");
    let folder = PathBuf::from(package).join("../seeds").join(target);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    paths.sort();
    let seeds: Vec<Vec<u8>> = paths.iter().flat_map(std::fs::read).collect();
    assert!(!seeds.is_empty(), "no seeds in {}", folder.display());
    seeds
}

fn number_from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn random_seed() -> u64 {
    let since_epoch = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    Random(since_epoch.as_nanos() as u64).next()
}
