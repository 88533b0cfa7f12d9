//! Steady noise and hum go, voices stay.

use crate::speech::speech;
use crate::support::{decibels, hiss, power, power_where, run, sum, tone};
use atrium_uplink::{NoiseSuppression, Uplink, UplinkSettings};

const SECS: f32 = 12.0;

fn suppression(noise_suppression: NoiseSuppression) -> UplinkSettings {
    UplinkSettings { noise_suppression, gain_control: false, ..UplinkSettings::headphones() }
}

#[test]
fn noise_falls_in_pauses_and_the_voice_stays() {
    let voice = speech(4, 140.0, -20.0, SECS);
    let microphone = sum(&voice.samples, &hiss(5, -40.0, voice.samples.len()));
    // Words end in the block before; pauses are those that have lasted 100 ms.
    let is_pause = |block: usize| block > 300 && !voice.is_voice[block - 10..=block].contains(&true);
    let is_word = |block: usize| block > 300 && voice.is_voice[block];
    for (setting, least_db) in [(NoiseSuppression::Moderate, 10.0), (NoiseSuppression::Strong, 14.0)] {
        let (heard, _) = run(&mut Uplink::new(suppression(setting)), &microphone, &[]);
        let fall_db = decibels(power_where(&microphone, is_pause)) - decibels(power_where(&heard, is_pause));
        assert!(fall_db >= least_db, "{setting:?}: {fall_db} dB");
        let change_db = decibels(power_where(&heard, is_word)) - decibels(power_where(&voice.samples, is_word));
        assert!(change_db.abs() <= 2.0, "{setting:?}: {change_db} dB");
    }
}

#[test]
fn music_mode_and_headphones_change_nothing() {
    let music = sum(&tone(55.0, 0.3, 3.0), &hiss(6, -50.0, 3 * 48_000));
    let settings = UplinkSettings::headphones().for_music();
    assert_eq!(run(&mut Uplink::new(settings), &music, &[]).0, music);
}

#[test]
fn hum_and_direct_current_are_filtered() {
    let settings = suppression(NoiseSuppression::Off);
    let hum = tone(50.0, 0.2, 2.0);
    let fall_db = |samples: &[f32]| {
        let (heard, _) = run(&mut Uplink::new(settings), samples, &[]);
        decibels(power(&samples[48_000..])) - decibels(power(&heard[48_000..]))
    };
    assert!(fall_db(&hum) >= 12.0, "{} dB", fall_db(&hum));
    assert!(fall_db(&vec![0.5; 96_000]) >= 60.0);
    assert!(fall_db(&tone(200.0, 0.2, 2.0)).abs() < 1.5, "{} dB", fall_db(&tone(200.0, 0.2, 2.0)));
    let through = UplinkSettings { high_pass: false, ..settings };
    let (heard, _) = run(&mut Uplink::new(through), &hum, &[]);
    assert_eq!(heard, hum);
}
