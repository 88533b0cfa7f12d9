//! The speaker in the room: what it plays does not come back, and who speaks meanwhile is heard.

use crate::room::Room;
use crate::speech::{Speech, speech};
use crate::support::{decibels, hiss, power, power_where, run, sum};
use atrium_uplink::{NoiseSuppression, Uplink, UplinkSettings};

const SECS: f32 = 10.0;
/// The near end begins when the far end has been heard for so long.
const NEAR_FROM: usize = 3 * 48_000;

fn laptop() -> Room {
    Room::new(3, 6.0, 0.06, 100.0)
}

/// One voice in front: the same in both speakers.
fn in_front() -> Vec<[f32; 2]> {
    speech(1, 120.0, -20.0, SECS).samples.iter().map(|x| [*x, *x]).collect()
}

/// Two voices at once, left and right, each in the other speaker too, later and quieter.
fn left_and_right() -> Vec<[f32; 2]> {
    let [a, b] = [speech(11, 120.0, -22.0, SECS), speech(12, 200.0, -22.0, SECS)].map(|voice| voice.samples);
    let far = |n: usize| n.saturating_sub(20);
    (0..a.len()).map(|n| [a[n] + 0.4 * b[far(n)], b[n] + 0.4 * a[far(n)]]).collect()
}

fn canceller_alone() -> UplinkSettings {
    UplinkSettings { noise_suppression: NoiseSuppression::Off, gain_control: false, ..UplinkSettings::default() }
}

/// By how many dB each second of echo gets quieter.
fn reductions_db(settings: UplinkSettings, played: &[[f32; 2]], room: &Room) -> Vec<f32> {
    let echo = room.echo(played);
    let (left, _) = run(&mut Uplink::new(settings), &echo, played);
    let seconds = echo.chunks_exact(48_000).zip(left.chunks_exact(48_000));
    seconds.map(|(echo, left)| decibels(power(echo)) - decibels(power(left))).collect()
}

#[test]
fn echo_is_gone_after_three_seconds() {
    for (drift_ppm, delay_secs) in [(100.0, 0.06), (-100.0, 0.15)] {
        let room = Room::new(3, 6.0, delay_secs, drift_ppm);
        for settings in [canceller_alone(), UplinkSettings::default()] {
            let reductions = reductions_db(settings, &in_front(), &room);
            assert!(reductions[3..].iter().all(|db| *db >= 25.0), "{drift_ppm} ppm: {reductions:.0?}");
        }
    }
}

#[test]
fn two_voices_from_two_sides_take_longer() {
    // In second 2 the canceller begins afresh, with a filter for each speaker; how sound gets from two speakers to one
    // microphone cannot be told from one voice alone, so each voice that comes or goes costs something.
    let (played, room) = (left_and_right(), laptop());
    let echo = room.echo(&played);
    let (left, _) = run(&mut Uplink::new(UplinkSettings::default()), &echo, &played);
    let reduction_db = |from: usize, to: usize| {
        decibels(power(&echo[from * 48_000..to * 48_000])) - decibels(power(&left[from * 48_000..to * 48_000]))
    };
    assert!(reduction_db(3, 10) >= 15.0, "{} dB", reduction_db(3, 10));
}

#[test]
fn without_cancellation_the_echo_stays() {
    let settings = UplinkSettings { echo_cancellation: false, ..canceller_alone() };
    let reductions = reductions_db(settings, &in_front(), &laptop());
    assert!(reductions.iter().all(|db| db.abs() < 2.0), "{reductions:.0?}");
}

/// Someone who begins to speak in second 3.
fn near_end() -> Speech {
    let mut near = speech(2, 180.0, -20.0, SECS);
    near.samples[..NEAR_FROM].fill(0.0);
    near.samples = sum(&near.samples, &hiss(77, -65.0, near.samples.len()));
    near
}

/// How much of `original` is in `processed`, in dB, wherever it begins within 20 ms.
fn projection_db(processed: &[f32], original: &[f32]) -> f32 {
    let samples = || (NEAR_FROM..original.len()).step_by(5);
    let energy: f32 = samples().map(|n| original[n] * original[n]).sum();
    let product = |lag: usize| samples().map(|n| processed[n] * original[n - lag]).sum::<f32>();
    20.0 * ((0..960).step_by(2).map(product).fold(0.0, f32::max) / energy).log10()
}

