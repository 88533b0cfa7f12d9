//! The room's answer.

use crate::support::{db, rendered, rms, voice};
use atrium_spatial::{BLOCK_SAMPLES, Hrtf, OutputMode, Renderer, RoomSound};
use glam::Vec3;
use std::f32::consts::TAU;

/// What both ears hear of one loud sample 2 m ahead.
fn answer(room: &RoomSound, mode: OutputMode, secs: f32) -> [Vec<f32>; 2] {
    let mut input = vec![0.0; (secs * 100.0) as usize * BLOCK_SAMPLES];
    input[0] = 0.9;
    let mut renderer = Renderer::new(Hrtf::mit_kemar(), room);
    renderer.set_output(mode);
    rendered(&mut renderer, &input, |_, samples| voice(samples, Vec3::new(0.3, 0.1, -2.0)))
}

/// A band-pass of second order around 700 Hz, the middle frequencies of ISO 3382, run twice.
fn middle_frequencies(samples: &[f32]) -> Vec<f32> {
    let omega = TAU * 700.0 / 48_000.0;
    let alpha = omega.sin() / 2.0;
    let mut filtered = samples.to_vec();
    for _ in 0..2 {
        let (mut x, mut y) = ([0.0; 2], [0.0; 2]);
        for sample in &mut filtered {
            let next = (alpha * (*sample - x[1]) + 2.0 * omega.cos() * y[0] - (1.0 - alpha) * y[1]) / (1.0 + alpha);
            (x, y) = ([*sample, x[0]], [next, y[0]]);
            *sample = next;
        }
    }
    filtered
}

/// Reverberation time from the decay between −5 and −35 dB (ISO 3382, T30), by backward integration.
fn reverb_secs(response: &[f32]) -> f32 {
    let mut left: Vec<f64> = response
        .iter()
        .rev()
        .scan(0.0, |sum, x| {
            *sum += f64::from(*x).powi(2);
            Some(*sum)
        })
        .collect();
    left.reverse();
    let when = |fall_db: f64| left.iter().position(|energy| 10.0 * (energy / left[0]).log10() <= -fall_db).unwrap();
    (when(35.0) - when(5.0)) as f32 / 48_000.0 * 2.0
}

#[test]
fn the_tail_lasts_as_long_as_it_should() {
    for (half_size, wanted) in
        [(Vec3::new(3.0, 1.4, 4.0), 0.45), (Vec3::new(10.0, 3.5, 12.0), 0.8), (Vec3::new(6.0, 3.0, 8.0), 2.0)]
    {
        let room =
            RoomSound { min: -half_size, max: half_size, reverb_secs: wanted, reflection: 0.4, ..RoomSound::default() };
        // Behind the direct sound and the early reflections.
        let [left, right] =
            answer(&room, OutputMode::Headphones, wanted * 2.5).map(|ear| middle_frequencies(&ear[2_400..]));
        for got in [left, right].map(|ear| reverb_secs(&ear)) {
            println!("reverberation {got:.2} s for {wanted} s");
            assert!((got / wanted - 1.0).abs() < 0.1, "{got} s, not {wanted} s");
        }
    }
}

#[test]
fn treble_dies_first() {
    let room = RoomSound { reverb_secs: 1.0, ..RoomSound::default() };
    let [left, _] = answer(&room, OutputMode::Headphones, 1.0);
    let tilt = |part: &[f32]| {
        let power = |band| crate::support::band_power(part, band);
        10.0 * (power(6_000.0..12_000.0) / power(200.0..1_000.0)).log10()
    };
    let fallen_db = tilt(&left[4_800..14_400]) - tilt(&left[24_000..33_600]);
    assert!(fallen_db > 8.0, "{fallen_db} dB");
}

#[test]
fn silence_becomes_exactly_silent() {
    for room in [
        RoomSound::default(),
        crate::support::OPEN_AIR,
        RoomSound { reverb_secs: 0.2, reflection: 1.0, ..RoomSound::default() },
    ] {
        let ears = answer(&room, OutputMode::Headphones, 3.0);
        for ear in ears {
            assert!(ear[..4_800].iter().any(|x| *x != 0.0));
            let last = ear.iter().rposition(|x| *x != 0.0).unwrap();
            assert!(last < ear.len() - 48_000, "still sounds after {} s", last as f32 / 48_000.0);
            // The tail is not cut off where it could be heard.
            let end = rms(&ear[last.saturating_sub(10)..=last]);
            assert!(end < 1e-6 || room.reverb_secs == 0.0, "{end}");
        }
    }
}

#[test]
fn far_voices_are_more_of_the_room() {
    let room = RoomSound { reverb_secs: 0.6, ..RoomSound::default() };
    let share = |distance_m: f32| {
        let mut input = vec![0.0; 60 * BLOCK_SAMPLES];
        input[0] = 0.9;
        let mut renderer = Renderer::new(Hrtf::mit_kemar(), &room);
        let [left, _] = rendered(&mut renderer, &input, |_, samples| voice(samples, Vec3::NEG_Z * distance_m));
        db(rms(&left[2_400..]) / rms(&left[..480]))
    };
    assert!(share(3.8) > share(1.0) + 3.0);
}

#[test]
fn without_walls_there_is_only_the_voice() {
    let [left, _] = answer(&crate::support::OPEN_AIR, OutputMode::Headphones, 0.3);
    assert!(left[..480].iter().any(|x| x.abs() > 0.01));
    assert!(left[480..].iter().all(|x| x.abs() < 1e-4));
}

#[test]
fn mono_stays_mono_in_a_room() {
    let [left, right] = answer(&RoomSound::default(), OutputMode::Mono, 0.5);
    assert_eq!(left, right);
    assert!(left[4_800..].iter().any(|x| *x != 0.0));
}
