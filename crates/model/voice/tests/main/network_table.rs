//! The bounds of the table that `examples/jitter_table.rs` prints.

use crate::noise::words;
use crate::traces::{Jitter, Loss, Outcome, Sent, Trace, encode, play};
use atrium_voice::{EncoderSettings, JitterSettings};
use std::sync::LazyLock;

static SPEECH: LazyLock<Sent> = LazyLock::new(|| encode(&words(20.0), EncoderSettings::speech()));
const NO_LOSS: Loss = Loss::Single { share: 0.0 };
const NO_JITTER: Jitter = Jitter::Even { most_us: 0 };

fn trace(jitter: Jitter, loss: Loss, seed: u64) -> Trace {
    Trace { fastest_us: 30_000, jitter, loss, drift_ppm: 0.0, seed }
}

fn hear(trace: Trace) -> Outcome {
    play(&SPEECH, trace, JitterSettings::default())
}

#[test]
fn fifty_give_or_take_twenty_ms_with_five_percent_of_loss() {
    let outcomes: Vec<Outcome> =
        (0..8).map(|seed| hear(trace(Jitter::Even { most_us: 40_000 }, Loss::Single { share: 0.05 }, seed))).collect();
    let mean = |of: fn(&Outcome) -> f64| outcomes.iter().map(of).sum::<f64>() / outcomes.len() as f64;
    assert!(mean(Outcome::concealed_percent) < 2.0, "{} %", mean(Outcome::concealed_percent));
    // 30 ms of network and 20 ms of frame beside it leave 40 ms of 150 for the devices and all else.
    assert!(mean(|outcome| outcome.delay_ms(95)) <= 60.0, "{} ms", mean(|outcome| outcome.delay_ms(95)));
    assert!(mean(|outcome| outcome.delay_ms(50)) <= 50.0, "{} ms", mean(|outcome| outcome.delay_ms(50)));
}

#[test]
fn an_even_network_costs_a_block_and_five_ms() {
    for seed in 0..3 {
        let outcome = hear(trace(NO_JITTER, NO_LOSS, seed));
        assert!(outcome.delay_ms(99) <= 15.5, "{} ms", outcome.delay_ms(99));
        assert_eq!((outcome.stats.concealed_ms, outcome.stats.lost), (0, 0));
        assert!(outcome.stretched_percent() < 0.5, "{} %", outcome.stretched_percent());
    }
}

#[test]
fn delay_follows_jitter_and_made_up_sound_follows_loss() {
    let jitters = [
        (NO_JITTER, 30.0, 0.0),
        (Jitter::Even { most_us: 20_000 }, 48.0, 0.3),
        (Jitter::Even { most_us: 50_000 }, 70.0, 0.6),
        (Jitter::Even { most_us: 100_000 }, 118.0, 0.8),
        (Jitter::Queue { mean_us: 5_000 }, 48.0, 1.0),
        (Jitter::Stalls { stall_us: 60_000 }, 72.0, 2.5),
    ];
    for (jitter, most_delay_ms, made_up_percent) in jitters {
        for (loss, loss_percent) in [
            (NO_LOSS, 0.0),
            (Loss::Single { share: 0.01 }, 1.0),
            (Loss::Single { share: 0.03 }, 3.0),
            (Loss::Single { share: 0.1 }, 10.0),
            (Loss::Bursts { share: 0.05 }, 6.0),
        ] {
            let outcome = hear(trace(jitter, loss, 11));
            let (delay_ms, concealed) = (outcome.delay_ms(95), outcome.concealed_percent());
            assert!(delay_ms <= most_delay_ms, "{jitter:?} {loss:?}: {delay_ms} ms");
            assert!(concealed <= made_up_percent + loss_percent, "{jitter:?} {loss:?}: {concealed} %");
            assert!(outcome.stretched_percent() <= 2.5, "{jitter:?} {loss:?}: {} %", outcome.stretched_percent());
        }
    }
}

#[test]
fn clocks_that_drift_are_followed_for_minutes() {
    let five_minutes = SPEECH.repeated(15);
    for drift_ppm in [-200.0, 200.0] {
        let trace = Trace { drift_ppm, ..trace(Jitter::Even { most_us: 3_000 }, NO_LOSS, 5) };
        let outcome = play(&five_minutes, trace, JitterSettings::default());
        assert!(outcome.delay_ms(99) <= 20.0, "{drift_ppm} ppm: {} ms", outcome.delay_ms(99));
        assert!(outcome.concealed_percent() < 0.02, "{drift_ppm} ppm: {} %", outcome.concealed_percent());
        // 60 ms have to go or come in five minutes.
        let (shortened_ms, lengthened_ms) = (outcome.stats.shortened_ms as f64, outcome.stats.lengthened_ms as f64);
        let change_ms = shortened_ms - lengthened_ms;
        assert!(
            (change_ms - 0.3 * drift_ppm).abs() <= 25.0,
            "{drift_ppm} ppm: -{shortened_ms} +{lengthened_ms} ms, {:?}",
            outcome.stats
        );
    }
}

#[test]
fn absurd_clocks_are_survived() {
    for drift_ppm in [-50_000.0, 50_000.0, 300_000.0] {
        // Against the fastest packet of the last 5 to 10 s each packet is late; in truth no more than 200 ms wait.
        let outcome = hear(Trace { drift_ppm, ..trace(NO_JITTER, NO_LOSS, 5) });
        assert!(outcome.delay_ms(99) <= 800.0, "{drift_ppm} ppm: {} ms", outcome.delay_ms(99));
    }
}

#[test]
fn low_delay_packets_are_heard_sooner() {
    let sent = encode(&words(30.0), EncoderSettings::low_delay());
    let outcome = play(&sent, trace(Jitter::Even { most_us: 3_000 }, NO_LOSS, 1), JitterSettings::default());
    assert!(outcome.delay_ms(95) <= 16.0, "{} ms", outcome.delay_ms(95));
    assert!(outcome.concealed_percent() < 0.1, "{} %", outcome.concealed_percent());
}
