//! Devices that deliver garbage: no crash, nothing over full scale, and a voice afterwards is heard.

use crate::speech::speech;
use crate::support::{Noise, decibels, power, run, tone};
use atrium_uplink::{Uplink, UplinkSettings};
use proptest::prelude::*;

fn all_settings() -> [UplinkSettings; 3] {
    [UplinkSettings::default(), UplinkSettings::headphones(), UplinkSettings::default().for_music()]
}

/// What bits make of floats: NaN, infinities, the huge and the tiny among them.
fn garbage(seed: u64, count: usize) -> Vec<f32> {
    let mut noise = Noise(seed | 1);
    (0..count).map(|_| f32::from_bits((noise.below(65_536) << 16 | noise.below(65_536)) as u32)).collect()
}

#[track_caller]
fn assert_a_voice_is_heard(uplink: &mut Uplink, what: &str) {
    let voice = speech(31, 130.0, -20.0, 4.0);
    let (heard, _) = run(uplink, &voice.samples, &[]);
    let level_db = decibels(power(&heard[2 * 48_000..]));
    assert!((-30.0..=-8.0).contains(&level_db), "{what}: {level_db} dB");
}

#[test]
fn garbage_is_survived() {
    let clipped: Vec<f32> = tone(300.0, 40.0, 1.0);
    let square: Vec<f32> = (0..48_000).map(|n| if n % 96 < 48 { 1.0 } else { -1.0 }).collect();
    for settings in all_settings() {
        for (what, samples) in [
            ("bits", garbage(1, 48_000)),
            ("not a number", vec![f32::NAN; 48_000]),
            ("infinity", vec![f32::INFINITY; 48_000]),
            ("clipped", clipped.clone()),
            ("square", square.clone()),
            ("direct current", vec![1.0; 48_000]),
        ] {
            let mut uplink = Uplink::new(settings);
            let played: Vec<[f32; 2]> = samples.iter().rev().map(|x| [*x, -*x]).collect();
            let (heard, reports) = run(&mut uplink, &samples, &played);
            assert!(heard.iter().all(|x| x.abs() <= 1.0), "{what}");
            assert!(reports.iter().all(|report| (0.0..=1.0).contains(&report.echo.likelihood)), "{what}");
            assert_a_voice_is_heard(&mut uplink, what);
        }
    }
}

#[test]
fn overdriven_microphones_are_told() {
    let mut uplink = Uplink::new(UplinkSettings::default());
    assert!(!uplink.process(&mut [0.5; 480], &[]).is_clipped);
    assert!(uplink.process(&mut [1.2; 480], &[]).is_clipped);
}

#[test]
fn silence_stays_silent_and_a_voice_after_it_is_heard() {
    for settings in all_settings() {
        let mut uplink = Uplink::new(settings);
        let (heard, reports) = run(&mut uplink, &vec![0.0; 20 * 48_000], &vec![[0.0; 2]; 20 * 48_000]);
        assert!(heard.iter().all(|x| x.abs() < 1e-3));
        assert!(!reports.iter().any(|report| report.is_voice || report.echo.is_risk()));
        assert_a_voice_is_heard(&mut uplink, "silence");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_reference(lengths in prop::collection::vec(0_usize..2_000, 1..40), seed in any::<u64>()) {
        let mut uplink = Uplink::new(UplinkSettings::default());
        let mut noise = Noise(seed | 1);
        for length in lengths {
            let reference: Vec<[f32; 2]> = (0..length).map(|_| [noise.signed(), noise.signed()]).collect();
            let mut block: [f32; 480] = std::array::from_fn(|_| noise.signed());
            uplink.process(&mut block, &reference);
            prop_assert!(block.iter().all(|x| x.abs() <= 1.0));
        }
    }
}