#[test]
fn the_near_end_stays_in_double_talk() {
    let near = near_end();
    for played in [in_front(), left_and_right()] {
        let microphone = sum(&near.samples, &laptop().echo(&played));
        for settings in [canceller_alone(), UplinkSettings { gain_control: false, ..UplinkSettings::default() }] {
            let alone = UplinkSettings { echo_cancellation: false, ..settings };
            let (expected, _) = run(&mut Uplink::new(alone), &near.samples, &[]);
            let (heard, _) = run(&mut Uplink::new(settings), &microphone, &played);
            let is_voice = |block: usize| block > NEAR_FROM / 480 && near.is_voice[block];
            let change_db = decibels(power_where(&heard, is_voice)) - decibels(power_where(&expected, is_voice));
            assert!(change_db.abs() <= 3.0, "{change_db} dB");
            // Its gain moves with the echo under it, which costs likeness.
            let likeness_db = projection_db(&heard, &expected);
            assert!((-4.5..=1.0).contains(&likeness_db), "{likeness_db} dB");
        }
    }
}

#[test]
fn a_microphone_without_speaker_is_left_alone() {
    let near = near_end();
    let (expected, _) =
        run(&mut Uplink::new(UplinkSettings { echo_cancellation: false, ..canceller_alone() }), &near.samples, &[]);
    let (heard, _) = run(&mut Uplink::new(canceller_alone()), &near.samples, &[]);
    let change_db = decibels(power(&heard)) - decibels(power(&expected));
    assert!(change_db.abs() < 0.5, "{change_db} dB");
}

#[test]
fn who_wears_no_headphones_is_told() {
    let played: Vec<[f32; 2]> = speech(1, 120.0, -20.0, 20.0).samples.iter().map(|x| [*x, *x]).collect();
    let echo = laptop().echo(&played);
    let near = sum(&speech(5, 190.0, -30.0, 20.0).samples, &hiss(9, -60.0, echo.len()));
    let risks = |settings, microphone: &[f32]| -> Vec<bool> {
        let (_, reports) = run(&mut Uplink::new(settings), microphone, &played);
        reports.iter().map(|report| report.echo.is_risk()).collect()
    };
    let with_echo = sum(&near, &echo);
    for settings in [UplinkSettings::headphones(), UplinkSettings::headphones().for_music()] {
        assert!(!risks(settings, &with_echo)[1_000..].contains(&false), "within 10 s");
        assert!(!risks(settings, &near).contains(&true));
    }
    assert!(!risks(UplinkSettings::default(), &with_echo).contains(&true));
}

#[test]
fn the_report_knows_delay_and_loss() {
    let (played, room) = (in_front(), laptop());
    let (_, reports) = run(&mut Uplink::new(UplinkSettings::default()), &room.echo(&played), &played);
    let echo = reports[900].echo;
    let delay_ms = echo.delay.unwrap().as_millis();
    assert!((40..=80).contains(&delay_ms), "{delay_ms} ms");
    let loss_db = echo.return_loss_db.unwrap();
    assert!((0.0..=25.0).contains(&loss_db), "{loss_db} dB");
    let none = Uplink::new(UplinkSettings::headphones()).process(&mut [0.0; 480], &[]).echo;
    assert!(none.delay.is_none() && none.return_loss_db.is_none());
}

#[test]
fn clocks_that_differ_cost_a_block_now_and_then() {
    // The speaker takes 500 ppm more blocks than the microphone gives: every 20 s two at once.
    let (played, room) = (in_front(), Room::new(3, 6.0, 0.06, 500.0));
    let echo = room.echo(&played);
    let mut uplink = Uplink::new(canceller_alone());
    let mut taken = 0;
    let mut left = Vec::new();
    for (index, block) in echo.chunks_exact(480).enumerate() {
        let mut block: [f32; 480] = block.try_into().unwrap();
        let wanted = match index % 300 {
            100 => 0,
            200 => 960,
            _ => 480,
        };
        let end = (taken + wanted).min(played.len());
        uplink.process(&mut block, &played[taken..end]);
        taken = end;
        left.extend(block);
    }
    let reduction_db = decibels(power(&echo[3 * 48_000..])) - decibels(power(&left[3 * 48_000..]));
    assert!(reduction_db >= 25.0, "{reduction_db} dB");
}
