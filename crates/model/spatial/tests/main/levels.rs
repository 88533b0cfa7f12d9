//! Distance, facing, walls, air, reach, and the limiter.

use crate::support::{OPEN_AIR, band_power, db, noise, open_air, rendered, rms, sine, voice};
use atrium_spatial::{BLOCK_SAMPLES, Hrtf, LIMITER_CEILING, Listener, OutputMode, Reach, Renderer, RoomSound, Voice};
use glam::Vec3;

/// What the left ear hears of noise from ahead after it has settled.
fn heard(room: &RoomSound, change: impl Fn(&mut Voice<'_>)) -> Vec<f32> {
    let input = noise(0.1, 0.6);
    let mut renderer = Renderer::new(Hrtf::mit_kemar(), room);
    let [left, _] = rendered(&mut renderer, &input, |_, samples| {
        let mut voice = voice(samples, Vec3::new(0.0, 0.0, -1.0));
        change(&mut voice);
        voice
    });
    left[9_600..].to_vec()
}

/// Level of a against b within a band, in decibels.
fn difference_db(a: &[f32], b: &[f32], band_hz: std::ops::Range<f32>) -> f32 {
    10.0 * (band_power(a, band_hz.clone()) / band_power(b, band_hz)).log10()
}

#[test]
fn six_decibels_for_each_doubling_beyond_speaking_distance() {
    let room = RoomSound { speech_distance_m: 1.5, ..OPEN_AIR };
    let at = |distance_m: f32| rms(&heard(&room, |voice| voice.position = Vec3::NEG_Z * distance_m));
    let full = at(1.5);
    assert!(db(at(0.6) / full).abs() < 0.1);
    assert!(db(at(1.0) / full).abs() < 0.1);
    assert!((db(at(3.0) / full) + 6.02).abs() < 0.1);
    assert!((db(at(12.0) / full) + 18.06).abs() < 0.1);
}

#[test]
fn speech_from_ahead_keeps_its_level_and_colour() {
    let input = noise(0.1, 0.6);
    let got = heard(&OPEN_AIR, |_| {});
    for band_hz in [150.0..300.0, 300.0..600.0, 600.0..1_200.0, 1_200.0..2_400.0, 2_400.0..4_800.0] {
        let change_db = difference_db(&got, &input[..got.len()], band_hz.clone());
        assert!(change_db.abs() < 4.0, "{band_hz:?}: {change_db}");
    }
}

#[test]
fn a_voice_at_the_ear_is_fuller_and_on_that_side() {
    let at = |distance_m: f32| {
        let input = noise(0.1, 0.4);
        let mut renderer = open_air(&Hrtf::mit_kemar(), OutputMode::Headphones);
        rendered(&mut renderer, &input, |_, samples| voice(samples, Vec3::NEG_X * distance_m))
            .map(|ear| ear[4_800..].to_vec())
    };
    let ([near_left, near_right], [left, right]) = (at(0.2), at(0.9));
    assert!(db(rms(&near_left) / rms(&near_right)) > db(rms(&left) / rms(&right)) + 4.0);
    let bass = difference_db(&near_left, &left, 100.0..200.0);
    let treble = difference_db(&near_left, &left, 2_000.0..4_000.0);
    assert!(bass > treble + 1.5 && bass < 10.0, "{bass} {treble}");
}

#[test]
fn someone_who_faces_away_is_duller() {
    let to_me = heard(&OPEN_AIR, |voice| voice.facing = Vec3::Z * 3.0);
    let aside = heard(&OPEN_AIR, |voice| voice.facing = Vec3::X);
    let away = heard(&OPEN_AIR, |voice| voice.facing = Vec3::NEG_Z);
    let (low, high) = (100.0..300.0, 4_000.0..8_000.0);
    assert!((difference_db(&away, &to_me, low.clone()) + 2.7).abs() < 1.0);
    let away_db = difference_db(&away, &to_me, high.clone());
    assert!((away_db + 9.0).abs() < 1.0, "{away_db}");
    let aside_db = difference_db(&aside, &to_me, high);
    assert!((-7.0..-3.0).contains(&aside_db), "{aside_db}");
    assert!(rms(&heard(&OPEN_AIR, |_| {})) == rms(&to_me), "no facing is as good as facing me");
}

#[test]
fn walls_make_quiet_and_dull() {
    let free = heard(&OPEN_AIR, |_| {});
    let half = heard(&OPEN_AIR, |voice| voice.occlusion = 0.5);
    let full = heard(&OPEN_AIR, |voice| voice.occlusion = 1.0);
    assert!((difference_db(&full, &free, 100.0..200.0) + 12.0).abs() < 1.5);
    assert!(difference_db(&full, &free, 4_000.0..8_000.0) < -28.0);
    let half_db = difference_db(&half, &free, 1_000.0..2_000.0);
    assert!((-15.0..-5.0).contains(&half_db), "{half_db}");
}

#[test]
fn air_dulls_what_is_far() {
    let airy = RoomSound { air_absorption: true, ..OPEN_AIR };
    let far = |room: &RoomSound| heard(room, |voice| voice.position = Vec3::NEG_Z * 40.0);
    let lost = |band_hz| difference_db(&far(&airy), &far(&OPEN_AIR), band_hz);
    // 40 m of 0.105 dB at 8 kHz.
    assert!((lost(7_800.0..8_200.0) + 4.2).abs() < 0.4);
    assert!(lost(200.0..400.0).abs() < 0.2);
}

#[test]
fn announcements_reach_everyone_alike() {
    let room = RoomSound::default();
    let at = |position: Vec3| {
        heard(&room, |voice| {
            voice.reach = Reach::Everyone;
            voice.position = position;
            voice.facing = position;
            voice.occlusion = 1.0;
        })
    };
    let near = at(Vec3::NEG_Z);
    assert_eq!(near, at(Vec3::NEG_Z * 0.25));
    assert!(db(rms(&at(Vec3::NEG_Z * 80.0)) / rms(&near)).abs() < 0.01);
    assert!((db(rms(&near) / rms(&heard(&OPEN_AIR, |_| {})))).abs() < 0.1, "dry and at full level");
    // Still from their direction.
    assert!(rms(&at(Vec3::NEG_X * 20.0)) > 2.0 * rms(&at(Vec3::X * 20.0)));
}

#[test]
fn eight_voices_at_full_level_stay_below_the_ceiling() {
    let inputs: Vec<Vec<f32>> = (0..8).map(|n| sine(200.0 + 10.0 * n as f32, 1.0, 1.0)).collect();
    let mut renderer = Renderer::new(Hrtf::mit_kemar(), &RoomSound::default());
    let mut output = [[0.0; 2]; BLOCK_SAMPLES];
    let mut loudest = 0f32;
    for block in 0..100 {
        let voices: Vec<Voice<'_>> = inputs
            .iter()
            .enumerate()
            .map(|(n, input)| {
                voice(&input[block * BLOCK_SAMPLES..][..BLOCK_SAMPLES], Vec3::new(n as f32 - 4.0, 0.0, -0.5))
            })
            .collect();
        renderer.render(&Listener::default(), &voices, &mut output);
        loudest = output.iter().flatten().fold(loudest, |loudest, x| loudest.max(x.abs()));
    }
    assert!(loudest <= LIMITER_CEILING && loudest > 0.8, "{loudest}");
}

#[test]
fn stereo_and_mono_are_as_loud_as_headphones() {
    let input = noise(0.1, 0.4);
    let level = |mode, x: f32| {
        let mut renderer = open_air(&Hrtf::mit_kemar(), mode);
        let [left, right] = rendered(&mut renderer, &input, |_, samples| voice(samples, Vec3::new(x, 0.0, -0.6)));
        (rms(&left).powi(2) + rms(&right).powi(2)).sqrt()
    };
    for mode in [OutputMode::Stereo, OutputMode::Mono] {
        for x in [-0.8, 0.0, 0.8] {
            let change_db = db(level(mode, x) / level(OutputMode::Headphones, x));
            assert!(change_db.abs() < 3.5, "{mode:?} {x}: {change_db}");
        }
    }
}
