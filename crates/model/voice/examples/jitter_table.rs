//! What the jitter buffer makes of synthetic networks, on virtual time:
//! `cargo run --release -p atrium-voice --example jitter_table`.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

#[path = "../tests/main/noise.rs"]
mod noise;
#[path = "../tests/main/traces.rs"]
mod traces;

use atrium_voice::{EncoderSettings, JitterSettings};
use traces::{Jitter, Loss, Outcome, Sent, Trace, encode, play};

const SECS: f32 = 60.0;
const SEEDS: u64 = 4;
const FASTEST_US: u64 = 30_000;

fn main() {
    let speech = encode(&noise::words(SECS), EncoderSettings::speech());
    println!("{SEEDS} x {SECS} s of words; delays are those of the buffer, beyond the fastest packet\n");
    println!(
        "{:<22} {:<14} {:>7} | {:>7} {:>7} {:>7} | {:>9} {:>10}",
        "jitter", "loss", "drift", "p50 ms", "p95 ms", "p99 ms", "made up %", "stretched %"
    );
    for (name, jitter) in jitters() {
        for (loss_name, loss) in losses() {
            row(&speech, name, &loss_name, jitter, loss, 0.0);
        }
    }
    let minutes = speech.repeated(5);
    for drift_ppm in [-200.0, 200.0] {
        for (name, jitter) in jitters().into_iter().take(2) {
            row(&minutes, name, "none, 5 min", jitter, Loss::Single { share: 0.0 }, drift_ppm);
        }
    }
}

fn jitters() -> Vec<(&'static str, Jitter)> {
    vec![
        ("none", Jitter::Even { most_us: 0 }),
        ("even, 0-20 ms", Jitter::Even { most_us: 20_000 }),
        ("even, 0-40 ms", Jitter::Even { most_us: 40_000 }),
        ("even, 0-50 ms", Jitter::Even { most_us: 50_000 }),
        ("even, 0-100 ms", Jitter::Even { most_us: 100_000 }),
        ("queue, mean 5 ms", Jitter::Queue { mean_us: 5_000 }),
        ("queue, mean 15 ms", Jitter::Queue { mean_us: 15_000 }),
        ("stalls of 60 ms", Jitter::Stalls { stall_us: 60_000 }),
        ("stalls of 120 ms", Jitter::Stalls { stall_us: 120_000 }),
    ]
}

fn losses() -> Vec<(String, Loss)> {
    let single = [0.0, 0.01, 0.03, 0.05, 0.1].map(|share| (format!("{:.0} %", share * 100.0), Loss::Single { share }));
    let bursts = [0.03, 0.1].map(|share| (format!("{:.0} % bursts", share * 100.0), Loss::Bursts { share }));
    single.into_iter().chain(bursts).collect()
}

fn row(speech: &Sent, name: &str, loss_name: &str, jitter: Jitter, loss: Loss, drift_ppm: f64) {
    let outcomes: Vec<Outcome> = (0..SEEDS)
        .map(|seed| {
            let trace = Trace { fastest_us: FASTEST_US, jitter, loss, drift_ppm, seed };
            play(speech, trace, JitterSettings::default())
        })
        .collect();
    let mean = |of: &dyn Fn(&Outcome) -> f64| outcomes.iter().map(of).sum::<f64>() / outcomes.len() as f64;
    println!(
        "{name:<22} {loss_name:<14} {drift_ppm:>7.0} | {:>7.0} {:>7.0} {:>7.0} | {:>9.2} {:>10.2}",
        mean(&|outcome| outcome.delay_ms(50)),
        mean(&|outcome| outcome.delay_ms(95)),
        mean(&|outcome| outcome.delay_ms(99)),
        mean(&Outcome::concealed_percent),
        mean(&Outcome::stretched_percent),
    );
}
