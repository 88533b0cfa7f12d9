//! What cleaning one block of 10 ms costs: `cargo run --release -p atrium-uplink --example uplink_cost`.

#![allow(clippy::print_stdout)]

use atrium_uplink::{BLOCK_SAMPLES, NoiseSuppression, Uplink, UplinkSettings};
use std::f32::consts::TAU;
use std::hint::black_box;
use std::time::{Duration, Instant};

const BLOCKS: usize = 6_000;

fn main() {
    let everything = UplinkSettings::default();
    let canceller =
        UplinkSettings { noise_suppression: NoiseSuppression::Off, gain_control: false, ..UplinkSettings::default() };
    println!("{:<14} {:>8} {:>8} {:>8}   us for a block of 10 ms", "", "p50", "p95", "p99");
    report("everything", everything);
    report("headphones", UplinkSettings::headphones());
    report("canceller", canceller);
    report("music", UplinkSettings::headphones().for_music());
}

fn report(what: &str, settings: UplinkSettings) {
    let mut uplink = Uplink::new(settings);
    let mut times: Vec<Duration> = (0..BLOCKS).map(|block| time_block(&mut uplink, block)).collect();
    times.sort();
    let [p50, p95, p99] = [50, 95, 99].map(|percent| times[BLOCKS * percent / 100].as_secs_f64() * 1e6);
    println!("{what:<14} {p50:>8.0} {p95:>8.0} {p99:>8.0}");
}

fn time_block(uplink: &mut Uplink, block: usize) -> Duration {
    let tone = |hz: f32, n: usize| 0.1 * ((block * BLOCK_SAMPLES + n) as f32 / 48_000.0 * hz * TAU).sin();
    let mut microphone: [f32; BLOCK_SAMPLES] = std::array::from_fn(|n| tone(150.0, n) + tone(1_130.0, n));
    let played: [[f32; 2]; BLOCK_SAMPLES] = std::array::from_fn(|n| [tone(210.0, n), tone(1_530.0, n)]);
    let start = Instant::now();
    black_box(uplink.process(black_box(&mut microphone), black_box(&played)));
    start.elapsed()
}
