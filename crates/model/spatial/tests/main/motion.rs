//! People move without clicks.

use crate::support::{db, open_air, power_spectrum, rendered, sine, towards, voice};
use atrium_spatial::{BLOCK_SAMPLES, Hrtf, OutputMode, RoomSound, Voice};
use glam::Vec3;

const FRAME: usize = 2_048;

/// The worst frame's sound outside of the tone's neighbourhood (half the tone's frequency to both sides, at least 300 Hz),
/// against the tone where it is loudest, in decibels.
///
/// Moving changes level and phase slowly: it widens the tone a little. A step anywhere is heard as a click, and spreads
/// over the whole spectrum.
fn worst_click_db(ears: &[Vec<f32>; 2], tone_hz: f32) -> f32 {
    let (mut tone, mut click) = (0.0f32, 0.0f32);
    for ear in ears {
        for start in (4 * BLOCK_SAMPLES..ear.len() - FRAME).step_by(FRAME / 4) {
            let power = power_spectrum(&ear[start..start + FRAME]);
            let bin_hz = 48_000.0 / FRAME as f32;
            let (mut inside, mut outside) = (0.0, 0.0);
            for (bin, power) in power.iter().enumerate() {
                let hz = bin as f32 * bin_hz;
                *(if (hz - tone_hz).abs() < (tone_hz / 2.0).max(300.0) { &mut inside } else { &mut outside }) += power;
            }
            tone = tone.max(inside);
            click = click.max(outside);
        }
    }
    db((click / tone).sqrt())
}

/// The worst of a low, a middle and a high tone.
fn clicks_db(place: impl Fn(f32) -> Vec3, room: &RoomSound, mode: OutputMode) -> f32 {
    let hrtf = Hrtf::mit_kemar();
    let clicks = [300.0, 1_000.0, 4_000.0].map(|tone_hz| {
        let input = sine(tone_hz, 0.25, 2.5);
        let mut renderer = open_air(&hrtf, mode);
        renderer.set_room(room);
        let ears = rendered(&mut renderer, &input, |block, samples| voice(samples, place(block as f32 / 100.0)));
        worst_click_db(&ears, tone_hz)
    });
    println!("{mode:?}: {clicks:.1?} dB");
    clicks.into_iter().fold(f32::NEG_INFINITY, f32::max)
}

fn rooms() -> [RoomSound; 2] {
    [crate::support::OPEN_AIR, RoomSound { reverb_secs: 0.0, ..RoomSound::default() }]
}

#[test]
fn the_measure_hears_a_click() {
    let mut input = sine(1_000.0, 0.25, 1.0);
    assert!(worst_click_db(&[input.clone(), input.clone()], 1_000.0) < -75.0);
    // A step of 0.4 % of the tone.
    input[24_012..].iter_mut().for_each(|x| *x += 0.001);
    assert!(worst_click_db(&[input.clone(), input], 1_000.0) > -60.0);
}

#[test]
fn a_circle_in_two_seconds() {
    for (room, mode) in rooms().iter().flat_map(|room| [(room, OutputMode::Headphones), (room, OutputMode::Stereo)]) {
        let clicks = clicks_db(|secs| towards(secs * 180.0, 0.0), room, mode);
        assert!(clicks < -60.0, "{clicks} dB");
    }
}

#[test]
fn a_jump_to_the_other_side() {
    for room in rooms() {
        for (from, to) in [((0.0, 0.0), (90.0, 0.0)), ((45.0, 0.0), (315.0, 0.0)), ((30.0, -30.0), (210.0, 50.0))] {
            let place = |secs: f32| if secs < 1.0 { towards(from.0, from.1) } else { towards(to.0, to.1) };
            let clicks = clicks_db(place, &room, OutputMode::Headphones);
            assert!(clicks < -60.0, "{clicks} dB");
        }
    }
}

#[test]
fn an_approach_and_a_jump_away() {
    for room in rooms() {
        let approach = |secs: f32| towards(60.0, 10.0) * (4.0 - 2.0 * secs).abs().max(0.1);
        let clicks = clicks_db(approach, &room, OutputMode::Headphones);
        assert!(clicks < -60.0, "{clicks} dB");
        let away = |secs: f32| towards(60.0, 10.0) * if secs < 1.0 { 0.8 } else { 3.0 };
        let clicks = clicks_db(away, &room, OutputMode::Headphones);
        assert!(clicks < -60.0, "{clicks} dB");
    }
}

#[test]
fn turning_away_walls_and_volume_do_not_click() {
    let input = sine(1_000.0, 0.25, 1.5);
    let changed = |change: fn(&mut Voice<'_>)| {
        let mut renderer = open_air(&Hrtf::mit_kemar(), OutputMode::Headphones);
        let ears = rendered(&mut renderer, &input, |block, samples| {
            let mut voice = Voice { facing: Vec3::Z, ..voice(samples, Vec3::new(0.3, 0.0, -1.0)) };
            if (block / 50) % 2 == 1 {
                change(&mut voice);
            }
            voice
        });
        worst_click_db(&ears, 1_000.0)
    };
    let clicks = [
        changed(|voice| voice.facing = Vec3::NEG_Z),
        changed(|voice| voice.occlusion = 1.0),
        changed(|voice| voice.gain = 0.0),
    ];
    assert!(clicks.iter().all(|clicks| *clicks < -60.0), "{clicks:?} dB");
}

#[test]
fn a_quick_turn_does_not_cancel_high_tones() {
    // Level of a high tone in both ears while its source goes by in front.
    let level = |degrees_per_sec: f32| {
        let input = sine(9_000.0, 0.25, 0.05 + 60.0 / degrees_per_sec);
        let ears = rendered(&mut open_air(&Hrtf::mit_kemar(), OutputMode::Headphones), &input, |block, samples| {
            voice(samples, towards(30.0 - block.saturating_sub(5) as f32 / 100.0 * degrees_per_sec, 0.0))
        });
        let [left, right] = ears.map(|ear| crate::support::rms(&ear[5 * BLOCK_SAMPLES + 80..]));
        left.hypot(right)
    };
    let lost_db = db(level(50.0) / level(750.0));
    println!("lost in a quick turn: {lost_db:.2} dB");
    assert!(lost_db < 0.5, "{lost_db} dB");
}

#[test]
fn another_speaker_in_the_slot_does_not_sweep() {
    let input = crate::support::noise(0.1, 0.2);
    let ears = rendered(&mut open_air(&Hrtf::mit_kemar(), OutputMode::Headphones), &input, |block, samples| Voice {
        speaker: u32::from(block >= 10),
        ..voice(samples, if block < 10 { Vec3::NEG_X } else { Vec3::X })
    });
    // One block of fading, and the delay of the renderer.
    let after = 11 * BLOCK_SAMPLES + 240;
    let [left, right] = ears.map(|ear| crate::support::rms(&ear[after..after + 480]));
    assert!(db(right / left) > 8.0, "{left} {right}");
}

#[test]
fn a_moving_voice_keeps_its_pitch() {
    // Straight through the head's left ear at 10 m/s, which as Doppler would be 3 %.
    let input = sine(1_000.0, 0.25, 1.0);
    let [left, _] = rendered(&mut open_air(&Hrtf::mit_kemar(), OutputMode::Headphones), &input, |block, samples| {
        voice(samples, Vec3::new(-1.0, 0.0, 10.0 - block as f32 * 0.1))
    });
    let crossings = left[480..24_480].windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
    assert!(crossings.abs_diff(500) <= 1, "{crossings}");
}
