//! Whether somebody speaks.

use crate::speech::{Speech, speech};
use crate::support::{hiss, run, sum};
use atrium_uplink::{Uplink, UplinkSettings, VoiceActivity};

const SECS: f32 = 20.0;
/// A voice is believed to go on for so many blocks.
const AFTER: usize = 30;

/// Shares of voiced blocks that were found, and of others that were taken for a voice.
fn shares(voice: &Speech, is_voice: &[bool]) -> (f32, f32) {
    let share = |blocks: Vec<bool>| blocks.iter().filter(|found| **found).count() as f32 / blocks.len() as f32;
    // By then the noise suppressor knows the noise.
    let from = 400;
    let hits = (from..is_voice.len()).filter(|n| voice.is_voice[*n]).map(|n| is_voice[n]).collect();
    let is_pause = |n: &usize| !voice.is_voice[n - AFTER..(n + 2).min(voice.is_voice.len())].contains(&true);
    let false_alarms = (from..is_voice.len()).filter(is_pause).map(|n| is_voice[n]).collect();
    (share(hits), share(false_alarms))
}

#[test]
fn voices_are_found_in_noise() {
    for (seed, pitch_hz, snr_db) in [(21, 110.0, 20.0), (22, 220.0, 20.0), (23, 150.0, 35.0)] {
        let voice = speech(seed, pitch_hz, -25.0, SECS);
        let microphone = sum(&voice.samples, &hiss(seed, -25.0 - snr_db, voice.samples.len()));
        let mut activity = VoiceActivity::default();
        let alone: Vec<bool> = microphone.chunks_exact(480).map(|block| activity.process(block)).collect();
        let (_, reports) = run(&mut Uplink::new(UplinkSettings::default()), &microphone, &[]);
        let after_cleaning: Vec<bool> = reports.iter().map(|report| report.is_voice).collect();
        for (what, found) in [("alone", alone), ("in the uplink", after_cleaning)] {
            let (hits, false_alarms) = shares(&voice, &found);
            assert!(hits >= 0.95 && false_alarms <= 0.02, "{what}, {pitch_hz} Hz: {hits} hits, {false_alarms} false");
        }
    }
}

#[test]
fn a_fan_that_starts_is_no_voice_for_long() {
    let mut noise = hiss(1, -60.0, 5 * 48_000);
    noise.extend(hiss(2, -35.0, 10 * 48_000));
    let mut activity = VoiceActivity::default();
    let found: Vec<bool> = noise.chunks_exact(480).map(|block| activity.process(block)).collect();
    assert!(!found[..500].contains(&true));
    assert!(found[510] && !found[900..].contains(&true));
}

#[test]
fn a_click_is_no_voice_and_neither_is_silence() {
    let mut samples = hiss(1, -60.0, 4 * 48_000);
    for at in (48_000..samples.len()).step_by(48_000) {
        samples[at..at + 100].fill(0.8);
    }
    samples.extend(vec![0.0; 48_000]);
    let mut activity = VoiceActivity::default();
    assert!(!samples.chunks_exact(480).any(|block| activity.process(block)));
    assert_eq!(activity.level_dbov(), 127);
}

#[test]
fn levels_are_those_of_the_packets() {
    let mut activity = VoiceActivity::default();
    for (amplitude, level_dbov) in [(1.0, 0), (-0.1, 20), (0.001, 60), (0.0, 127)] {
        activity.process(&[amplitude; 480]);
        assert_eq!(activity.level_dbov(), level_dbov);
    }
    assert!(!activity.process(&[]));
}
