//! Whatever numbers come, what goes out is finite and not too loud.

use crate::support::{OPEN_AIR, noise, rms, voice};
use atrium_spatial::{
    BLOCK_SAMPLES, Hrtf, HrtfError, HrtfPoint, LIMITER_CEILING, Listener, OutputMode, Reach, Renderer, RoomSound,
    VOICES_MAX, Voice,
};
use glam::{Quat, Vec3};
use proptest::prelude::*;

fn any_vec3() -> impl Strategy<Value = Vec3> {
    prop_oneof![any::<[f32; 3]>(), prop::array::uniform3(-10f32..10.0)].prop_map(Vec3::from)
}

fn any_room() -> impl Strategy<Value = RoomSound> {
    (any_vec3(), any_vec3(), any::<[f32; 3]>(), any::<bool>()).prop_map(
        |(min, max, [reverb_secs, reflection, speech_distance_m], air_absorption)| RoomSound {
            min,
            max,
            reverb_secs,
            reflection,
            speech_distance_m,
            air_absorption,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_numbers_are_harmless(
        room in any_room(),
        listeners in prop::collection::vec((any_vec3(), any::<[f32; 4]>()), 3),
        places in prop::collection::vec((any_vec3(), any_vec3(), any::<[f32; 2]>(), any::<bool>()), 3),
        samples in prop::collection::vec(any::<f32>(), 0..600),
    ) {
        let mut renderer = Renderer::new(Hrtf::mit_kemar(), &room);
        let mut output = [[0.0; 2]; BLOCK_SAMPLES];
        for (position, turn) in listeners {
            let voices: Vec<Voice<'_>> = places.iter().map(|(position, facing, [gain, occlusion], everyone)| Voice {
                speaker: 1, samples: &samples, position: *position, facing: *facing, gain: *gain, occlusion: *occlusion,
                reach: if *everyone { Reach::Everyone } else { Reach::Near },
            }).collect();
            renderer.render(&Listener { position, room_from_head: Quat::from_array(turn) }, &voices, &mut output);
            for sample in output.iter().flatten() {
                prop_assert!(sample.abs() <= LIMITER_CEILING, "{}", sample);
            }
        }
    }
}

#[test]
fn a_lost_place_keeps_the_last_one_and_nothing_stays_broken() {
    let input = noise(0.1, 0.01);
    let mut renderer = Renderer::new(Hrtf::mit_kemar(), &OPEN_AIR);
    let mut output = [[0.0; 2]; BLOCK_SAMPLES];
    let mut level = |position: Vec3, listener: Vec3, samples: &[f32]| {
        let listener = Listener { position: listener, room_from_head: Quat::from_array([listener.x; 4]) };
        renderer.render(&listener, &[voice(samples, position)], &mut output);
        rms(&output.map(|frame| frame[0]))
    };
    assert_eq!(level(Vec3::NAN, Vec3::ZERO, &input), 0.0, "never had a place");
    for _ in 0..10 {
        level(Vec3::NEG_X, Vec3::ZERO, &input);
    }
    let before = level(Vec3::NEG_X, Vec3::ZERO, &input);
    assert!(before > 0.05);
    assert!((level(Vec3::NAN, Vec3::ZERO, &input) / before - 1.0).abs() < 0.05);
    assert!((level(Vec3::NEG_X, Vec3::NAN, &input) / before - 1.0).abs() < 0.05);
    level(Vec3::NEG_X, Vec3::ZERO, &[f32::NAN; BLOCK_SAMPLES]);
    level(Vec3::splat(f32::INFINITY), Vec3::ZERO, &[f32::INFINITY; 3]);
    for _ in 0..5 {
        level(Vec3::NEG_X, Vec3::ZERO, &input);
    }
    assert!((level(Vec3::NEG_X, Vec3::ZERO, &input) / before - 1.0).abs() < 0.05);
}

#[test]
fn more_voices_or_other_lengths_than_there_can_be() {
    let input = noise(0.1, 0.1);
    let mut renderer = Renderer::new(Hrtf::mit_kemar(), &OPEN_AIR);
    let many: Vec<Voice<'_>> = (0..VOICES_MAX + 5).map(|_| voice(&input, Vec3::NEG_Z)).collect();
    let mut long = [[7.0; 2]; BLOCK_SAMPLES + 100];
    renderer.render(&Listener::default(), &many, &mut long);
    assert!(long[BLOCK_SAMPLES..].iter().flatten().all(|x| *x == 0.0));
    let mut short = [[7.0; 2]; 10];
    renderer.render(&Listener::default(), &many, &mut short);
    assert!(short.iter().flatten().all(|x| x.abs() <= LIMITER_CEILING));
    renderer.render(&Listener::default(), &[], &mut []);
    renderer.set_output(OutputMode::Stereo);
    renderer.render(&Listener::default(), &many, &mut long);
}

#[test]
fn responses_that_cannot_be_are_refused() {
    let good: Vec<HrtfPoint> = Hrtf::mit_kemar().points().step_by(100).cloned().collect();
    assert!(Hrtf::from_points(good.clone()).is_ok());
    assert_eq!(Hrtf::from_points(Vec::new()).unwrap_err(), HrtfError::Size);
    let with = |change: fn(&mut HrtfPoint)| {
        let mut points = good.clone();
        change(&mut points[0]);
        Hrtf::from_points(points).unwrap_err()
    };
    assert_eq!(with(|point| point.ears[0].taps.truncate(3)), HrtfError::Size);
    assert!(matches!(with(|point| point.azimuth_deg = f32::NAN), HrtfError::Direction { .. }));
    assert!(matches!(with(|point| point.elevation_deg = -91.0), HrtfError::Direction { .. }));
    assert!(matches!(with(|point| point.ears[1].delay_secs = -0.1), HrtfError::Direction { .. }));
    assert!(matches!(with(|point| point.ears[1].taps[0] = f32::INFINITY), HrtfError::Direction { .. }));
}
